"""The sandbox in a terminal: starts everything, prints one address, and ends in order.

Every way in which it cannot start ends in one sentence that names the fix.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, TextIO

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
    from sandbox.flags import Wishes

_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, `kill`, and a terminal that is closed."""


def main(wishes: Wishes) -> int:
    """Run the sandbox until a signal ends it, and return the exit code."""
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
