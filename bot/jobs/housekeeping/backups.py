"""`Backups`: a copy of the database every few hours, and which of them stay.

The newest of each of seven days and four weeks stay; none longer than thirty days, so that what somebody deletes is
gone from all of them by then (reliability E and C21).

A clock that is wrong by years would make all of them too old, and a backup made meanwhile would never grow old. So
none goes before there are four that say, each by its own time, that the clock is right: made in turn, a day's work.
Once it is believed, what bears a time that has not come yet is given the present one, by which it will go.

Knows the ports; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from bot.jobs.housekeeping.steadiness import Steadiness
    from bot.jobs.ports import Clock, Vault

_log = logging.getLogger(__name__)

_DAY: Final = timedelta(days=1)
#: What people are told: no copy of the database is older than this.
GONE_AFTER: Final = timedelta(days=30)
#: A day is left for a clock that has to be believed first.
LIFE: Final = GONE_AFTER - _DAY
_DAYS: Final = 7
_WEEKS: Final = 4
#: So many regular ones of a believable age there are before any goes. Within `LIFE`, were one made a week only.
_WITNESSES: Final = 4


@final
class Backups:
    """Makes backups, and removes them.

    Parameters
    ----------
    vault
        None where nothing is backed up.
    steadiness
        Believed where no regular backups are made, which would tell more.
    every
        How much time lies between two; None for none at all.

    Attributes
    ----------
    last_at
        When the newest was made; None before the first look, and where there is none.
    """

    def __init__(self, *, vault: Vault | None, clock: Clock, steadiness: Steadiness, every: timedelta | None) -> None:
        self._vault = vault
        self._clock = clock
        self._steadiness = steadiness
        self._every = every
        self.last_at: datetime | None = None

    async def step(self) -> None:
        """Make a backup if it is time, and remove those that have had theirs.

        Raises
        ------
        StorageError
            It could not be made; the older ones stay.
        """
        if self._vault is None:
            return
        now = self._clock.now()
        made = await self._vault.made()
        self.last_at = made[-1] if made else None
        # One from the future says that the clock was set back, and nothing about when the next is due.
        if self._every is not None and not any(now - self._every < at <= now for at in made):
            backup = await self._vault.write(now)
            self.last_at = backup.made_at
            made.append(now)
            _log.info("Backed up %d jobs to %s", backup.rows.get("jobs", 0), backup.path)
        if not self._believes(now, made):
            return
        if redated := await self._vault.redate(now):
            _log.warning("The clock was wrong: %d backups bore a time that had not come yet", redated)
        if removed := await self._vault.keep(lambda times: kept(times, now), now - LIFE):
            _log.info("Removed %d old backups", removed)

    async def have_set_aside(self) -> bool:
        """Tell whether a database is still there that another was put in the place of."""
        return self._vault is not None and await self._vault.has_set_aside()

    def stop(self) -> None:
        """Give up a backup that is being made; no other is begun."""
        if self._vault is not None:
            self._vault.stop()

    def _believes(self, now: datetime, made: Collection[datetime]) -> bool:
        """Tell whether ages may be judged by this time."""
        is_certain = self._steadiness.is_certain()
        return is_certain if self._every is None else sum(now - LIFE < at <= now for at in made) >= _WITNESSES


def kept(made: Collection[datetime], now: datetime) -> set[datetime]:
    """Return which backups stay: all of the last day, the newest of each of the last seven days and four weeks."""
    recent = {at for at in made if at > now - _DAY}
    return recent | _newest(made, lambda at: at.date(), _DAYS) | _newest(made, lambda at: at.isocalendar()[:2], _WEEKS)


def _newest(made: Collection[datetime], period: Callable[[datetime], object], limit: int) -> set[datetime]:
    """Return the newest of each period, for that many periods that have one."""
    by_period = {period(at): at for at in sorted(made)}
    return set(sorted(by_period.values())[-limit:])
