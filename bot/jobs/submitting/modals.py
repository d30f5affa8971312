"""The API's modal step, for tasks that ask for input: a prompt, and the mask of a region.

The prompt sent is the job's own: what the person gave, or that of its parent where the API asks although nobody was
asked (an account in remix mode), so that the picture is the one that was asked for (contract 4.5). Sent once: after
that a MODAL status is stale news. Knows the ports; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final, final

from bot.errors import CometError, CometNotReady, TransitionLost
from bot.fault_points import Point, reach
from bot.jobs import policy
from bot.jobs.crew import Crew
from bot.jobs.ports import Outcome, Step
from bot.jobs.submitting.outcomes import OutcomeWriter
from bot.model import Failure, Status

if TYPE_CHECKING:
    from pathlib import Path

    from bot.jobs.adopting.journal import Journal
    from bot.jobs.keeping.inputs import Inputs
    from bot.jobs.policy import Verdict
    from bot.jobs.ports import Clock, JobChanges, JobStore, Midjourney
    from bot.jobs.submitting.outcomes import Listeners
    from bot.model import Job

_log = logging.getLogger(__name__)

_AT_ONCE: Final = 8


@final
class ModalSender:
    """Answers tasks in `needs_input`."""

    def __init__(
        self,
        *,
        store: JobStore,
        midjourney: Midjourney,
        inputs: Inputs,
        clock: Clock,
        listeners: Listeners,
        journal: Journal,
    ) -> None:
        self._store = store
        self._midjourney = midjourney
        self._inputs = inputs
        self._clock = clock
        self._tell = listeners
        self._outcomes = OutcomeWriter(store, clock, journal)
        self._crew = Crew("Modal", _AT_ONCE)
        self._refusals: dict[str, int] = {}

    def answer(self, job: Job) -> None:
        """Give the job's task its prompt, unless that is under way. A busy crew leaves it to the next look."""
        if job.id not in self._crew and self._crew.free:
            self._crew.start(job.id, self._send(job))

    async def drain(self) -> None:
        """Wait for the modals under way."""
        await self._crew.drain()

    async def stop(self, seconds: float) -> bool:
        """Wait so many seconds at most for the modals under way, then cancel the rest; tell whether all were done."""
        return await self._crew.stop(seconds)

    async def _send(self, job: Job) -> None:
        # Whoever asks may have seen the job some time ago: only the row knows whether the modal was sent meanwhile.
        current = await self._store.get(job.id)
        if current is not None and current.deleted_at is not None:
            return  # its person has left: nothing paid is sent for nobody
        if current is None or current.task_id is None or current.modal_sent_at is not None:
            if current is not None:
                self._tell.running(current)
            return
        mask = self._inputs.path(current.order.mask) if current.order.mask is not None else None
        gone = Failure.INPUT_GONE if mask is None and current.order.mask is not None else None
        if current.words_gone and not current.prompt:
            gone = Failure.WORDS_GONE
        if gone is not None:
            await self._fail_unsent(current, gone)
            return
        now = self._clock.now()
        try:
            begun = await self._store.begin_submit(current.id, Status.NEEDS_INPUT, Step.MODAL, now)
        except TransitionLost:
            return
        reach(Point.MODAL)
        await self._send_once(begun, mask, {"modal_sent_at": now})

    async def _send_once(self, job: Job, mask: Path | None, sent: JobChanges) -> None:
        try:
            accepted = await self._midjourney.answer_modal(job.task_id or "", job.prompt, mask=mask, speed=job.speed)
        except CometError as error:
            await self._refused(job, error, sent)
            return
        except Exception:
            await self._follow(job, Outcome.UNKNOWN, sent)
            raise
        self._refusals.pop(job.id, None)
        sent["task_id"] = accepted.task_id
        running = await self._outcomes.save(job, Status.RUNNING, Outcome.ACCEPTED, sent)
        if running is not None:
            self._tell.running(running)

    async def _refused(self, job: Job, error: CometError, sent: JobChanges) -> None:
        """Follow one of unknown outcome by its task id, which is known; ask again later, or fail."""
        refusals = self._refusals.get(job.id, 0)
        verdict = policy.judge_submit(error, waited=timedelta(), refusals=refusals, jitter=0)
        _log.warning("Modal not accepted (%s: %s)", type(error).__name__, error, extra={"job": job.id})
        if verdict.status is Status.FAILED:
            await self._fail(job, verdict)
            return
        if verdict.status is Status.QUEUED:
            self._refusals[job.id] = refusals + isinstance(error, CometNotReady)  # an outage uses up no try
            sent = {}
        await self._follow(job, verdict.outcome, sent)

    async def _follow(self, job: Job, outcome: Outcome, sent: JobChanges) -> None:
        """Leave the job to its task, which tells what became of it."""
        waiting = await self._outcomes.save(job, Status.NEEDS_INPUT, outcome, sent)
        if waiting is not None:
            self._tell.running(waiting)

    async def _fail_unsent(self, job: Job, failure: Failure) -> None:
        """Fail a job whose mask or prompt is there no more: without it the API would make something else."""
        now = self._clock.now()
        changes: JobChanges = {"failure": failure, "finished_at": now}
        try:
            failed = await self._store.transition(job.id, Status.NEEDS_INPUT, Status.FAILED, at=now, changes=changes)
        except TransitionLost:
            return
        _log.warning("The modal is not sent: %s", failure.value, extra={"job": job.id})
        self._tell.settled(failed)

    async def _fail(self, job: Job, verdict: Verdict) -> None:
        self._refusals.pop(job.id, None)
        changes: JobChanges = {
            "failure": verdict.failure,
            "failure_detail": verdict.detail,
            "finished_at": self._clock.now(),
        }
        failed = await self._outcomes.save(job, Status.FAILED, verdict.outcome, changes)
        if failed is not None:
            self._tell.settled(failed)
