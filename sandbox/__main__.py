"""`python -m sandbox`: a local API, a local Discord and the real bot, used from this terminal, without any key."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from sandbox.comet import CometOptions
from sandbox.discord import DiscordOptions
from sandbox.scenario import Scenario, ScenarioOptions
from sandbox.terminal import Terminal


async def _run(arguments: argparse.Namespace) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    options = ScenarioOptions(
        comet=CometOptions(
            port=arguments.comet_port, sync_seconds=1.0, pace=0.6, picture_size=1024, default_version="7"
        ),
        discord=DiscordOptions(port=arguments.port, rate_limits=True),
        folder=arguments.keep,
        settings={"POLL_INTERVAL_SECONDS": "2", "PROGRESS_EDIT_SECONDS": "2", "LOG_LEVEL": arguments.log_level},
    )
    try:
        async with Scenario(options) as scenario:
            print(f"Discord: {scenario.discord.url}   API: {scenario.comet.url}   files: {scenario.folder}")
            await scenario.start_bot()
            terminal = asyncio.create_task(Terminal(scenario).run())
            stopped = asyncio.create_task(stop.wait())
            await asyncio.wait([terminal, stopped], return_when=asyncio.FIRST_COMPLETED)
            for task in (terminal, stopped):
                task.cancel()
            await asyncio.gather(terminal, stopped, return_exceptions=True)
            if not terminal.cancelled() and (fault := terminal.exception()) is not None:
                raise fault
    except TimeoutError as error:
        print(f"The bot did not come up ({error}); its log above tells why.", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The sandbox cannot start: {error}. Choose other ports with --port and --comet-port.", file=sys.stderr)
        return 1
    return 0


def main() -> int:
    """Read the command line and run the sandbox until Ctrl-C, `quit` or the end of the input."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port of the local Discord (default: a free one)")
    parser.add_argument("--comet-port", type=int, default=0, help="port of the local API (default: a free one)")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the bot's data in DIR (default: thrown away)")
    parser.add_argument("--log-level", default="WARNING", help="of the bot (default: WARNING)")
    arguments = parser.parse_args()
    if arguments.keep is not None:
        arguments.keep.mkdir(parents=True, exist_ok=True, mode=0o700)
        arguments.keep = arguments.keep.resolve()
    return asyncio.run(_run(arguments))


if __name__ == "__main__":
    sys.exit(main())
