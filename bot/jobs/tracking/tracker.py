"""The tracker: one scheduler for all running tasks, however many.

It asks for many tasks in one request, looks more often near the end, leaves the API alone when that asks for it, and
hands what it saw to `Observer`. All its state can be rebuilt from the store. Knows the ports and the policy; never
discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import asyncio
import logging
import random
from functools import partial
from typing import TYPE_CHECKING, Final, final

from bot.errors import CometBusy, CometError, CometRefused, CometUncertain, StorageError
from bot.fault_points import Point, reach
from bot.jobs import policy
from bot.jobs.crew import Crew
from bot.jobs.tracking import pace
from bot.jobs.tracking.schedule import Timetable
from bot.model import Status

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import timedelta

    from bot.jobs.ports import Clock, Midjourney
    from bot.jobs.tracking.observer import Observer, Watch
    from bot.metrics.jobs import JobMetrics
    from bot.model import Job, Task

_log = logging.getLogger(__name__)

_REQUESTS_AT_ONCE: Final = 4
_SINGLE_UP_TO: Final = 2
_FAILURES_TO_PAUSE: Final = 2  # in a row, among looks at single tasks
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

    Attributes
    ----------
    crew
        The requests under way.
    """

    def __init__(
        self,
        *,
        midjourney: Midjourney,
        clock: Clock,
        observer: Observer,
        metrics: JobMetrics,
        poll_interval: timedelta,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._midjourney = midjourney
        self._clock = clock
        self._observer = observer
        self._metrics = metrics
        self._scale = poll_interval.total_seconds() / _BASE_INTERVAL
        self._jitter = jitter
        self._timetable = Timetable()
        self._watches: dict[str, dict[str, Watch]] = {}  # by task and job: two jobs may share a task (contract 3, 21)
        self._task_of: dict[str, str] = {}
        self._unseen: set[str] = set()  # to be looked at as soon as can be, as after a restart
        self.crew = Crew("Look at tasks", _REQUESTS_AT_ONCE, per_job=False)
        self._paused_until = float("-inf")
        self._failures = 0
        self._looks = 0

    def __len__(self) -> int:
        return sum(map(len, self._watches.values()))

    @property
    def lag(self) -> float:
        """How many seconds the longest due look is late."""
        due = self._timetable.next_due()
        return 0.0 if due is None else max(0.0, self._clock.monotonic() - due)

    @property
    def is_catching_up(self) -> bool:
        """Whether tasks from before a restart still wait for their first look."""
        return bool(self._unseen)

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
            self._drop(former, job.id)
        watches = self._watches.setdefault(job.task_id, {})
        if job.id in watches:
            watches[job.id].job = job
            return
        self._task_of[job.id] = job.task_id
        if at_once:
            self._unseen.add(job.task_id)
        wait = 0.0 if at_once else pace.first_look_seconds(job.kind, scale=self._scale)
        due = self._clock.monotonic() + wait
        if watches:
            self._timetable.hasten(job.task_id, due)
        else:
            self._timetable.put(job.task_id, due)
        watches[job.id] = self._observer.begin(job)

    def follows(self, job_id: str) -> bool:
        """Tell whether a job's task is followed."""
        return job_id in self._task_of

    def hasten(self, job_id: str, task_id: str) -> bool:
        """Look at a job's task now; tell whether it is followed at all."""
        if job_id not in self._watches.get(task_id, {}):
            return False
        self._timetable.hasten(task_id, self._clock.monotonic())
        return True

    async def step(self) -> None:
        """Start the requests that are due."""
        now = self._clock.monotonic()
        if now < self._paused_until or not self.crew.free:
            return
        late = self.lag
        for chunk in self._timetable.take(now, self.crew.free):
            self._metrics.looked(late)
            self._looks += 1
            self.crew.start(f"{self._looks}", self._look(chunk))

    async def drain(self) -> None:
        """Wait for the requests under way."""
        await self.crew.drain()

    async def stop(self, seconds: float) -> bool:
        """Wait so many seconds at most for the requests under way, then cancel the rest; tell whether all were done."""
        return await self.crew.stop(seconds)

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
            reach(Point.LOOKED)
            await self._handle_all(seen, waiting)
            for task_id in sorted(set(task_ids) - seen.keys()):
                await self._handle(task_id, await self._insist(task_id), waiting)
        except CometError as error:
            self._pause(error)
        finally:
            self._unseen.difference_update(task_ids)
            for task_id in waiting:
                if task_id in self._watches:
                    self._timetable.put(task_id, self._clock.monotonic() + pace.missing_look_seconds(0, scale=1.0))

    async def _look_singly(self, task_ids: Sequence[str], waiting: set[str]) -> None:
        """Ask for each by itself. Beside tasks that are answered for, a failure is that task's own, not the API's."""
        failed: list[str] = []
        failure: CometError | None = None
        answered, in_a_row = False, 0
        for task_id in task_ids:
            try:
                task = await self._midjourney.fetch(task_id)
            except CometBusy:
                raise
            except CometError as error:
                failed.append(task_id)
                failure, in_a_row = error, in_a_row + 1
                if in_a_row == _FAILURES_TO_PAUSE:
                    break
                continue
            reach(Point.LOOKED)
            answered, in_a_row, self._failures = True, 0, 0
            await self._handle(task_id, task, waiting)
        for task_id in failed:
            look = partial(self._observer.observe, task=None) if answered else self._observer.miss
            await self._tell(task_id, waiting, look, least=pace.FAILED_LOOK_SECONDS)
        if failure is not None and (in_a_row == _FAILURES_TO_PAUSE or not answered):
            raise failure

    async def _insist(self, task_id: str) -> Task | None:
        """Ask by itself for a task that list after list did not mention."""
        misses = min((watch.misses for watch in self._watches.get(task_id, {}).values()), default=0)
        if misses < pace.MISSES_BEFORE_SINGLE:
            return None
        try:
            return await self._midjourney.fetch(task_id)
        except CometBusy:
            raise
        except CometError as error:  # the API is there, it has just given us the list: this is about this task only
            _log.info("Task %s is in no list and cannot be had by itself: %s", task_id, error)
            return None

    async def _handle_all(self, seen: Mapping[str, Task], waiting: set[str]) -> None:
        """Take in all that one list tells, at once: what changed is then written with few commits, not one each."""
        under_way = {task_id: task for task_id, task in seen.items() if self._is_under_way(task_id, task)}
        others = [task_id for task_id in seen if task_id not in under_way]
        handling = [self._handle(task_id, seen[task_id], waiting) for task_id in others]
        faults = await asyncio.gather(self._advance(under_way, waiting), *handling, return_exceptions=True)
        for fault in faults:
            if fault is not None:
                raise fault

    def _is_under_way(self, task_id: str, task: Task) -> bool:
        return all(self._observer.is_under_way(watch, task) for watch in self._watches.get(task_id, {}).values())

    async def _advance(self, tasks: Mapping[str, Task], waiting: set[str]) -> None:
        """Take in how far tasks are: of a thousand that is nearly all that is ever seen, so it is done for all at once.

        Where that fails, it is done for each by itself, so that no other suffers for one.
        """
        looks = [(watch, task) for task_id, task in tasks.items() for watch in self._watches.get(task_id, {}).values()]
        try:
            await self._observer.advance(looks)
        except StorageError:
            raise
        except Exception:  # noqa: BLE001 - whatever it is, the task that it comes from has to be found out
            _log.exception("%d looks could not be taken in at once", len(looks))
            for task_id, task in tasks.items():
                await self._handle(task_id, task, waiting)
            return
        waiting.difference_update(tasks)
        for task_id in tasks.keys() & self._watches.keys():
            self._timetable.put(task_id, self._clock.monotonic() + self._next_look(task_id))

    async def _handle(self, task_id: str, task: Task | None, waiting: set[str]) -> None:
        await self._tell(task_id, waiting, partial(self._observer.observe, task=task))

    async def _tell(
        self, task_id: str, waiting: set[str], look: Callable[[Watch], Awaitable[bool]], *, least: float = 0.0
    ) -> None:
        """Have a look taken in for each job of the task, and say when the next is due, `least` seconds from now.

        A task for which that fails comes after the others next time: it must not stand before them for good.
        """
        waiting.discard(task_id)
        wait = pace.FAILED_LOOK_SECONDS
        try:
            for job_id, watch in list(self._watches.get(task_id, {}).items()):
                if not await look(watch):
                    self._drop(task_id, job_id)
            if task_id in self._watches:
                wait = self._next_look(task_id)
        except StorageError:
            raise
        except Exception:  # noqa: BLE001 - the others of the same request must not suffer for it
            _log.exception("A look at task %s could not be taken in", task_id)
        finally:
            if task_id in self._watches:
                self._timetable.put(task_id, self._clock.monotonic() + max(wait, least))

    def _drop(self, task_id: str, job_id: str) -> None:
        watches = self._watches.get(task_id, {})
        if watches.pop(job_id, None) is not None:
            self._task_of.pop(job_id, None)
        if not watches:
            self._watches.pop(task_id, None)
            self._timetable.drop(task_id)
            self._unseen.discard(task_id)

    def _next_look(self, task_id: str) -> float:
        """Return in how many seconds the first of a task's jobs is to be looked at again."""
        return min(map(self._next_look_for, self._watches[task_id].values()))

    def _next_look_for(self, watch: Watch) -> float:
        if watch.job.status in (Status.EXPIRED, Status.UNKNOWN):
            return pace.sweep_look_seconds(self._jitter())
        if watch.misses:
            return pace.missing_look_seconds(watch.misses, scale=self._scale)
        since = watch.job.submitted_at or watch.job.created_at
        age = max(0.0, (self._clock.now() - since).total_seconds())
        seen = pace.Pace(age, watch.progress or 0)
        return pace.next_look_seconds(seen, scale=self._scale, jitter=self._jitter())

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
