"""Tasks that cannot be looked at, or not taken in: they stand in nobody's way, and are not forgotten."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.errors import CometUncertain
from bot.model import Accepted, Status

if TYPE_CHECKING:
    import pytest

    from bot.model import Job, Speed, Task
    from tests.jobs.conftest import House


def spoil(house: House, monkeypatch: pytest.MonkeyPatch, bad: str) -> None:
    """Let the API answer every look at one task with a server error, and leave it out of its lists."""
    house.api.hidden.add(bad)
    fetch = house.api.fetch

    async def fails(task_id: str) -> Task | None:
        if task_id == bad:
            raise CometUncertain("500")
        return await fetch(task_id)

    monkeypatch.setattr(house.api, "fetch", fails)


async def test_a_task_that_only_gives_errors_keeps_no_other_from_being_seen(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (_, bad), (job_id, task_id) = await house.running("bad"), await house.running("good")
    spoil(house, monkeypatch, bad)
    house.api.finish(task_id)
    await house.pass_time(60)
    assert (await house.job(job_id)).status is Status.SUCCEEDED


async def test_a_task_that_only_gives_errors_where_no_list_is_to_be_had_keeps_no_other_from_being_seen(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = [await house.running(f"{number}") for number in range(5)]
    house.api.list_errors.extend(CometUncertain("not JSON") for _ in range(1000))
    spoil(house, monkeypatch, jobs[0][1])
    for _, task_id in jobs[1:]:
        house.api.finish(task_id)
    await house.pass_time(60)
    assert {(await house.job(job_id)).status for job_id, _ in jobs[1:]} == {Status.SUCCEEDED}


async def test_a_task_that_only_gives_errors_while_others_are_answered_for_expires_at_its_deadline(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (job_id, bad), _ = await house.running("bad"), await house.running("good")
    spoil(house, monkeypatch, bad)
    await house.pass_time(76 * 60, every=20)
    assert (await house.job(job_id)).status is Status.EXPIRED
    assert [parcel.job.status for parcel in house.discord.words[job_id]] == [Status.EXPIRED]


async def test_the_only_task_there_is_expires_too_when_it_gives_errors_for_a_day(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id, bad = await house.running()
    spoil(house, monkeypatch, bad)
    await house.pass_time(23 * 3600, every=60)
    assert (await house.job(job_id)).status is Status.RUNNING
    await house.pass_time(2 * 3600, every=60)
    assert (await house.job(job_id)).status is Status.EXPIRED


async def test_a_look_that_cannot_be_taken_in_keeps_no_other_from_being_seen(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = [await house.running(f"{number}") for number in range(4)]
    transition = house.store.transition

    async def fails(job_id: str, source: Status, target: Status, **more: object) -> Job:
        if job_id == jobs[0][0]:
            raise ValueError(job_id)
        return await transition(job_id, source, target, **more)  # pyright: ignore[reportArgumentType] - passed through

    monkeypatch.setattr(house.store, "transition", fails)
    for _, task_id in jobs:
        house.api.finish(task_id)
    await house.pass_time(60)
    assert {(await house.job(job_id)).status for job_id, _ in jobs[1:]} == {Status.SUCCEEDED}


async def share_a_task(house: House, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str, str]:
    """Let the API answer a second press with the task of the first (code 21, contract 3); return jobs and task."""
    grid = await house.finished()
    first = (await house.press(grid, 4, user_id=1)).job.id
    await house.settle()
    task_id = house.api.charges[-1].task_id

    async def existed(*_: str, remix: bool, speed: Speed, echo: str) -> Accepted:
        del remix, speed, echo
        return Accepted(task_id=task_id)

    monkeypatch.setattr(house.api, "act", existed)
    second = (await house.press(grid, 4, user_id=2)).job.id
    await house.settle()
    return first, second, task_id


async def test_two_jobs_of_one_task_both_get_their_end(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, task_id = await share_a_task(house, monkeypatch)
    assert len(house.engine.tracker) == 2
    house.api.finish(task_id)
    await house.pass_time(30)
    assert [(await house.job(job_id)).status for job_id in (first, second)] == [Status.SUCCEEDED, Status.SUCCEEDED]
    assert len(house.engine.tracker) == 0


async def test_two_jobs_of_one_task_both_get_their_end_after_a_restart(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, task_id = await share_a_task(house, monkeypatch)
    house.api.finish(task_id)
    await house.restart()
    await house.pass_time(30)
    assert [(await house.job(job_id)).status for job_id in (first, second)] == [Status.SUCCEEDED, Status.SUCCEEDED]


async def test_a_job_that_was_read_in_the_middle_of_its_modal_is_read_again(house: House) -> None:
    job_id, task_id = await house.running()
    job = await house.job(job_id)
    house.engine.tracker.watch(replace(job, status=Status.SUBMITTING))  # read just before the modal's end was written
    house.api.finish(task_id)
    await house.pass_time(10)
    assert (await house.job(job_id)).status is Status.SUCCEEDED
