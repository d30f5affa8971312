"""People in a server with the bot as a process of its own: what they ask for, what they get to see, what it costs.

Wraps a `Scenario`; every wait here ends when something happened at Discord, never after a fixed time.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, final

import pytest

from sandbox.comet import CometOptions
from sandbox.discord import DiscordOptions
from sandbox.scenario import Scenario, ScenarioOptions
from tests.crash.conftest import WITHIN
from tests.crash.surroundings import TRUSTS_NOBODY

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from pathlib import Path

    from sandbox.comet import Charge
    from sandbox.discord import Call, Channel, Message, User

#: Jobs of the API take 0.2 s instead of 20, and the bot looks accordingly.
COMET = CometOptions(sync_seconds=0.05, pace=0.01, picture_size=256, default_version="7", keep_log=True)
SETTINGS = {
    "POLL_INTERVAL_SECONDS": "0.05",
    "PROGRESS_EDIT_SECONDS": "0.3",
    "SUBMIT_TIMEOUT_SECONDS": "2",
    **TRUSTS_NOBODY,
}

Options = Mapping[str, str]

_JOB = re.compile(r"mj1:([0-9A-Z]{26}):")


@final
@dataclass(frozen=True)
class Asked:
    """What somebody asked for: the interaction, its public answer (alive: edits show in it), and the job's id."""

    call: Call
    answer: Message
    job_id: str


@final
class Studio:
    """The scenario through the eyes of its people."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.comet = scenario.comet
        self.discord = scenario.discord
        self.world = scenario.discord.world
        self._meant: list[Call] = []

    # What people do ------------------------------------------------------------------------------------------------

    async def slash(
        self, name: str, options: Options | None = None, *, by: User | None = None, channel: Channel | None = None
    ) -> Call:
        """Have somebody, the member if not said otherwise, run a command in #general or elsewhere."""
        person = self.discord.person(by or self.world.member)
        return await person.slash(name, options, channel=channel or self.world.general)

    async def ask(
        self, prompt: str, options: Options | None = None, *, by: User | None = None, channel: Channel | None = None
    ) -> Asked:
        """Have somebody ask for a picture, and see the public answer."""
        filled = {"prompt": prompt, **(options or {})}
        return await self.accepted(await self.slash("imagine", filled, by=by, channel=channel))

    async def click(self, message: Message, label: str = "", *, emoji: str = "", by: User | None = None) -> Call:
        """Have somebody, the owner if not said otherwise, press a button."""
        person = self.discord.person(by or self.world.owner)
        return await person.click(message, label=label or None, emoji=emoji or None)

    async def press(self, message: Message, label: str = "", *, emoji: str = "", by: User | None = None) -> Asked:
        """Have somebody press a button that starts a job, and see the public answer."""
        return await self.accepted(await self.click(message, label, emoji=emoji, by=by))

    # What they get -------------------------------------------------------------------------------------------------

    async def accepted(self, call: Call) -> Asked:
        """Return the job that this interaction started."""
        answer = await call.answer()
        assert answer.message is not None
        assert not answer.ephemeral, answer.message
        message = answer.message
        await self.until(lambda: bool(message.buttons()))  # not at once if the database was slow: "thinking …"
        job_id = job_of(message)
        assert job_id is not None
        return Asked(call, message, job_id)

    async def private(self, call: Call) -> Message:
        """Return the answer that only this person sees, once it says something."""
        answer = await call.answer()
        assert answer.message is not None
        assert answer.ephemeral, answer.message
        message = answer.message
        await self.until(lambda: bool(message.text()))
        return message

    async def refused(self, call: Call) -> str:
        """Return the sentence of a private answer."""
        return (await self.private(call)).text()

    def posts(self, job_id: str) -> list[Message]:
        """Return the messages of the bot's own, not answers to interactions, that are about this job."""
        channels = list(self.world.channels.values())
        everything = [message for channel in channels for message in self.discord.messages(channel)]
        return [message for message in everything if message.interaction is None and job_of(message) == job_id]

    async def post(self, asked: Asked) -> Message:
        """Wait for the job's own message."""
        await self.until(lambda: bool(self.posts(asked.job_id)))
        return self.posts(asked.job_id)[0]

    async def picture(self, asked: Asked) -> Message:
        """Wait for the picture, in a message of its own, and for the progress message to be gone."""
        await self.until(lambda: any(message.attachments for message in self.posts(asked.job_id)))
        await self.until(lambda: asked.answer.deleted)
        (post,) = self.posts(asked.job_id)
        return post

    async def made(self, prompt: str) -> Message:
        """Ask and wait for the picture."""
        return await self.picture(await self.ask(prompt))

    async def says(self, message: Message, *texts: str) -> str:
        """Wait until a message holds all these texts, and return all of it."""
        try:
            await self.until(lambda: all(text in message.text() for text in texts))
        except TimeoutError:
            pytest.fail(f"never said {texts}, but in the end: {message!r}")
        return message.text()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for a condition; it is looked at again whenever something happens at Discord."""
        await self.discord.wait_until(condition, timeout=WITHIN)

    # What it costs, and what went wrong ----------------------------------------------------------------------------

    def charges(self, asked: Asked) -> list[Charge]:
        """Return what the API charged for this job."""
        return self.comet.charges(asked.job_id)

    async def task_of(self, asked: Asked) -> str:
        """Return the id of the job's task, once it is submitted."""
        await self.says(asked.answer, "Midjourney has it")
        (charge,) = self.charges(asked)
        return charge.task_id

    def log(self) -> str:
        """Return all that the bot has logged so far."""
        return (self.scenario.folder / "bot.log").read_text(encoding="utf-8")

    def meant_to_fail(self, *calls: Call) -> None:
        """Take these for what a test wanted: nobody was to answer them."""
        assert all(call.failed for call in calls)
        self._meant += calls

    def check_promises(self) -> None:
        """Check what must hold whatever happened: no silence, nothing charged twice, no traceback."""
        assert [call for call in self.discord.calls if call.failed and call not in self._meant] == []
        self.check_money()
        assert "Traceback" not in self.log()

    def check_money(self) -> None:
        """Check that no job was charged twice."""
        assert [job for job, times in Counter(charge.echo for charge in self.comet.ledger).items() if times > 1] == []

    def anonymous_tracebacks(self) -> list[str]:
        """Return the first lines of the log's records that have a traceback and name no job."""
        lines = self.log().splitlines()
        heads = [head for head, line in pairwise(lines) if line.strip().startswith("Traceback")]
        return [head for head in heads if "job=" not in head]


def job_of(message: Message) -> str | None:
    """Return the id of the job that a message's buttons belong to."""
    found = (_JOB.match(button.custom_id or "") for button in message.buttons())
    return next((match[1] for match in found if match), None)


@asynccontextmanager
async def open_studio(
    folder: Path, *, comet: CometOptions = COMET, discord: DiscordOptions | None = None, **settings: str
) -> AsyncGenerator[Studio]:
    """Start everything, the bot included; its log is `bot.log` in the folder."""
    with (folder / "bot.log").open("ab") as log:
        options = ScenarioOptions(
            comet=replace(comet),
            discord=discord or DiscordOptions(),
            folder=folder,
            settings={**SETTINGS, **settings},
            log=log,
        )
        async with Scenario(options) as scenario:
            await scenario.start_bot(within=WITHIN)
            yield Studio(scenario)
