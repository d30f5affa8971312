"""What one sandbox Discord is started with: addresses, deadlines, limits. Imports nothing but the standard library."""

from __future__ import annotations

import base64
import hashlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from collections.abc import Callable

MIB = 1024 * 1024


@final
@dataclass(frozen=True, kw_only=True)
class DiscordOptions:
    """Everything that may differ from one sandbox to the next; the defaults are Discord's, save for the rates."""

    host: str = "127.0.0.1"
    port: int = 0
    """0 takes a free one."""
    token: str = ""
    """The bot token to accept; empty means one derived from the bot's id, shaped like a real one."""
    ack_seconds: float = 3.0
    """How long an interaction waits for its first callback."""
    token_seconds: float = 900.0
    """How long an interaction token may be used."""
    nonce_seconds: float = 180.0
    """How long a nonce with `enforce_nonce` is remembered: "the past few minutes"."""
    cdn_seconds: float = 86_400.0
    """How long a signed attachment address works."""
    attachment_size_limit: int = 10 * MIB
    """Largest file, in bytes, where a guild does not say otherwise."""
    rate_limits: bool = False
    """Enforce buckets and the global limit; the headers are always sent."""
    invalid_request_limit: int = 10_000
    """After so many 401, 403 and 429 in ten minutes, Cloudflare answers in Discord's place."""
    heartbeat_seconds: float = 41.25
    resume_seconds: float = 120.0
    """How long a session without a connection can be resumed."""
    identify_limit: int = 1000
    """IDENTIFYs in 24 hours; one more resets the token."""
    command_creates: int = 200
    """New command names in 24 hours and place."""
    privileged_intents: int = 0
    """Bits of the privileged intents that the application may ask for."""
    emojis: frozenset[int] = frozenset()
    """Ids of custom emojis that the bot may use."""
    clock: Callable[[], float] = time.time
    """Seconds since 1970; `DiscordSandbox.advance` adds to it."""


def derive_token(bot_id: int) -> str:
    """Make a token of the real form (id, time, signature) that is the same in every run."""
    head = base64.urlsafe_b64encode(str(bot_id).encode()).decode().rstrip("=")
    digest = hashlib.sha256(f"sandbox token of {bot_id}".encode()).digest()
    tail = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return f"{head}.{tail[:6].replace('-', 'a').replace('_', 'b')}.{tail[:38]}"
