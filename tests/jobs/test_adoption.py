"""A task whose submit was never answered is found by its callback, and only where the API itself says whose it is."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.config.keys import ECHOES, load_key
from bot.errors import CometBusy, CometUncertain, CometUnreachable
from bot.fault_points import Deed, FaultPlan, Point, armed
from bot.jobs.adopting.echoes import Echoes
from bot.jobs.adopting.journal import Journal
from bot.jobs.adopting.spool import Hint, Spool
from bot.jobs.ports import Outcome
from bot.model import Accepted, DeliveryStatus, Phase, Status

if TYPE_CHECKING:
    from tests.jobs.conftest import House

JUNK = "01BX5ZZKBKACTAV9WEVGEMMVRZ"


def mark(house: House, job_id: str) -> str:
    """Return what the job's submits are marked with."""
    return Echoes(load_key(house.folder, ECHOES)).of(job_id)


def hint(house: House, job_id: str, task_id: str, word: str = "SUCCESS") -> Hint:
    """Return what a callback about this job would leave."""
    return Hint(task_id, mark(house, job_id), word)


def spool_of(house: House) -> Spool:
    return Spool(house.folder / "spool")


async def lost(house: House) -> tuple[str, str]:
    """Return a job whose paid submit was not answered, and the task that nobody told us of."""
    house.api.lost_answers.append(CometUncertain("reset"))
    job_id = await house.imagine()
    await house.settle()
    job = await house.job(job_id)
    assert (job.status, job.task_id) == (Status.UNKNOWN, None)
    return job_id, house.api.charges[-1].task_id


async def adopt(house: House, seconds: float = 3) -> None:
    """Let adoption work for some seconds."""
    for _ in range(int(seconds)):
        await house.engine.adoption.step()
        await house.engine.adoption.drain()
        house.clock.advance(1)


async def test_a_callback_finds_the_task_and_the_person_gets_their_picture(house: House) -> None:
    job_id, task_id = await lost(house)
    assert [parcel.job.status for parcel in house.discord.words[job_id]] == [Status.UNKNOWN]
    house.api.change(task_id, phase=Phase.RUNNING, progress=46)
    spool_of(house).put([hint(house, job_id, task_id, "IN_PROGRESS")])
    await adopt(house)
    job = await house.job(job_id)
    assert (job.status, job.task_id, job.delivery.status) == (Status.RUNNING, task_id, DeliveryStatus.WAITING)
    assert spool_of(house).read((), 10) == {}
    await house.pass_time(6)
    assert house.discord.progress[job_id][-1].progress == 46, "the message shows progress again"
    house.api.finish(task_id)
    await house.pass_time(10)
    assert [message.job.id for message in house.discord.messages] == [job_id]
    assert len(house.api.charges) == 1
    (attempt,) = await house.database.read("SELECT outcome FROM attempts WHERE job_id = ?", (job_id,))
    assert attempt["outcome"] == Outcome.ACCEPTED


async def test_without_a_callback_it_stays_unknown_and_nothing_is_sent_again(house: House) -> None:
    job_id, _ = await lost(house)
    await adopt(house, 30)
    assert (await house.job(job_id)).status is Status.UNKNOWN
    assert len(house.api.charges) == 1
    assert house.api.fetches == []


async def test_a_mark_that_is_not_there_yet_is_waited_for(house: House) -> None:
    job_id, task_id = await lost(house)
    whole = house.api.tasks[task_id]
    house.api.tasks[task_id] = replace(whole, echo="")
    house.engine.adoption.take(hint(house, job_id, task_id))
    await adopt(house, 20)
    assert (await house.job(job_id)).status is Status.UNKNOWN
    assert 3 <= len(house.api.fetches) <= 5, "further and further apart"
    house.api.tasks[task_id] = whole
    await adopt(house, 20)
    assert (await house.job(job_id)).task_id == task_id


@pytest.mark.parametrize("echo", ["somebody else's", f"{JUNK}.aaaaaaaaaaaaaaaa"])
async def test_a_task_that_the_api_says_is_not_the_jobs_is_left_alone(house: House, echo: str) -> None:
    job_id, task_id = await lost(house)
    house.api.tasks[task_id] = replace(house.api.tasks[task_id], echo=echo, picture_url="https://evil.example/x.png")
    spool_of(house).put([hint(house, job_id, task_id)])
    before = await house.job(job_id)
    await adopt(house)
    assert await house.job(job_id) == before
    assert house.api.downloads == []
    assert spool_of(house).read((), 10) == {}


async def test_a_forged_mark_is_not_even_looked_into(house: House) -> None:
    job_id, task_id = await lost(house)
    forged = [Hint(task_id, f"{job_id}.{'a' * 16}"), Hint(task_id, job_id), Hint(task_id, "")]
    assert not any(house.engine.adoption.take(each) for each in forged)
    spool_of(house).put(forged)
    await adopt(house)
    assert house.api.fetches == []
    assert (await house.job(job_id)).status is Status.UNKNOWN
    assert spool_of(house).read((), 10) == {}


async def test_a_task_that_the_api_does_not_know_is_given_up_after_a_day(house: House) -> None:
    job_id, _ = await lost(house)
    spool_of(house).put([hint(house, job_id, "1")])
    await adopt(house, 60)
    looks = len(house.api.fetches)
    assert 4 <= looks <= 7
    house.clock.advance(24 * 3600)
    await adopt(house)
    assert len(house.api.fetches) == looks + 1, "asked once more, however late"
    assert spool_of(house).read((), 10) == {}


async def test_an_old_callback_still_finds_its_task(house: House) -> None:
    job_id, task_id = await lost(house)
    spool_of(house).put([hint(house, job_id, task_id)])
    house.clock.advance(3 * 24 * 3600)  # the machine was off
    await house.restart()
    await adopt(house)
    assert (await house.job(job_id)).task_id == task_id


async def test_an_api_that_is_down_or_busy_is_asked_again(house: House) -> None:
    job_id, task_id = await lost(house)
    house.api.look_errors += [CometUnreachable("down"), CometBusy("429")]
    house.engine.adoption.take(hint(house, job_id, task_id))
    await adopt(house, 5)
    assert (await house.job(job_id)).status is Status.UNKNOWN
    assert len(house.api.fetches) == 2, "and left alone while it is busy"
    await adopt(house, 5)
    assert (await house.job(job_id)).status is Status.RUNNING


async def test_a_callback_that_comes_before_the_answer_waits_for_it(house: House) -> None:
    house.api.hold()
    job_id = await house.imagine()
    await house.engine.submitter.step()
    await house.api.until_charged(1)
    house.engine.adoption.take(hint(house, job_id, house.api.charges[0].task_id))
    await adopt(house, 5)
    assert (await house.job(job_id)).status is Status.SUBMITTING
    house.api.answering.set()
    await house.engine.submitter.drain()
    await adopt(house, 5)
    assert (await house.job(job_id)).status is Status.RUNNING
    assert house.api.fetches == [], "the answer told it all"


async def test_a_job_that_would_be_sent_again_although_the_api_took_it_is_not(house: House) -> None:
    job_id, task_id = await lost(house)
    await house.database.write(
        lambda connection: connection.execute("UPDATE jobs SET status = 'queued' WHERE id = ?", (job_id,))
    )
    house.engine.adoption.take(hint(house, job_id, task_id))
    await adopt(house)
    assert (await house.job(job_id)).status is Status.RUNNING
    await house.pass_time(30)
    assert len(house.api.charges) == 1


async def test_a_hint_about_a_running_task_makes_its_next_look_come_now(house: House) -> None:
    job_id, task_id = await house.running()
    house.api.finish(task_id)
    await house.engine.tracker.step()
    assert house.api.fetches == [], "its time has not come"
    house.engine.adoption.take(hint(house, job_id, task_id))
    await adopt(house, 1)
    await house.engine.tracker.step()
    await house.engine.tracker.drain()
    assert (await house.job(job_id)).status is Status.SUCCEEDED


async def test_callbacks_that_come_late_twice_or_in_any_order_change_nothing(house: House) -> None:
    job_id = await house.finished()
    task_id = (await house.job(job_id)).task_id or ""
    before = await house.job(job_id)
    for word in ("SUCCESS", "SUCCESS", "IN_PROGRESS", "NOT_START", "FAILURE"):
        spool_of(house).put([hint(house, job_id, task_id, word)])
        await adopt(house, 1)
    assert await house.job(job_id) == before
    assert spool_of(house).read((), 10) == {}


async def test_a_second_task_of_a_job_is_told_to_the_owner_and_not_adopted(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    job_id, task_id = await house.running()
    twin = replace(house.api.tasks[task_id], task_id="999")
    house.api.tasks["999"] = twin
    house.engine.adoption.take(hint(house, job_id, "999"))
    await adopt(house)
    assert (await house.job(job_id)).task_id == task_id
    assert f"Task 999 was made for this job too, which is running (task {task_id})" in caplog.text


async def test_a_task_of_another_job_is_not_taken_away_from_it(house: House) -> None:
    job_id, _ = await lost(house)
    other, task_id = await house.running("a cat")
    house.api.tasks[task_id] = replace(house.api.tasks[task_id], echo=mark(house, job_id))
    house.engine.adoption.take(hint(house, job_id, task_id))
    await adopt(house)
    assert (await house.job(job_id)).task_id is None
    assert (await house.job(other)).task_id == task_id


async def test_hints_about_jobs_that_are_not_there_are_dropped(house: House) -> None:
    job_id, task_id = await lost(house)
    spool_of(house).put([hint(house, JUNK, "1"), hint(house, job_id, task_id)])
    await house.store.delete(job_id, house.clock.now())
    await adopt(house)
    assert house.api.fetches == []
    assert spool_of(house).read((), 10) == {}


async def test_after_submit_again_both_pictures_come_since_both_were_paid(house: House) -> None:
    grid = await house.finished()
    house.api.lost_answers.append(CometUncertain("reset"))
    first = (await house.press(grid, 0)).job.id
    await house.settle()
    lost_task = house.api.charges[-1].task_id
    again = (await house.engine.services.again.submit(house.origin(), first)).job.id
    await house.engine.services.jobs.answered(again, 8999)
    await house.settle()
    house.engine.adoption.take(hint(house, first, lost_task))
    await adopt(house)
    for charge in house.api.charges[1:]:
        house.api.finish(charge.task_id)
    await house.pass_time(15)
    assert {message.job.id for message in house.discord.messages} == {grid, first, again}
    shared = await house.press(grid, 0)
    assert (shared.entry, shared.job.id) == ("shared", again)
    assert len(house.api.charges) == 3


async def test_a_spool_that_was_filled_while_the_bot_was_dead_is_read_at_the_next_start(house: House) -> None:
    house.api.hold()
    job_id = await house.imagine()
    await house.engine.submitter.step()
    await house.api.until_charged(1)
    written = hint(house, job_id, house.api.charges[0].task_id)
    spool_of(house).put([written])
    await house.restart()
    assert (await house.job(job_id)).status is Status.UNKNOWN
    await adopt(house)
    assert (await house.job(job_id)).status is Status.RUNNING
    house.api.answering.set()
    await asyncio.sleep(0)


async def test_an_adoption_that_stumbles_after_its_commit_is_followed_all_the_same(house: House) -> None:
    job_id, task_id = await lost(house)
    spool_of(house).put([hint(house, job_id, task_id)])
    house.api.finish(task_id)
    with armed(FaultPlan(Point.ADOPTED, Deed.RAISE)):
        await adopt(house, 1)
    assert (await house.job(job_id)).status is Status.RUNNING
    assert len(house.engine.tracker) == 0
    await adopt(house, 3)
    await house.pass_time(3)
    assert (await house.job(job_id)).status is Status.SUCCEEDED
    assert spool_of(house).read((), 10) == {}


# The journal: what was answered and not recorded ----------------------------------------------------------------------


@pytest.mark.parametrize("point", [Point.JOURNALED, Point.ANSWER_READ])
async def test_a_process_that_ends_after_the_journal_and_before_the_row_loses_no_picture(
    house: House, point: Point
) -> None:
    job_id = await house.imagine()
    with armed(FaultPlan(point, Deed.RAISE)):
        await house.engine.submitter.step()
        await house.engine.submitter.drain()
    assert (await house.job(job_id)).status is Status.SUBMITTING
    await house.restart()
    job = await house.job(job_id)
    if point is Point.ANSWER_READ:  # not a line was written: only a callback could tell
        assert job.status is Status.UNKNOWN
        return
    assert (job.status, job.task_id) == (Status.RUNNING, house.api.charges[0].task_id)
    assert (house.folder / "journal").read_bytes() == b""
    house.api.finish(house.api.charges[0].task_id)
    await house.pass_time(10)
    assert [message.job.id for message in house.discord.messages] == [job_id]
    assert house.discord.words[job_id] == [], "nobody was told that it is unknown"
    assert len(house.api.charges) == 1


async def test_a_modal_step_that_changed_the_task_is_followed_after_a_restart(house: House) -> None:
    grid = await house.finished()
    house.api.accept_as.append(Accepted(task_id="", needs_input=True))
    job_id = (await house.press(grid, 4)).job.id
    answer = house.api.answer_modal

    async def elsewhere(*args: object, **options: object) -> Accepted:
        await answer(*args, **options)  # pyright: ignore[reportArgumentType] - handed on as they came
        return Accepted(task_id="another")

    house.api.answer_modal = elsewhere
    with armed(FaultPlan(Point.JOURNALED, Deed.RAISE, nth=2)):
        await house.settle()
    await house.restart()
    assert (await house.job(job_id)).task_id == "another"


@pytest.mark.parametrize("status", [Status.UNKNOWN, Status.QUEUED])
async def test_a_job_that_was_answered_with_a_task_that_another_has_shares_it_and_is_not_sent_again(
    house: House, status: Status
) -> None:
    other, task_id = await house.running("a cat")
    job_id, _ = await lost(house)
    await house.database.write(
        lambda connection: connection.execute("UPDATE jobs SET status = ? WHERE id = ?", (status.value, job_id))
    )
    await Journal(house.folder / "journal").write(job_id, task_id)
    await house.restart()
    job = await house.job(job_id)
    assert (job.status, job.task_id) == (Status.RUNNING, task_id)
    house.api.finish(task_id)
    await house.pass_time(10)
    assert {message.job.id for message in house.discord.messages} == {other, job_id}
    assert len(house.api.charges) == 2, "one each, and none after that"


async def test_an_answer_that_a_job_cannot_take_any_more_is_told_to_the_owner(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    job_id, task_id = await house.running()
    await Journal(house.folder / "journal").write(job_id, "999")
    await house.restart()
    assert (await house.job(job_id)).task_id == task_id
    assert f"this job, which is running (task {task_id}), was accepted as task 999" in caplog.text


async def test_a_row_that_is_right_is_not_touched_by_what_the_journal_still_holds(house: House) -> None:
    job_id, task_id = await house.running()
    await Journal(house.folder / "journal").write(job_id, task_id)
    before = await house.job(job_id)
    await house.restart()
    assert await house.job(job_id) == before
