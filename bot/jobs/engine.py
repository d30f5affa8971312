"""The engine as a whole: puts its parts together, keeps them going, and stops them in order.

Restart is the ordinary path: apart from telling the truth about interrupted submits, starting is nothing but looking
for what is due. Knows the ports; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING, Final, final

from bot.config.keys import ECHOES, load_key
from bot.fault_points import Point, reach
from bot.jobs import policy
from bot.jobs.adopting.echoes import Echoes
from bot.jobs.adopting.journal import FILE, Journal
from bot.jobs.delivering.progress import ProgressReporter
from bot.jobs.ground import Ground
from bot.jobs.housekeeping.backups import Backups
from bot.jobs.housekeeping.steadiness import Steadiness
from bot.jobs.people.preferences import Preferences
from bot.jobs.rounds import ASKING, PATIENT, Rounds
from bot.jobs.services_wiring import make_services
from bot.jobs.submitting.answers import Answers
from bot.jobs.submitting.outcomes import Listeners
from bot.jobs.tracking.sweep import Sweep
from bot.jobs.wiring import (
    make_adopter,
    make_adoption,
    make_cleansing,
    make_contact,
    make_courier,
    make_files,
    make_modals,
    make_submitter,
    make_tracker,
    make_upkeep,
)
from bot.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.jobs.ground import Pacing
    from bot.jobs.ports import Clock, Darkroom, Delivery, Headway, Memory, Midjourney, Vault
    from bot.model import Job, Waiting

_log = logging.getLogger(__name__)

# Seconds between two steps of each part; those with something new to do are woken at once.
_TICK: Final = 0.25
_GLANCE: Final = 1.0
_ROUND: Final = 15.0
_MINUTES: Final = 600.0
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
    darkroom
        Where pictures are decoded; not closed here.
    data_folder
        Where pictures are kept, in folders of their own: fetched ones, those handed in, and drafts of ours.
    draw_link
        Makes the link to the drawing page of a region's draft; None where there is no such page.
    export_link
        Makes the link to an export; None where there is no such page.
    vault
        Where backups go; None where there are to be none.
    metrics
        Where what happens is counted; None for nowhere.

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
        darkroom: Darkroom,
        data_folder: Path,
        pacing: Pacing,
        draw_link: Callable[[str], str] | None = None,
        export_link: Callable[[str], str] | None = None,
        vault: Vault | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self._store = store = memory.jobs
        self._clock = clock
        self._submit_due = asyncio.Event()
        self._delivery_due = asyncio.Event()
        self._looks_due = asyncio.Event()
        self._stopping = asyncio.Event()
        self._parts: list[asyncio.Task[None]] = []
        self._rounds = Rounds(clock, self._stopping)
        listeners = self._listeners()
        self.pictures, self.inputs = make_files(memory, midjourney, darkroom, clock, data_folder)
        ground = Ground(
            memory=memory,
            midjourney=midjourney,
            delivery=delivery,
            clock=clock,
            pacing=pacing,
            data_folder=data_folder,
            listeners=listeners,
            pictures=self.pictures,
            inputs=self.inputs,
            preferences=Preferences(memory),
            echoes=Echoes(load_key(data_folder, ECHOES)),
            journal=Journal(data_folder / FILE),
            metrics=metrics or Metrics(),
            export_link=export_link,
        )
        self.answers = Answers(memory, delivery, clock)
        self.submitter = make_submitter(ground)
        self.modals = make_modals(ground)
        self.tracker = make_tracker(ground)
        self.sweep = Sweep(store, self.tracker, clock)
        self.adopter = make_adopter(ground, self.tracker)
        self.adoption = make_adoption(ground, self.tracker, self.adopter)
        self.reporter = ProgressReporter(store, delivery, clock, interval=pacing.progress_edit_interval)
        self.courier = make_courier(ground, self.reporter)
        self.contact = make_contact(ground)
        steadiness = Steadiness(clock)
        self.backups = Backups(vault=vault, clock=clock, steadiness=steadiness, every=pacing.backup_every)
        self.services = make_services(ground, draw_link)
        self.upkeep = make_upkeep(ground, self.services, self.backups, steadiness)
        self.cleansing = make_cleansing(ground, self.services, vault)
        self.submitter.crew.place_free = self._submit_due.set
        self.courier.crew.place_free = self._delivery_due.set
        self.tracker.crew.place_free = self._looked

    @property
    def late_parts(self) -> list[str]:
        """The parts that should have come round again by now, by name."""
        return self._rounds.late

    @property
    def api_fault(self) -> Waiting | None:
        """Why nothing is sent to the API at all, where something is known to be wrong."""
        return self.submitter.fault

    @property
    def is_stopping(self) -> bool:
        """Whether nothing new is taken on any more."""
        return self._stopping.is_set()

    # What the parts tell each other ----------------------------------------------------------------------------------

    def _listeners(self) -> Listeners:
        return Listeners(
            answered=self._answered,
            changed=self._changed,
            advanced=self._advanced,
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

    def _advanced(self, job: Job, headway: Headway) -> None:
        if job.batch_id is None:
            self.reporter.advance(job, headway)
        else:
            self.contact.touch(job)

    def _running(self, job: Job) -> None:
        self.tracker.watch(job)
        self._changed(job)

    def _needs_input(self, job: Job) -> None:
        self.tracker.watch(job)
        self.modals.answer(job)

    def _looked(self) -> None:
        """Go on at once while a restart is to be made up for; else the next turn comes soon enough, with more due."""
        if self.tracker.is_catching_up:
            self._looks_due.set()

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
        await self.adopter.recover()
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
            start = partial(self._rounds.start, group)
            self._parts = [
                start("answers", self.answers.step, _ROUND, patience=PATIENT),
                start("submitter", self.submitter.step, _GLANCE, due=self._submit_due, patience=ASKING),
                start("tracker", self.tracker.step, _TICK, due=self._looks_due),
                start("sweep", self.sweep.step, _MINUTES),
                start("adoption", self.adoption.step, _GLANCE),
                start("progress", self.reporter.step, _TICK),
                start("batches", self.contact.step, _GLANCE),
                start("courier", self.courier.step, _GLANCE, due=self._delivery_due),
                start("leaving", self.services.privacy.leaving.step, _ROUND, patience=PATIENT),
                start("cleansing", self.cleansing.step, _ROUND, patience=PATIENT),
                start("deletions", self.services.deletions.finish, _MINUTES, patience=PATIENT),
                start("exports", self.services.privacy.exports.step, _ROUND, patience=PATIENT),
                start("upkeep", self.upkeep.step, _HOUR, patience=PATIENT),
            ]

    async def stop(self) -> None:
        """Accept and start nothing more, and give what is under way a fair time to end. Safe at any moment."""
        reach(Point.STOPPING)
        self.services.jobs.close()
        self.services.stars.close()
        self._stopping.set()
        self._submit_due.set()
        self._delivery_due.set()
        self._looks_due.set()
        self.backups.stop()
        self.cleansing.stop()
        ended = await asyncio.gather(
            self.submitter.stop(_SUBMITS_GRACE),
            self.modals.stop(_SUBMITS_GRACE),
            self.courier.stop(_SUBMITS_GRACE + _POSTS_GRACE),
            self.tracker.stop(_LOOKS_GRACE),
            self.adoption.stop(_LOOKS_GRACE),
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
