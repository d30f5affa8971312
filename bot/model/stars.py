"""Pictures that enough people put a star under. Imports nothing of Easel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Showcase:
    """A picture in its server's star channel.

    Attributes
    ----------
    message_id
        None while it is not known whether the message was sent.
    """

    job_id: str
    guild_id: int
    channel_id: int
    message_id: int | None = None
