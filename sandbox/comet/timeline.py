"""The sandbox's time: a real one, the scripts' one that can be held, and the gateway's copying moments.

All times here are float seconds since the sandbox was made. Nothing sleeps and no coroutine runs per task: the state of
a task is computed from these when somebody looks. Imports nothing of this package.
"""

from __future__ import annotations

import math
import time
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import final


@dataclass(frozen=True, slots=True)
class _Turn:
    """From `real` on, the scripts' time starts at `script` and runs or stands still."""

    real: float
    script: float
    running: bool


@final
class Timeline:
    """Tell the real time, the time of the job scripts, and when the gateway copied last.

    Parameters
    ----------
    sync_seconds
        Between two copies of the gateway; 0 copies at each look.
    """

    def __init__(self, sync_seconds: float) -> None:
        self._sync = sync_seconds
        self._origin = time.monotonic()
        self._epoch = time.time()
        self._turns = [_Turn(0.0, 0.0, running=True)]
        self._forced: list[float] = []

    def now(self) -> float:
        """Return the real time."""
        return time.monotonic() - self._origin

    def epoch_ms(self, real: float) -> int:
        """Return a real time as the API writes it: milliseconds since 1970."""
        return int((self._epoch + real) * 1000)

    def script_time(self, real: float) -> float:
        """Return what the scripts' time was at a real time."""
        turn = next((turn for turn in reversed(self._turns) if turn.real <= real), self._turns[0])
        return turn.script + (real - turn.real if turn.running else 0.0)

    def real_time(self, script: float) -> float | None:
        """Return when the scripts' time came to `script`, or None if it has not yet and stands still."""
        for turn, following in zip(self._turns, [*self._turns[1:], None], strict=True):
            if turn.running:
                reached = turn.real + max(0.0, script - turn.script)
                if following is None or reached < following.real:
                    return reached
            elif turn.script >= script:
                return turn.real
        return None

    def hold(self) -> None:
        """Let the scripts' time stand still."""
        self._turn(skip=0.0, running=False)

    def release(self) -> None:
        """Let the scripts' time run on from where it stood."""
        self._turn(skip=0.0, running=True)

    def advance(self, seconds: float) -> None:
        """Skip `seconds` of the scripts' time, held or not."""
        self._turn(skip=seconds, running=self._turns[-1].running)

    def _turn(self, *, skip: float, running: bool) -> None:
        now = self.now()
        self._turns.append(_Turn(now, self.script_time(now) + skip, running))

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
