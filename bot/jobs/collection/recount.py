"""`Recount`: how many stars Discord itself shows under a picture, asked rarely. Knows the ports; never discord."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final, final

from bot.errors import DeliveryError

if TYPE_CHECKING:
    from bot.jobs.ports import Clock, Delivery
    from bot.model import Job

_log = logging.getLogger(__name__)

#: Between two questions about the same picture.
_PAUSE_S: Final = 10.0


@final
class Recount:
    """Asks about each picture once in ten seconds at most. Keeps nobody's name, and what it asked for seconds only."""

    def __init__(self, delivery: Delivery, clock: Clock) -> None:
        self._delivery = delivery
        self._clock = clock
        self._asked: dict[str, float] = {}  # by job: when it was asked about last, or will be
        self._closing = asyncio.Event()

    async def stars(self, job: Job) -> int:
        """Return how many stars Discord shows under a job; 0 where it cannot tell, or somebody waits to ask already.

        Who comes too soon after the last question waits, so the last star of several is never overlooked.
        """
        now = self._clock.monotonic()
        self._asked = {job_id: at for job_id, at in self._asked.items() if at + _PAUSE_S > now}
        last = self._asked.get(job.id)
        if last is not None and last > now:
            return 0
        due = now if last is None else last + _PAUSE_S
        self._asked[job.id] = due
        if due > now and await self._clock.wait(self._closing, due - now):
            return 0
        try:
            return await self._delivery.count_stars(job)
        except DeliveryError as error:
            _log.info("Only the stars that we saw count: %s", error, extra={"job": job.id})
            return 0

    def close(self) -> None:
        """Wait to ask no more: whoever waits goes home."""
        self._closing.set()
