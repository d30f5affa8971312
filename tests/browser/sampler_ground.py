"""The sampler in the place of Easel, behind the same page."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from sandbox.comet import CometOptions
from sandbox.process import BotControl
from sandbox.scenario import Scenario, ScenarioOptions
from tests.browser.ground import open_page
from tests.process.studio import Studio

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from tests.browser.ground import House

_PROGRAM: Final = "from tests.browser.sampler import main\n\nmain()\n"
"""A scenario starts `python -m bot` in its folder, and finds first what lies there."""


@asynccontextmanager
async def open_sampler(folder: Path) -> AsyncGenerator[House]:
    """Start the servers, the sampler and the page."""
    (folder / "bot.py").write_text(_PROGRAM, encoding="utf-8")
    with (folder / "bot.log").open("ab") as log:
        async with Scenario(ScenarioOptions(comet=CometOptions(), folder=folder, log=log)) as scenario:
            await scenario.control.close()
            scenario.control = BotControl(scenario.bot, scenario.discord, command="options")
            await scenario.start_bot(within=60)
            async with open_page(Studio(scenario)) as house:
                yield house


def clear(house: House) -> None:
    """Delete what earlier tests left in all channels, as a moderator would."""
    discord = house.studio.discord
    for channel in list(discord.world.channels.values()):
        for message in discord.messages(channel):
            discord.delete_message(message)
