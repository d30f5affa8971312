"""Answers to interactions over REST: the first callback, then everything that goes by the interaction's token.

docs, receiving and responding; the webhook resource for what comes after. None of it needs the bot's token.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from .answers import answer, nothing
from .calls import (
    AUTOCOMPLETE,
    CHOICES,
    COMMAND,
    COMPONENT,
    DEFER,
    DEFER_UPDATE,
    MODAL,
    MODAL_SUBMIT,
    SEND,
    UPDATE,
    Answer,
    Choice,
    Modal,
)
from .channel_routes import draft_for_edit
from .drafts import Draft, Place, read_draft
from .fields import Form, as_id, as_object
from .installs import is_hushed
from .messages import EPHEMERAL, LOADING
from .modals import check_modal
from .posting import REPLY, Origin, delete, edit, message_payload, post
from .refusals import (
    already_acknowledged,
    invalid_webhook_token,
    too_many_followups,
    unknown_channel,
    unknown_interaction,
    unknown_message,
    unknown_webhook,
)
from .uploads import Body, read_body
from .wire import user_json

if TYPE_CHECKING:
    from aiohttp import web

    from .answers import Route
    from .calls import Call
    from .messages import Message
    from .refusals import Json
    from .state import State

MAX_FOLLOWUPS = 5
SLASH_RESPONSE, MENU_RESPONSE = 20, 23


@final
class InteractionRoutes:
    """The handlers, on one state."""

    def __init__(self, state: State) -> None:
        self._state = state

    def table(self) -> list[Route]:
        """Return what is served here."""
        hook = "/webhooks/{application_id}/{interaction_token}"
        routes: list[Route] = [
            ("POST", "/interactions/{interaction_id}/{interaction_token}/callback", self.callback),
            ("POST", hook, self.follow_up),
        ]
        for message in ("@original", "{message_id}"):
            routes += [
                ("GET", f"{hook}/messages/{message}", self.read),
                ("PATCH", f"{hook}/messages/{message}", self.edit),
                ("DELETE", f"{hook}/messages/{message}", self.delete),
            ]
        return routes

    async def callback(self, request: web.Request) -> web.Response:
        """Take the first answer to an interaction."""
        call = self._state.calls.by_id.get(as_id(request.match_info["interaction_id"]) or 0)
        if call is None or call.token != request.match_info["interaction_token"]:
            raise unknown_interaction()
        body = await read_body(request, call.attachment_size_limit)
        self._in_time(call)
        form = Form(body.payload)
        kind = form.choice("type", _fitting(call))
        form.check()
        data = Body(as_object(body.payload.get("data")), body.files)
        first = self._answer(call, kind or 0, data)
        self._note(call, first)
        if request.query.get("with_response", "").lower() not in ("1", "true"):
            return nothing()
        return answer(self._callback_json(call, first))

    def _in_time(self, call: Call) -> None:
        if call.first is not None:
            raise already_acknowledged()
        if call.failed or self._state.clock.now() - call.created_at > call.ack_seconds:
            raise unknown_interaction()

    def _answer(self, call: Call, kind: int, data: Body) -> Answer:
        if kind == CHOICES:
            return Answer(kind, None, None, _choices(data.payload), ephemeral=False)
        if kind == MODAL:
            modal = check_modal(data.payload, self._state.options.emojis)
            opened = Modal(modal["title"], modal["custom_id"], modal["components"], call)
            return Answer(kind, None, opened, (), ephemeral=False)
        if kind in (SEND, DEFER):
            call.original = self._respond(call, kind, data)
        elif kind == UPDATE:
            source = self._source(call)
            call.original = source
            edit(self._state, source, draft_for_edit(self._state, source, data), data.payload)
        else:
            call.original = call.source
        ephemeral = call.original is not None and call.original.ephemeral_to is not None
        return Answer(kind, call.original, None, (), ephemeral=ephemeral)

    def _source(self, call: Call) -> Message:
        if call.source is None or call.source.deleted:
            raise unknown_message()
        return call.source

    def _respond(self, call: Call, kind: int, data: Body) -> Message:
        flags = data.payload.get("flags")
        ephemeral = is_hushed(call) or (isinstance(flags, int) and bool(flags & EPHEMERAL))
        place = Place(self._state.options.emojis, ephemeral_allowed=True, path=("data",))
        draft = read_draft(data, place) if kind == SEND else Draft()
        draft.nonce = None
        viewer = call.user.id if ephemeral else None
        reference = _reference(call.source) if call.source is not None else None
        shape = REPLY if reference else _response_kind(call)
        interaction = _metadata(call)
        bot = self._state.world.bot
        origin = Origin(call.channel, bot, shape, viewer, interaction, reference, loading=kind == DEFER)
        return post(self._state, draft, origin)

    def _note(self, call: Call, first: Answer) -> None:
        call.first = first
        call.acknowledged_after = self._state.clock.now() - call.created_at
        if call.timer is not None:
            call.timer.cancel()
        event: Json = {
            "type": "interaction_answer",
            "interaction_id": str(call.id),
            "user_id": str(call.user.id),
            "callback": first.type,
            "seconds": call.acknowledged_after,
        }
        if first.modal is not None:
            modal = first.modal
            event["modal"] = {"title": modal.title, "custom_id": modal.custom_id, "components": modal.components}
        if first.type == CHOICES:
            event["choices"] = [{"name": choice.name, "value": choice.value} for choice in first.choices]
        self._state.changes.publish(event)

    def _callback_json(self, call: Call, first: Answer) -> Json:
        message = first.message
        interaction: Json = {"id": str(call.id), "type": call.kind, "channel_id": str(call.channel.id)}
        resource: Json = {"type": first.type}
        if message is not None:
            interaction["response_message_id"] = str(message.id)
            interaction["response_message_loading"] = bool(message.flags & LOADING)
            interaction["response_message_ephemeral"] = first.ephemeral
            if first.type in (SEND, DEFER, UPDATE):
                resource["message"] = message_payload(self._state, message)
        return {"interaction": interaction, "resource": resource}

    def _call(self, request: web.Request) -> Call:
        call = self._state.calls.by_token.get(request.match_info["interaction_token"])
        application_id = as_id(request.match_info["application_id"])
        if application_id != self._state.world.application_id:
            raise unknown_webhook()
        if call is None or self._state.clock.now() - call.created_at > self._state.options.token_seconds:
            raise invalid_webhook_token()
        if call.first is None:
            raise unknown_webhook()
        if call.channel.deleted:
            raise unknown_channel()
        return call

    def _message(self, request: web.Request, call: Call) -> Message:
        wanted = request.match_info.get("message_id")
        if wanted is None:
            found = call.original
        else:
            own = [*call.followups, *([call.original] if call.original else [])]
            found = next((message for message in own if str(message.id) == wanted), None)
        if found is None or found.deleted:
            raise unknown_message()
        return found

    async def read(self, request: web.Request) -> web.Response:
        """Get the response, or a follow-up."""
        return answer(message_payload(self._state, self._message(request, self._call(request))))

    async def edit(self, request: web.Request) -> web.Response:
        """Edit the response, or a follow-up."""
        call = self._call(request)
        body = await read_body(request, call.attachment_size_limit)
        message = self._message(request, call)
        draft = draft_for_edit(self._state, message, body)
        return answer(message_payload(self._state, edit(self._state, message, draft, body.payload)))

    async def delete(self, request: web.Request) -> web.Response:
        """Delete the response, or a follow-up."""
        delete(self._state, self._message(request, self._call(request)))
        return nothing()

    async def follow_up(self, request: web.Request) -> web.Response:
        """Send a follow-up. The first one after a deferral fills the deferred message instead (documented)."""
        call = self._call(request)
        body = await read_body(request, call.attachment_size_limit)
        waiting = call.original
        if waiting is not None and waiting.flags & LOADING and not waiting.deleted:
            draft = read_draft(body, Place(self._state.options.emojis, ephemeral_allowed=True))
            message = edit(self._state, waiting, draft, body.payload)
            return answer(message_payload(self._state, message))
        if call.user_installed and len(call.followups) >= MAX_FOLLOWUPS:
            raise too_many_followups()
        draft = read_draft(body, Place(self._state.options.emojis, ephemeral_allowed=True))
        viewer = call.user.id if is_hushed(call) or draft.flags & EPHEMERAL else None
        reference = None if call.message is None else _reference(call.message)
        kind = REPLY if reference else 0
        bot = self._state.world.bot
        message = post(self._state, draft, Origin(call.channel, bot, kind, viewer, _metadata(call), reference))
        call.followups.append(message)
        return answer(message_payload(self._state, message))


def _fitting(call: Call) -> tuple[int, ...]:
    if call.kind == AUTOCOMPLETE:
        return (CHOICES,)
    always = (SEND, DEFER)
    on_message = (DEFER_UPDATE, UPDATE) if call.source is not None else ()
    return (*always, *on_message, *((MODAL,) if call.kind in (COMMAND, COMPONENT) else ()))


def _response_kind(call: Call) -> int:
    if call.kind in (COMPONENT, MODAL_SUBMIT):
        return 0
    return SLASH_RESPONSE if as_object(call.payload.get("data")).get("type") == 1 else MENU_RESPONSE


def _reference(message: Message) -> Json:
    guild = message.channel.guild
    extra: Json = {"guild_id": str(guild.id)} if guild else {}
    return {"type": 0, "channel_id": str(message.channel.id), "message_id": str(message.id)} | extra


def _metadata(call: Call) -> Json:
    owners = as_object(call.payload.get("authorizing_integration_owners"))
    metadata: Json = {
        "id": str(call.id),
        "type": call.kind,
        "user": user_json(call.user),
        "authorizing_integration_owners": owners,
    }
    if call.kind == COMMAND:
        metadata |= {"name": call.name, "command_type": as_object(call.payload.get("data")).get("type")}
    if call.source is not None:
        metadata["interacted_message_id"] = str(call.source.id)
    return metadata


def _choices(data: Json) -> tuple[Choice, ...]:
    form = Form(data, ("data",))
    found: list[Choice] = []
    for entry in form.each("choices", 0, 25):
        name = entry.text("name", 1, 100, required=True)
        value = entry.get("value")
        if isinstance(value, str):
            entry.text("value", 1, 100, required=True)
        if isinstance(value, str | int | float) and name is not None:
            found.append(Choice(name, value))
        elif name is not None:
            entry.fail("value", "BASE_TYPE_REQUIRED", "This field is required")
    form.check()
    return tuple(found)
