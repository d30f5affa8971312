"""The progress reporter: tells people where their jobs stand, not too often and only when something changed.

Latest wins: between two edits of one message only the newest state is kept. Knows the ports and the model; never
discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
from collections import deque
from typing import TYPE_CHECKING, Final, final

from bot.errors import DeliveryError, DiscordUnavailable
from bot.jobs.crew import Crew

if TYPE_CHECKING:
    from datetime import timedelta

    from bot.jobs.ports import Clock, Delivery, Headway, JobStore
    from bot.model import Job

_log = logging.getLogger(__name__)

#: Edits within a second, for all jobs together (reliability D7) …
_EDITS_PER_SECOND: Final = 10
#: … and at once, so that a step does not use up what the next three of that second need.
_EDITS_PER_STEP: Final = 3
_AT_ONCE: Final = 8
#: How long a picture waits for a progress edit under way: discord.py repeats one for up to half a minute.
_LAST_EDIT_SECONDS: Final = 3.0

_Face = tuple[object, ...]


def _face(job: Job, headway: Headway | None = None) -> _Face:
    """Return what a person would see of the job: two equal faces need no edit."""
    progress, url = (job.progress, job.preview_url) if headway is None else (headway.progress, headway.preview_url)
    return (job.status, job.waiting, job.queue_ahead, progress, (url or "").partition("?")[0])


@final
class ProgressReporter:
    """Edits progress messages, each at most once per `interval`."""

    def __init__(self, store: JobStore, delivery: Delivery, clock: Clock, *, interval: timedelta) -> None:
        self._store = store
        self._delivery = delivery
        self._clock = clock
        self._interval = interval.total_seconds()
        self._pending: dict[str, tuple[Job, Headway | None]] = {}
        self._shown: dict[str, tuple[float, _Face]] = {}
        self._muted: set[str] = set()
        self._started: deque[float] = deque(maxlen=_EDITS_PER_SECOND)
        self._crew = Crew("Progress edit", _AT_ONCE)

    def shown(self, job: Job) -> None:
        """Remember that the person sees the job as it is: the answer itself was the first progress message."""
        self._shown[job.id] = (self._clock.monotonic(), _face(job))

    def tell(self, job: Job) -> None:
        """Have the job's state shown when its turn comes."""
        self._hear(job, None)

    def advance(self, job: Job, headway: Headway) -> None:
        """Have shown how far a job is. Both are put together only when its turn comes: most never see it."""
        self._hear(job, headway)

    def _hear(self, job: Job, headway: Headway | None) -> None:
        if job.answered_at is None or job.id in self._muted:
            self._pending.pop(job.id, None)  # as it was before its person left
            return
        shown = self._shown.get(job.id)
        if shown is not None and shown[1] == _face(job, headway):
            self._pending.pop(job.id, None)
            return
        self._pending[job.id] = (job, headway)

    async def close_book(self, job_id: str) -> None:
        """Stop reporting on a settled job and end an edit under way, so that none comes after the last word."""
        self._pending.pop(job_id, None)
        self._shown.pop(job_id, None)
        self._muted.discard(job_id)
        await self._crew.finish(job_id, _LAST_EDIT_SECONDS)

    async def step(self) -> None:
        """Start the edits that are due."""
        now = self._clock.monotonic()
        started = 0
        for job_id, (told, headway) in list(self._pending.items()):
            if started >= _EDITS_PER_STEP or not self._crew.free or self._is_too_many(now):
                return
            if job_id in self._crew or now < self._shown.get(job_id, (float("-inf"), ()))[0] + self._interval:
                continue
            del self._pending[job_id]
            job = told if headway is None else headway.of(told)
            self._shown[job_id] = (now, _face(job))
            self._started.append(now)
            self._crew.start(job_id, self._edit(job))
            started += 1

    def _is_too_many(self, now: float) -> bool:
        """Whether the edits of the last second leave no room for another."""
        return len(self._started) == _EDITS_PER_SECOND and now < self._started[0] + 1.0

    async def drain(self) -> None:
        """Wait for the edits under way."""
        await self._crew.drain()

    async def stop(self, seconds: float) -> bool:
        """Wait so many seconds at most for the edits under way, then cancel the rest; tell whether all were done."""
        return await self._crew.stop(seconds)

    async def _parent(self, job: Job) -> Job | None:
        return await self._store.get(job.parent_id) if job.parent_id is not None else None

    async def _edit(self, job: Job) -> None:
        try:
            await self._delivery.show_progress(job, await self._parent(job))
        except DiscordUnavailable as error:
            _log.debug("Progress not shown: %s", error, extra={"job": job.id})
            self._shown.pop(job.id, None)
        except DeliveryError as error:
            _log.info("The progress message is out of reach (%s)", error, extra={"job": job.id})
            self._muted.add(job.id)
