"""Easel's engine in a process of its own, with its real database and API client: a part of other benchmarks.

In the place of Discord stands one that takes everything at once and keeps nothing. Tasks that run when it starts are in
the database; those that begin later become its own as if their submits had just been accepted. With `--only-following`
nothing is written, shown or delivered, as with clients in the usual way: only the tracker works.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import importlib
import json
import os
import sys
import time
from abc import ABC, abstractmethod
from collections import deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast, final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from typing_extensions import override

from benchmarks.children import heard, say
from benchmarks.forgetful import Forgetful
from benchmarks.pulse import Pulse
from benchmarks.seeding import Running, seed
from benchmarks.table import cuts
from bot.cometapi.client import CometClient
from bot.jobs.clock import SystemClock
from bot.jobs.engine import Engine
from bot.jobs.ground import Pacing
from bot.jobs.submitting.outcomes import Listeners
from bot.jobs.tracking.observer import Observer
from bot.jobs.tracking.tracker import Tracker
from bot.metrics import Metrics
from storage.database import Database
from storage.memory import SqliteMemory
from tests.fakes import FakeDarkroom

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.jobs.ports import JobStore
    from bot.model import Job, Status

    Plan = list[tuple[str, float, float]]

_TICK: Final = 0.25  # seconds between two steps of the tracker, as the engine takes them
_BEAT: Final = 0.1  # seldom: what is measured here is the CPU too
_POLL: Final = timedelta(seconds=5)
_PACING: Final = Pacing(poll_interval=_POLL, progress_edit_interval=timedelta(seconds=5), submit_concurrency=32)


class Working(ABC):
    """What is measured.

    Parameters
    ----------
    plan
        All tasks in the order in which they begin: id, when it begins and when it ends, in seconds from the start.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._tasks: list[asyncio.Task[None]] = []
        self.late: list[float] = []

    @property
    @abstractmethod
    def tracker(self) -> Tracker:
        """What looks."""

    @abstractmethod
    async def begin(self, start: float) -> None:
        """Take up the tasks that run already, and keep going."""

    @abstractmethod
    async def jobs(self, begun: Sequence[Running]) -> list[Job]:
        """Return the jobs of tasks that have just begun."""

    @abstractmethod
    async def seen(self) -> dict[str, float]:
        """Return when each task was seen to end, in seconds since 1970."""

    async def start(self, start: float) -> None:
        """Begin, and follow what begins later."""
        await self.begin(start)
        self._tasks += [asyncio.create_task(self._accept(start)), asyncio.create_task(self._keep_punctuality())]

    def running(self, start: float) -> list[Running]:
        """Return what runs at the start."""
        return [Running(task_id, _time(start + begins)) for task_id, begins, _ in self._plan if begins < 0]

    async def _accept(self, start: float) -> None:
        ahead = deque(Running(task_id, _time(start + begins)) for task_id, begins, _ in self._plan if begins >= 0)
        while ahead:
            await asyncio.sleep(_TICK)
            now = datetime.now(UTC)
            begun: list[Running] = []
            while ahead and ahead[0].since <= now:
                begun.append(ahead.popleft())
            for job in await self.jobs(begun):
                self.tracker.watch(job)

    async def _keep_punctuality(self) -> None:
        while True:
            self.late.append(self.tracker.lag)
            await asyncio.sleep(_TICK)


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@final
class Whole(Working):
    """The whole engine."""

    def __init__(self, plan: Plan, database: Database, comet: CometClient, folder: Path) -> None:
        super().__init__(plan)
        self._database = database
        self._memory = SqliteMemory(database)
        self._engine = Engine(
            memory=self._memory,
            midjourney=comet,
            delivery=Forgetful(),
            clock=SystemClock(),
            darkroom=FakeDarkroom(),
            data_folder=folder,
            pacing=_PACING,
        )

    @property
    @override
    def tracker(self) -> Tracker:
        return self._engine.tracker

    @override
    async def begin(self, start: float) -> None:
        await self._engine.recover()
        self._tasks.append(asyncio.create_task(self._engine.run()))

    @override
    async def jobs(self, begun: Sequence[Running]) -> list[Job]:
        found = [await self._memory.jobs.get(job_id) for job_id in await seed(self._database, begun)]
        return [job for job in found if job is not None]

    @override
    async def seen(self) -> dict[str, float]:
        rows = await self._database.read("SELECT task_id, finished_at FROM jobs WHERE status = 'succeeded'")
        return {row["task_id"]: row["finished_at"] / 1000 for row in rows}


@final
class Following(Working):
    """The tracker alone, on jobs that are in memory, and a store that lets all go that it is told."""

    def __init__(self, plan: Plan, database: Database, comet: CometClient) -> None:
        super().__init__(plan)
        self._database = database
        self._jobs: dict[str, Job] = {}
        self._seen: dict[str, float] = {}
        listeners = Listeners(
            answered=_ignore,
            changed=_ignore,
            advanced=_ignore,
            running=_ignore,
            needs_input=_ignore,
            settled=_ignore,
        )
        clock, metrics = SystemClock(), Metrics().jobs
        observer = Observer(cast("JobStore", self), clock, listeners, metrics)  # it asks no more of it than this
        self._tracker = Tracker(midjourney=comet, clock=clock, observer=observer, metrics=metrics, poll_interval=_POLL)

    @property
    @override
    def tracker(self) -> Tracker:
        return self._tracker

    @override
    async def begin(self, start: float) -> None:
        later = [Running(task_id, _time(start + begins)) for task_id, begins, _ in self._plan if begins >= 0]
        await seed(self._database, later)
        for job in await SqliteMemory(self._database).jobs.open_tasks(_time(0)):
            self._jobs[job.id] = job
        self._by_task = {job.task_id: job for job in self._jobs.values()}
        for task in self.running(start):
            self._tracker.watch(self._by_task[task.task_id], at_once=True)
        self._tasks.append(asyncio.create_task(self._keep_stepping()))

    async def _keep_stepping(self) -> None:
        while True:
            await self._tracker.step()
            await asyncio.sleep(_TICK)

    @override
    async def jobs(self, begun: Sequence[Running]) -> list[Job]:
        return [self._by_task[task.task_id] for task in begun]

    @override
    async def seen(self) -> dict[str, float]:
        return self._seen

    # What the observer asks of a store -----------------------------------------------------------------------------

    async def get(self, job_id: str) -> Job | None:
        """Return a job."""
        return self._jobs.get(job_id)

    async def note_headway(self, _made: object, _at: datetime) -> None:
        """Let what is noted go: the tracker remembers it by itself."""

    async def transition(self, job_id: str, _source: Status, target: Status, **_: Any) -> Job:  # noqa: ANN401 - as many as the port has
        """Return the job in its new status."""
        job = self._jobs[job_id] = replace(self._jobs[job_id], status=target)
        self._seen[job.task_id or ""] = time.time()
        return job


def _ignore(*_: object) -> None:
    """Stand in for whoever would be told."""


async def _run(given: argparse.Namespace) -> None:
    importlib.import_module("bot.app")  # so that all is in memory that the whole bot has there, discord.py with it
    gc.freeze()  # as the whole bot does
    plan: Plan = json.loads((given.folder / "plan.json").read_text(encoding="utf-8"))
    async with (
        await Database.open(given.folder / "easel.db") as database,
        CometClient(base_url=given.url, key=given.key) as comet,
    ):
        work = Following(plan, database, comet) if given.only_following else Whole(plan, database, comet, given.folder)
        say(ready=True)
        await work.start(float(await heard()))
        say(working=True)
        await heard()
        work.late.clear()
        async with Pulse(_BEAT) as pulse:
            say(measuring=True)
            await heard()
        say(seen=await work.seen(), loop_lag=pulse.cuts()[1], poll_lag=cuts(work.late)[1])
        await heard()
        os._exit(0)  # whatever is under way: nothing of it is kept


def main() -> None:
    """Read the command line and work."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where `plan.json` is, and the database with the jobs that run")
    parser.add_argument("url")
    parser.add_argument("key")
    parser.add_argument("--only-following", action="store_true")
    asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    main()
