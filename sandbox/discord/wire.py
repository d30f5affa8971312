"""People, guilds, channels as JSON, in the shape of Discord's API v10 (docs, resources). Changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .clock import iso
from .permissions import in_channel, in_guild
from .world import DM, GROUP

if TYPE_CHECKING:
    from .permissions import Permission
    from .refusals import Json
    from .world import Channel, Guild, Member, Role, User, World


_ONLY_AT_FIRST = (
    *("unavailable", "large", "member_count", "joined_at", "members", "channels", "threads", "voice_states"),
    *("presences", "stage_instances", "guild_scheduled_events", "soundboard_sounds"),
)


def user_json(user: User) -> Json:
    """Return a user object."""
    return {
        "id": str(user.id),
        "username": user.username,
        "global_name": None if user.bot else user.display_name,
        "discriminator": "4242" if user.bot else "0",
        "avatar": None,
        "bot": user.bot,
        "public_flags": 0,
        "avatar_decoration_data": None,
        "primary_guild": None,
    }


def member_json(member: Member, *, with_user: bool = True) -> Json:
    """Return a guild member object."""
    payload: Json = {
        "avatar": None,
        "banner": None,
        "communication_disabled_until": None,
        "deaf": False,
        "flags": 0,
        "joined_at": iso(member.joined_at),
        "mute": False,
        "nick": None,
        "pending": False,
        "premium_since": None,
        "roles": [str(role) for role in sorted(member.roles)],
    }
    if with_user:
        payload["user"] = user_json(member.user)
    return payload


def role_json(role: Role) -> Json:
    """Return a role object."""
    return {
        "id": str(role.id),
        "name": role.name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": role.position,
        "permissions": str(int(role.permissions)),
        "managed": role.bot_id is not None,
        "mentionable": False,
        "flags": 0,
        "tags": {"bot_id": str(role.bot_id)} if role.bot_id else {},
    }


def channel_json(channel: Channel) -> Json:
    """Return a channel object."""
    last = str(channel.last_message_id) if channel.last_message_id else None
    payload: Json = {"id": str(channel.id), "type": channel.kind, "last_message_id": last, "flags": 0}
    if channel.kind in (DM, GROUP):
        payload["recipients"] = [user_json(user) for user in channel.parties if not user.bot]
        group: Json = {"name": channel.name, "icon": None, "owner_id": str(channel.parties[0].id)}
        return payload | (group if channel.kind == GROUP else {})
    payload |= {
        "guild_id": str(channel.guild.id) if channel.guild else None,
        "name": channel.name,
        "position": channel.position,
        "topic": channel.topic,
        "nsfw": channel.nsfw,
        "rate_limit_per_user": 0,
        "parent_id": str(channel.parent.id) if channel.parent else None,
        "permission_overwrites": [
            {"id": str(key), "type": over.kind, "allow": str(int(over.allow)), "deny": str(int(over.deny))}
            for key, over in channel.overwrites.items()
        ],
    }
    return payload | (_thread_parts(channel) if channel.is_thread else {})


def _thread_parts(channel: Channel) -> Json:
    return {
        "owner_id": str(channel.guild.owner.id) if channel.guild else "0",
        "message_count": 0,
        "member_count": 1,
        "total_message_sent": 0,
        "thread_metadata": {
            "archived": channel.archived,
            "locked": channel.locked,
            "auto_archive_duration": 1440,
            "archive_timestamp": iso(1_700_000_000.0),
            "create_timestamp": iso(1_700_000_000.0),
            "invitable": True,
        },
    }


def guild_json(guild: Guild, bot: User) -> Json:
    """Return the guild object of GUILD_CREATE."""
    channels = [channel for channel in guild.channels.values() if not channel.deleted]
    return {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner.id),
        "unavailable": False,
        "large": False,
        "member_count": len(guild.members),
        "joined_at": iso(guild.members[bot.id].joined_at),
        "roles": [role_json(role) for role in guild.roles.values()],
        "members": [member_json(guild.members[bot.id])],
        "channels": [channel_json(channel) for channel in channels if not channel.is_thread],
        "threads": [channel_json(c) for c in channels if c.is_thread and not c.archived],
        "emojis": [],
        "stickers": [],
        "features": [],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "icon": None,
        "splash": None,
        "banner": None,
        "description": None,
        "preferred_locale": guild.locale,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 2,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "vanity_url_code": None,
        "max_members": 500_000,
    }


def guild_update_json(guild: Guild, bot: User) -> Json:
    """Return the guild object of GUILD_UPDATE: without what only comes with GUILD_CREATE."""
    return {key: value for key, value in guild_json(guild, bot).items() if key not in _ONLY_AT_FIRST}


def own_guild_json(guild: Guild, bot: User) -> Json:
    """Return the partial guild of `/users/@me/guilds`: with what the bot may do in it."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "banner": None,
        "owner": guild.owner is bot,
        "permissions": permissions_text(in_guild(guild, bot)),
        "features": [],
    }


def application_json(world: World) -> Json:
    """Return the application object of `/applications/@me`."""
    return {
        "id": str(world.application_id),
        "name": world.bot.username,
        "description": "",
        "icon": None,
        "bot": user_json(world.bot),
        "bot_public": False,
        "bot_require_code_grant": False,
        "owner": user_json(world.owner),
        "team": None,
        "verify_key": "5f" * 32,
        "flags": 0,
        "tags": [],
        "summary": "",
        "rpc_origins": [],
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "approximate_guild_count": sum(world.bot_in(guild) for guild in world.guilds.values()),
        "approximate_user_install_count": sum(user.has_app for user in world.users.values()),
        "integration_types_config": {"0": {}, "1": {}},
    }


def interaction_channel_json(channel: Channel, user: User) -> Json:
    """Return the partial channel of an interaction: the person's permissions included.

    Between people, those whom the person talks with are its recipients.
    """
    payload = channel_json(channel)
    payload.pop("permission_overwrites", None)
    if channel.parties and not any(party.bot for party in channel.parties):
        payload["recipients"] = [user_json(party) for party in channel.parties if party is not user]
    payload["permissions"] = str(int(in_channel(channel, user)))
    return payload


def permissions_text(permissions: Permission) -> str:
    """Write permissions as the API does: a number as text."""
    return str(int(permissions))
