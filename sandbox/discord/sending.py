"""From what a person did to the INTERACTION_CREATE event that the bot gets (docs, receiving and responding)."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

from .calls import AUTOCOMPLETE, COMMAND, Call
from .fields import as_list, as_object
from .installs import BY_GUILD, INTEGRATIONS, app_permissions, context_of, owners_of
from .permissions import in_channel
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
    """What a person did: `data` is the interaction's own, `source` the message whose component was used.

    `opener` is the interaction that opened the modal which is sent.
    """

    kind: int
    user: User
    channel: Channel
    name: str
    data: Json
    source: Message | None = None
    opener: Call | None = None


def send_interaction(state: State, action: Action) -> Call:
    """Write an interaction down, start its three seconds, and send it to the bot."""
    guild = action.channel.guild
    owners = _owners(state, action)
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
        user_installed=str(BY_GUILD) not in owners,
        attachment_size_limit=guild.attachment_size_limit if guild else state.options.attachment_size_limit,
    )
    call.payload = _payload(state, call, action.data) | {"authorizing_integration_owners": owners}
    state.calls.add(call)
    call.timer = asyncio.get_running_loop().call_later(state.options.ack_seconds, call.expire)
    event: Json = {"type": "interaction", "interaction_id": str(call.id), "kind": call.kind, "name": call.name}
    state.changes.publish(event | {"user_id": str(call.user.id), "channel_id": str(call.channel.id)})
    state.hub.dispatch("INTERACTION_CREATE", call.payload)
    return call


def _owners(state: State, action: Action) -> Json:
    """Return by whose installation an action comes: what is done with a message comes by that of who made it."""
    if action.opener is not None:
        return as_object(action.opener.payload.get("authorizing_integration_owners"))
    if action.kind in (COMMAND, AUTOCOMPLETE):
        command = next(one for one in state.commands.all() if one["id"] == action.data["id"])
        return owners_of(state.world, action.user, action.channel, as_list(command["integration_types"]))
    made_by = action.source.interaction if action.source else None
    if made_by is not None:
        return as_object(made_by.get("authorizing_integration_owners"))
    return owners_of(state.world, action.user, action.channel, INTEGRATIONS[:1])


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
        "app_permissions": permissions_text(app_permissions(world, call.user, channel)),
        "locale": call.user.locale,
        "entitlements": [],
        "attachment_size_limit": call.attachment_size_limit,
        "context": context_of(world, channel),
    }
    if call.source is not None:
        payload["message"] = message_payload(state, call.source)
    if guild is None:
        return payload | {"user": user_json(call.user)}
    member = member_json(guild.members[call.user.id])
    return payload | {
        "guild_id": str(guild.id),
        "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
        "guild_locale": guild.locale,
        "member": member | {"permissions": permissions_text(in_channel(channel, call.user))},
    }
