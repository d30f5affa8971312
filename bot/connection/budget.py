"""`IdentifyBudget`: how often the bot may start a session at Discord, and how long it has to wait for the next.

A thousand IDENTIFYs within a day are allowed; one more, and Discord resets the bot's token (reliability, finding 12). A
restart loop gets there in hours. Knows a small file and the clock; never discord.py.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from pathlib import Path

    from bot.jobs.ports import Clock

_log = logging.getLogger(__name__)

DAY_S: Final = 86_400.0
#: From so few left on, those that are left are spread (reliability E, Restart throttle).
FEW: Final = 200


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLimit:
    """What Discord says is left (`session_start_limit`).

    Attributes
    ----------
    reset_after_s
        Seconds until there are all of them again.
    """

    remaining: int
    reset_after_s: float


@final
class IdentifyBudget:
    """Remembers the sessions started within a day, in former processes too.

    Parameters
    ----------
    record
        The file they are written into, a time in each line; its folder exists.
    per_day
        How many are allowed where Discord does not say what is left.
    """

    def __init__(self, record: Path, clock: Clock, per_day: int) -> None:
        self._record = record
        self._clock = clock
        self._per_day = per_day

    def started(self) -> tuple[float, ...]:
        """Return when sessions were started within the last day, in seconds since 1970, oldest first."""
        now = self._clock.now().timestamp()
        try:
            lines = self._record.read_text(encoding="ascii", errors="replace").split()
        except OSError:
            return ()
        times = (float(line) for line in lines if line.isdecimal())
        return tuple(sorted(at for at in times if now - DAY_S < at <= now))

    def pause_s(self, limit: SessionLimit | None) -> float:
        """Return how long to wait before the next session.

        Parameters
        ----------
        limit
            What Discord says is left; None if it does not say. Then our own record decides.
        """
        started = self.started()
        if limit is None:
            gap_s = DAY_S / self._per_day if len(started) >= self._per_day else 0.0
        elif limit.remaining <= 0:
            return limit.reset_after_s
        else:
            gap_s = limit.reset_after_s / limit.remaining if limit.remaining < FEW else 0.0
        waited_s = self._clock.now().timestamp() - started[-1] if started else 0.0
        return max(0.0, gap_s - waited_s)

    def note(self) -> None:
        """Write down that a session is about to be started, and drop what is older than a day."""
        times = [*self.started(), self._clock.now().timestamp()]
        text = "".join(f"{int(at)}\n" for at in times)  # rounded up, the last would lie ahead
        fresh = self._record.with_suffix(".part")
        try:
            fresh.write_text(text, encoding="ascii")
            fresh.replace(self._record)
        except OSError as error:
            _log.warning("cannot write down that a session at Discord is started: %s", error)
