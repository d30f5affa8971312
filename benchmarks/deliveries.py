"""What delivering large pictures costs when many wait at once; beside it the usual way.

    .venv/bin/python benchmarks/deliveries.py --gate

Easel's engine with the real discord.py client runs in a process of its own; so many finished jobs wait in its
database. Both sandboxes are in this process: one has the pictures, the other takes them. The usual way fetches all of
them at once into memory and hands each to discord.py as `discord.File(BytesIO(…))`. Memory is what comes on top of the
connected, idle process.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final, final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PIL import Image

from benchmarks.children import MIB, child, resident
from benchmarks.seeding import Place, Running, seed
from benchmarks.table import Table, at_most, parser
from benchmarks.upstream import order_from
from sandbox.comet import CometOptions, CometSandbox
from sandbox.comet.script import SUCCESS, standing
from sandbox.discord import DiscordOptions, DiscordSandbox
from storage.database import Database

if TYPE_CHECKING:
    from benchmarks.children import Use

_BYTES_PER_PIXEL: Final = 3


@final
@dataclass(frozen=True, slots=True)
class Figures:
    """What delivering took. `base` is the memory before, in MiB."""

    base: float
    use: Use
    loop_lag: float
    worst: float


def _picture(size: int) -> bytes:
    """Return a PNG of about so many bytes: noise, which does not compress."""
    side = round((size / _BYTES_PER_PIXEL) ** 0.5)
    drawn = BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(side * side * _BYTES_PER_PIXEL)).save(
        drawn, "PNG", compress_level=1
    )
    return drawn.getvalue()


async def _measure(count: int, size: int, *options: str) -> Figures:
    """Have so many pictures of so many bytes delivered."""
    async with CometSandbox(CometOptions()) as comet, DiscordSandbox(DiscordOptions()) as discord:
        order = replace(await order_from(comet), source=_picture(size))
        tasks = [comet.tasks.add(order, standing(SUCCESS, 100), "benchmark").id for _ in range(count)]
        urls = {task: f"{comet.url}/mj/image/{task}" for task in tasks}
        general = discord.world.general
        given = {
            "api": comet.url,
            "key": comet.key,
            "discord": discord.api_url,
            "token": discord.token,
            "channel_id": general.id,
            "pictures": list(urls.values()),
        }
        with tempfile.TemporaryDirectory(prefix="easel-benchmark-") as folder:
            await asyncio.to_thread(Path(folder, "given.json").write_text, json.dumps(given), encoding="utf-8")
            async with await Database.open(Path(folder) / "easel.db") as database:
                now, place = datetime.now(UTC), Place(discord.world.guild.id, general.id)
                await seed(database, [Running(task, now, urls[task]) for task in tasks], place)
            async with child("delivering.py", folder, *options) as bot:
                await bot.hear()
                base, meter = resident(bot.usage), bot.meter()
                said = await bot.ask("go")
                use = meter.stop()
        arrived = sum(bool(message.attachments) for message in discord.messages(general))
        if arrived != count:
            sys.exit(f"{arrived} pictures of {count} arrived")
    return Figures(base, use, said["loop_lag"], said["worst"])


async def _run(count: int, size: int, *, gate: bool) -> None:
    table = Table("Deliveries: large pictures, many at once")
    easel, usual = await _measure(count, size), await _measure(count, size, "--usual")
    table.head(f"{count} waiting, of {size / MIB:.1f} MiB each")
    grown, usually = easel.use.peak - easel.base, usual.use.peak - usual.base
    table.add("most memory above base", grown, " MiB", gate=at_most(120, " MiB"), usual=usually)
    table.add("event loop late, p99", easel.loop_lag, " ms", digits=1, gate=at_most(50, " ms"), usual=usual.loop_lag)
    table.add("event loop late, worst", easel.worst, " ms", digits=1, usual=usual.worst)
    table.add("pictures a second", count / easel.use.seconds, digits=1, usual=count / usual.use.seconds)
    table.add(
        "CPU per picture", 1000 * easel.use.cpu_seconds / count, " ms", usual=1000 * usual.use.cpu_seconds / count
    )
    table.close(gate=gate)


def main() -> None:
    """Read the command line, run, print."""
    reading = parser(__doc__)
    reading.add_argument("--count", type=int, default=100)
    reading.add_argument("--size", type=float, default=8.0, help="of each picture, in MB")
    arguments = reading.parse_args()
    asyncio.run(_run(arguments.count, round(arguments.size * 1_000_000), gate=arguments.gate))


if __name__ == "__main__":
    main()
