"""Puts together what the Discord surface and the drawing page may ask for.

Knows the ports; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.jobs.asking.again import Again
from bot.jobs.asking.batches import Batches
from bot.jobs.asking.forms import Forms
from bot.jobs.asking.regions import Regions
from bot.jobs.asking.service import JobService
from bot.jobs.collection.deletions import Deletions
from bot.jobs.collection.family import Families
from bot.jobs.collection.library import Library
from bot.jobs.collection.shares import Shares
from bot.jobs.collection.sight import Sight
from bot.jobs.collection.stars import Stars
from bot.jobs.housekeeping.backups import GONE_AFTER
from bot.jobs.keeping.looks import Looks
from bot.jobs.people.presets import Presets
from bot.jobs.people.usage import Usage
from bot.jobs.privacy.exports import Exports
from bot.jobs.privacy.leaving import Leaving
from bot.jobs.privacy.packing import Packer
from bot.jobs.privacy.removing import Remover
from bot.jobs.privacy.retention import Retention
from bot.jobs.privacy.service import Privacy
from bot.jobs.privacy.tombstones import Tombstones
from bot.jobs.services import Services

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.jobs.ground import Ground


#: The folder of region previews, and of families on their way.
_PREVIEWS: Final = "regions"


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
