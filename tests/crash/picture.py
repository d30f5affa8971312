"""A process to be killed: a whole kept sandbox with the bot, in which somebody gets one picture.

    python -m tests.crash.picture DIR

Says the id of the picture's message on its output, and goes on until it is ended.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from sandbox.comet import CometOptions
from sandbox.scenario import Scenario, ScenarioOptions
from tests.crash.surroundings import TRUSTS_NOBODY

_COMET = CometOptions(sync_seconds=0.05, pace=0.02, picture_size=256, default_version="7")
_SETTINGS = {"POLL_INTERVAL_SECONDS": "0.2", "PROGRESS_EDIT_SECONDS": "0.3", **TRUSTS_NOBODY}


def options(folder: Path) -> ScenarioOptions:
    """Return a scenario that keeps everything in a folder, with quick jobs."""
    return ScenarioOptions(comet=_COMET, keep=folder, settings=_SETTINGS)


async def _show(folder: Path) -> None:
    async with Scenario(options(folder)) as scenario:
        await scenario.start_bot()
        discord = scenario.discord
        await discord.person(discord.world.member).slash("imagine", {"prompt": "a fox"}, channel=discord.world.general)
        message = await discord.wait_message(lambda message: bool(message.attachments), timeout=20)
        sys.stdout.write(f"{message.id}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_show(Path(sys.argv[1])))
