"""Whether memory, or anything else that Easel holds, grows within a week: on a clock that is driven by hand.

    .venv/bin/python benchmarks/week.py --jobs 7000

The engine and its real database, with an API and a Discord that answer at once and forget: people ask for pictures day
and night, the API is out of reach twice for six hours, and Easel is started anew twenty times. Every hour is looked at,
from the end of the first day on. Nothing is extrapolated: with more `--jobs` more is measured, and it takes longer.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import linear_regression
from typing import TYPE_CHECKING, Final, final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psutil
from PIL import Image
from typing_extensions import override

from benchmarks.children import MIB, resident
from benchmarks.forgetful import Forgetful
from benchmarks.table import Table, at_most, parser
from bot.errors import CometUnreachable, MediaUnavailable
from bot.jobs.engine import Engine
from bot.jobs.ground import Pacing
from bot.jobs.housekeeping.clearing import Limits
from bot.jobs.requests import Origin
from bot.model import Accepted, Phase, Speed, Task
from storage.database import Database
from storage.memory import SqliteMemory
from tests.fakes import FakeClock, FakeDarkroom, FakeMidjourney

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from bot.model import Media

_DAY: Final = 86_400.0
_HOUR: Final = 3_600.0
_STEP: Final = 15.0  # seconds that pass at once
_ROUND: Final = 4  # steps between two of the parts that have time
_OUTAGE: Final = 6 * _HOUR
_RESTARTS: Final = 20
_PEOPLE: Final = 200
_SHORTEST, _LONGEST = 20.0, 90.0  # seconds that a job takes
_PACING: Final = Pacing(
    poll_interval=timedelta(seconds=5),
    progress_edit_interval=timedelta(seconds=5),
    submit_concurrency=32,
    pictures=Limits(life=timedelta(days=1)),
)


def _drawn() -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (64, 64), "teal").save(drawn, "PNG")
    return drawn.getvalue()


_PICTURE: Final = _drawn()


@final
class Passing(FakeMidjourney):
    """An API that knows a task until its picture was fetched, and keeps no book of what it was asked."""

    def __init__(self, clock: FakeClock, chance: Random) -> None:
        super().__init__()
        self._clock = clock
        self._chance = chance
        self._ends: dict[str, float] = {}
        self._number = 0
        self.is_out = False

    @override
    async def imagine(self, prompt: str, *, images: Sequence[Path] = (), speed: Speed, echo: str) -> Accepted:
        self._reach()
        self._number += 1
        task_id = f"{self._number:016}"
        self.tasks[task_id] = Task(task_id=task_id, phase=Phase.RUNNING, echo=echo, progress=0)
        self._ends[task_id] = self._clock.monotonic() + self._chance.uniform(_SHORTEST, _LONGEST)
        return Accepted(task_id=task_id)

    @override
    async def fetch(self, task_id: str) -> Task | None:
        self._reach()
        return self._look(task_id)

    @override
    async def list_tasks(self, task_ids: Sequence[str]) -> dict[str, Task]:
        self._reach()
        return {task_id: task for task_id in task_ids if (task := self._look(task_id)) is not None}

    @override
    async def download(self, url: str, destination: Path) -> Media:
        if self.is_out:
            raise MediaUnavailable(url)
        task_id = url.rpartition("/")[2]
        self.files[url] = _PICTURE + task_id.encode()  # each picture is another one
        media = await super().download(url, destination)
        self.downloads.clear()
        del self.files[url], self.tasks[task_id], self._ends[task_id]
        return media

    @override
    async def check_key(self) -> None:
        self._reach()

    def _reach(self) -> None:
        if self.is_out:
            raise CometUnreachable

    def _look(self, task_id: str) -> Task | None:
        if task_id in self.tasks and self._ends[task_id] <= self._clock.monotonic():
            self.finish(task_id, picture_url=f"https://cdn.example/{task_id}")
        return self.tasks.get(task_id)


@final
@dataclass(slots=True)
class Samples:
    """What was held, hour by hour.

    Attributes
    ----------
    days
        When each was taken.
    memory
        Resident, in MiB.
    wal
        Most bytes that the write-ahead log had at any time.
    """

    days: list[float] = field(default_factory=list[float])
    memory: list[float] = field(default_factory=list[float])
    tasks: list[int] = field(default_factory=list[int])
    files: list[int] = field(default_factory=list[int])
    wal: int = 0


@final
class Week:
    """One Easel after another on the same folder."""

    def __init__(self, folder: Path, jobs: int, days: float) -> None:
        chance = Random(7)  # noqa: S311 - when people ask
        self.clock = FakeClock()
        self.api = Passing(self.clock, chance)
        self.discord = Forgetful()
        self.samples = Samples()
        self.path = folder / "easel.db"
        self._folder = folder
        self._length = days * _DAY
        self._asked = 0
        self._due = sorted((chance.uniform(0, self._length) for _ in range(jobs)), reverse=True)
        self._outages = [(self._length * share, self._length * share + _OUTAGE) for share in (0.3, 0.7)]
        self._process = psutil.Process()

    async def run(self) -> None:
        """Let all of the time pass."""
        began = self.clock.monotonic()
        bounds = [self._length * number / (_RESTARTS + 1) for number in range(_RESTARTS + 2)]
        for since, until in pairwise(bounds):
            async with await Database.open(self.path) as database:
                engine = Engine(
                    memory=SqliteMemory(database),
                    midjourney=self.api,
                    delivery=self.discord,
                    clock=self.clock,
                    darkroom=FakeDarkroom(),
                    data_folder=self._folder,
                    pacing=_PACING,
                )
                await engine.recover()
                await self._live(engine, began, since, until)
                await engine.stop()

    async def _live(self, engine: Engine, began: float, since: float, until: float) -> None:
        passed = since
        while passed < until:
            self.clock.advance(max(0.0, began + passed + _STEP - self.clock.monotonic()))
            hour, passed = int(passed / _HOUR), passed + _STEP
            self.api.is_out = any(start <= passed < end for start, end in self._outages)
            while self._due and self._due[-1] <= passed:
                self._due.pop()
                await self._ask(engine)
            await self._turn(engine, is_round=int(passed / _STEP) % _ROUND == 0, is_hour=int(passed / _HOUR) > hour)
            self.samples.wal = max(self.samples.wal, self._size("-wal"))
            if int(passed / _HOUR) > hour and passed > _DAY:
                self._sample(passed)

    async def _ask(self, engine: Engine) -> None:
        self._asked += 1
        origin = Origin(
            user_id=1 + self._asked % _PEOPLE,
            guild_id=400,
            channel_id=500 + self._asked % _PEOPLE,
            interaction_id=self._asked,
            interaction_token=f"token-{self._asked}",
            application_id=300,
            attachment_size_limit=10 * MIB,
            locale="en-US",
        )
        receipt = await engine.services.jobs.imagine(origin, f"a fox number {self._asked}", Speed.FAST)
        await engine.services.jobs.answered(receipt.job.id, self._asked)

    async def _turn(self, engine: Engine, *, is_round: bool, is_hour: bool) -> None:
        """Let the parts that are due take a step, and wait for what it started."""
        for part in (engine.submitter, engine.tracker, engine.reporter, engine.courier, engine.contact):
            await part.step()
            await part.drain()
        if is_round:
            await engine.answers.step()
            await engine.adoption.step()
            await engine.services.privacy.leaving.step()
            await engine.services.privacy.exports.step()
        if is_hour:
            await engine.upkeep.step()

    def _sample(self, passed: float) -> None:
        gc.collect()
        samples = self.samples
        samples.days.append(passed / _DAY)
        samples.memory.append(resident(self._process))
        samples.tasks.append(len(asyncio.all_tasks()))
        samples.files.append(self._process.num_fds())

    def _size(self, suffix: str = "") -> int:
        path = self.path.with_name(self.path.name + suffix)
        return path.stat().st_size if path.exists() else 0

    def database_size(self) -> int:
        """Return how large the database is, in bytes."""
        return self._size()


async def _run(arguments: argparse.Namespace) -> None:
    logging.disable(logging.WARNING)  # outages are part of it
    table = Table("A simulated week: what grows")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="easel-benchmark-") as name:
        week = Week(Path(name), arguments.jobs, arguments.days)
        await week.run()
        size = week.database_size()
    samples = week.samples
    table.head(f"{arguments.jobs:,} jobs in {arguments.days:g} days, {_RESTARTS} restarts, two outages of 6 h")
    table.add("results delivered", week.discord.posted)
    table.add(
        "memory a day, after day 1",
        linear_regression(samples.days, samples.memory).slope,
        " MiB",
        digits=2,
        gate=at_most(1, " MiB"),
    )
    table.add("memory in the end", samples.memory[-1], " MiB")
    table.add("tasks, most less fewest", max(samples.tasks) - min(samples.tasks), gate=at_most(2))
    table.add("open files, most less fewest", max(samples.files) - min(samples.files), gate=at_most(2))
    table.add("largest write-ahead log", samples.wal / MIB, " MiB", digits=1, gate=at_most(64, " MiB"))
    table.add("database, a job", size / arguments.jobs, " bytes")
    table.add("it took", time.monotonic() - began, " s")
    table.close(gate=arguments.gate)


def main() -> None:
    """Read the command line, run, print."""
    reading = parser(__doc__)
    reading.add_argument("--jobs", type=int, default=7_000)
    reading.add_argument("--days", type=float, default=7.0)
    asyncio.run(_run(reading.parse_args()))


if __name__ == "__main__":
    main()
