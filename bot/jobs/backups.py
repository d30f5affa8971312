"""`Backups`: a copy of the database every few hours, and which of them stay.

The newest of each of seven days and four weeks stay; none longer than thirty days, so that what somebody deletes is
gone from all of them by then (reliability E and C21). Knows the ports; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from bot.jobs.ports import Clock, Vault

_log = logging.getLogger(__name__)

#: No copy of the database is older than this.
LIFE: Final = timedelta(days=30)
_DAY: Final = timedelta(days=1)
_DAYS: Final = 7
_WEEKS: Final = 4


@final
class Backups:
    """Makes backups, and removes them.

    Parameters
    ----------
    vault
        None where nothing is backed up.
    every
        How much time lies between two; None for none at all.

    Attributes
    ----------
    last_at
        When the newest was made; None before the first look, and where there is none.
    """

    def __init__(self, *, vault: Vault | None, clock: Clock, every: timedelta | None) -> None:
        self._vault = vault
        self._clock = clock
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
            _log.info("Backed up %d jobs to %s", backup.rows.get("jobs", 0), backup.path)
        removed = await self._vault.keep(lambda times: kept(times, now), now - LIFE)
        if removed:
            _log.info("Removed %d old backups", removed)

    async def have_set_aside(self) -> bool:
        """Tell whether a database is still there that another was put in the place of."""
        return self._vault is not None and await self._vault.has_set_aside()

    def stop(self) -> None:
        """Give up a backup that is being made; no other is begun."""
        if self._vault is not None:
            self._vault.stop()


def kept(made: Collection[datetime], now: datetime) -> set[datetime]:
    """Return which backups stay: all of the last day, the newest of each of the last seven days and four weeks."""
    recent = {at for at in made if at > now - _DAY}
    return recent | _newest(made, lambda at: at.date(), _DAYS) | _newest(made, lambda at: at.isocalendar()[:2], _WEEKS)


def _newest(made: Collection[datetime], period: Callable[[datetime], object], limit: int) -> set[datetime]:
    """Return the newest of each period, for that many periods that have one."""
    by_period = {period(at): at for at in sorted(made)}
    return set(sorted(by_period.values())[-limit:])
