"""Channels over REST: messages, reactions, typing, direct conversations (docs, channel and message resources)."""

from __future__ import annotations

from typing import TYPE_CHECKING, final
from urllib.parse import unquote

from .answers import answer, nothing
from .drafts import Place, read_draft
from .fields import Form, as_id
from .messages import COMPONENTS_V2
from .permissions import NONE, Permission, in_channel, to_send
from .posting import REPLY, Origin, delete, edit, message_payload, post, redacted
from .reacting import react
from .refusals import (
    Refusal,
    archived_thread,
    closed_dms,
    invalid_form,
    missing_permissions,
    no_history_to_reply,
    no_mutual_guilds,
    not_the_author,
    unknown_message,
    unknown_user,
)
from .uploads import decode, read_body
from .wire import channel_json

if TYPE_CHECKING:
    from aiohttp import web

    from .answers import Route
    from .drafts import Draft
    from .messages import Message
    from .refusals import Json
    from .state import State
    from .uploads import Body
    from .world import Channel, User


@final
class ChannelRoutes:
    """The handlers, on one state."""

    def __init__(self, state: State) -> None:
        self._state = state

    def table(self) -> list[Route]:
        """Return what is served here."""
        messages, one = "/channels/{channel_id}/messages", "/channels/{channel_id}/messages/{message_id}"
        reaction = f"{one}/reactions/{{emoji}}/@me"
        return [
            ("GET", "/channels/{channel_id}", self.channel),
            ("PATCH", "/channels/{channel_id}", self.edit_channel),
            ("GET", messages, self.history),
            ("POST", messages, self.create),
            ("GET", one, self.read),
            ("PATCH", one, self.edit),
            ("DELETE", one, self.delete),
            ("PUT", reaction, self.react),
            ("DELETE", reaction, self.unreact),
            ("POST", "/channels/{channel_id}/typing", self.typing),
            ("POST", "/users/@me/channels", self.open_dm),
        ]

    async def channel(self, request: web.Request) -> web.Response:
        """Get a channel."""
        return answer(channel_json(self._state.channel_for_bot(request)))

    async def edit_channel(self, request: web.Request) -> web.Response:
        """Rename a channel, or put a thread away and take it out again."""
        channel = self._state.channel_for_bot(request)
        needed = Permission.MANAGE_THREADS if channel.is_thread else Permission.MANAGE_CHANNELS
        form = Form(decode(await request.read()))
        only_opens = channel.is_thread and not channel.locked and form.data == {"archived": False}
        if not only_opens and needed & ~in_channel(channel, self._state.world.bot):
            raise missing_permissions()
        name = form.text("name", 1, 100)
        archived = form.flag("archived", default=channel.archived)
        locked = form.flag("locked", default=channel.locked)
        form.check()
        channel.name, channel.archived, channel.locked = name or channel.name, archived, locked
        tell_channel(self._state, channel)
        return answer(channel_json(channel))

    async def history(self, request: web.Request) -> web.Response:
        """List messages, newest first; without READ_MESSAGE_HISTORY there are none."""
        channel = self._state.channel_for_bot(request)
        query = request.query
        form = Form({"limit": int(query["limit"]) if query.get("limit", "").isdecimal() else None})
        limit = form.whole("limit", 1, 100, 50)
        form.check()
        if not in_channel(channel, self._state.world.bot) & Permission.READ_MESSAGE_HISTORY:
            return answer([])
        found = [m for m in self._state.messages.in_channel(channel.id) if m.seen_by(None) and m.ephemeral_to is None]
        chosen = _window(found, {key: as_id(query.get(key)) for key in ("before", "after", "around")}, limit)
        return answer([self._shown(message) for message in reversed(chosen)])

    async def read(self, request: web.Request) -> web.Response:
        """Get one message."""
        channel = self._state.channel_for_bot(request, Permission.READ_MESSAGE_HISTORY)
        return answer(self._shown(self._public(request, channel)))

    async def create(self, request: web.Request) -> web.Response:
        """Post a message with the bot's token."""
        state = self._state
        channel = state.channel_for_bot(request)
        body = await read_body(request, self._limit(channel))
        draft = read_draft(body, Place(state.options.emojis))
        self._may_post(channel, draft)
        earlier = self._same_nonce(draft)
        if earlier is not None:
            return answer(message_payload(state, earlier))
        reference = self._reference(channel, draft)
        kind = REPLY if reference else 0
        message = post(state, draft, Origin(channel, state.world.bot, kind, reference=reference))
        return answer(message_payload(state, message))

    async def edit(self, request: web.Request) -> web.Response:
        """Edit one of the bot's own messages."""
        state = self._state
        channel = state.channel_for_bot(request)
        message = self._public(request, channel)
        if message.author is not state.world.bot:
            raise not_the_author()
        if channel.archived:
            raise archived_thread()
        body = await read_body(request, self._limit(channel))
        self._not_too_often(message)
        if body.files and not in_channel(channel, state.world.bot) & Permission.ATTACH_FILES:
            raise missing_permissions()
        return answer(message_payload(state, edit(state, message, draft_for_edit(state, message, body), body.payload)))

    async def delete(self, request: web.Request) -> web.Response:
        """Delete a message; somebody else's takes MANAGE_MESSAGES."""
        channel = self._state.channel_for_bot(request)
        message = self._public(request, channel)
        may = in_channel(channel, self._state.world.bot)
        if message.author is not self._state.world.bot and not (channel.guild and may & Permission.MANAGE_MESSAGES):
            raise missing_permissions()
        if channel.archived:
            raise archived_thread()
        delete(self._state, message)
        return nothing()

    async def react(self, request: web.Request) -> web.Response:
        """Add a reaction of the bot."""
        self._reaction(request, Permission.READ_MESSAGE_HISTORY, added=True)
        return nothing()

    async def unreact(self, request: web.Request) -> web.Response:
        """Take back a reaction of the bot."""
        self._reaction(request, NONE, added=False)
        return nothing()

    def _reaction(self, request: web.Request, needed: Permission, *, added: bool) -> None:
        channel = self._state.channel_for_bot(request, needed)
        message = self._public(request, channel)
        react(self._state, message, unquote(request.match_info["emoji"]), self._state.world.bot, added=added)

    async def typing(self, request: web.Request) -> web.Response:
        """Show that the bot is typing."""
        channel = self._state.channel_for_bot(request)
        if not in_channel(channel, self._state.world.bot) & to_send(channel):
            raise missing_permissions()
        self._state.changes.publish({"type": "typing", "channel_id": str(channel.id)})
        return nothing()

    async def open_dm(self, request: web.Request) -> web.Response:
        """Open a direct conversation. Whether it takes messages shows only when one is sent."""
        user = self._state.world.users.get(as_id(decode(await request.read()).get("recipient_id")) or 0)
        if user is None:
            raise unknown_user()
        if user.bot:
            raise closed_dms()
        return answer(channel_json(self._state.world.dm(user)))

    def _public(self, request: web.Request, channel: Channel) -> Message:
        message = self._state.messages.find(channel.id, as_id(request.match_info["message_id"]) or 0)
        if message is None or message.ephemeral_to is not None:
            raise unknown_message()
        return message

    def _shown(self, message: Message) -> Json:
        payload = message_payload(self._state, message)
        readable = self._state.options.privileged_intents & (1 << 15)
        return payload if readable else redacted(self._state, message, payload) or payload

    def _limit(self, channel: Channel) -> int:
        return channel.guild.attachment_size_limit if channel.guild else self._state.options.attachment_size_limit

    def _may_post(self, channel: Channel, draft: Draft) -> None:
        may = in_channel(channel, self._state.world.bot)
        needed = to_send(channel)
        needed |= Permission.ATTACH_FILES if draft.files else needed
        needed |= Permission.EMBED_LINKS if draft.embeds else needed
        if needed & ~may:
            raise missing_permissions()
        if channel.parties:
            self._may_write_to(channel.parties[0])
        if channel.locked and channel.archived:
            raise archived_thread()
        if channel.archived:
            channel.archived = False  # docs, threads: sending takes an unlocked thread out of the archive
            tell_channel(self._state, channel)

    def _may_write_to(self, person: User) -> None:
        guilds = [guild for guild in self._state.world.guilds.values() if person.id in guild.members]
        if not person.has_app and not any(self._state.world.bot_in(guild) for guild in guilds):
            raise no_mutual_guilds()
        if person.dms_closed:
            raise closed_dms()

    def _same_nonce(self, draft: Draft) -> Message | None:
        if draft.nonce is None or not draft.enforce_nonce:
            return None
        since = self._state.clock.now() - self._state.options.nonce_seconds
        found = self._state.messages.with_nonce(self._state.world.bot, str(draft.nonce), since)
        if found is not None and found.deleted:
            raise unknown_message()
        return found

    def _reference(self, channel: Channel, draft: Draft) -> Json | None:
        wanted = draft.reference
        if wanted is None:
            return None
        if not in_channel(channel, self._state.world.bot) & Permission.READ_MESSAGE_HISTORY:
            raise no_history_to_reply()
        target = self._state.messages.find(channel.id, as_id(wanted.get("message_id")) or 0)
        if target is None or target.ephemeral_to is not None:
            if wanted.get("fail_if_not_exists", True) is False:
                return None
            error = {"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}
            raise invalid_form({"message_reference": {"_errors": [error]}})
        guild: Json = {"guild_id": str(channel.guild.id)} if channel.guild else {}
        return {"type": 0, "channel_id": str(channel.id), "message_id": str(target.id)} | guild

    def _not_too_often(self, message: Message) -> None:
        wait = self._state.limits.may_edit(message.channel.id, message.created_at)
        if wait is not None:
            text = "Maximum number of edits to messages older than 1 hour reached. Try again later."
            raise Refusal(429, 30046, text, retry_after=wait)


def draft_for_edit(state: State, message: Message, body: Body) -> Draft:
    """Check the body of an edit against the message that it changes."""
    v2 = bool(message.flags & COMPONENTS_V2)
    return read_draft(body, Place(state.options.emojis, attachments=message.attachments, was_v2=v2, editing=True))


def tell_channel(state: State, channel: Channel) -> None:
    """Tell the gateway and the people that a channel looks different now."""
    name = "THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE"
    if channel.guild is not None and state.world.bot_at(channel):
        state.hub.dispatch(name, channel_json(channel), intent=1)
    state.changes.publish({"type": "channel_update", "channel_id": str(channel.id)})


def _window(found: list[Message], marks: dict[str, int | None], limit: int) -> list[Message]:
    before, after, around = marks["before"], marks["after"], marks["around"]
    if around is not None:
        older = [message for message in found if message.id <= around][-(limit // 2 + 1) :]
        newer = [message for message in found if message.id > around][: limit // 2]
        return (older + newer)[-limit:]
    if before is not None:
        found = [message for message in found if message.id < before]
    if after is not None:
        return [message for message in found if message.id > after][:limit]
    return found[-limit:]
