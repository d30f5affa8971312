"""People, guilds and channels, as far as they may have changed, turned into records and back. Knows no messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .kept import KeptChannel, KeptGuild, KeptMember, KeptOverwrite, KeptUser
from .permissions import Permission
from .world import Member, Overwrite

if TYPE_CHECKING:
    from .kept import KeptHead
    from .world import Channel, World


def users_of(world: World) -> list[KeptUser]:
    """Return the records of all people."""
    return [
        KeptUser(id=user.id, locale=user.locale, dms_closed=user.dms_closed, has_app=user.has_app)
        for user in world.users.values()
    ]


def guilds_of(world: World) -> list[KeptGuild]:
    """Return the records of all guilds."""
    return [
        KeptGuild(
            id=guild.id,
            locale=guild.locale,
            members=[
                KeptMember(user_id=member.user.id, roles=sorted(member.roles), joined_at=member.joined_at)
                for member in guild.members.values()
            ],
        )
        for guild in world.guilds.values()
    ]


def channels_of(world: World) -> list[KeptChannel]:
    """Return the records of all channels, conversations included."""
    return [
        KeptChannel(
            id=channel.id,
            dm_with=channel.parties[0].id if world.bot in channel.parties else None,
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
        person = world.users[user.id]
        person.locale, person.dms_closed, person.has_app = user.locale, user.dms_closed, user.has_app
    for guild in kept.guilds:
        _put_guild(world, guild)
    for channel in kept.channels:
        known = world.channels[channel.id] if channel.dm_with is None else world.dm(world.users[channel.dm_with])
        _put_channel(known, channel)


def _put_guild(world: World, kept: KeptGuild) -> None:
    guild = world.guilds[kept.id]
    guild.locale = kept.locale
    if any(member.user_id == world.bot.id for member in kept.members):
        world.invite(guild, 0.0)  # for the role of its own
    guild.members = {
        member.user_id: Member(world.users[member.user_id], set(member.roles), member.joined_at)
        for member in kept.members
    }


def _put_channel(channel: Channel, kept: KeptChannel) -> None:
    channel.name = kept.name
    channel.archived, channel.locked, channel.deleted = kept.archived, kept.locked, kept.deleted
    channel.overwrites = {
        entry.target_id: Overwrite(entry.kind, Permission(entry.allow), Permission(entry.deny))
        for entry in kept.overwrites
    }
