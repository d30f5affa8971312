"""What an owner does by hand, as processes of their own beside a bot that runs."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

import pytest

from bot.config import ExitCode
from sandbox.comet import CometOptions
from sandbox.scenario import Scenario, ScenarioOptions
from tests.crash.surroundings import TRUSTS_NOBODY
from tests.meta.repository import ROOT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
async def scenario(tmp_path: Path) -> AsyncIterator[Scenario]:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    with (tmp_path / "bot.log").open("ab") as log:
        options = ScenarioOptions(
            comet=CometOptions(sync_seconds=0.05, pace=0.02), folder=data, settings=TRUSTS_NOBODY, log=log
        )
        async with Scenario(options) as scenario:
            yield scenario


async def run(scenario: Scenario, *arguments: str, secrets: bool = False) -> tuple[int, str]:
    """Run a command with the bot's settings; return its exit code and all it said."""
    settings = scenario.settings()
    if not secrets:
        settings = {name: value for name, value in settings.items() if name == "DATABASE_URL"}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", *arguments),
        cwd=scenario.folder,
        env={"PYTHONPATH": str(ROOT), "PATH": os.defpath, **TRUSTS_NOBODY, **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def test_backup_fsck_and_doctor_work_beside_a_running_bot_and_restore_does_not(scenario: Scenario) -> None:
    await scenario.start_bot()
    person = scenario.discord.person(scenario.discord.world.member)
    await person.slash("imagine", {"prompt": "a fox"}, channel=scenario.discord.world.general)
    await scenario.discord.wait_message(lambda m: "a fox" in m.text() and bool(m.attachments), timeout=15)
    file = scenario.folder.parent / "a.db"

    code, said = await run(scenario, "backup", str(file))
    assert (code, "1 jobs" in said) == (ExitCode.OK, True), said
    (checked, found), (restored, why), (examined, told) = await asyncio.gather(
        run(scenario, "fsck", "--deep"), run(scenario, "restore", str(file)), run(scenario, "doctor", secrets=True)
    )
    assert (checked, restored, examined) == (ExitCode.OK, ExitCode.IN_USE, ExitCode.OK), (found, why, told)
    assert "it is running (pid" in told
    assert scenario.discord.token not in told
    assert scenario.comet.key not in told
