"""`Privacy`: what the Discord surface may ask about a person's data. Knows the ports; nothing of Discord or SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from datetime import timedelta

    from bot.jobs.ports import Memory
    from bot.jobs.privacy.exports import Asked, Exports
    from bot.jobs.privacy.leaving import Leaving
    from bot.jobs.privacy.retention import Retention
    from bot.jobs.requests import Origin
    from bot.model import Holdings


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept of a person, and for how long.

    Attributes
    ----------
    jobs_life, files_life
        How long jobs and kept files stay; None for ever.
    backups_life
        How long backups of all that stay; None where there are none.
    """

    holdings: Holdings
    jobs_life: timedelta | None
    files_life: timedelta | None
    backups_life: timedelta | None


@final
class Privacy:
    """Answers for a person's data.

    Attributes
    ----------
    leaving, retention, exports
        What forgets people, what has been kept long enough, and what is put together; the engine keeps them going.
    """

    def __init__(
        self,
        *,
        memory: Memory,
        leaving: Leaving,
        retention: Retention,
        exports: Exports,
        files_life: timedelta | None,
        backups_life: timedelta | None,
    ) -> None:
        self._store = memory.privacy
        self._files_life = files_life
        self._backups_life = backups_life
        self.leaving = leaving
        self.retention = retention
        self.exports = exports

    async def show(self, user_id: int) -> Kept:
        """Return what is kept of a person."""
        return Kept(
            holdings=await self._store.holdings(user_id),
            jobs_life=self.retention.life,
            files_life=self._files_life,
            backups_life=self._backups_life,
        )

    async def export(self, origin: Origin) -> Asked:
        """Have everything that is kept of a person put together and sent to them.

        Raises
        ------
        StorageError
            The database refused.
        """
        return await self.exports.ask(origin)

    async def erase(self, user_id: int) -> int:
        """Forget a person, for good; return how many jobs of theirs that were.

        Raises
        ------
        StorageError
            The database refused. If that was not at the very beginning, the rest follows by itself.
        """
        return await self.leaving.erase(user_id)
