"""`Patience`: how long queued jobs may still wait to be sent, by the clock that never jumps.

The wall clock says only how much was left when a job was first looked at; whoever sets it neither ends a job's time nor
prolongs it (reliability B.4, 18). Knows the clock's port; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from bot.jobs.ports import Clock
    from bot.model import Job

#: Seconds after its end at which a job that nobody spoke of again is forgotten, as one that was cancelled.
_FORGOTTEN_AFTER: Final = 3600.0


@final
class Patience:
    """Remembers when the time of each job is over. In memory: a new process looks at the wall clock once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ends: dict[str, float] = {}

    def left(self, job: Job) -> timedelta | None:
        """Return how long the job may still wait: zero where it has waited too long, None for any time."""
        if job.give_up_at is None:
            return None
        now = self._clock.monotonic()
        if job.id not in self._ends:
            self._shed(now)
            by_wall = min(job.give_up_at - self._clock.now(), job.give_up_at - job.created_at)
            self._ends[job.id] = now + by_wall.total_seconds()
        return timedelta(seconds=max(0.0, self._ends[job.id] - now))

    def waited(self, job: Job) -> timedelta:
        """Return how long the job has waited."""
        left = self.left(job)
        if left is None or job.give_up_at is None:
            return self._clock.now() - job.created_at
        return job.give_up_at - job.created_at - left

    def forget(self, job_id: str) -> None:
        """Drop what is known of a job that waits no more."""
        self._ends.pop(job_id, None)

    def _shed(self, now: float) -> None:
        """Drop the two oldest if they are long over: more leave than come."""
        for job_id, end in list(islice(self._ends.items(), 2)):
            if end < now - _FORGOTTEN_AFTER:
                del self._ends[job_id]
