"""`SqliteDraftStore`: what people have filled in and not sent yet. Imports the model, and of the engine only types."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast, final

from typing_extensions import override

from bot.model import Draft
from storage.rows import milliseconds, moment, stored

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping
    from datetime import datetime

    from bot.jobs.ports import DraftStore
    from storage.database import Database
else:
    DraftStore = object


@final
class SqliteDraftStore(DraftStore):
    """Drafts in an SQLite file.

    Parameters
    ----------
    database
        Open; not closed here.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    async def put(self, draft: Draft) -> None:
        await self._database.write(lambda connection: _put(connection, draft))

    @override
    async def get(self, draft_id: str) -> Draft | None:
        rows = await self._database.read("SELECT * FROM drafts WHERE id = ?", (draft_id,))
        return draft_of(rows[0]) if rows else None

    @override
    async def change(
        self, draft_id: str, fields: Mapping[str, str], *, where: Mapping[str, str] | None = None
    ) -> Draft | None:
        return await self._database.write(lambda connection: _change(connection, draft_id, fields, where or {}))

    @override
    async def take(self, draft_id: str) -> Draft | None:
        return await self._database.write(lambda connection: take(connection, draft_id))

    @override
    async def forget(self, before: datetime) -> int:
        return await self._database.write(
            lambda connection: (
                connection.execute("DELETE FROM drafts WHERE created_at < ?", (milliseconds(before),)).rowcount
            )
        )


def take(connection: sqlite3.Connection, draft_id: str) -> Draft | None:
    """Return a draft and forget it, inside a transaction."""
    row = connection.execute("DELETE FROM drafts WHERE id = ? RETURNING *", (draft_id,)).fetchone()
    return None if row is None else draft_of(row)


def _put(connection: sqlite3.Connection, draft: Draft) -> None:
    connection.execute(
        """
        INSERT INTO drafts (id, user_id, form, fields, created_at) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET fields = excluded.fields
        """,
        (draft.id, draft.user_id, stored(draft.form), _text(draft.fields), milliseconds(draft.created_at)),
    )


def _change(
    connection: sqlite3.Connection, draft_id: str, fields: Mapping[str, str], where: Mapping[str, str]
) -> Draft | None:
    row = connection.execute("SELECT * FROM drafts WHERE id = ?", (draft_id,)).fetchone()
    if row is None:
        return None
    current = draft_of(row).fields
    if any(current.get(name) != value for name, value in where.items()):
        return None
    merged = {**current, **fields}
    row = connection.execute(
        "UPDATE drafts SET fields = ? WHERE id = ? RETURNING *", (_text(merged), draft_id)
    ).fetchone()
    return draft_of(row)


def _text(fields: Mapping[str, str]) -> str:
    return json.dumps(dict(fields), ensure_ascii=True)  # half a surrogate pair comes back as it was


def draft_of(row: sqlite3.Row) -> Draft:
    """Return the draft of a row of `drafts`."""
    created_at = moment(row["created_at"])
    assert created_at is not None  # noqa: S101 - the column is NOT NULL
    return Draft(
        id=row["id"],
        user_id=row["user_id"],
        form=row["form"],
        created_at=created_at,
        fields=cast("dict[str, str]", json.loads(row["fields"])),
    )
