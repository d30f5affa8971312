"""What everything of the engine is put together from: the ports, the owner's settings, and what several parts share.

Knows the ports; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

from bot.jobs.housekeeping.clearing import Limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta
    from pathlib import Path

    from bot.jobs.adopting.echoes import Echoes
    from bot.jobs.adopting.journal import Journal
    from bot.jobs.keeping.inputs import Inputs
    from bot.jobs.keeping.pictures import Pictures
    from bot.jobs.people.preferences import Preferences
    from bot.jobs.ports import Clock, Delivery, Memory, Midjourney
    from bot.jobs.submitting.outcomes import Listeners
    from bot.metrics import Metrics


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
