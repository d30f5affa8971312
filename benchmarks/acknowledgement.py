"""How soon a click is acknowledged when many come at once, and that none of them is missed or paid for twice.

    .venv/bin/python benchmarks/acknowledgement.py --gate

The whole product: the real bot in a process of its own, between both sandboxes in this one. People press U and V under
finished grids, first as many as the machine can send at once, then steadily. Three in ten of the clicks are second
ones: half of those are Discord's own repetition of an event, half a second press. The sandboxes share the machine, so
times are upper bounds: they run from the event's creation to the callback's arrival.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final, final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.table import Table, at_most, cuts, parser
from sandbox.comet import CometOptions
from sandbox.discord import DiscordOptions
from sandbox.scenario import Scenario, ScenarioOptions

if TYPE_CHECKING:
    import argparse

    from sandbox.discord import Call, Message

_LABELS: Final = ("U1", "U2", "U3", "U4", "V1", "V2", "V3", "V4")
_TWICE: Final = 3  # of ten clicks
_GRIDS_AT_ONCE: Final = 10
_WITHIN: Final = 120.0
_REST: Final = 10.0  # seconds in which the burst's jobs are sent and delivered
_COMET: Final = CometOptions(job_seconds=0.5, sync_seconds=0.05, picture_size=64)
_SETTINGS: Final = {"POLL_INTERVAL_SECONDS": "0.5", "LOG_LEVEL": "WARNING"}


@final
@dataclass(frozen=True, slots=True)
class Press:
    """What somebody presses, and whether the event comes once more or they press twice."""

    message: Message
    label: str
    person: int
    is_replayed: bool
    is_doubled: bool


@final
class Crowd:
    """People who press buttons."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._discord = scenario.discord
        world = scenario.discord.world
        self._people = (world.owner, world.member, world.guest)
        self._chance = Random(7)  # noqa: S311 - which clicks come twice
        self._left: list[tuple[Message, str]] = []

    async def make_grids(self, count: int) -> None:
        """Have so many pictures made, whose buttons are then there to press."""
        places = asyncio.Semaphore(_GRIDS_AT_ONCE)
        general = self._discord.world.general

        async def one(number: int) -> None:
            async with places:
                person = self._discord.person(self._people[number % len(self._people)])
                await (await person.slash("imagine", {"prompt": f"a fox {number}"}, channel=general)).answer()

        await asyncio.gather(*map(one, range(count)))
        await self._discord.wait_until(lambda: len(self._grids()) >= count, _WITHIN)
        self._left = [(grid, label) for label, grid in product(_LABELS, self._grids())]

    def _grids(self) -> list[Message]:
        messages = self._discord.messages(self._discord.world.general)
        return [message for message in messages if message.attachments and message.interaction is None]

    def presses(self, clicks: int) -> list[Press]:
        """Return what to press so that there are so many clicks, repeated ones among them."""
        found: list[Press] = []
        while clicks > 0:
            message, label = self._left.pop()
            again = clicks > 1 and self._chance.random() < _TWICE / (10 - _TWICE)
            is_replayed = again and self._chance.random() < 0.5  # noqa: PLR2004 - half of them
            found.append(Press(message, label, len(self._left), is_replayed, again and not is_replayed))
            clicks -= 1 + again
        return found

    async def press(self, press: Press) -> list[Call]:
        """Press, once or twice."""
        person = self._discord.person(self._people[press.person % len(self._people)])
        calls = [await person.click(press.message, label=press.label)]
        if press.is_replayed:
            self._discord.replay(calls[0])
        elif press.is_doubled:
            calls.append(await person.click(press.message, label=press.label))
        return calls

    async def until_over(self, calls: list[Call]) -> None:
        """Wait until the bot has answered each, or Discord has given up."""
        await self._discord.wait_until(lambda: all(call.first or call.failed for call in calls), _WITHIN)

    def paid_twice(self) -> int:
        """Return how many charges there were beyond one for each thing that was asked for."""
        ledger, tasks = self._scenario.comet.ledger, self._scenario.comet.tasks
        by_job = Counter(charge.echo for charge in ledger)
        by_button = Counter(tasks[charge.task_id].custom_id for charge in ledger if charge.task_id in tasks)
        by_button.pop("", None)
        return sum(times - 1 for counted in (by_job, by_button) for times in counted.values())


async def _use(crowd: Crowd, clicks: int, seconds: float) -> list[Call]:
    """Let people click so often within so many seconds; 0: as fast as the sandbox can."""
    calls: list[Call] = []
    loop = asyncio.get_running_loop()
    began, done = loop.time(), 0
    for press in crowd.presses(clicks):
        calls += await crowd.press(press)
        done += 1 + (press.is_doubled or press.is_replayed)
        # At least once round the loop: else all of them are made up before the first is on its way.
        await asyncio.sleep(max(0.0, began + seconds * done / clicks - loop.time()))
    await crowd.until_over(calls)
    return calls


def _add(table: Table, title: str, calls: list[Call]) -> None:
    times = [1000 * call.acknowledged_after for call in calls if call.acknowledged_after is not None]
    p50, p99 = cuts(times)
    table.head(title)
    table.add("acknowledged, p50", p50, " ms")
    table.add("acknowledged, p99", p99, " ms", gate=at_most(1000, " ms"))
    table.add("acknowledged, latest", max(times), " ms")
    table.add("missed", sum(call.failed for call in calls), gate=at_most(0))


async def _run(arguments: argparse.Namespace, folder: Path) -> None:
    table = Table("Acknowledgement: clicks, through the whole product")
    needed = arguments.clicks + round(arguments.rate * arguments.seconds)
    with (folder / "bot.log").open("ab") as log:
        options = ScenarioOptions(comet=_COMET, discord=DiscordOptions(), folder=folder, settings=_SETTINGS, log=log)
        async with Scenario(options) as scenario:
            await scenario.start_bot(within=_WITHIN)
            crowd = Crowd(scenario)
            await crowd.make_grids(needed // len(_LABELS) + 1)
            within = f"within {arguments.within:g} s" if arguments.within else "at once"
            burst = await _use(crowd, arguments.clicks, arguments.within)
            _add(table, f"{arguments.clicks:,} clicks {within}", burst)
            await asyncio.sleep(_REST)
            steady = await _use(crowd, round(arguments.rate * arguments.seconds), arguments.seconds)
            _add(table, f"{arguments.rate:g} clicks a second for {arguments.seconds:g} s", steady)
            table.head("money")
            table.add("charges", len(scenario.comet.ledger))
            table.add("paid for twice", crowd.paid_twice(), gate=at_most(0))
    table.close(gate=arguments.gate)


def main() -> None:
    """Read the command line, run, print."""
    reading = parser(__doc__)
    reading.add_argument("--clicks", type=int, default=1000, help="in a burst")
    reading.add_argument("--within", type=float, default=0.0, help="seconds that the burst lasts; 0: all at once")
    reading.add_argument("--rate", type=float, default=20.0, help="clicks a second")
    reading.add_argument("--seconds", type=float, default=20.0, help="how long they go on")
    with tempfile.TemporaryDirectory(prefix="easel-benchmark-") as folder:
        asyncio.run(_run(reading.parse_args(), Path(folder)))


if __name__ == "__main__":
    main()
