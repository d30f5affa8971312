"""Copies of the database, made while it is in use: whole, checked, and there under their name only when they are both.

Made by SQLite's online backup, some pages at a time, on a connection of its own that is opened for reading only
(`mode=ro`) and stays in one transaction: what others commit meanwhile does not begin it anew. `VACUUM INTO` would write
each page some twenty times where there are many indexes (1.4 GB: 230 s and 33 GB instead of 4 s). It is for the moments
in which somebody is leaving: it copies rows, and so nothing of those that are removed already but not overwritten yet.

SQLite's WAL-reset bug (reliability, finding 10), for which an older SQLite gets a single connection, needs a checkpoint
on one connection while another commits. This one does neither: it cannot commit, and closing it cannot checkpoint,
since that takes a write lock on a file that it may only read. So this is safe with every SQLite, in this process or
another, while the bot runs. Its snapshot keeps the log from being emptied for as long as it takes; nobody waits for it.

All of it is synchronous and belongs in a thread. Imports sqlite3; nothing of jobs.
"""

from __future__ import annotations

import fcntl
import os
import re
import sqlite3
import time
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, final
from urllib.parse import quote

from bot.errors import StorageError
from bot.model import Backup
from storage.backups.pacing import Pace
from storage.checking import counted, look_through, require_ours
from storage.failures import explained
from storage.migrate import version_of
from storage.room import LEAST_FREE, free_bytes
from storage.rows import milliseconds

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

#: The folder beside the database.
FOLDER: Final = "backups"
#: In a backup, and nowhere else: whoever finds it in a database knows that this one was put back (`putback`).
MARK: Final = "backup"

_NAME: Final = re.compile(r"easel-(?P<at>\d{8}T\d{6}Z)(?P<purpose>-[a-z0-9-]+)?\.db")
_AT: Final = "%Y%m%dT%H%M%SZ"
_LOCK_WAIT_S: Final = 5.0
#: Between the making of a file and the holding of it.
_JUST_NOW_S: Final = 5.0
_MARKED: Final = f"""
    PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;
    BEGIN; DROP TABLE IF EXISTS {MARK}; CREATE TABLE {MARK} (made_at INTEGER NOT NULL) STRICT; COMMIT;
"""


def backup_folder(database: Path) -> Path:
    """Return where the backups of a database are kept."""
    return database.resolve().parent / FOLDER


def backup_name(at: datetime, purpose: str = "") -> str:
    """Return what a backup of that time is called.

    Parameters
    ----------
    purpose
        Such as `before-0004`; empty for those that are made again and again.
    """
    return f"easel-{at.strftime(_AT)}{purpose and f'-{purpose}'}.db"


def named(name: str) -> tuple[datetime, str] | None:
    """Return when a file of this name was made and what for; None where it is no backup of ours."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    with suppress(ValueError):
        return datetime.strptime(match["at"], _AT).replace(tzinfo=UTC), (match["purpose"] or "").removeprefix("-")
    return None


@final
class BackupWriter:
    """Writes one backup after another.

    Parameters
    ----------
    database
        A file with a schema of ours; it may be in use.
    """

    def __init__(self, database: Path) -> None:
        self._database = database.resolve()
        self._pace = Pace()

    def write(self, target: Path, at: datetime) -> Backup:
        """Write the database as it is now into a file that does not exist yet.

        Raises
        ------
        StorageError
            There is no database, no room, or a file of that name; or the disk, or what was copied, is damaged. Nothing
            is left behind.
        """
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            self._require_place(target)
            with _owned(part):
                self._copy(part)
                backup = self._finish(part, at)
                part.replace(target)
            sync(target.parent)
        except sqlite3.Error as error:
            raise explained(error) from error
        except OSError as error:
            raise StorageError(
                f"The backup {target} could not be written: {error.strerror or error}",
                explanation="Name a folder that can be written to and has room.",
            ) from error
        return Backup(path=target, made_at=at, version=backup.version, size=backup.size, rows=backup.rows)

    def stop(self) -> None:
        """Have what is under way fail soon. From any thread, for good."""
        self._pace.stop()

    def _require_place(self, target: Path) -> None:
        if not self._database.is_file():
            raise StorageError(f"There is no database {self._database}.", explanation="Check DATABASE_URL.")
        if target.exists():
            raise StorageError(f"{target} exists already.", explanation="Name another file; Easel overwrites none.")
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        needed = sum(path.stat().st_size for path in with_log(self._database)) + LEAST_FREE
        free = free_bytes(target.parent)
        if free < needed:
            raise StorageError(
                f"There is no room for a backup in {target.parent}: {megabytes(free)} of {megabytes(needed)} are free.",
                explanation="Free some space there; nothing has been changed.",
            )

    def _copy(self, part: Path) -> None:
        with closing(open_for_reading(self._database)) as source:
            require_ours(source, self._database)
            source.execute("BEGIN")
            if not _is_anybody_leaving(source):
                with closing(sqlite3.connect(part, isolation_level=None, check_same_thread=False)) as copy:
                    copy.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
                    self._pace.back_up(source, copy, part)
                return
            source.execute("COMMIT")
            source.execute("PRAGMA synchronous = OFF")  # concerns the copy, which is synced bit by bit meanwhile
            with self._pace.over(source, part):
                source.execute("VACUUM INTO ?", (str(part),))

    def _finish(self, part: Path, at: datetime) -> Backup:
        """Mark the copy as one, look through it, and have it on the disk."""
        with closing(sqlite3.connect(part, isolation_level=None, check_same_thread=False)) as copy:
            copy.executescript(_MARKED)
            copy.execute(f"INSERT INTO {MARK} VALUES (?)", (milliseconds(at),))  # noqa: S608 - a constant
            with self._pace.over(copy):
                look_through(copy, part)
            rows, version = counted(copy), version_of(copy)
        sync(part)
        return Backup(path=part, made_at=at, version=version, size=part.stat().st_size, rows=rows)


def _is_anybody_leaving(connection: sqlite3.Connection) -> bool:
    """Tell whether the remains of somebody may not be overwritten yet. Reads, whatever the answer."""
    there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'tombstones'").fetchone()
    unfinished = "SELECT 1 FROM tombstones WHERE finished_at IS NULL LIMIT 1"
    return there is not None and connection.execute(unfinished).fetchone() is not None


def open_for_reading(path: Path, *, is_alone: bool = False) -> sqlite3.Connection:
    """Open a database so that nothing of it can be changed.

    Parameters
    ----------
    is_alone
        Whether nobody can be writing to it now; then no log is made beside it either.

    Raises
    ------
    sqlite3.Error
        It cannot be opened.
    """
    has_log = any(file.exists() for file in beside(path))
    uri = f"file:{quote(str(path))}?mode=ro{'&immutable=1' if is_alone and not has_log else ''}"
    # In other threads, as SQLite's own locks allow: it is interrupted from one.
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=_LOCK_WAIT_S, check_same_thread=False)
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
    except BaseException:
        connection.close()
        raise
    return connection


def with_log(path: Path) -> list[Path]:
    """Return a database's file and those that SQLite keeps beside it, as far as they are there."""
    return [file for file in (path, *beside(path)) if file.exists()]


def beside(path: Path) -> list[Path]:
    """Return the files that SQLite may keep beside a database, which belong to it."""
    return [path.with_name(f"{path.name}{ending}") for ending in ("-wal", "-shm", "-journal")]


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def megabytes(size: int) -> str:
    """Return a number of bytes in words."""
    return f"{size / 1_000_000:,.1f} MB"


def is_abandoned(part: Path) -> bool:
    """Tell whether nobody writes this any more, who would hold it while it is written: they were killed."""
    with suppress(OSError):  # gone meanwhile
        descriptor = os.open(part, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        try:
            if abs(time.time() - os.fstat(descriptor).st_mtime) < _JUST_NOW_S:
                return False
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        finally:
            os.close(descriptor)
        return True
    return False


@contextmanager
def _owned(part: Path) -> Generator[None]:
    """Make an empty file that only we may read: SQLite writes into it without changing that. Afterwards it is gone.

    What we hold is not what SQLite holds: the kernel keeps `flock` and the locks of POSIX apart.
    """
    part.unlink(missing_ok=True)  # of a process that was killed and had our number
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        part.unlink(missing_ok=True)
        os.close(descriptor)
