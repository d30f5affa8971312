"""SQLite's errors, translated once into ours, with what the owner can do about them.

Knows sqlite3, `bot.errors` and how refusals are counted; nothing of jobs.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

from bot.errors import DatabaseDamaged, StorageError
from bot.metrics.storage import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What to do about a file that cannot be trusted. Nothing is ever deleted or repaired without a person.
RESTORE: Final = (
    "Easel has changed nothing. Keep the database file and the -wal and -shm files beside it as they are, "
    "and restore a backup (`python -m bot restore FILE`) or run `sqlite3 OLD.db .recover | sqlite3 NEW.db` on a copy."
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


#: The class of an error, for what counts them; any other is `OTHER`.
_CLASSES: Final[Mapping[int, Refusal]] = {
    sqlite3.SQLITE_FULL: Refusal.FULL,
    sqlite3.SQLITE_BUSY: Refusal.BUSY,
    sqlite3.SQLITE_LOCKED: Refusal.BUSY,
    sqlite3.SQLITE_READONLY: Refusal.READ_ONLY,
    sqlite3.SQLITE_IOERR: Refusal.IO,
    sqlite3.SQLITE_CORRUPT: Refusal.DAMAGED,
    sqlite3.SQLITE_NOTADB: Refusal.DAMAGED,
}


def classed(error: sqlite3.Error) -> Refusal:
    """Return what kind of refusal an error is."""
    return _CLASSES.get(_code(error), Refusal.OTHER)


def explained(error: sqlite3.Error) -> StorageError:
    """Return the error of ours that says the same, with `error` as its cause."""
    code = _code(error)
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        failure: StorageError = DatabaseDamaged(f"The database cannot be read: {error}", explanation=RESTORE)
    else:
        failure = StorageError(f"The database refused: {error}", explanation=_ADVICE.get(code, ""))
    failure.__cause__ = error
    return failure


def _code(error: sqlite3.Error) -> int:
    """Return the primary code of an error; Python's own objections ("... a closed database") carry none: 0."""
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY
