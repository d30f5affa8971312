"""Easel's engine with the real discord.py client and delivery, in a process of its own: a part of `deliveries.py`.

It says "ready" once it is connected, hears "go", delivers whatever is due, and says how late its event loop was. With
`--usual` it does what bots usually do instead: all pictures at once, each of them in memory as a whole.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from contextlib import AsyncExitStack
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import aiohttp
import discord

from benchmarks.children import heard, say
from benchmarks.pulse import Pulse
from bot.app import EXTENSIONS
from bot.client import ClientOptions, EaselClient, point_at
from bot.cometapi.client import CometClient
from bot.imaging.darkroom.process import DarkroomProcess
from bot.jobs.clock import SystemClock
from bot.jobs.engine import Engine
from bot.jobs.ground import Pacing
from bot.model import Speed
from cogs.messages.delivery import DiscordDelivery
from cogs.messages.replies import reply_error
from cogs.translating import CommandTranslator
from storage.database import Database
from storage.memory import SqliteMemory

if TYPE_CHECKING:
    from benchmarks.children import Said

_GLANCE: Final = 0.05
_CONNECTED_WITHIN: Final = 60.0
_PACING: Final = Pacing(
    poll_interval=timedelta(seconds=5), progress_edit_interval=timedelta(seconds=5), submit_concurrency=32
)
_WAITING: Final = "SELECT count(*) AS left FROM deliveries WHERE status NOT IN ('delivered', 'kept')"


async def _easel(folder: Path, given: Said) -> None:
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(await Database.open(folder / "easel.db"))
        comet = await stack.enter_async_context(CometClient(base_url=given["api"], key=given["key"]))
        options = ClientOptions(extensions=EXTENSIONS, data_folder=folder, default_speed=Speed.FAST)
        client = await stack.enter_async_context(EaselClient(options, reply_error, CommandTranslator()))
        engine = Engine(
            memory=SqliteMemory(database),
            midjourney=comet,
            delivery=DiscordDelivery(client),
            clock=SystemClock(),
            darkroom=await stack.enter_async_context(DarkroomProcess()),
            data_folder=folder,
            pacing=_PACING,
        )
        client.services = engine.services
        await client.login(given["token"])
        connection = asyncio.create_task(client.connect())
        await asyncio.wait_for(client.wait_until_ready(), _CONNECTED_WITHIN)
        say(ready=True)
        await heard()
        await engine.recover()
        async with Pulse() as pulse:
            working = asyncio.create_task(engine.run())
            while (await database.read(_WAITING))[0]["left"]:  # noqa: ASYNC110 - a database has no events
                await asyncio.sleep(_GLANCE)
        say(loop_lag=pulse.cuts()[1], worst=pulse.worst)
        await heard()
        await engine.stop()
        await client.close()
        await asyncio.gather(working, connection)


async def _usual(given: Said) -> None:
    client = discord.Client(intents=discord.Intents.none())
    async with client, aiohttp.ClientSession() as session:
        await client.login(given["token"])
        channel = client.get_partial_messageable(given["channel_id"])

        async def deliver(url: str) -> None:
            async with session.get(url) as answer:
                picture = await answer.read()
            await channel.send(file=discord.File(BytesIO(picture), "picture.png"))

        say(ready=True)
        await heard()
        async with Pulse() as pulse:
            await asyncio.gather(*map(deliver, given["pictures"]))
        say(loop_lag=pulse.cuts()[1], worst=pulse.worst)
        await heard()


def main() -> None:
    """Read the command line and work."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "folder", type=Path, help="where `given.json` is, and the database with what is to be delivered"
    )
    parser.add_argument("--usual", action="store_true")
    arguments = parser.parse_args()
    given = json.loads((arguments.folder / "given.json").read_text(encoding="utf-8"))
    point_at(given["discord"])
    asyncio.run(_usual(given) if arguments.usual else _easel(arguments.folder, given))


if __name__ == "__main__":
    main()
