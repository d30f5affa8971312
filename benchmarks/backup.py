"""How long a backup of a database of some 100 MB takes, and what those feel who write to it meanwhile.

    .venv/bin/python benchmarks/backup.py

A thousand writes a second go through the store's own writer: undisturbed for a while, then while the file is
copied on a thread and a connection of its own, as the running bot does it. A stall is how long one write waits for
its commit. The usual way is the online backup of `sqlite3`, a thousand pages at a time from another connection, which
begins anew at every commit; it is given up after a while.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.table import Table, at_most, cuts, parser
from storage.backups.writing import BackupWriter
from storage.database import Database

if TYPE_CHECKING:
    from collections.abc import Awaitable

_ROWS: Final = 170_000
_TEXT: Final = "a fox in the snow " * 26
_WRITE: Final = "INSERT INTO drafts VALUES (?, ?, 'imagine', ?, 0)"
_PER_SECOND: Final = 1000
_UNDISTURBED_S: Final = 3.0
_GIVE_UP_S: Final = 20.0
_STALL_MS: Final = 50.0
_MEGABYTE: Final = 1_000_000


class Writer:
    """Writes at a steady pace, whatever happens, and notes how long each write waited."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._number = _ROWS

    async def during(self, work: Awaitable[object]) -> list[float]:
        """Return the milliseconds of each write that began while something else was done."""
        waits: list[float] = []
        other, writes, began = asyncio.ensure_future(work), set[asyncio.Task[None]](), time.perf_counter()
        while not other.done():
            while len(waits) + len(writes) < (time.perf_counter() - began) * _PER_SECOND:
                task = asyncio.create_task(self._write(waits))
                writes.add(task)
                task.add_done_callback(writes.discard)
            await asyncio.sleep(0.001)
        await asyncio.gather(*writes)
        await other
        return waits

    async def _write(self, waits: list[float]) -> None:
        self._number += 1
        row, began = (str(self._number), self._number % 100, "a fox"), time.perf_counter()
        await self._database.write(lambda connection: connection.execute(_WRITE, row))
        waits.append((time.perf_counter() - began) * 1000)


async def measure(folder: Path) -> Table:
    """Fill a database and back it up in both ways."""
    path = folder / "easel.db"
    async with await Database.open(path) as database:
        rows = [(f"{number:08}", number % 100, f"{number} {_TEXT}") for number in range(_ROWS)]
        await database.write(lambda connection: connection.executemany(_WRITE, rows))
        await database.checkpoint()
        table, writer = Table("Backups while somebody writes"), Writer(database)
        table.add("database", path.stat().st_size / _MEGABYTE, " MB")
        calm = await writer.during(asyncio.sleep(_UNDISTURBED_S))
        began = time.perf_counter()
        stalls = await writer.during(asyncio.to_thread(BackupWriter(path).write, folder / "one.db", datetime.now(UTC)))
        seconds = time.perf_counter() - began
        began = time.perf_counter()
        usual = await writer.during(asyncio.to_thread(_step_by_step, path, folder / "two.db"))
        usual_seconds = time.perf_counter() - began
    table.add("backup, looked through and on the disk", seconds, " s", digits=2, usual=usual_seconds)
    table.add("writes meanwhile", len(stalls), usual=len(usual))
    for name, waits, gate in (("undisturbed", calm, None), ("during the backup", stalls, at_most(_STALL_MS, " ms"))):
        p50, p99 = cuts(waits)
        table.head(f"a write, {name}")
        table.add("p50", p50, " ms", digits=2)
        table.add("p99", p99, " ms", digits=2)
        table.add("the longest stall", max(waits), " ms", digits=1, gate=gate, usual=max(usual) if gate else None)
    return table


def _step_by_step(path: Path, target: Path) -> None:
    """Copy the database a thousand pages at a time, until that is done or has taken too long."""
    began = time.perf_counter()

    def look(_status: int, _remaining: int, _total: int) -> None:
        if time.perf_counter() - began > _GIVE_UP_S:
            raise TimeoutError

    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
        try:
            source.backup(copy, pages=1000, progress=look, sleep=0.01)
        except TimeoutError:
            print(f"the usual way was given up after {_GIVE_UP_S:.0f} s")


if __name__ == "__main__":
    asked = parser(__doc__).parse_args()
    with tempfile.TemporaryDirectory(prefix="easel-benchmark-") as made:
        asyncio.run(measure(Path(made))).close(gate=asked.gate)
