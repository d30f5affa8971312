"""`SqliteExportStore`: what is to be put together for whom, and what of it is in no other store.

Imports the model, and of the engine only types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from typing_extensions import override

from bot.model import Export, Preset
from storage.rows import known, milliseconds, stored
from storage.stores.batches import batch_of
from storage.stores.shares import shares_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import datetime

    from bot.jobs.ports import ExportStore
    from bot.model import Batch, Share
    from storage.database import Database
else:
    ExportStore = object

_ADD: Final = """
    INSERT INTO exports (id, user_id, guild_id, channel_id, locale, application_id, created_at)
    SELECT ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM exports WHERE user_id = ?)
"""
_BATCHES: Final = "SELECT * FROM batches WHERE user_id = ? ORDER BY id DESC"
_PRESET_SHARES: Final = "SELECT * FROM preset_shares WHERE user_id = ? ORDER BY name, guild_id"
_SHARES: Final = "SELECT * FROM shares WHERE user_id = ? ORDER BY message_id DESC, job_id"
_PRESETS: Final = "SELECT * FROM presets WHERE user_id = ? ORDER BY name"
_FAVORITES: Final = "SELECT job_id, created_at FROM favorites WHERE user_id = ? ORDER BY created_at DESC, job_id DESC"
_WORDS_ELSEWHERE: Final = "SELECT DISTINCT words FROM authors WHERE user_id = ? ORDER BY words"
_STARS: Final = "SELECT job_id, created_at FROM stars WHERE user_id = ? ORDER BY created_at DESC, job_id DESC"


@final
class SqliteExportStore(ExportStore):
    """Exports in an SQLite file.

    Parameters
    ----------
    database
        Open; not closed here.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    async def add(self, export: Export) -> bool:
        values = (
            export.id,
            export.user_id,
            export.guild_id,
            export.channel_id,
            stored(export.locale),
            export.application_id,
            milliseconds(export.created_at),
            export.user_id,
        )
        return await self._database.write(lambda connection: bool(connection.execute(_ADD, values).rowcount))

    @override
    async def open(self) -> Sequence[Export]:
        return [_export_of(row) for row in await self._database.read("SELECT * FROM exports ORDER BY id")]

    @override
    async def sent(self, export_id: str, parts: int) -> None:
        sql = "UPDATE exports SET parts_sent = ? WHERE id = ?"
        await self._database.write(lambda connection: connection.execute(sql, (parts, export_id)))

    @override
    async def remove(self, export_id: str) -> None:
        sql = "DELETE FROM exports WHERE id = ?"
        await self._database.write(lambda connection: connection.execute(sql, (export_id,)))

    @override
    async def batches(self, user_id: int) -> list[Batch]:
        return [batch_of(row, ()) for row in await self._database.read(_BATCHES, (user_id,))]

    @override
    async def presets(self, user_id: int) -> list[Preset]:
        return [
            Preset(user_id=user_id, name=row["name"], text=row["text"], created_at=known(row["created_at"]))
            for row in await self._database.read(_PRESETS, (user_id,))
        ]

    @override
    async def preset_shares(self, user_id: int) -> list[tuple[str, int, str]]:
        rows = await self._database.read(_PRESET_SHARES, (user_id,))
        return [(row["name"], row["guild_id"], row["owner_name"]) for row in rows]

    @override
    async def shares(self, user_id: int) -> list[Share]:
        return shares_of(await self._database.read(_SHARES, (user_id,)))

    @override
    async def favorites(self, user_id: int) -> list[tuple[str, datetime]]:
        return await self._liked(_FAVORITES, user_id)

    @override
    async def words_elsewhere(self, user_id: int) -> list[str]:
        return [row["words"] for row in await self._database.read(_WORDS_ELSEWHERE, (user_id,))]

    @override
    async def stars(self, user_id: int) -> list[tuple[str, datetime]]:
        return await self._liked(_STARS, user_id)

    async def _liked(self, sql: str, user_id: int) -> list[tuple[str, datetime]]:
        return [(row["job_id"], known(row["created_at"])) for row in await self._database.read(sql, (user_id,))]


def _export_of(row: sqlite3.Row) -> Export:
    return Export(
        id=row["id"],
        user_id=row["user_id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        locale=row["locale"],
        application_id=row["application_id"],
        created_at=known(row["created_at"]),
        parts_sent=row["parts_sent"],
    )
