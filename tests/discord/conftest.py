"""`Bot`: the real client, cogs, delivery, engine and database, against `sandbox.discord` and an API with behavior."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from discord.asset import Asset
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.app import EXTENSIONS
from bot.client import ClientOptions, EaselClient, point_at
from bot.jobs.clock import SystemClock
from bot.jobs.engine import Engine
from bot.jobs.ground import Pacing
from bot.model import HistoryFilter, Speed
from cogs.custom_ids import find_job_id
from cogs.messages.delivery import DiscordDelivery
from cogs.messages.replies import reply_error
from cogs.translating import CommandTranslator
from sandbox.discord import DiscordSandbox
from storage.database import Database
from storage.memory import SqliteMemory
from tests.fakes import FakeDarkroom, FakeMidjourney
from tests.new_database import lay_out

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from pathlib import Path

    from bot.jobs.ports import Clock
    from bot.model import Job, Status
    from sandbox.discord import Call, Message
    from storage.stores.jobs import SqliteJobStore

T = TypeVar("T")

PACING = Pacing(
    poll_interval=timedelta(milliseconds=50),
    progress_edit_interval=timedelta(milliseconds=50),
    submit_concurrency=4,
)


async def eventually(look: Callable[[], Awaitable[T | None]]) -> T:
    """Return what `look` returns once it is something; the database has nothing to wait on."""
    async with asyncio.timeout(5):
        while True:
            found = await look()
            if found:
                return found
            await asyncio.sleep(0.02)


class Bot:
    """One process after another, all in this one, on the same folder, the same Discord and the same API."""

    client: EaselClient
    delivery: DiscordDelivery
    memory: SqliteMemory
    store: SqliteJobStore
    engine: Engine

    def __init__(self, discord_: DiscordSandbox, folder: Path) -> None:
        self.discord = discord_
        self.folder = folder
        self.api = FakeMidjourney()
        self.clock: Clock = SystemClock()
        self.line_clock: Clock = self.clock
        self.options: dict[str, Any] = {}
        self.pauses: list[float] = []
        self.connection: asyncio.Task[None] | None = None
        self._stack = AsyncExitStack()
        self._working: asyncio.Task[None] | None = None

    async def start(self, guild_id: int | None = None) -> None:
        """Start a process and wait until it is connected and its commands are there."""
        lay_out(self.folder / "easel.db")
        database = await self._stack.enter_async_context(await Database.open(self.folder / "easel.db"))
        self.memory = SqliteMemory(database)
        self.store = self.memory.jobs
        point_at(self.discord.api_url)
        options = ClientOptions(
            extensions=EXTENSIONS,
            data_folder=self.folder,
            default_speed=Speed.FAST,
            command_guild_id=guild_id,
            **self.options,
        )
        self.client = await self._stack.enter_async_context(
            EaselClient(options, reply_error, CommandTranslator(), self.line_clock)
        )
        self.delivery = DiscordDelivery(self.client, self.clock, sleep=self._pause)
        self.engine = Engine(
            memory=self.memory,
            midjourney=self.api,
            delivery=self.delivery,
            clock=self.clock,
            darkroom=FakeDarkroom(),
            data_folder=self.folder,
            pacing=PACING,
        )
        self.client.services = self.engine.services
        await self.engine.recover()
        await self.client.line.log_in(self.discord.token)
        self.connection = asyncio.create_task(self.client.connect())
        self._working = asyncio.create_task(self.engine.run())
        await self.discord.ready()  # discord.py's own READY waits two seconds more for servers that may still come
        await self.discord.commands_registered("imagine", "history", "show")

    async def _pause(self, delay: float) -> None:
        self.pauses.append(delay)

    async def stop(self) -> None:
        """End the process in order."""
        await self.engine.stop()
        await self._stack.aclose()
        await asyncio.gather(*filter(None, (self.connection, self._working)))

    async def restart(self) -> None:
        """End the process and start another."""
        await self.stop()
        await self.start()

    async def imagine(self, prompt: str = "a fox", **options: str) -> Call:
        """Have somebody type `/imagine` in #general."""
        world = self.discord.world
        person = self.discord.person(world.member)
        return await person.slash("imagine", {"prompt": prompt, **options}, channel=world.general)

    async def asked(self, prompt: str = "a fox") -> tuple[Call, Job]:
        """Have somebody ask, and return the interaction with the job it made."""
        call = await self.imagine(prompt)
        answer = await call.answer()
        assert answer.message is not None
        return call, await self.job_of(answer.message)

    async def job_of(self, message: Message) -> Job:
        """Return the job that a message is about."""
        job_id = find_job_id(next(button.custom_id or "" for button in message.buttons() if button.custom_id))
        assert job_id is not None
        return await self.job(job_id)

    async def job(self, job_id: str) -> Job:
        """Return the job as it is in the store."""
        job = await self.store.get(job_id)
        assert job is not None
        return job

    async def until(self, job_id: str, status: Status) -> Job:
        """Return the job once it has this status."""
        return await eventually(lambda: self._job_if(job_id, status))

    async def submitted(self, count: int = 1) -> str:
        """Wait for the API to be asked so often; return the last task's id."""

        async def look() -> str | None:
            return self.api.charges[-1].task_id if len(self.api.charges) >= count else None

        return await eventually(look)

    async def jobs(self) -> list[Job]:
        """Return the member's jobs, newest first, once there is one."""
        return await eventually(self.made)

    async def made(self) -> list[Job]:
        """Return the member's jobs, newest first, as they are now."""
        page = await self.memory.history.page(self.discord.world.member.id, HistoryFilter(), limit=10)
        return list(page.jobs)

    async def _job_if(self, job_id: str, status: Status) -> Job | None:
        job = await self.job(job_id)
        return job if job.status is status else None

    async def grid(self, prompt: str = "a fox") -> Message:
        """Have somebody ask, let Midjourney finish, and return the message with the picture."""
        count = len(self.api.charges) + 1
        await self.imagine(prompt)
        self.api.finish(await self.submitted(count))
        return await self.picture(prompt)

    async def picture(self, text: str) -> Message:
        """Return the message with a picture and this text."""
        return await self.discord.wait_message(lambda m: bool(m.attachments) and text in m.content)


@pytest.fixture(autouse=True)
def _discord_itself_stays_where_it_is() -> Iterator[None]:
    """Put back what `point_at` and a login change in discord.py."""
    kept = Route.BASE, Asset.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    yield
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = kept[0], kept[2]
    Asset.BASE = kept[1]


@pytest.fixture
async def world() -> AsyncIterator[DiscordSandbox]:
    """Return a Discord of our own."""
    async with DiscordSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a bot that is started after this look at what it follows more often: for tests that wait for much."""
    monkeypatch.setattr("bot.jobs.engine._TICK", 0.02)
    monkeypatch.setattr("bot.jobs.engine._GLANCE", 0.05)


@pytest.fixture
async def bot(world: DiscordSandbox, tmp_path: Path) -> AsyncIterator[Bot]:
    """Return a bot that is connected."""
    bot = Bot(world, tmp_path)
    await bot.start()
    yield bot
    await bot.stop()
