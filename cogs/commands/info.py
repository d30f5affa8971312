"""`/info`: what somebody has used, what is under way for them, and their limits. Translates; decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import discord  # noqa: TC002 - discord.py evaluates the annotations of commands
from discord import app_commands

from cogs.commands.options import everywhere
from cogs.messages.panels import tell_panel
from cogs.messages.replies import patiently
from cogs.render.info import render_info

if TYPE_CHECKING:
    from bot.client import EaselClient


@app_commands.command(name="info", description="What you have used, what is under way, and your limits")
@everywhere
async def info(interaction: discord.Interaction[EaselClient]) -> None:
    """Answer privately with the person's account."""
    work = interaction.client.services.usage.account(interaction.user.id)
    await tell_panel(interaction, render_info(await patiently(interaction, work, private=True)))


async def setup(client: EaselClient) -> None:
    """Add the command."""
    client.tree.add_command(cast("app_commands.Command[Any, ..., None]", info))
