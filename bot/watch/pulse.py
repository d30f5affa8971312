"""`Pulse`: feels how late the event loop is, all the time. Imports the standard library and the metrics."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from bot.metrics.process import ProcessMetrics

_log = logging.getLogger(__name__)

_EVERY_S: Final = 0.5
#: A lag worth a line in the log, and how much time there is at least between two such lines.
_NOTABLE_S: Final = 1.0
_QUIET_S: Final = 60.0


@final
class Pulse:
    """Sleeps, and sees how much later than asked for it wakes."""

    def __init__(self, metrics: ProcessMetrics) -> None:
        self._metrics = metrics
        self._lag_s = 0.0
        self._due = 0.0
        self._told_at = float("-inf")

    @property
    def lag_s(self) -> float:
        """How late the loop was at the last beat, or is at this one, in seconds; 0 before the first."""
        return max(self._lag_s, asyncio.get_running_loop().time() - self._due) if self._due else 0.0

    async def run(self) -> None:
        """Feel the pulse until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            self._due = loop.time() + _EVERY_S
            await asyncio.sleep(_EVERY_S)
            self.note(self._due, loop.time())

    def note(self, due: float, now: float) -> None:
        """Take in a beat, by when it was due and when it came, in seconds of the loop's time."""
        self._lag_s = lag_s = max(0.0, now - due)
        self._metrics.lagged(lag_s)
        if lag_s > _NOTABLE_S and now - self._told_at >= _QUIET_S:
            self._told_at = now
            _log.warning("Everything stood still for %.1f s: is the machine overloaded, or out of memory?", lag_s)
