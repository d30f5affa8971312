"""Message menus about jobs: *Show job* and *Cancel or delete job*. Translates; decides nothing about jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord  # noqa: TC002 - discord.py evaluates the annotations of menus
from discord import app_commands

from bot.model import Status
from cogs.asking import origin_of
from cogs.commands.options import everywhere
from cogs.components.result_acts import ask_delete
from cogs.messages.finding import find_in_message
from cogs.messages.replies import patiently, tell
from cogs.messages.showing import show_found
from cogs.render.controls import Rendered
from cogs.render.failure import explain

if TYPE_CHECKING:
    from bot.client import EaselClient


@app_commands.context_menu(name="Show job")
@everywhere
async def show_job_of(interaction: discord.Interaction[EaselClient], message: discord.Message) -> None:
    """Answer privately with the job that the message is about."""
    await show_found(interaction, find_in_message(message))


@app_commands.context_menu(name="Cancel or delete job")
@everywhere
async def remove_job_of(interaction: discord.Interaction[EaselClient], message: discord.Message) -> None:
    """Cancel what waits; of anything else ask whether it is to be deleted."""
    services, origin = interaction.client.services, origin_of(interaction)
    found = find_in_message(message)
    finding = services.library.find(origin, found.job_id, found.message_id)
    job = await patiently(interaction, finding, private=True, at_once=True)
    if job.status is Status.QUEUED:
        cancelled = await patiently(interaction, services.jobs.cancel(origin, job.id), private=True, at_once=True)
        await tell(interaction, Rendered(content=explain(cancelled)))
    else:
        await ask_delete(interaction, job.id)


async def setup(client: EaselClient) -> None:
    """Add the menus."""
    client.tree.add_command(show_job_of)
    client.tree.add_command(remove_job_of)
