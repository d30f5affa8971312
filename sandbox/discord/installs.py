"""By which installation an interaction comes about, and what the application may do by it (docs, interaction object).

A server can have the application, a person can have it for themselves, or both. Where only the person has it, the bot
is not there: it answers by the interaction's token, at most five times more, and not in public unless the person may.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .permissions import Permission, in_channel

if TYPE_CHECKING:
    from collections.abc import Collection

    from .calls import Call
    from .refusals import Json
    from .world import Channel, User, World

IN_GUILD, IN_BOT_DM, IN_PRIVATE = 0, 1, 2
"""Interaction contexts: a server, a conversation with the bot, one between people alone."""
CONTEXTS: Final = (IN_GUILD, IN_BOT_DM, IN_PRIVATE)

BY_GUILD, BY_USER = 0, 1
"""Integration types: who has the application."""
INTEGRATIONS: Final = (BY_GUILD, BY_USER)

_ALWAYS: Final = Permission.ATTACH_FILES | Permission.EMBED_LINKS
_IN_DIRECT: Final = _ALWAYS | Permission.MENTION_EVERYONE


def context_of(world: World, channel: Channel) -> int:
    """Return the interaction context of a place."""
    if channel.guild is not None:
        return IN_GUILD
    return IN_BOT_DM if world.bot_at(channel) else IN_PRIVATE


def owners_of(world: World, user: User, channel: Channel, integrations: Collection[int]) -> Json:
    """Return who has the application where this person is, as far as a command goes: key and id as on the wire.

    Parameters
    ----------
    integrations
        The installations by which the command can be used.
    """
    owners: Json = {}
    if BY_GUILD in integrations and world.bot_at(channel):
        owners[str(BY_GUILD)] = str(channel.guild.id) if channel.guild else "0"
    if BY_USER in integrations and user.has_app:
        owners[str(BY_USER)] = str(user.id)
    return owners


def app_permissions(world: World, user: User, channel: Channel) -> Permission:
    """Return the `app_permissions` of an interaction.

    Where the bot is not, they are those of the person, SEND_MESSAGES included (discord-api-docs, issue 7251): they do
    not say that the bot could post there by itself.
    """
    if channel.guild is None:
        return _IN_DIRECT | (Permission.USE_EXTERNAL_EMOJIS if world.bot_at(channel) else _ALWAYS)
    if world.bot_at(channel):
        return in_channel(channel, world.bot)
    return in_channel(channel, user) | _ALWAYS


def is_hushed(call: Call) -> bool:
    """Tell whether every answer to an interaction is ephemeral, asked for or not: USE_EXTERNAL_APPS is missing."""
    if not call.user_installed or call.channel.guild is None:
        return False
    return not in_channel(call.channel, call.user) & Permission.USE_EXTERNAL_APPS
