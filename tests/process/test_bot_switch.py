"""The bot's switch in the side panel: started, stopped, killed and restarted as a real process, and watched."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from sandbox.discord import DiscordFault
from sandbox.page.panel import Panel
from sandbox.process import BotNotUp
from sandbox.scenario import Scenario, ScenarioOptions
from tests.crash.conftest import WITHIN
from tests.process.studio import COMET, SETTINGS

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

pytestmark = pytest.mark.timeout(60)

Json = dict[str, Any]


class Board:
    """A scenario with its panel, and all that was told of the bot."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.panel = Panel(scenario)
        self.states: list[Json] = []
        self.lines: list[str] = []
        self._heard = asyncio.Event()
        self.panel.subscribe(self._hear)

    def _hear(self, event: Json) -> None:
        if event["event"] == "bot":
            self.states.append(event["bot"])
        self.lines += event.get("lines", ())
        self._heard.set()

    async def bot(self, how: str) -> None:
        """Use the switch."""
        await self.panel.do("bot", {"how": how})

    async def comes_to(self, **wanted: object) -> Json:
        """Wait until the bot is told to be so."""
        async with asyncio.timeout(WITHIN):
            while not (self.states and wanted.items() <= self.states[-1].items()):
                self._heard.clear()
                await self._heard.wait()
        return self.states[-1]

    def path(self) -> list[str]:
        """Return the states that the bot went through."""
        states = [state["state"] for state in self.states]
        return [state for number, state in enumerate(states) if number == 0 or states[number - 1] != state]


@asynccontextmanager
async def board(folder: Path, **settings: str) -> AsyncGenerator[Board]:
    with (folder / "bot.log").open("ab") as log:
        options = ScenarioOptions(
            comet=COMET, folder=folder, settings={**SETTINGS, "LOG_LEVEL": "INFO", **settings}, log=log
        )
        async with Scenario(options) as scenario:
            yield Board(scenario)


async def test_the_bot_is_started_and_stopped_and_what_it_writes_is_told(tmp_path: Path) -> None:
    async with board(tmp_path) as it:
        await it.bot("start")
        assert it.panel.bot_state() | {"pid": 0} == {
            "online": True,
            "state": "running",
            "pid": 0,
            "exit_code": None,
            "starts": 1,
            "trouble": None,
        }
        await it.bot("start")  # it runs already
        await it.bot("stop")
        state = it.panel.bot_state()
        assert (state["state"], state["exit_code"], state["pid"], state["starts"]) == ("stopped", 0, None, 1)
        assert it.path() == ["starting", "running", "stopped"]
        assert it.lines == it.panel.log()
        assert "Stopped" in it.lines[-1]
    assert (tmp_path / "bot.log").read_text(encoding="utf-8").splitlines() == it.lines


async def test_two_who_restart_it_at_once_restart_it_once(tmp_path: Path) -> None:
    async with board(tmp_path) as it:
        await it.bot("start")
        first = it.scenario.bot.pid
        await asyncio.gather(it.bot("restart"), it.bot("restart"), it.bot("start"))
        assert it.scenario.bot.starts == 2
        assert it.scenario.bot.pid != first
        assert it.panel.bot_state()["state"] == "running"
        assert it.scenario.discord.is_bot_online
        assert it.path() == ["starting", "running", "killed", "starting", "running"]
        assert not psutil.pid_exists(first)


async def test_a_bot_that_somebody_else_kills_is_noticed(tmp_path: Path) -> None:
    async with board(tmp_path) as it:
        await it.bot("start")
        os.kill(it.scenario.bot.pid, signal.SIGKILL)
        state = await it.comes_to(state="killed", online=False)
        assert (state["exit_code"], state["pid"]) == (-9, None)
        await it.bot("start")
        assert it.panel.bot_state()["state"] == "running"


async def test_a_bot_that_ends_instead_of_coming_up_says_why_and_can_be_started_again(tmp_path: Path) -> None:
    async with board(tmp_path) as it:
        it.scenario.discord.faults.set(DiscordFault.UNAUTHORIZED, "GET /users/@me", times=None)
        with pytest.raises(ValueError, match=r"The bot ended with exit code \d+ instead of coming up") as refused:
            await it.bot("start")
        assert str(refused.value).endswith(it.lines[-1])
        assert "DISCORD_TOKEN was refused" in it.lines[-1]
        state = await it.comes_to(state="stopped", trouble=str(refused.value))
        assert state["exit_code"]
        await it.panel.do("discord_calm", {})
        await it.bot("start")
        state = await it.comes_to(state="running", online=True)
        assert (state["trouble"], state["starts"]) == (None, 2)


async def test_a_bot_that_is_too_slow_is_told_and_is_up_all_the_same_when_it_comes(tmp_path: Path) -> None:
    async with board(tmp_path) as it:
        it.scenario.discord.faults.set(DiscordFault.SLOW, "GET /users/@me", seconds=5)
        with pytest.raises(BotNotUp, match=r"The bot is not up after 3 seconds"):
            await it.scenario.control.start(within=3)
        assert it.panel.bot_state()["state"] == "starting"
        state = await it.comes_to(state="running", online=True)
        assert (state["trouble"], state["starts"]) == (None, 1)


@pytest.mark.parametrize("how", ["kill", "stop"])
async def test_whoever_ends_it_while_it_starts_has_the_last_word(tmp_path: Path, how: str) -> None:
    async with board(tmp_path) as it:
        starting = asyncio.create_task(it.bot("start"))
        await it.comes_to(state="starting")
        await it.bot(how)
        with pytest.raises(ValueError, match="stopped before it was up"):
            await starting
        assert not it.scenario.bot.is_alive
        assert not it.scenario.discord.is_bot_online
        await it.bot("start")
        assert it.panel.bot_state()["state"] == "running"


async def test_the_line_to_discord_is_cut_and_mended(tmp_path: Path) -> None:
    async with board(tmp_path) as it:
        await it.bot("start")
        await it.panel.do("disconnect", {})
        await it.comes_to(online=False, state="running")
        state = await it.comes_to(online=True, state="running")
        assert state["starts"] == 1
