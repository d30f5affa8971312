"""`SqliteShareStore`: where jobs are shown again, by people and in star channels.

Imports the model, and of the engine only types.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, final

from typing_extensions import override

from bot.model import Share
from storage.rows import known, milliseconds

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from bot.jobs.ports import ShareStore
    from storage.database import Database
    from storage.rows import Stored
else:
    ShareStore = object

_ADD: Final = """
    INSERT INTO shares (message_id, channel_id, guild_id, user_id, created_at, job_id)
    SELECT ?, ?, ?, ?, ?, id FROM jobs WHERE id = ? AND deleted_at IS NULL AND is_private = 0
    ON CONFLICT (message_id, job_id) DO NOTHING
"""
#: What is still to be delivered has no message yet, and gets its own.
_MOVE: Final = """
    UPDATE deliveries SET channel_id = ?, message_id = ?, answer_message_id = NULL
    WHERE job_id = ? AND status IN ('delivered', 'kept')
"""
#: The one result of its button, from then on for all, unless there is one for all already.
_TAKE_KEY: Final = """
    UPDATE OR IGNORE jobs SET single_key = parent_id || ':' || action_index
    WHERE id = ? AND single_key IS NOT NULL AND parent_id IS NOT NULL
"""
_MOVE_BACK: Final = """
    UPDATE deliveries SET channel_id = NULL, message_id = NULL
    WHERE message_id = ? AND job_id IN (SELECT job_id FROM shares WHERE message_id = ?)
"""
_OF_MESSAGE: Final = "SELECT * FROM shares WHERE message_id = ?"
_OF_JOB: Final = """
    SELECT * FROM shares WHERE message_id IN (SELECT message_id FROM shares WHERE job_id = ?)
    ORDER BY message_id DESC
"""
_OF_PERSON: Final = """
    SELECT * FROM shares WHERE user_id = ? AND channel_id = ? AND created_at >= ? ORDER BY message_id DESC
"""
#: Parameters: the jobs as a JSON list and the channel, twice. Two looks, because each table has its own index.
SHOWN_IN: Final = """
    SELECT job_id FROM shares WHERE job_id IN (SELECT value FROM json_each(?)) AND channel_id = ?
    UNION
    SELECT job_id FROM showcases WHERE job_id IN (SELECT value FROM json_each(?)) AND channel_id = ?
"""


@final
class SqliteShareStore(ShareStore):
    """Shares in an SQLite file.

    Parameters
    ----------
    database
        Open; not closed here.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    async def add(self, share: Share) -> bool:
        return await self._database.write(lambda connection: _add(connection, share))

    @override
    async def publish(self, share: Share, *, is_its_message: bool) -> bool:
        def publish(connection: sqlite3.Connection) -> bool:
            [job_id] = share.job_ids
            sql = "UPDATE jobs SET is_private = 0, updated_at = ? WHERE id = ? AND deleted_at IS NULL"
            if not connection.execute(sql, (milliseconds(share.created_at), job_id)).rowcount:
                return False
            connection.execute(_TAKE_KEY, (job_id,))
            if is_its_message:
                connection.execute(_MOVE, (share.channel_id, share.message_id, job_id))
            return _add(connection, share)

        return await self._database.write(publish)

    @override
    async def of_message(self, message_id: int) -> Share | None:
        return next(iter(await self._shares(_OF_MESSAGE, message_id)), None)

    @override
    async def of_job(self, job_id: str) -> list[Share]:
        return await self._shares(_OF_JOB, job_id)

    @override
    async def of_person(self, user_id: int, channel_id: int, since: datetime) -> list[Share]:
        return await self._shares(_OF_PERSON, user_id, channel_id, milliseconds(since))

    @override
    async def forget(self, message_id: int) -> None:
        def forget(connection: sqlite3.Connection) -> None:
            connection.execute(_MOVE_BACK, (message_id, message_id))
            connection.execute("DELETE FROM shares WHERE message_id = ?", (message_id,))

        await self._database.write(forget)

    @override
    async def shown_in(self, channel_id: int, job_ids: Collection[str]) -> frozenset[str]:
        jobs = json.dumps(list(job_ids))
        rows = await self._database.read(SHOWN_IN, (jobs, channel_id, jobs, channel_id))
        return frozenset(row["job_id"] for row in rows)

    async def _shares(self, sql: str, *parameters: Stored) -> list[Share]:
        return shares_of(await self._database.read(sql, parameters))


def shares_of(rows: Sequence[sqlite3.Row]) -> list[Share]:
    """Return the shares that rows are about, one for each job in a message, in the order of their first rows."""
    jobs: dict[int, set[str]] = {}
    for row in rows:
        jobs.setdefault(row["message_id"], set()).add(row["job_id"])
    first = {row["message_id"]: row for row in reversed(rows)}
    return [
        Share(
            message_id=message_id,
            channel_id=first[message_id]["channel_id"],
            guild_id=first[message_id]["guild_id"],
            user_id=first[message_id]["user_id"],
            created_at=known(first[message_id]["created_at"]),
            job_ids=frozenset(found),
        )
        for message_id, found in jobs.items()
    ]


def _add(connection: sqlite3.Connection, share: Share) -> bool:
    """Write a share down as a whole, or not at all."""
    at = milliseconds(share.created_at)
    about = (share.message_id, share.channel_id, share.guild_id, share.user_id, at)
    added = sum(connection.execute(_ADD, (*about, job_id)).rowcount for job_id in share.job_ids)
    if added == len(share.job_ids):
        return True
    connection.execute("DELETE FROM shares WHERE message_id = ?", (share.message_id,))
    return False
