"""What is kept of a person, counted; what is put together for them; who has left. Imports only the standard library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from datetime import datetime


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """How much is kept of a person.

    Attributes
    ----------
    jobs
        Deleted ones included, of which little more is here than that they were made (`storage.transactions.words`).
    deleted
        How many of those were deleted one by one.
    oldest
        When the first of the jobs was made; None without any.
    files, size
        Kept pictures and videos, and what they take in bytes.
    favorites, stars, presets
        Set by this person.
    has_settings
        Whether they have set anything for themselves.
    """

    jobs: int = 0
    deleted: int = 0
    oldest: datetime | None = None
    files: int = 0
    size: int = 0
    favorites: int = 0
    stars: int = 0
    presets: int = 0
    has_settings: bool = False


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """Somebody who has asked to be forgotten.

    Attributes
    ----------
    mark
        A keyed hash of their id (`bot.jobs.privacy.tombstones`): it recognizes them, and names nobody.
    erased_at
        What was made up to then is to go.
    finished_at
        When all of it had gone; None before that.
    """

    mark: str
    erased_at: datetime
    finished_at: datetime | None = None

    @property
    def is_finished(self) -> bool:
        """Whether all of it has gone."""
        return self.finished_at is not None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Everything of a person's that is to be put together for them.

    Attributes
    ----------
    id
        ULID text; the name of its folder.
    guild_id, channel_id
        Where it was asked for.
    locale
        Of Discord's, for the language it is written in.
    parts_sent
        How many of its files the person has been sent.
    """

    id: str
    user_id: int
    guild_id: int | None
    channel_id: int
    locale: str
    application_id: int
    created_at: datetime
    parts_sent: int = 0
