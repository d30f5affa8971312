"""Discord's permission bits and the rule that combines roles and channel overwrites (docs, permissions)."""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .world import Channel, Guild, User


class Permission(IntFlag):
    """The bits that matter in text channels, by the names of the API."""

    KICK_MEMBERS = 1 << 1
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40
    USE_EXTERNAL_APPS = 1 << 50
    PIN_MESSAGES = 1 << 51


def union(permissions: Iterable[Permission]) -> Permission:
    """Return everything that any of these allows."""
    total = NONE
    for permission in permissions:
        total |= permission
    return total


NONE = Permission(0)
ALL = union(Permission)
READ = Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY
WRITE = (
    Permission.SEND_MESSAGES
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.ADD_REACTIONS
    | Permission.USE_EXTERNAL_EMOJIS
)
COMMANDS = Permission.USE_APPLICATION_COMMANDS | Permission.USE_EXTERNAL_APPS
DIRECT = READ | WRITE | COMMANDS
"""What anybody may do in a direct message."""


def in_guild(guild: Guild, user: User) -> Permission:
    """Return what the roles of a member allow, before any channel has its say."""
    member = guild.members.get(user.id)
    if member is None:
        return NONE
    if guild.owner is user:
        return ALL
    allowed = guild.roles[guild.id].permissions
    for role_id in member.roles:
        allowed |= guild.roles[role_id].permissions
    return ALL if allowed & Permission.ADMINISTRATOR else allowed


def in_channel(channel: Channel, user: User) -> Permission:
    """Return what somebody may do in a channel; nothing, if they cannot see it."""
    if channel.guild is None:
        return DIRECT if any(person is user for person in channel.parties) else NONE
    guild = channel.guild
    allowed = in_guild(guild, user)
    if allowed == ALL:
        return allowed
    member = guild.members.get(user.id)
    if member is None:
        return NONE
    overwrites = (channel.parent or channel).overwrites
    layers = ([guild.id], sorted(member.roles), [user.id])
    for layer in layers:
        denied = union(overwrites[key].deny for key in layer if key in overwrites)
        granted = union(overwrites[key].allow for key in layer if key in overwrites)
        allowed = (allowed & ~denied) | granted
    return allowed if allowed & Permission.VIEW_CHANNEL else NONE


def to_send(channel: Channel) -> Permission:
    """Return the permission that sending here takes: threads have their own."""
    return Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES
