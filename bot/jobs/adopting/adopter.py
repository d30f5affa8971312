"""`Adopter`: makes a task that turned up a job's, after a submit whose answer was lost or not written down.

From the journal it learns by itself what a former process was answered; whoever else finds a task has asked the API
whose it is (`bot.jobs.adopting.adoption`). Knows the ports and the policy; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, final

from bot.errors import TransitionLost
from bot.fault_points import Point, reach
from bot.jobs import policy
from bot.model import Status

if TYPE_CHECKING:
    from datetime import datetime

    from bot.jobs.adopting.journal import Journal
    from bot.jobs.ports import Clock, JobChanges, JobStore
    from bot.jobs.submitting.outcomes import Listeners
    from bot.jobs.tracking.tracker import Tracker
    from bot.model import Job, Task

_log = logging.getLogger(__name__)

#: What may be adopted: submits that nobody knows the end of, and such as are to be sent again although the API, as it
#: turns out, took them.
ADOPTABLE: Final = frozenset({Status.UNKNOWN, Status.QUEUED})


@final
class Adopter:
    """Adopts tasks."""

    def __init__(
        self, *, store: JobStore, tracker: Tracker, listeners: Listeners, clock: Clock, journal: Journal
    ) -> None:
        self._store = store
        self._tracker = tracker
        self._tell = listeners
        self._clock = clock
        self._journal = journal

    async def recover(self) -> None:
        """Give the jobs of a former process the tasks that they were accepted as. Once, after its rows are honest.

        No mark is asked for: the journal holds what the API answered to us. It may have named a task that another job
        has too (contract 3, code 21); then both have it, as when the answer is written down.
        """
        for job_id, task_id in (await self._journal.read()).items():
            job = await self._store.get(job_id)
            if job is None or job.task_id == task_id or job.deleted_at is not None:
                continue
            if job.status is Status.NEEDS_INPUT:  # its modal step was answered with another id (contract 4.5)
                await self._store.note(job_id, {"task_id": task_id}, self._clock.now())
            elif job.status in ADOPTABLE and job.task_id is None:
                await self.adopt(job, task_id, may_share=True)
            else:
                _log.warning(
                    "The journal says that this job, which is %s (task %s), was accepted as task %s",
                    job.status.value,
                    job.task_id,
                    task_id,
                    extra={"job": job.id},
                )
        await self._journal.clear()

    async def adopt(self, job: Job, task_id: str, task: Task | None = None, *, may_share: bool = False) -> bool:
        """Make the task the job's, and have the person see that it goes on after all; tell whether that is settled.

        Parameters
        ----------
        task
            What the API says of it, as far as it was asked.
        may_share
            Whether it may be another job's already.
        """
        now = self._clock.now()
        changes: JobChanges = {
            "submitted_at": _submitted_at(job, task) or now,
            "give_up_at": now + policy.RUN_PATIENCE,
            "failure": None,
            "failure_detail": "",
            "waiting": None,
        }
        try:
            adopted = await self._store.adopt(job.id, job.status, task_id, at=now, changes=changes, may_share=may_share)
        except TransitionLost:
            _log.debug("Somebody else moved the job", extra={"job": job.id})
            return False
        if adopted is None:
            _log.warning("Task %s is another job's already", task_id, extra={"job": job.id})
            return True
        reach(Point.ADOPTED)
        _log.info("Adopted task %s", task_id, extra={"job": job.id, "action": "adopt"})
        self._tracker.watch(adopted, at_once=True)
        self._tell.running(adopted)
        return True


def _submitted_at(job: Job, task: Task | None) -> datetime | None:
    """Return when the API says that it took the task, unless that cannot be."""
    at = task.submitted_at if task is not None else None
    return at if at is not None and at >= job.created_at else None
