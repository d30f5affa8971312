"""`SqliteUsageStore`: what a person has had made, counted, and what is under way for them.

Imports the model, and of the engine only types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from typing_extensions import override

from bot.model import Kind, Speed, Used
from storage import queries
from storage.registry import NOBODY
from storage.rows import first_id, known, milliseconds
from storage.stores.jobs import jobs_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection
    from datetime import datetime

    from bot.jobs.ports import UsageStore
    from bot.model import Job
    from storage.database import Database
else:
    UsageStore = object

_DAY: Final = 24 * 60 * 60 * 1000  # in milliseconds; days of UTC all begin at a multiple of it
_KEEP: Final = f"""
    INSERT INTO usage (user_id, day, kind, speed, count)
    SELECT user_id, created_at - created_at % {_DAY}, kind, speed, 1 FROM jobs
    WHERE id = :id AND created_at >= :since AND user_id <> {NOBODY} AND {queries.COUNTED}
    ON CONFLICT (user_id, day, kind, speed) DO UPDATE SET count = count + 1
"""  # noqa: S608 - constants


@final
class SqliteUsageStore(UsageStore):
    """What people have used, from an SQLite file.

    Parameters
    ----------
    database
        Open; not closed here.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    async def used(self, user_id: int, since: datetime) -> list[Used]:
        values = {"user_id": user_id, "id": first_id(since), "since": milliseconds(since)}
        rows = await self._database.read(queries.USED, values)
        return [_used_of(row) for row in rows]

    @override
    async def under_way(self, user_id: int, limit: int) -> list[Job]:
        return await jobs_of(await self._database.read(queries.UNDER_WAY, (user_id, user_id, user_id, limit)))

    @override
    async def count_under_way(self, user_id: int) -> int:
        return int((await self._database.read(queries.COUNT_UNDER_WAY, (user_id, user_id, user_id)))[0]["count"])

    @override
    async def sums(self, user_id: int) -> list[tuple[datetime, Used]]:
        sql = "SELECT * FROM usage WHERE user_id = ? ORDER BY day, kind, speed"
        return [(known(row["day"]), _used_of(row)) for row in await self._database.read(sql, (user_id,))]

    @override
    async def forget(self, before: datetime) -> None:
        sql, values = "DELETE FROM usage WHERE day < ?", (milliseconds(before),)
        await self._database.write(lambda connection: connection.execute(sql, values))


def keep(connection: sqlite3.Connection, job_ids: Collection[str], since: datetime) -> None:
    """Add jobs that are about to be removed to what their people have used, as far as they were made since then."""
    values = [{"id": job_id, "since": milliseconds(since)} for job_id in job_ids]
    connection.executemany(_KEEP, values)


def _used_of(row: sqlite3.Row) -> Used:
    return Used(kind=Kind(row["kind"]), speed=Speed(row["speed"]), count=row["count"])
