"""How long a save of a kept sandbox holds up the event loop, and how long it takes in all.

    .venv/bin/python benchmarks/keeping.py --messages 5000 --tasks 2000

Fills both sandboxes, saves them, and prints one table: the first save encodes everything, the later ones what is new.
"Held up" is the longest time in which the loop did not come round, measured from outside of the save.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.machine import facts
from benchmarks.table import aligned
from sandbox.comet import CometOptions, CometSandbox
from sandbox.comet.script import ordinary
from sandbox.discord import DiscordOptions, DiscordSandbox, Upload
from sandbox.keeping import Keeping, KeptFolder

_TICK = 0.001


class _Pulse:
    """Tells how long the loop was away at most."""

    def __init__(self) -> None:
        self.worst = 0.0

    async def beat(self) -> None:
        """Look at the time again and again."""
        while True:
            before = time.perf_counter()
            await asyncio.sleep(_TICK)
            self.worst = max(self.worst, time.perf_counter() - before - _TICK)


async def _timed(keeping: Keeping) -> tuple[float, float]:
    """Save once; return how long the loop was held up, and how long it took."""
    pulse = _Pulse()
    beating = asyncio.create_task(pulse.beat())
    await asyncio.sleep(_TICK * 5)
    pulse.worst, before = 0.0, time.perf_counter()
    await keeping.save()
    took = time.perf_counter() - before
    await asyncio.sleep(_TICK * 5)
    beating.cancel()
    return pulse.worst, took


async def _fill(discord: DiscordSandbox, comet: CometSandbox, messages: int, tasks: int) -> None:
    world = discord.world
    person = discord.person(world.owner)
    for number in range(messages):
        files = [Upload(f"{number}.txt", str(number).encode() * 1000)] if number % 10 == 0 else []
        message = await person.say(world.general, f"message {number} with a few words to it", files=files)
        message.components = [{"type": 1, "id": 1, "components": [_button(n) for n in range(5)]}]
    template = comet.tasks[next(iter(comet.tasks))]
    for number in range(1, tasks):
        order = replace(template.order, prompt=f"a fox {number}")
        comet.tasks.add(order, ordinary(1.0), "benchmark")
    for charge in [replace(comet.ledger[0], task_id=task_id) for task_id in comet.tasks]:
        comet.ledger.add(charge)


def _button(number: int) -> dict[str, object]:
    return {"type": 2, "id": number + 2, "style": 2, "label": f"U{number}", "custom_id": f"mj1:{number:026}:u"}


async def _first_task(comet: CometSandbox) -> None:
    import aiohttp  # noqa: PLC0415 - one request

    headers = {"Authorization": f"Bearer {comet.key}"}
    async with (
        aiohttp.ClientSession(comet.url, headers=headers) as session,
        session.post("/mj/submit/imagine", json={"prompt": "a fox", "state": "benchmark"}) as answer,
    ):
        await answer.read()


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*.json")) / 1e6


async def _main(messages: int, tasks: int) -> None:
    comet, discord = CometSandbox(CometOptions()), DiscordSandbox(DiscordOptions())
    with tempfile.TemporaryDirectory(prefix="easel-") as folder, KeptFolder(Path(folder)) as kept:
        keeping = Keeping(kept, comet, discord)
        async with comet, discord:
            await _first_task(comet)
            await _fill(discord, comet, messages, tasks)
            rows = [("first save, all anew", *await _timed(keeping)), ("nothing is new", *await _timed(keeping))]
            for message in discord.messages(discord.world.general)[-20:]:
                discord.delete_message(message)
            comet.finish(next(reversed(list(comet.tasks))))
            rows.append(("20 messages, 1 task", *await _timed(keeping)))
        size = _megabytes(Path(folder))
        before = time.perf_counter()
        again = Keeping(kept, CometSandbox(CometOptions()), DiscordSandbox(DiscordOptions()))
        kept.is_new = False
        async with again:
            rows.append(("loading, once", 0.0, time.perf_counter() - before))
    print(f"{facts()}\n{messages} messages, {tasks} tasks, {size:.1f} MB of JSON\n")
    print(aligned(("", "held up", "in all"), [(name, _ms(held), _ms(took)) for name, held, took in rows]))


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def main() -> None:
    """Read the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--tasks", type=int, default=2000)
    arguments = parser.parse_args()
    asyncio.run(_main(arguments.messages, arguments.tasks))


if __name__ == "__main__":
    main()
