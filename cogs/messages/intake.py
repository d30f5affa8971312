"""How a request becomes a job that its person has seen: check, commit, answer, and only then may it be sent.

A job is never left neither answered nor withdrawn; what a dying process leaves behind is found at the next start, by
looking for the answer. Imports the engine's service; decides nothing about jobs.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

import discord

from bot.errors import EaselError
from bot.language import speaking
from bot.model import Entry, Status
from cogs.asking import manners_of
from cogs.messages.refusals import ALREADY_ACKNOWLEDGED
from cogs.messages.replies import patiently, tell, tell_error
from cogs.messages.sending import CONNECTION_ERRORS
from cogs.messages.showing import show_job
from cogs.messages.speaking import language_for
from cogs.messages.views import NO_MENTIONS, build_embeds, build_view
from cogs.render.notice import already_there
from cogs.render.progress import render_progress

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from bot.client import EaselClient
    from bot.jobs.requests import Receipt
    from cogs.render.controls import Rendered

_log = logging.getLogger(__name__)


async def take_in(
    interaction: discord.Interaction[EaselClient], request: Awaitable[Receipt], *, private: bool = False
) -> None:
    """Commit a request, answer it, and let the job go; show what exists where nothing new came of it.

    Parameters
    ----------
    private
        Whether only this person may see what comes of it, whatever they have set: it is made from what only they see.

    Raises
    ------
    UserFacing, StorageError
        The request was refused; the caller's boundary says so.
    """
    private = private or manners_of(interaction).private or _is_private(interaction)
    receipt = await patiently(interaction, request, private=private)
    job = receipt.job
    if receipt.entry is Entry.NEW:
        await _start(interaction, receipt)
    elif receipt.entry is Entry.SHARED and job.status is Status.SUCCEEDED:
        await show_job(interaction, job.id, private=private or job.is_ephemeral)
    else:
        await tell(interaction, already_there(job))


async def _start(interaction: discord.Interaction[EaselClient], receipt: Receipt) -> None:
    """Answer with the progress message and record that; withdraw the job if either fails, whatever the reason."""
    job = receipt.job
    try:
        with speaking(language_for(job)):  # all those who see the answer can read it, as what follows
            rendered = render_progress(job, receipt.parent)
        message_id = await _answer(interaction, rendered, private=job.is_ephemeral)
        await interaction.client.services.jobs.answered(job.id, message_id)
    except Exception as error:  # noqa: BLE001 - told here, where the job is known: nobody above could name it
        await asyncio.shield(_withdraw(interaction, job.id))
        if not await tell_error(interaction, error, job.id):
            await _tell_later(interaction, job.id)
        return
    except BaseException:  # Easel is stopping: its next start tells them
        await asyncio.shield(_withdraw(interaction, job.id))
        await asyncio.shield(_tell_later(interaction, job.id))
        raise
    _log.info("answered interaction %d", interaction.id, extra={"job": job.id})


async def _withdraw(interaction: discord.Interaction[EaselClient], job_id: str) -> None:
    try:
        await interaction.client.services.jobs.withdraw(job_id)
    except EaselError:
        # It stays queued and unanswered, and so is not sent. The engine looks for its answer later, finds it gone, and
        # cancels it then.
        _log.exception("could not withdraw", extra={"job": job_id})
    if interaction.response.type is discord.InteractionResponseType.channel_message:
        with suppress(discord.HTTPException, *CONNECTION_ERRORS):
            await interaction.delete_original_response()  # it promises a picture that will not come


async def _tell_later(interaction: discord.Interaction[EaselClient], job_id: str) -> None:
    """Have whoever still sees "thinking …" told that nothing came of it, as soon as Discord lets us."""
    if interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
        with suppress(EaselError):  # the database does not even take that
            await interaction.client.services.jobs.tell_withdrawn(job_id)


async def _answer(interaction: discord.Interaction[EaselClient], rendered: Rendered, *, private: bool) -> int | None:
    """Answer once, for all to see unless `private`, and return the message's id if it is known.

    A lost connection leaves open whether Discord took the answer, and so does "already acknowledged" (40060), which is
    what discord.py's own second try gets after a first that worked. Then the answer itself is looked for.
    """
    try:
        return await _respond(interaction, rendered, private=private)
    except discord.HTTPException as error:
        if error.code != ALREADY_ACKNOWLEDGED:
            raise
        return await _find(interaction)
    except CONNECTION_ERRORS:
        message_id = await _find(interaction)
    if message_id is not None:
        return message_id
    try:
        return await _respond(interaction, rendered, private=private)
    except discord.HTTPException as error:
        if error.code != ALREADY_ACKNOWLEDGED:
            raise
        return await _find(interaction)


async def _respond(interaction: discord.Interaction[EaselClient], rendered: Rendered, *, private: bool) -> int | None:
    view, embeds = build_view(rendered.rows), build_embeds(rendered)
    if interaction.response.is_done():  # "thinking …"
        message = await interaction.edit_original_response(
            content=rendered.content,
            embeds=embeds,
            view=view,
            allowed_mentions=NO_MENTIONS,
        )
        return message.id
    response = await interaction.response.send_message(
        rendered.content,
        embeds=embeds,
        view=view,
        allowed_mentions=NO_MENTIONS,
        ephemeral=private,
    )
    return response.message_id


async def _find(interaction: discord.Interaction[EaselClient]) -> int | None:
    try:
        return (await interaction.original_response()).id
    except discord.NotFound:
        return None


def _is_private(interaction: discord.Interaction[EaselClient]) -> bool:
    """Whether the button stands in a message that only this person sees, such as an opened `/history`."""
    return interaction.message is not None and interaction.message.flags.ephemeral
