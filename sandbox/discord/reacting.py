"""Reactions: who put which emoji on which message. For the bot's routes and for people alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import emoji as unicode_emoji

from .gateway import DIRECT_REACTIONS, GUILD_REACTIONS
from .permissions import Permission, in_channel
from .posting import seen_json
from .refusals import archived_thread, missing_permissions, too_many_reactions, unknown_emoji
from .wire import member_json

if TYPE_CHECKING:
    from .messages import Message
    from .refusals import Json
    from .state import State
    from .world import User

MAX_REACTIONS = 20


def react(state: State, message: Message, emoji: str, user: User, *, added: bool) -> None:
    """Put somebody's reaction on a message, or take it back, and tell the gateway and the people.

    Raises
    ------
    Refusal
        10014 for no emoji, 30010 for a 21st one, 50013 without the permission, 50083 in an archived thread.
    """
    if message.channel.archived:
        raise archived_thread()
    if not unicode_emoji.is_emoji(emoji):
        raise unknown_emoji()
    who = message.reactions.get(emoji, set())
    if added:
        _may_add(message, user, is_new=not who)
    if (user.id in who) == added:
        return
    if added:
        message.reactions.setdefault(emoji, who).add(user.id)
    else:
        who.discard(user.id)
        if not who:
            message.reactions.pop(emoji)
    _dispatch(state, message, emoji, user, added=added)
    state.tell("reaction", message, seen_json(state, message), emoji=emoji, added=added, user_id=str(user.id))


def _may_add(message: Message, user: User, *, is_new: bool) -> None:
    needed = Permission.READ_MESSAGE_HISTORY | (Permission.ADD_REACTIONS if is_new else Permission.VIEW_CHANNEL)
    if needed & ~in_channel(message.channel, user):
        raise missing_permissions()
    if is_new and len(message.reactions) >= MAX_REACTIONS:
        raise too_many_reactions()


def _dispatch(state: State, message: Message, emoji: str, user: User, *, added: bool) -> None:
    channel, guild = message.channel, message.channel.guild
    if not in_channel(channel, state.world.bot) & Permission.VIEW_CHANNEL:
        return
    data: Json = {
        "user_id": str(user.id),
        "channel_id": str(channel.id),
        "message_id": str(message.id),
        "emoji": {"id": None, "name": emoji},
        "burst": False,
        "type": 0,
    }
    if guild is not None:
        data["guild_id"] = str(guild.id)
    if added:
        data["message_author_id"] = str(message.author.id)
        if guild is not None and user.id in guild.members:
            data["member"] = member_json(guild.members[user.id])
    name = "MESSAGE_REACTION_ADD" if added else "MESSAGE_REACTION_REMOVE"
    state.hub.dispatch(name, data, intent=DIRECT_REACTIONS if guild is None else GUILD_REACTIONS)
