"""The database and its backups, also while the bot uses them. Imports the storage."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.owner.doctor.notes import ill, note, well
from storage.condition import look_at_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.config import Settings
    from bot.owner.doctor.notes import Note
    from storage.condition import Condition

_LATE: Final = timedelta(hours=2)
_RESTORE: Final = "Stop Easel and put a backup back: python -m bot restore FILE."


def examine_database(settings: Settings, now: datetime) -> Iterator[Note]:
    """Look at the database."""
    path = settings.database_path.resolve()
    found = look_at_database(path)
    if not found.exists:
        yield note("Database", f"{path} is not there yet; Easel makes it at its first start")
        return
    if found.fault:
        yield ill("Database", found.fault.rstrip("."), _RESTORE)
        return
    yield well("Database", f"{path}, version {found.version}, sound at a quick look")
    if found.version < found.newest:
        yield note("Database", f"the next start brings it to version {found.newest}, after a backup")
    yield note("Easel", f"it is running ({found.holder})" if found.holder else "it is not running now")
    yield from _backups(settings, found, now)


def _backups(settings: Settings, found: Condition, now: datetime) -> Iterator[Note]:
    every, last = settings.backup_every, found.last_backup
    if every is None:
        yield note("Backups", "switched off", "Set BACKUP_HOURS, or run `python -m bot backup PATH` regularly.")
    elif last is None:
        yield note("Backups", "there is none yet; Easel makes one when it starts")
    elif found.holder and now - last > every + _LATE:
        yield ill(
            "Backups",
            f"the last is of {last:%Y-%m-%d %H:%M} UTC",
            "Look for `backup` in Easel's log: is the disk full?",
        )
    else:
        yield well("Backups", f"every {every // timedelta(hours=1)} h, the last of {last:%Y-%m-%d %H:%M} UTC")
