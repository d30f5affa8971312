"""How fast jobs are written, and found again among a million; beside it the usual way to write.

    .venv/bin/python benchmarks/store.py --gate

Fifty coroutines write jobs down and move each twice, every step on disk before the next. The usual way does the same
with one aiosqlite connection and a commit for each step. Pages and searches read a database as after years, which
`million.py` makes at the first run.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import aiosqlite
from ulid import ULID

from benchmarks.children import MIB, ROOT
from benchmarks.million import BEGINNING, HEAVIEST, JOBS, PEOPLE, build
from benchmarks.table import Table, at_most, cuts, parser
from bot.jobs.ports import Step
from bot.model import HistoryFilter, Status
from storage.database import Database
from storage.memory import SqliteMemory
from tests.builders import new_job

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from bot.jobs.ports import JobChanges
    from bot.model import HistoryPage

_AT_ONCE: Final = 50
_PAGE: Final = 10
_DAYS: Final = 1000  # that the million spans
_FOUND: Final = ("fox", "castle snow", "東京", "猫と", "月光", "neon TEAPOT paper")
_NOT_FOUND: Final = ("qqq", "沼沢", "fox qqq", "e zz")

_MADE: Final = (
    "CREATE TABLE jobs (id TEXT PRIMARY KEY, user_id INTEGER, prompt TEXT, status TEXT, task_id TEXT, at INTEGER)"
)
_ADDED: Final = "INSERT INTO jobs VALUES (?, ?, 'a fox in the snow', 'queued', NULL, ?)"
_MOVED: Final = "UPDATE jobs SET status = ?, task_id = ?, at = ? WHERE id = ?"


async def _rate(jobs: int, write: Callable[[int], Awaitable[None]]) -> float:
    """Return how many jobs a second are written, fifty at once."""
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(number: int) -> None:
        async with places:
            await write(number)

    began = time.perf_counter()
    await asyncio.gather(*map(one, range(jobs)))
    return jobs / (time.perf_counter() - began)


@asynccontextmanager
async def _easel(folder: Path) -> AsyncGenerator[Callable[[int], Awaitable[None]]]:
    async with await Database.open(folder / "easel.db") as database:
        store = SqliteMemory(database).jobs

        async def write(number: int) -> None:
            _, job = await store.add(new_job(number, user_id=number))
            await store.begin_submit(job.id, Status.QUEUED, Step.SUBMIT, job.created_at)
            changes: JobChanges = {"task_id": f"{number:016}", "submitted_at": job.created_at}
            await store.transition(job.id, Status.SUBMITTING, Status.RUNNING, at=job.created_at, changes=changes)

        yield write


@asynccontextmanager
async def _usual(folder: Path) -> AsyncGenerator[Callable[[int], Awaitable[None]]]:
    async with aiosqlite.connect(folder / "usual.db") as connection:
        for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", _MADE):
            await connection.execute(statement)
        turn = (
            asyncio.Lock()
        )  # a shared connection is a shared transaction: without it one's rollback is another's loss

        async def step(statement: str, *values: object) -> None:
            async with turn:
                await connection.execute(statement, values)
                await connection.commit()

        async def write(number: int) -> None:
            await step(_ADDED, str(number), number, number)
            await step(_MOVED, "submitting", None, number, str(number))
            await step(_MOVED, "running", f"{number:016}", number, str(number))

        yield write


async def _write(table: Table, jobs: int) -> None:
    with tempfile.TemporaryDirectory(prefix="easel-benchmark-") as name:
        async with _easel(Path(name)) as write:
            easel = await _rate(jobs, write)
        async with _usual(Path(name)) as write:
            usual = await _rate(jobs, write)
    table.head(f"{jobs:,} jobs written down and moved twice, {_AT_ONCE} at once")
    table.add("jobs a second", easel, usual=usual)


async def _read(table: Table, path: Path, rows: int, times: int) -> None:
    chance = Random(7)  # noqa: S311 - which pages are looked at
    async with await Database.open(path) as database:
        history = SqliteMemory(database).history

        def somebody() -> int:
            return HEAVIEST + chance.randrange(PEOPLE)

        def sometime() -> str:
            return str(ULID.from_datetime(BEGINNING + timedelta(days=chance.uniform(0, _DAYS * rows / JOBS))))

        def searched(user_id: int, words: tuple[str, ...]) -> Awaitable[HistoryPage]:
            return history.page(user_id, HistoryFilter(text=chance.choice(words)), limit=_PAGE)

        table.head(f"{rows:,} jobs of {PEOPLE:,} people")
        for title, ask, bound in (
            ("page, anybody", lambda: history.page(somebody(), HistoryFilter(), limit=_PAGE), 5.0),
            (
                "page, whoever has most, anywhere",
                lambda: history.page(HEAVIEST, HistoryFilter(), before=sometime(), limit=_PAGE),
                5.0,
            ),
            ("search, anybody", lambda: searched(somebody(), _FOUND + _NOT_FOUND), None),
            ("search, whoever has most, found", lambda: searched(HEAVIEST, _FOUND), None),
            ("search, whoever has most, not found", lambda: searched(HEAVIEST, _NOT_FOUND), None),
        ):
            p50, p99 = cuts([await _milliseconds(ask) for _ in range(times)])
            table.add(f"{title}, p50", p50, " ms", digits=2)
            table.add(f"{title}, p99", p99, " ms", digits=2, gate=None if bound is None else at_most(bound, " ms"))


async def _milliseconds(ask: Callable[[], Awaitable[HistoryPage]]) -> float:
    began = time.perf_counter()
    await ask()
    return (time.perf_counter() - began) * 1000


def _made(rows: int) -> Path:
    """Return the database with so many jobs, made if need be and read once, so that the disk is not measured."""
    path = ROOT / "build" / ("easel-million.db" if rows == JOBS else f"easel-{rows}.db")
    if not path.exists():
        build(path, rows, PEOPLE)
    with path.open("rb") as file:
        while file.read(MIB):
            pass
    return path


async def _run(arguments: argparse.Namespace, path: Path) -> None:
    table = Table("Storage: writing jobs down, and finding them again")
    await _write(table, arguments.jobs)
    await _read(table, path, arguments.rows, arguments.times)
    table.close(gate=arguments.gate)


def main() -> None:
    """Read the command line, run, print."""
    reading = parser(__doc__)
    reading.add_argument("--jobs", type=int, default=3_000, help="to write down")
    reading.add_argument("--rows", type=int, default=JOBS, help="jobs that are there when pages are read")
    reading.add_argument("--times", type=int, default=300, help="how often each page is read")
    arguments = reading.parse_args()
    asyncio.run(_run(arguments, _made(arguments.rows)))


if __name__ == "__main__":
    main()
