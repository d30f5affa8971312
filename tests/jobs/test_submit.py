# pyright: reportPrivateUsage=false
from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.errors import (
    CometAuth,
    CometBanned,
    CometBusy,
    CometInvalid,
    CometMisrouted,
    CometNotReady,
    CometQueueFull,
    CometQuota,
    CometTaskMissing,
    CometUncertain,
    CometUnreachable,
    StorageError,
)
from bot.model import Accepted, Action, Failure, Kind, Phase, Speed, Status, Waiting

if TYPE_CHECKING:
    from bot.errors import (
        CometError,
    )
    from bot.model import Job
    from tests.jobs.conftest import House


async def test_an_answered_job_is_sent_once_and_then_runs(house: House) -> None:
    job_id, task_id = await house.running("a fox")
    await house.pass_time(5)
    job = await house.job(job_id)
    assert job.status is Status.RUNNING
    assert job.task_id == task_id
    assert [(charge.echo, charge.what, charge.speed) for charge in house.api.charges] == [(job_id, "a fox", Speed.FAST)]


async def test_nothing_is_sent_before_the_person_has_seen_the_answer(house: House) -> None:
    receipt = await house.engine.services.jobs.imagine(house.origin(), "a fox", Speed.FAST)
    await house.pass_time(5)
    assert house.api.charges == []
    await house.engine.services.jobs.answered(receipt.job.id, 1)
    await house.settle()
    assert len(house.api.charges) == 1


async def test_a_withdrawn_job_is_never_sent(house: House) -> None:
    receipt = await house.engine.services.jobs.imagine(house.origin(), "a fox", Speed.FAST)
    await house.engine.services.jobs.withdraw(receipt.job.id)
    await house.engine.services.jobs.answered(receipt.job.id, 1)
    await house.pass_time(5)
    assert house.api.charges == []
    assert (await house.job(receipt.job.id)).status is Status.CANCELLED


async def test_the_row_says_submitting_while_the_request_is_under_way(house: House) -> None:
    house.api.hold()
    job_id = await house.imagine()
    await house.engine.submitter.step()
    await house.api.until_charged(1)
    assert (await house.job(job_id)).status is Status.SUBMITTING
    house.api.answering.set()
    await house.engine.submitter.drain()
    assert (await house.job(job_id)).status is Status.RUNNING


@pytest.mark.parametrize(
    ("error", "failure", "detail"),
    [
        (CometBanned("sensitive", word="nude"), Failure.BANNED, "nude"),
        (CometInvalid("--ar out of range"), Failure.INVALID, "--ar out of range"),
        (CometAuth("bad key"), Failure.BAD_KEY, "bad key"),
        (CometQuota("no money"), Failure.NO_BALANCE, "no money"),
        (CometMisrouted("a web page"), Failure.MISROUTED, "a web page"),
        (CometTaskMissing("gone"), Failure.NO_ACCOUNT, "gone"),
    ],
)
async def test_a_final_refusal_fails_the_job_with_its_reason(
    house: House, error: CometError, failure: Failure, detail: str
) -> None:
    house.api.refusals.append(error)
    job_id = await house.imagine()
    await house.pass_time(3)
    job = await house.job(job_id)
    assert (job.status, job.failure, job.failure_detail) == (Status.FAILED, failure, detail)
    assert house.api.charges == []
    assert [parcel.job.failure for parcel in house.discord.words[job_id]] == [failure]


@pytest.mark.parametrize(
    ("error", "waiting"),
    [
        (CometUnreachable("refused"), Waiting.UNREACHABLE),
        (CometBusy("429", retry_after=timedelta(seconds=7)), Waiting.BUSY),
        (CometQueueFull("queue full"), Waiting.QUEUE_FULL),
    ],
)
async def test_what_was_proved_not_accepted_is_sent_again_later(
    house: House, error: CometError, waiting: Waiting
) -> None:
    house.api.refusals.extend([error] * 3)
    job_id = await house.imagine()
    await house.settle()
    job = await house.job(job_id)
    assert (job.status, job.waiting) == (Status.QUEUED, waiting)
    await house.pass_time(45)
    assert (await house.job(job_id)).status is Status.RUNNING
    assert len(house.api.charges) == 1
    assert any(shown.waiting is waiting for shown in house.discord.progress[job_id])


async def test_retry_after_is_honored(house: House) -> None:
    house.api.refusals.append(CometBusy("429", retry_after=timedelta(seconds=60)))
    await house.imagine()
    await house.pass_time(58)
    assert house.api.charges == []
    await house.pass_time(6)
    assert len(house.api.charges) == 1


async def test_a_lost_answer_makes_the_job_unknown_and_nothing_is_sent_again(house: House) -> None:
    house.api.lost_answers.append(CometUncertain("read timeout"))
    job_id = await house.imagine()
    await house.pass_time(60)
    job = await house.job(job_id)
    assert job.status is Status.UNKNOWN
    assert len(house.api.charges) == 1
    assert [parcel.job.status for parcel in house.discord.words[job_id]] == [Status.UNKNOWN]


async def test_an_unforeseen_fault_of_the_adapter_counts_as_unknown(house: House) -> None:
    house.api.lost_answers.append(RuntimeError("bug"))  # pyright: ignore[reportArgumentType] - the point of the test
    job_id = await house.imagine()
    await house.pass_time(5)
    assert (await house.job(job_id)).status is Status.UNKNOWN
    assert len(house.api.charges) == 1


async def test_a_job_that_cannot_be_sent_for_half_an_hour_fails_free_of_charge(house: House) -> None:
    house.api.refusals.extend(CometUnreachable("refused") for _ in range(1000))
    house.api.key_errors.extend(CometUnreachable("refused") for _ in range(1000))
    job_id = await house.imagine()
    await house.pass_time(31 * 60, every=10)
    job = await house.job(job_id)
    assert (job.status, job.failure) == (Status.FAILED, Failure.UNREACHABLE)
    assert house.api.charges == []


async def test_five_unreachable_submits_close_the_gate_until_a_free_probe_succeeds(house: House) -> None:
    house.api.refusals.extend(CometUnreachable("refused") for _ in range(5))
    for number in range(5):
        await house.imagine(f"{number}")
    await house.settle()
    assert house.api.refusals == []
    late = await house.imagine("late")
    await house.pass_time(20)
    assert house.api.charges == []
    assert (await house.job(late)).waiting is Waiting.UNREACHABLE
    await house.pass_time(30)
    assert len(house.api.charges) == 6


async def test_a_bad_key_stops_all_submits_until_a_free_fetch_succeeds(house: House) -> None:
    await house.settle()
    house.api.refusals.append(CometAuth("401"))
    first = await house.imagine("first")
    await house.settle()
    house.api.key_errors.extend([CometAuth("401"), CometAuth("401")])
    second = await house.imagine("second")
    await house.pass_time(70)
    assert (await house.job(first)).status is Status.FAILED
    assert (await house.job(second)).waiting is Waiting.BAD_KEY
    assert house.api.charges == []
    await house.pass_time(30)
    assert (await house.job(second)).status is Status.RUNNING


async def test_an_action_on_a_task_that_the_api_lost_names_its_parent_as_the_reason(house: House) -> None:
    grid = await house.finished()
    house.api.refusals.append(CometTaskMissing("gone"))
    job_id = (await house.press(grid, 1)).job.id
    await house.pass_time(3)
    assert (await house.job(job_id)).failure is Failure.PARENT_GONE


async def test_a_wrong_address_is_not_called_a_bad_key(house: House) -> None:
    await house.settle()
    house.api.refusals.append(CometMisrouted("301"))
    await house.imagine("first")
    await house.settle()
    second = await house.imagine("second")
    await house.pass_time(5)
    assert (await house.job(second)).waiting is Waiting.MISROUTED


async def test_no_balance_is_tried_with_one_submit_every_five_minutes(house: House) -> None:
    house.api.refusals.extend([CometQuota("empty"), CometQuota("empty")])
    await house.imagine("first")
    await house.settle()
    second, third = await house.imagine("second"), await house.imagine("third")
    await house.pass_time(290, every=5)
    assert house.api.refusals != []
    await house.pass_time(20, every=5)
    assert house.api.refusals == []
    assert (await house.job(second)).failure is Failure.NO_BALANCE
    assert (await house.job(third)).waiting is Waiting.NO_BALANCE
    await house.pass_time(300, every=5)
    assert (await house.job(third)).status is Status.RUNNING


async def test_the_first_submit_of_a_process_waits_for_the_key_to_be_checked(house: House) -> None:
    house.api.key_errors.append(CometAuth("401"))
    job_id = await house.imagine()
    await house.settle()
    assert house.api.charges == []
    assert (await house.job(job_id)).waiting is Waiting.BAD_KEY
    await house.pass_time(33)
    assert len(house.api.charges) == 1


async def test_an_action_refused_as_not_ready_is_tried_at_two_and_five_seconds_then_fails(house: House) -> None:
    grid = await house.finished()
    paid = len(house.api.charges)
    house.api.refusals.extend(CometNotReady("3") for _ in range(3))
    receipt = await house.press(grid, 1)
    await house.pass_time(15)
    job = await house.job(receipt.job.id)
    assert (job.status, job.failure) == (Status.FAILED, Failure.PARENT_GONE)
    assert len(house.api.charges) == paid
    assert len(house.api.fetches) >= 2


async def test_an_action_not_ready_once_succeeds_at_the_second_try(house: House) -> None:
    grid = await house.finished()
    house.api.refusals.append(CometNotReady("3"))
    receipt = await house.press(grid, 1)
    await house.pass_time(4)
    assert (await house.job(receipt.job.id)).status is Status.RUNNING


async def test_code_21_is_answered_at_once_with_the_parents_prompt(house: House) -> None:
    grid = await house.finished("a fox --ar 3:2")
    house.api.accept_as.append(Accepted(task_id="", needs_input=True, final_prompt="something else"))
    receipt = await house.press(grid, 4)
    await house.settle()
    job = await house.job(receipt.job.id)
    assert job.status is Status.RUNNING
    assert house.api.modals == [(job.task_id, "a fox --ar 3:2")]


async def test_a_refused_modal_is_asked_again_while_its_task_waits(house: House) -> None:
    grid = await house.finished()
    house.api.accept_as.append(Accepted(task_id="", needs_input=True))
    house.api.modal_refusals.append(CometBusy("429"))
    receipt = await house.press(grid, 4)
    await house.pass_time(15)
    assert len(house.api.modals) == 1
    assert (await house.job(receipt.job.id)).status is Status.RUNNING


async def test_a_modal_with_a_lost_answer_is_followed_and_never_sent_again(house: House) -> None:
    grid = await house.finished()
    house.api.accept_as.append(Accepted(task_id="", needs_input=True))
    house.api.modal_refusals.append(CometUncertain("reset"))
    receipt = await house.press(grid, 4)
    await house.pass_time(15)
    job = await house.job(receipt.job.id)
    assert job.status is Status.NEEDS_INPUT
    assert house.api.modals == []
    assert job.task_id is not None
    house.api.change(job.task_id, phase=Phase.RUNNING, progress=31)
    await house.pass_time(10)
    assert (await house.job(receipt.job.id)).status is Status.RUNNING


async def test_a_lost_modal_that_shows_nothing_for_ten_minutes_is_unknown_and_a_late_success_still_arrives(
    house: House,
) -> None:
    grid = await house.finished()
    house.api.accept_as.append(Accepted(task_id="", needs_input=True))
    house.api.modal_refusals.append(CometUncertain("reset"))
    job_id = (await house.press(grid, 4)).job.id
    await house.pass_time(11 * 60, every=5)
    job = await house.job(job_id)
    assert job.status is Status.UNKNOWN
    assert job.task_id is not None
    house.api.finish(job.task_id)
    await house.pass_time(7 * 60, every=10)
    assert (await house.job(job_id)).status is Status.SUCCEEDED


async def test_thirty_two_submits_go_out_at_once_and_the_rest_wait(house: House) -> None:
    house.api.hold()
    for number in range(40):
        await house.imagine(f"{number}", user_id=number)
    await house.engine.submitter.step()
    await house.api.until_charged(32)
    await house.engine.submitter.step()
    assert len(house.api.charges) == 32
    house.api.answering.set()
    await house.engine.submitter.drain()
    await house.settle()
    assert len(house.api.charges) == 40


async def test_a_task_id_is_written_down_however_long_the_database_refuses(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    transition, until = house.store.transition, house.clock.monotonic() + 300

    async def fails(job_id: str, source: Status, target: Status, **more: object) -> Job:
        if source is Status.SUBMITTING and house.clock.monotonic() < until:
            raise StorageError("disk full")
        return await transition(job_id, source, target, **more)  # pyright: ignore[reportArgumentType] - passed through

    monkeypatch.setattr(house.store, "transition", fails)
    job_id = await house.imagine()
    await house.settle()
    job = await house.job(job_id)
    assert (job.status, job.task_id) == (Status.RUNNING, house.api.charges[0].task_id)


async def test_an_action_whose_parent_cannot_be_refreshed_is_not_left_submitting(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    grid = await house.finished()

    async def fails(task_id: str) -> None:
        raise RuntimeError(task_id)

    house.api.refusals.append(CometNotReady("3"))
    with monkeypatch.context() as patch:
        patch.setattr(house.api, "fetch", fails)
        job_id = (await house.press(grid, 1)).job.id
        await house.settle()
    assert (await house.job(job_id)).status is Status.QUEUED
    await house.pass_time(5)
    assert (await house.job(job_id)).status is Status.RUNNING


async def test_a_wait_that_the_api_asks_for_does_not_outlast_the_patience_of_the_job(house: House) -> None:
    house.api.refusals.append(CometBusy("429", retry_after=timedelta(hours=1)))
    job_id = await house.imagine()
    await house.pass_time(30 * 60 + 5, every=5)
    job = await house.job(job_id)
    assert (job.status, job.failure) == (Status.FAILED, Failure.QUEUE_FULL)


async def test_a_database_that_refuses_starts_no_circle_of_submits(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise StorageError("disk full")

    await house.imagine()
    with monkeypatch.context() as patch:
        patch.setattr(house.store, "begin_submit", refuse)
        house.engine._submit_due.clear()
        await house.engine.submitter.step()
        await house.engine.submitter.drain()
        assert not house.engine._submit_due.is_set()
    assert house.api.charges == []
    await house.settle()
    assert len(house.api.charges) == 1


async def test_an_action_that_lost_its_parent_is_never_sent_as_a_prompt_of_its_own(house: House) -> None:
    grid = await house.finished()
    paid = len(house.api.charges)
    job_id = (await house.press(grid, 5)).job.id
    await house.database.write(lambda db: db.execute("DELETE FROM jobs WHERE id = ?", (grid,)).rowcount)
    await house.settle()
    assert (await house.job(job_id)).failure is Failure.PARENT_GONE
    assert len(house.api.charges) == paid


async def test_an_arrow_that_came_too_early_is_sent_as_itself_and_not_as_another_arrow(house: House) -> None:
    pans = tuple(
        Action(index=n, action_id=f"MJ::JOB::pan_{where}::1::u::SOLO", kind=Kind.PAN, label="", emoji=arrow)
        for n, (where, arrow) in enumerate(zip(("left", "right", "up", "down"), "⬅➡⬆⬇", strict=True))
    )
    picture = await house.finished(actions=pans)
    house.api.refusals.append(CometNotReady("3"))
    await house.press(picture, 0)
    await house.pass_time(6)
    assert house.api.charges[-1].what.endswith("pan_left::1::u::SOLO")


async def test_a_button_whose_own_id_has_changed_is_sent_by_its_new_one(house: House) -> None:
    left, right = (
        Action(index=n, action_id=f"MJ::JOB::pan_{n}::old", kind=Kind.PAN, label="", emoji=arrow)
        for n, arrow in enumerate("⬅➡")
    )
    picture = await house.finished(actions=(left, right))
    task_id = house.api.charges[-1].task_id
    fresh = tuple(replace(action, action_id=action.action_id.replace("old", "new")) for action in (left, right))
    house.api.tasks[task_id] = replace(house.api.tasks[task_id], actions=fresh)
    house.api.refusals.append(CometNotReady("3"))
    await house.press(picture, 0)
    await house.pass_time(6)
    assert house.api.charges[-1].what.endswith("pan_0::new")
