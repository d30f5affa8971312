"""What fails unforeseen: how long to leave it alone, and when to stop trying. Knows the policy and the ports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from bot.errors import StorageError
from bot.jobs import policy

if TYPE_CHECKING:
    from bot.jobs.ports import Clock

_MOST_RIDDLES: Final = 20


@dataclass(slots=True)
class _Record:
    tries: int = 0
    riddles: int = 0
    until: float = 0.0


@final
class Faults:
    """Remembers what failed, by job.

    In memory: the database may be what fails, and a row that cannot be put off would be tried in a circle.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._records: dict[str, _Record] = {}

    def rests(self, job_id: str) -> bool:
        """Whether the job is to be left alone for now."""
        record = self._records.get(job_id)
        return record is not None and self._clock.monotonic() < record.until

    def note(self, job_id: str, error: Exception) -> bool:
        """Take a failure in; tell whether the job has failed too often in ways that we do not understand.

        A database that refuses is understood, and outlasted.
        """
        record = self._records.setdefault(job_id, _Record())
        record.tries += 1
        record.riddles += not isinstance(error, StorageError)
        record.until = self._clock.monotonic() + policy.backoff_seconds(record.tries, 0.5)
        return record.riddles > _MOST_RIDDLES

    def forget(self, job_id: str) -> None:
        """Drop what is known of a job."""
        self._records.pop(job_id, None)
