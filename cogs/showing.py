"""Showing a job that exists: its picture and its live buttons, in the answer to an interaction.

Imports the engine's service; decides nothing about jobs.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import discord

from bot.errors import TooLarge
from bot.model import Status
from cogs.asking import origin_of
from cogs.delivery import CONNECTION_ERRORS
from cogs.refusals import is_bad_emoji, translate
from cogs.render.result import Result, render_job, render_result
from cogs.replies import defer
from cogs.views import NO_MENTIONS, build_embeds, build_view, open_file

if TYPE_CHECKING:
    from bot.client import EaselClient
    from bot.jobs.requests import Shown
    from cogs.render.controls import Rendered

_log = logging.getLogger(__name__)

_TRIES: Final = 4


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
    shown = await interaction.client.service.open(origin_of(interaction), job_id)
    await _put(interaction, shown, shown_for=None if private else interaction.user.id)


async def _put(interaction: discord.Interaction[EaselClient], shown: Shown, shown_for: int | None) -> None:
    """Replace the pending answer. What Discord objects to is left out: a file too large, a strange emoji."""
    emojis = True
    for left in reversed(range(_TRIES)):
        try:
            return await _edit(interaction, shown, _render(shown, shown_for, emojis=emojis))
        except discord.HTTPException as error:
            if emojis and is_bad_emoji(error):
                emojis = False
            elif shown.media is not None and isinstance(translate(error), TooLarge):
                shown = replace(shown, media=None)
            else:
                raise
            _log.warning("shown again without what Discord refused: %s", error, extra={"job": shown.job.id})
        except CONNECTION_ERRORS:
            if not left:
                raise
    return None


async def _edit(interaction: discord.Interaction[EaselClient], shown: Shown, rendered: Rendered) -> None:
    await interaction.edit_original_response(
        content=rendered.content,
        embeds=build_embeds(rendered),
        attachments=[open_file(shown.job, shown.media)] if shown.media else [],
        view=build_view(rendered.rows),
        allowed_mentions=NO_MENTIONS,
    )


def _render(shown: Shown, shown_for: int | None, *, emojis: bool) -> Rendered:
    if shown.job.status is not Status.SUCCEEDED:
        return render_job(shown.job, shown.actions, shown.parent, emojis=emojis)
    result = Result(
        job=shown.job,
        actions=shown.actions,
        parent=shown.parent,
        attached=shown.media is not None,
        original_url=shown.original_url,
        shown_for=shown_for,
    )
    return render_result(result, emojis=emojis)
