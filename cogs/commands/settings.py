"""`/settings` and `/server`: what a person, or the moderators of a server, have set, on one private panel.

Translates; decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import discord  # noqa: TC002 - discord.py evaluates the annotations of commands
from discord import app_commands

from cogs.commands.options import everywhere
from cogs.components.settings import show_settings

if TYPE_CHECKING:
    from bot.client import EaselClient


@app_commands.command(name="settings", description="Your model, style, language and more; only you see it")
@everywhere
async def settings(interaction: discord.Interaction[EaselClient]) -> None:
    """Answer privately with the person's panel."""
    await show_settings(interaction, server=False)


@app_commands.command(
    name="server", description="The defaults of this server, for whoever has set nothing of their own"
)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
@app_commands.default_permissions(manage_guild=True)
async def server(interaction: discord.Interaction[EaselClient]) -> None:
    """Answer privately with the server's panel; Discord's own check can be lifted, so ours comes as well."""
    await show_settings(interaction, server=True)


async def setup(client: EaselClient) -> None:
    """Add the commands."""
    client.tree.add_command(cast("app_commands.Command[Any, ..., None]", settings))
    client.tree.add_command(cast("app_commands.Command[Any, ..., None]", server))
