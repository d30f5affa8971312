"""Parcels and rendered messages as the arguments of discord.py's sends and edits. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bot.model import Status
from cogs.render.result import Result, render_job, render_result
from cogs.views import NO_MENTIONS, build_embeds, build_view, open_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    import discord

    from bot.jobs.ports import Parcel
    from cogs.render.controls import Rendered


class Editor(Protocol):
    """One of discord.py's ways to edit a message."""

    async def __call__(
        self,
        *,
        content: str | None,
        embeds: Sequence[discord.Embed],
        attachments: Sequence[discord.Attachment | discord.File],
        view: discord.ui.View | None,
        allowed_mentions: discord.AllowedMentions | None,
    ) -> discord.Message:
        """Edit the message and return it."""
        ...


def render_parcel(parcel: Parcel, *, emojis: bool) -> Rendered:
    """Return the message that a parcel makes."""
    job = parcel.job
    if job.status is not Status.SUCCEEDED:
        return render_job(job, parcel.actions, parcel.parent, emojis=emojis)
    result = Result(
        job=job,
        actions=parcel.actions,
        parent=parcel.parent,
        attached=parcel.media is not None,
        original_url=parcel.original_url,
    )
    return render_result(result, emojis=emojis)


def open_files(parcel: Parcel | None) -> list[discord.File]:
    """Open the file anew for every try, so that each sends it from its beginning."""
    return [open_file(parcel.job, parcel.media)] if parcel and parcel.media else []


async def replace_message(edit: Editor, rendered: Rendered, parcel: Parcel | None) -> int:
    """Replace the whole of a message and return its id. Nobody is notified by an edit."""
    message = await edit(
        content=rendered.content,
        embeds=build_embeds(rendered),
        attachments=open_files(parcel),
        view=build_view(rendered.rows),
        allowed_mentions=NO_MENTIONS,
    )
    return message.id
