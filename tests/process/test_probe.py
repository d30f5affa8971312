"""`python -m bot probe` as a process of its own: somebody at its terminal, Ctrl-C, and a crash in the middle."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import signal
import sys
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from sandbox.comet import CometOptions, CometSandbox, Fault
from sandbox.discord import DiscordSandbox
from sandbox.process.bot import ROOT
from tests.crash.surroundings import TRUSTS_NOBODY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

#: A job of half a second, which the gateway's copy is never behind.
COMET = CometOptions(job_seconds=0.5, sync_seconds=0.05, picture_size=64, quota_key="sk-query-only-key")


class Terminal:
    """Somebody who starts the probe, against an API and a Discord of their own."""

    def __init__(self, folder: Path, comet: CometSandbox, discord: DiscordSandbox) -> None:
        self.folder = folder
        self.comet = comet
        self.discord = discord

    async def start(self, *arguments: str, stdin: int = asyncio.subprocess.PIPE) -> asyncio.subprocess.Process:
        environment = {
            "PYTHONPATH": str(ROOT),
            **TRUSTS_NOBODY,
            "DISCORD_TOKEN": self.discord.token,
            "COMETAPI_KEY": self.comet.key,
            "COMETAPI_BASE_URL": self.comet.url,
            "DISCORD_API_URL": self.discord.api_url,
            "DATABASE_URL": "sqlite:///data/easel.db",
        }
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "probe", *arguments),
            cwd=self.folder,
            env=environment,
            stdin=stdin,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )

    async def said(self, process: asyncio.subprocess.Process, typed: bytes = b"") -> str:
        """Type something, and return all that is said until the end."""
        said, _ = await process.communicate(typed or None)
        text = said.decode()
        assert "Traceback" not in text
        for secret in (self.discord.token, self.comet.key, self.comet.options.quota_key):
            assert secret not in text + (self.kept if self.file.exists() else "")
        return text

    async def run(self, *arguments: str, typed: bytes = b"") -> tuple[int | None, str]:
        process = await self.start(*arguments)
        text = await self.said(process, typed)
        return process.returncode, text

    @property
    def file(self) -> Path:
        return self.folder / "data" / "probe.json"

    @property
    def kept(self) -> str:
        return self.file.read_text(encoding="utf-8")


@pytest.fixture
async def terminal(tmp_path: Path) -> AsyncIterator[Terminal]:
    async with AsyncExitStack() as stack:
        comet = await stack.enter_async_context(CometSandbox(COMET))
        discord = await stack.enter_async_context(DiscordSandbox())
        yield Terminal(tmp_path, comet, discord)


async def test_each_paid_check_is_asked_for_after_the_total_was_shown(terminal: Terminal) -> None:
    keyboard, line = pty.openpty()
    os.write(keyboard, b"y\nno\n")
    try:
        said = await terminal.said(await terminal.start(stdin=line))
    finally:
        os.close(line)
        os.close(keyboard)
    total = said.index("All paid checks together cost at most $0.232")
    first = said.index("picture: one paid request, at most $0.056. Send it? [y/N]")
    second = said.index("relax-accepted: one paid request, a price that nobody lists. Send it? [y/N]")
    assert total < said.index("unknown-id: It says HTTP 400") < first < second
    assert said.count("Send it?") == 2  # the others need a balance
    assert "image-link: It lies at the API itself and opens without the key." in said
    assert "relax-accepted: skipped, not wanted" in said
    assert "session-limit: 1000 of 1000 starts are left" in said
    assert [charge.amount_usd for charge in terminal.comet.ledger] == [0.056]


async def test_the_key_of_the_query_service_is_taken_from_its_input(terminal: Terminal) -> None:
    arguments = ("--yes", "--budget", "0.06", "--quota-key", "--quota-url", terminal.comet.url)
    code, said = await terminal.run(*arguments, "--only", "refund", typed=b"sk-query-only-key\n")
    assert code == 0
    assert "refund: The task failed ([Invalid parameter]" in said
    assert len(terminal.comet.ledger) == 1


async def test_after_ctrl_c_what_was_found_is_kept(terminal: Terminal) -> None:
    terminal.comet.hold()
    process = await terminal.start("--yes", "--budget", "0.06", "--only", "state-kept")
    await terminal.comet.ledger.reaches(1, within=20)
    process.send_signal(signal.SIGINT)
    said = await terminal.said(process)
    assert process.returncode == 0
    assert "Stopped. What was found is kept" in said
    kept = json.loads(terminal.kept)
    assert [entry["name"] for entry in kept["found"]] == ["unknown-id"]
    assert [entry["name"] for entry in kept["sent"]] == ["picture"]


async def test_what_was_sent_when_it_was_killed_is_not_sent_again(terminal: Terminal) -> None:
    terminal.comet.faults.set(Fault.HANG)
    asked = ("--yes", "--budget", "1", "--only", "picture")
    process = await terminal.start(*asked)
    await terminal.comet.ledger.reaches(1, within=20)
    process.kill()
    await terminal.said(process)
    code, said = await terminal.run(*asked)
    assert code == 0
    assert "nobody knows what became of it; it may have been charged then" in said
    assert len(terminal.comet.ledger) == 1
