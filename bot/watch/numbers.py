"""`Numbers`: sets those numbers that nobody moves when something happens, because they are how things stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, final

from bot.jobs import policy

if TYPE_CHECKING:
    from datetime import datetime

    from bot.jobs.ports import Clock
    from bot.metrics import Metrics

#: Of this age a job of unknown outcome is looked for no more (design 3), and counts no more.
_UNKNOWN_LIFE: Final = policy.SWEEP_PATIENCE


class Database(Protocol):
    """What counts jobs."""

    async def look(self, unknown_since: datetime) -> None:
        """Set the database's own numbers. Raises `StorageError`."""
        ...


class Line(Protocol):
    """The connection to Discord."""

    @property
    def is_up(self) -> bool:
        """Whether events come in."""
        ...

    @property
    def identifies(self) -> int:
        """Sessions started by this process."""
        ...

    @property
    def identifies_today(self) -> int:
        """Sessions started within the last day, by former processes too."""
        ...


class Restraint(Protocol):
    """What counts refusals."""

    @property
    def invalid_requests(self) -> int:
        """Those of the last ten minutes."""
        ...


class Backups(Protocol):
    """What makes backups."""

    @property
    def last_at(self) -> datetime | None:
        """When the newest was made."""
        ...


@final
class Numbers:
    """How things stand."""

    def __init__(
        self,
        *,
        metrics: Metrics,
        database: Database,
        line: Line,
        restraint: Restraint,
        backups: Backups,
        clock: Clock,
    ) -> None:
        self._metrics = metrics
        self._database = database
        self._line = line
        self._restraint = restraint
        self._backups = backups
        self._clock = clock
        self._identifies = 0

    async def look(self) -> None:
        """Set the numbers.

        Raises
        ------
        StorageError
            The database refused; its numbers stay as they were.
        """
        now, line = self._clock.now(), self._line
        self._metrics.discord.set_up(up=line.is_up)
        self._metrics.discord.identified(line.identifies - self._identifies, today=line.identifies_today)
        self._identifies = line.identifies
        self._metrics.discord.set_invalid(self._restraint.invalid_requests)
        last_at = self._backups.last_at
        self._metrics.storage.set_backup_age(None if last_at is None else (now - last_at).total_seconds())
        await self._database.look(now - _UNKNOWN_LIFE)
