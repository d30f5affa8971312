# pyright: reportPrivateUsage=false
from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.jobs.ports import Step
from bot.jobs.tracking.schedule import CHUNK
from bot.model import Phase, Status, Task
from tests.builders import new_job

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    import pytest

    from bot.jobs.ports import Headway, JobChanges
    from tests.jobs.conftest import House

#: More than the four requests that are under way at once can ask for.
MANY = 6 * CHUNK


async def run_many(house: House) -> None:
    """Write down jobs that run, as if a former process had sent them."""
    now = house.clock.now()

    async def run(number: int) -> None:
        _, job = await house.store.add(new_job(number, created_at=now, user_id=number))
        await house.store.begin_submit(job.id, Status.QUEUED, Step.SUBMIT, now)
        changes: JobChanges = {"task_id": f"task-{number}", "submitted_at": now}
        await house.store.transition(job.id, Status.SUBMITTING, Status.RUNNING, at=now, changes=changes)
        house.api.tasks[f"task-{number}"] = Task(
            task_id=f"task-{number}", phase=Phase.RUNNING, echo=job.id, progress=31
        )

    await asyncio.gather(*map(run, range(MANY)))


async def test_after_a_restart_all_tasks_are_looked_at_without_waiting_for_the_next_turn(house: House) -> None:
    await run_many(house)
    await house.restart()
    stopped_at, tracker = house.clock.monotonic(), house.engine.tracker
    async with asyncio.timeout(5):
        await take_turns(house)
    assert not tracker.is_catching_up
    assert {task for asked in house.api.lists for task in asked} == set(house.api.tasks)
    assert len(house.api.lists) == MANY // CHUNK
    assert house.clock.monotonic() == stopped_at


async def take_turns(house: House) -> None:
    """Take the tracker's turns as long as it is told that there is more to do."""
    engine = house.engine
    engine._looks_due.set()
    while engine._looks_due.is_set():
        engine._looks_due.clear()
        await engine.tracker.step()
        await engine.tracker.drain()


async def test_what_one_list_tells_is_written_with_few_commits(house: House) -> None:
    await run_many(house)
    await house.restart()
    before = house.database.commits
    await house.engine.tracker.step()
    await house.engine.tracker.drain()
    looked = {task for asked in house.api.lists for task in asked}
    assert len(looked) == 4 * CHUNK
    assert [(await house.job(job.echo)).progress for job in house.api.tasks.values()].count(31) == len(looked)
    assert house.database.commits - before <= 4


async def test_a_look_whose_progress_cannot_be_taken_in_keeps_no_other_from_getting_on(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = [await house.running(f"{number}") for number in range(4)]
    note_headway = house.store.note_headway

    async def fails(made: Collection[Headway], at: datetime) -> None:
        if any(headway.job_id == jobs[0][0] for headway in made):
            raise ValueError(jobs[0][0])
        await note_headway(made, at)

    monkeypatch.setattr(house.store, "note_headway", fails)
    for _, task_id in jobs:
        house.api.change(task_id, phase=Phase.RUNNING, progress=46)
    await house.pass_time(60)
    assert [(await house.job(job_id)).progress for job_id, _ in jobs] == [None, 46, 46, 46]
    for _, task_id in jobs:
        house.api.finish(task_id)
    await house.pass_time(60)
    assert {(await house.job(job_id)).status for job_id, _ in jobs} == {Status.SUCCEEDED}
