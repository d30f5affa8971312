"""Parcels and rendered messages as the arguments of discord.py's sends and edits. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import discord

from bot.jobs.ports import Posted
from bot.model import Notify, Status
from cogs.messages.views import NO_MENTIONS, build_embeds, build_view, open_all
from cogs.render.result import Result, render_job, render_result

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.jobs.ports import Parcel
    from cogs.render.controls import Rendered

    #: Opens a message's files anew for every try, so that each sends them from their beginning.
    OpenFiles = Callable[[], list[discord.File]]


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


def render_parcel(parcel: Parcel, *, emojis: bool, is_starred: bool = False) -> Rendered:
    """Return the message that a parcel makes."""
    job = parcel.job
    if job.status is not Status.SUCCEEDED:
        return render_job(job, parcel.actions, parcel.parent, emojis=emojis)
    result = Result(
        job=job,
        actions=parcel.actions,
        parent=parcel.parent,
        attached=parcel.media is not None,
        more=len(parcel.more),
        original_url=parcel.original_url,
        is_starred=is_starred,
        can_show=job.is_ephemeral and not is_starred,
    )
    return render_result(result, emojis=emojis)


def files_of(parcel: Parcel) -> OpenFiles:
    """Return what opens the parcel's files."""
    return lambda: open_all(parcel.job, parcel.media, parcel.more)


def no_files() -> list[discord.File]:
    """Open nothing: for a message that is to have no files."""
    return []


async def replace_message(edit: Editor, rendered: Rendered, files: OpenFiles | None) -> int:
    """Replace the whole of a message and return its id. Nobody is notified by an edit.

    Parameters
    ----------
    files
        None lets those stay that are attached.
    """
    attachments: Sequence[discord.File] = discord.utils.MISSING if files is None else files()
    message = await edit(
        content=rendered.content,
        embeds=build_embeds(rendered),
        attachments=attachments,
        view=build_view(rendered.rows),
        allowed_mentions=NO_MENTIONS,
    )
    return message.id


async def send_message(
    to: discord.abc.Messageable,
    rendered: Rendered,
    files: OpenFiles,
    nonce: str,
    user_id: int | None = None,
    *,
    notify: Notify = Notify.MENTION,
) -> Posted:
    """Send a new message.

    Parameters
    ----------
    nonce
        At most 25 characters; Discord drops a repeat for some minutes.
    user_id, notify
        Whom it is for, and whether it calls them.
    """
    called = [discord.Object(user_id)] if user_id is not None and notify is Notify.MENTION else []
    message = await to.send(
        content=rendered.content,
        files=files(),
        view=build_view(rendered.rows),
        nonce=nonce,
        silent=notify is Notify.SILENT,
        allowed_mentions=discord.AllowedMentions(everyone=False, roles=False, users=called),
    )
    return Posted(channel_id=message.channel.id, message_id=message.id)
