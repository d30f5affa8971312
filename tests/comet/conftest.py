"""The real client, the emulated API, and a small server that misbehaves in ways of its own."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

import pytest
from aiohttp import web
from PIL import Image

from bot.cometapi.client import CometClient
from bot.model import Phase
from sandbox.comet import CometOptions, CometSandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from bot.cometapi.media import Limits
    from bot.model import Task

KEY: Final = "sk-sandbox-key"
GATEWAY: Final = CometOptions(key=KEY, pace=0.02, picture_size=128)
ANCESTOR: Final = CometOptions(profile="ancestor", key=KEY, pace=0.02, picture_size=128)


class Connect(Protocol):
    """Makes a client, closed at the end of the test."""

    def __call__(
        self,
        url: str,
        *,
        key: str = KEY,
        submit_timeout: timedelta = timedelta(seconds=5),
        look_timeout: timedelta = timedelta(seconds=5),
        media_limits: Limits | None = None,
    ) -> CometClient: ...


class Serve(Protocol):
    """Starts a server that answers every request in one way; returns its address."""

    async def __call__(self, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> str: ...


def picture_in(path: Path, size: tuple[int, int] = (128, 128), *, shown: str = "white") -> Path:
    """Write a picture of one color, in the form that the file's name says, and return where it is."""
    Image.new("RGB", size, shown).save(path)
    return path


async def finished(comet: CometSandbox, client: CometClient, task_id: str) -> Task:
    """Let a task succeed, and return it as the client sees it."""
    comet.finish(task_id)
    task = await client.fetch(task_id)
    assert task is not None
    assert task.phase is Phase.SUCCEEDED
    return task


class Naps:
    """A sleep that takes no time and writes down how long it should have been."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
def connect(stack: AsyncExitStack, naps: Naps) -> Connect:
    def make(
        url: str,
        *,
        key: str = KEY,
        submit_timeout: timedelta = timedelta(seconds=5),
        look_timeout: timedelta = timedelta(seconds=5),
        media_limits: Limits | None = None,
    ) -> CometClient:
        client = CometClient(
            base_url=url,
            key=key,
            submit_timeout=submit_timeout,
            look_timeout=look_timeout,
            media_limits=media_limits,
            sleep=naps,
        )
        stack.push_async_callback(client.close)
        return client

    return make


@pytest.fixture
async def comet(stack: AsyncExitStack) -> CometSandbox:
    """Emulate the gateway, with jobs that end at once when told to."""
    return await stack.enter_async_context(CometSandbox(GATEWAY))


@pytest.fixture
async def ancestor(stack: AsyncExitStack) -> CometSandbox:
    """Emulate the self-hosted proxy."""
    return await stack.enter_async_context(CometSandbox(ANCESTOR))


@pytest.fixture(params=[GATEWAY, ANCESTOR], ids=["gateway", "ancestor"])
async def either(stack: AsyncExitStack, request: pytest.FixtureRequest) -> CometSandbox:
    """Emulate each of the two in turn."""
    return await stack.enter_async_context(CometSandbox(request.param))


@pytest.fixture
def client(comet: CometSandbox, connect: Connect) -> CometClient:
    """Connect to the gateway."""
    return connect(comet.url)


@pytest.fixture
def serve(stack: AsyncExitStack) -> Serve:
    async def start(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> str:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", handler)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    return start
