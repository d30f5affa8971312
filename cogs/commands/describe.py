"""`/describe`: a picture becomes prompts that would make one like it. Translates; decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import discord  # noqa: TC002 - discord.py evaluates the annotations of options
from discord import app_commands

from bot.errors import PictureInvalid
from bot.jobs.requests import Wish
from bot.language import mark, say
from bot.model import Kind, Order, Route, Speed
from bot.prompt import price
from cogs.asking import origin_of
from cogs.commands.options import everywhere, speed_of
from cogs.messages.intake import take_in
from cogs.messages.uploads import take_picture, upload_of
from cogs.translating import priced

if TYPE_CHECKING:
    from bot.client import EaselClient
    from bot.jobs.requests import Receipt
    from cogs.messages.uploads import Picture

_LINK_LENGTH: Final = 2000
_ONE: Final = mark("Give me one picture to describe: attach it as `image`, or paste its address as `link`.")


@app_commands.command(
    name="describe",
    description=priced("Get prompts that would make a picture like yours ({price})", price(Kind.DESCRIBE, Speed.FAST)),
)
@everywhere
@app_commands.describe(
    image="The picture",
    link="Or the address of a picture on the web, starting with https://",
)
async def describe(
    interaction: discord.Interaction[EaselClient],
    image: discord.Attachment | None = None,
    link: app_commands.Range[str, 1, _LINK_LENGTH] | None = None,
) -> None:
    """Take the picture in and have it described."""
    if (image is None) == (link is None):
        raise PictureInvalid(say(_ONE))
    await describe_picture(interaction, upload_of(image) if image is not None else str(link))


async def describe_picture(interaction: discord.Interaction[EaselClient], picture: Picture) -> None:
    """Describe an upload, or a picture on the web, for whoever asks.

    Raises
    ------
    UserFacing, StorageError
        With the sentence to show.
    """
    await take_in(interaction, _begin(interaction, picture))


async def _begin(interaction: discord.Interaction[EaselClient], picture: Picture) -> Receipt:
    speed, applied = await speed_of(interaction)
    taken = await take_picture(interaction, picture)
    order = Order(route=Route.DESCRIBE, images=(taken.name,), applied=applied)
    wish = Wish(kind=Kind.DESCRIBE, prompt="", speed=speed, order=order)
    return await interaction.client.services.jobs.begin(origin_of(interaction), wish)


async def setup(client: EaselClient) -> None:
    """Add the command."""
    client.tree.add_command(cast("app_commands.Command[Any, ..., None]", describe))
