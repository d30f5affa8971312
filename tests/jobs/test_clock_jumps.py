"""The wall clock jumps under a bot at work: nothing ends before its time or is put off for long (reliability B.4)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pytest

from bot.errors import CometQueueFull, CometUncertain, DiscordUnavailable
from bot.model import Accepted, DeliveryStatus, Phase, Status

if TYPE_CHECKING:
    from tests.jobs.conftest import House

HOUR: Final = 3600.0
DAY: Final = 24 * HOUR
#: To the days before and after all that a computer takes for today.
TO_1970: Final = "1970"
TO_2038: Final = "2038"

JUMPS: Final = [HOUR, -HOUR, DAY, -DAY, TO_1970, TO_2038]


def jump(house: House, by: float | str) -> None:
    """Set the wall clock by so many seconds, or to the second of January of a year."""
    if isinstance(by, str):
        by = (datetime(int(by), 1, 2, tzinfo=UTC) - house.clock.now()).total_seconds()
    house.clock.jump(by)


@pytest.mark.parametrize("by", JUMPS)
async def test_a_running_job_does_not_expire_and_its_picture_comes(house: House, by: float | str) -> None:
    job_id, task_id = await house.running()
    await house.pass_time(20, every=5)
    jump(house, by)
    await house.pass_time(60, every=5)
    assert (await house.job(job_id)).status is Status.RUNNING
    house.api.finish(task_id)
    await house.pass_time(20, every=5)
    assert (await house.job(job_id)).delivery.status is DeliveryStatus.DELIVERED
    assert len(house.api.charges) == 1


async def test_a_job_expires_after_its_75_minutes_whatever_the_clock_says(house: House) -> None:
    job_id, _ = await house.running()
    jump(house, -DAY)
    await house.pass_time(74 * 60, every=60)
    assert (await house.job(job_id)).status is Status.RUNNING
    await house.pass_time(2 * 60, every=30)
    assert (await house.job(job_id)).status is Status.EXPIRED


async def test_an_expired_job_is_still_looked_for_after_the_clock_has_jumped_by_years(house: House) -> None:
    job_id, task_id = await house.running()
    await house.pass_time(76 * 60, every=60)
    assert (await house.job(job_id)).status is Status.EXPIRED
    jump(house, TO_2038)
    await house.pass_time(HOUR, every=60)
    house.api.finish(task_id)
    await house.pass_time(HOUR, every=60)
    assert (await house.job(job_id)).status is Status.SUCCEEDED


@pytest.mark.parametrize("by", [DAY, TO_2038])
async def test_an_expired_job_that_a_start_with_the_clock_ahead_overlooked_is_looked_for_once_it_is_right(
    house: House, by: float | str
) -> None:
    job_id, task_id = await house.running()
    await house.pass_time(76 * 60, every=60)
    right = house.clock.now()
    jump(house, by)
    await house.restart()
    assert not house.engine.tracker.follows(job_id)
    await house.engine.sweep.step()
    assert not house.engine.tracker.follows(job_id), "nobody knows yet that the clock is wrong"
    house.clock.jump((right - house.clock.now()).total_seconds())
    house.api.finish(task_id)
    await house.engine.sweep.step()
    await house.pass_time(20, every=5)
    assert (await house.job(job_id)).delivery.status is DeliveryStatus.DELIVERED
    assert len(house.api.charges) == 1


async def test_a_job_from_the_future_is_followed_for_its_time_and_not_for_ever(house: House) -> None:
    jump(house, TO_2038)
    job_id, _ = await house.running()
    await house.pass_time(76 * 60, every=60)
    await house.restart()
    house.clock.jump(-12 * 365 * DAY)
    await house.pass_time(25 * HOUR, every=600)
    assert not house.engine.tracker.follows(job_id)
    await house.engine.sweep.step()
    assert not house.engine.tracker.follows(job_id)


@pytest.mark.parametrize("by", [-HOUR, -DAY, TO_1970])
async def test_what_was_put_off_for_seconds_does_not_wait_until_the_clock_is_there_again(
    house: House, by: float | str
) -> None:
    finished, task_id = await house.running("a finished fox")
    house.api.refusals.append(CometQueueFull("full"))
    queued = await house.imagine("a queued fox")
    await house.settle()
    house.discord.before["post"].extend([DiscordUnavailable("503")] * 2)
    house.api.finish(task_id)
    await house.pass_time(8)
    jump(house, by)
    await house.pass_time(30)
    assert (await house.job(queued)).status is Status.RUNNING
    assert (await house.job(finished)).delivery.status is DeliveryStatus.DELIVERED


@pytest.mark.parametrize("by", [HOUR, TO_2038])
async def test_a_picture_at_100_percent_and_a_modal_in_doubt_are_given_their_time(
    house: House, by: float | str
) -> None:
    frozen, task_id = await house.running()
    house.api.change(task_id, phase=Phase.RUNNING, progress=100, preview_url="https://cdn.example/preview.webp")
    grid = await house.finished("a grid")
    house.api.accept_as.append(Accepted(task_id="", needs_input=True))
    house.api.modal_refusals.append(CometUncertain("reset"))
    doubtful = (await house.press(grid, 4)).job.id
    await house.pass_time(10)
    jump(house, by)
    await house.pass_time(10)
    assert (await house.job(frozen)).status is Status.RUNNING
    assert (await house.job(doubtful)).status is Status.NEEDS_INPUT
