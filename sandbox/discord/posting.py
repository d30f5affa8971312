"""What becomes of a checked body: a message is posted, edited or deleted, and everybody concerned is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

from .cdn import Attachment, kind_of
from .components import NOT_ATTACHED, attached_names
from .drafts import CLASSIC_CODE
from .fields import Form, as_id, as_list, as_object
from .gateway import DIRECT_MESSAGES, GUILD_MESSAGES
from .message_wire import ROLE_MENTION, USER_MENTION, event_json, message_json
from .messages import COMPONENTS_V2, EPHEMERAL, LOADING, SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS, Message
from .permissions import Permission, in_channel
from .refusals import empty_message

if TYPE_CHECKING:
    from .drafts import Draft
    from .refusals import Json
    from .state import State
    from .world import Channel, User

SHOWN = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2
REPLY = 19


@final
@dataclass(frozen=True)
class Origin:
    """Where a message comes from, beyond its body."""

    channel: Channel
    author: User
    kind: int = 0
    ephemeral_to: int | None = None
    interaction: Json | None = None
    reference: Json | None = None
    loading: bool = False


def message_payload(state: State, message: Message) -> Json:
    """Return a message as the API shows it to the bot."""
    return message_json(message, state.world, state.referred(message))


def seen_json(state: State, message: Message) -> Json:
    """Return a message as people's clients need it: as the API shows it, and with `user_ids` in each reaction."""
    payload = message_payload(state, message)
    reactions = zip(as_list(payload.get("reactions")), message.reactions.values(), strict=False)
    with_people = [reaction | {"user_ids": [str(key) for key in sorted(who)]} for reaction, who in reactions]
    return payload | ({"reactions": with_people} if with_people else {})


def post(state: State, draft: Draft, origin: Origin) -> Message:
    """Post a new message and tell the gateway and the people."""
    flags = (draft.flags & SHOWN) | (LOADING if origin.loading else 0)
    if origin.ephemeral_to is not None:
        flags |= EPHEMERAL
    message = Message(
        id=state.ids.next(),
        channel=origin.channel,
        author=origin.author,
        created_at=state.clock.now(),
        kind=origin.kind,
        content=draft.content or "",
        embeds=draft.embeds or [],
        components=draft.components or [],
        flags=flags,
        nonce=draft.nonce,
        reference=origin.reference,
        interaction=origin.interaction,
        ephemeral_to=origin.ephemeral_to,
        allowed_mentions=draft.allowed_mentions,
    )
    _ping(state, message)
    _attach(state, message, draft)
    state.messages.add(message)
    _announce(state, message, "MESSAGE_CREATE", "message_create")
    return message


def edit(state: State, message: Message, draft: Draft, present: Json) -> Message:
    """Change what the body names; everything else stays. `present` is the body, for what it names at all.

    Raises
    ------
    Refusal
        50006 if nothing would be left to see, 50035 for classic content that stays beside Components V2, or for
        components that stay and show a file which does not.
    """
    after = _after_edit(message, draft, present)
    message.content, message.embeds, message.components, message.flags = after
    gone = [item for item in message.attachments if item not in [kept for kept, _ in draft.kept]]
    for item in gone:
        state.cdn.drop(item)
    for item, description in draft.kept:
        item.description = description
    message.attachments = [item for item, _ in draft.kept]
    _attach(state, message, draft)
    if message.flags & LOADING:
        message.flags &= ~LOADING  # filling in a deferred message does not mark it as edited
    else:
        message.edited_at = state.clock.now()
    message.edited_count += 1
    _announce(state, message, "MESSAGE_UPDATE", "message_update")
    return message


def _after_edit(message: Message, draft: Draft, present: Json) -> tuple[str, list[Json], list[Json], int]:
    content = (draft.content or "") if "content" in present else message.content
    embeds = (draft.embeds or []) if "embeds" in present else message.embeds
    components = (draft.components or []) if "components" in present else message.components
    flags = message.flags | (draft.flags & COMPONENTS_V2)
    if "flags" in present:
        flags = (flags & ~SUPPRESS_EMBEDS) | (draft.flags & SUPPRESS_EMBEDS)
    if flags & COMPONENTS_V2:
        form = Form({})
        for key, left in (("content", content), ("embeds", embeds)):
            if left:
                text = f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
                form.fail(key, CLASSIC_CODE, text)
        there = {new.filename for new in draft.files} | {item.filename for item, _ in draft.kept}
        for name in sorted(attached_names(components) - there):
            form.fail("components", NOT_ATTACHED, f"Attachment attachment://{name} not found")
        form.check()
        left_over: object = components
    else:
        left_over = content or embeds or draft.files or draft.kept
    if not left_over:
        raise empty_message()
    return content, embeds, components, flags


def delete(state: State, message: Message) -> None:
    """Take a message away; the store remembers it as deleted."""
    message.deleted = True
    for item in message.attachments:
        state.cdn.drop(item)
    channel = message.channel
    viewer = None if message.ephemeral_to is None else str(message.ephemeral_to)
    data: Json = {"id": str(message.id), "channel_id": str(channel.id)}
    data |= {"guild_id": str(channel.guild.id)} if channel.guild else {}
    if message.ephemeral_to is None and state.world.bot_at(channel):
        state.hub.dispatch("MESSAGE_DELETE", data, intent=_intent(channel))
    state.changes.publish(
        {
            "type": "message_delete",
            "message_id": str(message.id),
            "channel_id": str(channel.id),
            "ephemeral_to": viewer,
        }
    )


def _intent(channel: Channel) -> int:
    return GUILD_MESSAGES if channel.guild else DIRECT_MESSAGES


def _attach(state: State, message: Message, draft: Draft) -> None:
    for new in draft.files:
        upload = new.upload
        kind = kind_of(upload.data, new.filename, upload.content_type)
        item = Attachment(
            state.ids.next(), message.channel.id, new.filename, upload.data, kind, new.description, state.cdn
        )
        item.title, item.spoiler = new.title, new.spoiler
        item.ephemeral = message.ephemeral_to is not None
        message.attachments.append(state.cdn.keep(item))


def _announce(state: State, message: Message, event: str, kind: str) -> None:
    payload = message_payload(state, message)
    sees = in_channel(message.channel, state.world.bot) & Permission.VIEW_CHANNEL
    if message.ephemeral_to is None and sees:
        data = event_json(message, payload)
        state.hub.dispatch(event, data, intent=_intent(message.channel), redacted=redacted(state, message, data))
    state.tell(kind, message, seen_json(state, message))


def redacted(state: State, message: Message, payload: Json) -> Json | None:
    """Return what a bot without MESSAGE_CONTENT may read of a message; None if that is all of it."""
    bot = state.world.bot
    own = message.author is bot or message.channel.guild is None
    if own or str(bot.id) in USER_MENTION.findall(message.content):
        return None
    return payload | {"content": "", "embeds": [], "attachments": [], "components": []}


def _ping(state: State, message: Message) -> None:
    """Work out whom a message pings: what the text names, as far as `allowed_mentions` lets it."""
    allowed = message.allowed_mentions
    parse = ["users", "roles", "everyone"] if allowed is None else as_list(allowed.get("parse"))
    named = {as_id(key) for key in as_list(as_object(allowed).get("users"))}
    if message.flags & EPHEMERAL:
        return
    text = message.text()
    users = [int(key) for key in USER_MENTION.findall(text) if "users" in parse or int(key) in named]
    roles = {as_id(key) for key in as_list(as_object(allowed).get("roles"))}
    guild = message.channel.guild
    for key in map(int, ROLE_MENTION.findall(text) if guild else []):
        if guild and ("roles" in parse or key in roles):
            users += [member.user.id for member in guild.members.values() if key in member.roles]
    replied = state.referred(message)
    if replied is not None and as_object(allowed).get("replied_user", allowed is None):
        users.append(replied.author.id)
    message.mentions = [key for key in dict.fromkeys(users) if key in state.world.users]
    everyone = in_channel(message.channel, message.author) & Permission.MENTION_EVERYONE
    loud = "@everyone" in message.content or "@here" in message.content
    message.mention_everyone = bool(loud and "everyone" in parse and everyone)
