"""Rendered values made into what discord.py sends: views, embeds, files. Decides nothing.

Every view is stopped before it is sent: clicks are told apart by their custom_ids (`bot.client_handlers`), so
discord.py has no view to keep, and 20 000 messages cost no memory (reliability C24).
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Final

import discord

from bot.language import say
from bot.prompt import LONGEST_PROMPT
from cogs.render.controls import Select
from cogs.render.exports import file_name as export_name
from cogs.render.forms import PROMPT
from cogs.render.origin import ALT_TEXT, alt_text, file_name
from cogs.render.text import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from bot.jobs.ports import ExportPart
    from bot.model import Batch, Job, Media
    from cogs.render.controls import Button, Rendered, Row
    from cogs.render.forms import Form

NO_MENTIONS: Final = discord.AllowedMentions.none()
#: Files of one message (Discord, create message).
MOST_FILES: Final = 10


def build_view(rows: tuple[Row, ...]) -> discord.ui.View:
    """Return the components of a classic message. Empty without rows, which also takes old components away."""
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(rows):
        for item in build_items(row, number):
            view.add_item(item)
    view.stop()
    return view


def build_embeds(rendered: Rendered) -> list[discord.Embed]:
    """Return the embed that shows a picture from the web, or nothing."""
    return [discord.Embed().set_image(url=rendered.image_url)] if rendered.image_url else []


def build_form(form: Form, custom_id: str) -> discord.ui.Modal:
    """Return a form to send as the first answer. Its submit comes back by its custom_id alone, after a restart too."""
    field = discord.ui.TextInput[discord.ui.Modal](
        custom_id=PROMPT,
        style=discord.TextStyle.short if form.is_short else discord.TextStyle.paragraph,
        default=form.text or None,
        max_length=LONGEST_PROMPT,
        required=form.required,
    )
    modal = discord.ui.Modal(title=form.title, custom_id=custom_id)
    modal.add_item(discord.ui.Label(text=form.label, description=form.about, component=field))
    modal.stop()
    return modal


def open_file(job: Job, media: Media, part: int | None = None) -> discord.File:
    """Open a job's picture for sending, with its name and alt text. Whoever sends it closes it.

    Parameters
    ----------
    part
        Which of a job's files it is, from 1; None for the only one.
    """
    name = file_name(job, media.media_type, part)
    return discord.File(media.path, filename=name, description=alt_text(job, part))


def open_parts(job: Job, parts: Iterable[tuple[int | None, Media]]) -> list[discord.File]:
    """Open several files of a job, each with its number; as many as a message holds.

    Raises
    ------
    OSError
        One of them cannot be opened; then none is left open.
    """
    files: list[discord.File] = []
    try:
        for part, media in itertools.islice(parts, MOST_FILES):
            files.append(open_file(job, media, part))
    except OSError:
        for file in files:
            file.close()
        raise
    return files


def open_all(job: Job, media: Media | None, more: Sequence[Media] = ()) -> list[discord.File]:
    """Open all files of a job's result, the first of several as number 1.

    Raises
    ------
    OSError
        As `open_parts`.
    """
    if media is None:
        return []
    parts = enumerate((media, *more), start=1) if more else [(None, media)]
    return open_parts(job, parts)


def open_sheet(batch: Batch, sheet: Path) -> list[discord.File]:
    """Open the contact sheet of a batch for sending. Whoever sends it closes it."""
    name = f"easel-batch-{batch.id.lower()}{sheet.suffix}"
    about = cut(say("All pictures of the batch, side by side: {prompt}", prompt=batch.prompt), ALT_TEXT)
    return [discord.File(sheet, filename=name, description=about)]


def open_export(part: ExportPart) -> list[discord.File]:
    """Open a part of an export for sending, if it is sent as a file. Whoever sends it closes it."""
    return [] if part.path is None else [discord.File(part.path, filename=export_name(part))]


def build_items(row: Row, number: int | None = None) -> list[discord.ui.Item[Any]]:
    """Return the controls of a row, for the row of this number of a classic message or for a panel."""
    return [_select(row, number)] if isinstance(row, Select) else [_button(button, number) for button in row]


def _button(button: Button, row: int | None) -> discord.ui.Button[Any]:
    return discord.ui.Button(
        style=discord.ButtonStyle.link if button.url else discord.ButtonStyle(button.style),
        label=button.label or None,
        emoji=button.emoji or None,
        custom_id=button.custom_id or None,
        url=button.url or None,
        disabled=button.disabled,
        row=row,
    )


def _select(select: Select, row: int | None) -> discord.ui.Select[Any]:
    options = [
        discord.SelectOption(
            label=option.label,
            value=option.value,
            description=option.description or None,
            emoji=option.emoji or None,
            default=option.chosen,
        )
        for option in select.options
    ]
    return discord.ui.Select(
        custom_id=select.custom_id,
        placeholder=select.placeholder,
        options=options,
        max_values=select.most,
        row=row,
    )
