"""An interaction as the engine wants to know it. Imports the engine's `Origin`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.jobs.requests import Origin

if TYPE_CHECKING:
    import discord


def origin_of(interaction: discord.Interaction[Any]) -> Origin:
    """Return who asked, where, and through which interaction."""
    return Origin(
        user_id=interaction.user.id,
        guild_id=interaction.guild_id,
        channel_id=interaction.channel_id or 0,  # None only for Discord's own pings
        interaction_id=interaction.id,
        interaction_token=interaction.token,
        application_id=interaction.application_id,
        attachment_size_limit=interaction.filesize_limit,
        locale=str(interaction.locale),
        may_moderate=interaction.guild_id is not None and interaction.permissions.manage_messages,
    )
