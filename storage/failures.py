"""SQLite's errors, translated once into ours, with what the owner can do about them.

Knows sqlite3 and `bot.errors`; nothing of jobs.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

from bot.errors import DatabaseDamaged, StorageError

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What to do about a file that cannot be trusted. Nothing is ever deleted or repaired without a person.
RESTORE: Final = (
    "Easel has changed nothing. Keep the database file and the -wal and -shm files beside it as they are, "
    "and restore a backup or run `sqlite3 OLD.db .recover | sqlite3 NEW.db` on a copy."
)

_NO_ACCESS: Final = "Make the folder of the database, and the files in it, writable for the user that runs Easel."
_HELD: Final = "Another program holds the database. Close it; Easel needs the file for itself."

_ADVICE: Final[Mapping[int, str]] = {
    sqlite3.SQLITE_FULL: "The disk is full. Free some space; whatever was written down before is safe.",
    sqlite3.SQLITE_BUSY: _HELD,
    sqlite3.SQLITE_LOCKED: _HELD,
    sqlite3.SQLITE_READONLY: _NO_ACCESS,
    sqlite3.SQLITE_PERM: _NO_ACCESS,
    sqlite3.SQLITE_CANTOPEN: _NO_ACCESS,
    sqlite3.SQLITE_IOERR: "The disk reported an error. Check the disk and its free space, then start Easel again.",
}

#: An extended result code carries its primary code in the lowest byte.
_PRIMARY: Final = 0xFF


def explained(error: sqlite3.Error) -> StorageError:
    """Return the error of ours that says the same, with `error` as its cause."""
    # Python's own objections ("Cannot operate on a closed database") carry no code.
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        failure: StorageError = DatabaseDamaged(f"The database cannot be read: {error}", explanation=RESTORE)
    else:
        failure = StorageError(f"The database refused: {error}", explanation=_ADVICE.get(code, ""))
    failure.__cause__ = error
    return failure
