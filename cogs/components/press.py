"""What a press of a button under a job's message does. Each function runs inside the caller's error boundary.

Imports the engine's service; decides nothing about jobs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.errors import ActionUnavailable
from bot.jobs.requests import Ask
from bot.language import mark, say, speaking
from cogs.asking import origin_of
from cogs.components import result_acts
from cogs.components.batches import propose_suggestions
from cogs.components.family import show_family
from cogs.components.forms import open_form, open_question
from cogs.components.region import open_region
from cogs.custom_ids import SLOT, FormName, Verb
from cogs.messages.intake import take_in
from cogs.messages.replies import patiently, promptly, tell
from cogs.messages.speaking import language_for
from cogs.messages.views import NO_MENTIONS, build_view
from cogs.render.details import render_details
from cogs.render.failure import render_failure

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    import discord

    from bot.client import EaselClient

_UNKNOWN: Final = mark("I do not know what that does any more. `/show` brings the current buttons of this picture.")


async def press(interaction: discord.Interaction[EaselClient], job_id: str, slot: str) -> None:
    """Do what the button says: one of our own verbs, or the stored action of that number.

    Raises
    ------
    UserFacing, StorageError
        With the sentence to show.
    """
    said = SLOT.fullmatch(slot)
    if said is None:
        raise ActionUnavailable(say(_UNKNOWN))
    if said["number"]:
        await _act(interaction, job_id, int(said["number"]))
    elif said["remix"]:
        await open_form(interaction, FormName.ACTION, job_id, int(said["remix"]))
    elif said["suggestion"]:
        await open_form(interaction, FormName.SUGGESTION, job_id, int(said["suggestion"]))
    else:
        await _DEEDS[Verb(said["verb"])](interaction, job_id)


async def _act(interaction: discord.Interaction[EaselClient], job_id: str, number: int) -> None:
    """Do a stored action at once, or ask first for what it needs."""
    services, origin = interaction.client.services, origin_of(interaction)
    question = await promptly(interaction, services.forms.question(origin, job_id, number))
    if question is None:
        await take_in(interaction, services.jobs.act(origin, job_id, number))
    elif question.ask is Ask.REGION:
        await open_region(interaction, job_id, number)
    elif question.ask is Ask.EVERY_SUGGESTION:
        await propose_suggestions(interaction, job_id)
    elif question.ask is Ask.FAVORITE:
        await result_acts.like(interaction, job_id)
    else:
        await open_question(interaction, question)


async def _details(interaction: discord.Interaction[EaselClient], job_id: str) -> None:
    work = interaction.client.services.library.details(origin_of(interaction), job_id)
    shown = await patiently(interaction, work, private=True)
    await tell(
        interaction,
        render_details(shown.job, shown.parent, children=shown.children, is_favorite=shown.is_favorite),
    )


async def _cancel(interaction: discord.Interaction[EaselClient], job_id: str) -> None:
    """Cancel, and turn the progress message into the last word (callback type 7)."""
    work = interaction.client.services.jobs.cancel(origin_of(interaction), job_id)
    job = await patiently(interaction, work, private=True, at_once=True)
    if interaction.response.is_done():  # the database was slow: the courier brings the last word to the message itself
        await tell(interaction, render_failure(job))
        return
    with speaking(language_for(job)):  # it is the message that all can see
        rendered = render_failure(job)
    await interaction.response.edit_message(
        content=rendered.content,
        embeds=[],
        view=build_view(rendered.rows),
        allowed_mentions=NO_MENTIONS,
    )


async def _submit_again(interaction: discord.Interaction[EaselClient], job_id: str) -> None:
    """Submit a job of unknown outcome again: the button's label has warned, and the press is the consent."""
    await take_in(interaction, interaction.client.services.again.submit(origin_of(interaction), job_id))


async def _edit(interaction: discord.Interaction[EaselClient], job_id: str) -> None:
    await open_form(interaction, FormName.EDIT, job_id)


_DEEDS: Final[Mapping[Verb, Callable[[discord.Interaction[EaselClient], str], Awaitable[None]]]] = {
    Verb.DETAILS: _details,
    Verb.CANCEL: _cancel,
    Verb.AGAIN: _submit_again,
    Verb.EDIT: _edit,
    Verb.TRY_ALL: propose_suggestions,
    Verb.RERUN: result_acts.rerun,
    Verb.QUARTERS: result_acts.quarters,
    Verb.FAMILY: show_family,
    Verb.LIKE: result_acts.like,
    Verb.SEND: result_acts.send_dm,
    Verb.SHOW: result_acts.show_here,
    Verb.PUBLISH: result_acts.publish,
    Verb.DELETE: result_acts.ask_delete,
    Verb.GONE: result_acts.delete_job,
}
