"""`Retention`: jobs are kept no longer than the owner wants. Knows the ports; never discord, aiohttp or aiosqlite.

What they cost stays counted as long as their month lasts: `/info` tells what was used in it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, final

from bot.jobs.people.usage import month_of

if TYPE_CHECKING:
    from datetime import timedelta

    from bot.jobs.ports import Clock, Memory
    from bot.jobs.privacy.removing import Remover

_log = logging.getLogger(__name__)

_SLICE: Final = 100


@final
class Retention:
    """Removes what is older, with all that belongs to it.

    Parameters
    ----------
    life
        How long jobs are kept; None for ever.
    """

    def __init__(self, *, memory: Memory, remover: Remover, clock: Clock, life: timedelta | None) -> None:
        self._privacy = memory.privacy
        self._usage = memory.usage
        self._remover = remover
        self._clock = clock
        self.life = life

    async def step(self) -> None:
        """Remove what has grown too old by now. What is still to be sent, followed or delivered stays."""
        now = self._clock.now()
        month = month_of(now)
        await self._usage.forget(month)
        if self.life is None:
            return
        before, removed = now - self.life, 0
        while jobs := await self._privacy.outlived(before, _SLICE):
            await self._remover.remove(jobs, counted_since=month)
            removed += len(jobs)
        batches = await self._privacy.clear_batches(before)
        if removed or batches:
            await self._privacy.scrub()
            _log.info("Removed %d jobs that were kept longer than wanted", removed)
