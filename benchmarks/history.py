"""How fast histories are turned, filtered and searched among a million jobs, through the store that Easel uses.

    .venv/bin/python benchmarks/history.py build/easel-million.db

Makes the file with `million.py` if it is not there yet, reads it once so that the disk is not measured, and prints one
table. Times are from the call to the page in hand; "CPU" is what the whole process worked meanwhile, which other
programs on the machine do not lengthen. "Stopped" counts searches that said how far they had got.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ulid import ULID

from benchmarks.machine import facts
from benchmarks.million import BEGINNING, FIRST_SERVER, HEAVIEST, PEOPLE, SERVERS, build
from bot.model import HistoryFilter, HistoryPage, Kind
from storage.database import Database
from storage.memory import SqliteMemory
from tests.builders import new_job

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable

    from bot.model import Job

_MIB: Final = 1024 * 1024
_PAGE: Final = 10
_SUGGESTED: Final = 100
_DAYS: Final = 1000
_MODELS: Final = ("", "v 7", "v 8.1", "v 6.1", "niji 7", "niji 6")
_PLACES: Final = (0, 1, 2)
_FOUND: Final = ("fox", "castle snow", "東京", "猫と", "月光", "neon TEAPOT paper")
_NOT_FOUND: Final = ("qqq", "沼沢", "fox qqq", "e zz")
_NEW: Final = 500
_AT_ONCE: Final = 50


@dataclass(slots=True)
class Row:
    """What was measured of one thing."""

    name: str
    times: list[float] = field(default_factory=list[float])
    work: list[float] = field(default_factory=list[float])
    jobs: int = 0
    stopped: int = 0

    async def measure(self, call: Awaitable[HistoryPage | list[Job]]) -> None:
        """Wait for a page and take its time."""
        began, worked = time.perf_counter(), time.process_time()
        page = await call
        self.times.append((time.perf_counter() - began) * 1000)
        self.work.append((time.process_time() - worked) * 1000)
        if isinstance(page, HistoryPage):
            self.stopped += page.searched_to is not None
            page = list(page.jobs)
        self.jobs += len(page)

    def __str__(self) -> str:
        cuts, work = (statistics.quantiles(values, n=100, method="inclusive") for values in (self.times, self.work))
        return (
            f"{self.name:46}{len(self.times):7}{cuts[49]:9.2f}{cuts[98]:9.2f}{max(self.times):9.1f}"
            f"{work[49]:9.2f}{work[98]:9.2f}{self.jobs / len(self.times):7.1f}{self.stopped:8}"
        )


class Measuring:
    """Asks the store for page after page."""

    def __init__(self, database: Database, times: int) -> None:
        self._memory = SqliteMemory(database)
        self._history = self._memory.history
        self._times = times
        self._chance = Random(7)  # noqa: S311 - which pages are looked at

    def _anybody(self) -> int:
        return HEAVIEST + self._chance.randrange(PEOPLE)

    def _sometime(self) -> str:
        return str(ULID.from_datetime(BEGINNING + timedelta(days=self._chance.uniform(0, _DAYS))))

    def _filter(self, user_id: int, count: int) -> HistoryFilter:
        """Return a filter that asks for so many things at once."""
        chance = self._chance
        day = BEGINNING + timedelta(days=chance.randrange(_DAYS))
        choices = {
            "kind": {"kind": chance.choice(list(Kind))},
            "model": {"model": chance.choice(_MODELS)},
            "server": {"guild_id": _server(user_id, chance.choice(_PLACES))},
            "favorites": {"favorites": True},
            "failures": {"failures": False},
            "dates": {"since": day, "until": day + timedelta(days=chance.choice((1, 30, 365)))},
        }
        chosen = HistoryFilter()
        for name in chance.sample(sorted(choices), count):
            chosen = replace(chosen, **choices[name])
        return chosen

    async def turning(self) -> Iterable[Row]:
        """Return rows about pages without and with filters."""
        anybody, heaviest, newer = (
            Row("page, anybody"),
            Row("page, heaviest, anywhere"),
            Row("newer, heaviest, anywhere"),
        )
        for _ in range(self._times):
            await anybody.measure(self._history.page(self._anybody(), HistoryFilter(), limit=_PAGE))
            page = self._history.page(HEAVIEST, HistoryFilter(), before=self._sometime(), limit=_PAGE)
            await heaviest.measure(page)
            await newer.measure(self._history.page(HEAVIEST, HistoryFilter(), after=self._sometime(), limit=_PAGE))
        return [anybody, heaviest, newer, *[await self._filtered(count) for count in (1, 2, 3)], *await self._every()]

    async def _filtered(self, count: int) -> Row:
        row = Row(f"{count} filter{'s' * (count > 1)}, half anybody, half heaviest")
        for number in range(2 * self._times):
            user_id = HEAVIEST if number % 2 else self._anybody()
            before = self._sometime() if number % 4 > 1 else None
            await row.measure(self._history.page(user_id, self._filter(user_id, count), before=before, limit=_PAGE))
        return row

    async def _every(self) -> Iterable[Row]:
        """Return rows about every combination there is for the heaviest, those that match nothing apart."""
        full, empty = Row("every combination, heaviest: found"), Row("every combination, heaviest: no match")
        servers = [None, *(_server(HEAVIEST, place) for place in _PLACES), FIRST_SERVER - 1]
        for kind, model, guild_id, favorites, failures in product(
            [None, *Kind], [None, *_MODELS], servers, (False, True), (False, True)
        ):
            chosen = HistoryFilter(kind=kind, model=model, guild_id=guild_id, favorites=favorites, failures=failures)
            row = Row("")
            await row.measure(self._history.page(HEAVIEST, chosen, limit=_PAGE))
            into = full if row.jobs else empty
            into.times += row.times
            into.work += row.work
            into.jobs += row.jobs
            into.stopped += row.stopped
        return full, empty

    async def searching(self) -> Iterable[Row]:
        """Return rows about words in prompts."""
        rows = [Row("search, anybody"), Row("search, heaviest, found"), Row("search, heaviest, no match")]
        for number in range(self._times):
            text = (_FOUND + _NOT_FOUND)[number % (len(_FOUND) + len(_NOT_FOUND))]
            await rows[0].measure(self._history.page(self._anybody(), HistoryFilter(text=text), limit=_PAGE))
            found = HistoryFilter(text=_FOUND[number % len(_FOUND)])
            await rows[1].measure(self._history.page(HEAVIEST, found, before=self._sometime(), limit=_PAGE))
        for number in range(self._times // 10):
            text = _NOT_FOUND[number % len(_NOT_FOUND)]
            await rows[2].measure(self._history.page(HEAVIEST, HistoryFilter(text=text), limit=_PAGE))
        return [*rows, await self._searching_filtered()]

    async def _searching_filtered(self) -> Row:
        row = Row("search with 1 to 3 filters, heaviest, no match")
        for number in range(self._times // 5):
            chosen = replace(self._filter(HEAVIEST, 1 + number % 3), text=_NOT_FOUND[number % len(_NOT_FOUND)])
            await row.measure(self._history.page(HEAVIEST, chosen, limit=_PAGE))
        return row

    async def suggesting(self) -> Iterable[Row]:
        """Return rows about suggestions while somebody types."""
        rows = [
            Row("suggestions, anybody"),
            Row("suggestions, heaviest, found"),
            Row("suggestions, heaviest, no match"),
        ]
        for number in range(self._times):
            text, unheard_of = _FOUND[number % len(_FOUND)], _NOT_FOUND[number % len(_NOT_FOUND)]
            await rows[0].measure(self._history.newest(self._anybody(), text, _SUGGESTED))
            await rows[1].measure(self._history.newest(HEAVIEST, text, _SUGGESTED))
            await rows[2].measure(self._history.newest(HEAVIEST, unheard_of, _SUGGESTED))
        return rows

    async def entering(self, database: Database) -> str:
        """Write jobs down, many people at once, and take them away again; return how long that took."""
        places, times = asyncio.Semaphore(_AT_ONCE), list[float]()

        async def one(number: int) -> None:
            async with places:
                began = time.perf_counter()
                await self._memory.jobs.add(new_job(number, id=str(ULID()), user_id=-1, interaction_id=-number))
                times.append((time.perf_counter() - began) * 1000)

        began = time.perf_counter()
        await asyncio.gather(*(one(number) for number in range(1, _NEW + 1)))
        rate, cuts = _NEW / (time.perf_counter() - began), statistics.quantiles(times, n=100)
        for table in ("searches", "jobs"):
            await database.write(lambda connection, t=table: connection.execute(f"DELETE FROM {t} WHERE user_id = -1"))  # noqa: S608
        return f"{rate:,.0f} a second, {_AT_ONCE} people at once; p50 / p99 {cuts[49]:.1f} ms / {cuts[98]:.1f} ms"


def _server(user_id: int, place: int) -> int:
    return FIRST_SERVER + ((user_id - HEAVIEST) * 7 + place * 13) % SERVERS


async def _run(path: Path, times: int) -> None:
    process = psutil.Process()
    async with await Database.open(path) as database:
        measuring = Measuring(database, times)
        before = process.memory_info().rss
        rows = [*await measuring.turning(), *await measuring.searching(), *await measuring.suggesting()]
        after = process.memory_info().rss
        entering = await measuring.entering(database)
    print(f"\n{'':46}{'times':>7}{'p50':>9}{'p99':>9}{'worst':>9}{'CPU p50':>9}{'p99 ms':>9}{'jobs':>7}{'stopped':>8}")
    for row in rows:
        print(row)
    print(f"\nmemory before / after  {before / _MIB:.1f} MiB / {after / _MIB:.1f} MiB")
    print(f"jobs written down      {entering}")


def main() -> None:
    """Read the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--times", type=int, default=1000)
    arguments = parser.parse_args()
    if not arguments.path.exists():
        build(arguments.path)
    with arguments.path.open("rb") as file:
        while file.read(_MIB):
            pass
    print(f"{facts()}\n{arguments.path}: {arguments.path.stat().st_size / 1e6:,.0f} MB")
    asyncio.run(_run(arguments.path, arguments.times))


if __name__ == "__main__":
    main()
