"""The rounds of the engine's parts: who came round, and who is stuck."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from typing_extensions import override

from bot.jobs.rounds import Rounds
from tests.fakes import FakeClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class StillClock(FakeClock):
    """One that waits until somebody else moves it on."""

    @override
    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        end = self.monotonic() + seconds
        while not event.is_set() and self.monotonic() < end:  # noqa: ASYNC110 - whichever comes first
            await asyncio.sleep(0)
        return event.is_set()


class Part:
    """A part whose steps end when a test lets them."""

    def __init__(self) -> None:
        self.steps = 0
        self.stepped = asyncio.Event()
        self.may_end = asyncio.Event()
        self.may_end.set()
        self.faults: list[Exception] = []

    async def step(self) -> None:
        self.steps += 1
        self.stepped.set()
        await self.may_end.wait()
        if self.faults:
            raise self.faults.pop()

    async def next_step(self) -> None:
        self.stepped.clear()
        await self.stepped.wait()


class Ward:
    """Two parts on their rounds, on a clock driven by hand; `due` wakes the first."""

    def __init__(self) -> None:
        self.clock = StillClock()
        self.stopping, self.due = asyncio.Event(), asyncio.Event()
        self.rounds = Rounds(self.clock, self.stopping)
        self.prompt, self.slow = Part(), Part()
        self.slow.may_end.clear()


@pytest.fixture
async def ward() -> AsyncIterator[Ward]:
    ward = Ward()
    async with asyncio.TaskGroup() as group:
        ward.rounds.start(group, "prompt", ward.prompt.step, 1.0, due=ward.due)
        ward.rounds.start(group, "slow", ward.slow.step, 3600.0, patience=1800.0)
        await ward.prompt.stepped.wait()
        await ward.slow.stepped.wait()
        yield ward
        ward.stopping.set()
        ward.due.set()
        ward.prompt.may_end.set()
        ward.slow.may_end.set()


async def test_a_step_that_never_ends_is_late_after_a_minute(ward: Ward) -> None:
    ward.prompt.may_end.clear()
    ward.due.set()
    await ward.prompt.next_step()

    ward.clock.advance(61)
    assert ward.rounds.late == []
    ward.clock.advance(1)
    assert ward.rounds.late == ["prompt"]

    ward.prompt.may_end.set()
    ward.due.set()
    await ward.prompt.next_step()
    assert ward.rounds.late == []


async def test_a_part_that_may_take_long_and_comes_round_seldom_is_not_late_before(ward: Ward) -> None:
    for _ in range(90):
        ward.clock.advance(60)
        ward.due.set()
        await ward.prompt.next_step()
    assert ward.rounds.late == []

    ward.clock.advance(30)
    assert ward.rounds.late == ["slow"]


async def test_a_step_that_fails_is_told_and_taken_again(ward: Ward, caplog: pytest.LogCaptureFixture) -> None:
    ward.prompt.faults.append(RuntimeError("a bug"))
    ward.due.set()
    await ward.prompt.next_step()

    ward.clock.advance(2)
    ward.due.set()
    await ward.prompt.next_step()

    assert "A step failed" in caplog.text
    assert ward.rounds.late == []
