"""Messages as the sandbox keeps them: the truth about what was posted, how often, and who may see it.

A `Message` is alive: an edit changes the object that a test already holds. Knows nothing of the wire.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, final

from .fields import as_list, as_object, objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .cdn import Attachment
    from .refusals import Json
    from .world import Channel, User

CROSSPOSTED, SUPPRESS_EMBEDS, EPHEMERAL, LOADING = 1 << 0, 1 << 2, 1 << 6, 1 << 7
SUPPRESS_NOTIFICATIONS, COMPONENTS_V2 = 1 << 12, 1 << 15

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 5, 6, 7, 8
SELECTS = (STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)
LINK, PREMIUM = 5, 6


@final
@dataclass(frozen=True)
class Button:
    """A button, as a person sees it."""

    label: str | None
    emoji: str | None
    style: int
    custom_id: str | None
    disabled: bool
    url: str | None


@final
@dataclass(frozen=True)
class SelectOption:
    """One line of a select, of a radio group, or of a group of checkboxes."""

    label: str
    value: str
    description: str | None
    default: bool
    emoji: str | None = None


@final
@dataclass(frozen=True)
class Select:
    """Something to choose from, as a person sees it: a select, or in a modal also a radio group or checkboxes."""

    custom_id: str
    kind: int
    placeholder: str | None
    options: tuple[SelectOption, ...]
    min_values: int
    max_values: int
    disabled: bool
    channel_types: tuple[int, ...] = ()
    """Kinds of channels that can be picked; empty means any."""
    chosen: tuple[str, ...] = ()
    """What is picked to begin with: values, or ids."""


@final
@dataclass(eq=False, repr=False)
class Message:
    """One message. `deleted` ones stay in the store, for those who count."""

    id: int
    channel: Channel
    author: User
    created_at: float
    kind: int = 0
    content: str = ""
    embeds: list[Json] = field(default_factory=list["Json"])
    attachments: list[Attachment] = field(default_factory=list["Attachment"])
    components: list[Json] = field(default_factory=list["Json"])
    flags: int = 0
    nonce: str | int | None = None
    reference: Json | None = None
    interaction: Json | None = None
    ephemeral_to: int | None = None
    deleted: bool = False
    edited_count: int = 0
    edited_at: float | None = None
    mentions: list[int] = field(default_factory=list[int])
    """Ids of the people whom this message pinged when it was posted."""
    mention_everyone: bool = False
    allowed_mentions: Json | None = None
    """As the bot sent it."""
    reactions: dict[str, set[int]] = field(default_factory=dict[str, set[int]])

    def __repr__(self) -> str:
        return f"<Message {self.id} in {self.channel!r} by {self.author!r}: {self.text()!r}>"

    @property
    def channel_id(self) -> int:
        """Where it is."""
        return self.channel.id

    @property
    def is_v2(self) -> bool:
        """Whether it consists of Components V2."""
        return bool(self.flags & COMPONENTS_V2)

    def seen_by(self, viewer: User | None) -> bool:
        """Tell whether this person sees it in the channel; None sees all, save what was deleted."""
        return not self.deleted and (viewer is None or self.ephemeral_to in (None, viewer.id))

    def buttons(self) -> list[Button]:
        """Return all buttons, in reading order."""
        return [_button(node) for node in walk(self.components) if node.get("type") == BUTTON]

    def button(self, label: str) -> Button:
        """Return the button with this label.

        Raises
        ------
        LookupError
            There is none.
        """
        for button in self.buttons():
            if button.label == label:
                return button
        raise LookupError(f"no button {label!r} among {[button.label or button.emoji for button in self.buttons()]}")

    def selects(self) -> list[Select]:
        """Return all selects, in reading order."""
        return [read_select(node) for node in walk(self.components) if node.get("type") in SELECTS]

    def select(self, custom_id: str | None = None) -> Select:
        """Return the select with this custom_id, or the first one.

        Raises
        ------
        LookupError
            There is none.
        """
        for select in self.selects():
            if custom_id in (None, select.custom_id):
                return select
        raise LookupError(f"no select {custom_id or ''!r} in this message")

    def text(self) -> str:
        """Return all that can be read: content, embeds and text displays."""
        parts = [self.content]
        for embed in self.embeds:
            parts += [str(embed.get(key) or "") for key in ("title", "description")]
            parts += [f"{entry.get('name')}: {entry.get('value')}" for entry in objects(embed.get("fields"))]
            parts.append(str(as_object(embed.get("footer")).get("text") or ""))
        parts += [str(node["content"]) for node in walk(self.components) if "content" in node]
        return "\n".join(part for part in parts if part)


def walk(components: list[Json]) -> Iterator[Json]:
    """Yield every component, nested ones included, in reading order."""
    for component in components:
        yield component
        yield from walk(objects(component.get("components")))
        for key in ("component", "accessory"):
            if isinstance(component.get(key), dict):
                yield from walk([as_object(component[key])])


def _button(node: Json) -> Button:
    return Button(
        label=node.get("label"),
        emoji=as_object(node.get("emoji")).get("name"),
        style=int(node.get("style", 2)),
        custom_id=node.get("custom_id"),
        disabled=bool(node.get("disabled")),
        url=node.get("url"),
    )


def read_select(node: Json) -> Select:
    """Read a select, a radio group or a group of checkboxes out of its component."""
    options = tuple(
        SelectOption(
            o["label"],
            o["value"],
            o.get("description"),
            bool(o.get("default")),
            as_object(o.get("emoji")).get("name"),
        )
        for o in objects(node.get("options"))
    )
    picked = [str(entry["id"]) for entry in objects(node.get("default_values"))]
    return Select(
        custom_id=node["custom_id"],
        kind=int(node["type"]),
        placeholder=node.get("placeholder"),
        options=options,
        min_values=int(node.get("min_values", 1)),
        max_values=int(node.get("max_values", 1)),
        disabled=bool(node.get("disabled")),
        channel_types=tuple(as_list(node.get("channel_types"))),
        chosen=tuple(picked or [option.value for option in options if option.default]),
    )


@final
class MessageStore:
    """All messages there ever were, by channel and in order."""

    def __init__(self) -> None:
        self._all: dict[int, Message] = {}
        self._by_channel: dict[int, dict[int, Message]] = {}

    def add(self, message: Message) -> None:
        """Keep a new message; ids only ever grow, so this keeps the order too."""
        self._all[message.id] = message
        self._by_channel.setdefault(message.channel.id, {})[message.id] = message
        message.channel.last_message_id = message.id

    def find(self, channel_id: int, message_id: int) -> Message | None:
        """Return a message that is still there, ephemeral or not."""
        message = self._by_channel.get(channel_id, {}).get(message_id)
        return None if message is None or message.deleted else message

    def in_channel(self, channel_id: int) -> list[Message]:
        """Return all messages of a channel, deleted and ephemeral ones included, oldest first."""
        return list(self._by_channel.get(channel_id, {}).values())

    def all(self) -> list[Message]:
        """Return every message, deleted ones included, oldest first."""
        return list(self._all.values())

    def with_nonce(self, author: User, nonce: str, since: float) -> Message | None:
        """Return the author's message with this nonce that is not older than `since`, deleted ones included."""
        for message in reversed(self._all.values()):
            if message.created_at < since:
                return None
            if message.author is author and message.nonce is not None and str(message.nonce) == nonce:
                return message
        return None
