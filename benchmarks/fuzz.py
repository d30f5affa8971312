"""What nobody should send, at length: API answers, gateway events, and whatever else may happen in any order.

    .venv/bin/python benchmarks/fuzz.py --bodies 200000 --answers 20000 --events 5000 --machine 2000 --seed 7

`--bodies` are read as the answer to every request. `--answers` are given to the whole engine, which has to end all its
jobs well. `--events` are poured on the real client. `--machine` is the number of stories in which people, the API,
Discord, the machine and its clock do anything in any order (reliability D5, D12). The same seed is the same run; what
fails is printed with it. Short forms of all four run in `make test`.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import random
import secrets
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.table import Table, at_most, parser
from bot.cometapi.rules import Asked
from sandbox.discord import DiscordSandbox
from tests.discord.conftest import Bot
from tests.discord.odd_events import OddEvents
from tests.discord.odd_ground import Surprises, paid_for, pour, real_events
from tests.jobs.any_sequence import AnySequence
from tests.jobs.babbling import Babel
from tests.odd_bodies import OddBodies
from tests.unit.any_body import read_answer

if TYPE_CHECKING:
    from argparse import Namespace

_LONGEST_MS = 50.0
_STEPS = 40
_ANSWERS_EACH = 1000
_SHOWN = 400  # characters of a body


def _bodies(count: int, start: int, table: Table) -> None:
    """Read so many bodies; what a reading costs is time of this thread, whatever else runs on the machine."""
    bodies, asked, failed, longest = OddBodies(start), list(Asked), 0, 0.0
    gc.freeze()  # what this script has imported is a hundred times what is read, and none of its garbage
    began = time.process_time()
    for number in range(count):
        answer = bodies.answer()
        before = time.thread_time()
        try:
            read_answer(answer, asked[number % len(asked)])
        except Exception as error:  # noqa: BLE001 - that there is none is what this shows
            failed += 1
            print(f"body {number} of seed {start}: {error!r}\n  {answer.status} {answer.body[:_SHOWN]!r}")
        longest = max(longest, time.thread_time() - before)
    table.head(f"{count:,} bodies, each as the answer to a submit, a fetch and a list")
    table.add("unhandled errors, or no class of the outcomes table", failed, gate=at_most(0))
    table.add("longest reading (CPU)", longest * 1000, " ms", digits=1, gate=at_most(_LONGEST_MS, " ms"))
    table.add("CPU for all, making them included", time.process_time() - began, " s", digits=1)


async def _answers(count: int, start: int, table: Table) -> None:
    """Let engine after engine listen to so many bodies together."""
    failed = heard = jobs = 0
    while heard < count:
        with tempfile.TemporaryDirectory(prefix="easel-fuzz-") as folder:
            random.seed(start + heard)  # the engine's jitter
            babel = Babel(Path(folder), OddBodies(start + heard))
            try:
                await babel.listen(min(_ANSWERS_EACH, count - heard))
            except AssertionError as error:
                failed += 1
                print(f"answers from seed {start + heard}: {error}")
        heard += babel.api.count
        jobs += len(babel.job_ids)
    table.head(f"{heard:,} answers to the whole engine, with {jobs:,} jobs")
    table.add("engines with a stuck, silent or twice paid job, or an error", failed, gate=at_most(0))


async def _events(count: int, start: int, table: Table) -> None:
    """Pour so many events on a bot that is connected."""
    surprises = Surprises()
    logging.getLogger().addHandler(surprises)
    async with DiscordSandbox() as world:
        with tempfile.TemporaryDirectory(prefix="easel-fuzz-") as folder:
            bot = Bot(world, Path(folder))
            await bot.start()
            templates, job_id = await real_events(bot)
            before = await paid_for(bot)
            await pour(bot, OddEvents(start, templates, job_id), count)
            charges, at_work = len(bot.api.charges), await paid_for(bot)
            await bot.imagine("a clear fox")
            await bot.submitted(charges + 1)
            await bot.stop()
    logging.getLogger().removeHandler(surprises)
    for seen in surprises.seen:
        print(f"events of seed {start}: {seen}")
    table.head(f"{count:,} events, {surprises.unreadable:,} of which could not be read")
    table.add("errors past our boundaries", len(surprises.seen), gate=at_most(0))
    table.add("charges", charges - 1, gate=at_most(0))
    table.add("jobs that were sent or wait for it", len(set(at_work) - set(before)), gate=at_most(0))
    table.add("connections", world.counters.identifies + world.counters.resumes)


def _machine(count: int, start: int, table: Table) -> None:
    """Tell so many stories; the first that ends badly is made as short as can be, and printed."""
    began = time.perf_counter()
    wanted = settings(
        max_examples=count,
        stateful_step_count=_STEPS,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
    failed = 0
    try:
        run_state_machine_as_test(seed(start)(AnySequence), settings=wanted)
    except Exception as error:  # noqa: BLE001 - whatever it is, the story that leads to it is what counts
        failed = 1
        print(f"stories of seed {start}: {error!r}", *getattr(error, "__notes__", []), sep="\n")
    table.head(f"{count:,} stories of up to {_STEPS} steps")
    table.add("that end badly", failed, gate=at_most(0))
    table.add("time", time.perf_counter() - began, " s")


def _arguments() -> Namespace:
    made = parser(__doc__)
    made.add_argument("--bodies", type=int, default=20_000)
    made.add_argument("--answers", type=int, default=2_000)
    made.add_argument("--events", type=int, default=1_000)
    made.add_argument("--machine", type=int, default=50)
    made.add_argument("--seed", type=int, default=secrets.randbelow(2**31))
    return made.parse_args()


def main() -> None:
    """Run what was asked for."""
    arguments = _arguments()
    logging.getLogger().addHandler(logging.NullHandler())  # what is logged on purpose is not for the terminal
    logging.lastResort = None
    table = Table(f"Fuzz, seed {arguments.seed}")
    if arguments.bodies:
        _bodies(arguments.bodies, arguments.seed, table)
    if arguments.answers:
        asyncio.run(_answers(arguments.answers, arguments.seed, table))
    if arguments.events:
        asyncio.run(_events(arguments.events, arguments.seed, table))
    if arguments.machine:
        _machine(arguments.machine, arguments.seed, table)
    table.close(gate=arguments.gate)


if __name__ == "__main__":
    main()
