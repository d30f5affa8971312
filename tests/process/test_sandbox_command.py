"""`python -m sandbox` as somebody starts it: one address, an end without traces, and a sentence for what goes wrong."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, final

import aiohttp
import psutil
import pytest

from sandbox.discord import DiscordOptions, DiscordSandbox
from sandbox.process.bot import ROOT
from tests.crash.conftest import WITHIN
from tests.crash.surroundings import TRUSTS_NOBODY
from tests.process.strangers import are_gone

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

pytestmark = pytest.mark.timeout(60)

#: Folders that nothing can be kept in; the last one leads in a circle.
KEEPS = [("--keep", name) for name in ("", "~nobody-of-this-name/studio", "what?", "no#1", "circle")]

#: The shell's way to start a program without any standard input.
CLOSED = ("/bin/sh", "-c", 'exec "$@" <&-', "sh")


@final
class Started:
    """A sandbox that somebody started."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.itself = psutil.Process(process.pid)

    async def line(self) -> str:
        """Return the next line it prints."""
        assert self.process.stdout is not None
        async with asyncio.timeout(WITHIN):
            return (await self.process.stdout.readline()).decode().rstrip("\n")

    async def url(self) -> str:
        """Wait until it is ready and return its address."""
        found = re.fullmatch(r"Easel is ready: (http://127\.0\.0\.1:\d+)", await self.line())
        assert found
        return found[1]

    async def takes_signals(self) -> None:
        """Wait until it, and no more only Python, decides what a signal does."""
        status = Path(f"/proc/{self.process.pid}/status")
        bit = 1 << (signal.SIGTERM - 1)
        async with asyncio.timeout(WITHIN):
            while not int(re.findall(r"SigCgt:\s*(\w+)", status.read_text())[0], 16) & bit:  # noqa: ASYNC110, ASYNC240 - nothing announces it, and this is no disk
                await asyncio.sleep(0.01)

    async def complains(self, text: str) -> None:
        """Wait until it has written a line with this text to standard error."""
        assert self.process.stderr is not None
        async with asyncio.timeout(WITHIN):
            while text not in (line := (await self.process.stderr.readline()).decode()):
                assert line, "it has ended"

    async def bot(self) -> psutil.Process:
        """Return the bot's process, once there is one."""
        async with asyncio.timeout(WITHIN):
            while True:
                for child in self.itself.children():
                    if child.cmdline()[1:] == ["-m", "bot"]:
                        return child
                await asyncio.sleep(0.02)

    async def ended(self) -> tuple[int, str, str]:
        """Wait until it has ended; return its exit code, the rest that it printed, and what went to standard error."""
        async with asyncio.timeout(WITHIN):
            said, complained = await self.process.communicate()
        assert self.process.returncode is not None
        assert "Traceback" not in complained.decode()
        return self.process.returncode, (said or b"").decode(), complained.decode()


@asynccontextmanager
async def started(
    folder: Path, *arguments: str, before: tuple[str, ...] = (), stdout: int = asyncio.subprocess.PIPE
) -> AsyncGenerator[Started]:
    process = await asyncio.create_subprocess_exec(
        *before,
        sys.executable,
        "-m",
        "sandbox",
        *arguments,
        cwd=folder,
        env={
            "PYTHONPATH": str(ROOT),
            "TMPDIR": str(folder),
            "HOME": str(folder),
            "PATH": "/usr/bin:/bin",
            **TRUSTS_NOBODY,
        },
        stdin=asyncio.subprocess.DEVNULL,
        stdout=stdout,
        stderr=asyncio.subprocess.PIPE,
    )
    children: list[psutil.Process] = []
    try:
        it = Started(process)
        yield it
    finally:
        if process.returncode is None:
            with suppress(psutil.NoSuchProcess):  # it may end by itself in this very moment
                children = psutil.Process(process.pid).children(recursive=True)
                process.kill()
            await process.wait()
        psutil.wait_procs(children, timeout=10)


def left_behind(folder: Path) -> list[Path]:
    """Return the bot's folders that are still there, although nobody asked to keep them."""
    return list(folder.glob("easel-*"))


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_without_standard_input_it_prints_one_address_and_serves_the_page_there(tmp_path: Path) -> None:
    async with started(tmp_path, "--port", "0", before=CLOSED) as it:
        url = await it.url()
        assert "Ctrl-C" in await it.line()
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            assert answer.status == 200
            assert "text/html" in answer.headers["Content-Type"]
        bot = await it.bot()
        it.process.send_signal(signal.SIGINT)
        assert await it.ended() == (0, "", "")
        assert not psutil.pid_exists(bot.pid)
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("seconds", [0.0, 0.3, 0.8, 1.5])
async def test_it_ends_cleanly_also_while_it_starts(tmp_path: Path, seconds: float) -> None:
    async with started(tmp_path, "--port", "0") as it:
        await it.takes_signals()
        await asyncio.sleep(seconds)
        family = it.itself.children(recursive=True)
        it.process.send_signal(signal.SIGTERM if seconds else signal.SIGINT)
        code, _, complained = await it.ended()
        assert (code, complained) == (0, "")
        assert [child for child in family if child.is_running()] == []
    assert left_behind(tmp_path) == []


async def test_a_terminal_that_is_closed_ends_it_in_order(tmp_path: Path) -> None:
    async with started(tmp_path, "--port", "0") as it:
        await it.url()
        bot = await it.bot()
        it.process.send_signal(signal.SIGHUP)
        assert (await it.ended())[0] == 0
        assert not psutil.pid_exists(bot.pid)
    assert left_behind(tmp_path) == []


async def test_nohup_keeps_it_from_ending_with_the_terminal(tmp_path: Path) -> None:
    async with started(tmp_path, "--port", "0", before=("/usr/bin/nohup",)) as it:
        await it.url()
        it.process.send_signal(signal.SIGHUP)
        it.process.send_signal(signal.SIGTERM)
        assert (await it.ended())[0] == 0


async def test_more_than_one_ctrl_c_is_as_good_as_one(tmp_path: Path) -> None:
    async with started(tmp_path, "--port", "0") as it:
        await it.url()
        bot = await it.bot()
        while it.process.returncode is None:
            with suppress(ProcessLookupError):  # not by `send_signal`, which buries it before asyncio looks
                os.kill(it.process.pid, signal.SIGINT)
            await asyncio.sleep(0.001)
        code, _, complained = await it.ended()
        assert (code, complained) == (0, "")
        assert not psutil.pid_exists(bot.pid)
    assert left_behind(tmp_path) == []


async def test_killed_it_leaves_no_bot_behind(tmp_path: Path) -> None:
    async with started(tmp_path, "--port", "0") as it:
        await it.url()
        bot, family = await it.bot(), it.itself.children(recursive=True)
        it.process.kill()
        await it.process.wait()
        await are_gone(bot, *family)


async def test_a_port_that_is_taken_is_named_with_the_fix(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with started(tmp_path, "--port", str(port)) as it:
            code, said, complained = await it.ended()
        assert (code, said) == (1, "")
        found = re.fullmatch(
            rf"Port {port} is taken\. Free it, or choose another: make sandbox PORT=(\d+)\n", complained
        )
        assert found
        assert int(found[1]) != port
        for flag in ("--discord-port", "--comet-port"):
            async with started(tmp_path, "--port", "0", flag, str(port)) as it:
                code, _, complained = await it.ended()
            assert code == 1
            assert re.fullmatch(rf"Port {port} is taken\. Free it, or choose another with {flag} \d+\n", complained)


async def test_a_folder_that_cannot_be_used_is_named_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    async with started(tmp_path, "--port", "0", "--keep", str(tmp_path / "file" / "inside")) as it:
        code, said, complained = await it.ended()
    assert (code, said) == (1, "")
    assert len(complained.splitlines()) == 1
    assert str(tmp_path / "file") in complained


@pytest.mark.parametrize(
    "words", [("--port", "many"), ("--port", "70000"), ("--log-level", "loud"), ("dance",), *KEEPS]
)
async def test_flags_that_make_no_sense_show_how_to_use_them(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "circle").symlink_to("circle")
    async with started(tmp_path, *words) as it:
        code, said, complained = await it.ended()
    assert (code, said) == (2, "")
    assert names_in(tmp_path) == ["circle"]
    assert complained.startswith("usage: python -m sandbox")


async def test_without_a_page_it_prints_what_points_a_bot_at_the_servers(tmp_path: Path) -> None:
    async with started(tmp_path, "--no-page") as it:
        lines = [await it.line() for _ in range(6)]
        settings = dict(line.split("=", 1) for line in lines)
        assert set(settings) == {
            "DISCORD_TOKEN",
            "DISCORD_API_URL",
            "COMETAPI_KEY",
            "COMETAPI_BASE_URL",
            "DATABASE_URL",
            "HTTP_LISTEN",
        }
        headers = {"Authorization": f"Bot {settings['DISCORD_TOKEN']}"}
        url = f"{settings['DISCORD_API_URL']}/users/@me"
        async with aiohttp.ClientSession(headers=headers) as session, session.get(url) as answer:
            assert (await answer.json())["username"] == "Easel"
        assert it.itself.children() == []
        it.process.send_signal(signal.SIGTERM)
        assert await it.ended() == (0, "", "")


async def test_what_is_kept_and_where_is_said(tmp_path: Path) -> None:
    async with started(tmp_path, "--port", "0", "--keep", "studio") as it:
        await it.url()
        assert await it.line() == f"Ctrl-C ends it. Everything is kept in {tmp_path}/studio."
        it.process.send_signal(signal.SIGINT)
        assert (await it.ended())[0] == 0
    assert any((tmp_path / "studio").rglob("easel.db"))


async def test_the_bots_log_is_shown_in_the_terminal_only_if_asked_for(tmp_path: Path) -> None:
    async with started(tmp_path, "--port", "0", "--log-level", "info", "--open") as it:
        await it.url()
        it.process.send_signal(signal.SIGTERM)
        code, _, complained = await it.ended()
    assert code == 0
    assert "bot.command_sync registered" in complained
    assert "Stopped" in complained.splitlines()[-1]


async def test_a_port_is_free_again_at_once(tmp_path: Path) -> None:
    async with DiscordSandbox(DiscordOptions()) as discord:
        port = discord.url.rpartition(":")[2]
    for _ in range(2):
        async with started(tmp_path, "--port", port) as it:
            assert (await it.url()).endswith(port)
            it.process.send_signal(signal.SIGTERM)
            assert (await it.ended())[0] == 0


async def test_it_goes_on_when_nobody_reads_what_it_prints(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with closing(os.fdopen(writer, "wb")) as unread:
        async with started(tmp_path, "--port", "0", "--log-level", "info", stdout=unread.fileno()) as it:
            await it.complains("ready as Easel")  # after that moment in which it prints its address
            it.process.send_signal(signal.SIGTERM)
            code, _, complained = await it.ended()
    assert code == 0
    assert "BrokenPipe" not in complained


@pytest.mark.parametrize("closed", ["2>&-", ">&- 2>&-", ">/dev/full", "2>/dev/full"])
async def test_it_goes_on_when_nothing_can_be_printed(tmp_path: Path, closed: str) -> None:
    async with DiscordSandbox(DiscordOptions()) as discord:
        port = discord.url.rpartition(":")[2]
    shell = ("/bin/sh", "-c", f'exec "$@" {closed}', "sh")
    async with started(tmp_path, "--port", port, "--log-level", "debug", before=shell) as it:
        bot = await it.bot()
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}") as answer:
            assert answer.status == 200
        it.process.send_signal(signal.SIGTERM)
        assert (await it.ended())[0] == 0
        assert not psutil.pid_exists(bot.pid)
    assert left_behind(tmp_path) == []
