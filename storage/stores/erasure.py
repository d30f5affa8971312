"""`SqlitePrivacyStore`: what is kept of people, and how they leave. What goes and what stays is said by `registry`.

Imports the model, and of the engine only types.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, final

from typing_extensions import override

from bot.model import Holdings, Tombstone
from storage import belongings
from storage.queries import UNDER_WAY
from storage.registry import AT_ONCE, BATCHES, DELIVERIES, JOBS, NOBODY, blanks
from storage.rows import first_id, job_of, known, milliseconds, moment
from storage.stores import usage
from storage.stores.drafts import draft_of
from storage.stores.jobs import jobs_of
from storage.transactions import inheritance

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection
    from datetime import datetime

    from bot.jobs.ports import PrivacyStore
    from bot.model import Draft, Job
    from storage.database import Database
else:
    PrivacyStore = object

_ENTOMB: Final = """
    INSERT INTO tombstones (mark, erased_at) VALUES (?, ?)
    ON CONFLICT (mark) DO UPDATE SET erased_at = max(erased_at, excluded.erased_at), finished_at = NULL
"""

#: What is still waiting is stopped by its status, so that nobody who has looked at it before can send it.
_BLANK_JOB: Final = f"""
    UPDATE jobs SET {blanks(JOBS)}, answered_at = NULL, deleted_at = :at,
        status = CASE WHEN status IN ('queued', 'needs_input') THEN 'cancelled' ELSE status END
    WHERE id = :id
"""  # noqa: S608 - out of the registry
_BLANK_DELIVERY: Final = f"UPDATE deliveries SET {blanks(DELIVERIES)}, status = 'kept' WHERE job_id = :id"  # noqa: S608 - out of the registry
_BLANK_BATCHES: Final = f"""
    UPDATE batches SET {blanks(BATCHES)}, closed_at = coalesce(closed_at, :at)
    WHERE user_id = :user_id AND created_at <= :until
"""  # noqa: S608 - out of the registry

#: A child of somebody else's stays; the key under which it was the one result of its button names what goes.
_REMOVALS: Final = (
    "DELETE FROM searches WHERE job_id = :id AND user_id = (SELECT user_id FROM jobs WHERE id = :id)",
    "UPDATE jobs SET single_key = NULL WHERE parent_id = :id AND single_key IS NOT NULL",
    "DELETE FROM jobs WHERE id = :id",
)


@final
class SqlitePrivacyStore(PrivacyStore):
    """People's data in an SQLite file.

    Parameters
    ----------
    database
        Open; not closed here.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    async def holdings(self, user_id: int) -> Holdings:
        row = (await self._database.read(belongings.HOLDINGS, {"user_id": user_id}))[0]
        oldest = row["oldest"]
        return Holdings(
            jobs=row["jobs"],
            deleted=row["deleted"],
            oldest=None if oldest is None else known(oldest),
            files=row["files"],
            size=row["size"],
            favorites=row["favorites"],
            stars=row["stars"],
            presets=row["presets"],
            has_settings=bool(row["has_settings"]),
        )

    @override
    async def drafts(self, user_id: int) -> list[Draft]:
        return [
            draft_of(row) for row in await self._database.read("SELECT * FROM drafts WHERE user_id = ?", (user_id,))
        ]

    @override
    async def jobs(self, user_id: int, before: str, limit: int) -> list[Job]:
        return await jobs_of(await self._database.read(belongings.ALL_OF_PERSON, (user_id, before, limit)))

    @override
    async def newest(self, user_id: int) -> datetime | None:
        [row] = await self._database.read(belongings.NEWEST, {"user_id": user_id})
        return moment(row["newest"])

    @override
    async def leave(self, user_id: int, tombstone: Tombstone, until: datetime) -> list[Job]:
        return await self._database.write(lambda connection: _leave(connection, user_id, tombstone, until))

    @override
    async def remove(
        self, job_ids: Collection[str], *, with_words: bool = False, counted_since: datetime | None = None
    ) -> list[str]:
        def work(connection: sqlite3.Connection) -> list[str]:
            if counted_since is not None:
                usage.keep(connection, job_ids, counted_since)
            return _remove(connection, job_ids, with_words=with_words)

        return await self._database.write(work)

    @override
    async def take_words_back(self) -> int:
        if not await self._database.read("SELECT 1 FROM borrowings LIMIT 1"):
            return 0
        return await self._database.write(inheritance.blank_told)

    @override
    async def part(self, user_id: int, until: datetime) -> None:
        sql = "DELETE FROM batches WHERE user_id = ? AND created_at <= ?"
        values = (user_id, milliseconds(until))
        await self._database.write(lambda connection: connection.execute(sql, values))

    @override
    async def finish(self, tombstone: Tombstone, at: datetime) -> None:
        # Not if they have left once more meanwhile: then there may be more to do.
        sql = "UPDATE tombstones SET finished_at = ? WHERE mark = ? AND erased_at = ?"
        values = (milliseconds(at), tombstone.mark, milliseconds(tombstone.erased_at))
        await self._database.write(lambda connection: connection.execute(sql, values))

    @override
    async def nobodys(self, limit: int) -> list[Job]:
        return await jobs_of(await self._database.read(belongings.NOBODYS, (NOBODY, limit)))

    @override
    async def scrub(self) -> bool:
        return await self._database.scrub()

    @override
    async def people(self) -> list[int]:
        rows = await self._database.read(belongings.PEOPLE)
        return [row["user_id"] for row in rows if row["user_id"] not in {None, NOBODY}]

    @override
    async def has_older(self, user_id: int, than: datetime) -> bool:
        values = {"user_id": user_id, "id": first_id(than), "at": milliseconds(than)}
        return bool(await self._database.read(belongings.ANYTHING_OLDER, values))

    @override
    async def tombstones(self) -> list[Tombstone]:
        rows = await self._database.read("SELECT * FROM tombstones ORDER BY erased_at, mark")
        return [
            Tombstone(mark=row["mark"], erased_at=known(row["erased_at"]), finished_at=moment(row["finished_at"]))
            for row in rows
        ]

    @override
    async def bury(self, tombstones: Collection[Tombstone]) -> None:
        rows = [(tombstone.mark, milliseconds(tombstone.erased_at)) for tombstone in tombstones]
        await self._database.write(lambda connection: connection.executemany(_ENTOMB, rows))

    @override
    async def outlived(self, before: datetime, limit: int) -> list[Job]:
        return await jobs_of(await self._database.read(belongings.OUTLIVED, (milliseconds(before), limit)))

    @override
    async def clear_batches(self, before: datetime) -> int:
        return await self._database.write(
            lambda connection: connection.execute(belongings.CLEAR_BATCHES, (milliseconds(before),)).rowcount
        )


def _remove(connection: sqlite3.Connection, job_ids: Collection[str], *, with_words: bool) -> list[str]:
    """Remove jobs with all that belongs to them; return the names of the files that nobody has any more."""
    if with_words:
        inheritance.take_back(connection, job_ids)
    inheritance.sign(connection, job_ids, _owners(connection, job_ids) if with_words else ())
    of_job, held = "SELECT name FROM files WHERE job_id = ?", "SELECT 1 FROM files WHERE name = ? LIMIT 1"
    names = {row["name"] for job_id in job_ids for row in connection.execute(of_job, (job_id,))}
    for removal in _REMOVALS:
        connection.executemany(removal, [{"id": job_id} for job_id in job_ids])
    return [name for name in names if connection.execute(held, (name,)).fetchone() is None]


def _owners(connection: sqlite3.Connection, job_ids: Collection[str]) -> set[int]:
    sql = "SELECT DISTINCT user_id FROM json_each(?) AS gone CROSS JOIN jobs ON jobs.id = gone.value"
    return {row["user_id"] for row in connection.execute(sql, (json.dumps(list(job_ids)),))}


def _leave(connection: sqlite3.Connection, user_id: int, tombstone: Tombstone, until: datetime) -> list[Job]:
    at = milliseconds(tombstone.erased_at)
    connection.execute(_ENTOMB, (tombstone.mark, at))
    inheritance.take_back_signed(connection, user_id)
    theirs = {"user_id": user_id, "at": at, "until": milliseconds(until)}
    for name, table in AT_ONCE:
        up_to = f" AND {table.since} <= :until" if table.since else ""
        sql = f"DELETE FROM {name} WHERE {table.person} = :user_id{up_to}"  # noqa: S608 - out of the registry
        connection.execute(sql, theirs)
    connection.execute(_BLANK_BATCHES, theirs)
    rows = connection.execute(UNDER_WAY, (user_id, user_id, user_id, -1)).fetchall()
    under_way = [job for job in map(job_of, rows) if job.created_at <= until]
    newest_first = [job.id for job in reversed(under_way)]
    inheritance.take_back(connection, newest_first)
    inheritance.sign(connection, newest_first, [user_id])
    for job in under_way:
        values = {**theirs, "id": job.id}
        connection.execute("DELETE FROM searches WHERE job_id = :id AND user_id = :user_id", values)
        connection.execute(_BLANK_JOB, values)
        connection.execute(_BLANK_DELIVERY, values)
        for name in ("favorites", "stars", "showcases"):
            connection.execute(f"DELETE FROM {name} WHERE job_id = :id", values)  # noqa: S608 - as listed
    return under_way
