"""`SqliteVault`: the folder of a database's backups. Imports only its neighbors and, of the engine, types."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Final, final

from typing_extensions import override

from bot.errors import StorageError
from storage.backups import BackupWriter, backup_folder, backup_name, beside, named, with_log

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime
    from pathlib import Path

    from bot.jobs.ports import Vault
    from bot.model import Backup
else:
    Vault = object

#: What a database is kept as that another was put in the place of.
SET_ASIDE: Final = "before-restore"
#: What a kill has left half written is older than any backup that is being made now.
_ABANDONED_S: Final = 86_400.0
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

    @override
    async def write(self, at: datetime) -> Backup:
        return await asyncio.to_thread(self._writer.write, self._folder / backup_name(at), at)

    @override
    async def made(self) -> list[datetime]:
        found = await asyncio.to_thread(self._found)
        return sorted(at for at, purpose in found.values() if not purpose)

    @override
    async def keep(self, wanted: Callable[[Collection[datetime]], Collection[datetime]], since: datetime) -> int:
        return await asyncio.to_thread(self._remove, wanted, since)

    @override
    async def redate(self, now: datetime) -> int:
        return await asyncio.to_thread(self._redate, now)

    @override
    async def has_set_aside(self) -> bool:
        return any(purpose == SET_ASIDE for _, purpose in (await asyncio.to_thread(self._found)).values())

    @override
    def stop(self) -> None:
        self._writer.stop()

    def _found(self) -> dict[Path, tuple[datetime, str]]:
        paths = list(self._folder.iterdir()) if self._folder.is_dir() else []
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
            self._remove_abandoned()
        except OSError as error:
            raise StorageError(f"Old backups cannot be removed: {error.strerror or error}") from error
        return len(gone)

    def _remove_abandoned(self) -> None:
        for path in self._folder.glob(".*.part"):
            if path.stat().st_mtime < time.time() - _ABANDONED_S:
                path.unlink(missing_ok=True)
