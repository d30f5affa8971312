"""The shapes of what outlives a restart of the sandbox Discord: plain records, with ids where objects were.

Imports nothing of this package but names of types; `keeping` turns the living state into these and back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

from pydantic import TypeAdapter

from sandbox.keptfile import EXACT, Envelope

Json = dict[str, Any]


@final
@dataclass(frozen=True, kw_only=True)
class KeptFile:
    """An attachment; its bytes lie in a file of their own, named by their SHA-256."""

    id: int
    channel_id: int
    filename: str
    sha256: str
    content_type: str
    description: str | None
    title: str | None
    spoiler: bool
    ephemeral: bool


@final
@dataclass(frozen=True, kw_only=True)
class KeptMessage:
    """A message, deleted ones included."""

    __pydantic_config__ = EXACT

    id: int
    channel_id: int
    author_id: int
    created_at: float
    kind: int
    content: str
    embeds: list[Json]
    attachments: list[KeptFile]
    components: list[Json]
    flags: int
    nonce: str | int | None
    reference: Json | None
    interaction: Json | None
    ephemeral_to: int | None
    deleted: bool
    edited_count: int
    edited_at: float | None
    mentions: list[int]
    mention_everyone: bool
    allowed_mentions: Json | None
    reactions: dict[str, list[int]]


@final
@dataclass(frozen=True, kw_only=True)
class KeptModal:
    """A form that was opened."""

    title: str
    custom_id: str
    components: list[Json]


@final
@dataclass(frozen=True, kw_only=True)
class KeptAnswer:
    """The first answer to an interaction; autocompletions are not kept, so it has no choices."""

    type: int
    message_id: int | None
    modal: KeptModal | None
    ephemeral: bool


@final
@dataclass(frozen=True, kw_only=True)
class KeptCall:
    """An interaction whose token still works."""

    __pydantic_config__ = EXACT

    id: int
    token: str
    kind: int
    user_id: int
    channel_id: int
    name: str
    created_at: float
    ack_seconds: float
    payload: Json
    source_id: int | None
    user_installed: bool
    attachment_size_limit: int
    first: KeptAnswer
    original_id: int | None
    followup_ids: list[int]
    acknowledged_after: float | None


@final
@dataclass(frozen=True, kw_only=True)
class KeptOverwrite:
    """What a channel gives to, or takes from, a role or a member."""

    target_id: int
    kind: int
    allow: int
    deny: int


@final
@dataclass(frozen=True, kw_only=True)
class KeptChannel:
    """What may change in a channel; `dm_with` names the person of a conversation with the bot."""

    id: int
    dm_with: int | None
    name: str
    archived: bool
    locked: bool
    deleted: bool
    overwrites: list[KeptOverwrite]


@final
@dataclass(frozen=True, kw_only=True)
class KeptMember:
    """Somebody in a guild; the bot may have been thrown out."""

    user_id: int
    roles: list[int]
    joined_at: float


@final
@dataclass(frozen=True, kw_only=True)
class KeptGuild:
    """Who is in a guild, and which language they speak there."""

    id: int
    locale: str
    members: list[KeptMember]


@final
@dataclass(frozen=True, kw_only=True)
class KeptUser:
    """What may change about a person."""

    id: int
    locale: str
    dms_closed: bool
    has_app: bool


@final
@dataclass(frozen=True, kw_only=True)
class KeptCommands:
    """The commands of one place, and when commands were newly created there."""

    guild_id: int | None
    commands: list[Json]
    created: list[float]


@final
@dataclass(frozen=True, kw_only=True)
class KeptHead:
    """Everything but the long lists.

    Attributes
    ----------
    ahead
        How many seconds this Discord's clock was moved ahead.
    last_id
        The newest snowflake.
    secret
        What addresses of files are signed with.
    uploads
        Files that people gave to commands and modals.
    """

    __pydantic_config__ = EXACT

    ahead: float
    last_id: int
    secret: bytes
    users: list[KeptUser]
    guilds: list[KeptGuild]
    channels: list[KeptChannel]
    commands: list[KeptCommands]
    uploads: list[KeptFile]


@final
@dataclass(frozen=True, kw_only=True)
class KeptDiscord(Envelope):
    """The whole file."""

    __pydantic_config__ = EXACT

    head: KeptHead
    messages: list[KeptMessage]
    calls: list[KeptCall]


HEAD, MESSAGE, CALL = TypeAdapter(KeptHead), TypeAdapter(KeptMessage), TypeAdapter(KeptCall)
DISCORD = TypeAdapter(KeptDiscord)
