"""The command line of the sandbox: reads the flags, starts everything, prints one address, and ends in order.

Every way in which it cannot start ends in one sentence that names the fix.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, final

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
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep everything in DIR (default: thrown away)")
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
    """Run the sandbox until Ctrl-C or SIGTERM, and return the exit code."""
    wishes = read_flags(words)
    try:
        with Path(os.devnull).open("wb") as nowhere:
            options = scenario_options(wishes, nowhere if wishes.log_level is None else None)
            asyncio.run(_until_stopped(wishes, options))
    except (PortUnusable, KeepingFailed) as error:
        print(error, file=sys.stderr)
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
        comet=CometOptions(port=wishes.comet_port, sync_seconds=1.0, pace=0.6, picture_size=1024, default_version="7"),
        discord=DiscordOptions(port=wishes.discord_port, rate_limits=True),
        keep=None if wishes.keep is None else wishes.keep.expanduser().resolve(),
        settings={"POLL_INTERVAL_SECONDS": "2", "PROGRESS_EDIT_SECONDS": "2", "LOG_LEVEL": wishes.log_level or "INFO"},
        log=log,
    )


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _MOST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: choose a number from 1024 to {_MOST_PORT}")
    return int(text)


async def _until_stopped(wishes: Wishes, options: ScenarioOptions) -> None:
    """Run everything; a signal ends it in order, whatever it is at."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    running = asyncio.create_task(_run(wishes, options), name="sandbox")
    stopping = asyncio.create_task(stop.wait(), name="stop")
    await asyncio.wait([running, stopping], return_when=asyncio.FIRST_COMPLETED)
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
            _say("\n".join(f"{name}={value}" for name, value in scenario.settings().items()))
            await asyncio.Event().wait()
        page = PageServer(scenario.discord, scenario.comet, Panel(scenario), PageOptions(port=wishes.port))
        with usable_port(wishes.port, "Free it, or choose another: make sandbox PORT={}"):
            await stack.enter_async_context(page)
        try:
            await scenario.start_bot()
        except BotNotUp as error:
            print(f"{error}\nThe page can start it again: {page.url}", file=sys.stderr, flush=True)
        else:
            _say(f"Easel is ready: {page.url}\nCtrl-C ends it. {_where(options.keep)}")
        if wishes.opens:
            open_browser(page.url)
        await asyncio.Event().wait()


def _where(keep: Path | None) -> str:
    return "Nothing is kept; --keep DIR changes that." if keep is None else f"Everything is kept in {keep}."


def _say(text: str) -> None:
    """Print at once; if nobody reads what is printed any more, go on without."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
