"""`House`: the whole engine on a real database file, with fakes at its other ports and a clock driven by hand."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from bot.jobs.engine import Engine
from bot.jobs.ground import Pacing
from bot.jobs.requests import Origin
from bot.metrics import Metrics
from bot.model import Speed
from storage.database import Database
from storage.memory import SqliteMemory
from tests.builders import interaction_id
from tests.fakes import GRID, FakeClock, FakeDarkroom, FakeDelivery, FakeMidjourney
from tests.new_database import lay_out

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.jobs.ports import Midjourney
    from bot.jobs.requests import Filled, Receipt, Wish
    from bot.model import Action, Job
    from storage.stores.jobs import SqliteJobStore


class House:
    """One process after another on the same database, the same API and the same Discord."""

    database: Database
    memory: SqliteMemory
    store: SqliteJobStore
    engine: Engine

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FakeClock()
        self.api = FakeMidjourney()
        self.discord = FakeDelivery()
        self.metrics = Metrics()
        self._asked = 0
        self._stack = AsyncExitStack()

    @property
    def midjourney(self) -> Midjourney:
        """The API that the engine talks to."""
        return self.api

    async def start(self) -> None:
        """Start a process."""
        lay_out(self.folder / "easel.db")
        database = await Database.open(self.folder / "easel.db", metrics=self.metrics)
        self.database = await self._stack.enter_async_context(database)
        self.memory = SqliteMemory(self.database)
        self.store = self.memory.jobs
        self.engine = Engine(
            memory=self.memory,
            midjourney=self.midjourney,
            delivery=self.discord,
            clock=self.clock,
            darkroom=FakeDarkroom(),
            data_folder=self.folder,
            pacing=Pacing(
                poll_interval=timedelta(seconds=5), progress_edit_interval=timedelta(seconds=5), submit_concurrency=32
            ),
            metrics=self.metrics,
        )
        await self.engine.recover()
        await self.engine.answers.step()

    async def end(self) -> None:
        """End the process, with whatever was under way."""
        self.engine.pictures.close()
        await self._stack.aclose()

    async def restart(self) -> None:
        """End the process and start another."""
        await self.end()
        self.clock.advance(1)
        await self.start()

    def origin(self, user_id: int = 1, channel_id: int = 500) -> Origin:
        """Return a fresh interaction."""
        self._asked += 1
        return Origin(
            user_id=user_id,
            guild_id=400,
            channel_id=channel_id,
            interaction_id=interaction_id(self.clock.now(), self._asked),
            interaction_token=f"token-{self._asked}",
            application_id=300,
            attachment_size_limit=10 * 1024 * 1024,
            locale="en-US",
        )

    async def imagine(self, prompt: str = "a fox", *, user_id: int = 1, speed: Speed = Speed.FAST) -> str:
        """Have somebody ask for a picture and see the answer; return the job id."""
        receipt = await self.engine.services.jobs.imagine(self.origin(user_id), prompt, speed)
        await self.engine.services.jobs.answered(receipt.job.id, 8000 + self._asked)
        return receipt.job.id

    async def begin(self, wish: Wish, *, user_id: int = 1) -> str:
        """Have somebody ask for something and see the answer; return the job id."""
        receipt = await self.engine.services.jobs.begin(self.origin(user_id), wish)
        await self.engine.services.jobs.answered(receipt.job.id, 8000 + self._asked)
        return receipt.job.id

    async def picture(self, color: str = "red") -> str:
        """Return the name of a picture that was handed in."""
        drawn = BytesIO()
        Image.new("RGB", (64, 64), color).save(drawn, "PNG")
        return (await self.engine.inputs.keep(drawn.getvalue())).name

    def lose(self, name: str) -> None:
        """Take a picture that was handed in away again."""
        path = self.engine.inputs.path(name)
        assert path is not None
        path.unlink()

    async def press(self, job_id: str, index: int, filled: Filled | None = None, *, user_id: int = 1) -> Receipt:
        """Have somebody press a stored button, fill in its form and, where that made a job, see the answer."""
        receipt = await self.engine.services.jobs.act(self.origin(user_id), job_id, index, filled)
        if receipt.entry == "new":
            await self.engine.services.jobs.answered(receipt.job.id, 8000 + self._asked)
        return receipt

    async def job(self, job_id: str) -> Job:
        """Return the job as it is in the store."""
        job = await self.store.get(job_id)
        assert job is not None
        return job

    async def settle(self) -> None:
        """Let every part take one step and wait for what it started."""
        engine = self.engine
        await engine.submitter.step()
        await engine.submitter.drain()
        await engine.modals.drain()
        await engine.tracker.step()
        await engine.tracker.drain()
        await engine.modals.drain()
        await engine.reporter.step()
        await engine.reporter.drain()
        await engine.courier.step()
        await engine.courier.drain()
        await engine.contact.step()
        await engine.contact.drain()

    async def pass_time(self, seconds: float, every: float = 1.0) -> None:
        """Let time pass, with all parts at work."""
        passed = 0.0
        while passed < seconds:
            self.clock.advance(every)
            passed += every
            await self.settle()

    async def running(self, prompt: str = "a fox") -> tuple[str, str]:
        """Return a job that runs at the API, and its task id."""
        job_id = await self.imagine(prompt)
        await self.settle()
        task_id = (await self.job(job_id)).task_id
        assert task_id is not None
        return job_id, task_id

    async def finished(self, prompt: str = "a fox", actions: tuple[Action, ...] = GRID) -> str:
        """Return a job whose grid has been delivered."""
        job_id, task_id = await self.running(prompt)
        self.api.finish(task_id)
        self.api.tasks[task_id] = replace(self.api.tasks[task_id], actions=actions)
        await self.pass_time(12)
        return job_id


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = House(tmp_path)
    await house.start()
    yield house
    await house.end()
