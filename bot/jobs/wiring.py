"""Puts together what `Engine` keeps going, and what the Discord surface and the drawing page may ask for.

Knows the ports; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from bot.jobs.adopter import Adopter
from bot.jobs.adoption import Adoption
from bot.jobs.again import Again
from bot.jobs.backups import GONE_AFTER
from bot.jobs.batch_reports import BatchReporter
from bot.jobs.batches import Batches
from bot.jobs.cleansing import Cleansing
from bot.jobs.clearing import Clearing, Limits
from bot.jobs.courier import Courier
from bot.jobs.dead_buttons import DeadButtons
from bot.jobs.deletions import Deletions
from bot.jobs.family import Families
from bot.jobs.forms import Forms
from bot.jobs.gate import Gate
from bot.jobs.inputs import Inputs
from bot.jobs.library import Library
from bot.jobs.looks import Looks
from bot.jobs.modals import ModalSender
from bot.jobs.observer import Observer
from bot.jobs.pictures import Pictures
from bot.jobs.presets import Presets
from bot.jobs.privacy.exports import Exports
from bot.jobs.privacy.leaving import Leaving
from bot.jobs.privacy.packing import Packer
from bot.jobs.privacy.removing import Remover
from bot.jobs.privacy.retention import Retention
from bot.jobs.privacy.service import Privacy
from bot.jobs.privacy.tombstones import Tombstones
from bot.jobs.regions import Regions
from bot.jobs.sending import Sender
from bot.jobs.service import JobService
from bot.jobs.services import Services
from bot.jobs.shares import Shares
from bot.jobs.sight import Sight
from bot.jobs.spool import FOLDER, Spool
from bot.jobs.stars import Stars
from bot.jobs.submitter import Submitter
from bot.jobs.tracker import Tracker
from bot.jobs.upkeep import Upkeep
from bot.jobs.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta
    from pathlib import Path

    from bot.jobs.backups import Backups
    from bot.jobs.echoes import Echoes
    from bot.jobs.journal import Journal
    from bot.jobs.outcomes import Listeners
    from bot.jobs.ports import Clock, Darkroom, Delivery, Memory, Midjourney, Vault
    from bot.jobs.preferences import Preferences
    from bot.jobs.progress import ProgressReporter
    from bot.jobs.steadiness import Steadiness
    from bot.metrics import Metrics


#: The folder of region previews, and of families on their way.
_PREVIEWS: Final = "regions"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """The owner's settings for the engine (design 4)."""

    poll_interval: timedelta
    progress_edit_interval: timedelta
    submit_concurrency: int
    batch_limit: int = 10
    history_life: timedelta | None = None
    backup_every: timedelta | None = None
    pictures: Limits = Limits()  # noqa: RUF009 - frozen, and nothing but defaults


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the parts stand on: the ports, the owner's settings, the folder for files, and what all parts share."""

    memory: Memory
    midjourney: Midjourney
    delivery: Delivery
    clock: Clock
    pacing: Pacing
    data_folder: Path
    listeners: Listeners
    pictures: Pictures
    inputs: Inputs
    preferences: Preferences
    echoes: Echoes
    journal: Journal
    metrics: Metrics
    export_link: Callable[[str], str] | None = None


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


def make_privacy(ground: Ground) -> Privacy:
    """Make what answers for people's data."""
    memory, clock, pacing = ground.memory, ground.clock, ground.pacing
    keeper = ground.pictures.keeper
    remover = Remover(memory=memory, keeper=keeper, inputs=ground.inputs)
    exports = Exports(
        memory=memory,
        packer=Packer(
            memory=memory,
            keeper=keeper,
            inputs=ground.inputs,
            folder=ground.data_folder / "exports",
            alt_text=ground.delivery.alt_text,
        ),
        delivery=ground.delivery,
        clock=clock,
        link=ground.export_link,
    )
    return Privacy(
        memory=memory,
        leaving=Leaving(
            memory=memory,
            remover=remover,
            exports=exports,
            preferences=ground.preferences,
            delivery=ground.delivery,
            clock=clock,
            listeners=ground.listeners,
            tombstones=Tombstones(ground.data_folder),
            previews=ground.data_folder / _PREVIEWS,
        ),
        retention=Retention(memory=memory, remover=remover, clock=clock, life=pacing.history_life),
        exports=exports,
        files_life=pacing.pictures.life,
        backups_life=None if pacing.backup_every is None else GONE_AFTER,
    )


def make_services(ground: Ground, draw_link: Callable[[str], str] | None) -> Services:
    """Make the services. `draw_link` as in `Engine`."""
    memory, clock, pictures, inputs = ground.memory, ground.clock, ground.pictures, ground.inputs
    sight = Sight(memory.jobs, memory.shares, memory.people)
    jobs = JobService(
        store=memory.jobs, sight=sight, midjourney=ground.midjourney, clock=clock, listeners=ground.listeners
    )
    preferences, looks = ground.preferences, Looks(pictures, ground.delivery, clock)
    stars = Stars(
        memory=memory,
        sight=sight,
        preferences=preferences,
        pictures=pictures,
        delivery=ground.delivery,
        clock=clock,
    )
    shares = Shares(memory=memory, sight=sight, delivery=ground.delivery, clock=clock)
    forms = Forms(memory=memory, sight=sight, service=jobs, preferences=preferences, clock=clock)
    return Services(
        preferences=preferences,
        presets=Presets(memory, clock),
        stars=stars,
        shares=shares,
        privacy=make_privacy(ground),
        usage=Usage(memory, clock, batch_limit=ground.pacing.batch_limit),
        jobs=jobs,
        again=Again(store=memory.jobs, sight=sight, service=jobs),
        library=Library(memory=memory, sight=sight, pictures=pictures, looks=looks, clock=clock),
        deletions=Deletions(
            memory=memory,
            sight=sight,
            pictures=pictures,
            delivery=ground.delivery,
            stars=stars,
            shares=shares,
            clock=clock,
        ),
        families=Families(
            store=memory.jobs,
            sight=sight,
            looks=looks,
            pictures=pictures,
            clock=clock,
            folder=ground.data_folder / _PREVIEWS,
        ),
        forms=forms,
        inputs=inputs,
        batches=Batches(
            memory=memory,
            forms=forms,
            sight=sight,
            service=jobs,
            clock=clock,
            listeners=ground.listeners,
            limit=ground.pacing.batch_limit,
        ),
        regions=_make_regions(ground, sight, forms, draw_link),
    )


def _make_regions(ground: Ground, sight: Sight, forms: Forms, draw_link: Callable[[str], str] | None) -> Regions:
    return Regions(
        jobs=ground.memory.jobs,
        drafts=ground.memory.drafts,
        sight=sight,
        forms=forms,
        pictures=ground.pictures,
        inputs=ground.inputs,
        clock=ground.clock,
        folder=ground.data_folder / _PREVIEWS,
        draw_link=draw_link,
    )
