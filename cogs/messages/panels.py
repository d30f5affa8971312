"""Panels sent: a `Panel` made into what discord.py sends, and the answers that consist of one.

Imports nothing of the engine.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import discord

from cogs.messages.views import NO_MENTIONS, build_items
from cogs.render.panels import ChannelSelect, Gallery, Picture, Rule, Section, Text

if TYPE_CHECKING:
    from collections.abc import Generator

    from cogs.render.controls import Row
    from cogs.render.panels import Panel, Part

_Item: TypeAlias = discord.ui.Item[Any]


def build_panel(panel: Panel) -> discord.ui.LayoutView:
    """Return a panel as Components V2."""
    container = discord.ui.Container[discord.ui.LayoutView](*map(_item, panel.parts))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    view.stop()
    return view


def open_pictures(panel: Panel) -> list[discord.File]:
    """Open the files of a panel for sending, each once. Whoever sends them closes them.

    Raises
    ------
    OSError
        One of them cannot be opened; then none is left open.
    """
    sources = {picture.name: picture for picture in panel.pictures if isinstance(picture.source, Path)}
    files: list[discord.File] = []
    try:
        for name, picture in sources.items():
            files.append(discord.File(picture.source, filename=name, description=picture.about or None))
    except OSError:
        for file in files:
            file.close()
        raise
    return files


async def tell_panel(interaction: discord.Interaction[Any], panel: Panel, *, private: bool = True) -> None:
    """Answer with a panel: as the first response, in the place of a pending one, or after the first.

    Raises
    ------
    discord.HTTPException
        Discord refused.
    OSError
        A picture of it cannot be opened.
    """
    view = build_panel(panel)
    with _opened(panel) as files:
        if interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
            await interaction.edit_original_response(view=view, attachments=files, allowed_mentions=NO_MENTIONS)
        elif interaction.response.is_done():
            await interaction.followup.send(view=view, files=files, allowed_mentions=NO_MENTIONS, ephemeral=private)
        else:
            await interaction.response.send_message(
                view=view, files=files, allowed_mentions=NO_MENTIONS, ephemeral=private
            )


async def turn_panel(interaction: discord.Interaction[Any], panel: Panel) -> None:
    """Put a panel in the place of the one whose control was used, its pictures in the place of those before.

    Raises
    ------
    discord.HTTPException
        Discord refused.
    OSError
        A picture of it cannot be opened.
    """
    view = build_panel(panel)
    with _opened(panel) as files:
        if interaction.response.is_done():
            await interaction.edit_original_response(view=view, attachments=files, allowed_mentions=NO_MENTIONS)
        else:
            await interaction.response.edit_message(view=view, attachments=files, allowed_mentions=NO_MENTIONS)


@contextmanager
def _opened(panel: Panel) -> Generator[list[discord.File]]:
    """Open the files of a panel, and close them after it was sent: discord.py does not, for a first response."""
    files = open_pictures(panel)
    try:
        yield files
    finally:
        for file in files:
            file.close()


def _item(part: Part) -> _Item:
    match part:
        case Text():
            return discord.ui.TextDisplay(part.content)
        case Section():
            return discord.ui.Section(part.content, accessory=_beside(part))
        case Gallery():
            return discord.ui.MediaGallery(*map(_shown, part.pictures))
        case Rule():
            return discord.ui.Separator()
        case ChannelSelect():
            return discord.ui.ActionRow(_channels(part))
        case _:
            return _row(part)


def _row(row: Row) -> _Item:
    return discord.ui.ActionRow(*build_items(row))


def _channels(select: ChannelSelect) -> discord.ui.ChannelSelect[Any]:
    return discord.ui.ChannelSelect(
        custom_id=select.custom_id,
        placeholder=select.placeholder,
        channel_types=[discord.ChannelType.text, discord.ChannelType.news],
        default_values=[discord.Object(select.chosen)] if select.chosen is not None else [],
    )


def _beside(section: Section) -> _Item:
    if isinstance(section.beside, Picture):
        return discord.ui.Thumbnail(_address(section.beside), description=section.beside.about or None)
    return build_items((section.beside,))[0]


def _shown(picture: Picture) -> discord.MediaGalleryItem:
    return discord.MediaGalleryItem(_address(picture), description=picture.about or None)


def _address(picture: Picture) -> str:
    return f"attachment://{picture.name}" if isinstance(picture.source, Path) else picture.source
