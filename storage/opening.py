"""What happens between a path and a usable connection: the folder, the file's identity and health, the settings.

Nothing is written before the file is known to be ours and sound. All of it is synchronous and runs in the thread of the
connection that it makes. Imports sqlite3; nothing of jobs.
"""

from __future__ import annotations

import logging
import os
import re
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from bot.errors import DatabaseDamaged, StorageError
from storage.backups.putback import settle
from storage.backups.writing import BackupWriter, backup_folder, backup_name
from storage.failures import RESTORE, explained
from storage.group import GroupConnection
from storage.migrate import APPLICATION_ID, load, migrate, refuse_newer, version_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from storage.group import Group

_log = logging.getLogger(__name__)

Version = tuple[int, int, int]

#: STRICT tables came with this release; RETURNING is older.
OLDEST_SQLITE: Final[Version] = (3, 37, 0)

#: First release in which two connections cannot damage a WAL by checkpointing at once (reliability, finding 10) …
WAL_RESET_FIXED: Final[Version] = (3, 51, 3)

#: … and, by branch, the first patch release that has the correction as well.
WAL_RESET_BACKPORTS: Final = {(3, 44): 6, (3, 50): 7}

#: File systems on which SQLite's locks or its shared memory do not work.
NETWORK_FILE_SYSTEMS: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "ceph", "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs"},
)

#: How the kernel writes blanks and backslashes in the names of mount points.
_OCTAL_ESCAPE: Final = re.compile(r"\\([0-7]{3})")

_LOCK_WAIT_S: Final = 5.0

_SETTINGS: Final = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA wal_autocheckpoint = 1000",
    f"PRAGMA journal_size_limit = {64 * 1024 * 1024}",
)


def may_have_readers(version: Version) -> bool:
    """Tell whether this SQLite may have more than one connection open on a database of ours."""
    if version >= WAL_RESET_FIXED:
        return True
    patch = WAL_RESET_BACKPORTS.get(version[:2])
    return patch is not None and version[2] >= patch


def prepare_folder(path: Path, mounts: Path = Path("/proc/mounts")) -> Path:
    """Create the folder of a database for nobody but us, and return the database's real path.

    Parameters
    ----------
    mounts
        The kernel's list of mounted file systems; where there is none, their kind is not checked.

    Raises
    ------
    StorageError
        The folder could not be made, or lies on another machine.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        real = path.resolve()
        mounted = mounts.read_text(encoding="utf-8", errors="replace") if mounts.exists() else ""
    except OSError as error:
        raise StorageError(
            f"The folder {path.parent} cannot be used: {error.strerror}",
            explanation="Make it writable for the user that runs Easel, or name another path in DATABASE_URL.",
        ) from error
    kind = file_system(real, mounted)
    if kind in NETWORK_FILE_SYSTEMS:
        raise StorageError(
            f"{real.parent} is on {kind}: SQLite's write-ahead log needs a local disk.",
            explanation="Move the database to a local disk and name its path in DATABASE_URL.",
        )
    return real


def file_system(path: Path, mounts: str) -> str:
    """Return the kind of the file system that holds an absolute path, by a text like /proc/mounts; empty if unknown."""
    deepest, found = -1, ""
    for line in mounts.splitlines():
        _, _, rest = line.partition(" ")
        point, _, rest = rest.partition(" ")
        place = Path(_OCTAL_ESCAPE.sub(lambda escape: chr(int(escape[1], 8)), point))
        if path.is_relative_to(place) and len(place.parts) >= deepest:
            deepest, found = len(place.parts), rest.partition(" ")[0]
    return found


def open_writer(path: Path, group: Group, *, is_put_back: bool = False) -> GroupConnection:
    """Open the database for writing, after looking whether it is ours and sound, and bring its schema up to date.

    Before a change of schema it is backed up. One that was put back is made safe to go on with.

    Parameters
    ----------
    is_put_back
        Whether the owner says that it was, although it does not look like it.

    Raises
    ------
    DatabaseDamaged, SchemaTooNew
        The file is left exactly as it was, the log beside it included.
    StorageError
        SQLite is too old, or refused; or there is no room for a backup.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StorageError(
            f"This Python comes with SQLite {sqlite3.sqlite_version}; Easel needs 3.37 or newer.",
            explanation="Use a newer Python or a newer system: SQLite is part of it.",
        )
    steps = load()
    try:
        _inspect(path, known=len(steps))
        _make_private(path)
        connection = sqlite3.connect(path, isolation_level=None, timeout=_LOCK_WAIT_S, factory=GroupConnection)
        try:
            connection.group = group
            connection.row_factory = sqlite3.Row
            _use_wal(connection)
            _set(connection, _SETTINGS)
            _back_up(connection, path, newest=len(steps))
            migrate(connection, steps)
            settle(connection, datetime.now(UTC), is_put_back=is_put_back)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise explained(error) from error
    return connection


def open_reader(path: Path) -> sqlite3.Connection:
    """Open a connection that cannot write. The database must be open for writing already.

    Raises
    ------
    StorageError
        SQLite refused.
    """
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=_LOCK_WAIT_S)
        try:
            connection.row_factory = sqlite3.Row
            _set(connection, ("PRAGMA query_only = ON", "PRAGMA trusted_schema = OFF"))
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise explained(error) from error
    return connection


def _back_up(connection: sqlite3.Connection, path: Path, *, newest: int) -> None:
    """Back up a database whose schema is about to change."""
    version = version_of(connection)
    if not 0 < version < newest:
        return
    now = datetime.now(UTC)
    backup = BackupWriter(path).write(backup_folder(path) / backup_name(now, f"before-{version + 1:04d}"), now)
    _log.info("Database: backed up to %s before its schema changes", backup.path)


def _set(connection: sqlite3.Connection, pragmas: Collection[str]) -> None:
    for pragma in pragmas:
        connection.execute(pragma)


def _use_wal(connection: sqlite3.Connection) -> None:
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise StorageError(
            f"SQLite cannot keep a write-ahead log here (journal mode {mode}).",
            explanation="Move the database to a local disk with an ordinary file system.",
        )


def _inspect(path: Path, *, known: int) -> None:
    """Look whether the file is new or ours, sound, and not newer than this program."""
    if not path.exists() or path.stat().st_size == 0:
        return
    connection = sqlite3.connect(f"file:{quote(str(path))}?{_gentlest_way(path)}", uri=True, timeout=_LOCK_WAIT_S)
    try:
        (application_id,) = connection.execute("PRAGMA application_id").fetchone()
        (objects,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if application_id != APPLICATION_ID and (application_id or objects):
            raise DatabaseDamaged(
                f"{path} belongs to another program.",
                explanation="Easel has changed nothing. Name another path in DATABASE_URL.",
            )
        refuse_newer(version_of(connection), known)
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise DatabaseDamaged(f"{path} is damaged: {verdict}", explanation=RESTORE)
    finally:
        connection.close()


def _gentlest_way(path: Path) -> str:
    """Return how to open a file so that looking at it changes nothing."""
    if path.with_name(f"{path.name}-journal").exists():
        # A process died while it created the file, before there was a log: it cannot be read before that is undone.
        return "mode=rw"
    if path.with_name(f"{path.name}-wal").exists():
        # Not writable, or closing would work an intact log into a damaged file and delete the log.
        return "mode=ro"
    # Without a log there is nothing but the file; a connection that might expect one would create it.
    return "mode=ro&immutable=1"


def _make_private(path: Path) -> None:
    """Create the file, or narrow its permissions, so that only we may read it. SQLite gives -wal and -shm the same."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            with suppress(PermissionError):  # somebody else's file, lent to us: then its mode is their decision
                os.fchmod(descriptor, 0o600)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise StorageError(
            f"{path} cannot be opened for writing: {error.strerror}",
            explanation="Make the file and its folder writable for the user that runs Easel.",
        ) from error
