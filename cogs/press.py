"""What a press of a button under a job's message does. Each function runs inside the caller's error boundary.

Imports the engine's service; decides nothing about jobs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogs.asking import origin_of
from cogs.custom_ids import Verb
from cogs.intake import take_in
from cogs.render.details import render_details
from cogs.render.failure import render_failure
from cogs.replies import patiently, tell
from cogs.views import NO_MENTIONS, build_view

if TYPE_CHECKING:
    import discord

    from bot.client import EaselClient


async def press(interaction: discord.Interaction[EaselClient], job_id: str, slot: str) -> None:
    """Do what the button says: one of our own verbs, or the stored action of that number.

    Raises
    ------
    UserFacing, StorageError
        With the sentence to show.
    """
    service, origin = interaction.client.service, origin_of(interaction)
    if slot == Verb.DETAILS:
        await _details(interaction, job_id)
    elif slot == Verb.CANCEL:
        await _cancel(interaction, job_id)
    elif slot == Verb.AGAIN:  # its label has warned; the press is the consent
        await take_in(interaction, service.submit_again(origin, job_id))
    else:
        await take_in(interaction, service.act(origin, job_id, int(slot)))


async def _details(interaction: discord.Interaction[EaselClient], job_id: str) -> None:
    work = interaction.client.service.show(origin_of(interaction), job_id)
    shown = await patiently(interaction, work, private=True)
    await tell(interaction, render_details(shown.job, shown.parent))


async def _cancel(interaction: discord.Interaction[EaselClient], job_id: str) -> None:
    """Cancel, and turn the progress message into the last word (callback type 7)."""
    job = await patiently(interaction, interaction.client.service.cancel(origin_of(interaction), job_id), private=True)
    rendered = render_failure(job)
    if interaction.response.is_done():  # the database was slow: the courier brings the last word to the message itself
        await tell(interaction, rendered)
        return
    await interaction.response.edit_message(
        content=rendered.content,
        embeds=[],
        view=build_view(rendered.rows),
        allowed_mentions=NO_MENTIONS,
    )
