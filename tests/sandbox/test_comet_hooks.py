"""Hooks (contract 5): on by profile or switch, unsigned, and wrong in the ways they are wrong in the wild."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from tests.sandbox.comet_api import held, opened

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from sandbox.comet import CometOptions
    from tests.sandbox.comet_api import Payload

ON = replace(held(), hooks=True)


class Receiver:
    """Keep what is posted, and let tests wait for it."""

    def __init__(self) -> None:
        self.url = ""
        self.bodies: list[Payload] = []
        self._came = asyncio.Condition()

    async def take(self, request: web.Request) -> web.Response:
        async with self._came:
            self.bodies.append(await request.json())
            self._came.notify_all()
        return web.Response(status=500)

    async def until(self, count: int) -> list[str]:
        """Wait for so many hooks; return their states."""
        async with self._came, asyncio.timeout(5):
            await self._came.wait_for(lambda: len(self.bodies) >= count)
        return [f"{body['status']} {body['progress']}" for body in self.bodies]


@asynccontextmanager
async def receiver() -> AsyncGenerator[Receiver]:
    hook = Receiver()
    app = web.Application()
    app.router.add_post("/hook", hook.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield hook
    finally:
        await runner.cleanup()


async def test_each_change_is_posted_although_the_receiver_answers_500() -> None:
    async with receiver() as hook, opened(ON) as api:
        task_id = (await api.submit("imagine", prompt="a boat", state="job-42", notifyHook=hook.url)).task_id
        await hook.until(1)
        api.comet.set_progress(task_id, 46)
        await hook.until(2)
        api.comet.finish(task_id)
        assert await hook.until(3) == ["NOT_START 0%", "IN_PROGRESS 46%", "SUCCESS 100%"]
        assert {body["state"] for body in hook.bodies} == {"job-42"}


async def test_a_duplicate_is_the_same_hook_again() -> None:
    async with receiver() as hook, opened(ON) as api:
        await api.submit("imagine", prompt="a boat [[hook-duplicate]]", notifyHook=hook.url)
        assert await hook.until(2) == ["NOT_START 0%"] * 2


async def test_a_stale_hook_comes_after_the_end() -> None:
    async with receiver() as hook, opened(ON) as api:
        seen = await api.submit("imagine", prompt="a boat [[hook-stale]]", notifyHook=hook.url)
        await hook.until(1)
        api.comet.set_progress(seen.task_id, 46)
        await hook.until(2)
        api.comet.finish(seen.task_id)
        assert (await hook.until(4))[2:] == ["SUCCESS 100%", "IN_PROGRESS 46%"]


async def test_reordered_hooks_begin_with_the_end() -> None:
    async with receiver() as hook, opened(ON) as api:
        seen = await api.submit("imagine", prompt="a boat [[hook-reordered]]", notifyHook=hook.url)
        api.comet.set_progress(seen.task_id, 46)
        api.comet.finish(seen.task_id)
        assert (await hook.until(2))[:2] == ["SUCCESS 100%", "IN_PROGRESS 46%"]


@pytest.mark.parametrize(
    ("options", "marker", "is_sent"),
    [
        (held(), "", False),
        (held("ancestor"), "", True),
        (ON, "[[hook-missing]]", False),
        (replace(held("ancestor"), hooks=False), "", False),
    ],
)
async def test_hooks_are_sent_by_profile_switch_and_fault(options: CometOptions, marker: str, *, is_sent: bool) -> None:
    async with receiver() as hook, opened(options) as api:
        await api.submit("imagine", prompt=f"a boat {marker}", notifyHook=hook.url)
        if is_sent:
            assert await hook.until(1) == ["NOT_START 0%"]
        else:
            await asyncio.sleep(0.05)  # several times the interval in which tasks are watched
            assert hook.bodies == []


async def test_a_window_is_never_announced() -> None:
    async with receiver() as hook, opened(replace(ON, remix_account=True)) as api:
        grid = await api.done("a boat")
        task_id = (await api.press(grid, "V1", notifyHook=hook.url)).task_id
        await api.submit("modal", taskId=task_id, prompt="a fox")
        assert await hook.until(1) == ["NOT_START 0%"]
