"""`Pace`: long work on files that leaves others the disk in between, and that can be told to end.

All of it at once would hold up the bot's commits until it is on the disk. Imports sqlite3; nothing of jobs.
"""

from __future__ import annotations

import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, final

from bot.errors import StorageError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Generator
    from pathlib import Path

#: So many bytes are synced at once, which is looked at after so many steps of SQLite's, and then others have their turn
#: (benchmarks/backup.py).
_SYNC_EVERY: Final = 1_000_000
_LOOK_EVERY: Final = 2_000
#: Of 4 KiB, with one look at the clock.
_PAGES: Final = 256
_SHORTEST_REST_S: Final = 0.002
#: A disk that is so slow is no reason to sleep through a stop.
_LONGEST_REST_S: Final = 0.5


@final
class Pace:
    """Of one piece of work after another, in one thread at a time."""

    def __init__(self) -> None:
        self._connection: sqlite3.Connection | None = None
        self._is_stopped = False

    def stop(self) -> None:
        """Have what is under way fail soon, and whatever would follow. From any thread, for good."""
        self._is_stopped = True
        connection = self._connection
        if connection is not None:
            connection.interrupt()

    def go_on(self) -> None:
        """Look whether it is to go on.

        Raises
        ------
        StorageError
            It was stopped.
        """
        if self._is_stopped:
            raise StorageError("Stopped before the backup was written.")

    @contextmanager
    def over(self, connection: sqlite3.Connection, written: Path | None = None) -> Generator[None]:
        """Have the statements of a connection end with a stop, and others have the disk in between.

        Parameters
        ----------
        written
            The file that they write, where that is much.
        """
        self.go_on()
        self._connection = connection
        with _relieved(written) as relieve:

            def look() -> int:
                if self._is_stopped:  # an interruption may come between two statements, and then is lost
                    return 1
                relieve()
                return 0

            connection.set_progress_handler(look, _LOOK_EVERY)
            try:
                yield
            finally:
                connection.set_progress_handler(None, 0)
                self._connection = None

    def back_up(self, source: sqlite3.Connection, target: sqlite3.Connection, written: Path) -> None:
        """Copy what a connection sees into an empty database, page by page.

        Parameters
        ----------
        source
            In a transaction that has read something: what others write meanwhile would make it begin anew otherwise.
        written
            The file of the target.
        """
        self.go_on()
        with _relieved(written) as relieve:

            def look(_status: int, _remaining: int, _total: int) -> None:
                self.go_on()
                relieve()

            source.backup(target, pages=_PAGES, progress=look, sleep=0)

    def copy(self, source: Path, target: Path) -> None:
        """Copy a file into one that is there and empty."""
        with source.open("rb") as read, target.open("wb", buffering=0) as write, _relieved(target) as relieve:
            while block := read.read(_SYNC_EVERY):
                self.go_on()
                write.write(block)
                relieve()


@contextmanager
def _relieved(written: Path | None) -> Generator[Callable[[], None]]:
    """Yield what has a file on the disk soon after it was written, and then rests for as long again."""
    if written is None:
        yield lambda: None
        return
    descriptor, synced = os.open(written, os.O_RDONLY | os.O_CLOEXEC), 0

    def relieve() -> None:
        nonlocal synced
        size = os.fstat(descriptor).st_size
        if size - synced >= _SYNC_EVERY:
            synced, began = size, time.monotonic()
            with suppress(OSError):  # told by the sync that counts, at the end
                os.fdatasync(descriptor)
            time.sleep(min(max(_SHORTEST_REST_S, time.monotonic() - began), _LONGEST_REST_S))

    try:
        yield relieve
    finally:
        os.close(descriptor)
