"""Adoption: finding the task of a submit whose answer was lost.

A callback names a task and carries the mark of a job. It is a hint and nothing more: what counts is what the API says
when asked with our key. Only a task that carries the job's own mark there becomes the job's (reliability B.5, C14). A
hint about a task that is followed already brings its next look forward. Knows the ports; never discord, aiohttp or
aiosqlite.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, final

from bot.errors import CometBusy, CometError, CometInvalid, CometRefused
from bot.jobs import policy
from bot.jobs.adopting.adopter import ADOPTABLE
from bot.jobs.crew import Crew
from bot.model import Status

if TYPE_CHECKING:
    from bot.jobs.adopting.adopter import Adopter
    from bot.jobs.adopting.echoes import Echoes
    from bot.jobs.adopting.spool import Hint, Spool
    from bot.jobs.ports import Clock, JobStore, Midjourney
    from bot.jobs.tracking.tracker import Tracker
    from bot.model import Job, Task

_log = logging.getLogger(__name__)

#: Looks at once. With a step a second, a flood of hints makes no more than sixteen requests a second (reliability C14).
_AT_ONCE: Final = 16
#: Hints taken out of the spool in one step.
_MOST: Final = 500
#: Seconds until a job that is being sent is asked again, and where a 429 names no time.
_SOON: Final = 2.0
_BUSY_PAUSE: Final = 5.0
#: Seconds to the second look at a task, and at most between two; a mark can be missing for 15 s (contract 6).
_FIRST_WAIT: Final = 2.0
_LONGEST_WAIT: Final = 300.0
#: Refusals that are about the task; all others are about the API or our key, and pass.
_NO_ANSWER: Final = frozenset({CometRefused, CometInvalid})


@final
@dataclass(slots=True)
class _Candidate:
    """A task that may be a job's.

    Attributes
    ----------
    since
        When it was first heard of, by the clock's `monotonic`. A job may be days old by then: a receiver outlives the
        bot, and somebody may have set the other clock.
    due
        When to look at it next, by the same clock.
    names
        Its files in the spool.
    """

    job_id: str
    task_id: str
    since: float
    due: float
    names: set[str] = field(default_factory=set[str])
    looks: int = 0


@final
class Adoption:
    """Deals with hints: from the spool, or from whoever calls `take`."""

    def __init__(  # noqa: PLR0913 - keywords, set in one place
        self,
        *,
        store: JobStore,
        midjourney: Midjourney,
        tracker: Tracker,
        adopter: Adopter,
        clock: Clock,
        echoes: Echoes,
        spool: Spool,
    ) -> None:
        self._store = store
        self._midjourney = midjourney
        self._tracker = tracker
        self._adopter = adopter
        self._clock = clock
        self._echoes = echoes
        self._spool = spool
        self._candidates: dict[tuple[str, str], _Candidate] = {}
        self._crew = Crew("Adoption", _AT_ONCE)
        self._paused_until = float("-inf")

    def take(self, hint: Hint, name: str = "") -> bool:
        """Take a hint in; tell whether it carries a mark of ours. `step` looks into it.

        Parameters
        ----------
        name
            Of its file in the spool, which is removed once it is dealt with.
        """
        job_id = self._echoes.job_of(hint.echo)
        if job_id is None:
            return False
        now = self._clock.monotonic()
        candidate = self._candidates.setdefault((job_id, hint.task_id), _Candidate(job_id, hint.task_id, now, now))
        candidate.due = min(candidate.due, now)
        if name:
            candidate.names.add(name)
        return True

    async def step(self) -> None:
        """Read the spool, and look into what is due."""
        await self._read()
        now = self._clock.monotonic()
        for candidate in [each for each in self._candidates.values() if each.due <= now]:
            if self._tracker.hasten(candidate.job_id, candidate.task_id):
                await self._close(candidate)
            elif now >= self._paused_until and self._crew.free and candidate.job_id not in self._crew:
                self._crew.start(candidate.job_id, self._look(candidate))

    async def drain(self) -> None:
        """Wait for the looks under way."""
        await self._crew.drain()

    async def stop(self, seconds: float) -> bool:
        """Wait so many seconds at most for the looks under way, then cancel the rest; tell whether all were done."""
        return await self._crew.stop(seconds)

    async def _read(self) -> None:
        known = {name for candidate in self._candidates.values() for name in candidate.names}
        hints = await asyncio.to_thread(self._spool.read, known, _MOST)
        foreign = [name for name, hint in hints.items() if not self.take(hint, name)]
        if foreign:
            _log.warning("%d hints in the spool carry no mark of ours; removed", len(foreign))
            await asyncio.to_thread(self._spool.drop, foreign)

    async def _close(self, candidate: _Candidate) -> None:
        """Be done with a candidate."""
        self._candidates.pop((candidate.job_id, candidate.task_id), None)
        await asyncio.to_thread(self._spool.drop, candidate.names)

    async def _look(self, candidate: _Candidate) -> None:
        """Find out whether the task is the job's, and what the job still needs of it."""
        self._put_off(candidate)  # first of all: whatever goes wrong here must not go wrong four times a second
        job = await self._store.get(candidate.job_id)
        if job is None or job.deleted_at is not None or job.task_id == candidate.task_id:
            if job is not None and job.status is Status.RUNNING:
                self._tracker.watch(job, at_once=True)  # unless it is followed, which it should be
            await self._close(candidate)
            return
        if job.status is Status.SUBMITTING:
            candidate.due = self._clock.monotonic() + _SOON
            return
        try:
            task = await self._midjourney.fetch(candidate.task_id)
        except CometError as error:
            self._pause(candidate, error)
            if type(error) in _NO_ANSWER:
                await self._let_go_in_time(candidate, "could not be looked at")
        else:
            await self._judge(candidate, job, task)

    async def _judge(self, candidate: _Candidate, job: Job, task: Task | None) -> None:
        """Take in what the API says about the task."""
        if task is None or not task.echo:
            # Later there may be one: the gateway shows it only once it has asked its own upstream (contract 6).
            await self._let_go_in_time(candidate, "never showed whose it is")
        elif task.echo != self._echoes.of(job.id):
            _log.warning("A callback named task %s, which is not this job's", candidate.task_id)
            await self._close(candidate)
        elif job.status in ADOPTABLE and job.task_id is None:
            if await self._adopter.adopt(job, candidate.task_id, task):
                await self._close(candidate)
        else:
            self._report(job, candidate.task_id)
            await self._close(candidate)

    def _pause(self, candidate: _Candidate, error: CometError) -> None:
        _log.info("Task %s cannot be looked at: %s", candidate.task_id, error)
        if isinstance(error, CometBusy):
            pause = error.retry_after.total_seconds() if error.retry_after else _BUSY_PAUSE
            self._paused_until = self._clock.monotonic() + pause

    def _put_off(self, candidate: _Candidate) -> None:
        wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** min(candidate.looks, 10))
        candidate.due = self._clock.monotonic() + wait
        candidate.looks += 1

    async def _let_go_in_time(self, candidate: _Candidate, why: str) -> None:
        """Look again later, but not for ever: else whoever can send hints could fill the spool for good."""
        if self._clock.monotonic() - candidate.since < policy.SWEEP_PATIENCE.total_seconds():
            return
        _log.warning("Task %s %s; let go", candidate.task_id, why)
        await self._close(candidate)

    def _report(self, job: Job, task_id: str) -> None:
        """Tell the owner of a task that carries the mark of a job which needs none: it may have been paid for."""
        _log.warning(
            "Task %s was made for this job too, which is %s (task %s): it may have been charged for nothing",
            task_id,
            job.status.value,
            job.task_id,
            extra={"job": job.id},
        )
