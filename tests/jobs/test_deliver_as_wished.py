from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.errors import AnswerGone, NotAllowed, TooLarge
from bot.jobs.asking.batches import BatchWish
from bot.jobs.requests import Wish
from bot.model import DeliveryStatus, Kind, Notify, Speed, Status

if TYPE_CHECKING:
    from bot.model import Person
    from tests.jobs.conftest import House


async def ask(house: House, *, private: bool = True, may_post: bool = True) -> tuple[str, str]:
    """Have somebody ask for a picture; return its job and task once it runs."""
    services = house.engine.services
    origin = replace(house.origin(1), private=private, may_post=may_post)
    receipt = await services.jobs.begin(origin, Wish(kind=Kind.IMAGINE, prompt="a fox", speed=Speed.FAST))
    await services.jobs.answered(receipt.job.id, 8001)
    await house.settle()
    task_id = (await house.job(receipt.job.id)).task_id
    assert task_id is not None
    return receipt.job.id, task_id


async def prefer(house: House, notify: Notify) -> None:
    def change(person: Person) -> Person:
        return replace(person, notify=notify)

    await house.engine.services.preferences.change(1, change)


async def test_a_private_result_takes_the_place_of_its_answer_and_is_posted_nowhere(house: House) -> None:
    job_id, task_id = await ask(house)
    house.api.finish(task_id)
    await house.pass_time(8)

    assert house.discord.messages == []
    assert [parcel.job.status for parcel in house.discord.words[job_id]] == [Status.SUCCEEDED]
    assert house.discord.removed == []
    assert (await house.job(job_id)).delivery.status is DeliveryStatus.DELIVERED


@pytest.mark.parametrize("fails", [False, True])
async def test_where_the_answer_is_out_of_reach_a_private_word_comes_directly(house: House, fails: bool) -> None:  # noqa: FBT001
    house.discord.closed["edit_answer"] = AnswerGone("50027")
    job_id, task_id = await ask(house)
    if fails:
        house.api.fail(task_id, "too dark")
    else:
        house.api.finish(task_id)
    await house.pass_time(8)

    assert house.discord.messages == []
    assert [parcel.job.id for parcel in house.discord.dms] == [job_id]


async def test_a_private_result_that_nothing_can_carry_is_kept(house: House) -> None:
    house.discord.closed |= {"edit_answer": AnswerGone("50027"), "send_dm": NotAllowed("50007")}
    job_id, task_id = await ask(house)
    house.api.finish(task_id)
    await house.pass_time(8)

    assert house.discord.messages == []
    assert (await house.job(job_id)).delivery.status is DeliveryStatus.KEPT


@pytest.mark.parametrize("notify", Notify)
async def test_a_person_learns_of_their_picture_as_they_wish(house: House, notify: Notify) -> None:
    await prefer(house, notify)
    job_id, task_id = await ask(house, private=False)
    house.api.finish(task_id)
    await house.pass_time(8)

    (message,) = house.discord.messages
    assert message.parcel.notify is notify
    assert [told for told, _ in house.discord.notices] == ([job_id] if notify is Notify.DM else [])


async def test_a_notice_that_cannot_be_sent_costs_nothing_else(house: House) -> None:
    await prefer(house, Notify.DM)
    house.discord.closed["send_notice"] = NotAllowed("50007")
    job_id, task_id = await ask(house, private=False)
    house.api.finish(task_id)
    await house.pass_time(8)

    assert (await house.job(job_id)).delivery.status is DeliveryStatus.DELIVERED
    assert len(house.discord.messages) == 1


async def test_where_the_bot_is_not_nothing_is_tried_in_the_channel(house: House) -> None:
    for fails in (False, True):
        for is_late in (False, True):
            house.discord.closed = {"edit_answer": AnswerGone("50027")} if is_late else {}
            job_id, task_id = await ask(house, private=False, may_post=False)
            if fails:
                house.api.fail(task_id, "too dark")
            else:
                house.api.finish(task_id)
            await house.pass_time(8)
            assert (await house.job(job_id)).delivery.status is DeliveryStatus.DELIVERED
    assert (len(house.discord.words), len(house.discord.dms), house.discord.messages) == (2, 2, [])


async def test_what_is_too_large_for_a_direct_message_comes_as_its_link(house: House) -> None:
    house.discord.closed["edit_answer"] = AnswerGone("50027")
    house.discord.before["send_dm"] += [TooLarge("40005"), TooLarge("40005")]
    _, task_id = await ask(house)
    house.api.finish(task_id)
    await house.pass_time(8)

    (parcel,) = house.discord.dms
    assert parcel.media is None


async def test_all_that_a_private_description_suggests_is_private_too(house: House) -> None:
    job_id, task_id = await ask(house)
    house.api.finish(task_id)
    await house.pass_time(8)
    batches = house.engine.services.batches
    origin = replace(house.origin(1), own_locale="ja")
    wish = BatchWish(typed="a · b", prompts=("a", "b"), speed=Speed.FAST, parent_id=job_id)
    batch = await batches.confirm(origin, (await batches.propose(origin, wish)).draft_id)

    assert [job.is_private for job in batch.jobs] == [True, True]
    assert batch.locale == "ja"
