"""Deleted jobs, and buttons that lead nowhere any more."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.model import SETTLED, DeliveryStatus, Entry, Kind, Status
from tests.builders import START, action, job_id, new_job
from tests.storage.steps import put, running, settled

if TYPE_CHECKING:
    from bot.jobs.ports import JobStore
    from storage.database import Database

LATER = START + timedelta(hours=1)
MESSAGE, ANSWER = 777, 888


async def shown(store: JobStore, number: int = 1, status: Status = Status.SUCCEEDED) -> None:
    """Bring the numbered job to where a person sees it."""
    await settled(store, number, status)
    await store.note(job_id(number), {"picture": "fox.png", "media_url": "https://a.com/fox.png"}, START)
    await store.note_delivery(job_id(number), {"message_id": MESSAGE, "answer_message_id": ANSWER})


@pytest.mark.parametrize("status", Status)
async def test_only_what_is_settled_is_deleted_and_only_once(
    store: JobStore, database: Database, status: Status
) -> None:
    await store.add(new_job(1))
    await put(database, 1, status)
    before = await store.get(job_id(1))

    deleted = await store.delete(job_id(1), LATER)

    assert deleted == (before if status in SETTLED else None)
    assert await store.delete(job_id(1), LATER) is None
    after = await store.get(job_id(1))
    assert after is not None
    assert after.deleted_at == (LATER if status in SETTLED else None)
    assert after.status is status


async def test_what_never_was_cannot_be_deleted(store: JobStore) -> None:
    assert await store.delete(job_id(1), START) is None


async def test_a_deleted_job_is_led_to_by_no_message_but_is_accounted_for(store: JobStore) -> None:
    await shown(store)
    await store.add(new_job(2, parent_id=job_id(1), action_index=0))

    deleted = await store.delete(job_id(1), LATER)

    assert deleted is not None
    assert (deleted.picture, deleted.delivery.message_id) == ("fox.png", MESSAGE), "so that it can be taken away"
    kept = await store.get(job_id(1))
    assert kept is not None
    assert (kept.picture, kept.task_id) == (None, "task-1")
    assert await store.of_message(MESSAGE) is None
    assert await store.of_message(ANSWER) is None
    assert [job.id for job in await store.children(job_id(1), 10)] == [job_id(2)]
    await store.delete(job_id(2), LATER)  # not settled: stays
    assert [job.id for job in await store.children(job_id(1), 10)] == [job_id(2)]


@pytest.mark.parametrize("delivery", DeliveryStatus)
async def test_a_deleted_job_is_delivered_no_more(store: JobStore, delivery: DeliveryStatus) -> None:
    await settled(store, 1)
    await store.move_delivery(job_id(1), {DeliveryStatus.DUE}, delivery)

    await store.delete(job_id(1), START)

    assert await store.due_deliveries(LATER, 10) == []
    job = await store.get(job_id(1))
    assert job is not None
    owed = {DeliveryStatus.DUE, DeliveryStatus.POSTING, DeliveryStatus.LINKED}
    assert job.delivery.status is (DeliveryStatus.KEPT if delivery in owed else delivery)


@pytest.mark.parametrize("status", [Status.EXPIRED, Status.UNKNOWN])
async def test_nobody_looks_for_the_task_of_a_deleted_job(store: JobStore, database: Database, status: Status) -> None:
    await running(store, 1)
    await put(database, 1, status)
    assert [job.id for job in await store.open_tasks(START)] == [job_id(1)]

    await store.delete(job_id(1), LATER)

    assert await store.open_tasks(START) == []


async def test_a_late_success_of_a_deleted_job_is_not_shown(store: JobStore) -> None:
    await settled(store, 1, Status.EXPIRED)
    await store.delete(job_id(1), START)

    late = await store.transition(job_id(1), Status.EXPIRED, Status.SUCCEEDED, at=LATER)

    assert late.deleted_at == START
    assert await store.due_deliveries(LATER, 10) == []


async def press(store: JobStore, number: int, retry_of: str | None = None) -> Entry:
    """Press U1 under the first job, each time somebody else."""
    new = new_job(
        number,
        user_id=number,
        kind=Kind.UPSCALE,
        parent_id=job_id(1),
        action_index=0,
        once=True,
        retry_of=retry_of,
    )
    return (await store.add(new))[0]


async def test_the_button_of_a_deleted_picture_makes_it_anew(store: JobStore, database: Database) -> None:
    await store.add(new_job(1))
    await press(store, 2)
    await put(database, 2, Status.SUCCEEDED)
    assert await press(store, 3) is Entry.SHARED

    await store.delete(job_id(2), LATER)

    assert await press(store, 4) is Entry.NEW


async def test_a_deleted_job_is_not_shared_again_after_its_retry_came_to_nothing(
    store: JobStore, database: Database
) -> None:
    await store.add(new_job(1))
    await press(store, 2)
    await put(database, 2, Status.UNKNOWN, task_id=None)
    await press(store, 3, retry_of=job_id(2))
    await store.delete(job_id(2), LATER)

    await store.transition(job_id(3), Status.QUEUED, Status.CANCELLED, at=LATER)

    assert await press(store, 4) is Entry.NEW


async def test_pressing_again_right_after_a_deletion_is_no_double_click(store: JobStore, database: Database) -> None:
    await store.add(new_job(1))
    again = new_job(2, parent_id=job_id(1), action_index=4)
    await store.add(again)
    await put(database, 2, Status.FAILED)
    assert (await store.add(new_job(3, parent_id=job_id(1), action_index=4)))[0] is Entry.REPEATED

    await store.delete(job_id(2), START)

    assert (await store.add(new_job(4, parent_id=job_id(1), action_index=4)))[0] is Entry.NEW


async def test_buttons_refused_for_good_are_marked_and_stay_where_they_are(store: JobStore) -> None:
    await running(store, 1)
    buttons = [action(index) for index in range(3)]
    await store.transition(job_id(1), Status.RUNNING, Status.SUCCEEDED, at=START, actions=buttons)

    await store.kill_actions(job_id(1), [2, 0, 9])
    await store.kill_actions(job_id(1), [])
    await store.kill_actions(job_id(2), [1])

    stored = await store.actions(job_id(1))
    assert [each.is_dead for each in stored] == [True, False, True]
    assert [each.index for each in stored] == [0, 1, 2]
