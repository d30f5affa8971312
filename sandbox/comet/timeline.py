"""The sandbox's time: a real one, the scripts' one that can be held or hurried, and the gateway's copying moments.

All times here are float seconds since the sandbox was made. Nothing sleeps and no coroutine runs per task: the state of
a task is computed from these when somebody looks. Imports nothing of this package.
"""

from __future__ import annotations

import math
import time
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Turn:
    """From `real` on, the scripts' time starts at `script` and goes `rate` times as fast; 0 stands still."""

    real: float
    script: float
    rate: float


@dataclass(frozen=True, slots=True)
class Course:
    """All that a timeline is made of, to be kept.

    Attributes
    ----------
    epoch
        When its real time was 0, in seconds since 1970.
    copies
        When the gateway was told to copy.
    """

    epoch: float
    turns: tuple[Turn, ...]
    copies: tuple[float, ...]


@final
class Timeline:
    """Tell the real time, the time of the job scripts, and when the gateway copied last.

    Parameters
    ----------
    sync_seconds
        Between two copies of the gateway; 0 copies at each look.
    clock
        Seconds that only ever grow, from any beginning.
    """

    def __init__(self, sync_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._sync = sync_seconds
        self._clock = clock
        self._origin = clock()
        self._epoch = time.time()
        self._turns = [Turn(0.0, 0.0, 1.0)]
        self._rate = 1.0
        """What `release` goes back to."""
        self._forced: list[float] = []

    def now(self) -> float:
        """Return the real time."""
        return self._clock() - self._origin

    def course(self) -> Course:
        """Return what an other timeline needs to go on as this one would."""
        return Course(self._epoch, tuple(self._turns), tuple(self._forced))

    def go_on(self, course: Course, left_at: float) -> None:
        """Take up the course of an earlier sandbox; its scripts went on meanwhile, at the usual rate.

        Parameters
        ----------
        left_at
            When that sandbox ended, in its real time. Ours goes on from there even if the clock on the wall went back.
        """
        self._epoch, self._turns, self._forced = course.epoch, list(course.turns), list(course.copies)
        left_at = max([left_at, self._turns[-1].real, *self._forced[-1:]])
        self._origin = self._clock() - max(time.time() - self._epoch, left_at)
        self._rate = 1.0
        if self.rate != self._rate:
            self._turns.append(Turn(left_at, self.script_time(left_at), self._rate))

    def epoch_ms(self, real: float) -> int:
        """Return a real time as the API writes it: milliseconds since 1970."""
        return int((self._epoch + real) * 1000)

    @property
    def rate(self) -> float:
        """How fast the scripts' time goes now: 0 while it is held, 1 as usual."""
        return self._turns[-1].rate

    def script_time(self, real: float) -> float:
        """Return what the scripts' time was at a real time."""
        turn = next((turn for turn in reversed(self._turns) if turn.real <= real), self._turns[0])
        return turn.script + (real - turn.real) * turn.rate

    def real_time(self, script: float) -> float | None:
        """Return when the scripts' time came to `script`, or None if it has not yet and stands still."""
        later = bisect_left(self._turns, script, key=lambda turn: turn.script)
        if later == 0:
            return self._turns[0].real
        turn = self._turns[later - 1]  # the last one that began before
        skipped_at = self._turns[later].real if later < len(self._turns) else None
        if turn.rate <= 0:
            return skipped_at
        reached = turn.real + (script - turn.script) / turn.rate
        return reached if skipped_at is None else min(reached, skipped_at)

    def hold(self) -> None:
        """Let the scripts' time stand still."""
        self._turn(skip=0.0, rate=0.0)

    def release(self) -> None:
        """Let the scripts' time run on from where it stood, as fast as before."""
        self._turn(skip=0.0, rate=self._rate)

    def set_rate(self, rate: float) -> None:
        """Let the scripts' time go `rate` times as fast as usual from now on; 0 holds it.

        Raises
        ------
        ValueError
            Time cannot go backwards, nor infinitely fast.
        """
        if not math.isfinite(rate) or rate < 0:
            raise ValueError(f"time cannot go {rate} times as fast")
        self._rate = rate or self._rate
        self._turn(skip=0.0, rate=rate)

    def advance(self, seconds: float) -> None:
        """Skip `seconds` of the scripts' time, held or not."""
        self._turn(skip=seconds, rate=self.rate)

    def _turn(self, *, skip: float, rate: float) -> None:
        now = self.now()
        if skip or rate != self.rate:
            self._turns.append(Turn(now, self.script_time(now) + skip, rate))

    def sync(self) -> None:
        """Let the gateway copy now."""
        self._forced.append(self.now())

    def last_sync(self, now: float) -> float:
        """Return when the gateway copied last."""
        if self._sync <= 0:
            return now
        regular = math.floor(now / self._sync) * self._sync
        at = bisect_right(self._forced, now)
        return max(regular, self._forced[at - 1]) if at else regular

    def next_sync(self, moment: float, *, strictly: bool = False) -> float:
        """Return the first copy at or (if `strictly`) after a moment."""
        if self._sync <= 0:
            return moment
        steps = moment / self._sync
        regular = (math.floor(steps) + 1 if strictly else math.ceil(steps)) * self._sync
        at = (bisect_right if strictly else bisect_left)(self._forced, moment)
        return min(regular, self._forced[at]) if at < len(self._forced) else regular
