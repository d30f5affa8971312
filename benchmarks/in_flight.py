"""How much one bot process carries: jobs in flight, requests to the API per job, memory, CPU, time to the first answer.

    .venv/bin/python benchmarks/in_flight.py --jobs 1000 --job-seconds 30

Starts the sandbox and the real bot on this machine and prints one table. The sandbox shares the machine, so times are
upper bounds.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sandbox.comet import CometOptions
from sandbox.discord import DiscordOptions, InteractionFailed
from sandbox.scenario import Scenario, ScenarioOptions

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sample:
    """What the bot's process used, measured over the whole run."""

    peak_bytes: int
    cpu_seconds: float


async def _ask(scenario: Scenario, number: int, places: asyncio.Semaphore) -> float | None:
    """Send one `/imagine`; return the seconds until its first answer, or None if that never came in time."""
    world = scenario.discord.world
    people = (world.owner, world.member, world.guest)
    async with places:
        person = scenario.discord.person(people[number % len(people)])
        call = await person.slash("imagine", {"prompt": f"benchmark fox {number}"}, channel=world.general)
        try:
            await call.answer()
        except InteractionFailed:
            return None
        return call.acknowledged_after


async def _watch(process: psutil.Process, done: asyncio.Event) -> Sample:
    peak, before = 0, process.cpu_times()
    while not done.is_set():
        peak = max(peak, process.memory_info().rss)
        try:
            await asyncio.wait_for(done.wait(), 0.5)
        except TimeoutError:
            continue
    after = process.cpu_times()
    return Sample(peak, after.user + after.system - before.user - before.system)


async def _run(arguments: argparse.Namespace, folder: Path) -> None:
    with (folder / "bot.log").open("ab") as log:
        options = ScenarioOptions(
            comet=CometOptions(job_seconds=arguments.job_seconds, sync_seconds=0.05, picture_size=256),
            discord=DiscordOptions(),
            folder=folder,
            log=log,
        )
        async with Scenario(options) as scenario:
            await scenario.start_bot()
            process = psutil.Process(scenario.bot.pid)
            idle = process.memory_info().rss
            done = asyncio.Event()
            watching = asyncio.create_task(_watch(process, done))
            started = time.monotonic()
            places = asyncio.Semaphore(arguments.at_once)
            waits = await asyncio.gather(*(_ask(scenario, n, places) for n in range(arguments.jobs)))
            asked = time.monotonic() - started

            def delivered() -> bool:
                messages = scenario.discord.messages(scenario.discord.world.general)
                return sum(bool(message.attachments) for message in messages) >= arguments.jobs

            await scenario.discord.wait_until(delivered, timeout=arguments.job_seconds + 600)
            took = time.monotonic() - started
            done.set()
            _print(arguments, scenario, [wait for wait in waits if wait is not None], await watching)
            print(f"idle memory                     {idle / _MIB:10.1f} MiB")
            print(f"all asked / all delivered after {asked:10.1f} s / {took:.1f} s")


def _print(arguments: argparse.Namespace, scenario: Scenario, waits: list[float], sample: Sample) -> None:
    requests = scenario.comet.requests
    looks = requests.fetches + requests.lists
    cuts = [1000 * cut for cut in statistics.quantiles(waits, n=100)]
    worst = 1000 * max(waits)
    print(f"jobs                            {arguments.jobs:10d}  of {arguments.job_seconds:g} s each")
    print(f"charges                         {len(scenario.comet.ledger):10d}")
    print(f"status requests per job         {looks / arguments.jobs:10.3f}")
    print(f"  lists / single fetches        {requests.lists:10d} / {requests.fetches}")
    print(f"first answer p50 / p99 / worst  {cuts[49]:10.0f} ms / {cuts[98]:.0f} ms / {worst:.0f} ms")
    print(f"answers missed                  {arguments.jobs - len(waits):10d}")
    print(f"peak memory                     {sample.peak_bytes / _MIB:10.1f} MiB")
    print(f"CPU                             {sample.cpu_seconds:10.1f} s")


def main() -> None:
    """Read the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--job-seconds", type=float, default=30.0)
    parser.add_argument("--at-once", type=int, default=20, help="interactions under way at once")
    with tempfile.TemporaryDirectory(prefix="easel-benchmark-") as folder:
        asyncio.run(_run(parser.parse_args(), Path(folder)))


if __name__ == "__main__":
    main()
