"""A process to be killed: fills a kept Discord and saves it without pause, and says on its output what it has saved.

python -m tests.crash.saver DIR
"""

from __future__ import annotations

import asyncio
import sys
from itertools import count
from pathlib import Path

from sandbox.comet import CometSandbox
from sandbox.discord import DiscordSandbox, Upload
from sandbox.keeping import Keeping, KeptFolder


async def _fill(folder: Path) -> None:
    comet, discord = CometSandbox(), DiscordSandbox()
    with KeptFolder(folder) as kept:
        async with Keeping(kept, comet, discord) as keeping:
            kept.note_addresses(discord="http://127.0.0.1:1", api="http://127.0.0.1:2")
            person = discord.person(discord.world.owner)
            for number in count(len(discord.messages(discord.world.general))):
                await person.say(discord.world.general, "x" * 1500, files=[Upload("n.txt", str(number).encode())])
                await keeping.save()
                sys.stdout.write(f"{number + 1}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_fill(Path(sys.argv[1])))
