"""`Steadiness`: whether the wall clock can be believed. Nothing is removed for its age by one reading of it.

A clock that is set wrong by years, by hand or before the time server has answered, makes everything look old for as
long as that lasts (reliability B.4, 18). Knows the clock; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from bot.jobs.ports import Clock

#: How long it has to go on as clocks do: a little less than the hour between two rounds of the upkeep.
PROBATION: Final = timedelta(minutes=50)
#: What a correction may make between two looks, or a machine that slept; ages are counted in days.
_SLACK: Final = timedelta(minutes=10)


@final
class Steadiness:
    """Compares the wall clock with the one that never jumps, from its making on."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._since = timedelta(seconds=clock.monotonic())
        self._began = clock.now() - self._since

    def is_certain(self) -> bool:
        """Look, and tell whether both have gone on alike at every look for as long as it takes."""
        passed = timedelta(seconds=self._clock.monotonic())
        began = self._clock.now() - passed
        if abs(began - self._began) > _SLACK:
            self._since = passed
        self._began = began
        return passed - self._since >= PROBATION
