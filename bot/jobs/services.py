"""`Services`: all that the Discord surface and the drawing page may ask of the engine, in one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from bot.jobs.again import Again
    from bot.jobs.batches import Batches
    from bot.jobs.deletions import Deletions
    from bot.jobs.family import Families
    from bot.jobs.forms import Forms
    from bot.jobs.inputs import Inputs
    from bot.jobs.library import Library
    from bot.jobs.preferences import Preferences
    from bot.jobs.presets import Presets
    from bot.jobs.privacy.service import Privacy
    from bot.jobs.regions import Regions
    from bot.jobs.service import JobService
    from bot.jobs.shares import Shares
    from bot.jobs.stars import Stars
    from bot.jobs.usage import Usage


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
