"""`SqlitePeopleStore`: what people set for themselves, and what they like.

Imports the model, and of the engine only types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from typing_extensions import override

from bot.model import Person
from storage import queries
from storage.jobs import jobs_of
from storage.rows import milliseconds

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from bot.jobs.ports import PeopleStore
    from bot.model import Job
    from storage.database import Database
else:
    PeopleStore = object


@final
class SqlitePeopleStore(PeopleStore):
    """People in an SQLite file.

    Parameters
    ----------
    database
        Open; not closed here.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    async def get(self, user_id: int) -> Person:
        rows = await self._database.read("SELECT * FROM people WHERE user_id = ?", (user_id,))
        return Person(user_id=user_id, remix=bool(rows[0]["remix"])) if rows else Person(user_id=user_id)

    @override
    async def put(self, person: Person) -> None:
        await self._database.write(lambda connection: _put(connection, person))

    @override
    async def set_favorite(self, user_id: int, job_id: str, at: datetime, *, on: bool) -> bool:
        change = _like if on else _unlike
        return await self._database.write(lambda connection: change(connection, user_id, job_id, at))

    @override
    async def is_favorite(self, user_id: int, job_id: str) -> bool:
        sql = "SELECT 1 FROM favorites WHERE user_id = ? AND job_id = ?"
        return bool(await self._database.read(sql, (user_id, job_id)))

    @override
    async def favorites(self, user_id: int, limit: int) -> list[Job]:
        return await jobs_of(await self._database.read(queries.FAVORITES, (user_id, limit)))


def _put(connection: sqlite3.Connection, person: Person) -> None:
    connection.execute(
        "INSERT INTO people (user_id, remix) VALUES (?, ?) ON CONFLICT (user_id) DO UPDATE SET remix = excluded.remix",
        (person.user_id, person.remix),
    )


def _like(connection: sqlite3.Connection, user_id: int, job_id: str, at: datetime) -> bool:
    return bool(
        connection.execute(
            """
            INSERT INTO favorites (user_id, job_id, created_at)
            SELECT ?, id, ? FROM jobs WHERE id = ? AND deleted_at IS NULL
            ON CONFLICT (user_id, job_id) DO NOTHING
            """,
            (user_id, milliseconds(at), job_id),
        ).rowcount
    )


def _unlike(connection: sqlite3.Connection, user_id: int, job_id: str, at: datetime) -> bool:
    del at
    sql = "DELETE FROM favorites WHERE user_id = ? AND job_id = ?"
    return bool(connection.execute(sql, (user_id, job_id)).rowcount)
