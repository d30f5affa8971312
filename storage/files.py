"""`SqliteFileStore`: which files are kept for which jobs.

Imports the model, and of the engine only types.
"""

from __future__ import annotations

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

#: A file that one of these has is not to be forgotten.
_UNDELIVERED: Final = """
    SELECT 1 FROM files AS held JOIN deliveries AS d ON d.job_id = held.job_id
    WHERE held.name = f.name AND d.status IN ('waiting', 'due', 'posting', 'linked')
"""

#: Parameters: kept before (NULL for all), limit. Walks along `files_age`; each name counts as its youngest row.
OLDEST: Final = f"""
    SELECT f.* FROM files AS f
    WHERE f.kept_at < coalesce(?, 9223372036854775807)
      AND NOT EXISTS (
          SELECT 1 FROM files AS other WHERE other.name = f.name
            AND (other.kept_at, other.job_id, other.part) > (f.kept_at, f.job_id, f.part))
      AND NOT EXISTS ({_UNDELIVERED})
    ORDER BY f.kept_at LIMIT ?
"""  # noqa: S608 - put together from constants

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
    async def oldest(self, before: datetime | None, limit: int) -> list[KeptFile]:
        rows = await self._database.read(OLDEST, (None if before is None else milliseconds(before), limit))
        return [_file_of(row) for row in rows]

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


def let_go(connection: sqlite3.Connection, job_id: str) -> None:
    """Mark the files of a job that is being deleted, so that they are found again whatever happens before they go."""
    connection.execute("UPDATE files SET kept_at = 0 WHERE job_id = ?", (job_id,))


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
    undelivered = f"SELECT 1 FROM files AS f WHERE f.name = ? AND EXISTS ({_UNDELIVERED})"  # noqa: S608 - see above
    if connection.execute(undelivered, (name,)).fetchone() is not None:
        return False
    connection.execute(_FORGET_PICTURE, (name,))
    connection.execute("DELETE FROM files WHERE name = ?", (name,))
    return True


def _file_of(row: sqlite3.Row) -> KeptFile:
    return KeptFile(
        job_id=row["job_id"],
        part=row["part"],
        name=row["name"],
        media_type=row["media_type"],
        size=row["size"],
        kept_at=known(row["kept_at"]),
    )
