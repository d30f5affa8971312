"""Showing a job that exists: its files and its live buttons, in the answer to an interaction.

Imports the engine's service; decides nothing about jobs.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

import discord

from bot.errors import TooLarge
from bot.language import speaking
from bot.model import Status
from cogs.asking import has_audience, manners_of, origin_of
from cogs.messages.refusals import is_bad_emoji, translate
from cogs.messages.replies import defer
from cogs.messages.sending import CONNECTION_ERRORS
from cogs.messages.views import NO_MENTIONS, build_embeds, build_view, open_all
from cogs.render.result import Result, render_job, render_result

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from bot.client import EaselClient
    from bot.jobs.requests import Shown
    from cogs.messages.finding import Found
    from cogs.messages.parcels import OpenFiles
    from cogs.render.controls import Rendered

_log = logging.getLogger(__name__)

_TRIES: Final = 3

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Face(Protocol):
    """Makes the message of a job; without `emojis`, one whose buttons have letters only."""

    def __call__(self, shown: Shown, *, emojis: bool) -> Rendered:
        """Return the message."""
        ...


class Put(Protocol[T_co]):
    """Sends a message with files, or puts it in the place of another."""

    async def __call__(self, rendered: Rendered, files: OpenFiles) -> T_co:
        """Do it, and return what came of it."""
        ...


async def open_one(interaction: discord.Interaction[EaselClient], match: re.Match[str], job_ids: Sequence[str]) -> None:
    """Answer privately with the job that was picked from a select.

    Raises
    ------
    JobUnknown
        No such job, or not one that this person may see.
    """
    del match
    await show_job(interaction, job_ids[0], private=True)


async def show_job(interaction: discord.Interaction[EaselClient], job_id: str, *, private: bool) -> None:
    """Answer with a job as it stands: for a finished one, its picture and its buttons.

    Parameters
    ----------
    private
        Whether only the person sees it.

    Raises
    ------
    JobUnknown
        No such job, or not one that this person may see.
    """
    await defer(interaction, private=private)
    shown = await interaction.client.services.library.open(origin_of(interaction), job_id)
    manners = manners_of(interaction)
    can_show = private and shown.job.user_id == interaction.user.id and has_audience(interaction)
    face = partial(render_shown, shown_for=None if private else interaction.user.id, can_show=can_show)
    with speaking(manners.language if private else manners.public_language):
        await put_result(shown, face, partial(put_files, interaction))


async def show_found(interaction: discord.Interaction[EaselClient], found: Found) -> None:
    """Answer privately with the job that somebody pointed at.

    Raises
    ------
    JobUnknown
        Nothing there names a job, or not one that this person may see.
    """
    await defer(interaction, private=True)
    library = interaction.client.services.library
    job = await library.find(origin_of(interaction), found.job_id, found.message_id)
    await show_job(interaction, job.id, private=True)


async def put_files(interaction: discord.Interaction[EaselClient], rendered: Rendered, files: OpenFiles) -> None:
    """Replace the pending answer by a message with files.

    Raises
    ------
    discord.HTTPException
        Discord refused.
    """
    for left in reversed(range(_TRIES)):
        try:
            await interaction.edit_original_response(
                content=rendered.content,
                embeds=build_embeds(rendered),
                attachments=files(),
                view=build_view(rendered.rows),
                allowed_mentions=NO_MENTIONS,
            )
        except CONNECTION_ERRORS:
            if not left:
                raise
        else:
            return


async def put_result(shown: Shown, face: Face, put: Put[T]) -> T:
    """Put a job somewhere. What Discord objects to is left out: files too large, a strange emoji.

    Raises
    ------
    discord.HTTPException
        Discord refused all the same.
    """
    emojis = True
    while True:
        try:
            return await put(face(shown, emojis=emojis), _files(shown))
        except discord.HTTPException as error:
            if emojis and is_bad_emoji(error):
                emojis = False
            elif shown.media is not None and isinstance(translate(error), TooLarge):
                shown = replace(shown, media=shown.media if shown.more else None, more=())
            else:
                raise
            _log.warning("shown again without what Discord refused: %s", error, extra={"job": shown.job.id})


def _files(shown: Shown) -> OpenFiles:
    return lambda: open_all(shown.job, shown.media, shown.more)


def render_shown(
    shown: Shown, *, emojis: bool, shown_for: int | None = None, can_show: bool = False, is_share: bool = False
) -> Rendered:
    """Return the message of a job that is shown again. The rest as in `Result`."""
    if shown.job.status is not Status.SUCCEEDED:
        return render_job(shown.job, shown.actions, shown.parent, emojis=emojis, is_shown_again=shown_for is None)
    result = Result(
        job=shown.job,
        actions=shown.actions,
        parent=shown.parent,
        attached=shown.media is not None,
        more=len(shown.more),
        original_url=shown.original_url,
        shown_for=shown_for,
        can_show=can_show,
        is_share=is_share,
    )
    return render_result(result, emojis=emojis)
