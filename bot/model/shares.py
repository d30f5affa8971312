"""Messages by which somebody shows to all in a place what they have made. Imports nothing of Easel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from datetime import datetime


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A page of a history, or one result, in a place where others are.

    Attributes
    ----------
    user_id
        Who showed it.
    job_ids
        What is to be seen there.
    """

    message_id: int
    channel_id: int
    guild_id: int | None
    user_id: int
    created_at: datetime
    job_ids: frozenset[str]
