"""`SqlitePeopleStore`: what people and servers prefer, and what people like.

Imports the model, and of the engine only types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from typing_extensions import override

from bot.model import Person, Server
from storage.rows import milliseconds, stored
from storage.stores.settings import person_of, person_text, server_of, server_text

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection
    from datetime import datetime

    from bot.jobs.ports import PeopleStore
    from storage.database import Database
else:
    PeopleStore = object


_PUT_PERSON: Final = """
    INSERT INTO people (user_id, settings) VALUES (?, ?)
    ON CONFLICT (user_id) DO UPDATE SET settings = excluded.settings
"""
_PUT_SERVER: Final = """
    INSERT INTO servers (guild_id, settings) VALUES (?, ?)
    ON CONFLICT (guild_id) DO UPDATE SET settings = excluded.settings
"""


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
        rows = await self._database.read("SELECT settings FROM people WHERE user_id = ?", (user_id,))
        return person_of(user_id, rows[0]["settings"]) if rows else Person(user_id=user_id)

    @override
    async def put(self, person: Person) -> None:
        text = stored(person_text(person))
        await self._database.write(lambda connection: connection.execute(_PUT_PERSON, (person.user_id, text)))

    @override
    async def server(self, guild_id: int) -> Server:
        rows = await self._database.read("SELECT settings FROM servers WHERE guild_id = ?", (guild_id,))
        return server_of(guild_id, rows[0]["settings"]) if rows else Server(guild_id=guild_id)

    @override
    async def put_server(self, server: Server) -> None:
        text = stored(server_text(server))
        await self._database.write(lambda connection: connection.execute(_PUT_SERVER, (server.guild_id, text)))

    @override
    async def set_favorite(self, user_id: int, job_id: str, at: datetime, *, on: bool) -> bool:
        change = _like if on else _unlike
        return await self._database.write(lambda connection: change(connection, user_id, job_id, at))

    @override
    async def is_favorite(self, user_id: int, job_id: str) -> bool:
        sql = "SELECT 1 FROM favorites WHERE user_id = ? AND job_id = ?"
        return bool(await self._database.read(sql, (user_id, job_id)))

    @override
    async def favorites_among(self, user_id: int, job_ids: Collection[str]) -> frozenset[str]:
        marks = ", ".join("?" * len(job_ids))
        sql = f"SELECT job_id FROM favorites WHERE user_id = ? AND job_id IN ({marks})"  # noqa: S608 - question marks
        return frozenset(row["job_id"] for row in await self._database.read(sql, (user_id, *job_ids)))


def _like(connection: sqlite3.Connection, user_id: int, job_id: str, at: datetime) -> bool:
    return bool(
        connection.execute(
            """
            INSERT INTO favorites (user_id, job_id, created_at, kind, model, guild_id)
            SELECT ?, id, ?, kind, model, guild_id FROM jobs WHERE id = ? AND deleted_at IS NULL
            ON CONFLICT (user_id, job_id) DO NOTHING
            """,
            (user_id, milliseconds(at), job_id),
        ).rowcount
    )


def _unlike(connection: sqlite3.Connection, user_id: int, job_id: str, at: datetime) -> bool:
    del at
    sql = "DELETE FROM favorites WHERE user_id = ? AND job_id = ?"
    return bool(connection.execute(sql, (user_id, job_id)).rowcount)
