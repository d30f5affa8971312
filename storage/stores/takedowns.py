"""`SqliteTakedownStore`: messages of deleted jobs that are still to be taken away (`removal` writes them down).

Imports the model, and of the engine only types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from typing_extensions import override

from storage.queries import SELECT_JOB
from storage.rows import milliseconds
from storage.stores.jobs import jobs_of

if TYPE_CHECKING:
    from datetime import datetime

    from bot.jobs.ports import TakedownStore
    from bot.model import Job
    from storage.database import Database
else:
    TakedownStore = object

#: Parameters: deleted before, limit.
_OPEN: Final = f"""{SELECT_JOB}
    WHERE j.id IN (SELECT job_id FROM takedowns WHERE begun_at < ? ORDER BY begun_at, job_id LIMIT ?) ORDER BY j.id
"""  # noqa: S608 - put together from constants


@final
class SqliteTakedownStore(TakedownStore):
    """Takedowns in an SQLite file.

    Parameters
    ----------
    database
        Open; not closed here.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    async def open(self, before: datetime, limit: int) -> list[Job]:
        return await jobs_of(await self._database.read(_OPEN, (milliseconds(before), limit)))

    @override
    async def done(self, job_id: str) -> None:
        sql = "DELETE FROM takedowns WHERE job_id = ?"
        await self._database.write(lambda connection: connection.execute(sql, (job_id,)))
