"""From what a person did to the INTERACTION_CREATE event that the bot gets (docs, receiving and responding)."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

from .calls import Call
from .permissions import DIRECT, in_channel
from .posting import message_payload
from .wire import interaction_channel_json, member_json, permissions_text, user_json

if TYPE_CHECKING:
    from .messages import Message
    from .refusals import Json
    from .state import State
    from .world import Channel, User


@final
@dataclass(frozen=True)
class Action:
    """What a person did: `data` is the interaction's own, `source` the message whose component was used."""

    kind: int
    user: User
    channel: Channel
    name: str
    data: Json
    source: Message | None = None


def send_interaction(state: State, action: Action) -> Call:
    """Write an interaction down, start its three seconds, and send it to the bot."""
    guild = action.channel.guild
    call = Call(
        id=state.ids.next(),
        token=secrets.token_urlsafe(120),
        kind=action.kind,
        user=action.user,
        channel=action.channel,
        name=action.name,
        created_at=state.clock.now(),
        ack_seconds=state.options.ack_seconds,
        changes=state.changes,
        source=action.source,
        user_installed=not state.world.bot_in(guild),
        attachment_size_limit=guild.attachment_size_limit if guild else state.options.attachment_size_limit,
    )
    call.payload = _payload(state, call, action.data)
    state.calls.add(call)
    call.timer = asyncio.get_running_loop().call_later(state.options.ack_seconds, call.expire)
    event: Json = {"type": "interaction", "interaction_id": str(call.id), "kind": call.kind, "name": call.name}
    state.changes.publish(event | {"user_id": str(call.user.id), "channel_id": str(call.channel.id)})
    state.hub.dispatch("INTERACTION_CREATE", call.payload)
    return call


def _payload(state: State, call: Call, data: Json) -> Json:
    world, channel, guild = state.world, call.channel, call.channel.guild
    payload: Json = {
        "id": str(call.id),
        "application_id": str(world.application_id),
        "type": call.kind,
        "data": data,
        "token": call.token,
        "version": 1,
        "channel_id": str(channel.id),
        "channel": interaction_channel_json(channel, call.user),
        "app_permissions": permissions_text(in_channel(channel, world.bot) if guild else DIRECT),
        "locale": call.user.locale,
        "entitlements": [],
        "attachment_size_limit": call.attachment_size_limit,
        "context": 0 if guild else 1,
    }
    if call.source is not None:
        payload["message"] = message_payload(state, call.source)
    if guild is None:
        return payload | {"user": user_json(call.user), "authorizing_integration_owners": {"0": "0"}}
    member = member_json(guild.members[call.user.id])
    owner = {"1": str(call.user.id)} if call.user_installed else {"0": str(guild.id)}
    return payload | {
        "guild_id": str(guild.id),
        "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
        "guild_locale": guild.locale,
        "member": member | {"permissions": permissions_text(in_channel(channel, call.user))},
        "authorizing_integration_owners": owner,
    }
