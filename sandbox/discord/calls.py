"""Interactions, from the person's side: what was done, what the bot answered, and whether it did so in time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, final

from .fields import as_object, objects
from .messages import SELECTS, TEXT_INPUT, read_select, walk
from .refusals import InteractionFailed

if TYPE_CHECKING:
    import asyncio

    from .changes import Changes
    from .messages import Message, Select
    from .refusals import Json
    from .world import Channel, User

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
SEND, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 19, 21, 22, 23
CHOICE_FIELDS = (*SELECTS, RADIO_GROUP, CHECKBOX_GROUP)
FIELDS = (TEXT_INPUT, FILE_UPLOAD, CHECKBOX, *CHOICE_FIELDS)
"""The components that a person can fill in."""

PARAGRAPH = 2


@final
@dataclass(frozen=True)
class Field:
    """A field of a modal, as a person sees it."""

    custom_id: str
    kind: int
    label: str | None
    description: str | None
    required: bool
    value: str | None
    """The text that is there to begin with."""
    placeholder: str | None
    min_length: int
    max_length: int
    is_long: bool
    """Whether a text may have several lines."""
    checked: bool
    """Whether a checkbox is ticked to begin with."""
    min_values: int
    max_values: int
    select: Select | None
    """What there is to choose from: of a select, a radio group or a group of checkboxes."""


@final
@dataclass(eq=False, repr=False)
class Modal:
    """A form that the bot opened for one person."""

    title: str
    custom_id: str
    components: list[Json]
    call: Call

    def fields(self) -> list[Field]:
        """Return what can be filled in, in order."""
        return [
            _field(node, top)
            for top in self.components
            for node in walk(objects(top.get("components")) or [as_object(top.get("component"))])
            if node.get("type") in FIELDS
        ]

    def field(self, custom_id: str) -> Field:
        """Return one field.

        Raises
        ------
        LookupError
            There is none.
        """
        for entry in self.fields():
            if entry.custom_id == custom_id:
                return entry
        raise LookupError(f"no field {custom_id!r} in the modal {self.title!r}")


def _field(node: Json, top: Json) -> Field:
    return Field(
        custom_id=node["custom_id"],
        kind=int(node["type"]),
        label=top.get("label") or node.get("label"),
        description=top.get("description"),
        required=bool(node.get("required", True)),
        value=node.get("value"),
        placeholder=node.get("placeholder"),
        min_length=int(node.get("min_length") or 0),
        max_length=int(node.get("max_length") or 4000),
        is_long=node.get("style") == PARAGRAPH,
        checked=bool(node.get("default")),
        min_values=int(node.get("min_values", 1)),
        max_values=int(node.get("max_values", 1)),
        select=read_select(node) if node["type"] in CHOICE_FIELDS else None,
    )


@final
@dataclass(frozen=True)
class Choice:
    """One suggestion of an autocompletion."""

    name: str
    value: str | int | float


@final
@dataclass(frozen=True)
class Answer:
    """The first callback to an interaction."""

    type: int
    message: Message | None
    modal: Modal | None
    choices: tuple[Choice, ...]
    ephemeral: bool


@final
@dataclass(eq=False, repr=False)
class Call:
    """One interaction: what a person did, and what came of it."""

    id: int
    token: str
    kind: int
    user: User
    channel: Channel
    name: str
    created_at: float
    ack_seconds: float
    changes: Changes
    payload: Json = field(default_factory=dict["str", "Any"])
    source: Message | None = None
    """The message whose component was used."""
    user_installed: bool = False
    attachment_size_limit: int = 0
    first: Answer | None = None
    original: Message | None = None
    """What `@original` means; it may be deleted."""
    followups: list[Message] = field(default_factory=list["Message"])
    acknowledged_after: float | None = None
    """Seconds until the first callback came."""
    failed: bool = False
    timer: asyncio.TimerHandle | None = None

    def __repr__(self) -> str:
        return f"<Call {self.name!r} by {self.user!r} in {self.channel!r}>"

    @property
    def message(self) -> Message | None:
        """The response as it is now, or None where there is none (any more)."""
        return None if self.original is None or self.original.deleted else self.original

    def expire(self) -> None:
        """Give up: the time for a first callback has passed. Does nothing if one came."""
        if self.timer is not None:
            self.timer.cancel()
        if self.first is not None or self.failed:
            return
        self.failed = True
        texts = {COMMAND: "The application did not respond", AUTOCOMPLETE: "Loading options failed"}
        self.changes.publish(
            {
                "type": "interaction_failed",
                "interaction_id": str(self.id),
                "user_id": str(self.user.id),
                "channel_id": str(self.channel.id),
                "text": texts.get(self.kind, str(InteractionFailed())),
            }
        )

    async def answer(self, timeout: float = 5.0) -> Answer:  # noqa: ASYNC109 - the interface of every wait here
        """Return the first callback.

        Raises
        ------
        InteractionFailed
            None came within the time Discord allows.
        TimeoutError
            None came within `timeout`, which was shorter.
        """
        await self.changes.until(lambda: self.first or self.failed, timeout, f"an answer to {self.name!r}")
        if self.first is None:
            raise InteractionFailed
        return self.first


@final
class CallBook:
    """All interactions, by id and by token."""

    def __init__(self) -> None:
        self.by_id: dict[int, Call] = {}
        self.by_token: dict[str, Call] = {}

    def add(self, call: Call) -> None:
        """Write one down."""
        self.by_id[call.id] = call
        self.by_token[call.token] = call
