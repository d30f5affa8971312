"""The lock that makes sure that one process at a time uses a database.

An advisory `flock` on `<database>.lock`, held for life: the kernel frees it when the holder dies, however it dies. The
file itself stays; removing it would let two processes lock two different files of the same name. POSIX only.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, final

from bot.errors import DatabaseInUse, StorageError

if TYPE_CHECKING:
    from pathlib import Path

#: More than the line that we write; whatever else a file of that name holds is not read into a message.
_LINE_LIMIT: Final = 100


@final
class LockFile:
    """A held lock. Made by `take` only.

    Parameters
    ----------
    path, descriptor
        Of the locked file; the latter owned by this object from here on.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor: int | None = descriptor

    @property
    def is_held(self) -> bool:
        """Whether we hold it, and it is still the file that others would find."""
        if self._descriptor is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._descriptor), self._path.stat())
        except OSError:
            return False

    @classmethod
    def take(cls, database: Path) -> LockFile:
        """Lock `<database>.lock`, creating it if need be, and write down who holds it.

        Raises
        ------
        DatabaseInUse
            Somebody holds it; the message says who, since when.
        StorageError
            The file could not be made.
        """
        path = database.with_name(f"{database.name}.lock")
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise StorageError(
                f"The lock file {path} could not be opened: {error.strerror}",
                explanation="Make the folder of the database writable for the user that runs Easel.",
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = _holder(descriptor)
            os.close(descriptor)
            raise DatabaseInUse(
                f"{database} is in use by another instance of Easel ({holder}).",
                explanation="Stop that instance first, or give this one a database of its own in DATABASE_URL.",
            ) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()} {datetime.now(UTC).isoformat(timespec='seconds')}\n".encode(), 0)
        return cls(path, descriptor)

    def release(self) -> None:
        """Let go. A second call does nothing."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        with suppress(OSError):  # a full disk must not keep the lock held
            os.ftruncate(descriptor, 0)
        os.close(descriptor)


def holder_of(database: Path) -> str:
    """Return who holds a database, in words; empty where nobody does. Takes nothing, so that nobody is turned away.

    Seen from another machine or container, a process that was killed may still look like a holder.
    """
    try:
        descriptor = os.open(database.with_name(f"{database.name}.lock"), os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return ""
    try:
        line = os.pread(descriptor, _LINE_LIMIT, 0).decode("ascii", "replace").split()
        if not line:
            return ""
        with suppress(ValueError, PermissionError):
            os.kill(int(line[0]), 0)
        return _holder(descriptor)
    except ProcessLookupError:
        return ""
    finally:
        os.close(descriptor)


def _holder(descriptor: int) -> str:
    """Return who wrote into the lock file, in words."""
    line = os.pread(descriptor, _LINE_LIMIT, 0).decode("ascii", "replace").split()
    with suppress(ValueError):
        pid, since = line
        return f"pid {int(pid)}, since {datetime.fromisoformat(since):%Y-%m-%d %H:%M:%S} UTC"
    return "which one could not be read"
