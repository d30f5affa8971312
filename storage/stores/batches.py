"""`SqliteBatchStore`: several jobs that were asked for at once. Imports the model, and of the engine only types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from typing_extensions import override

from bot.model import Batch, Entry
from storage import queries
from storage.rows import job_of, milliseconds, moment, stored
from storage.stores.chronicle import Chronicle
from storage.stores.drafts import take
from storage.transactions.entry import insert

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import datetime

    from bot.jobs.ports import BatchStore
    from bot.model import NewJob
    from storage.database import Database
else:
    BatchStore = object

_BY_ID: Final = "SELECT * FROM batches WHERE id = ?"
_OPEN: Final = "SELECT * FROM batches WHERE closed_at IS NULL ORDER BY id"

_INSERT: Final = """
    INSERT INTO batches (id, user_id, guild_id, channel_id, prompt, locale, attachment_size_limit, application_id,
                         created_at, interaction_token)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


@final
class SqliteBatchStore(BatchStore):
    """Batches in an SQLite file.

    Parameters
    ----------
    database
        Open; not closed here.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._chronicle = Chronicle(database.metrics.jobs)

    @override
    async def add(self, batch: Batch, jobs: Sequence[NewJob], draft_id: str) -> Batch | None:
        self._database.require_room()
        added = await self._database.write(lambda connection: _add(connection, batch, jobs, draft_id))
        for job in () if added is None else added.jobs:
            self._chronicle.entered(Entry.NEW, job)
        return added

    @override
    async def get(self, batch_id: str) -> Batch | None:
        rows = await self._database.read(_BY_ID, (batch_id,))
        return await self._with_jobs(rows[0]) if rows else None

    @override
    async def open(self) -> list[Batch]:
        return [await self._with_jobs(row) for row in await self._database.read(_OPEN)]

    @override
    async def answered(self, batch_id: str, message_id: int, at: datetime) -> Batch | None:
        return await self._database.write(lambda connection: _answered(connection, batch_id, message_id, at))

    @override
    async def close(self, batch_id: str, at: datetime) -> None:
        await self._database.write(
            lambda connection: connection.execute(
                "UPDATE batches SET closed_at = ? WHERE id = ? AND closed_at IS NULL", (milliseconds(at), batch_id)
            )
        )

    async def _with_jobs(self, row: sqlite3.Row) -> Batch:
        return batch_of(row, await self._database.read(queries.OF_BATCH, (row["id"],)))


def _add(connection: sqlite3.Connection, batch: Batch, jobs: Sequence[NewJob], draft_id: str) -> Batch | None:
    if take(connection, draft_id) is None:
        return None
    connection.execute(
        _INSERT,
        (
            batch.id,
            batch.user_id,
            batch.guild_id,
            batch.channel_id,
            stored(batch.prompt),
            stored(batch.locale),
            batch.attachment_size_limit,
            batch.application_id,
            milliseconds(batch.created_at),
            stored(batch.interaction_token),
        ),
    )
    for job in jobs:
        insert(connection, job)
    return _read(connection, batch.id)


def _answered(connection: sqlite3.Connection, batch_id: str, message_id: int, at: datetime) -> Batch | None:
    connection.execute(
        "UPDATE batches SET answer_message_id = coalesce(answer_message_id, ?) WHERE id = ?", (message_id, batch_id)
    )
    connection.execute(
        "UPDATE jobs SET answered_at = :at, updated_at = :at WHERE batch_id = :id AND answered_at IS NULL",
        {"at": milliseconds(at), "id": batch_id},
    )
    return _read(connection, batch_id)


def _read(connection: sqlite3.Connection, batch_id: str) -> Batch | None:
    row = connection.execute(_BY_ID, (batch_id,)).fetchone()
    return None if row is None else batch_of(row, connection.execute(queries.OF_BATCH, (batch_id,)).fetchall())


def batch_of(row: sqlite3.Row, jobs: Sequence[sqlite3.Row]) -> Batch:
    """Return the batch that a row is, with its jobs."""
    created_at = moment(row["created_at"])
    assert created_at is not None  # noqa: S101 - the column is NOT NULL
    return Batch(
        id=row["id"],
        user_id=row["user_id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        prompt=row["prompt"],
        locale=row["locale"],
        attachment_size_limit=row["attachment_size_limit"],
        application_id=row["application_id"],
        created_at=created_at,
        interaction_token=row["interaction_token"],
        answer_message_id=row["answer_message_id"],
        closed_at=moment(row["closed_at"]),
        jobs=tuple(map(job_of, jobs)),
    )
