"""The world as the page sees it: people, servers, channels, and who may do what there. Changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.discord.permissions import DIRECT, NONE, Permission, in_guild, to_send
from sandbox.discord.world import GROUP

if TYPE_CHECKING:
    from sandbox.discord import Channel, DiscordSandbox, Guild, User, World
    from sandbox.page.asks import Json


def world_json(discord: DiscordSandbox, run: str) -> Json:
    """Return the whole world; `run` names this run of the sandbox."""
    world = discord.world
    people = people_of(world)
    return {
        "run": run,
        "me": str(world.member.id),
        "start": str(world.general.id),
        "bot": {"id": str(world.bot.id), "display_name": world.bot.display_name},
        "people": [_person_json(user, world) for user in people],
        "guilds": [_guild_json(guild, discord, people) for guild in world.guilds.values()],
        "dms": {str(user.id): _channel_json(world.dm(user), discord, people) for user in people},
        "conversations": [_channel_json(channel, discord, people) for channel in _among_people(world)],
    }


def people_of(world: World) -> list[User]:
    """Return the people that one can be: everybody but the bot."""
    return [user for user in world.users.values() if not user.bot]


def _among_people(world: World) -> list[Channel]:
    return [channel for channel in world.channels.values() if channel.parties and not world.bot_at(channel)]


def _person_json(user: User, world: World) -> Json:
    bot = world.bot.display_name
    notes = {
        world.owner.id: "Owns two servers",
        world.member.id: "In three servers",
        world.guest.id: f"Guest of {world.guild.name}: may look and use commands, but not write",
    }
    app = f"has {bot} installed" if user.has_app else ""
    return {
        "id": str(user.id),
        "username": user.username,
        "display_name": user.display_name,
        "note": ", ".join(filter(None, (notes.get(user.id), app))),
    }


def _guild_json(guild: Guild, discord: DiscordSandbox, people: list[User]) -> Json:
    channels = [channel for channel in guild.channels.values() if not channel.deleted]
    return {
        "id": str(guild.id),
        "name": guild.name,
        "roles": [{"id": str(role.id), "name": role.name} for role in guild.roles.values()],
        "channels": [_channel_json(channel, discord, people) for channel in channels],
    }


def _channel_json(channel: Channel, discord: DiscordSandbox, people: list[User]) -> Json:
    bot = discord.world.bot
    denied = taken_from(bot, channel)
    rights = {str(user.id): _rights(channel, discord.person(user).rights(channel)) for user in people}
    return {
        "id": str(channel.id),
        "name": bot.display_name if bot in channel.parties else channel.name,
        "guild_id": str(channel.guild.id) if channel.guild else None,
        "kind": _kind(channel, bot),
        "parties": [str(user.id) for user in channel.parties],
        "parent_id": str(channel.parent.id) if channel.parent else None,
        "topic": channel.topic,
        "nsfw": channel.is_nsfw,
        "archived": channel.archived,
        "note": _note(channel, discord.world, denied),
        "away": not discord.world.bot_at(channel),
        "denied": [bit.name for bit in Permission if bit & denied],
        "access": {key: held for key, held in rights.items() if held},
    }


def _kind(channel: Channel, bot: User) -> str:
    if channel.parties:
        return "dm" if bot in channel.parties else "group" if channel.kind == GROUP else "private"
    return "thread" if channel.is_thread else "text"


def _rights(channel: Channel, allowed: Permission) -> list[str]:
    if not allowed & Permission.VIEW_CHANNEL:
        return []
    may_send = bool(allowed & to_send(channel)) and not channel.archived
    held = {
        "view": True,
        "send": may_send,
        "attach": may_send and bool(allowed & Permission.ATTACH_FILES),
        "commands": bool(allowed & Permission.USE_APPLICATION_COMMANDS),
        "manage": channel.guild is not None and bool(allowed & Permission.MANAGE_MESSAGES),
    }
    return [name for name, is_held in held.items() if is_held]


def taken_from(user: User, channel: Channel) -> Permission:
    """Return what the roles of a member allow in the whole server, but a channel takes away."""
    guild = channel.guild
    if guild is None or user.id not in guild.members:
        return NONE
    overwrites = (channel.parent or channel).overwrites
    denied = NONE
    for layer in ([guild.id], sorted(guild.members[user.id].roles), [user.id]):
        found = [overwrites[key] for key in layer if key in overwrites]
        for overwrite in found:
            denied |= overwrite.deny
        for overwrite in found:
            denied &= ~overwrite.allow
    return denied & in_guild(guild, user)


def _note(channel: Channel, world: World, denied: Permission) -> str | None:
    """Return what a person should know of a channel before they wonder."""
    name = world.bot.display_name
    notes = {
        f"{name} is not in this {'server' if channel.guild else 'conversation'}": not world.bot_at(channel),
        f"{name} does not see this channel": bool(denied & Permission.VIEW_CHANNEL),
        f"{name} may not post here": bool(denied & to_send(channel)),
        "This thread is archived": channel.archived,
        f"{name} may not do everything here": bool(denied & DIRECT),
        "Age-restricted": channel.is_nsfw,
    }
    return next((text for text, holds in notes.items() if holds), None)
