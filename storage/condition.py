"""The condition of a database and its disk, looked at from outside while the bot may be using both.

Changes nothing of the database, and takes no lock. Imports sqlite3; nothing of jobs.
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, final

from bot.errors import StorageError
from storage.backups.writing import backup_folder, named, open_for_reading
from storage.checking import require_ours
from storage.failures import explained
from storage.lockfile import holder_of
from storage.migrate import load, refuse_newer, version_of
from storage.opening import NETWORK_FILE_SYSTEMS, file_system, may_have_readers
from storage.room import LEAST_FREE, free_bytes

if TYPE_CHECKING:
    from datetime import datetime

_SYNCS: Final = 20
_PAGE: Final = bytes(4096)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What was found.

    Attributes
    ----------
    exists
        Whether there is a database yet.
    holder
        Who uses it, in words; empty where nobody does.
    version, newest
        Of its schema, and of the one that this program makes; 0 where it could not be read.
    fault
        What is wrong with it, with what to do; empty where nothing is.
    last_backup
        When the newest regular backup was made.
    """

    exists: bool
    holder: str
    version: int
    newest: int
    fault: str
    last_backup: datetime | None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """What was found of the disk that the data folder is on.

    Attributes
    ----------
    kind
        Of the file system; empty where that is not told.
    is_remote
        Whether SQLite's locks do not work there.
    free, wanted
        Bytes: how many are left, and with how many fewer no new jobs are taken.
    sync_ms
        How long it takes to have a page on the disk, in the middle of some tries.
    """

    kind: str
    is_remote: bool
    free: int
    wanted: int
    sync_ms: float


def sqlite_in_words() -> tuple[str, bool]:
    """Return which SQLite this is, and whether it has the WAL-reset bug."""
    major, minor, patch = sqlite3.sqlite_version_info
    return sqlite3.sqlite_version, not may_have_readers((major, minor, patch))


def look_at_database(path: Path) -> Condition:
    """Look at a database."""
    exists, holder = path.exists() and path.stat().st_size > 0, holder_of(path)
    version, fault = _look(path, is_alone=not holder) if exists else (0, "")
    if fault and holder_of(path) != holder:  # somebody has just begun to write to it
        holder = holder_of(path)
        version, fault = _look(path, is_alone=False)
    return Condition(
        exists=exists,
        holder=holder,
        version=version,
        newest=len(load()),
        fault=fault,
        last_backup=_last_backup(path),
    )


def _look(path: Path, *, is_alone: bool) -> tuple[int, str]:
    """Return the version of a database, and what is wrong with it."""
    try:
        with closing(open_for_reading(path, is_alone=is_alone)) as connection:
            require_ours(connection, path)
            version = version_of(connection)
            refuse_newer(version, len(load()))
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        failure = explained(error)
        return 0, f"{failure} {failure.explanation}".strip()
    except StorageError as error:
        return 0, f"{error} {error.explanation}".strip()
    return version, "" if verdict == "ok" else f"It is damaged: {verdict}"


def look_at_disk(folder: Path, mounts: Path = Path("/proc/mounts")) -> Disk:
    """Look at the disk that a folder is on.

    Parameters
    ----------
    mounts
        As in `storage.opening`.

    Raises
    ------
    OSError
        Nothing can be written there.
    """
    mounted = mounts.read_text(encoding="utf-8", errors="replace") if mounts.exists() else ""
    kind = file_system(folder.resolve(), mounted)
    return Disk(
        kind=kind,
        is_remote=kind in NETWORK_FILE_SYSTEMS,
        free=free_bytes(folder),
        wanted=LEAST_FREE,
        sync_ms=_sync_ms(folder),
    )


def _sync_ms(folder: Path) -> float:
    times: list[float] = []
    with tempfile.TemporaryFile(prefix=".easel-", dir=folder) as file:
        for _ in range(_SYNCS):
            began = time.perf_counter()
            file.write(_PAGE)
            file.flush()
            os.fsync(file.fileno())
            times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def _last_backup(path: Path) -> datetime | None:
    folder = backup_folder(path)
    known = [named(file.name) for file in folder.iterdir()] if folder.is_dir() else []
    return max((found[0] for found in known if found is not None and not found[1]), default=None)
