"""What the bot has written down, read from outside while it runs, or after it was killed.

Opens its SQLite file for reading alone; imports nothing of the bot, so that it cannot share a mistake with it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from pathlib import Path

#: A person is still waiting in these.
OPEN: Final = frozenset({"queued", "submitting", "running", "needs_input"})
#: The courier is not done in these.
UNDER_WAY: Final = frozenset({"waiting", "due", "posting", "linked"})

_JOBS: Final = """
    SELECT j.id, j.status, j.kind, j.user_id, j.channel_id, j.task_id, j.picture, j.is_private, j.batch_id,
           j.answered_at, j.give_up_at, j.modal_sent_at, d.status AS delivery, d.channel_id AS shown_in, d.message_id,
           d.answer_message_id, group_concat(a.step || ':' || coalesce(a.outcome, 'open')) AS attempts
    FROM jobs AS j JOIN deliveries AS d ON d.job_id = j.id LEFT JOIN attempts AS a ON a.job_id = j.id
    GROUP BY j.id ORDER BY j.id
"""
#: Milliseconds for which a task that still wants its modal, after that was sent, is nothing to wait for. The bot takes
#: it for stale news for ten minutes (contract 4.3); who stops just before their end would see half of the last word.
_MODAL_PATIENCE: Final = 570_000

_BATCHES: Final = "SELECT id, answer_message_id, closed_at FROM batches"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """A job and its delivery. Times in milliseconds since 1970.

    Attributes
    ----------
    attempts
        `step:outcome` of each request that was begun for it.
    """

    id: str
    status: str
    kind: str
    user_id: int
    channel_id: int
    task_id: str | None
    picture: str | None
    is_private: bool
    batch_id: str | None
    answered_at: int | None
    give_up_at: int | None
    modal_sent_at: int | None
    delivery: str
    shown_in: int | None
    message_id: int | None
    answer_message_id: int | None
    attempts: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done for it."""
        return self.status in OPEN or self.delivery in UNDER_WAY

    def is_in_doubt(self, now: float) -> bool:
        """Whether a modal was sent that may never have arrived: what came of it is waited for, for ten minutes."""
        if self.status != "needs_input" or self.modal_sent_at is None:
            return False
        return now - self.modal_sent_at < _MODAL_PATIENCE


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRecord:
    """The message about several jobs."""

    id: str
    answer_message_id: int | None
    closed_at: int | None


@final
class Records:
    """The file.

    Parameters
    ----------
    path
        There once the bot was up for the first time.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def jobs(self) -> dict[str, JobRecord]:
        """Return all jobs by their ids, oldest first."""
        return {str(row["id"]): _job(row) for row in self._rows(_JOBS)}

    def batches(self) -> list[BatchRecord]:
        """Return all batches."""
        return [BatchRecord(**dict(row)) for row in self._rows(_BATCHES)]

    def _rows(self, sql: str) -> list[sqlite3.Row]:
        if not self._path.exists():
            return []
        with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=5)) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute(sql).fetchall()


def _job(row: sqlite3.Row) -> JobRecord:
    fields = dict(row)
    attempts = str(fields.pop("attempts") or "")
    is_private = bool(fields.pop("is_private"))
    return JobRecord(**fields, is_private=is_private, attempts=tuple(filter(None, attempts.split(","))))
