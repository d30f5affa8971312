from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import count as numbers
from typing import TYPE_CHECKING

import pytest

from bot.errors import StorageError, TransitionLost
from bot.jobs.ports import Headway, Outcome, Step
from bot.model import SETTLED, TRANSITIONS, DeliveryStatus, Failure, Status, Waiting
from tests.builders import START, action, job_id, new_job
from tests.storage.steps import count, is_free, put, running, settled, submitted, was_cancelled

if TYPE_CHECKING:
    from pathlib import Path

    from bot.jobs.ports import JobStore
    from storage.database import Database

LATER = START + timedelta(minutes=1)

Attempt = tuple[str, bool, str | None]


async def attempts(database: Database, number: int) -> list[Attempt]:
    """Return the numbered job's attempts: step, whether it has ended, outcome."""
    rows = await database.read("SELECT * FROM attempts WHERE job_id = ? ORDER BY id", (job_id(number),))
    return [(row["step"], row["ended_at"] is not None, row["outcome"]) for row in rows]


@pytest.mark.parametrize("source", Status)
async def test_every_move_of_the_table_works_and_no_other(
    store: JobStore,
    database: Database,
    source: Status,
) -> None:
    for number, target in enumerate(Status, start=1):
        await store.add(new_job(number))
        await put(database, number, source)
        before = await store.get(job_id(number))

        if target in TRANSITIONS[source]:
            moved = await store.transition(job_id(number), source, target, at=LATER)
            assert (moved.status, moved.updated_at) == (target, LATER)
            assert (moved.delivery.status is DeliveryStatus.DUE) is (target in SETTLED)
            assert await store.get(job_id(number)) == moved
        else:
            with pytest.raises(ValueError, match=f"from {source} to {target}"):
                await store.transition(job_id(number), source, target, at=LATER)
            assert await store.get(job_id(number)) == before


@pytest.mark.parametrize("actual", Status)
async def test_a_move_from_a_status_that_the_job_is_not_in_is_lost(
    store: JobStore,
    database: Database,
    actual: Status,
) -> None:
    await store.add(new_job(1))
    await put(database, 1, actual)
    before = await store.get(job_id(1))

    for source, targets in TRANSITIONS.items():
        if source is actual:
            continue
        for target in targets:
            with pytest.raises(TransitionLost, match=job_id(1)):
                await store.transition(job_id(1), source, target, at=LATER, changes={"progress": 5}, actions=[action()])
    assert await store.get(job_id(1)) == before
    assert await store.actions(job_id(1)) == ()


async def test_of_twenty_callers_of_one_move_one_wins(store: JobStore, database: Database) -> None:
    await store.add(new_job(1))

    outcomes = await asyncio.gather(
        *(store.begin_submit(job_id(1), Status.QUEUED, Step.SUBMIT, LATER) for _ in range(20)),
        return_exceptions=True,
    )

    lost = [outcome for outcome in outcomes if isinstance(outcome, TransitionLost)]
    won = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
    assert (len(won), len(lost)) == (1, 19)
    assert await attempts(database, 1) == [("submit", False, None)]


async def test_a_move_for_a_job_that_never_was_is_lost(store: JobStore) -> None:
    with pytest.raises(TransitionLost):
        await store.transition(job_id(1), Status.QUEUED, Status.CANCELLED, at=LATER)
    with pytest.raises(TransitionLost):
        await store.begin_submit(job_id(1), Status.QUEUED, Step.SUBMIT, LATER)


async def test_a_move_whose_caller_is_cancelled_at_any_wait_is_made_whole(
    store: JobStore,
    database: Database,
    path: Path,
) -> None:
    for number in numbers(1):
        wait = number - 1
        await submitted(store, number)
        move = store.transition(
            job_id(number),
            Status.SUBMITTING,
            Status.RUNNING,
            at=LATER,
            changes={"task_id": "t"},
            outcome=Outcome.ACCEPTED,
            actions=[action()],
        )
        cancelled = await was_cancelled(move, wait)
        await store.note(job_id(1), {}, LATER)  # whatever was asked for before is through when this is
        after = await store.get(job_id(number))
        assert after is not None
        assert (after.status, after.task_id) == (Status.RUNNING, "t")
        assert await attempts(database, number) == [("submit", True, "accepted")]
        assert await store.actions(job_id(number)) == (action(),)
        assert is_free(path)
        if not cancelled:
            assert wait == 1
            break


async def test_submitting_opens_an_attempt_and_its_outcome_closes_it(store: JobStore, database: Database) -> None:
    job = await submitted(store, 1)
    assert job.status is Status.SUBMITTING
    assert await attempts(database, 1) == [("submit", False, None)]

    job = await store.transition(
        job_id(1),
        Status.SUBMITTING,
        Status.QUEUED,
        at=LATER,
        changes={"waiting": Waiting.QUEUE_FULL, "due_at": LATER},
        outcome=Outcome.REFUSED,
    )
    assert (job.status, job.waiting, job.due_at) == (Status.QUEUED, Waiting.QUEUE_FULL, LATER)
    await store.begin_submit(job_id(1), Status.QUEUED, Step.SUBMIT, LATER)
    assert await attempts(database, 1) == [("submit", True, "refused"), ("submit", False, None)]


async def test_an_attempt_that_nobody_closed_is_unknown_once_the_job_moves_on(
    store: JobStore,
    database: Database,
) -> None:
    await submitted(store, 1)

    await store.transition(job_id(1), Status.SUBMITTING, Status.UNKNOWN, at=LATER)

    assert await attempts(database, 1) == [("submit", True, "unknown")]


@pytest.mark.parametrize("source", [status for status in Status if Status.SUBMITTING not in TRANSITIONS[status]])
async def test_nothing_is_submitted_out_of_any_other_status(
    store: JobStore,
    database: Database,
    source: Status,
) -> None:
    await store.add(new_job(1))
    await put(database, 1, source)

    with pytest.raises(ValueError, match="does not move"):
        await store.begin_submit(job_id(1), source, Step.SUBMIT, LATER)

    assert await attempts(database, 1) == []


async def test_an_accepted_job_cannot_be_without_its_task(store: JobStore) -> None:
    await submitted(store, 1)

    with pytest.raises(StorageError, match="CHECK"):
        await store.transition(job_id(1), Status.SUBMITTING, Status.RUNNING, at=LATER, outcome=Outcome.ACCEPTED)

    unmoved = await store.get(job_id(1))
    assert unmoved is not None
    assert unmoved.status is Status.SUBMITTING


async def test_changes_are_written_with_the_move(store: JobStore) -> None:
    await running(store, 1)

    job = await store.transition(
        job_id(1),
        Status.RUNNING,
        Status.FAILED,
        at=LATER,
        changes={"failure": Failure.BANNED, "failure_detail": "blood", "finished_at": LATER, "progress": None},
    )

    assert (job.failure, job.failure_detail, job.finished_at) == (Failure.BANNED, "blood", LATER)
    assert job.duration == LATER - START


async def test_notes_leave_the_status_alone(store: JobStore) -> None:
    before = await running(store, 1)

    await store.note(job_id(1), {"progress": 46, "preview_url": "https://example.com/p.png"}, LATER)
    await store.note(job_id(1), {}, LATER)
    await store.note(job_id(2), {"progress": 1}, LATER)

    after = await store.get(job_id(1))
    assert after is not None
    assert (after.status, after.progress, after.updated_at) == (before.status, 46, LATER)


async def test_how_far_jobs_are_is_written_for_all_at_once_and_leaves_the_status_alone(
    store: JobStore, database: Database
) -> None:
    before = [await running(store, 1), await running(store, 2)]
    commits = database.commits

    far = [Headway(job_id(1), 46, "https://example.com/\ud800.png"), Headway(job_id(2), None, None)]
    await store.note_headway([*far, Headway(job_id(3), 1, None)], LATER)

    assert database.commits == commits + 1
    after = [await store.get(job.id) for job in before]
    seen = [(job.status, job.progress, job.preview_url, job.updated_at) for job in after if job is not None]
    assert seen == [
        (Status.RUNNING, 46, "https://example.com/?.png", LATER),
        (Status.RUNNING, None, None, LATER),
    ]


async def test_no_column_is_named_by_its_caller(store: JobStore) -> None:
    await store.add(new_job(1))
    bad = {"status = 'succeeded' --": 1}

    with pytest.raises(ValueError, match="not columns"):
        await store.note(job_id(1), bad, LATER)  # pyright: ignore[reportArgumentType] - what the type forbids must be refused as well
    with pytest.raises(ValueError, match="not columns"):
        await store.note_delivery(job_id(1), bad)  # pyright: ignore[reportArgumentType] - as above


async def test_stored_buttons_keep_their_numbers(store: JobStore) -> None:
    await running(store, 1)
    buttons = [action(1), action(0), action(7, emoji="🔄", label="", quadrant=None, needs_input=True, once=False)]
    await store.transition(job_id(1), Status.RUNNING, Status.EXPIRED, at=LATER, actions=buttons)
    assert await store.actions(job_id(1)) == (buttons[1], buttons[0], buttons[2])

    fresh = action(1, label="U2 again")
    await store.transition(job_id(1), Status.EXPIRED, Status.SUCCEEDED, at=LATER, actions=[fresh])

    # A message from before the refresh still shows the others.
    assert await store.actions(job_id(1)) == (buttons[1], fresh, buttons[2])


async def test_a_late_success_is_due_again_with_fresh_tries(store: JobStore) -> None:
    await settled(store, 1, Status.EXPIRED)
    await store.move_delivery(
        job_id(1), {DeliveryStatus.DUE}, DeliveryStatus.DELIVERED, {"attempts": 3, "due_at": LATER}
    )

    job = await store.transition(job_id(1), Status.EXPIRED, Status.SUCCEEDED, at=LATER)

    assert (job.delivery.status, job.delivery.attempts, job.delivery.due_at) == (DeliveryStatus.DUE, 0, None)


async def test_an_adopted_job_waits_again(store: JobStore) -> None:
    await submitted(store, 1)
    job = await store.transition(job_id(1), Status.SUBMITTING, Status.UNKNOWN, at=LATER, outcome=Outcome.UNKNOWN)
    assert job.delivery.status is DeliveryStatus.DUE

    job = await store.transition(job_id(1), Status.UNKNOWN, Status.RUNNING, at=LATER, changes={"task_id": "t"})

    assert job.delivery.status is DeliveryStatus.WAITING


async def test_recovery_makes_a_dead_process_s_submits_honest(store: JobStore, database: Database) -> None:
    await store.add(new_job(1))
    await submitted(store, 2)
    await submitted(store, 3, Step.ACTION)
    await running(store, 4)
    await running(store, 5)
    await store.transition(job_id(5), Status.RUNNING, Status.NEEDS_INPUT, at=START)
    await store.begin_submit(job_id(5), Status.NEEDS_INPUT, Step.MODAL, LATER)

    moved = await store.recover(LATER + timedelta(hours=1))

    assert dict(moved) == {Status.UNKNOWN: 2, Status.NEEDS_INPUT: 1}
    jobs = [await store.get(job_id(number)) for number in range(1, 6)]
    assert [job.status for job in jobs if job] == [
        Status.QUEUED,
        Status.UNKNOWN,
        Status.UNKNOWN,
        Status.RUNNING,
        Status.NEEDS_INPUT,
    ]
    assert [job.delivery.status.value for job in jobs if job] == ["waiting", "due", "due", "waiting", "waiting"]
    assert jobs[4] is not None
    # When the step may have been sent is when it was begun.
    assert jobs[4].modal_sent_at == LATER
    assert await attempts(database, 5) == [("submit", True, "accepted"), ("modal", True, "unknown")]
    assert (await database.read("SELECT count(*) AS n FROM attempts WHERE ended_at IS NULL"))[0]["n"] == 0


async def test_recovery_keeps_the_time_of_a_modal_step_that_was_noted(store: JobStore) -> None:
    await running(store, 1)
    await store.transition(job_id(1), Status.RUNNING, Status.NEEDS_INPUT, at=START)
    await store.begin_submit(job_id(1), Status.NEEDS_INPUT, Step.MODAL, START)
    await store.note(job_id(1), {"modal_sent_at": LATER}, LATER)

    await store.recover(LATER + timedelta(hours=1))

    job = await store.get(job_id(1))
    assert job is not None
    assert (job.status, job.modal_sent_at) == (Status.NEEDS_INPUT, LATER)


async def test_recovery_of_a_clean_database_finds_nothing(store: JobStore, database: Database) -> None:
    await running(store, 1)
    before = await store.get(job_id(1))

    assert dict(await store.recover(LATER)) == {}

    assert await store.get(job_id(1)) == before
    assert await count(database, "attempts") == 1


async def test_recovery_gives_a_modal_attempt_without_a_task_up_as_unknown(store: JobStore) -> None:
    await submitted(store, 1, Step.MODAL)

    assert dict(await store.recover(LATER)) == {Status.UNKNOWN: 1}


@pytest.mark.parametrize("source", [Status.UNKNOWN, Status.QUEUED])
async def test_a_task_that_is_found_is_taken_up_once(store: JobStore, database: Database, source: Status) -> None:
    await submitted(store, 1)
    await store.transition(job_id(1), Status.SUBMITTING, source, at=LATER, outcome=Outcome.UNKNOWN)

    adopted = await store.adopt(job_id(1), source, "t", at=LATER, changes={"failure": None})

    assert adopted is not None
    assert (adopted.status, adopted.task_id, adopted.delivery.status) == (Status.RUNNING, "t", DeliveryStatus.WAITING)
    assert await attempts(database, 1) == [("submit", True, "accepted")]
    with pytest.raises(TransitionLost):
        await store.adopt(job_id(1), Status.RUNNING, "u", at=LATER, changes={})
    with pytest.raises(TransitionLost):
        await store.adopt(job_id(1), source, "t", at=LATER, changes={})


async def test_a_task_of_another_job_is_not_taken_up(store: JobStore) -> None:
    await running(store, 1)
    await submitted(store, 2)
    unknown = await store.transition(job_id(2), Status.SUBMITTING, Status.UNKNOWN, at=LATER)
    assert await store.adopt(job_id(2), Status.UNKNOWN, "task-1", at=LATER, changes={}) is None
    assert await store.get(job_id(2)) == unknown


async def test_adopting_out_of_a_status_that_has_ended_is_no_move(store: JobStore, database: Database) -> None:
    await store.add(new_job(1))
    await put(database, 1, Status.FAILED, task_id=None)
    with pytest.raises(ValueError, match="from failed to running"):
        await store.adopt(job_id(1), Status.FAILED, "t", at=LATER, changes={})
