"""How long a job is waited for, whatever somebody does to the wall clock meanwhile (reliability B.4, 18)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest

from bot.errors import CometQueueFull
from bot.jobs import policy
from bot.jobs.submitting.patience import Patience
from bot.model import DeliveryStatus, Failure, Status
from tests.builders import START, new_job
from tests.fakes import FakeClock

if TYPE_CHECKING:
    from tests.jobs.conftest import House

DAY: Final = 86_400.0


async def full_queue(house: House) -> str:
    """Return a job that a full queue has kept waiting for some seconds."""
    house.api.refusals.extend(CometQueueFull("full") for _ in range(1000))
    job_id = await house.imagine()
    await house.pass_time(10)
    return job_id


@pytest.mark.parametrize("by", [3600.0, DAY, -DAY])
async def test_a_queued_job_is_not_given_up_because_the_clock_was_set(house: House, by: float) -> None:
    job_id = await full_queue(house)
    house.clock.jump(by)
    tries = len(house.api.refusals)
    await house.pass_time(60)
    assert (await house.job(job_id)).status is Status.QUEUED
    assert 1 < tries - len(house.api.refusals) < 15, "tried again, at its usual pace"
    house.api.refusals.clear()
    await house.pass_time(60)
    assert (await house.job(job_id)).status is Status.RUNNING


@pytest.mark.parametrize("by", [3600.0, DAY, -DAY])
async def test_its_half_hour_ends_after_half_an_hour(house: House, by: float) -> None:
    job_id = await full_queue(house)
    house.clock.jump(by)
    await house.pass_time(28 * 60, every=20)
    assert (await house.job(job_id)).status is Status.QUEUED
    await house.pass_time(3 * 60, every=20)
    job = await house.job(job_id)
    assert (job.status, job.failure) == (Status.FAILED, Failure.QUEUE_FULL)


async def test_a_job_that_waited_while_nobody_was_there_is_given_up_at_the_start(house: House) -> None:
    job_id = await full_queue(house)
    house.clock.advance(policy.QUEUE_PATIENCE.total_seconds())
    await house.restart()
    await house.settle()
    assert (await house.job(job_id)).status is Status.FAILED
    assert house.api.charges == []


@pytest.mark.parametrize("by", [2 * 3600.0, DAY, 30 * DAY])
async def test_a_clock_that_was_set_before_the_start_loses_no_picture(house: House, by: float) -> None:
    job_id, task_id = await house.running()
    house.clock.jump(by)
    await house.restart()
    await house.pass_time(5 * 60, every=5)
    assert (await house.job(job_id)).status is Status.RUNNING, "a new process cannot know, so it waits a while"
    await house.pass_time(60 * 60, every=60)
    assert (await house.job(job_id)).status is Status.EXPIRED
    house.api.finish(task_id)
    await house.pass_time(10 * 60, every=20)
    assert (await house.job(job_id)).delivery.status is DeliveryStatus.DELIVERED


def test_jobs_that_nobody_speaks_of_again_are_not_remembered_for_good() -> None:
    clock = FakeClock()
    patience = Patience(clock)
    for number in range(500):
        job = new_job(number, created_at=clock.now(), give_up_at=clock.now() + timedelta(minutes=30))
        patience.left(job)  # pyright: ignore[reportArgumentType]  # what is read of it is the same in both
        clock.advance(60)
    assert len(patience._ends) < 100  # pyright: ignore[reportPrivateUsage]  # it is what would grow
    assert clock.now() > START
