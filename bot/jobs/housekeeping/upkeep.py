"""Upkeep: what people filled in or handed in and nobody needs any more goes away, and pictures there is no room for.

Backups are made here too. Where the clock cannot be believed, nothing goes away for its age.
Knows the ports and the policy; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, final

from bot.jobs import policy

if TYPE_CHECKING:
    from bot.jobs.collection.stars import Stars
    from bot.jobs.housekeeping.backups import Backups
    from bot.jobs.housekeeping.clearing import Clearing
    from bot.jobs.housekeeping.steadiness import Steadiness
    from bot.jobs.keeping.inputs import Inputs
    from bot.jobs.ports import Clock, Memory
    from bot.jobs.privacy.retention import Retention

_log = logging.getLogger(__name__)


@final
class Upkeep:
    """Forgets old drafts, clears pictures away, sees to star channels where a send was interrupted, and backs up."""

    def __init__(  # noqa: PLR0913 - keywords, set in one place
        self,
        *,
        memory: Memory,
        inputs: Inputs,
        clearing: Clearing,
        retention: Retention,
        stars: Stars,
        backups: Backups,
        clock: Clock,
        steadiness: Steadiness,
    ) -> None:
        self._memory = memory
        self._inputs = inputs
        self._clearing = clearing
        self._retention = retention
        self._stars = stars
        self._backups = backups
        self._clock = clock
        self._steadiness = steadiness

    async def step(self) -> None:
        """Do all of it once; what fails is logged, and keeps nothing else from being done: least of all a backup."""
        by_age = self._steadiness.is_certain()
        aging = (self._forget, self._retention.step) if by_age else ()
        for part in (*aging, partial(self._clearing.step, by_age=by_age), self._stars.finish, self._backups.step):
            try:
                await part()
            except Exception:  # noqa: BLE001 - the boundary of each part: it is tried again in an hour
                _log.exception("A part of the upkeep failed")

    async def _forget(self) -> None:
        drafts = await self._memory.drafts.forget(self._clock.now() - policy.DRAFT_LIFE)
        pictures = await self._inputs.clear(await self._memory.needed_inputs())
        if drafts or pictures:
            _log.info("Forgot %d drafts and %d pictures that were handed in", drafts, pictures)
