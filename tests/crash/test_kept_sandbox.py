"""A kept sandbox that ends, or is killed, at any moment: its folder holds the old state or the new, and all goes on."""

from __future__ import annotations

import asyncio
import random
import sys
from typing import TYPE_CHECKING

from sandbox.discord import DiscordSandbox
from sandbox.scenario import Scenario
from tests.crash.conftest import WITHIN
from tests.crash.picture import options
from tests.meta.repository import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.discord import Message


async def saver(folder: Path, saves: int, moment: float) -> int:
    """Let another process save at least so often, kill it, and return the last number that it said it had saved."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.crash.saver", str(folder), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    for _ in range(saves - 1):
        assert await process.stdout.readline()
    await asyncio.sleep(moment)  # any moment will do, as long as they differ
    process.kill()
    lines = (await process.stdout.read()).split()
    await process.wait()
    return int(lines[-1])


async def test_killed_while_it_saves_the_folder_holds_the_old_state_or_the_new(tmp_path: Path) -> None:
    dice = random.Random(7)  # noqa: S311 - moments, not secrets
    for _ in range(4):
        said = await saver(tmp_path, 5, dice.uniform(0.05, 0.1))
        discord = DiscordSandbox()
        discord.keeper(tmp_path / "discord").load()
        there = discord.messages(discord.world.general)
        assert said <= len(there) <= said + 1
        assert [message.attachments[0].data for message in there] == [str(n).encode() for n in range(len(there))]


async def one_new_picture(scenario: Scenario, old: Message, label: str) -> Message:
    """Press a button of an old message and wait for the picture in a message of its own."""
    before = {message.id for message in scenario.discord.messages(old.channel, deleted=True)}
    await scenario.discord.person(scenario.discord.world.owner).click(old, label=label)
    return await scenario.discord.wait_message(
        lambda message: message.id not in before and bool(message.attachments), timeout=WITHIN
    )


async def test_after_a_restart_of_everything_an_old_button_makes_a_picture_for_one_more_charge(tmp_path: Path) -> None:
    async with Scenario(options(tmp_path)) as scenario:
        await scenario.start_bot()
        person = scenario.discord.person(scenario.discord.world.member)
        await person.slash("imagine", {"prompt": "a kept fox"}, channel=scenario.discord.world.general)
        grid = await scenario.discord.wait_message(lambda message: bool(message.attachments), timeout=WITHIN)
        assert len(scenario.comet.ledger) == 1
    async with Scenario(options(tmp_path)) as scenario:
        await scenario.start_bot()
        old = scenario.discord.message(grid.id)
        assert old is not None
        single = await one_new_picture(scenario, old, "U1")
        assert f"/{grid.id}>" in single.text()
        assert [charge.action for charge in scenario.comet.ledger] == ["IMAGINE", "UPSCALE"]


async def test_after_the_whole_sandbox_was_killed_an_old_button_still_works(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.crash.picture", str(tmp_path), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    message_id = int(await process.stdout.readline())
    file = tmp_path / "discord" / "discord.json"
    async with asyncio.timeout(WITHIN):
        while f'"id":{message_id},' not in file.read_text():  # noqa: ASYNC110 - a file has no event to wait for
            await asyncio.sleep(0.05)
    process.kill()
    await process.wait()
    async with Scenario(options(tmp_path)) as scenario:
        await scenario.start_bot()
        old = scenario.discord.message(message_id)
        assert old is not None
        await one_new_picture(scenario, old, "U1")
        assert [charge.action for charge in scenario.comet.ledger] == ["IMAGINE", "UPSCALE"]


async def test_a_job_under_way_when_everything_ended_is_posted_when_it_comes_again(tmp_path: Path) -> None:
    async with Scenario(options(tmp_path)) as scenario:
        await scenario.start_bot()
        scenario.comet.hold()
        person = scenario.discord.person(scenario.discord.world.member)
        await person.slash("imagine", {"prompt": "a slow fox"}, channel=scenario.discord.world.general)
        await scenario.comet.ledger.reaches(1, within=WITHIN)
        progress = await scenario.discord.wait_message(lambda message: "a slow fox" in message.text(), timeout=WITHIN)
    async with Scenario(options(tmp_path)) as scenario:
        await scenario.start_bot()
        await scenario.discord.wait_message(lambda message: bool(message.attachments), timeout=WITHIN)
        again = scenario.discord.message(progress.id)
        assert again is not None
        await scenario.discord.wait_until(lambda: again.deleted, timeout=WITHIN)
        assert len(scenario.comet.ledger) == 1
