"""A Discord that cannot be reached is waited for, one that refuses the bot for good is not; both said to the owner."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from sandbox.ports import free_near
from sandbox.process.bot import ROOT
from tests.crash.conftest import WITHIN
from tests.crash.surroundings import TRUSTS_NOBODY
from tests.process.studio import open_studio

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.timeout(60)


async def test_a_bot_without_a_discord_waits_and_leaves_at_once_when_it_is_told_to(tmp_path: Path) -> None:
    nobody = free_near(47_000)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        cwd=tmp_path,
        env={
            "PYTHONPATH": str(ROOT),
            **TRUSTS_NOBODY,
            "DISCORD_TOKEN": "MTA5.not-a-token.just-a-test",
            "COMETAPI_KEY": "sk-not-a-key-just-a-test",
            "DISCORD_API_URL": f"http://127.0.0.1:{nobody}/api/v10",
            "DATABASE_URL": f"sqlite:///{tmp_path}/easel.db",
        },
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    said = process.stderr
    assert said is not None
    try:
        async with asyncio.timeout(WITHIN):
            tries = [line async for line in _matching(said, b"Discord cannot be reached (", 2)]
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(2):
            rest = await said.read()
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
    assert all(b"next try in" in line for line in tries)
    assert b"Stopped" in rest
    assert b"Traceback" not in rest


async def _matching(said: asyncio.StreamReader, words: bytes, count: int) -> AsyncIterator[bytes]:
    while count:
        line = await said.readline()
        assert line, "it ended"
        assert b"Traceback" not in line
        if words in line:
            count -= 1
            yield line


async def test_intents_that_discord_refuses_end_in_a_plain_sentence_and_not_in_a_restart(tmp_path: Path) -> None:
    async with open_studio(tmp_path) as studio:
        await studio.discord.disconnect(4014)
        async with asyncio.timeout(WITHIN):
            while "Discord refused the connection's intents" not in studio.log():  # noqa: ASYNC110 - a file, no event
                await asyncio.sleep(0.05)
            assert await studio.scenario.bot.wait() == 78
        assert "Traceback" not in studio.log()
