"""What people fill in reaches the API as they wrote it: once, for the task that they meant, restart or not."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.errors import CometBusy, CometUncertain
from bot.jobs.requests import Filled
from bot.model import Accepted, Action, DeliveryStatus, Failure, Kind, Phase, Status

if TYPE_CHECKING:
    from pathlib import Path

    from bot.model import Job, Speed
    from tests.jobs.conftest import House

VARY = Action(
    index=0, action_id="MJ::JOB::high_variation::1::u", kind=Kind.VARIATION, label="Vary (Strong)", remixable=True
)
ZOOM = Action(index=1, action_id="MJ::CustomZoom::u", kind=Kind.ZOOM, label="Custom Zoom", needs_input=True)
REGION = Action(index=2, action_id="MJ::Inpaint::1::u", kind=Kind.REGION, label="Vary (Region)", needs_input=True)
SUGGESTION = Action(
    index=3, action_id="MJ::Job::PicReader::1", kind=Kind.IMAGINE, label="1", needs_input=True, quadrant=1
)
ACTIONS = (VARY, ZOOM, REGION, SUGGESTION)
#: How a gateway answers an action that waits for its window: code 21 as it is, or made a plain 1 (contract 3.2).
SAID, UNSAID = Accepted(task_id="", needs_input=True), Accepted(task_id="")


async def picture(house: House) -> str:
    return await house.finished("a fox --ar 3:2", ACTIONS)


async def task_of(house: House, job_id: str) -> str:
    task_id = (await house.job(job_id)).task_id
    assert task_id is not None
    return task_id


async def test_a_changed_prompt_is_asked_for_and_given(house: House) -> None:
    job_id = (await house.press(await picture(house), 0, Filled(prompt="a wolf"))).job.id
    await house.settle()
    assert house.api.remixed == {job_id}
    assert house.api.modals == [(await task_of(house, job_id), "a wolf")]
    assert (await house.job(job_id)).status is Status.RUNNING


async def test_a_prompt_that_was_left_as_it_was_needs_no_second_step(house: House) -> None:
    job_id = (await house.press(await picture(house), 0, Filled(prompt="a fox --ar 3:2"))).job.id
    await house.pass_time(10)
    assert (house.api.remixed, house.api.modals) == (set(), [])
    assert (await house.job(job_id)).status is Status.RUNNING


async def test_an_api_that_never_asks_for_the_changed_prompt_just_goes_on(house: House) -> None:
    grid = await picture(house)
    house.api.accept_as.append(UNSAID)
    job_id = (await house.press(grid, 0, Filled(prompt="a wolf"))).job.id
    await house.settle()
    house.api.finish(await task_of(house, job_id))
    await house.pass_time(12)
    job = await house.job(job_id)
    assert (job.status, job.modal_sent_at) == (Status.SUCCEEDED, None)
    assert house.api.modals == []


@pytest.mark.parametrize("answer", [SAID, UNSAID], ids=["code 21", "code 1"])
@pytest.mark.parametrize("action", [ZOOM, REGION, SUGGESTION], ids=lambda action: action.label)
async def test_a_button_that_needs_input_gets_it_once_whichever_way_the_api_asks(
    house: House, action: Action, answer: Accepted
) -> None:
    parent = await picture(house)
    mask = await house.picture("white") if action is REGION else None
    house.api.accept_as.append(answer)
    job_id = (await house.press(parent, action.index, Filled(prompt="a wolf --zoom 1.4", mask=mask))).job.id
    await house.settle()
    task_id = await task_of(house, job_id)
    if answer is UNSAID:
        assert house.api.modals == []
        house.api.change(task_id, phase=Phase.NEEDS_INPUT)
    await house.pass_time(15)
    assert house.api.modals == [(task_id, "a wolf --zoom 1.4")]
    assert set(house.api.masks) == ({task_id} if mask else set())
    house.api.finish(task_id)
    await house.pass_time(12)
    assert (await house.job(job_id)).delivery.status is DeliveryStatus.DELIVERED


async def test_the_mask_arrives_as_it_was_made(house: House) -> None:
    parent, mask = await picture(house), await house.picture("white")
    path = house.engine.inputs.path(mask)
    assert path is not None
    house.api.accept_as.append(SAID)
    job_id = (await house.press(parent, 2, Filled(prompt="a hat", mask=mask))).job.id
    await house.settle()
    assert house.api.masks == {await task_of(house, job_id): path.read_bytes()}


async def test_a_task_that_shows_its_question_until_the_end_is_answered_once_and_delivered(house: House) -> None:
    parent = await picture(house)
    house.api.accept_as.append(SAID)
    job_id = (await house.press(parent, 1, Filled(prompt="a wolf"))).job.id
    await house.settle()
    task_id = await task_of(house, job_id)
    house.api.change(task_id, phase=Phase.NEEDS_INPUT)  # the oldest of two rows (contract 4.3)
    await house.pass_time(20 * 60, every=10)
    assert (await house.job(job_id)).status is Status.RUNNING
    house.api.finish(task_id)
    await house.pass_time(45, every=5)
    assert (await house.job(job_id)).delivery.status is DeliveryStatus.DELIVERED
    assert len(house.api.modals) == 1


async def test_a_mask_that_is_lost_before_its_step_fails_the_job_and_nothing_is_repainted(house: House) -> None:
    parent, mask = await picture(house), await house.picture("white")
    house.api.accept_as.append(SAID)
    house.api.modal_refusals.append(CometBusy("429"))
    job_id = (await house.press(parent, 2, Filled(prompt="a hat", mask=mask))).job.id
    await house.settle()
    house.lose(mask)
    await house.pass_time(15)
    job = await house.job(job_id)
    assert (job.status, job.failure, job.modal_sent_at) == (Status.FAILED, Failure.INPUT_GONE, None)
    assert house.api.modals == []
    assert [parcel.job.failure for parcel in house.discord.words[job_id]] == [Failure.INPUT_GONE]


# Restarts between every two steps -----------------------------------------------------------------------------------


async def filled_in(house: House) -> str:
    """Have a mask and a prompt given for a region, in an API that asks for them at once."""
    parent, mask = await picture(house), await house.picture("white")
    house.api.accept_as.append(SAID)
    return (await house.press(parent, 2, Filled(prompt="a hat", mask=mask))).job.id


async def test_killed_before_the_press_was_sent_it_is_sent_with_all_that_was_filled_in(house: House) -> None:
    job_id = await filled_in(house)
    await house.restart()
    await house.pass_time(15)
    task_id = await task_of(house, job_id)
    assert house.api.modals == [(task_id, "a hat")]
    assert set(house.api.masks) == {task_id}
    assert [charge.echo for charge in house.api.charges].count(job_id) == 1


async def test_killed_while_the_press_was_being_sent_nothing_is_sent_again(house: House) -> None:
    job_id = await filled_in(house)
    house.api.hold()
    await house.engine.submitter.step()
    await house.api.until_charged(2)
    await house.engine.submitter.stop(0)
    await house.restart()
    house.api.answering.set()
    await house.pass_time(60)
    assert (await house.job(job_id)).status is Status.UNKNOWN
    assert len(house.api.charges) == 2
    assert house.api.modals == []


async def test_killed_before_the_modal_was_begun_it_is_sent_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    job_id = await filled_in(house)

    def dies(job: Job) -> None:
        assert job.id == job_id

    monkeypatch.setattr(house.engine.modals, "answer", dies)
    await house.settle()
    assert (await house.job(job_id)).status is Status.NEEDS_INPUT
    await house.restart()
    await house.pass_time(15)
    task_id = await task_of(house, job_id)
    assert house.api.modals == [(task_id, "a hat")]
    assert set(house.api.masks) == {task_id}


async def kill_in_the_modal(house: House, monkeypatch: pytest.MonkeyPatch, *, arrived: bool) -> None:
    """Let the process die while its modal is under way; `arrived`: the API got it, and its answer was lost."""
    sending, answer = asyncio.Event(), house.api.answer_modal

    async def dies(task_id: str, prompt: str, *, mask: Path | None = None, speed: Speed) -> Accepted:
        if arrived:
            await answer(task_id, prompt, mask=mask, speed=speed)
        sending.set()
        await asyncio.Event().wait()
        raise AssertionError

    with monkeypatch.context() as patch:
        patch.setattr(house.api, "answer_modal", dies)
        await house.engine.submitter.step()
        await sending.wait()
        await house.engine.modals.stop(0)
    await house.restart()


async def test_killed_while_the_modal_was_being_sent_its_task_is_looked_at_and_asked_nothing_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = await filled_in(house)
    await kill_in_the_modal(house, monkeypatch, arrived=False)
    assert (await house.job(job_id)).status is Status.NEEDS_INPUT
    await house.pass_time(11 * 60, every=5)
    assert (await house.job(job_id)).status is Status.UNKNOWN
    assert house.api.modals == []
    assert [parcel.job.status for parcel in house.discord.words[job_id]] == [Status.UNKNOWN]


async def test_killed_after_the_modal_arrived_its_picture_is_delivered(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = await filled_in(house)
    await kill_in_the_modal(house, monkeypatch, arrived=True)
    house.api.finish(await task_of(house, job_id))
    await house.pass_time(12)
    assert (await house.job(job_id)).delivery.status is DeliveryStatus.DELIVERED
    assert len(house.api.modals) == 1


async def test_killed_after_the_modal_was_accepted_a_stale_question_is_ignored(house: House) -> None:
    job_id = await filled_in(house)
    await house.settle()
    assert len(house.api.modals) == 1
    await house.restart()
    task_id = await task_of(house, job_id)
    house.api.change(task_id, phase=Phase.NEEDS_INPUT)
    await house.pass_time(60)
    assert (await house.job(job_id)).status is Status.RUNNING
    house.api.finish(task_id)
    await house.pass_time(12)
    assert (await house.job(job_id)).delivery.status is DeliveryStatus.DELIVERED
    assert len(house.api.modals) == 1


# Late successes -----------------------------------------------------------------------------------------------------


async def test_a_question_that_expired_unanswered_is_not_answered_any_more_but_its_picture_still_comes(
    house: House,
) -> None:
    job_id = await filled_in(house)
    house.api.modal_refusals.extend(CometBusy("429") for _ in range(10_000))
    await house.pass_time(76 * 60, every=20)
    assert (await house.job(job_id)).status is Status.EXPIRED
    house.api.modal_refusals.clear()
    await house.pass_time(10 * 60, every=20)
    assert house.api.modals == []
    house.api.finish(await task_of(house, job_id))
    await house.pass_time(7 * 60, every=20)
    assert [message.parcel.job.id for message in house.discord.messages][1:] == [job_id]


async def test_a_modal_job_that_expired_is_delivered_when_it_ends_after_all(house: House) -> None:
    job_id = await filled_in(house)
    await house.settle()
    house.api.change(await task_of(house, job_id), phase=Phase.NEEDS_INPUT)
    await house.pass_time(76 * 60, every=20)
    assert (await house.job(job_id)).status is Status.EXPIRED
    house.api.finish(await task_of(house, job_id))
    await house.restart()
    await house.pass_time(20)
    job = await house.job(job_id)
    assert job.delivery.status is DeliveryStatus.DELIVERED
    assert job.finished_at is not None
    assert job.give_up_at is not None
    assert job.finished_at > job.give_up_at  # by which its message says sorry
    assert len(house.api.modals) == 1


async def test_a_modal_of_unknown_outcome_that_expires_is_not_sent_either(house: House) -> None:
    job_id = await filled_in(house)
    house.api.modal_refusals.append(CometUncertain("reset"))
    await house.pass_time(76 * 60, every=20)
    assert (await house.job(job_id)).status is Status.UNKNOWN
    assert house.api.modals == []
