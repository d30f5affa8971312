"""How a POST ended, written down whatever it takes, and told to those who wait for it.

A task id that is not written down is a paid picture lost, so writing is tried again while the process lives. Knows the
ports; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from bot.errors import StorageError, TransitionLost
from bot.fault_points import Point, reach
from bot.model import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.jobs.adopting.journal import Journal
    from bot.jobs.ports import Clock, Headway, JobChanges, JobStore, Outcome
    from bot.model import Job

_log = logging.getLogger(__name__)

_FIRST_WAIT: Final = 0.5  # seconds
_LONGEST_WAIT: Final = 15.0  # seconds


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Listeners:
    """Whom to tell what became of a job. The job handed over is as it is in the store.

    Attributes
    ----------
    answered
        The person sees it as it is now; it may be sent.
    changed
        It looks different now; nothing else to do.
    advanced
        Its task has come further, and that is all: the job as it was, and how far it is.
    running
        It has a task to follow.
    needs_input
        Its task waits for the modal step.
    settled
        The person is owed a last word.
    """

    answered: Callable[[Job], None]
    changed: Callable[[Job], None]
    advanced: Callable[[Job, Headway], None]
    running: Callable[[Job], None]
    needs_input: Callable[[Job], None]
    settled: Callable[[Job], None]


@final
class OutcomeWriter:
    """Moves a job out of `submitting`."""

    def __init__(self, store: JobStore, clock: Clock, journal: Journal) -> None:
        self._store = store
        self._clock = clock
        self._journal = journal

    async def save(self, job: Job, target: Status, outcome: Outcome, changes: JobChanges) -> Job | None:
        """Write down how the POST ended, however long the database refuses; None if the row was not ours to move.

        A new task id is in the journal before, and the log tells all else that would be lost if the process ended
        before the database takes it.
        """
        reach(Point.ANSWER_READ)
        task_id = changes.get("task_id", job.task_id)
        if task_id is None or task_id == job.task_id:
            return await self._write(job, target, outcome, changes)
        await self._journal.write(job.id, task_id)
        reach(Point.JOURNALED)
        saved = await self._write(job, target, outcome, changes)
        self._journal.done()
        return saved

    async def _write(self, job: Job, target: Status, outcome: Outcome, changes: JobChanges) -> Job | None:
        never, wait = asyncio.Event(), _FIRST_WAIT
        while True:
            try:
                saved = await self._store.transition(
                    job.id, Status.SUBMITTING, target, at=self._clock.now(), changes=changes, outcome=outcome
                )
            except TransitionLost:
                _log.error("Somebody moved a job while it was being sent", extra={"job": job.id})
                return None
            except StorageError as error:
                _log.critical(
                    "Cannot write down that the job is %s (task %s): %s. %s",
                    target.value,
                    changes.get("task_id", job.task_id),
                    error,
                    error.explanation,
                    extra={"job": job.id},
                )
            else:
                reach(Point.RECORDED)
                return saved
            await self._clock.wait(never, wait)
            wait = min(2 * wait, _LONGEST_WAIT)
