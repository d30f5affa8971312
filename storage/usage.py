"""`SqliteUsageStore`: what a person has had made, counted, and what is under way for them.

Imports the model, and of the engine only types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from typing_extensions import override

from bot.model import Kind, Speed, Used
from storage import queries
from storage.jobs import jobs_of
from storage.rows import first_id

if TYPE_CHECKING:
    from datetime import datetime

    from bot.jobs.ports import UsageStore
    from bot.model import Job
    from storage.database import Database
else:
    UsageStore = object


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
        rows = await self._database.read(queries.USED, (user_id, first_id(since)))
        return [Used(kind=Kind(row["kind"]), speed=Speed(row["speed"]), count=row["count"]) for row in rows]

    @override
    async def under_way(self, user_id: int, limit: int) -> list[Job]:
        return await jobs_of(await self._database.read(queries.UNDER_WAY, (user_id, user_id, user_id, limit)))
