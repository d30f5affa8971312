"""The command line of the sandbox: reads the flags, starts everything, prints one address, and ends in order.

Every way in which it cannot start ends in one sentence that names the fix.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import signal
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, TextIO, final

from sandbox.browser import open_browser
from sandbox.comet import CometOptions
from sandbox.discord import DiscordOptions
from sandbox.keptfile import KeepingFailed
from sandbox.page import PageOptions, PageServer
from sandbox.page.panel import Panel
from sandbox.ports import PortUnusable, usable_port
from sandbox.process import BotNotUp
from sandbox.scenario import Scenario, ScenarioOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE_PORT: Final = 8090
"""Fixed, so that a bookmark, and a page that is open, find the sandbox again."""

_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, `kill`, and a terminal that is closed."""

_UNNAMEABLE: Final = re.compile(r"[?#\x00-\x1f]")
"""What no address of the bot's database may contain."""

_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_MOST_PORT: Final = 65_535


@final
@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the flags say."""

    port: int
    discord_port: int
    comet_port: int
    keep: Path | None
    opens: bool
    has_page: bool
    log_level: str | None
    """From which level on the bot's log is shown in the terminal too; None shows it on the page alone."""


def read_flags(words: Sequence[str]) -> Wishes:
    """Read the command line; ends the process with how to use it if it cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="Try Easel in a browser, without any key: the real bot, a local Discord and a local API.",
    )
    parser.add_argument("--port", type=_port, default=PAGE_PORT, help=f"of the page (default: {PAGE_PORT})")
    parser.add_argument("--discord-port", type=_port, default=0, help="of the local Discord (default: a free one)")
    parser.add_argument("--comet-port", type=_port, default=0, help="of the local API (default: a free one)")
    parser.add_argument("--keep", type=_folder, metavar="DIR", help="keep everything in DIR (default: thrown away)")
    parser.add_argument("--open", action="store_true", help="open the page in your browser")
    parser.add_argument("--no-page", action="store_true", help="only the servers; print what points a bot at them")
    parser.add_argument(
        "--log-level", type=str.upper, choices=_LEVELS, help="show the bot's log here too (default: only on the page)"
    )
    flags = parser.parse_args(words)
    return Wishes(
        port=flags.port,
        discord_port=flags.discord_port,
        comet_port=flags.comet_port,
        keep=flags.keep,
        opens=flags.open,
        has_page=not flags.no_page,
        log_level=flags.log_level,
    )


def main(words: Sequence[str]) -> int:
    """Run the sandbox until a signal ends it, and return the exit code."""
    wishes = read_flags(words)
    try:
        with Path(os.devnull).open("wb") as nowhere:
            is_quiet = wishes.log_level is None or sys.stderr is None
            options = scenario_options(wishes, nowhere if is_quiet else None)
            asyncio.run(_until_stopped(wishes, options))
    except (PortUnusable, KeepingFailed) as error:
        _say(str(error), sys.stderr)
        return 1
    return 0


def scenario_options(wishes: Wishes, log: IO[bytes] | None) -> ScenarioOptions:
    """Return what the scenario is made of.

    Parameters
    ----------
    log
        Where else than on the page the bot's log goes; None for this terminal.
    """
    return ScenarioOptions(
        comet=CometOptions(
            port=wishes.comet_port,
            sync_seconds=1.0,
            pace=0.6,
            picture_size=1024,
            default_version="7",
            manual_video=True,
        ),
        discord=DiscordOptions(port=wishes.discord_port, rate_limits=True),
        keep=wishes.keep,
        settings={"POLL_INTERVAL_SECONDS": "2", "PROGRESS_EDIT_SECONDS": "2", "LOG_LEVEL": wishes.log_level or "INFO"},
        log=log,
        draw_near=wishes.port,
    )


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _MOST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: choose a number from 1024 to {_MOST_PORT}")
    return int(text)


def _folder(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("it needs the name of a folder")
    try:
        path = Path(text).expanduser().resolve()
    except (OSError, RuntimeError) as error:  # nobody has this home; links that lead in a circle
        raise argparse.ArgumentTypeError(f"{text!r} leads nowhere: {error}") from None
    if _UNNAMEABLE.search(str(path)):
        raise argparse.ArgumentTypeError(f"{str(path)!r} cannot be used: choose a path without ? and #")
    return path


async def _until_stopped(wishes: Wishes, options: ScenarioOptions) -> None:
    """Run everything; a signal ends it in order, whatever it is at."""
    stop = asyncio.Event()
    loop, heard = asyncio.get_running_loop(), [one for one in _ENDING if signal.getsignal(one) is not signal.SIG_IGN]
    for number in heard:  # all but one that `nohup` has switched off
        loop.add_signal_handler(number, stop.set)
    running = asyncio.create_task(_run(wishes, options), name="sandbox")
    stopping = asyncio.create_task(stop.wait(), name="stop")
    await asyncio.wait([running, stopping], return_when=asyncio.FIRST_COMPLETED)
    for number in heard:  # from here on it ends, and a second Ctrl-C must not make it end halfway
        loop.remove_signal_handler(number)
        signal.signal(number, signal.SIG_IGN)
    running.cancel()
    stopping.cancel()
    await asyncio.gather(stopping, return_exceptions=True)
    try:
        await running
    except asyncio.CancelledError:
        return


async def _run(wishes: Wishes, options: ScenarioOptions) -> None:
    """Start the servers, the page and the bot, tell the person, and go on until cancelled."""
    async with AsyncExitStack() as stack:
        scenario = await stack.enter_async_context(Scenario(options))
        if not wishes.has_page:
            _say("\n".join(f"{name}={value}" for name, value in scenario.settings().items()), sys.stdout)
            await asyncio.Event().wait()
        page = PageServer(scenario.discord, scenario.comet, Panel(scenario), PageOptions(port=wishes.port))
        with usable_port(wishes.port, "Free it, or choose another: make sandbox PORT={}"):
            await stack.enter_async_context(page)
        try:
            await scenario.start_bot()
        except BotNotUp as error:
            _say(f"{error}\nThe page can start it again: {page.url}", sys.stderr)
        else:
            _say(f"Easel is ready: {page.url}\nCtrl-C ends it. {_where(options.keep)}", sys.stdout)
        if wishes.opens:
            open_browser(page.url)
        await asyncio.Event().wait()


def _where(keep: Path | None) -> str:
    return "Nothing is kept; --keep DIR changes that." if keep is None else f"Everything is kept in {keep}."


def _say(text: str, to: TextIO | None) -> None:
    """Print at once; if that cannot be, since nobody reads it any more or the disk is full, go on without."""
    if to is None:  # it was closed before the start
        return
    try:
        print(text, file=to, flush=True)
    except UnicodeEncodeError:
        _say(text.encode("ascii", "backslashreplace").decode(), to)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), to.fileno())
