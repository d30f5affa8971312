"""`SqliteStarStore`: who put a star under what, and what was shown again for it.

Imports the model, and of the engine only types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from typing_extensions import override

from bot.model import Showcase
from storage.rows import milliseconds

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from bot.jobs.ports import StarStore
    from storage.database import Database
else:
    StarStore = object

_STAR: Final = """
    INSERT INTO stars (user_id, created_at, job_id)
    SELECT ?, ?, id FROM jobs WHERE id = ? AND deleted_at IS NULL
    ON CONFLICT (job_id, user_id) DO NOTHING
"""
_BEGIN: Final = """
    INSERT INTO showcases (guild_id, channel_id, begun_at, job_id)
    SELECT ?, ?, ?, id FROM jobs WHERE id = ? AND deleted_at IS NULL
    ON CONFLICT (job_id) DO NOTHING
"""
#: Parameter: begun before. What was sent for a job that was deleted since is still to be taken away.
_OPEN: Final = """
    (message_id IS NULL AND begun_at < ?)
    OR EXISTS (SELECT 1 FROM jobs WHERE id = showcases.job_id AND deleted_at IS NOT NULL)
"""


@final
class SqliteStarStore(StarStore):
    """Stars in an SQLite file.

    Parameters
    ----------
    database
        Open; not closed here.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    async def set_star(self, job_id: str, user_id: int, at: datetime, *, on: bool) -> int:
        def change(connection: sqlite3.Connection) -> int:
            if on:
                connection.execute(_STAR, (user_id, milliseconds(at), job_id))
            else:
                connection.execute("DELETE FROM stars WHERE job_id = ? AND user_id = ?", (job_id, user_id))
            (count,) = connection.execute("SELECT count(*) FROM stars WHERE job_id = ?", (job_id,)).fetchone()
            return int(count)

        return await self._database.write(change)

    @override
    async def begin_showcase(self, showcase: Showcase, at: datetime) -> bool:
        values = (showcase.guild_id, showcase.channel_id, milliseconds(at), showcase.job_id)
        return await self._database.write(lambda connection: bool(connection.execute(_BEGIN, values).rowcount))

    @override
    async def showcase(self, job_id: str) -> Showcase | None:
        return next(iter(await self._showcases("job_id = ?", job_id)), None)

    @override
    async def shown(self, job_id: str, message_id: int) -> None:
        sql = "UPDATE showcases SET message_id = ? WHERE job_id = ?"
        await self._database.write(lambda connection: connection.execute(sql, (message_id, job_id)))

    @override
    async def withdraw_showcase(self, job_id: str) -> None:
        sql = "DELETE FROM showcases WHERE job_id = ?"
        await self._database.write(lambda connection: connection.execute(sql, (job_id,)))

    @override
    async def open_showcases(self, before: datetime) -> list[Showcase]:
        return await self._showcases(_OPEN, milliseconds(before))

    async def _showcases(self, condition: str, value: str | int) -> list[Showcase]:
        rows = await self._database.read(
            f"SELECT job_id, guild_id, channel_id, message_id FROM showcases WHERE {condition}",  # noqa: S608 - one of two
            (value,),
        )
        return [Showcase(**dict(row)) for row in rows]
