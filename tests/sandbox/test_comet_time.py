"""Holding, releasing and steering the scripts, and many tasks at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace

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
