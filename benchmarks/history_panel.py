"""How long people wait for their history with a million jobs behind it: the real bot, over the wire, and its memory.

    .venv/bin/python benchmarks/history_panel.py build/easel-million.db

Makes the file with `million.py` if it is not there yet, and works on a copy, in which the heaviest of its people is the
sandbox's member and an ordinary one its guest. None of their pictures is there any more, on disk or in a message, so
each page looks for them in vain, as after years of retention. Starts the sandbox and the real bot on this machine and
prints one table: from the interaction to its first callback ("thinking …" is one), and to the whole panel. The sandbox
shares the machine, so times are upper bounds.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.machine import facts
from benchmarks.million import FIRST_SERVER, HEAVIEST, PEOPLE, build
from sandbox.comet import CometOptions
from sandbox.discord import DiscordOptions, InteractionFailed
from sandbox.discord.world import World
from sandbox.scenario import Scenario, ScenarioOptions

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from sandbox.discord import Call, Message, User

    Options = Mapping[str, str | bool]

_MIB: Final = 1024 * 1024
_SOME: Final = 100
_WITHIN: Final = 30.0
#: Somebody in the middle: half of the people have made as much, or less.
_ORDINARY: Final = HEAVIEST + PEOPLE // 2
_A_MESSAGE: Final = "GET /channels/{channel_id}/messages/{message_id}"

_NOTHING: Final[Options] = {}
_FOUND: Final = ("fox", "castle snow", "月光", "neon TEAPOT paper", "dragon")
_NOT_FOUND: Final = ("qqq", "fox qqq", "e zz", "teapott")
_TWO_CHARACTERS: Final = ("東京", "猫と", "月光", "沼沢", "ネコ")
_FILTERS: Final[Sequence[Options]] = (
    {"kind": "Upscale"},
    {"model": "Niji 6"},
    {"favorites": True, "kind": "Imagine"},
    {"here": True, "failures": False},
    {"kind": "Zoom out", "model": "Midjourney 7", "here": True},
    {"from": "2025-01-01", "until": "2025-03-31", "kind": "Video"},
    {"kind": "Blend", "model": "Niji 7"},
)
_LONG_AGO: Final[Options] = {"until": "2025-06-30"}


@dataclass(slots=True)
class Row:
    """What was measured of one thing, in milliseconds, and how often Discord was asked for a message meanwhile."""

    name: str
    acknowledged: list[float] = field(default_factory=list[float])
    whole: list[float] = field(default_factory=list[float])
    asked: int = 0

    def __str__(self) -> str:
        return (
            f"{self.name:38}{len(self.whole):6}{_cuts(self.acknowledged)}  {_cuts(self.whole)}"
            f"{self.asked / len(self.whole):8.1f}"
        )


def _cuts(values: list[float]) -> str:
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return f"{cuts[49]:7.0f}{cuts[98]:7.0f}{max(values):7.0f}"


class People:
    """Uses the bot, and looks at the clock."""

    def __init__(self, scenario: Scenario, times: int) -> None:
        self._discord = scenario.discord
        self._world = scenario.discord.world
        self._times = times

    async def commands(
        self,
        title: str,
        name: str,
        options: Sequence[Options] = (_NOTHING,),
        *,
        by: User | None = None,
        people: int = 1,
    ) -> Row:
        """Run a command again and again, each time with the next options, so many people at once."""
        places = asyncio.Semaphore(people)

        async def one(row: Row, chosen: Options) -> None:
            async with places:
                await self._command(row, name, chosen, by or self._world.member)

        with self._row(title) as row:
            await asyncio.gather(*(one(row, chosen) for chosen in islice(cycle(options), self._times)))
        return row

    async def older(self) -> Row:
        """Open the history in the middle of it and press *Older* again and again."""
        panel = await self._command(Row(""), "history", _LONG_AGO, self._world.member)
        with self._row("*Older*, deep down") as row:
            for _ in range(self._times):
                edits, began = panel.edited_count, time.perf_counter()
                call = await self._discord.person(self._world.member).click(panel, label="Older")
                await self._discord.wait_until(lambda e=edits: panel.edited_count > e, _WITHIN)
                _note(row, call, began)
        return row

    async def suggestions(self) -> Row:
        """Type into the option of `/show`."""
        person = self._discord.person(self._world.member)
        with self._row("suggestions of /show") as row:
            for typed in islice(cycle(("", "f", "fox", "東京", "qqq")), self._times):
                began = time.perf_counter()
                await person.autocomplete("show", "job", typed, channel=self._world.general)
                _note(row, self._discord.calls[-1], began)
        return row

    async def _command(self, row: Row, name: str, options: Options, by: User) -> Message:
        began = time.perf_counter()
        call = await self._discord.person(by).slash(name, options, channel=self._world.general)
        answer = await call.answer()
        if answer.message is None:
            raise InteractionFailed
        message = answer.message
        await self._discord.wait_until(lambda: bool(message.text()), _WITHIN)
        _note(row, call, began)
        return message

    @contextmanager
    def _row(self, title: str) -> Generator[Row]:
        row, before = Row(title), self._asked()
        yield row
        row.asked = self._asked() - before

    def _asked(self) -> int:
        return self._discord.counters.requests.get(_A_MESSAGE, 0)


def _note(row: Row, call: Call, began: float) -> None:
    row.whole.append((time.perf_counter() - began) * 1000)
    if call.acknowledged_after is None:
        raise InteractionFailed
    row.acknowledged.append(call.acknowledged_after * 1000)


def _searches(words: Sequence[str]) -> list[Options]:
    return [{"search": word} for word in words]


async def _measure(scenario: Scenario, times: int, people: int) -> None:
    user, process = People(scenario, times), psutil.Process(scenario.bot.pid)
    memory = [process.memory_info().rss]
    await People(scenario, _SOME).commands("", "history")
    memory.append(process.memory_info().rss)
    rows = [await user.commands("/history, heaviest", "history")]
    rows += [
        await user.commands("/history, ordinary", "history", by=scenario.discord.world.guest),
        await user.commands("/history search, found", "history", _searches(_FOUND)),
        await user.commands("/history search, no match", "history", _searches(_NOT_FOUND)),
        await user.commands("/history search, two characters", "history", _searches(_TWO_CHARACTERS)),
        await user.commands("/history, one to three filters", "history", _FILTERS),
        await user.older(),
        await user.commands("/favorites", "favorites"),
        await user.commands("/info", "info"),
        await user.suggestions(),
    ]
    mixed = [_NOTHING, *_searches(_FOUND), *_searches(_NOT_FOUND), *_FILTERS]
    rows.append(await user.commands(f"/history, all of these, {people} at once", "history", mixed, people=people))
    memory.append(process.memory_info().rss)
    heads = "".join(f"{head:>7}" for head in ("p50", "p99", "worst"))
    print(f"\n{'':38}{'times':>6}{heads}  {heads}{'asked':>8}")
    print("\n".join(map(str, rows)))
    print(f"\nMiB at first / after {_SOME} / after all  {' / '.join(f'{size / _MIB:.1f}' for size in memory)}")
    print(f"requests that count as invalid        {scenario.discord.counters.invalid_requests}")


def give(path: Path) -> None:
    """Give the heaviest's jobs to the sandbox's member, an ordinary person's to its guest, some in its server."""
    world = World(attachment_size_limit=0)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -1000000")
        for former, user in ((HEAVIEST, world.member), (_ORDINARY, world.guest)):
            for table in ("jobs", "searches", "favorites"):
                connection.execute(f"UPDATE {table} SET user_id = ? WHERE user_id = ?", (user.id, former))  # noqa: S608 - constants
            mine = "user_id = ? AND guild_id = ?"
            connection.execute(
                f"UPDATE deliveries SET channel_id = ? WHERE job_id IN (SELECT id FROM jobs WHERE {mine})",  # noqa: S608 - constants
                (world.general.id, user.id, FIRST_SERVER),
            )
            for table in ("jobs", "favorites"):
                values = (world.guild.id, user.id, FIRST_SERVER)  # where the heaviest has made the most
                connection.execute(f"UPDATE {table} SET guild_id = ? WHERE {mine}", values)  # noqa: S608 - constants
        connection.commit()


async def _run(arguments: argparse.Namespace, folder: Path) -> None:
    shutil.copyfile(arguments.path, folder / "easel.db")
    give(folder / "easel.db")
    with (folder / "bot.log").open("ab") as log:
        options = ScenarioOptions(comet=CometOptions(), discord=DiscordOptions(), folder=folder, log=log)
        async with Scenario(options) as scenario:
            began = time.monotonic()
            await scenario.start_bot(within=120)
            size = arguments.path.stat().st_size / 1e6
            print(f"{facts()}\n{size:,.0f} MB; the bot was ready after {time.monotonic() - began:.1f} s")
            await _measure(scenario, arguments.times, arguments.at_once)


def main() -> None:
    """Read the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=20, help="interactions under way, in the last row")
    arguments = parser.parse_args()
    if not arguments.path.exists():
        build(arguments.path)
    with tempfile.TemporaryDirectory(prefix="easel-benchmark-") as folder:
        asyncio.run(_run(arguments, Path(folder)))


if __name__ == "__main__":
    main()
