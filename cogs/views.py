"""Rendered values made into what discord.py sends: views, embeds, files. Decides nothing.

Every view is stopped before it is sent: clicks are matched by the patterns of our `DynamicItem` classes, so discord.py
has no view to keep, and 20 000 messages cost no memory (reliability C24).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import discord

from cogs.render.controls import Select
from cogs.render.origin import alt_text, file_name

if TYPE_CHECKING:
    from bot.model import Job, Media
    from cogs.render.controls import Button, Rendered, Row
    from cogs.render.history import Panel

NO_MENTIONS: Final = discord.AllowedMentions.none()


def build_view(rows: tuple[Row, ...]) -> discord.ui.View:
    """Return the components of a classic message. Empty without rows, which also takes old components away."""
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(rows):
        for item in _items(row, number):
            view.add_item(item)
    view.stop()
    return view


def build_embeds(rendered: Rendered) -> list[discord.Embed]:
    """Return the embed that shows a picture from the web, or nothing."""
    return [discord.Embed().set_image(url=rendered.image_url)] if rendered.image_url else []


def build_panel(panel: Panel) -> discord.ui.LayoutView:
    """Return a page of history as Components V2."""
    container = discord.ui.Container[discord.ui.LayoutView](discord.ui.TextDisplay(panel.heading))
    for entry in panel.entries:
        container.add_item(discord.ui.TextDisplay(entry))
    rows: list[Row] = [panel.opener] if panel.opener else []
    if panel.turns:
        rows.append(panel.turns)
    for number, row in enumerate(rows):
        container.add_item(discord.ui.ActionRow(*_items(row, number)))
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(container)
    view.stop()
    return view


def open_file(job: Job, media: Media) -> discord.File:
    """Open a job's picture for sending, with its name and alt text. Whoever sends it closes it."""
    return discord.File(media.path, filename=file_name(job, media.media_type), description=alt_text(job))


def _items(row: Row, number: int) -> list[discord.ui.Item[Any]]:
    return [_select(row, number)] if isinstance(row, Select) else [_button(button, number) for button in row]


def _button(button: Button, row: int) -> discord.ui.Button[Any]:
    return discord.ui.Button(
        style=discord.ButtonStyle.link if button.url else discord.ButtonStyle(button.style),
        label=button.label or None,
        emoji=button.emoji or None,
        custom_id=button.custom_id or None,
        url=button.url or None,
        row=row,
    )


def _select(select: Select, row: int) -> discord.ui.Select[Any]:
    options = [
        discord.SelectOption(
            label=option.label,
            value=option.value,
            description=option.description or None,
            emoji=option.emoji or None,
        )
        for option in select.options
    ]
    return discord.ui.Select(custom_id=select.custom_id, placeholder=select.placeholder, options=options, row=row)
