"""The kill loop: a bot at work is ended at random or at a named place, started again, and judged each time.

Used by a short test and by `benchmarks/kill_loop.py`. Imports the names of the fault points and nothing else of the
bot, which is a process of its own here.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections import Counter
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, final

from bot.fault_points import Deed, Point
from sandbox.comet import CometOptions
from sandbox.ports import free_near
from sandbox.process.bot import BotProcess
from sandbox.process.control import BotNotUp
from sandbox.scenario import Scenario, ScenarioOptions
from tests.crash.checker import Checker
from tests.crash.crowd import Crowd
from tests.crash.surroundings import TRUSTS_NOBODY

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from pathlib import Path
    from random import Random

    from tests.crash.checker import Broken

#: Reached only by a process that is asked to stop.
AT_THE_END: Final = frozenset({Point.STOPPING, Point.DRAINED})
#: Passed once in a process, or hardly ever again.
_ONCE: Final = AT_THE_END | {Point.RECOVERING, Point.ADOPTED}
#: How often a place may be passed before it strikes: these are passed all the time.
_OFTEN: Final = {Point.BEFORE_COMMIT: 40, Point.COMMITTED: 40, Point.LOOKED: 6}
_USUAL: Final = 3
#: Seconds that a named place gets to be reached.
_PATIENCE: Final = 8.0
#: Seconds of work before a kill that strikes at random, at most.
_LONGEST: Final = 2.0
#: Seconds in which a bot that nobody disturbs must come to an end with everything.
_QUIET_WITHIN: Final = 90.0
#: Seconds in which a bot must have stopped (reliability B.4, 17); it is killed somewhat later.
STOPPED_WITHIN: Final = 20.0
#: Seconds that Discord's time leaps at times: beyond those in which it drops a repeated nonce.
_LEAP: Final = 200.0
#: Seconds between two looks at what nobody tells.
_GLANCE: Final = 0.02

#: Where the receiver listens: the first free port after this one.
_NEAR: Final = 8720

#: Everything is quick, so that a cycle holds whole jobs; variations ask for a modal, as of an account in remix mode.
_COMET: Final = CometOptions(
    pace=0.04, latency_seconds=0.1, picture_size=128, sync_seconds=0.05, default_version="7", remix_account=True
)
_SETTINGS: Final = {
    "POLL_INTERVAL_SECONDS": "0.5",
    "PROGRESS_EDIT_SECONDS": "0.5",
    "SUBMIT_TIMEOUT_SECONDS": "10",
    **TRUSTS_NOBODY,
}


@final
@dataclass(frozen=True, slots=True)
class Fate:
    """How a process ends: at a place that it reaches, or at random; at once, or in order."""

    deed: Deed
    point: Point | None = None
    nth: int = 1

    @property
    def environment(self) -> dict[str, str]:
        """What arms it."""
        if self.point is None:
            return {}
        return {"EASEL_FAULT": f"{self.point}:{self.nth}:{self.deed}", "EASEL_FAULT_SWITCH": "this-is-a-test"}

    def __str__(self) -> str:
        return f"{self.deed} at {self.point} ({self.nth})" if self.point else f"{self.deed} at random"


@final
@dataclass(slots=True)
class Tally:
    """What the loop has seen.

    Attributes
    ----------
    ends
        How often a process ended how: by place, or `random`.
    missed
        Places that a process did not reach in time; it was killed then.
    ready_after, looked_after
        Seconds from the start of a process until people could use it, and until it had asked about each task of before.
    stopped_after
        Seconds from a request to stop until the process had ended.
    exits
        Exit codes of those that were asked to stop.
    """

    ends: Counter[str] = field(default_factory=Counter[str])
    missed: Counter[str] = field(default_factory=Counter[str])
    ready_after: list[float] = field(default_factory=list[float])
    looked_after: list[float] = field(default_factory=list[float])
    stopped_after: list[float] = field(default_factory=list[float])
    exits: Counter[int | None] = field(default_factory=Counter["int | None"])
    broken: list[Broken] = field(default_factory=list["Broken"])


def fates(count: int, dice: Random, deed: Deed = Deed.KILL, *, with_receiver: bool = False) -> list[Fate]:
    """Return so many ends: every named place in turn, and as many at random between them."""
    points = places(with_receiver=with_receiver)
    dice.shuffle(points)
    drawn: list[Fate] = []
    for number in range(count):
        if number % 2:
            drawn.append(Fate(deed))
        else:
            drawn.append(at(points[number // 2 % len(points)], dice, deed))
    return drawn


def places(*, with_receiver: bool) -> list[Point]:
    """Return the places that can be reached: without callbacks nothing is ever adopted."""
    return [point for point in Point if with_receiver or point is not Point.ADOPTED]


def at(point: Point, dice: Random, deed: Deed = Deed.KILL) -> Fate:
    """Return an end at that place, one of the first times that it is reached."""
    most = 1 if point in _ONCE else _OFTEN.get(point, _USUAL)
    return Fate(deed, point, dice.randint(1, most))


@asynccontextmanager
async def open_loop(folder: Path, dice: Random, *, with_receiver: bool = False) -> AsyncGenerator[KillLoop]:
    """Open both sandboxes with a bot at work between them, and a loop around it.

    Parameters
    ----------
    with_receiver
        A process of its own takes the API's callbacks, and is never ended.
    """
    with (folder / "bot.log").open("ab") as log:
        address = f"127.0.0.1:{free_near(_NEAR)}"
        hooks = {"WEBHOOK_URL": f"http://{address}", "WEBHOOK_LISTEN": address} if with_receiver else {}
        options = ScenarioOptions(
            comet=replace(_COMET, hooks=with_receiver), folder=folder, settings={**_SETTINGS, **hooks}, log=log
        )
        async with Scenario(options) as scenario:
            receiver = BotProcess({**scenario.settings(), **hooks}, folder, log, command="receive")
            if with_receiver:
                await receiver.start()
            try:
                loop = KillLoop(scenario, dice, has_receiver=with_receiver)
                await loop.begin()
                yield loop
            finally:
                await receiver.terminate()


@final
class KillLoop:
    """Ends the bot again and again.

    Parameters
    ----------
    scenario
        Running, its bot not started.
    dice
        Decides all that people do and when, but not the order in which processes and servers come to their turn.
    has_receiver
        As for the `Checker`.
    """

    def __init__(self, scenario: Scenario, dice: Random, *, has_receiver: bool = False) -> None:
        self._scenario = scenario
        self._dice = dice
        self._crowd = Crowd(scenario, dice)
        self._stop_asked = 0.0
        scenario.bot.log.subscribe(self._hear)
        self.checker = Checker(scenario, has_receiver=has_receiver)
        self.tally = Tally()

    async def begin(self) -> None:
        """Start the bot for the first time and have some pictures made, so that there is something to press."""
        await self._start({})
        await self._crowd.settle_in()
        discord = self._scenario.discord
        for number in range(3):
            person = discord.person(discord.world.member)
            await person.slash("imagine", {"prompt": f"first fox number {number}"}, channel=discord.world.general)
        await self._quiet()
        await self._scenario.bot.kill()

    async def cycle(self, fate: Fate) -> list[Broken]:
        """Start the bot, let people work with it until it meets its end, and return what is broken then."""
        measuring = asyncio.create_task(self._measure_looks())
        try:
            if await self._start(fate.environment):
                await self._work(fate)
        finally:
            measuring.cancel()
        await self._scenario.bot.wait()
        self._note_end(fate)
        if self._dice.random() < 0.2:
            self._scenario.discord.advance(_LEAP)
        return self._judge(self.checker.look())

    async def settle(self) -> list[Broken]:
        """Let the bot come to an end with everything, undisturbed, and return what is broken then; it is stopped."""
        await self._start({})
        await self._quiet()
        broken = self._judge(self.checker.conclude())
        await self._scenario.bot.terminate()
        return broken

    # One process -----------------------------------------------------------------------------------------------------

    async def _start(self, environment: dict[str, str]) -> bool:
        """Start the bot; tell whether it came up, which one that is to end earlier does not."""
        began, self._stop_asked = time.monotonic(), 0.0
        try:
            await self._scenario.start_bot(once=environment)
        except BotNotUp:
            if self._scenario.bot.is_alive or not environment:
                raise
            return False
        self.tally.ready_after.append(time.monotonic() - began)
        return True

    async def _measure_looks(self) -> None:
        """Note when each task that ran before the start has been asked about."""
        began, tasks = time.monotonic(), self._scenario.comet.tasks
        known = {job.task_id for job in self.checker.jobs.values() if job.status in {"running", "needs_input"}}
        looks = {task_id: tasks[task_id].looks for task_id in known & tasks.keys() if task_id}
        while any(tasks[task_id].looks == count for task_id, count in looks.items()):  # noqa: ASYNC110 - looks tell nobody
            await asyncio.sleep(_GLANCE)
        if looks:
            self.tally.looked_after.append(time.monotonic() - began)

    async def _work(self, fate: Fate) -> None:
        """Let people work with the bot until it has ended, and see to it that it does."""
        is_awaited = fate.point is not None and fate.point not in AT_THE_END
        seconds = _PATIENCE if is_awaited else self._dice.uniform(0, _LONGEST)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._crowd_until_dead(fate)
        if not self._scenario.bot.is_alive:
            return
        if is_awaited:
            self.tally.missed[str(fate.point)] += 1
            await self._scenario.bot.kill()
        elif fate.deed is Deed.TERM or fate.point is not None:
            self._stop_asked = time.monotonic()
            os.kill(self._scenario.bot.pid, signal.SIGTERM)
            await self._stopped()
        else:
            await self._scenario.bot.kill()

    async def _crowd_until_dead(self, fate: Fate) -> None:
        if fate.point is Point.MODAL:
            await self._crowd.vary()
        if fate.point is Point.ADOPTED:
            await self._crowd.ask_in_vain()
        while self._scenario.bot.is_alive:
            await self._crowd.act()
            await asyncio.sleep(self._dice.uniform(0.02, 0.2))
            if self._stop_asked:
                await self._stopped()

    async def _stopped(self) -> None:
        """Wait until a bot that was asked to stop has done so, or has had too long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(STOPPED_WITHIN + 5):
                await self._scenario.bot.wait()
        if self._scenario.bot.is_alive:
            await self._scenario.bot.kill()

    def _hear(self, lines: Sequence[str]) -> None:
        if any(line.endswith(" Stopping") for line in lines):
            self._stop_asked = self._stop_asked or time.monotonic()

    def _note_end(self, fate: Fate) -> None:
        self.tally.ends[str(fate.point or "random")] += 1
        if self._stop_asked:
            self.tally.stopped_after.append(time.monotonic() - self._stop_asked)
            self.tally.exits[self._scenario.bot.exit_code] += 1

    async def _quiet(self) -> None:
        """Wait until the bot has nothing to do; that it never comes to that is for the checker to tell."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_QUIET_WITHIN):
                while not self.checker.is_quiet():  # noqa: ASYNC110 - a file has no event to wait for
                    await asyncio.sleep(10 * _GLANCE)

    def _judge(self, broken: list[Broken]) -> list[Broken]:
        known = set(self.tally.broken)
        fresh = [each for each in broken if each not in known]
        self.tally.broken += fresh
        return fresh
