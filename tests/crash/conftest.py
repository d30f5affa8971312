"""The bot as a process of its own between both sandboxes, to be killed at will; and somebody who watches."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from sandbox.comet import CometOptions
from sandbox.discord import DiscordOptions
from sandbox.scenario import Scenario, ScenarioOptions
from tests.crash.surroundings import TRUSTS_NOBODY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from sandbox.discord import Message

#: Seconds that a process may take to do something; it has to start first, several times in one test.
WITHIN = 30.0


class Watcher:
    """Asks for pictures, presses buttons, and reads the channel and the log."""

    def __init__(self, scenario: Scenario) -> None:
        self._discord = scenario.discord
        self._channel = scenario.discord.world.general
        self._log = scenario.folder / "bot.log"

    def log(self) -> str:
        """Return all that the bot has logged so far."""
        return self._log.read_text(encoding="utf-8")

    async def logged(self, text: str) -> None:
        """Wait until the bot, another process, has logged this text; a file has no event to wait for."""
        async with asyncio.timeout(WITHIN):
            while text not in self.log():  # noqa: ASYNC110 - see above
                await asyncio.sleep(0.05)

    async def imagine(self, prompt: str) -> str:
        """Have the member ask for a picture and see the answer; return the interaction's token."""
        person = self._discord.person(self._discord.world.member)
        call = await person.slash("imagine", {"prompt": prompt}, channel=self._channel)
        answer = await call.answer()
        assert not answer.ephemeral, answer.message
        return call.token

    async def click(self, message: Message, label: str) -> None:
        """Have the owner press a button and see a public answer."""
        call = await self._discord.person(self._discord.world.owner).click(message, label=label)
        answer = await call.answer()
        assert not answer.ephemeral, answer.message

    async def history(self) -> Message:
        """Have the member look at their history."""
        person = self._discord.person(self._discord.world.member)
        answer = await (await person.slash("history", channel=self._channel)).answer()
        panel = answer.message
        assert panel is not None
        await self.until(lambda: bool(panel.text()))
        return panel

    def results(self, prompt: str) -> list[Message]:
        """Return the messages that show a picture for this prompt."""
        return [m for m in self._discord.messages(self._channel) if prompt in m.text() and m.attachments]

    async def result(self, prompt: str) -> Message:
        """Wait for a picture for this prompt."""
        return await self._discord.wait_message(lambda m: prompt in m.text() and bool(m.attachments), timeout=WITHIN)

    async def message(self, *texts: str) -> Message:
        """Wait for a message that has all these texts."""
        return await self._discord.wait_message(lambda m: all(text in m.text() for text in texts), timeout=WITHIN)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for a condition; it is looked at again whenever something happens at Discord."""
        await self._discord.wait_until(condition, timeout=WITHIN)


@pytest.fixture
async def scenario(tmp_path: Path) -> AsyncIterator[Scenario]:
    with (tmp_path / "bot.log").open("ab") as log:
        options = ScenarioOptions(
            comet=CometOptions(sync_seconds=0.05, pace=0.02, picture_size=256, default_version="7"),
            discord=DiscordOptions(),
            folder=tmp_path,
            settings={
                "POLL_INTERVAL_SECONDS": "1",
                "PROGRESS_EDIT_SECONDS": "1",
                "LOG_LEVEL": "DEBUG",
                **TRUSTS_NOBODY,
            },
            log=log,
        )
        async with Scenario(options) as scenario:
            yield scenario


@pytest.fixture
def watch(scenario: Scenario) -> Watcher:
    return Watcher(scenario)
