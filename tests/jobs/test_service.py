from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.errors import (
    ActionUnavailable,
    CannotCancel,
    CometUncertain,
    JobUnknown,
    NotAccepted,
    NotPermitted,
)
from bot.model import Action, Entry, Kind, Speed, Status
from tests.fakes import GRID
from tests.jobs.conftest import House  # noqa: TC001 - pytest reads the annotations of fixtures


async def test_the_same_interaction_makes_one_job(house: House) -> None:
    origin = house.origin()
    first = await house.engine.services.jobs.imagine(origin, "a fox", Speed.FAST)
    second = await house.engine.services.jobs.imagine(origin, "a fox", Speed.FAST)
    assert (first.entry, second.entry) == (Entry.NEW, Entry.REPLAYED)
    assert first.job.id == second.job.id


async def test_twenty_people_on_one_u_make_one_job(house: House) -> None:
    grid = await house.finished()
    paid = len(house.api.charges)
    receipts = await asyncio.gather(*(house.press(grid, 1, user_id=user) for user in range(20)))
    await house.pass_time(3)
    assert [receipt.entry for receipt in receipts].count(Entry.NEW) == 1
    assert {receipt.job.id for receipt in receipts} == {receipts[0].job.id}
    assert len(house.api.charges) == paid + 1


async def test_a_pressed_u_is_the_same_result_forever(house: House) -> None:
    grid = await house.finished()
    first = await house.press(grid, 1)
    await house.pass_time(3)
    task_id = (await house.job(first.job.id)).task_id
    assert task_id is not None
    house.api.finish(task_id)
    await house.pass_time(10)
    again = await house.press(grid, 1, user_id=2)
    assert (again.entry, again.job.id) == (Entry.SHARED, first.job.id)
    shown = await house.engine.services.library.open(house.origin(2), again.job.id)
    assert shown.media is not None


async def test_a_failed_u_may_be_pressed_again(house: House) -> None:
    grid = await house.finished()
    first = await house.press(grid, 1)
    await house.settle()
    task_id = (await house.job(first.job.id)).task_id
    assert task_id is not None
    house.api.fail(task_id, "Internal Server Error")
    await house.pass_time(10)
    assert (await house.press(grid, 1)).entry is Entry.NEW


async def test_a_variation_pressed_twice_within_three_seconds_is_one_job_and_later_another(house: House) -> None:
    grid = await house.finished()
    first = await house.press(grid, 5)
    house.clock.advance(2)
    second = await house.press(grid, 5)
    house.clock.advance(2)
    third = await house.press(grid, 5)
    assert [first.entry, second.entry, third.entry] == [Entry.NEW, Entry.REPEATED, Entry.NEW]


async def test_two_people_may_each_have_their_variation(house: House) -> None:
    grid = await house.finished()
    receipts = [await house.press(grid, 5, user_id=user) for user in (1, 2)]
    assert [receipt.entry for receipt in receipts] == [Entry.NEW, Entry.NEW]


async def test_an_action_names_its_parent_and_keeps_its_prompt_and_speed(house: House) -> None:
    grid = await house.finished("a fox --ar 3:2")
    job = (await house.press(grid, 6, user_id=2)).job
    assert (job.parent_id, job.action_label, job.quadrant, job.kind) == (grid, "V3", 3, Kind.VARIATION)
    assert (job.prompt, job.speed, job.user_id) == ("a fox --ar 3:2", Speed.FAST, 2)


async def test_pressing_an_unknown_u_is_never_a_silent_resend(house: House) -> None:
    grid = await house.finished()
    house.api.lost_answers.append(CometUncertain("reset"))
    first = await house.press(grid, 1)
    await house.pass_time(3)
    paid = len(house.api.charges)
    again = await house.press(grid, 1)
    await house.pass_time(3)
    assert (again.entry, again.job.id, again.job.status) == (Entry.SHARED, first.job.id, Status.UNKNOWN)
    assert len(house.api.charges) == paid


async def test_submit_again_makes_one_new_job_in_the_place_of_the_unknown_one(house: House) -> None:
    grid = await house.finished()
    house.api.lost_answers.append(CometUncertain("reset"))
    lost = (await house.press(grid, 1)).job
    await house.pass_time(3)
    first = await house.engine.services.again.submit(house.origin(), lost.id)
    second = await house.engine.services.again.submit(house.origin(), lost.id)
    assert (first.entry, second.entry) == (Entry.NEW, Entry.REPEATED)
    assert first.job.retry_of == lost.id
    await house.engine.services.jobs.answered(first.job.id, 1)
    await house.pass_time(3)
    assert (await house.press(grid, 1, user_id=3)).job.id == first.job.id
    assert (await house.job(lost.id)).status is Status.UNKNOWN


async def test_only_the_author_or_a_moderator_may_submit_again(house: House) -> None:
    house.api.lost_answers.append(CometUncertain("reset"))
    job_id = await house.imagine()
    await house.pass_time(3)
    with pytest.raises(NotPermitted):
        await house.engine.services.again.submit(house.origin(user_id=2), job_id)
    moderator = replace(house.origin(user_id=2), may_moderate=True)
    assert (await house.engine.services.again.submit(moderator, job_id)).entry is Entry.NEW


async def test_a_job_of_known_outcome_is_not_submitted_again(house: House) -> None:
    job_id = await house.finished()
    with pytest.raises(ActionUnavailable, match="known by now"):
        await house.engine.services.again.submit(house.origin(), job_id)


async def test_a_queued_job_is_cancelled_for_free(house: House) -> None:
    job_id = await house.imagine()
    assert (await house.engine.services.jobs.cancel(house.origin(), job_id)).status is Status.CANCELLED
    await house.pass_time(5)
    assert house.api.charges == []
    assert [parcel.job.status for parcel in house.discord.words[job_id]] == [Status.CANCELLED]


async def test_a_sent_job_cannot_be_cancelled_and_the_sentence_says_why(house: House) -> None:
    job_id, _ = await house.running()
    with pytest.raises(CannotCancel, match="Midjourney has the job already"):
        await house.engine.services.jobs.cancel(house.origin(), job_id)


async def test_strangers_cannot_cancel_but_moderators_can(house: House) -> None:
    job_id = await house.imagine()
    with pytest.raises(NotPermitted):
        await house.engine.services.jobs.cancel(house.origin(user_id=2), job_id)
    cancelled = await house.engine.services.jobs.cancel(replace(house.origin(user_id=2), may_moderate=True), job_id)
    assert cancelled.status is Status.CANCELLED


async def test_a_job_is_shown_to_its_author_anywhere_and_to_others_only_in_its_channel(house: House) -> None:
    job_id = await house.finished()
    library = house.engine.services.library
    assert (await library.show(house.origin(user_id=1, channel_id=999), job_id)).job.id == job_id
    assert (await library.show(house.origin(user_id=2, channel_id=500), job_id)).job.id == job_id
    with pytest.raises(JobUnknown):
        await library.show(house.origin(user_id=2, channel_id=999), job_id)
    with pytest.raises(JobUnknown):
        await house.engine.services.jobs.act(house.origin(user_id=2, channel_id=999), job_id, 1)


async def test_an_unknown_id_and_anothers_job_are_told_alike(house: House) -> None:
    job_id = await house.finished()
    replies: list[str] = []
    for asked in (job_id, "01ARZ3NDEKTSV4RRFFQ69G5FAV"):
        with pytest.raises(JobUnknown) as caught:
            await house.engine.services.library.show(house.origin(user_id=2, channel_id=999), asked)
        replies.append(caught.value.reply)
    assert replies[0] == replies[1]


async def test_the_authors_own_u_elsewhere_shows_what_another_person_paid_for(house: House) -> None:
    grid = await house.finished()
    child = await house.press(grid, 1, user_id=2)
    elsewhere = house.origin(user_id=1, channel_id=999)
    assert (await house.engine.services.jobs.act(elsewhere, grid, 1)).job.id == child.job.id
    assert (await house.engine.services.library.show(elsewhere, child.job.id)).job.id == child.job.id


async def test_a_button_that_needs_input_is_answered_with_a_sentence_and_costs_nothing_without_it(house: House) -> None:
    zoom = Action(index=8, action_id="MJ::CustomZoom::u", kind=Kind.ZOOM, label="Custom Zoom", needs_input=True)
    job_id = await house.finished(actions=(*GRID, zoom))
    paid = len(house.api.charges)
    with pytest.raises(ActionUnavailable, match="fill in what it asks for"):
        await house.press(job_id, 8)
    await house.pass_time(3)
    assert len(house.api.charges) == paid


async def test_a_button_that_does_not_exist_is_answered(house: House) -> None:
    job_id = await house.finished()
    with pytest.raises(ActionUnavailable):
        await house.press(job_id, 77)


async def test_animate_has_no_turbo(house: House) -> None:
    job_id = await house.imagine(speed=Speed.TURBO)
    await house.settle()
    task_id = (await house.job(job_id)).task_id
    assert task_id is not None
    house.api.finish(task_id)
    animate = Action(index=8, action_id="MJ::JOB::animate_high::1::u", kind=Kind.ANIMATE, label="Animate")
    house.api.tasks[task_id] = replace(house.api.tasks[task_id], actions=(*GRID, animate))
    await house.pass_time(10)
    assert (await house.press(job_id, 8)).job.speed is Speed.FAST
    assert (await house.press(job_id, 4)).job.speed is Speed.TURBO


async def test_a_stopping_process_accepts_nothing_more(house: House) -> None:
    house.engine.services.jobs.close()
    with pytest.raises(NotAccepted, match="restarting"):
        await house.engine.services.jobs.imagine(house.origin(), "a fox", Speed.FAST)


async def test_history_pages_are_stable_while_new_jobs_arrive(house: House) -> None:
    ids: list[str] = []
    for number in range(25):
        house.clock.advance(1)
        ids.append(await house.imagine(f"{number}"))
    first = await house.engine.services.library.history(1)
    house.clock.advance(1)
    await house.imagine("new")
    second = await house.engine.services.library.history(1, before=first.older)
    third = await house.engine.services.library.history(1, before=second.older)
    seen = [job.id for page in (first, second, third) for job in page.jobs]
    assert seen == ids[::-1]
    assert third.older is None


async def test_newer_leads_to_the_newest_page_where_what_was_newer_is_gone(house: House) -> None:
    older, gone = await house.finished(), await house.finished()
    library = house.engine.services.library
    await house.engine.services.deletions.delete(house.origin(), gone)
    assert [job.id for job in (await library.history(1, after=older)).jobs] == [older]


async def test_history_has_only_ones_own_jobs(house: House) -> None:
    mine = await house.imagine(user_id=1)
    await house.imagine(user_id=2)
    assert [job.id for job in (await house.engine.services.library.history(1)).jobs] == [mine]


async def test_after_a_retry_that_came_to_nothing_the_unknown_u_is_still_no_silent_resend(house: House) -> None:
    grid = await house.finished()
    house.api.lost_answers.append(CometUncertain("reset"))
    lost = (await house.press(grid, 1)).job
    await house.pass_time(3)
    paid = len(house.api.charges)
    retry = (await house.engine.services.again.submit(house.origin(), lost.id)).job
    await house.engine.services.jobs.cancel(house.origin(), retry.id)
    again = await house.press(grid, 1)
    await house.pass_time(3)
    assert (again.entry, again.job.id) == (Entry.SHARED, lost.id)
    assert len(house.api.charges) == paid


async def test_a_u_that_expired_may_be_pressed_anew_once_nobody_looks_for_it_any_more(house: House) -> None:
    grid = await house.finished()
    first = (await house.press(grid, 1)).job.id
    await house.settle()
    house.api.hidden.add(house.api.charges[-1].task_id)
    await house.pass_time(77 * 60, every=20)
    again = await house.press(grid, 1)
    assert (again.entry, again.job.id, again.job.status) == (Entry.SHARED, first, Status.EXPIRED)
    house.clock.advance(24 * 60 * 60)
    assert (await house.press(grid, 1)).entry is Entry.NEW
