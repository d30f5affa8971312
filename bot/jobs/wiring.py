"""Puts together what `Engine` keeps going. Knows the ports; never discord, aiohttp or aiosqlite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.jobs.adopting.adopter import Adopter
from bot.jobs.adopting.adoption import Adoption
from bot.jobs.adopting.spool import FOLDER, Spool
from bot.jobs.delivering.batch_reports import BatchReporter
from bot.jobs.delivering.courier import Courier
from bot.jobs.housekeeping.cleansing import Cleansing
from bot.jobs.housekeeping.clearing import Clearing
from bot.jobs.housekeeping.upkeep import Upkeep
from bot.jobs.keeping.inputs import Inputs
from bot.jobs.keeping.pictures import Pictures
from bot.jobs.services import Services
from bot.jobs.submitting.dead_buttons import DeadButtons
from bot.jobs.submitting.gate import Gate
from bot.jobs.submitting.modals import ModalSender
from bot.jobs.submitting.sending import Sender
from bot.jobs.submitting.submitter import Submitter
from bot.jobs.tracking.observer import Observer
from bot.jobs.tracking.tracker import Tracker

if TYPE_CHECKING:
    from pathlib import Path

    from bot.jobs.delivering.progress import ProgressReporter
    from bot.jobs.ground import Ground
    from bot.jobs.housekeeping.backups import Backups
    from bot.jobs.housekeeping.steadiness import Steadiness
    from bot.jobs.ports import Clock, Darkroom, Memory, Midjourney, Vault
    from bot.jobs.services import Services


def make_files(
    memory: Memory, midjourney: Midjourney, darkroom: Darkroom, clock: Clock, data_folder: Path
) -> tuple[Pictures, Inputs]:
    """Make the folder of pictures, and that of what is handed in: one thread works at the files of both."""
    pictures = Pictures(
        folder=data_folder / "pictures", memory=memory, midjourney=midjourney, clock=clock, darkroom=darkroom
    )
    folder = data_folder / "inputs"
    return pictures, Inputs(
        folder=folder, midjourney=midjourney, clock=clock, darkroom=darkroom, worker=pictures.worker
    )


def make_submitter(ground: Ground) -> Submitter:
    """Make what sends queued jobs."""
    store, midjourney, clock = ground.memory.jobs, ground.midjourney, ground.clock
    return Submitter(
        store=store,
        sender=Sender(store, midjourney, ground.inputs, ground.echoes),
        dead_buttons=DeadButtons(store, midjourney, ground.delivery, clock),
        gate=Gate(midjourney, clock, ground.metrics.api),
        clock=clock,
        listeners=ground.listeners,
        journal=ground.journal,
        concurrency=ground.pacing.submit_concurrency,
    )


def make_modals(ground: Ground) -> ModalSender:
    """Make what answers tasks that ask for input."""
    return ModalSender(
        store=ground.memory.jobs,
        midjourney=ground.midjourney,
        inputs=ground.inputs,
        clock=ground.clock,
        listeners=ground.listeners,
        journal=ground.journal,
    )


def make_upkeep(ground: Ground, services: Services, backups: Backups, steadiness: Steadiness) -> Upkeep:
    """Make what clears away and backs up."""
    memory, clock, keeper = ground.memory, ground.clock, ground.pictures.keeper
    clearing = Clearing(memory=memory, keeper=keeper, clock=clock, limits=ground.pacing.pictures, backups=backups)
    return Upkeep(
        memory=memory,
        inputs=ground.inputs,
        clearing=clearing,
        retention=services.privacy.retention,
        stars=services.stars,
        backups=backups,
        clock=clock,
        steadiness=steadiness,
    )


def make_cleansing(ground: Ground, services: Services, vault: Vault | None) -> Cleansing:
    """Make what has the backups forget people too."""
    return Cleansing(vault=vault, leaving=services.privacy.leaving, keeper=ground.pictures.keeper, clock=ground.clock)


def make_tracker(ground: Ground) -> Tracker:
    """Make what follows running tasks."""
    return Tracker(
        midjourney=ground.midjourney,
        clock=ground.clock,
        observer=Observer(ground.memory.jobs, ground.clock, ground.listeners, ground.metrics.jobs),
        metrics=ground.metrics.jobs,
        poll_interval=ground.pacing.poll_interval,
    )


def make_adopter(ground: Ground, tracker: Tracker) -> Adopter:
    """Make what gives jobs the tasks that turn up."""
    return Adopter(
        store=ground.memory.jobs,
        tracker=tracker,
        listeners=ground.listeners,
        clock=ground.clock,
        journal=ground.journal,
    )


def make_adoption(ground: Ground, tracker: Tracker, adopter: Adopter) -> Adoption:
    """Make what finds the tasks of lost submits."""
    return Adoption(
        store=ground.memory.jobs,
        midjourney=ground.midjourney,
        tracker=tracker,
        adopter=adopter,
        clock=ground.clock,
        echoes=ground.echoes,
        spool=Spool(ground.data_folder / FOLDER),
    )


def make_courier(ground: Ground, reporter: ProgressReporter) -> Courier:
    """Make what brings settled jobs to their people."""
    return Courier(
        store=ground.memory.jobs,
        delivery=ground.delivery,
        pictures=ground.pictures,
        reporter=reporter,
        preferences=ground.preferences,
        clock=ground.clock,
        metrics=ground.metrics.deliveries,
    )


def make_contact(ground: Ground) -> BatchReporter:
    """Make what keeps the messages of batches true."""
    return BatchReporter(
        memory=ground.memory,
        delivery=ground.delivery,
        pictures=ground.pictures,
        clock=ground.clock,
        folder=ground.data_folder / "sheets",
        interval=ground.pacing.progress_edit_interval,
    )
