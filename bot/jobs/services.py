"""`Services`: all that the Discord surface and the drawing page may ask of the engine, in one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from bot.jobs.asking.again import Again
    from bot.jobs.asking.batches import Batches
    from bot.jobs.asking.forms import Forms
    from bot.jobs.asking.regions import Regions
    from bot.jobs.asking.service import JobService
    from bot.jobs.collection.deletions import Deletions
    from bot.jobs.collection.family import Families
    from bot.jobs.collection.library import Library
    from bot.jobs.collection.shares import Shares
    from bot.jobs.collection.stars import Stars
    from bot.jobs.keeping.inputs import Inputs
    from bot.jobs.people.preferences import Preferences
    from bot.jobs.people.presets import Presets
    from bot.jobs.people.usage import Usage
    from bot.jobs.privacy.service import Privacy


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The engine's counters."""

    jobs: JobService
    again: Again
    library: Library
    deletions: Deletions
    families: Families
    forms: Forms
    inputs: Inputs
    batches: Batches
    regions: Regions
    preferences: Preferences
    presets: Presets
    usage: Usage
    privacy: Privacy
    stars: Stars
    shares: Shares
