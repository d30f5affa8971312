from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.errors import CometBusy, CometInvalid, CometUncertain
from bot.jobs.tracking import pace
from bot.jobs.tracking.schedule import CHUNK, Timetable
from bot.model import Failure, Kind, Phase, Status

if TYPE_CHECKING:
    from tests.jobs.conftest import House


async def test_progress_is_written_and_shown_only_when_it_changes(house: House) -> None:
    job_id, task_id = await house.running()
    house.api.change(task_id, phase=Phase.RUNNING, progress=31)
    await house.pass_time(30)
    shown = [job.progress for job in house.discord.progress[job_id]]
    assert shown.count(31) == 1
    assert (await house.job(job_id)).progress == 31


async def test_progress_never_goes_back(house: House) -> None:
    job_id, task_id = await house.running()
    for progress in (62, 15, 78):
        house.api.change(task_id, phase=Phase.RUNNING, progress=progress)
        await house.pass_time(10)
    shown = [job.progress for job in house.discord.progress[job_id] if job.progress]
    assert shown == sorted(shown)
    assert shown[-1] == 78


async def test_one_progress_message_is_edited_at_most_every_five_seconds(house: House) -> None:
    job_id, task_id = await house.running()
    before = len(house.discord.progress[job_id])
    for progress in range(1, 41):
        house.api.change(task_id, phase=Phase.RUNNING, progress=60 + progress // 2)
        await house.pass_time(1)
    assert len(house.discord.progress[job_id]) - before <= 9


async def test_a_failed_task_fails_the_job_with_the_reason(house: House) -> None:
    job_id, task_id = await house.running()
    house.api.fail(task_id, "[Invalid parameter] Invalid value")
    await house.pass_time(12)
    job = await house.job(job_id)
    assert (job.status, job.failure) == (Status.FAILED, Failure.INVALID)


async def test_many_tasks_share_one_request(house: House) -> None:
    for number in range(250):
        await house.imagine(f"{number}", user_id=number)
    while len(house.api.charges) < 250:
        await house.settle()
    house.api.lists.clear()
    house.api.fetches.clear()
    await house.pass_time(10, every=0.25)
    assert house.api.fetches == []
    assert len(house.api.lists) < 20
    assert max(len(ids) for ids in house.api.lists) == CHUNK


async def test_one_task_is_fetched_by_itself(house: House) -> None:
    await house.running()
    await house.pass_time(10)
    assert house.api.lists == []
    assert house.api.fetches


@pytest.mark.parametrize("error", [CometInvalid("conditions"), CometUncertain("not JSON")])
async def test_a_list_that_is_refused_or_malformed_falls_back_to_single_fetches(
    house: House, error: CometInvalid | CometUncertain
) -> None:
    jobs = [await house.running(f"{number}") for number in range(4)]
    house.api.list_errors.extend([error] * 50)
    for _, task_id in jobs:
        house.api.finish(task_id)
    await house.pass_time(15)
    assert {(await house.job(job_id)).status for job_id, _ in jobs} == {Status.SUCCEEDED}


async def test_a_429_pauses_all_polling_for_as_long_as_asked(house: House) -> None:
    await house.running()
    house.api.look_errors.append(CometBusy("429", retry_after=timedelta(seconds=40)))
    await house.pass_time(8)
    asked = len(house.api.fetches)
    await house.pass_time(35)
    assert len(house.api.fetches) == asked
    await house.pass_time(10)
    assert len(house.api.fetches) > asked


async def test_an_outage_is_backed_off_from_and_survived(house: House) -> None:
    job_id, task_id = await house.running()
    house.api.look_errors.extend(CometUncertain("502") for _ in range(12))
    await house.pass_time(360)
    assert house.api.look_errors == []
    house.api.finish(task_id)
    await house.pass_time(30)
    assert (await house.job(job_id)).status is Status.SUCCEEDED


async def test_a_task_that_the_api_does_not_mention_is_not_failed_and_is_found_again(house: House) -> None:
    job_id, task_id = await house.running()
    house.api.hidden.add(task_id)
    await house.pass_time(600, every=5)
    assert (await house.job(job_id)).status is Status.RUNNING
    house.api.hidden.clear()
    house.api.finish(task_id)
    await house.pass_time(45, every=5)
    assert (await house.job(job_id)).status is Status.SUCCEEDED


async def test_after_75_minutes_a_job_is_expired_and_a_late_success_is_still_delivered(house: House) -> None:
    job_id, task_id = await house.running()
    house.api.change(task_id, phase=Phase.RUNNING, progress=80)
    await house.pass_time(76 * 60, every=20)
    assert (await house.job(job_id)).status is Status.EXPIRED
    assert [parcel.job.status for parcel in house.discord.words[job_id]] == [Status.EXPIRED]
    house.api.finish(task_id)
    await house.pass_time(10 * 60, every=20)
    assert (await house.job(job_id)).status is Status.SUCCEEDED
    assert [message.parcel.job.id for message in house.discord.messages] == [job_id]


async def test_an_outage_over_the_deadline_expires_nothing_that_nobody_looked_at(house: House) -> None:
    job_id, task_id = await house.running()
    house.api.look_errors.extend(CometUncertain("502") for _ in range(10_000))
    await house.pass_time(80 * 60, every=20)
    assert (await house.job(job_id)).status is Status.RUNNING
    house.api.look_errors.clear()
    house.api.finish(task_id)
    await house.pass_time(60, every=5)
    assert (await house.job(job_id)).status is Status.SUCCEEDED


async def test_a_success_without_a_picture_is_asked_for_again_before_it_counts(house: House) -> None:
    job_id, task_id = await house.running()
    house.api.finish(task_id, picture_url=None)
    await house.pass_time(12)
    assert (await house.job(job_id)).status is Status.RUNNING
    house.api.finish(task_id)
    await house.pass_time(10)
    assert (await house.job(job_id)).media_url == "https://cdn.example/grid.png"


async def test_a_success_that_stays_without_a_picture_is_delivered_with_its_buttons(house: House) -> None:
    job_id, task_id = await house.running()
    house.api.finish(task_id, picture_url=None)
    await house.pass_time(60)
    assert (await house.job(job_id)).status is Status.SUCCEEDED
    assert len(house.discord.messages[0].parcel.actions) == 8


async def test_a_row_frozen_at_100_percent_ends_with_the_picture_it_has(house: House) -> None:
    job_id, task_id = await house.running()
    house.api.change(task_id, phase=Phase.RUNNING, progress=100, preview_url="https://cdn.example/last.webp?rand=1")
    await house.pass_time(90)
    assert (await house.job(job_id)).status is Status.SUCCEEDED


async def test_a_row_frozen_at_100_percent_without_a_picture_fails(house: House) -> None:
    job_id, task_id = await house.running()
    house.api.change(task_id, phase=Phase.RUNNING, progress=100)
    await house.pass_time(90)
    job = await house.job(job_id)
    assert (job.status, job.failure) == (Status.FAILED, Failure.NO_PICTURE)


async def test_a_task_that_unexpectedly_asks_for_input_gets_the_parents_prompt_once(house: House) -> None:
    job_id, task_id = await house.running("a fox")
    house.api.change(task_id, phase=Phase.NEEDS_INPUT)
    await house.pass_time(10)
    assert house.api.modals == [(task_id, "a fox")]
    house.api.change(task_id, phase=Phase.NEEDS_INPUT)  # the stale row of contract 4.3
    await house.pass_time(60)
    assert house.api.modals == [(task_id, "a fox")]
    house.api.finish(task_id)
    await house.pass_time(10)
    assert (await house.job(job_id)).status is Status.SUCCEEDED


def test_the_timetable_fills_the_last_chunk_with_what_is_due_soon() -> None:
    table = Timetable()
    for number in range(150):
        table.put(f"due {number}", 10.0)
    for number in range(80):
        table.put(f"soon {number}", 10.5)
    chunks = table.take(10.0, most=4)
    assert [len(chunk) for chunk in chunks] == [100, 100]
    assert len(table) == 30
    assert table.take(9.0, most=4) == []


def test_the_timetable_starts_nothing_early_and_forgets_what_is_dropped() -> None:
    table = Timetable()
    table.put("a", 10.0)
    table.put("b", 11.0)
    table.put("a", 20.0)
    table.drop("b")
    assert table.take(15.0, most=4) == []
    assert table.next_due() == 20.0
    assert table.take(20.0, most=4) == [["a"]]
    assert table.next_due() is None


@pytest.mark.parametrize("age", [0.0, 7.0, 60.0, 599.0])
def test_looks_are_never_more_than_five_seconds_apart_in_the_first_ten_minutes(age: float) -> None:
    waits = [pace.next_look_seconds(pace.Pace(age, p), scale=1.0, jitter=0.999) for p in range(101)]
    assert min(waits) >= 0.9
    assert max(waits) <= 5.0


def test_looks_come_sooner_near_the_end() -> None:
    waits = [pace.next_look_seconds(pace.Pace(40.0, p), scale=1.0, jitter=0.0) for p in (15, 46, 62, 93)]
    assert waits == sorted(waits, reverse=True)


def test_an_upscale_is_looked_at_sooner_than_a_grid() -> None:
    assert pace.first_look_seconds(Kind.UPSCALE, scale=1.0) < pace.first_look_seconds(Kind.IMAGINE, scale=1.0)
