"""`SqlitePresetStore`: what people keep under names, and where they share it.

Imports the model, and of the engine only types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from typing_extensions import override

from bot.model import KeptPreset, Preset, SharedPreset
from storage.rows import known, milliseconds, stored

if TYPE_CHECKING:
    import sqlite3

    from bot.jobs.ports import PresetStore
    from storage.database import Database
else:
    PresetStore = object

_ONE: Final = "SELECT * FROM presets WHERE user_id = ? AND name = ?"
_IS_SHARED: Final = "SELECT EXISTS (SELECT 1 FROM preset_shares WHERE user_id = ? AND name = ?)"
_COUNT_OTHERS: Final = "SELECT count(*) FROM presets WHERE user_id = ? AND name <> ?"
_PUT: Final = """
    INSERT INTO presets (user_id, name, text, created_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (user_id, name) DO UPDATE SET text = excluded.text
"""
_SHARE: Final = """
    INSERT INTO preset_shares (guild_id, owner_name, user_id, name)
    SELECT ?, ?, user_id, name FROM presets WHERE user_id = ? AND name = ?
    ON CONFLICT (guild_id, user_id, name) DO UPDATE SET owner_name = excluded.owner_name
"""
_SHARED: Final = """
    SELECT p.*, s.owner_name FROM preset_shares AS s JOIN presets AS p ON p.user_id = s.user_id AND p.name = s.name
    WHERE s.guild_id = ?
"""
_SHARED_LIKE: Final = f"{_SHARED} AND instr(s.name, ?) ORDER BY s.name, s.user_id LIMIT ?"
_SHARED_AS: Final = f"{_SHARED} AND s.name = ? ORDER BY s.user_id LIMIT ?"


@final
class SqlitePresetStore(PresetStore):
    """Presets in an SQLite file.

    Parameters
    ----------
    database
        Open; not closed here.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @override
    async def put(self, preset: Preset, most: int) -> KeptPreset | None:
        key = (preset.user_id, preset.name)
        row = (*key, stored(preset.text), milliseconds(preset.created_at))

        def change(connection: sqlite3.Connection) -> KeptPreset | None:
            (others,) = connection.execute(_COUNT_OTHERS, key).fetchone()
            if others >= most:
                return None
            before = connection.execute(_ONE, key).fetchone()
            connection.execute(_PUT, row)
            (is_shared,) = connection.execute(_IS_SHARED, key).fetchone()
            return KeptPreset(
                preset=preset, before=None if before is None else _preset_of(before), is_shared=bool(is_shared)
            )

        return await self._database.write(change)

    @override
    async def get(self, user_id: int, name: str) -> Preset | None:
        rows = await self._database.read(_ONE, (user_id, name))
        return _preset_of(rows[0]) if rows else None

    @override
    async def of(self, user_id: int) -> list[Preset]:
        rows = await self._database.read("SELECT * FROM presets WHERE user_id = ? ORDER BY name", (user_id,))
        return [_preset_of(row) for row in rows]

    @override
    async def delete(self, user_id: int, name: str) -> bool:
        sql = "DELETE FROM presets WHERE user_id = ? AND name = ?"
        return await self._database.write(lambda connection: bool(connection.execute(sql, (user_id, name)).rowcount))

    @override
    async def share(self, guild_id: int, user_id: int, name: str, owner_name: str) -> bool:
        values = (guild_id, stored(owner_name), user_id, name)
        return await self._database.write(lambda connection: bool(connection.execute(_SHARE, values).rowcount))

    @override
    async def unshare(self, guild_id: int, user_id: int, name: str) -> bool:
        sql = "DELETE FROM preset_shares WHERE guild_id = ? AND user_id = ? AND name = ?"
        values = (guild_id, user_id, name)
        return await self._database.write(lambda connection: bool(connection.execute(sql, values).rowcount))

    @override
    async def shared(self, guild_id: int, part: str, limit: int) -> list[SharedPreset]:
        return _shared_of(await self._database.read(_SHARED_LIKE, (guild_id, part, limit)))

    @override
    async def shared_as(self, guild_id: int, name: str, limit: int) -> list[SharedPreset]:
        return _shared_of(await self._database.read(_SHARED_AS, (guild_id, name, limit)))


def _preset_of(row: sqlite3.Row) -> Preset:
    return Preset(user_id=row["user_id"], name=row["name"], text=row["text"], created_at=known(row["created_at"]))


def _shared_of(rows: list[sqlite3.Row]) -> list[SharedPreset]:
    return [SharedPreset(preset=_preset_of(row), owner_name=row["owner_name"]) for row in rows]
