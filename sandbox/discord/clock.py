"""The sandbox's time and its ids: snowflakes that carry the time they were made at."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from collections.abc import Callable

DISCORD_EPOCH = 1_420_070_400.0
"""1 January 2015, in seconds since 1970."""


@final
class Clock:
    """A clock that can be moved ahead, so that nobody has to wait 15 minutes for a token to expire."""

    def __init__(self, base: Callable[[], float]) -> None:
        self._base = base
        self._ahead = 0.0

    def now(self) -> float:
        """Return seconds since 1970."""
        return self._base() + self._ahead

    @property
    def ahead(self) -> float:
        """How far it was moved ahead, in seconds."""
        return self._ahead

    def advance(self, seconds: float) -> None:
        """Let time jump ahead."""
        self._ahead += seconds


@final
class Snowflakes:
    """Hands out ids that only ever grow, even within a millisecond or if the clock steps back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    @property
    def last(self) -> int:
        """The newest id that was given."""
        return self._last

    def go_on_after(self, last: int) -> None:
        """Never give an id up to `last`: an earlier sandbox has given those."""
        self._last = max(self._last, last)

    def next(self) -> int:
        """Return a fresh id."""
        self._last = max(self._last + 1, int((self._clock.now() - DISCORD_EPOCH) * 1000) << 22)
        return self._last


def iso(seconds: float) -> str:
    """Write a time as Discord does."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="microseconds")
