"""An interaction as the engine wants to know it, and how its person is to be answered. Imports the engine's values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from bot.client import MANNERS
from bot.jobs.people.preferences import Manners
from bot.jobs.requests import Origin
from bot.language import language_of

if TYPE_CHECKING:
    import discord


def manners_of(interaction: discord.Interaction[Any]) -> Manners:
    """Return how somebody is to be answered, as the client found out when the interaction came in."""
    manners = cast("Manners | None", interaction.extras.get(MANNERS))
    if manners is not None:
        return manners
    language = language_of(str(interaction.locale))
    return Manners(language=language, public_language=language, private=True)


def has_audience(interaction: discord.Interaction[Any]) -> bool:
    """Whether somebody could show something to others there: there are others, and they see what the bot answers."""
    return not interaction.context.dm_channel and not interaction.client.is_hushed(interaction)


def origin_of(interaction: discord.Interaction[Any]) -> Origin:
    """Return who asked, where, and through which interaction."""
    manners = manners_of(interaction)
    return Origin(
        user_id=interaction.user.id,
        guild_id=interaction.guild_id,
        channel_id=interaction.channel_id or 0,  # None only for Discord's own pings
        interaction_id=interaction.id,
        interaction_token=interaction.token,
        application_id=interaction.application_id,
        attachment_size_limit=interaction.filesize_limit,
        locale=manners.public_language,
        own_locale=manners.language,
        may_moderate=interaction.guild_id is not None and interaction.permissions.manage_messages,
        private=manners.private,
        may_post=interaction.client.is_at(interaction),
    )
