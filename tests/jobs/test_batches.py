from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from bot.errors import (
    ActionUnavailable,
    AnswerGone,
    CometBanned,
    CometUncertain,
    DiscordUnavailable,
    NotAccepted,
    NotPermitted,
    PromptInvalid,
)
from bot.jobs.asking.batches import BatchWish
from bot.model import Phase, Speed, Status

if TYPE_CHECKING:
    from bot.jobs.asking.batches import Proposal
    from bot.model import Batch
    from tests.jobs.conftest import House

THREE = ("a red fox", "a blue fox", "a green fox")


async def proposed(house: House, prompts: tuple[str, ...] = THREE, *, user_id: int = 1) -> Proposal:
    wish = BatchWish(typed="a {red, blue, green} fox", prompts=prompts, speed=Speed.FAST)
    return await house.engine.services.batches.propose(house.origin(user_id), wish)


async def confirmed(house: House, prompts: tuple[str, ...] = THREE) -> Batch:
    """Have somebody confirm a batch and see its message."""
    batch = await house.engine.services.batches.confirm(house.origin(), (await proposed(house, prompts)).draft_id)
    await house.engine.services.batches.answered(batch.id, 8888)
    return await read(house, batch.id)


async def read(house: House, batch_id: str) -> Batch:
    batch = await house.memory.batches.get(batch_id)
    assert batch is not None
    return batch


async def finish(house: House, *prompts: str) -> None:
    for charge in house.api.charges:
        if charge.what in prompts:
            house.api.finish(charge.task_id)


async def test_a_proposal_counts_and_prices_and_sends_nothing(house: House) -> None:
    proposal = await proposed(house)
    await house.pass_time(30)
    assert (len(proposal.prompts), proposal.price) == (3, 3 * Decimal("0.056"))
    assert house.api.charges == []
    assert (await house.engine.services.library.history(1)).jobs == ()


async def test_more_than_the_setting_allows_is_refused_with_both_numbers(house: House) -> None:
    with pytest.raises(PromptInvalid, match=r"11 pictures, and 10 at once"):
        await proposed(house, tuple(f"fox {n}" for n in range(11)))


async def test_a_confirmed_batch_makes_each_job_once_in_its_order(house: House) -> None:
    batch = await confirmed(house)
    await house.settle()
    assert [job.prompt for job in batch.jobs] == list(THREE)
    assert sorted(charge.what for charge in house.api.charges) == sorted(THREE)
    assert {charge.echo for charge in house.api.charges} == {job.id for job in batch.jobs}


async def test_a_batch_confirmed_twice_is_made_once(house: House) -> None:
    proposal = await proposed(house)
    batches = house.engine.services.batches
    batch = await batches.confirm(house.origin(), proposal.draft_id)
    with pytest.raises(ActionUnavailable, match="confirmed already"):
        await batches.confirm(house.origin(), proposal.draft_id)
    await batches.answered(batch.id, 1)
    await house.pass_time(20)
    assert len(house.api.charges) == 3


async def test_nobody_confirms_what_was_proposed_to_another(house: House) -> None:
    proposal = await proposed(house, user_id=1)
    with pytest.raises(ActionUnavailable):
        await house.engine.services.batches.confirm(house.origin(user_id=2), proposal.draft_id)


async def test_nothing_is_sent_before_the_message_was_seen(house: House) -> None:
    proposal = await proposed(house)
    batch = await house.engine.services.batches.confirm(house.origin(), proposal.draft_id)
    await house.pass_time(10)
    assert house.api.charges == []
    await house.engine.services.batches.withdraw(batch.id)
    await house.pass_time(10)
    assert {job.status for job in (await read(house, batch.id)).jobs} == {Status.CANCELLED}
    assert house.api.charges == []


async def test_a_batch_whose_answer_nobody_knows_of_is_cancelled_after_a_restart(house: House) -> None:
    proposal = await proposed(house)
    batch = await house.engine.services.batches.confirm(house.origin(), proposal.draft_id)
    house.clock.advance(120)
    await house.restart()
    await house.pass_time(20)
    batch = await read(house, batch.id)
    assert {job.status for job in batch.jobs} == {Status.CANCELLED}
    assert batch.closed_at is not None
    assert house.api.charges == []


async def test_a_batch_whose_message_turns_up_after_a_restart_is_made(house: House) -> None:
    proposal = await proposed(house)
    batch = await house.engine.services.batches.confirm(house.origin(), proposal.draft_id)
    house.discord.answers[batch.id] = 8123
    await house.restart()
    await house.pass_time(10)
    batch = await read(house, batch.id)
    assert {job.status for job in batch.jobs} == {Status.RUNNING}
    assert batch.answer_message_id == 8123
    assert len(house.api.charges) == len(batch.jobs)


async def test_a_batch_of_this_process_that_nobody_has_seen_is_not_looked_for(house: House) -> None:
    house.clock.advance(1)
    proposal = await proposed(house)
    batch = await house.engine.services.batches.confirm(house.origin(), proposal.draft_id)
    house.discord.answers[batch.id] = 8123
    await house.pass_time(120, every=10)
    await house.engine.answers.step()
    assert {job.status for job in (await read(house, batch.id)).jobs} == {Status.CANCELLED}
    assert house.api.charges == []


async def test_one_message_tells_about_all_of_them_and_ends_with_a_contact_sheet(house: House) -> None:
    house.api.picture = picture()
    batch = await confirmed(house)
    await house.settle()
    await finish(house, "a red fox", "a green fox")
    house.api.fail(next(c.task_id for c in house.api.charges if c.what == "a blue fox"), "Queue full")
    await house.pass_time(60)

    shown = house.discord.batches[batch.id]
    final, sheet = shown[-1]
    assert [job.status for job in final.jobs] == [Status.SUCCEEDED, Status.FAILED, Status.SUCCEEDED]
    assert all(job.delivery.message_id for job in final.jobs if job.status is Status.SUCCEEDED)
    assert sheet is not None
    with Image.open(io.BytesIO(sheet)) as image:
        assert image.width > 400
    assert [content for _, content in shown[:-1]] == [None] * (len(shown) - 1)
    assert (await read(house, batch.id)).closed_at is not None
    assert len(house.discord.messages) == 2  # each picture has a message of its own …
    assert not any(house.discord.words.values())  # … and what failed is told in the batch's


async def test_a_message_that_stands_is_edited_no_more_often_than_its_interval(house: House) -> None:
    batch = await confirmed(house)
    await house.pass_time(20)
    for percent in range(1, 40):
        for charge in house.api.charges:
            house.api.change(charge.task_id, phase=Phase.RUNNING, progress=percent)
        await house.pass_time(1)
    assert 3 <= len(house.discord.batches[batch.id]) <= 14


async def test_a_restart_goes_on_with_the_message(house: House) -> None:
    batch = await confirmed(house)
    await house.settle()
    await house.restart()
    await finish(house, *THREE)
    await house.pass_time(60)
    final, _ = house.discord.batches[batch.id][-1]
    assert {job.status for job in final.jobs} == {Status.SUCCEEDED}
    assert len(house.api.charges) == 3


async def test_the_waiting_ones_can_be_cancelled_for_nothing_by_whoever_asked(house: House) -> None:
    batch = await confirmed(house)
    batches = house.engine.services.batches
    with pytest.raises(NotPermitted):
        await batches.cancel(house.origin(user_id=2), batch.id)
    assert await batches.cancel(house.origin(), batch.id) == 3
    assert await batches.cancel(replace(house.origin(user_id=2), may_moderate=True), batch.id) == 0
    await house.pass_time(30)
    assert house.api.charges == []
    assert (await read(house, batch.id)).closed_at is not None


async def test_those_that_wait_can_be_cancelled_although_the_first_was_deleted(house: House) -> None:
    batch = await confirmed(house)
    first, now = batch.jobs[0].id, house.clock.now()
    await house.store.transition(first, Status.QUEUED, Status.FAILED, at=now, changes={"finished_at": now})
    await house.engine.services.deletions.delete(house.origin(), first)
    assert await house.engine.services.batches.cancel(house.origin(), batch.id) == 2
    await house.pass_time(30)
    assert house.api.charges == []


async def test_one_whose_outcome_is_unknown_is_told_in_the_batch_and_not_sent_again(house: House) -> None:
    house.api.lost_answers.append(CometUncertain("reset"))
    house.api.refusals.append(CometBanned("24", word="fox"))
    batch = await confirmed(house)
    await house.pass_time(120)
    await finish(house, *THREE)
    await house.pass_time(120)
    final, _ = house.discord.batches[batch.id][-1]
    assert sorted(job.status for job in final.jobs) == [Status.FAILED, Status.SUCCEEDED, Status.UNKNOWN]
    assert len(house.api.charges) == 2


async def test_discord_out_of_reach_delays_the_message_and_a_deleted_one_ends_it(house: House) -> None:
    house.discord.before["show_batch"].extend(DiscordUnavailable("503") for _ in range(3))
    batch = await confirmed(house)
    await house.settle()
    await finish(house, *THREE)
    await house.pass_time(60)
    assert (await read(house, batch.id)).closed_at is not None
    assert house.discord.batches[batch.id]

    house.discord.closed["show_batch"] = AnswerGone("deleted")
    other = await confirmed(house)
    await house.pass_time(60)
    await finish(house, *THREE)
    await house.pass_time(60)
    assert (await read(house, other.id)).closed_at is not None
    assert len(house.discord.messages) == 6


async def test_a_stopping_house_takes_no_batch(house: House) -> None:
    proposal = await proposed(house)
    house.engine.services.jobs.close()
    with pytest.raises(NotAccepted):
        await house.engine.services.batches.confirm(house.origin(), proposal.draft_id)


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (256, 256), "teal").save(buffer, "PNG")
    return buffer.getvalue()
