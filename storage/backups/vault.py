"""`SqliteVault`: the folder of a database's backups. Imports only its neighbors and, of the engine, types."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Final, final

from typing_extensions import override

from bot.errors import StorageError
from storage.backups.cleansing import Cleanser, clear_work
from storage.backups.writing import BackupWriter, backup_folder, backup_name, beside, is_abandoned, named, with_log

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime
    from pathlib import Path

    from bot.jobs.ports import Vault
    from bot.model import Backup, Tombstone
else:
    Vault = object

#: What a database is kept as that another was put in the place of.
SET_ASIDE: Final = "before-restore"
#: What another process has made meanwhile, or a clock that was corrected by minutes, is left as it is.
_AHEAD: Final = timedelta(hours=1)


@final
class SqliteVault(Vault):
    """Backups in the folder beside the database.

    Parameters
    ----------
    database
        The file; it may be open.
    """

    def __init__(self, database: Path) -> None:
        self._folder = backup_folder(database)
        self._writer = BackupWriter(database)
        self._cleanser = Cleanser()
        # One that is being written anew must not go or change its name meanwhile: it would be there again.
        self._changing = asyncio.Lock()

    @override
    async def write(self, at: datetime) -> Backup:
        async with self._changing:
            return await asyncio.to_thread(self._writer.write, self._folder / backup_name(at), at)

    @override
    async def made(self) -> list[datetime]:
        found = await asyncio.to_thread(self._found)
        return sorted(at for at, purpose in found.values() if not purpose)

    @override
    async def keep(self, wanted: Callable[[Collection[datetime]], Collection[datetime]], since: datetime) -> int:
        async with self._changing:
            return await asyncio.to_thread(self._remove, wanted, since)

    @override
    async def redate(self, now: datetime) -> int:
        async with self._changing:
            return await asyncio.to_thread(self._redate, now)

    @override
    async def copies(self) -> list[str]:
        found = await asyncio.to_thread(self._found)
        return sorted((path.name for path in found), reverse=True)

    @override
    async def cleanse(self, name: str, has_left: Callable[[int], Tombstone | None]) -> set[str] | None:
        async with self._changing:
            return await asyncio.to_thread(self._cleanser.cleanse, self._folder / name, has_left)

    @override
    async def tidy(self) -> None:
        async with self._changing:
            try:
                await asyncio.to_thread(self._tidy)
            except OSError as error:
                raise StorageError(f"What is half written cannot be removed: {error.strerror or error}") from error

    @override
    async def has_set_aside(self) -> bool:
        return any(purpose == SET_ASIDE for _, purpose in (await asyncio.to_thread(self._found)).values())

    @override
    def stop(self) -> None:
        self._writer.stop()
        self._cleanser.stop()

    def _found(self) -> dict[Path, tuple[datetime, str]]:
        paths = [path for path in self._folder.iterdir() if not path.is_symlink()] if self._folder.is_dir() else []
        return {path: known for path in paths if (known := named(path.name)) is not None}

    def _redate(self, now: datetime) -> int:
        later = {path: purpose for path, (at, purpose) in self._found().items() if at > now + _AHEAD}
        try:
            for path, purpose in later.items():
                target, at = path, now
                while target.exists():
                    target, at = self._folder / backup_name(at, purpose), at - timedelta(seconds=1)
                for file in with_log(path):
                    file.rename(target.with_name(f"{target.name}{file.name.removeprefix(path.name)}"))
        except OSError as error:
            raise StorageError(f"A backup cannot be renamed: {error.strerror or error}") from error
        return len(later)

    def _remove(self, wanted: Callable[[Collection[datetime]], Collection[datetime]], since: datetime) -> int:
        try:
            found = self._found()
            kept = wanted([at for at, purpose in found.values() if not purpose])
            gone = [path for path, (at, purpose) in found.items() if at < since or not (purpose or at in kept)]
            for path in gone:
                for file in (path, *beside(path)):
                    file.unlink(missing_ok=True)
            self._tidy()
        except OSError as error:
            raise StorageError(f"Old backups cannot be removed: {error.strerror or error}") from error
        return len(gone)

    def _tidy(self) -> None:
        clear_work(self._folder)
        for path in self._folder.glob(".*.part"):
            if is_abandoned(path):
                for file in (*beside(path), path):
                    file.unlink(missing_ok=True)
