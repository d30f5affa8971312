"""From the lost answer to the picture: the API's emulator, the receiver and the engine, on loopback."""

from __future__ import annotations

import json
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web
from typing_extensions import override

from bot.cometapi.client import CometClient
from bot.config import Listen
from bot.config.keys import ECHOES, HOOKS, load_key
from bot.jobs.adopting.echoes import Echoes
from bot.jobs.adopting.spool import Spool
from bot.model import Status
from bot.web.hooks import HookReceiver, hook_path
from bot.web.listening import Listener
from sandbox.comet import CometOptions, CometSandbox, Fault
from tests.jobs.conftest import House

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.jobs.ports import Midjourney
    from bot.model import Job

# Held: tasks stand still until a test moves them, and each move is one callback.
GATEWAY = CometOptions(key="sk-1", hooks=True, picture_size=64, sync_seconds=0.01)
#: The emulator calls within some hundredths of a second; a callback is in the spool once the request is answered.
PATIENCE = 200


class Wired(House):
    """A house whose API is the emulator, and which is told by callbacks."""

    def __init__(self, folder: Path, comet: CometSandbox) -> None:
        super().__init__(folder)
        self.comet = comet
        self.client: CometClient | None = None
        self.hook = ""

    @property
    @override
    def midjourney(self) -> Midjourney:
        assert self.client is not None
        return self.client

    async def open_door(self, stack: AsyncExitStack) -> None:
        """Open the receiver, and have the API told of it."""
        key = load_key(self.folder, HOOKS)
        app = web.Application()
        receiver = HookReceiver(Spool(self.folder / "spool"), Echoes(load_key(self.folder, ECHOES)), key)
        app.add_routes(receiver.routes())
        listener = Listener(app, Listen("127.0.0.1", 0))
        self.hook = await listener.open() + hook_path(key)
        stack.push_async_callback(listener.close)
        self.client = CometClient(
            base_url=self.comet.url,
            key=self.comet.key,
            submit_timeout=timedelta(seconds=0.3),
            look_timeout=timedelta(seconds=5),
            notify_hook=self.hook,
        )
        stack.push_async_callback(self.client.close)

    async def until(self, job_id: str, status: Status) -> Job:
        """Let time pass until the job has this status."""
        for _ in range(PATIENCE):
            await self.engine.adoption.step()
            await self.engine.adoption.drain()
            await self.pass_time(1)
            job = await self.job(job_id)
            if job.status is status:
                return job
            await self._breathe()
        pytest.fail(f"is {(await self.job(job_id)).status}")

    async def _breathe(self) -> None:
        """Let a round trip of real time pass: the emulator has no other clock."""
        async with aiohttp.ClientSession() as http, http.get(f"{self.comet.url}/mj/task/1/fetch") as answer:
            await answer.read()


@pytest.fixture
async def wired(tmp_path: Path) -> AsyncIterator[Wired]:
    async with AsyncExitStack() as stack:
        comet = await stack.enter_async_context(CometSandbox(GATEWAY))
        comet.hold()
        house = Wired(tmp_path, comet)
        await house.open_door(stack)
        await house.start()
        yield house
        await house.end()


@pytest.mark.parametrize("fault", [Fault.RESET_AFTER, Fault.TIMEOUT_524, Fault.HALF_BODY, Fault.NO_RESULT, Fault.HANG])
async def test_a_submit_whose_answer_was_lost_ends_in_a_picture(wired: Wired, fault: Fault) -> None:
    wired.comet.faults.set(fault)
    job_id = await wired.imagine()
    job = await wired.until(job_id, Status.RUNNING)
    (charge,) = wired.comet.charges(job_id)
    assert job.task_id == charge.task_id
    wired.comet.finish(charge.task_id)
    await wired.until(job_id, Status.SUCCEEDED)
    await wired.pass_time(3)
    assert [message.job.id for message in wired.discord.messages] == [job_id]
    assert len(wired.comet.ledger) == 1
    assert [parcel.job.status for parcel in wired.discord.words[job_id]] in ([], [Status.UNKNOWN])


async def test_without_a_callback_it_is_told_that_nobody_knows(wired: Wired) -> None:
    wired.comet.faults.set(Fault.RESET_AFTER)
    wired.comet.faults.set(Fault.HOOK_MISSING, times=None)
    job_id = await wired.imagine()
    await wired.until(job_id, Status.UNKNOWN)
    wired.comet.finish(wired.comet.ledger[0].task_id)
    await wired.pass_time(30)
    assert (await wired.job(job_id)).status is Status.UNKNOWN
    assert [parcel.job.status for parcel in wired.discord.words[job_id]] == [Status.UNKNOWN]
    assert len(wired.comet.ledger) == 1


async def test_a_forged_success_changes_nothing_and_fetches_nothing(wired: Wired, tmp_path: Path) -> None:
    job_id, task_id = await wired.running("a fox")
    wired.comet.faults.set(Fault.RESET_AFTER)
    wired.comet.faults.set(Fault.HOOK_MISSING, times=None)
    unknown = await wired.imagine("a cat")
    before = await wired.until(unknown, Status.UNKNOWN)
    mark = Echoes(load_key(tmp_path, ECHOES)).of
    evil = {"status": "SUCCESS", "progress": "100%", "imageUrl": f"{wired.comet.url}/evil.png"}
    async with aiohttp.ClientSession() as http:
        for forged in (
            {"id": task_id, "state": mark(unknown)},  # another job's task
            {"id": "1773314942177684", "state": mark(unknown)},  # a task that is not there
            {"id": task_id, "state": mark(job_id)},  # what runs, called done
        ):
            await http.post(wired.hook, data=json.dumps(evil | forged))
    wired.clock.advance(1)
    for _ in range(3):
        await wired.engine.adoption.step()
        await wired.engine.adoption.drain()
        await wired.pass_time(2)
    assert (await wired.job(job_id)).status is Status.RUNNING
    assert (await wired.job(unknown)).status is before.status
    assert wired.comet.requests.images == 0
    assert wired.comet.requests.by_route["* /{tail:.*}"] == 0, "nobody asked for the picture of the forger"
