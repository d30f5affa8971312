"""The submitter: takes queued jobs, sends the paid request once, and writes down what came of it.

The row says `submitting` before a socket is opened, and nothing here ever moves it from there back to `queued` unless
the API proved that it took nothing. Knows the ports and the policy; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import asyncio
import logging
import random
from datetime import timedelta
from typing import TYPE_CHECKING, final

from bot.errors import CometError, CometNotReady, TransitionLost
from bot.fault_points import Point, reach
from bot.jobs import policy
from bot.jobs.crew import Crew
from bot.jobs.ports import Outcome
from bot.jobs.submitting.outcomes import OutcomeWriter
from bot.jobs.submitting.patience import Patience
from bot.model import Failure, Status

if TYPE_CHECKING:
    from bot.jobs.adopting.journal import Journal
    from bot.jobs.ports import Clock, JobChanges, JobStore
    from bot.jobs.submitting.dead_buttons import DeadButtons
    from bot.jobs.submitting.gate import Gate
    from bot.jobs.submitting.outcomes import Listeners
    from bot.jobs.submitting.sending import Sender, Shipment
    from bot.model import Accepted, Job, Waiting

_log = logging.getLogger(__name__)


@final
class Submitter:
    """Sends queued jobs, at most `concurrency` at once."""

    def __init__(  # noqa: PLR0913 - keywords, set in one place
        self,
        *,
        store: JobStore,
        sender: Sender,
        dead_buttons: DeadButtons,
        gate: Gate,
        clock: Clock,
        listeners: Listeners,
        journal: Journal,
        concurrency: int,
    ) -> None:
        self._store = store
        self._sender = sender
        self._dead_buttons = dead_buttons
        self._gate = gate
        self._clock = clock
        self._tell = listeners
        self._outcomes = OutcomeWriter(store, clock, journal)
        self.crew = Crew("Submit", concurrency)
        self._patience = Patience(clock)
        self._refusals: dict[str, int] = {}

    @property
    def fault(self) -> Waiting | None:
        """Why nothing is sent at all, where something is known to be wrong."""
        return self._gate.fault

    async def step(self) -> None:
        """Start the submits that are due and that the gate lets through."""
        if not self.crew.free:
            return
        now = self._clock.now()
        jobs = [job for job in await self._store.due_submits(now, self.crew.free + 1) if job.id not in self.crew]
        if not jobs:
            return
        held: list[Job] = []
        allowed = await self._gate.allows()
        for job in jobs:
            if self._patience.left(job) == timedelta():
                await self._give_up(job)
            elif allowed is not None and allowed <= 0:
                held.append(job)
            elif self.crew.free:
                allowed = None if allowed is None else allowed - 1
                self.crew.start(job.id, self._submit(job))
        await asyncio.gather(*map(self._hold, held))  # an outage may last: one commit for all of them, not one each

    async def drain(self) -> None:
        """Wait for the submits under way."""
        await self.crew.drain()

    async def stop(self, seconds: float) -> bool:
        """Wait so many seconds at most for the submits under way, then cancel the rest; tell whether all were done."""
        return await self.crew.stop(seconds)

    async def _hold(self, job: Job) -> None:
        """Keep a due job queued while the gate is closed, and let the person know why."""
        now, cause = self._clock.now(), self._gate.closed_by
        await self._store.note(job.id, {"due_at": now + timedelta(seconds=2), "waiting": cause}, now)
        if cause is job.waiting:
            return
        held = await self._store.get(job.id)
        if held is not None:
            self._tell.changed(held)

    async def _give_up(self, job: Job) -> None:
        await self._fail(job, policy.GAVE_UP[job.waiting], "Gave up waiting to submit")

    async def _submit(self, job: Job) -> None:
        shipment = await self._sender.prepare(job)
        if isinstance(shipment, Failure):
            await self._fail(job, shipment, "Cannot be sent any more")
            return
        try:
            job = await self._store.begin_submit(job.id, Status.QUEUED, shipment.step, self._clock.now())
        except TransitionLost:
            return  # cancelled in this moment, or another has it
        reach(Point.SUBMITTING)
        self._tell.changed(job)
        try:
            accepted = await shipment.send()
        except CometError as error:
            await self._refused(job, shipment, error)
        except Exception:
            await self._outcomes.save(job, Status.UNKNOWN, Outcome.UNKNOWN, {"finished_at": self._clock.now()})
            raise
        else:
            await self._accepted(job, accepted)

    async def _accepted(self, job: Job, accepted: Accepted) -> None:
        now = self._clock.now()
        self._gate.note(None)
        self._forget(job)
        target = Status.NEEDS_INPUT if accepted.needs_input else Status.RUNNING
        changes: JobChanges = {
            "task_id": accepted.task_id,
            "submitted_at": now,
            "give_up_at": now + policy.RUN_PATIENCE,
            "queue_ahead": accepted.queue_ahead,
            "waiting": None,
        }
        _log.info("Accepted as task %s", accepted.task_id, extra={"job": job.id, "action": "submit"})
        running = await self._outcomes.save(job, target, Outcome.ACCEPTED, changes)
        if running is None:
            return
        self._tell.changed(running)
        if accepted.needs_input:
            self._tell.needs_input(running)
        else:
            self._tell.running(running)

    async def _refused(self, job: Job, shipment: Shipment, error: CometError) -> None:
        self._gate.note(error)
        refusals = self._refusals.get(job.id, 0)
        now = self._clock.now()
        verdict = policy.judge_submit(
            error,
            waited=self._patience.waited(job),
            refusals=refusals,
            jitter=random.random(),  # noqa: S311 - spreads retries, guards nothing
        )
        _log.log(
            logging.INFO if verdict.status is Status.QUEUED else logging.WARNING,
            "Not accepted (%s: %s), now %s",
            type(error).__name__,
            error,
            verdict.status.value,
            extra={"job": job.id, "action": "submit"},
        )
        failure = verdict.failure
        if failure is Failure.PARENT_GONE and shipment.parent is None:
            failure = Failure.NO_ACCOUNT  # the account behind a new prompt is gone, not its parent (contract 3.4)
        changes: JobChanges = {"failure": failure, "failure_detail": verdict.detail, "waiting": verdict.waiting}
        if verdict.status is Status.QUEUED:
            wait, left = timedelta(seconds=verdict.wait_seconds), self._patience.left(job)
            changes["due_at"] = now + (wait if left is None else min(wait, left))
        else:
            changes["finished_at"] = now
            self._forget(job)
        saved = await self._outcomes.save(job, verdict.status, verdict.outcome, changes)
        if saved is not None:
            (self._tell.changed if verdict.status is Status.QUEUED else self._tell.settled)(saved)
        # Only now that the row is out of `submitting`: whatever happens here must not leave it there.
        if isinstance(error, CometNotReady) and verdict.status is Status.QUEUED:
            self._refusals[job.id] = refusals + 1
            await self._sender.refresh(job, shipment)
        elif verdict.status is Status.FAILED:
            await self._dead_buttons.note(job, error)

    async def _fail(self, job: Job, failure: Failure, why: str) -> None:
        """Fail a job that is still queued."""
        now = self._clock.now()
        try:
            failed = await self._store.transition(
                job.id, Status.QUEUED, Status.FAILED, at=now, changes={"failure": failure, "finished_at": now}
            )
        except TransitionLost:
            return
        self._forget(job)
        _log.warning("%s (%s)", why, failure.value, extra={"job": job.id, "action": "submit"})
        self._tell.settled(failed)

    def _forget(self, job: Job) -> None:
        self._refusals.pop(job.id, None)
        self._patience.forget(job.id)
        self._sender.forget(job.id)
