"""A backup looked through, and put in the place of the database.

What is put in place was opened, checked and brought up to date before, as a copy. It goes there in steps that can be
taken again: a kill at any moment leaves either database whole, and the next start goes on with it. All of it is
synchronous. Imports sqlite3; nothing of jobs.
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from bot.errors import DatabaseDamaged, StorageError
from bot.model import Backup, Tombstone
from storage.backups.putback import made_at
from storage.backups.vault import SET_ASIDE
from storage.backups.writing import MARK, backup_folder, backup_name, beside, open_for_reading, sync
from storage.checking import counted, look_through, require_ours
from storage.failures import explained
from storage.lockfile import LockFile
from storage.migrate import load, migrate, refuse_newer, version_of
from storage.opening import prepare_folder
from storage.queries import SELECT_JOB
from storage.rows import job_of, known

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

_log = logging.getLogger(__name__)

#: As many jobs are read as this program reads them, newest first.
_SAMPLE: Final = f"{SELECT_JOB} ORDER BY j.id DESC LIMIT 1000"
#: What is behind the name of a database that is about to be put in the place of the present one.
_READY: Final = ".restoring"
#: Where it is made.
_WORK: Final = ".restore-"


def verify(source: Path) -> Backup:
    """Look through a backup, and open it with this program. The file itself is not touched.

    Raises
    ------
    StorageError
        It cannot be put back; the text says why.
    """
    with _at_work(source), TemporaryDirectory(prefix="easel-") as folder:
        return _prepared(source, source.__class__(folder) / "easel.db")


def restore(
    source: Path, database: Path, carry_over: Callable[[Sequence[Tombstone] | None], None]
) -> tuple[Backup, Path | None]:
    """Put a backup in the place of the database, which is set aside.

    Parameters
    ----------
    carry_over
        Gets who has left by the present database, before it goes; None where there is none that could be read.

    Returns
    -------
    tuple
        What was put back, and where the former database is now; None where there was none.

    Raises
    ------
    DatabaseInUse
        The bot runs.
    StorageError
        The backup cannot be put back. The present database is as it was.
    """
    database = prepare_folder(database)
    lock = LockFile.take(database)
    try:
        finish_restore(database)  # one that was interrupted
        with _at_work(source), TemporaryDirectory(prefix=_WORK, dir=database.parent) as folder:
            ready = source.__class__(folder) / "easel.db"
            backup = _prepared(source, ready)
            ready.chmod(0o600)
            _date(ready, database)
            sync(ready)
            carry_over(_tombstones(database) if database.exists() else None)
            ready.replace(_ready(database))
            sync(database.parent)
        return backup, finish_restore(database)
    finally:
        lock.release()


def finish_restore(database: Path) -> Path | None:
    """Put what is ready in the place of the database, if there is something; return where the former one is now.

    The caller holds the lock. Safe to call again after a kill at any moment.

    Raises
    ------
    StorageError
        The disk refused.
    """
    ready = _ready(database)
    try:
        for left_over in database.parent.glob(f"{_WORK}*"):
            shutil.rmtree(left_over)
        return _put_in_place(ready, database) if ready.exists() else None
    except OSError as error:
        raise StorageError(
            f"{ready} could not be put in the place of the database: {error.strerror or error}",
            explanation="Both are whole. Make room, see to the permissions of the folder, and start Easel again.",
        ) from error


def _put_in_place(ready: Path, database: Path) -> Path | None:
    # The same name at every try, so that a database and its log, should it come to a kill, end up side by side.
    aside = _aside(database, int(ready.stat().st_mtime))
    folder = aside.parent
    folder.mkdir(mode=0o700, exist_ok=True)
    for file, target in zip((database, *beside(database)), (aside, *beside(aside)), strict=True):
        if file.exists():
            file.replace(target)
    sync(folder)
    ready.replace(database)
    sync(database.parent)
    return aside if aside.exists() else None


def _aside(database: Path, at: int) -> Path:
    """Return where a database goes that another was put in the place of at that time, in seconds since 1970."""
    return backup_folder(database) / backup_name(datetime.fromtimestamp(at, UTC), SET_ASIDE)


def _date(ready: Path, database: Path) -> None:
    """Give what is ready a time by which nothing is set aside yet: twice within a second, or by a clock set back."""
    at = int(ready.stat().st_mtime)
    while any(file.exists() for file in (_aside(database, at), *beside(_aside(database, at)))):
        at += 1
    os.utime(ready, (at, at))


def _prepared(source: Path, copy: Path) -> Backup:
    """Copy a backup, look through the copy, and bring it up to date and marked as what it is."""
    if not source.is_file():
        raise StorageError(f"There is no file {source}.", explanation="Check the path.")
    size = source.stat().st_size
    for file, target in zip((source, *beside(source)), (copy, *beside(copy)), strict=True):
        if file.exists():
            shutil.copyfile(file, target)
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA trusted_schema = OFF")
        require_ours(connection, source)
        version, steps = version_of(connection), load()
        refuse_newer(version, len(steps))
        look_through(connection, source)
        made, rows = made_at(connection), counted(connection)
        migrate(connection, steps)
        connection.execute(f"CREATE TABLE IF NOT EXISTS {MARK} (made_at INTEGER NOT NULL) STRICT")
        for row in connection.execute(_SAMPLE):
            job_of(row)
        connection.execute("PRAGMA journal_mode = DELETE")  # all of it in the one file
    return Backup(path=source, made_at=made, version=version, size=size, rows=rows)


def _tombstones(database: Path) -> list[Tombstone] | None:
    """Return who has left by a database; None where it cannot be read. Nothing of it is changed: it may be damaged."""
    try:
        with closing(open_for_reading(database, is_alone=True)) as connection:
            rows = connection.execute("SELECT mark, erased_at FROM tombstones").fetchall()
    except sqlite3.Error as error:
        _log.warning("The present database cannot be read: %s", error)
        return None
    return [Tombstone(mark=mark, erased_at=known(erased_at)) for mark, erased_at in rows]


@contextmanager
def _at_work(source: Path) -> Generator[None]:
    """Turn what goes wrong with a file into what the owner can do about it."""
    try:
        yield
    except sqlite3.Error as error:
        raise explained(error) from error
    except (KeyError, ValueError) as error:
        raise DatabaseDamaged(f"{source} holds a job that cannot be read: {error}") from error
    except OSError as error:
        raise StorageError(
            f"{source} could not be copied: {error.strerror or error}",
            explanation="It is opened as a copy first: make room for one, or name another folder in TMPDIR.",
        ) from error


def _ready(database: Path) -> Path:
    return database.with_name(f"{database.name}{_READY}")
