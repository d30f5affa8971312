"""`SqliteFileStore`: which files are kept for which jobs.

Imports the model, and of the engine only types.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, final

from typing_extensions import override

from bot.model import KeptFile
from storage.rows import known, milliseconds

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection
    from datetime import datetime

    from bot.jobs.ports import FileStore
    from storage.database import Database
else:
    FileStore = object

_KEEP: Final = """
    INSERT INTO files (job_id, part, name, media_type, size, kept_at)
    SELECT id, :part, :name, :media_type, :size, :kept_at FROM jobs WHERE id = :job_id AND deleted_at IS NULL
    ON CONFLICT (job_id, part) DO UPDATE SET
        name = excluded.name, media_type = excluded.media_type, size = excluded.size, kept_at = excluded.kept_at
"""

_NAME_PICTURE: Final = """
    UPDATE jobs SET picture = :name, media_type = :media_type, media_url = coalesce(:url, media_url)
    WHERE id = :job_id
"""

_PAGE: Final = 500
_NEVER: Final = 2**63 - 1

#: Parameters: the last one seen (kept at, job, part), kept before, limit. Walks along `files_age`.
BY_AGE: Final = """
    SELECT * FROM files WHERE (kept_at, job_id, part) > (?, ?, ?) AND kept_at < ?
    ORDER BY kept_at, job_id, part LIMIT ?
"""

#: Parameter: names, as a JSON list. Of each the youngest row, and how many of its jobs are still to be delivered, and
#: liked: somebody's favorites, or shown in a star channel.
STANDING: Final = """
    SELECT f.name, max(f.kept_at), f.job_id, f.part,
           total(d.status IN ('waiting', 'due', 'posting', 'linked')) AS undelivered,
           total(EXISTS (SELECT 1 FROM favorites WHERE job_id = f.job_id)
                 OR EXISTS (SELECT 1 FROM showcases WHERE job_id = f.job_id)) AS liked
    FROM json_each(?) AS asked CROSS JOIN files AS f ON f.name = asked.value
         LEFT JOIN deliveries AS d ON d.job_id = f.job_id
    GROUP BY asked.key
"""

_UNDELIVERED: Final = """
    SELECT 1 FROM files AS f CROSS JOIN deliveries AS d ON d.job_id = f.job_id
    WHERE f.name = ? AND d.status IN ('waiting', 'due', 'posting', 'linked') LIMIT 1
"""

_TOTAL: Final = "SELECT coalesce(sum(size), 0) AS total FROM (SELECT max(size) AS size FROM files GROUP BY name)"

_FORGET_PICTURE: Final = (
    "UPDATE jobs SET picture = NULL WHERE id IN (SELECT job_id FROM files WHERE name = ? AND part = 0)"
)


@final
class SqliteFileStore(FileStore):
    """Kept files in an SQLite file.

    Parameters
    ----------
    database
        Open; not closed here.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    async def keep(self, file: KeptFile, url: str | None = None) -> bool:
        return await self._database.write(lambda connection: _keep(connection, file, url))

    @override
    async def of_job(self, job_id: str) -> list[KeptFile]:
        rows = await self._database.read("SELECT * FROM files WHERE job_id = ? ORDER BY part", (job_id,))
        return [_file_of(row) for row in rows]

    @override
    async def release(self, job_id: str) -> list[str]:
        return await self._database.write(lambda connection: _release(connection, job_id))

    @override
    async def forget(self, names: Collection[str]) -> list[str]:
        return await self._database.write(lambda connection: [name for name in names if _forget(connection, name)])

    @override
    async def oldest(
        self, before: datetime | None, limit: int, *, after: KeptFile | None = None, liked: bool | None = None
    ) -> list[KeptFile]:
        found: list[KeptFile] = []
        until = _NEVER if before is None else milliseconds(before)
        standing: dict[str, sqlite3.Row] = {}
        last: tuple[object, ...] = (
            (-1, "", 0) if after is None else (milliseconds(after.kept_at), after.job_id, after.part)
        )
        while True:
            rows = await self._database.read(BY_AGE, (*last, until, _PAGE))
            standing |= await self._standing({row["name"] for row in rows} - standing.keys())
            found += [_file_of(row) for row in rows if _may_go(row, standing.get(row["name"]), liked=liked)]
            if len(rows) < _PAGE or len(found) >= limit:
                return found[:limit]
            last = tuple(rows[-1][column] for column in ("kept_at", "job_id", "part"))

    async def _standing(self, names: Collection[str]) -> dict[str, sqlite3.Row]:
        """Return what decides about these files. Each is asked for once: thousands of jobs may have the same."""
        return {row["name"]: row for row in await self._database.read(STANDING, (json.dumps(list(names)),))}

    @override
    async def total(self) -> int:
        return int((await self._database.read(_TOTAL))[0]["total"])

    @override
    async def held(self, beginning: str) -> set[str]:
        sql = "SELECT DISTINCT name FROM files WHERE name >= ? AND name < ?"
        return {row["name"] for row in await self._database.read(sql, (beginning, f"{beginning}\U0010ffff"))}

    @override
    async def of_deleted(self) -> list[str]:
        rows = await self._database.read("SELECT DISTINCT job_id FROM files WHERE kept_at = 0")
        return [row["job_id"] for row in rows]


def _keep(connection: sqlite3.Connection, file: KeptFile, url: str | None) -> bool:
    values = {
        "job_id": file.job_id,
        "part": file.part,
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "kept_at": milliseconds(file.kept_at),
        "url": url,
    }
    if not connection.execute(_KEEP, values).rowcount:
        return False
    if file.part == 0:
        connection.execute(_NAME_PICTURE, values)
    return True


def _release(connection: sqlite3.Connection, job_id: str) -> list[str]:
    names = [row["name"] for row in connection.execute("SELECT DISTINCT name FROM files WHERE job_id = ?", (job_id,))]
    connection.execute("DELETE FROM files WHERE job_id = ?", (job_id,))
    connection.execute("UPDATE jobs SET picture = NULL WHERE id = ? AND picture IS NOT NULL", (job_id,))
    held = "SELECT 1 FROM files WHERE name = ? LIMIT 1"
    return [name for name in names if connection.execute(held, (name,)).fetchone() is None]


def _forget(connection: sqlite3.Connection, name: str) -> bool:
    if connection.execute(_UNDELIVERED, (name,)).fetchone() is not None:
        return False
    connection.execute(_FORGET_PICTURE, (name,))
    connection.execute("DELETE FROM files WHERE name = ?", (name,))
    return True


def _may_go(row: sqlite3.Row, standing: sqlite3.Row | None, *, liked: bool | None) -> bool:
    """Tell whether a row stands for its file, as the youngest that there is of it, and nobody still needs that."""
    if standing is None:  # the file has been let go of since the row was read
        return False
    is_youngest = (row["job_id"], row["part"]) == (standing["job_id"], standing["part"])
    return is_youngest and not standing["undelivered"] and liked in {None, bool(standing["liked"])}


def _file_of(row: sqlite3.Row) -> KeptFile:
    return KeptFile(
        job_id=row["job_id"],
        part=row["part"],
        name=row["name"],
        media_type=row["media_type"],
        size=row["size"],
        kept_at=known(row["kept_at"]),
    )
