"""How soon after its start Easel has looked at everything that was open when it stopped.

    .venv/bin/python benchmarks/cold_start.py --gate

The whole product: the real bot in a process of its own, between both sandboxes in this one, with so many running jobs
in its database. Counted is from the start of the process, interpreter and imports included, until what the API says of
the last job is written down.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psutil

from benchmarks.children import Meter, resident
from benchmarks.seeding import Running, seed
from benchmarks.table import Table, at_most, parser
from benchmarks.upstream import order_from
from sandbox.comet import CometOptions
from sandbox.comet.script import IN_PROGRESS, standing
from sandbox.discord import DiscordOptions
from sandbox.scenario import Scenario, ScenarioOptions
from storage.database import Database

if TYPE_CHECKING:
    import argparse

_PERCENT: Final = 40
_WITHIN: Final = 120.0
_GLANCE: Final = 0.05


async def _seed(scenario: Scenario, jobs: int) -> None:
    """Have so many jobs run that the bot has not looked at yet."""
    order, script = await order_from(scenario.comet), standing(IN_PROGRESS, _PERCENT)
    now = datetime.now(UTC)
    tasks = [Running(scenario.comet.tasks.add(order, script, "benchmark").id, now) for _ in range(jobs)]
    async with await Database.open(scenario.folder / "easel.db") as database:
        await seed(database, tasks)
    scenario.comet.requests.reset()


async def _all_seen(path: Path, jobs: int) -> None:
    """Wait until what the API says of each job is written down."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        async with asyncio.timeout(_WITHIN):
            while True:
                (seen,) = connection.execute("SELECT count(*) FROM jobs WHERE progress = ?", (_PERCENT,)).fetchone()
                if seen == jobs:
                    return
                await asyncio.sleep(_GLANCE)


async def _measure(table: Table, scenario: Scenario, jobs: int) -> None:
    began = time.monotonic()
    starting = asyncio.create_task(scenario.start_bot(within=_WITHIN))
    while not scenario.bot.is_alive:  # noqa: ASYNC110 - it is a process, not an event
        await asyncio.sleep(_GLANCE)
    meter = Meter(psutil.Process(scenario.bot.pid))
    await _all_seen(scenario.folder / "easel.db", jobs)
    seen_after, requests = time.monotonic() - began, scenario.comet.requests
    use, looks = meter.stop(), requests.lists + requests.fetches
    await starting
    table.head(f"{jobs:,} jobs open")
    table.add("all looked at after", seen_after, " s", digits=1, gate=at_most(5, " s"))
    table.add("requests for that", looks)
    table.add("CPU for that", use.cpu_seconds, " s", digits=1)
    table.add("connected, commands there after", time.monotonic() - began, " s", digits=1)
    table.add("memory then", resident(psutil.Process(scenario.bot.pid)), " MiB")
    table.add("most memory", use.peak, " MiB", gate=at_most(300, " MiB"))


async def _run(arguments: argparse.Namespace, folder: Path) -> None:
    table = Table("Cold start, with open jobs")
    with (folder / "bot.log").open("ab") as log:
        options = ScenarioOptions(comet=CometOptions(sync_seconds=0), discord=DiscordOptions(), folder=folder, log=log)
        async with Scenario(options) as scenario:
            await _seed(scenario, arguments.jobs)
            await _measure(table, scenario, arguments.jobs)
    table.close(gate=arguments.gate)


def main() -> None:
    """Read the command line, run, print."""
    reading = parser(__doc__)
    reading.add_argument("--jobs", type=int, default=10_000)
    with tempfile.TemporaryDirectory(prefix="easel-benchmark-") as folder:
        asyncio.run(_run(reading.parse_args(), Path(folder)))


if __name__ == "__main__":
    main()
