"""`Sweep`: jobs whose time was over but whose task may still end, found again though the clock hid them.

A start looks for those of the last day by the wall clock. Where that is ahead it overlooks them, and so does a follower
that let go too early; they may have been paid for, so they are looked for again as soon as the clock is right
(reliability B.4, 18). Knows the ports and the policy; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, final

from bot.jobs import policy

if TYPE_CHECKING:
    from bot.jobs.ports import Clock, JobStore
    from bot.jobs.tracking.tracker import Tracker

_log = logging.getLogger(__name__)


@final
class Sweep:
    """Has the tracker follow what it should and does not."""

    def __init__(self, store: JobStore, tracker: Tracker, clock: Clock) -> None:
        self._store = store
        self._tracker = tracker
        self._clock = clock

    async def step(self) -> None:
        """Look once."""
        now = self._clock.now()
        # One from the future would never be a day old: it was followed for its time when it was made.
        jobs = [job for job in await self._store.swept(now - policy.SWEEP_PATIENCE) if job.created_at <= now]
        found = [job for job in jobs if not self._tracker.follows(job.id)]
        for job in found:
            self._tracker.watch(job, at_once=True)
        if found:
            _log.warning("Following %d tasks that were overlooked, as if the clock had been ahead", len(found))
