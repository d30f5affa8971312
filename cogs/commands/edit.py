"""`/edit`: a picture is changed by words, all of it or where a mask is white. Translates; decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import discord  # noqa: TC002 - discord.py evaluates the annotations of options
from discord import app_commands

from bot.jobs.requests import Wish
from bot.language import mark
from bot.model import Kind, Order, Route
from bot.prompt import Purpose, compose
from cogs.asking import origin_of
from cogs.commands.options import SPEED, SPEED_TEXT, SPEEDS, everywhere, filled, speed_of, text_form
from cogs.components.correcting import correctable
from cogs.messages.intake import take_in
from cogs.messages.uploads import pack, reader, take_picture, unpack, unpack_upload, upload_of
from cogs.render.forms import PROMPT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.client import EaselClient
    from bot.jobs.requests import Receipt

_OPTION_LENGTH: Final = 6000
_FORM: Final = "/edit"
_IMAGE: Final = "image"
_MASK: Final = "mask"


@app_commands.command(name="edit", description="Change a picture of yours by words")
@everywhere
@app_commands.describe(
    image="The picture to change",
    prompt="What it should show then",
    mask="White where to repaint, black where not; without one, all of it may change",
    speed=SPEED_TEXT,
)
@app_commands.choices(speed=SPEEDS)
async def edit(
    interaction: discord.Interaction[EaselClient],
    image: discord.Attachment,
    prompt: app_commands.Range[str, 1, _OPTION_LENGTH],
    mask: discord.Attachment | None = None,
    speed: str | None = None,
) -> None:
    """Take the picture in and have it changed."""
    packed = {_IMAGE: pack(upload_of(image)), _MASK: None if mask is None else pack(upload_of(mask))}
    await _edit(interaction, filled(**{PROMPT: prompt, SPEED: speed}, **packed))


async def _edit(interaction: discord.Interaction[EaselClient], fields: Mapping[str, str]) -> None:
    await correctable(interaction, _FORM, fields, _start(interaction, fields))


async def _start(interaction: discord.Interaction[EaselClient], fields: Mapping[str, str]) -> None:
    interaction.client.services.jobs.require_offered(Route.EDIT)  # before anything is read
    composed = compose(fields[PROMPT], purpose=Purpose.EDIT)
    await take_in(interaction, _begin(interaction, composed.text, fields))


async def _begin(interaction: discord.Interaction[EaselClient], prompt: str, fields: Mapping[str, str]) -> Receipt:
    client = interaction.client
    mask = unpack_upload(fields[_MASK]) if _MASK in fields else None
    if mask is not None:
        client.services.inputs.check(mask)  # before the picture is read for nothing
    picture = await take_picture(interaction, unpack(fields[_IMAGE]))
    repaint = None
    if mask is not None:
        size = (picture.width, picture.height)
        repaint = await client.services.inputs.mask_from(mask, reader(interaction, mask), size)
    speed, applied = await speed_of(interaction, fields.get(SPEED))
    mask_name = repaint.name if repaint is not None else None
    order = Order(route=Route.EDIT, images=(picture.name,), mask=mask_name, applied=applied)
    wish = Wish(kind=Kind.EDIT, prompt=prompt, speed=speed, order=order)
    return await client.services.jobs.begin(origin_of(interaction), wish)


async def setup(client: EaselClient) -> None:
    """Add the command, and the form in which a refused prompt comes back."""
    client.forms.add_draft(_FORM, text_form(mark("Edit"), _edit))
    client.tree.add_command(cast("app_commands.Command[Any, ..., None]", edit))
