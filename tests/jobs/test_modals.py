from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.errors import CometBanned, CometBusy, CometNotReady, CometTaskMissing, CometUncertain, CometUnreachable
from bot.model import Accepted, Failure, Status

if TYPE_CHECKING:
    from bot.errors import CometError
    from tests.jobs.conftest import House


async def asked_for_input(house: House) -> str:
    """Press a button that an account in remix mode answers with a question."""
    grid = await house.finished()
    house.api.accept_as.append(Accepted(task_id="", needs_input=True))
    return (await house.press(grid, 4)).job.id


@pytest.mark.parametrize(
    ("error", "failure"),
    [(CometBanned("24", word="nude"), Failure.BANNED), (CometTaskMissing("gone"), Failure.PARENT_GONE)],
)
async def test_a_modal_that_is_refused_for_good_fails_the_job(
    house: House, error: CometError, failure: Failure
) -> None:
    house.api.modal_refusals.append(error)
    job_id = await asked_for_input(house)
    await house.pass_time(10)
    job = await house.job(job_id)
    assert (job.status, job.failure) == (Status.FAILED, failure)
    assert [parcel.job.failure for parcel in house.discord.words[job_id]] == [failure]


async def test_a_modal_whose_task_is_not_ready_is_tried_twice_more(house: House) -> None:
    house.api.modal_refusals.extend(CometNotReady("4") for _ in range(5))
    job_id = await asked_for_input(house)
    await house.pass_time(60)
    assert (await house.job(job_id)).status is Status.FAILED
    assert len(house.api.modal_refusals) == 2


async def test_a_modal_that_fails_in_an_unforeseen_way_is_followed_by_its_task(house: House) -> None:
    house.api.modal_refusals.append(RuntimeError("bug"))  # pyright: ignore[reportArgumentType] - the point of the test
    job_id = await asked_for_input(house)
    await house.pass_time(10)
    job = await house.job(job_id)
    assert job.status is Status.NEEDS_INPUT
    assert job.modal_sent_at is not None
    assert job.task_id is not None
    house.api.finish(job.task_id)
    await house.pass_time(10)
    assert (await house.job(job_id)).status is Status.SUCCEEDED


async def test_whoever_asks_late_does_not_have_the_modal_sent_again(house: House) -> None:
    house.api.modal_refusals.append(CometUncertain("reset"))
    job_id = await asked_for_input(house)
    seen = replace(await house.job(job_id), status=Status.NEEDS_INPUT)
    await house.settle()
    assert (await house.job(job_id)).modal_sent_at is not None
    house.engine.modals.answer(seen)
    await house.engine.modals.drain()
    assert house.api.modals == []


async def test_a_question_that_can_never_be_answered_expires_like_any_other_job(house: House) -> None:
    house.api.modal_refusals.extend(CometBusy("429") for _ in range(10_000))
    job_id = await asked_for_input(house)
    await house.pass_time(76 * 60, every=20)
    assert (await house.job(job_id)).status is Status.EXPIRED
    assert house.api.modals == []


async def test_an_outage_before_the_modal_uses_up_none_of_the_tries_of_a_task_that_is_not_ready(house: House) -> None:
    house.api.modal_refusals.extend(CometUnreachable("refused") for _ in range(3))
    house.api.modal_refusals.append(CometNotReady("3"))
    job_id = await asked_for_input(house)
    await house.pass_time(60)
    assert (await house.job(job_id)).status is Status.RUNNING
    assert len(house.api.modals) == 1
