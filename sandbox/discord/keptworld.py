"""People, guilds and channels, as far as they may have changed, turned into records and back. Knows no messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .kept import KeptChannel, KeptGuild, KeptMember, KeptOverwrite, KeptUser
from .permissions import Permission
from .world import DM, Member, Overwrite

if TYPE_CHECKING:
    from .kept import KeptHead
    from .world import Channel, World


def users_of(world: World) -> list[KeptUser]:
    """Return the records of all people."""
    return [KeptUser(id=user.id, locale=user.locale, dms_closed=user.dms_closed) for user in world.users.values()]


def guilds_of(world: World) -> list[KeptGuild]:
    """Return the records of all guilds."""
    return [
        KeptGuild(
            id=guild.id,
            members=[
                KeptMember(user_id=member.user.id, roles=sorted(member.roles), joined_at=member.joined_at)
                for member in guild.members.values()
            ],
        )
        for guild in world.guilds.values()
    ]


def channels_of(world: World) -> list[KeptChannel]:
    """Return the records of all channels, direct conversations included."""
    return [
        KeptChannel(
            id=channel.id,
            dm_with=channel.parties[0].id if channel.kind == DM else None,
            name=channel.name,
            archived=channel.archived,
            locked=channel.locked,
            deleted=channel.deleted,
            overwrites=[
                KeptOverwrite(target_id=target, kind=o.kind, allow=int(o.allow), deny=int(o.deny))
                for target, o in channel.overwrites.items()
            ],
        )
        for channel in world.channels.values()
    ]


def put_world(world: World, kept: KeptHead) -> None:
    """Change a new world into the kept one.

    Raises
    ------
    LookupError
        The kept one has people or places that this one does not know.
    """
    for user in kept.users:
        world.users[user.id].locale, world.users[user.id].dms_closed = user.locale, user.dms_closed
    for guild in kept.guilds:
        world.guilds[guild.id].members = {
            member.user_id: Member(world.users[member.user_id], set(member.roles), member.joined_at)
            for member in guild.members
        }
    for channel in kept.channels:
        known = world.dm(world.users[channel.dm_with]) if channel.dm_with is not None else world.channels[channel.id]
        _put_channel(known, channel)


def _put_channel(channel: Channel, kept: KeptChannel) -> None:
    channel.name = kept.name
    channel.archived, channel.locked, channel.deleted = kept.archived, kept.locked, kept.deleted
    channel.overwrites = {
        entry.target_id: Overwrite(entry.kind, Permission(entry.allow), Permission(entry.deny))
        for entry in kept.overwrites
    }
