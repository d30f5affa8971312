"""The tracker: one scheduler for all running tasks, however many.

It asks for many tasks in one request, looks more often near the end, leaves the API alone when that asks for it, and
hands what it saw to `Observer`. All its state can be rebuilt from the store. Knows the ports and the policy; never
discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
import random
from typing import TYPE_CHECKING, Final, final

from bot.errors import CometBusy, CometError, CometRefused, CometUncertain
from bot.jobs import policy
from bot.jobs.crew import Crew
from bot.jobs.schedule import Timetable
from bot.model import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import timedelta

    from bot.jobs.observer import Observer, Watch
    from bot.jobs.ports import Clock, Midjourney
    from bot.model import Job, Task

_log = logging.getLogger(__name__)

_REQUESTS_AT_ONCE: Final = 4
_SINGLE_UP_TO: Final = 2
_BUSY_PAUSE: Final = 5.0  # seconds, where a 429 names no time
_BASE_INTERVAL: Final = 5.0  # seconds; the POLL_INTERVAL_SECONDS that the schedule was measured with


@final
class Tracker:
    """Follows tasks until they end.

    Parameters
    ----------
    poll_interval
        Longest gap between two looks; the whole schedule scales with it.
    jitter
        Returns 0 ≤ x < 1; a test gives its own.
    """

    def __init__(
        self,
        *,
        midjourney: Midjourney,
        clock: Clock,
        observer: Observer,
        poll_interval: timedelta,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._midjourney = midjourney
        self._clock = clock
        self._observer = observer
        self._scale = poll_interval.total_seconds() / _BASE_INTERVAL
        self._jitter = jitter
        self._timetable = Timetable()
        self._watches: dict[str, Watch] = {}
        self._task_of: dict[str, str] = {}
        self._crew = Crew("Look at tasks", _REQUESTS_AT_ONCE, per_job=False)
        self._paused_until = float("-inf")
        self._failures = 0
        self._looks = 0

    def __len__(self) -> int:
        return len(self._watches)

    def watch(self, job: Job, *, at_once: bool = False) -> None:
        """Follow the job's task, or learn that the job has changed.

        Parameters
        ----------
        at_once
            Look now, as after a restart, rather than when a first result can be expected.
        """
        if job.task_id is None:
            return
        former = self._task_of.get(job.id)
        if former is not None and former != job.task_id:  # the modal step answered with another id (contract 4.5)
            self._drop(former)
        watch = self._watches.get(job.task_id)
        if watch is not None:
            watch.job = job
            return
        self._task_of[job.id] = job.task_id
        self._watches[job.task_id] = self._observer.begin(job)
        wait = 0.0 if at_once else policy.first_look_seconds(job.kind, scale=self._scale)
        self._timetable.put(job.task_id, self._clock.monotonic() + wait)

    async def step(self) -> None:
        """Start the requests that are due."""
        now = self._clock.monotonic()
        if now < self._paused_until or not self._crew.free:
            return
        due = self._timetable.next_due()
        if due is None or due > now:
            return
        chunks = self._timetable.take(now)
        for chunk in chunks[self._crew.free :]:
            for task_id in chunk:
                self._timetable.put(task_id, now)
        for chunk in chunks[: self._crew.free]:
            self._looks += 1
            self._crew.start(f"{self._looks}", self._look(chunk))

    async def drain(self) -> None:
        """Wait for the requests under way."""
        await self._crew.drain()

    async def stop(self, seconds: float) -> bool:
        """Wait so many seconds at most for the requests under way, then cancel the rest; tell whether all were done."""
        return await self._crew.stop(seconds)

    async def _look(self, task_ids: Sequence[str]) -> None:
        """Ask for these tasks and put each back into the timetable, whatever happens."""
        waiting = set(task_ids)
        try:
            if len(task_ids) <= _SINGLE_UP_TO:
                await self._look_singly(task_ids, waiting)
                return
            try:
                seen = await self._midjourney.list_tasks(task_ids)
            except CometBusy:
                raise
            except (CometRefused, CometUncertain) as error:
                _log.info("The list of %d tasks failed (%s); asking singly", len(task_ids), error)
                await self._look_singly(task_ids, waiting)
                return
            self._failures = 0
            for task_id in task_ids:
                await self._handle(task_id, await self._insist(task_id, seen.get(task_id)), waiting)
        except CometError as error:
            self._pause(error)
        finally:
            for task_id in waiting:
                if task_id in self._watches:
                    self._timetable.put(task_id, self._clock.monotonic() + policy.missing_look_seconds(0, scale=1.0))

    async def _look_singly(self, task_ids: Sequence[str], waiting: set[str]) -> None:
        for task_id in task_ids:
            task = await self._midjourney.fetch(task_id)
            self._failures = 0
            await self._handle(task_id, task, waiting)

    async def _insist(self, task_id: str, task: Task | None) -> Task | None:
        """Ask by itself for a task that list after list did not mention."""
        watch = self._watches.get(task_id)
        if task is None and watch is not None and watch.misses >= policy.MISSES_BEFORE_SINGLE:
            return await self._midjourney.fetch(task_id)
        return task

    async def _handle(self, task_id: str, task: Task | None, waiting: set[str]) -> None:
        watch = self._watches.get(task_id)
        if watch is None:
            waiting.discard(task_id)
            return
        watch.misses = 0 if task is not None else watch.misses + 1
        following = await self._observer.observe(watch, task)
        waiting.discard(task_id)
        if not following:
            self._drop(task_id)
            return
        self._timetable.put(task_id, self._clock.monotonic() + self._next_look(watch))

    def _drop(self, task_id: str) -> None:
        watch = self._watches.pop(task_id, None)
        if watch is not None:
            self._task_of.pop(watch.job.id, None)
        self._timetable.drop(task_id)

    def _next_look(self, watch: Watch) -> float:
        if watch.job.status in (Status.EXPIRED, Status.UNKNOWN):
            return policy.sweep_look_seconds(self._jitter())
        if watch.misses:
            return policy.missing_look_seconds(watch.misses, scale=self._scale)
        since = watch.job.submitted_at or watch.job.created_at
        age = max(0.0, (self._clock.now() - since).total_seconds())
        pace = policy.Pace(age, watch.job.progress or 0)
        return policy.next_look_seconds(pace, scale=self._scale, jitter=self._jitter())

    def _pause(self, error: CometError) -> None:
        """Leave the API alone for a while: all of it, since all looks go to the same place."""
        self._failures += 1
        seconds = policy.backoff_seconds(self._failures, self._jitter())
        if isinstance(error, CometBusy):
            seconds = max(error.retry_after.total_seconds() if error.retry_after else _BUSY_PAUSE, seconds)
        _log.log(
            logging.WARNING if self._failures == 1 else logging.INFO,
            "Looking at tasks failed (%s: %s), paused for %.0f s",
            type(error).__name__,
            error,
            seconds,
        )
        self._paused_until = max(self._paused_until, self._clock.monotonic() + seconds)
