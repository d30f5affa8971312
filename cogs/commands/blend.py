"""`/blend`: two to five pictures become one. Translates; decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import discord  # noqa: TC002 - discord.py evaluates the annotations of options
from discord import app_commands

from bot.jobs.requests import Wish
from bot.model import Dimensions, Kind, Order, Route, Speed
from bot.prompt import price
from cogs.asking import origin_of
from cogs.commands.options import SPEED_TEXT, SPEEDS, everywhere, speed_of
from cogs.messages.intake import take_in
from cogs.messages.uploads import take_pictures, upload_of
from cogs.translating import priced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.client import EaselClient
    from bot.jobs.keeping.inputs import Upload
    from bot.jobs.requests import Receipt

_SHAPES: Final = [
    app_commands.Choice(name="square 1:1", value=Dimensions.SQUARE.value),
    app_commands.Choice(name="portrait 2:3", value=Dimensions.PORTRAIT.value),
    app_commands.Choice(name="landscape 3:2", value=Dimensions.LANDSCAPE.value),
]


@app_commands.command(
    name="blend",
    description=priced("Make one picture of two to five ({price})", price(Kind.BLEND, Speed.FAST)),
)
@everywhere
@app_commands.describe(
    image1="The first picture",
    image2="The second picture",
    image3="A third one",
    image4="A fourth one",
    image5="A fifth one",
    dimensions="The shape of the result; square, unless you say otherwise",
    speed=SPEED_TEXT,
)
@app_commands.choices(dimensions=_SHAPES, speed=SPEEDS)
async def blend(  # noqa: PLR0913 - discord.py reads a command's options off its parameters
    interaction: discord.Interaction[EaselClient],
    image1: discord.Attachment,
    image2: discord.Attachment,
    *,
    image3: discord.Attachment | None = None,
    image4: discord.Attachment | None = None,
    image5: discord.Attachment | None = None,
    dimensions: str | None = None,
    speed: str | None = None,
) -> None:
    """Take the pictures in and have them blended."""
    uploads = [upload_of(image) for image in (image1, image2, image3, image4, image5) if image is not None]
    shape = Dimensions(dimensions) if dimensions else Dimensions.SQUARE
    await take_in(interaction, _begin(interaction, uploads, shape, speed))


async def _begin(
    interaction: discord.Interaction[EaselClient], uploads: Sequence[Upload], shape: Dimensions, chosen: str | None
) -> Receipt:
    speed, applied = await speed_of(interaction, chosen)
    taken = await take_pictures(interaction, uploads)
    images = tuple(kept.name for kept in taken)
    order = Order(route=Route.BLEND, images=images, dimensions=shape, applied=applied)
    wish = Wish(kind=Kind.BLEND, prompt="", speed=speed, order=order)
    return await interaction.client.services.jobs.begin(origin_of(interaction), wish)


async def setup(client: EaselClient) -> None:
    """Add the command."""
    client.tree.add_command(cast("app_commands.Command[Any, ..., None]", blend))
