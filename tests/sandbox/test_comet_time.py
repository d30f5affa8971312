"""Holding, releasing and steering the scripts, and many tasks at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.comet.script import ENDS, factor_for_seconds, ordinary, resumed
from sandbox.comet.timeline import Timeline
from tests.sandbox.comet_api import held, opened


async def test_held_scripts_stand_still_and_released_ones_end() -> None:
    async with opened(replace(held(), sync_seconds=0, pace=0.002)) as api:
        task_id = (await api.submit("imagine", prompt="a boat")).task_id
        await asyncio.sleep(0.05)
        assert (await api.fetch(task_id))["status"] == "NOT_START"
        api.comet.release()
        async with asyncio.timeout(5):
            while (await api.fetch(task_id))["status"] != "SUCCESS":
                assert api.comet.tasks[task_id].status != "FAILURE"


async def test_set_progress_goes_on_from_there() -> None:
    async with opened() as api:
        task_id = (await api.submit("imagine", prompt="a boat")).task_id
        api.comet.set_progress(task_id, 50)
        assert (await api.fetch(task_id))["progress"] == "50%"
        api.comet.advance(3)
        assert (await api.fetch(task_id))["progress"] == "62%"


async def test_steering_an_unknown_task_is_an_error() -> None:
    async with opened() as api:
        with pytest.raises(KeyError):
            api.comet.finish("1")


async def test_ten_thousand_tasks_in_flight_are_listed_by_the_hundred() -> None:
    async with opened(replace(held(), job_seconds=30)) as api:
        template = api.comet.tasks[(await api.submit("imagine", prompt="a boat")).task_id]
        for _ in range(9_999):
            api.comet.tasks.add(template.order, template.runs[0].script, "提交成功")
        ids = list(api.comet.tasks)
        assert len(set(ids)) == 10_000
        for done, start in enumerate(range(0, 10_000, 1_000)):
            api.comet.advance(3.0)
            rows = await api.list(*ids[start : start + 100])
            assert [row["id"] for row in rows] == ids[start : start + 100][::-1]
            assert {row["status"] for row in rows} <= {"SUBMITTED", "IN_PROGRESS", "SUCCESS"}, done
        assert {row["status"] for row in await api.list(*ids[-100:])} == {"SUCCESS"}


def test_the_gateways_copies_are_told_and_forced() -> None:
    timeline = Timeline(15.0)
    assert timeline.last_sync(0.0) == 0.0
    assert timeline.last_sync(31.0) == 30.0
    assert timeline.next_sync(30.0) == 30.0
    assert timeline.next_sync(30.0, strictly=True) == 45.0
    timeline.sync()
    forced = timeline.next_sync(0.0, strictly=True)
    assert 0 < forced < 1
    assert timeline.last_sync(2.0) == forced


def test_scripts_time_is_invertible_around_a_hold() -> None:
    timeline = Timeline(0.0)
    before = timeline.now()
    timeline.hold()
    held_at = timeline.script_time(timeline.now())
    assert timeline.script_time(timeline.now() + 100) == held_at
    assert timeline.real_time(held_at + 1) is None
    timeline.advance(5)
    assert timeline.script_time(timeline.now()) == held_at + 5
    reached = timeline.real_time(held_at + 1)
    assert reached is not None
    assert before <= reached <= timeline.now()


@final
class Hand:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


#: A wait of some seconds, then what is done to the time.
Doings = list[tuple[float, str, float]]

DOINGS = st.lists(
    st.tuples(
        st.floats(0, 50),
        st.sampled_from(["hold", "release", "set_rate", "advance"]),
        st.one_of(st.just(0.0), st.floats(0.01, 10)),
    ),
    max_size=12,
)


def lived(doings: Doings) -> tuple[Timeline, list[float]]:
    """Return a timeline to which all this was done, and the moments at which it was."""
    hand = Hand()
    timeline = Timeline(0.0, hand)
    turns = [0.0]
    for wait, what, amount in doings:
        hand.at += wait
        turns.append(timeline.now())
        if what in ("hold", "release"):
            getattr(timeline, what)()
        else:
            getattr(timeline, what)(amount)
    return timeline, turns


@given(doings=DOINGS, moments=st.lists(st.floats(0, 800), min_size=2, max_size=20))
def test_scripts_time_never_goes_back_and_jumps_only_where_it_is_told_to(doings: Doings, moments: list[float]) -> None:
    timeline, turns = lived(doings)
    looked = sorted([*moments, *turns])
    times = [timeline.script_time(moment) for moment in looked]
    assert times == sorted(times)
    skipped = sum(amount for _, what, amount in doings if what == "advance")
    longest = 10 * (looked[-1] - looked[0])
    assert times[-1] - times[0] <= longest + skipped + 1e-6


@given(doings=st.lists(st.tuples(st.floats(0.01, 50), st.just("set_rate"), st.floats(0, 10)), min_size=1, max_size=12))
def test_another_speed_changes_no_moment_that_was_and_begins_where_the_time_stands(doings: Doings) -> None:
    _, turns = lived(doings)
    for number, at in enumerate(turns[1:], start=1):
        before, _ = lived(doings[: number - 1])
        after, _ = lived(doings[:number])
        for moment in (0.0, at / 2, at):
            assert after.script_time(moment) == pytest.approx(before.script_time(moment))
        assert after.script_time(at + 1) - after.script_time(at) == pytest.approx(doings[number - 1][2], abs=1e-6)


@given(doings=DOINGS, script=st.floats(0, 2000))
def test_real_time_is_the_first_moment_at_which_the_scripts_time_is_there(doings: Doings, script: float) -> None:
    timeline, turns = lived(doings)
    real = timeline.real_time(script)
    if real is None:
        assert timeline.rate == 0
        assert timeline.script_time(turns[-1] + 1e6) < script
        return
    assert timeline.script_time(real) >= script - 1e-6
    if real > 0:
        assert timeline.script_time(real * (1 - 1e-9) - 1e-6) < script


def test_released_time_goes_on_as_fast_as_it_did_before() -> None:
    hand = Hand()
    timeline = Timeline(0.0, hand)
    timeline.set_rate(4)
    timeline.hold()
    hand.at += 10
    assert (timeline.rate, timeline.script_time(timeline.now())) == (0, 0)
    timeline.release()
    hand.at += 10
    assert (timeline.rate, timeline.script_time(timeline.now())) == (4, 40)
    timeline.set_rate(0)
    timeline.advance(5)
    hand.at += 10
    assert (timeline.rate, timeline.script_time(timeline.now())) == (0, 45)
    timeline.release()
    assert timeline.rate == 4


@pytest.mark.parametrize("rate", [-1.0, float("nan"), float("inf")])
def test_a_speed_that_no_time_has_is_refused(rate: float) -> None:
    timeline = Timeline(0.0)
    with pytest.raises(ValueError, match="times as fast"):
        timeline.set_rate(rate)
    assert timeline.rate == 1


async def test_another_speed_takes_hold_of_a_job_that_is_under_way() -> None:
    async with opened(replace(held(), sync_seconds=0, job_seconds=1000.0)) as api:
        task_id = (await api.submit("imagine", prompt="a boat")).task_id
        api.comet.set_rate(100_000)
        async with asyncio.timeout(5):
            while (await api.fetch(task_id))["status"] != "SUCCESS":
                pass
        assert api.comet.rate == 100_000


@given(seconds=st.floats(0.001, 1000), moments=st.lists(st.floats(0, 2000), max_size=20))
def test_an_ordinary_script_only_goes_forward_and_ends_on_time(seconds: float, moments: list[float]) -> None:
    script = ordinary(factor_for_seconds(seconds))
    percents = [script.step_at(moment).percent or 0 for moment in sorted(moments)]
    assert percents == sorted(percents)
    assert script.step_at(seconds * 0.99).status not in ENDS
    assert script.step_at(seconds * 1.001).status == "SUCCESS"


@given(percent=st.integers(0, 100))
def test_a_resumed_script_starts_at_the_percentage_and_still_ends(percent: int) -> None:
    script = resumed(ordinary(1.0), percent)
    assert script.step_at(0).percent == percent
    assert [step.at for step in script.steps] == sorted(step.at for step in script.steps)
    assert script.step_at(20).status == "SUCCESS"
