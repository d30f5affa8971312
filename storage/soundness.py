"""Whether the database can be relied on right now: looked at from time to time, and asked by what serves health.

Knows its neighbors; nothing of jobs but their statuses.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, final

from bot.model import Status
from storage.migrate import APPLICATION_ID
from storage.room import free_bytes, has_room
from storage.rows import milliseconds

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime
    from enum import StrEnum

    from storage.database import Database

#: Where nothing was written for so many seconds, something is.
_IDLE_S: Final = 30.0

_INFLIGHT: Final = (Status.QUEUED, Status.SUBMITTING, Status.RUNNING, Status.NEEDS_INPUT)

#: Each part of it is answered by an index that holds only such jobs (schema).
_OPEN: Final = """
    SELECT 'queued' AS status, count(*) AS jobs FROM jobs WHERE status = 'queued'
    UNION ALL SELECT 'submitting', count(*) FROM jobs WHERE status = 'submitting'
    UNION ALL SELECT status, count(*) FROM jobs WHERE status IN ('running', 'needs_input') GROUP BY status
    UNION ALL SELECT 'unknown', count(*) FROM jobs
        WHERE status IN ('expired', 'unknown') AND status = 'unknown' AND created_at > ?
"""


@final
class Soundness:
    """Looks at an open database.

    Parameters
    ----------
    database
        Not closed here.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def holds_lock(self) -> bool:
        """Whether the lock that keeps others away is ours and still the one that they would meet."""
        return self._database.lock.is_held

    @property
    def write_age_s(self) -> float:
        """Seconds since something was last written and safely on the disk."""
        return max(0.0, time.monotonic() - self._database.committed_at)

    @property
    def has_room(self) -> bool:
        """Whether there is room enough for new jobs."""
        return has_room(self._database.path.parent)

    async def look(self, unknown_since: datetime) -> None:
        """Write something if nobody else has lately, and set the numbers.

        Parameters
        ----------
        unknown_since
            Jobs of unknown outcome that are older are not counted any more.

        Raises
        ------
        StorageError
            SQLite refused, or the database is closed.
        """
        database, path = self._database, self._database.path
        wal = path.with_name(f"{path.name}-wal")
        database.metrics.storage.set_sizes(wal.stat().st_size if wal.exists() else 0, free_bytes(path.parent))
        if self.write_age_s > _IDLE_S:
            await database.write(_touch)
        rows = await database.read(_OPEN, (milliseconds(unknown_since),))
        counted: dict[str, int] = {row["status"]: row["jobs"] for row in rows}
        inflight: dict[StrEnum, int] = {status: counted.get(status, 0) for status in _INFLIGHT}
        database.metrics.jobs.set_open(inflight, counted[Status.UNKNOWN])


def _touch(connection: sqlite3.Connection) -> None:
    """Write the number that is there already: it goes all the way to the disk, and changes nothing."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
