"""The sandbox's API in a process of its own, with any number of tasks under way: a part of other benchmarks.

Each place in flight always has one task: it is somewhere in its course at first, and the next one begins when it ends.
Percentages rise steadily. Everything stands still until the word "go"; "count" asks which requests there were.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final, final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import aiohttp

from benchmarks.children import heard, say
from sandbox.comet import CometOptions, CometSandbox
from sandbox.comet.faults import Fault
from sandbox.comet.script import IN_PROGRESS, NOT_START, SUCCESS, Script, Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.comet.orders import Order

_STEPS: Final = 20
_ALL: Final = 100  # percent
_PICTURE: Final = 64  # pixels
_NEVER: Final = 86_400.0  # seconds


@final
@dataclass(frozen=True, slots=True)
class Course:
    """How many tasks there are at any time, for how many seconds, and how many seconds each takes."""

    places: int
    seconds: float
    least: float
    most: float

    def spans(self) -> Iterator[tuple[float, float]]:
        """Yield when each task begins and ends, in seconds from the start."""
        chance = Random(7)  # noqa: S311 - how long made-up jobs take
        for _ in range(self.places):
            takes = chance.uniform(self.least, self.most)
            begins = -takes * chance.random()
            while begins <= self.seconds:
                yield begins, begins + takes
                begins, takes = begins + takes, chance.uniform(self.least, self.most)


def steady(begins: float, ends: float) -> Script:
    """Return a job whose percentage rises steadily between two times; the first may lie before the script's start."""
    step = (ends - begins) / _STEPS
    steps = [Step(begins, NOT_START, 0)]
    steps += [Step(begins + step * n, IN_PROGRESS, _ALL * n // _STEPS) for n in range(1, _STEPS)]
    steps.append(Step(ends, SUCCESS, _ALL))
    over = [earlier for earlier, later in pairwise(steps) if later.at <= 0]
    first = steps[len(over)]
    return Script((replace(first, at=0.0, status=NOT_START if first.at > 0 else first.status), *steps[len(over) + 1 :]))


async def order_from(comet: CometSandbox) -> Order:
    """Return the order of a task that came in over the wire, as a model for others."""
    headers = {"Authorization": f"Bearer {comet.key}"}
    async with (
        aiohttp.ClientSession(comet.url, headers=headers) as session,
        session.post("/mj/submit/imagine", json={"prompt": "a fox", "state": "benchmark"}) as answer,
    ):
        return comet.tasks[(await answer.json(content_type=None))["result"]].order


async def add_tasks(comet: CometSandbox, course: Course) -> list[tuple[str, float, float]]:
    """Begin tasks that all show the same picture, so that drawing it costs next to nothing.

    Returns
    -------
    list
        Of each: id, when it begins, when it ends; in the order in which they begin.
    """
    order = await order_from(comet)
    return [
        (comet.tasks.add(order, steady(begins, ends), "benchmark").id, begins, ends)
        for begins, ends in sorted(course.spans())
    ]


def _answer(comet: CometSandbox, word: str) -> None:
    requests = comet.requests
    if word == "go":
        comet.release()
        say(at=time.time())
    elif word == "count":
        say(fetches=requests.fetches, lists=requests.lists, images=requests.images)


async def _serve(course: Course, *, with_pictures: bool) -> None:
    async with CometSandbox(CometOptions(sync_seconds=0, picture_size=_PICTURE)) as comet:
        comet.hold()
        if not with_pictures:
            comet.faults.set(Fault.IMAGE_SLOW, times=None, seconds=_NEVER)
        tasks = await add_tasks(comet, course)
        comet.requests.reset()
        say(url=comet.url, key=comet.key, tasks=tasks)
        while word := await heard():
            _answer(comet, word)


def main() -> None:
    """Read the command line and serve until nobody listens any more."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--places", type=int, default=1000, help="tasks at any time")
    parser.add_argument("--seconds", type=float, default=60.0, help="for how long new tasks begin")
    parser.add_argument("--least", type=float, default=8.0, help="seconds that a task takes at least")
    parser.add_argument("--most", type=float, default=28.0, help="seconds that a task takes at most")
    parser.add_argument("--with-pictures", action="store_true", help="let pictures be fetched; else none ever comes")
    given = parser.parse_args()
    course = Course(given.places, given.seconds, given.least, given.most)
    asyncio.run(_serve(course, with_pictures=given.with_pictures))


if __name__ == "__main__":
    main()
