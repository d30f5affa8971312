from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.jobs.ports import JobStore, Step
from bot.model import SETTLED, DeliveryStatus, Status
from storage.queries import (
    CHILDREN,
    DUE_DELIVERIES,
    DUE_SUBMITS,
    NAMED_INPUTS,
    OF_BATCH,
    OF_MESSAGE,
    OPEN_TASKS,
    SWEPT,
    UNANSWERED,
)
from storage.stores.jobs import SqliteJobStore
from tests.builders import START, created_at, job_id, new_job
from tests.storage.steps import put, running, settled, submitted

if TYPE_CHECKING:
    from bot.model import Job
    from storage.database import Database

SOON = START + timedelta(minutes=5)
LATER = START + timedelta(hours=1)


def ids(jobs: list[Job]) -> list[str]:
    return [job.id for job in jobs]


def test_the_store_has_every_method_of_its_port() -> None:
    asked = {name for name in vars(JobStore) if not name.startswith("_")}

    assert asked <= vars(SqliteJobStore).keys()


async def test_a_job_that_never_was_is_none(store: JobStore) -> None:
    assert await store.get(job_id(1)) is None
    assert await store.actions(job_id(1)) == ()


async def test_jobs_are_due_once_answered_and_their_time_has_come_longest_waiting_first(store: JobStore) -> None:
    for number in (3, 1, 2, 4, 5, 6):
        await store.add(new_job(number))
        if number != 4:
            await store.answered(job_id(number), number, START)
    await store.note(job_id(2), {"due_at": SOON}, START)
    await store.note(job_id(3), {"due_at": START}, START)
    await store.transition(job_id(5), Status.QUEUED, Status.CANCELLED, at=START)

    assert ids(await store.due_submits(START, 10)) == [job_id(1), job_id(3), job_id(6)]
    assert ids(await store.due_submits(START, 2)) == [job_id(1), job_id(3)]
    assert ids(await store.due_submits(START - timedelta(milliseconds=1), 10)) == [job_id(1), job_id(6)]
    assert ids(await store.due_submits(SOON, 10)) == [job_id(1), job_id(2), job_id(3), job_id(6)]


async def test_queued_jobs_without_an_answer_are_found_by_age(store: JobStore) -> None:
    for number in (1, 2, 3, 4):
        await store.add(new_job(number))
    await store.answered(job_id(2), None, START)
    await store.begin_submit(job_id(3), Status.QUEUED, Step.SUBMIT, START)

    assert ids(await store.unanswered(created_at(4))) == [job_id(1)]
    assert ids(await store.unanswered(LATER)) == [job_id(1), job_id(4)]


async def test_open_tasks_are_those_that_still_may_change(store: JobStore, database: Database) -> None:
    for number, status in enumerate(Status, start=1):
        await store.add(new_job(number))
        await put(database, number, status)
    await settled(store, 20, Status.EXPIRED)
    expired = next(number for number, status in enumerate(Status, start=1) if status is Status.EXPIRED)

    found = await store.open_tasks(created_at(expired))

    assert [job.status for job in found] == [Status.RUNNING, Status.NEEDS_INPUT, Status.EXPIRED]
    assert found[-1].id == job_id(20)
    assert await store.swept(created_at(expired)) == [found[-1]]


async def test_many_open_tasks_come_complete_and_in_order(store: JobStore) -> None:
    for number in range(1, 251):
        await running(store, number)

    assert ids(await store.open_tasks(START)) == [job_id(number) for number in range(1, 251)]


async def test_due_deliveries_are_settled_jobs_that_are_owed_something_oldest_first(store: JobStore) -> None:
    for number in (2, 1, 3, 4, 5, 6):
        await settled(store, number)
    due = {DeliveryStatus.DUE}
    await store.move_delivery(job_id(2), due, DeliveryStatus.POSTING)
    await store.move_delivery(job_id(3), due, DeliveryStatus.LINKED, {"due_at": SOON})
    await store.move_delivery(job_id(4), due, DeliveryStatus.DELIVERED)
    await store.move_delivery(job_id(5), due, DeliveryStatus.KEPT)
    await store.note(job_id(1), {}, SOON)
    await running(store, 7)
    await submitted(store, 8)

    assert ids(await store.due_deliveries(START, 10)) == [job_id(1), job_id(2), job_id(6)]
    assert ids(await store.due_deliveries(START, 2)) == [job_id(1), job_id(2)]
    assert ids(await store.due_deliveries(SOON, 10)) == [job_id(1), job_id(2), job_id(3), job_id(6)]


async def test_what_would_be_due_in_hours_was_put_off_before_the_clock_was_set_back_and_is_due(store: JobStore) -> None:
    await settled(store, 1, Status.FAILED)
    await store.note_delivery(job_id(1), {"due_at": LATER})
    await store.add(new_job(2))
    await store.answered(job_id(2), 2, START)
    await store.note(job_id(2), {"due_at": LATER}, START)

    assert ids(await store.due_deliveries(START, 10)) == [job_id(1)]
    assert ids(await store.due_submits(START, 10)) == [job_id(2)]


@pytest.mark.parametrize("status", Status)
async def test_a_delivery_that_is_due_waits_for_its_job_to_settle(
    store: JobStore,
    database: Database,
    status: Status,
) -> None:
    await settled(store, 1)
    await put(database, 1, status)

    found = await store.due_deliveries(LATER, 10)

    assert len(found) == (status in SETTLED)


async def test_children_come_oldest_first_whoever_made_them(store: JobStore) -> None:
    await store.add(new_job(1))
    for number in (4, 2, 3):
        await store.add(new_job(number, parent_id=job_id(1), action_index=number, user_id=number))
    await store.add(new_job(5, parent_id=job_id(2), action_index=0))
    await store.add(new_job(6, parent_id=job_id(1), action_label="Re-run"))

    assert ids(await store.children(job_id(1), 10)) == [job_id(number) for number in (2, 3, 4, 6)]
    assert ids(await store.children(job_id(1), 2)) == [job_id(2), job_id(3)]
    assert await store.children(job_id(5), 10) == []


async def test_a_message_leads_to_the_job_it_tells_about(store: JobStore) -> None:
    for number in (1, 2, 3):
        await store.add(new_job(number))
    await store.answered(job_id(1), 111, START)
    await store.note_delivery(job_id(1), {"message_id": 112})
    await store.answered(job_id(2), 221, START)
    await store.answered(job_id(3), 112, START)

    found = [await store.of_message(message) for message in (111, 221, 112, 999)]

    assert [job.id if job else None for job in found] == [job_id(1), job_id(2), job_id(3), None]


@pytest.mark.parametrize(
    ("sql", "parameters", "index"),
    [
        (DUE_SUBMITS, (0, 10), "jobs_queued"),
        (UNANSWERED, (0,), "jobs_queued"),
        (OPEN_TASKS, (0,), "jobs_open"),
        (OPEN_TASKS, (0,), "jobs_swept"),
        (SWEPT, (0,), "jobs_swept"),
        (DUE_DELIVERIES, (0, 10), "deliveries_due"),
        (CHILDREN, ("x", 10), "jobs_children"),
        (OF_MESSAGE, (1, 1, 1, 1, 1), "deliveries_message"),
        (OF_MESSAGE, (1, 1, 1, 1, 1), "deliveries_answer"),
        (OF_MESSAGE, (1, 1, 1, 1, 1), "showcases_message"),
        (OF_BATCH, ("x",), "jobs_batch"),
    ],
)
async def test_what_is_asked_all_the_time_is_found_by_index(
    database: Database,
    sql: str,
    parameters: tuple[object, ...],
    index: str,
) -> None:
    plan = " | ".join(row["detail"] for row in await database.read(f"EXPLAIN QUERY PLAN {sql}", parameters))

    assert f"INDEX {index}" in plan
    assert "SCAN jobs |" not in plan
    assert "SCAN j |" not in plan
    assert "SCAN d" not in plan.replace("SCAN d USING INDEX", "")


async def test_the_jobs_that_may_need_a_picture_are_found_by_their_status(database: Database) -> None:
    plan = [row["detail"] for row in await database.read(f"EXPLAIN QUERY PLAN {NAMED_INPUTS}", ())]

    assert [line for line in plan if "jobs" in line] == [
        f"SCAN jobs USING INDEX jobs_{index}" for index in ("queued", "submitting", "open", "swept")
    ]


async def test_the_tasks_to_follow_are_found_by_their_status(database: Database) -> None:
    plan = [row["detail"] for row in await database.read(f"EXPLAIN QUERY PLAN {OPEN_TASKS}", (1,))]

    assert [line.split(" (")[0] for line in plan if " jobs " in line] == [
        "SCAN jobs USING INDEX jobs_open",
        "SEARCH jobs USING INDEX jobs_swept",
    ]
