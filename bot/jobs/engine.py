"""The engine as a whole: puts its parts together, keeps them going, and stops them in order.

Restart is the ordinary path: apart from telling the truth about interrupted submits, starting is nothing but looking
for what is due. Knows the ports; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final, final

from bot.fault_points import Point, reach
from bot.jobs import policy
from bot.jobs.answers import Answers
from bot.jobs.clearing import Clearing
from bot.jobs.inputs import Inputs
from bot.jobs.modals import ModalSender
from bot.jobs.outcomes import Listeners
from bot.jobs.pictures import Pictures
from bot.jobs.preferences import Preferences
from bot.jobs.progress import ProgressReporter
from bot.jobs.upkeep import Upkeep
from bot.jobs.wiring import Ground, make_contact, make_courier, make_services, make_submitter, make_tracker

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from bot.jobs.ports import Clock, Delivery, Memory, Midjourney
    from bot.jobs.wiring import Pacing
    from bot.model import Job

_log = logging.getLogger(__name__)

# Seconds between two steps of each part; those with something new to do are woken at once.
_TICK: Final = 0.25
_GLANCE: Final = 1.0
_ROUND: Final = 15.0
_HOUR: Final = 3600.0
# Seconds that a stop waits for what is under way (reliability B.4, 17).
_SUBMITS_GRACE: Final = 14.0
_POSTS_GRACE: Final = 4.0
_LOOKS_GRACE: Final = 1.0


@final
class Engine:
    """Everything between the Discord surface, the database and the API.

    Parameters
    ----------
    data_folder
        Where pictures are kept, in folders of their own: fetched ones, those handed in, and drafts of ours.
    draw_link
        Makes the link to the drawing page of a region's draft; None where there is no such page.
    export_link
        Makes the link to an export; None where there is no such page.

    Attributes
    ----------
    services
        All that the Discord surface may ask for.
    """

    def __init__(  # noqa: PLR0913 - keywords, set in one place
        self,
        *,
        memory: Memory,
        midjourney: Midjourney,
        delivery: Delivery,
        clock: Clock,
        data_folder: Path,
        pacing: Pacing,
        draw_link: Callable[[str], str] | None = None,
        export_link: Callable[[str], str] | None = None,
    ) -> None:
        self._store = store = memory.jobs
        self._clock = clock
        self._submit_due = asyncio.Event()
        self._delivery_due = asyncio.Event()
        self._stopping = asyncio.Event()
        self._parts: list[asyncio.Task[None]] = []
        listeners = self._listeners()
        self.pictures = Pictures(folder=data_folder / "pictures", memory=memory, midjourney=midjourney, clock=clock)
        self.inputs = inputs = Inputs(
            folder=data_folder / "inputs", midjourney=midjourney, clock=clock, worker=self.pictures.worker
        )
        ground = Ground(
            memory=memory,
            midjourney=midjourney,
            delivery=delivery,
            clock=clock,
            pacing=pacing,
            data_folder=data_folder,
            listeners=listeners,
            pictures=self.pictures,
            inputs=inputs,
            preferences=Preferences(memory),
            export_link=export_link,
        )
        self.answers = Answers(store, delivery, clock)
        self.submitter = make_submitter(ground)
        self.modals = ModalSender(store=store, midjourney=midjourney, inputs=inputs, clock=clock, listeners=listeners)
        self.tracker = make_tracker(ground)
        self.reporter = ProgressReporter(store, delivery, clock, interval=pacing.progress_edit_interval)
        self.courier = make_courier(ground, self.reporter)
        self.contact = make_contact(ground)
        clearing = Clearing(memory=memory, keeper=self.pictures.keeper, clock=clock, limits=pacing.pictures)
        self.services = make_services(ground, draw_link)
        self.upkeep = Upkeep(
            memory=memory,
            inputs=inputs,
            clearing=clearing,
            retention=self.services.privacy.retention,
            stars=self.services.stars,
            clock=clock,
        )
        self.submitter.crew.place_free = self._submit_due.set
        self.courier.crew.place_free = self._delivery_due.set

    # What the parts tell each other ----------------------------------------------------------------------------------

    def _listeners(self) -> Listeners:
        return Listeners(
            answered=self._answered,
            changed=self._changed,
            running=self._running,
            needs_input=self._needs_input,
            settled=self._settled,
        )

    def _answered(self, job: Job) -> None:
        if job.batch_id is None:
            self.reporter.shown(job)
        else:
            self.contact.touch(job)
        self._submit_due.set()

    def _changed(self, job: Job) -> None:
        if job.batch_id is None:
            self.reporter.tell(job)
        else:
            self.contact.touch(job)

    def _running(self, job: Job) -> None:
        self.tracker.watch(job)
        self._changed(job)

    def _needs_input(self, job: Job) -> None:
        self.tracker.watch(job)
        self.modals.answer(job)

    def _settled(self, job: Job) -> None:
        _log.debug("Settled as %s", job.status.value, extra={"job": job.id})
        self.contact.touch(job)
        self._delivery_due.set()

    # Life ------------------------------------------------------------------------------------------------------------

    async def recover(self) -> None:
        """Make the rows of a former process honest and find its tasks again. Before anything else, once."""
        now = self._clock.now()
        recovered = await self._store.recover(now)
        reach(Point.RECOVERING)
        for status, count in recovered.items():
            _log.warning("%d submits were interrupted by the last stop; they are now %s", count, status.value)
        await self.services.privacy.leaving.recover()
        await self.services.families.recover()
        await self.contact.recover()
        open_jobs = await self._store.open_tasks(now - policy.SWEEP_PATIENCE)
        for job in open_jobs:
            self.tracker.watch(job, at_once=True)
        if open_jobs:
            _log.info("Following %d tasks from before the start", len(open_jobs))

    async def run(self) -> None:
        """Keep all parts going until `stop`."""
        async with asyncio.TaskGroup() as group:
            self._parts = [
                group.create_task(self._keep(self.answers.step, _ROUND), name="answers"),
                group.create_task(self._keep(self.submitter.step, _GLANCE, self._submit_due), name="submitter"),
                group.create_task(self._keep(self.tracker.step, _TICK), name="tracker"),
                group.create_task(self._keep(self.reporter.step, _TICK), name="progress"),
                group.create_task(self._keep(self.contact.step, _GLANCE), name="batches"),
                group.create_task(self._keep(self.courier.step, _GLANCE, self._delivery_due), name="courier"),
                group.create_task(self._keep(self.services.privacy.leaving.step, _ROUND), name="leaving"),
                group.create_task(self._keep(self.services.privacy.exports.step, _ROUND), name="exports"),
                group.create_task(self._keep(self.upkeep.step, _HOUR), name="upkeep"),
            ]

    async def stop(self) -> None:
        """Accept and start nothing more, and give what is under way a fair time to end. Safe at any moment."""
        reach(Point.STOPPING)
        self.services.jobs.close()
        self._stopping.set()
        self._submit_due.set()
        self._delivery_due.set()
        ended = await asyncio.gather(
            self.submitter.stop(_SUBMITS_GRACE),
            self.modals.stop(_SUBMITS_GRACE),
            self.courier.stop(_SUBMITS_GRACE + _POSTS_GRACE),
            self.tracker.stop(_LOOKS_GRACE),
            self.reporter.stop(_LOOKS_GRACE),
            self.contact.stop(_LOOKS_GRACE),
            self.services.privacy.exports.stop(_LOOKS_GRACE),
        )
        reach(Point.DRAINED)
        for part in self._parts:
            part.cancel()  # a step may be waiting for an answer of the API or of Discord; none of them pays or posts
        if not all(ended[:3]):
            _log.warning("Stopped with work under way; the next start sees to it")
        self.pictures.close()

    async def _keep(self, step: Callable[[], Awaitable[None]], every: float, due: asyncio.Event | None = None) -> None:
        """Take step after step; one that fails is logged and does not end the others."""
        wake = due or self._stopping
        while not self._stopping.is_set():
            if due is not None:
                due.clear()
            try:
                await step()
            except Exception:  # noqa: BLE001 - the boundary of the engine: a part that dies would strand every job
                _log.exception("A step failed; trying again")
                await self._clock.wait(self._stopping, _GLANCE)
            await self._clock.wait(wake, every)
