"""The receiver beside a bot that is killed: what the API says meanwhile is waiting for the next one."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import aiohttp
import pytest

from sandbox.comet import CometOptions
from sandbox.ports import free_near
from sandbox.process.bot import BotProcess
from sandbox.scenario import Scenario, ScenarioOptions
from tests.crash.surroundings import TRUSTS_NOBODY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.crash.conftest import Watcher

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def address() -> str:
    """Return where the receiver is to listen."""
    return f"127.0.0.1:{free_near(8700)}"


@pytest.fixture
async def scenario(tmp_path: Path, address: str) -> AsyncIterator[Scenario]:
    """Return a scenario whose API calls the receiver."""
    with (tmp_path / "bot.log").open("ab") as log:
        options = ScenarioOptions(
            comet=CometOptions(hooks=True, sync_seconds=0.05, pace=0.02, picture_size=128),
            folder=tmp_path,
            settings={
                "POLL_INTERVAL_SECONDS": "1",
                "LOG_LEVEL": "DEBUG",
                "WEBHOOK_URL": f"http://{address}",
                "WEBHOOK_LISTEN": address,
                **TRUSTS_NOBODY,
            },
            log=log,
        )
        async with Scenario(options) as scenario:
            yield scenario


@pytest.fixture
async def receiver(tmp_path: Path, address: str, watch: Watcher) -> AsyncIterator[BotProcess]:
    """Return the receiver, with neither a token nor a key."""
    settings = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/easel.db",
        "WEBHOOK_URL": f"http://{address}",
        "WEBHOOK_LISTEN": address,
        **TRUSTS_NOBODY,
    }
    with (tmp_path / "bot.log").open("ab") as log:
        process = BotProcess(settings, tmp_path, log, command="receive")
        await process.start()
        await watch.logged("Taking callbacks")
        yield process
        assert await process.terminate() == 0


async def test_a_bot_that_dies_with_the_answer_in_its_hands_finds_the_task_all_the_same(
    scenario: Scenario, receiver: BotProcess, watch: Watcher, address: str
) -> None:
    switches = {"EASEL_FAULT": "B04.answer_read:1:kill", "EASEL_FAULT_SWITCH": "this-is-a-test"}
    await scenario.start_bot(once=switches)
    await watch.imagine("a fox")
    await scenario.bot.wait()
    assert scenario.bot.state == "killed"
    async with aiohttp.ClientSession() as http, http.get(f"http://{address}/healthz") as answer:
        assert await answer.text() == "ok"
    await scenario.start_bot()
    await watch.result("a fox")
    assert len(scenario.comet.ledger) == 1
    assert receiver.is_alive
    key = (scenario.folder / "hook.key").read_bytes()
    assert base64.urlsafe_b64encode(key).decode().rstrip("=") not in watch.log()
