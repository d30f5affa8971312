"""What deleted rows leave behind in the file although SQLite was told to be thorough.

`secure_delete` overwrites a row where it lies when it is deleted. But when SQLite moves rows to a neighboring page, to
make room, it copies them and leaves the copies in the unused middle of the page they came from (`rebuildPage` in its
`btree.c`), and nobody ever overwrites those. Here that middle is filled with zeros, page by page. SQLite does not read
it, whatever is in it, so this cannot harm a row. Knows the layout of the file (sqlite.org/fileformat2.html, 1.6).
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

#: Pages looked at in one turn of the writer: some hundredths of a second.
TURN: Final = 4096

_HEADER: Final = 100  # bytes at the beginning of the file, before the first page's own header
_LEAF_HEADER: Final = 8
_INNER_HEADER: Final = 12
#: The first byte of a page of a table or an index, with the length of its header. Anything else begins with the number
#: of another page, whose first byte is 0 in a file of less than 2²⁵ pages.
_KINDS: Final = {2: _INNER_HEADER, 5: _INNER_HEADER, 10: _LEAF_HEADER, 13: _LEAF_HEADER}
_MOST_PAGES: Final = 2**25


@final
class Scrubber:
    """Overwrites the unused parts of the pages of an open database.

    Parameters
    ----------
    path
        Of the database, which is open for writing in this process and in no other.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def scrub(self, connection: sqlite3.Connection, first: int) -> int | None:
        """Scrub `TURN` pages from `first` on; return where to go on, which is `first` if a reader is in the way.

        Runs in the thread of the writer's connection, outside a transaction: nobody else changes the file meanwhile,
        and no copy of a page from before comes back out of the log or out of the connection's memory.

        Raises
        ------
        OSError
            The file cannot be read or written.
        """
        if not _empty_log(connection):
            return first
        connection.execute("PRAGMA shrink_memory")
        if self._file is None:
            # Never closed before the connections are: closing it would take away their locks on the file (POSIX).
            self._file = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        pages = min(os.fstat(self._file).st_size // size, _MOST_PAGES)
        block = os.pread(self._file, TURN * size, first * size)
        for number in range(len(block) // size):
            page = memoryview(block)[number * size : (number + 1) * size]
            gap = _gap(page, _HEADER if first + number == 0 else 0)
            if any(page[gap.start : gap.stop]):
                os.pwrite(self._file, bytes(len(gap)), (first + number) * size + gap.start)
        if first + TURN < pages:
            return first + TURN
        os.fsync(self._file)
        return None

    def close(self) -> None:
        """Let the file go. Only after all connections."""
        if self._file is not None:
            with suppress(OSError):
                os.close(self._file)
            self._file = None


def _empty_log(connection: sqlite3.Connection) -> bool:
    """Work the log into the file and empty it, unless somebody reads from it: nobody else could write meanwhile."""
    (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")
    return not busy


def _gap(page: memoryview, start: int) -> range:
    """Return where the unused middle of a page lies; empty for a page of another kind.

    Parameters
    ----------
    start
        Where the page's own header begins.
    """
    header = _KINDS.get(page[start])
    if header is None:
        return range(0)
    cells = int.from_bytes(page[start + 3 : start + 5])
    content = int.from_bytes(page[start + 5 : start + 7]) or 65_536
    pointers = start + header + 2 * cells
    return range(pointers, content) if pointers <= content <= len(page) else range(0)
