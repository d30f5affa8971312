"""*Family* under a result: its tree as a picture, answered privately, and the selects that open one of it.

Imports the engine's services; decides nothing about jobs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogs.asking import origin_of
from cogs.components.items import answer_for
from cogs.custom_ids import FAMILY_SELECT
from cogs.messages.panels import tell_panel
from cogs.messages.replies import defer
from cogs.messages.showing import open_one
from cogs.render.family import render_family

if TYPE_CHECKING:
    import discord

    from bot.client import EaselClient


async def show_family(interaction: discord.Interaction[EaselClient], job_id: str) -> None:
    """Answer privately with the family of a job.

    Raises
    ------
    JobUnknown, StorageError
        With the sentence to show.
    """
    await defer(interaction, private=True)
    families, origin = interaction.client.services.families, origin_of(interaction)
    family = await families.of(origin, job_id)
    async with families.drawn(family, origin.attachment_size_limit) as picture:
        await tell_panel(interaction, render_family(family, picture))


async def setup(client: EaselClient) -> None:
    """Answer for these selects (discord.py's entry point)."""
    answer_for(client, FAMILY_SELECT, open_one)
