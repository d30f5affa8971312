"""The jobs of a batch by themselves: their pictures are posted like any others, all other words are the batch's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import AnswerGone, CometBanned, NotAllowed
from bot.jobs.asking.batches import BatchWish
from bot.model import DeliveryStatus, Failure, Phase, Speed, Status

if TYPE_CHECKING:
    from tests.jobs.conftest import House


async def batch_of_two(house: House) -> tuple[str, str]:
    """Have two pictures asked for at once, and return the jobs in their order."""
    batches = house.engine.services.batches
    wish = BatchWish(typed="a {red, blue} fox", prompts=("a red fox", "a blue fox"), speed=Speed.FAST)
    batch = await batches.confirm(house.origin(), (await batches.propose(house.origin(), wish)).draft_id)
    await batches.answered(batch.id, 8888)
    red, blue = batch.jobs
    return red.id, blue.id


async def test_each_picture_is_posted_and_none_of_them_takes_the_batchs_message_away(house: House) -> None:
    red, blue = await batch_of_two(house)
    await house.settle()
    for charge in house.api.charges:
        house.api.finish(charge.task_id)
    await house.pass_time(12)
    assert {message.parcel.job.id for message in house.discord.messages} == {red, blue}
    assert house.discord.removed == []


async def test_progress_and_failures_are_told_by_the_batch_alone(house: House) -> None:
    house.api.refusals.append(CometBanned("24", word="nude"))
    red, blue = await batch_of_two(house)
    await house.settle()
    house.api.change(house.api.charges[0].task_id, phase=Phase.RUNNING, progress=31)
    await house.pass_time(12)
    house.api.fail(house.api.charges[0].task_id, "Internal Server Error")
    await house.pass_time(12)
    assert {(await house.job(job_id)).failure for job_id in (red, blue)} == {Failure.BANNED, Failure.GENERATION}
    assert not house.discord.progress
    assert not house.discord.words
    assert house.discord.messages == []
    assert {(await house.job(job_id)).delivery.status for job_id in (red, blue)} == {DeliveryStatus.DELIVERED}
    (shown,) = house.discord.batches.values()
    assert any(job.progress == 31 for batch, _ in shown for job in batch.jobs)
    assert [job.failure for job in shown[-1][0].jobs] == [(await house.job(job_id)).failure for job_id in (red, blue)]


async def test_where_the_bot_may_not_post_a_picture_goes_by_dm_and_never_into_the_batchs_message(house: House) -> None:
    house.discord.closed["post"] = NotAllowed("50013")
    red, blue = await batch_of_two(house)
    await house.settle()
    for charge in house.api.charges:
        house.api.finish(charge.task_id)
    await house.pass_time(12)
    assert not house.discord.words
    assert {parcel.job.id for parcel in house.discord.dms} == {red, blue}


async def test_a_picture_that_comes_late_is_posted_although_its_batch_is_closed(house: House) -> None:
    house.discord.closed["show_batch"] = AnswerGone("50027")
    jobs = await batch_of_two(house)
    await house.pass_time(76 * 60, every=20)
    assert {(await house.job(job_id)).status for job_id in jobs} == {Status.EXPIRED}
    assert house.discord.messages == []
    for charge in house.api.charges:
        house.api.finish(charge.task_id)
    await house.pass_time(7 * 60, every=20)
    assert {message.parcel.job.id for message in house.discord.messages} == set(jobs)
