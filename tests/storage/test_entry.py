from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.errors import StorageError, TransitionLost
from bot.model import DeliveryStatus, Entry, Kind, Order, Route, Status
from storage.transactions.entry import nonce_of
from tests.builders import START, USER_ID, created_at, job_id, new_job
from tests.storage.steps import count, put

if TYPE_CHECKING:
    from bot.jobs.ports import JobStore
    from bot.model import NewJob
    from storage.database import Database

SOMEBODY_ELSE = USER_ID + 1


def upscale(number: int, user_id: int = USER_ID, retry_of: str | None = None) -> NewJob:
    """Return a press of U3 under the first job."""
    return new_job(
        number,
        user_id=user_id,
        kind=Kind.UPSCALE,
        parent_id=job_id(1),
        action_index=2,
        action_label="U3",
        quadrant=3,
        once=True,
        retry_of=retry_of,
    )


def variation(number: int, seconds: float, user_id: int = USER_ID) -> NewJob:
    """Return a press of V1 under the first job, some time after the clock started."""
    return new_job(
        number,
        user_id=user_id,
        kind=Kind.VARIATION,
        parent_id=job_id(1),
        action_index=4,
        created_at=START + timedelta(seconds=seconds),
    )


async def test_a_new_job_is_queued_with_all_that_was_said(store: JobStore) -> None:
    await store.add(new_job(1))
    new = upscale(2)

    entry, job = await store.add(new)

    assert entry is Entry.NEW
    assert (job.status, job.delivery.status) == (Status.QUEUED, DeliveryStatus.WAITING)
    for name in ("id", "kind", "prompt", "speed", "user_id", "guild_id", "channel_id", "interaction_id", "created_at"):
        assert getattr(job, name) == getattr(new, name)
    for name in ("give_up_at", "parent_id", "action_index", "action_label", "quadrant", "retry_of"):
        assert getattr(job, name) == getattr(new, name)
    for name in ("locale", "attachment_size_limit", "interaction_token", "application_id"):
        assert getattr(job.delivery, name) == getattr(new, name)
    assert job.updated_at == new.created_at
    assert job.single_key == f"{job_id(1)}:2"
    assert await store.get(new.id) == job


async def test_an_interaction_makes_one_job_however_often_it_arrives(store: JobStore, database: Database) -> None:
    outcomes = await asyncio.gather(*(store.add(new_job(n, interaction_id=5)) for n in range(1, 21)))

    assert sorted(entry for entry, _ in outcomes) == [Entry.NEW] + [Entry.REPLAYED] * 19
    assert len({job.id for _, job in outcomes}) == 1
    assert await count(database, "jobs") == await count(database, "deliveries") == 1


async def test_a_once_only_button_makes_one_job_for_everybody(store: JobStore, database: Database) -> None:
    await store.add(new_job(1))

    outcomes = await asyncio.gather(*(store.add(upscale(n, user_id=n)) for n in range(2, 22)))

    assert sorted(entry for entry, _ in outcomes) == [Entry.NEW] + [Entry.SHARED] * 19
    assert len({job.id for _, job in outcomes}) == 1
    assert await count(database, "jobs") == 2


@pytest.mark.parametrize("status", [status for status in Status if status not in {Status.FAILED, Status.CANCELLED}])
async def test_a_once_only_job_is_shared_in_every_status_that_may_have_cost_money(
    store: JobStore,
    database: Database,
    status: Status,
) -> None:
    await store.add(new_job(1))
    await store.add(upscale(2))
    await put(database, 2, status)

    entry, job = await store.add(upscale(3, SOMEBODY_ELSE))

    assert (entry, job.id, job.status) == (Entry.SHARED, job_id(2), status)


@pytest.mark.parametrize("end", [Status.FAILED, Status.CANCELLED])
async def test_a_once_only_button_works_again_after_a_job_that_cost_nothing(store: JobStore, end: Status) -> None:
    await store.add(new_job(1))
    await store.add(upscale(2))
    ended = await store.transition(job_id(2), Status.QUEUED, end, at=START)
    assert ended.single_key is None

    entry, job = await store.add(upscale(3, SOMEBODY_ELSE))

    assert (entry, job.id) == (Entry.NEW, job_id(3))


@pytest.mark.parametrize("seconds", [0.0, 0.5, 3.0])
async def test_the_same_person_pressing_again_within_three_seconds_gets_the_first_job(
    store: JobStore,
    seconds: float,
) -> None:
    await store.add(new_job(1))
    await store.add(variation(2, 10))

    later = await store.add(variation(3, 10 + seconds))
    overtaken = await store.add(variation(4, 10 - seconds))

    for entry, job in (later, overtaken):
        assert (entry, job.id) == (Entry.REPEATED, job_id(2))


@pytest.mark.parametrize("late", [4.0, 3600.0])
async def test_a_second_press_that_is_written_down_late_is_the_first_all_the_same(store: JobStore, late: float) -> None:
    await store.add(new_job(1))
    await store.add(variation(2, 10))
    second = replace(variation(3, 10.5), created_at=START + timedelta(seconds=10 + late))

    assert (await store.add(second))[0] is Entry.REPEATED


async def test_a_repeatable_button_makes_a_job_per_person_and_per_three_seconds(store: JobStore) -> None:
    await store.add(new_job(1))
    await store.add(variation(2, 10))

    assert (await store.add(variation(3, 13.001)))[0] is Entry.NEW
    assert (await store.add(variation(4, 10, SOMEBODY_ELSE)))[0] is Entry.NEW


async def test_twenty_presses_at_once_by_one_person_are_one(store: JobStore, database: Database) -> None:
    await store.add(new_job(1))

    outcomes = await asyncio.gather(*(store.add(variation(n, 10)) for n in range(2, 22)))

    assert sorted(entry for entry, _ in outcomes) == [Entry.NEW] + [Entry.REPEATED] * 19
    assert await count(database, "jobs") == 2


async def test_a_press_after_a_cancelled_one_is_not_its_repetition(store: JobStore) -> None:
    await store.add(new_job(1))
    await store.add(variation(2, 10))
    await store.transition(job_id(2), Status.QUEUED, Status.CANCELLED, at=START)

    assert (await store.add(variation(3, 11)))[0] is Entry.NEW


DIFFERENCES = {
    "another prompt": replace(variation(3, 10), prompt="a red fox"),
    "another mask": replace(variation(3, 10), order=Order(route=Route.ACTION, mask="other.png")),
    "with a prompt of their own": replace(variation(3, 10), order=Order(route=Route.ACTION, remix=True)),
    "another button": replace(variation(3, 10), action_index=5),
    "no button of Midjourney's": replace(variation(3, 10), action_index=None),
}


@pytest.mark.parametrize("other", DIFFERENCES.values(), ids=DIFFERENCES)
async def test_another_wish_within_three_seconds_is_no_double_click(store: JobStore, other: NewJob) -> None:
    await store.add(new_job(1))
    await store.add(variation(2, 10))

    assert (await store.add(other))[0] is Entry.NEW
    again = replace(other, id=job_id(4), interaction_id=other.interaction_id + 1)
    assert (await store.add(again))[0] is Entry.REPEATED


async def test_running_again_and_trying_a_suggestion_are_told_apart_by_what_they_are_called(store: JobStore) -> None:
    await store.add(new_job(1))
    again = replace(variation(2, 10), action_index=None, action_label="Re-run")

    assert (await store.add(again))[0] is Entry.NEW
    repeated = replace(again, id=job_id(3), interaction_id=again.interaction_id + 1)
    assert (await store.add(repeated))[0] is Entry.REPEATED
    tried = replace(repeated, id=job_id(4), interaction_id=again.interaction_id + 2, action_label="Suggestion 1")
    assert (await store.add(tried))[0] is Entry.NEW


async def test_twenty_submits_of_one_filled_form_are_one(store: JobStore, database: Database) -> None:
    await store.add(new_job(1))
    filled = replace(variation(2, 10), prompt="a red fox", order=Order(route=Route.ACTION, mask="m.png", remix=True))

    outcomes = await asyncio.gather(
        *(store.add(replace(filled, id=job_id(n), interaction_id=n)) for n in range(2, 22)),
    )

    assert sorted(entry for entry, _ in outcomes) == [Entry.NEW] + [Entry.REPEATED] * 19
    assert await count(database, "jobs") == 2


async def test_two_imagines_with_the_same_prompt_are_two_jobs(store: JobStore) -> None:
    await store.add(new_job(1, created_at=START))

    assert (await store.add(new_job(2, created_at=START)))[0] is Entry.NEW


async def test_a_retry_takes_over_the_right_to_be_the_only_one(store: JobStore, database: Database) -> None:
    await store.add(new_job(1))
    await store.add(upscale(2))
    await put(database, 2, Status.UNKNOWN, task_id=None)

    entry, retry = await store.add(upscale(3, retry_of=job_id(2)))

    assert entry is Entry.NEW
    assert (retry.retry_of, retry.single_key) == (job_id(2), f"{job_id(1)}:2")
    old = await store.get(job_id(2))
    assert old is not None
    assert (old.status, old.single_key) == (Status.UNKNOWN, None)
    assert (await store.add(upscale(4, SOMEBODY_ELSE))) == (Entry.SHARED, retry)


async def test_a_retry_that_does_not_say_once_takes_over_the_key_all_the_same(
    store: JobStore,
    database: Database,
) -> None:
    await store.add(new_job(1))
    await store.add(upscale(2))
    await put(database, 2, Status.UNKNOWN, task_id=None)

    _, retry = await store.add(new_job(3, parent_id=job_id(1), action_index=2, retry_of=job_id(2)))

    assert retry.single_key == f"{job_id(1)}:2"


async def test_an_unknown_job_is_submitted_again_once(store: JobStore, database: Database) -> None:
    await store.add(new_job(1))
    await put(database, 1, Status.UNKNOWN, task_id=None)

    outcomes = await asyncio.gather(*(store.add(new_job(n, retry_of=job_id(1))) for n in range(2, 22)))

    assert sorted(entry for entry, _ in outcomes) == [Entry.NEW] + [Entry.REPEATED] * 19
    assert len({job.id for _, job in outcomes}) == 1


@pytest.mark.parametrize("end", [Status.FAILED, Status.CANCELLED])
async def test_a_retry_that_cost_nothing_may_be_tried_again(store: JobStore, database: Database, end: Status) -> None:
    await store.add(new_job(1))
    await store.add(upscale(2))
    await put(database, 2, Status.UNKNOWN, task_id=None)
    await store.add(upscale(3, retry_of=job_id(2)))
    await store.transition(job_id(3), Status.QUEUED, end, at=START)

    entry, job = await store.add(upscale(4, retry_of=job_id(2)))

    assert (entry, job.id, job.single_key) == (Entry.NEW, job_id(4), f"{job_id(1)}:2")


async def test_after_a_retry_that_cost_nothing_the_unknown_job_is_the_one_again(
    store: JobStore, database: Database
) -> None:
    await store.add(new_job(1))
    await store.add(upscale(2))
    await put(database, 2, Status.UNKNOWN, task_id=None)
    await store.add(upscale(3, retry_of=job_id(2)))
    await store.transition(job_id(3), Status.QUEUED, Status.CANCELLED, at=START)

    entry, job = await store.add(upscale(4, SOMEBODY_ELSE))

    assert (entry, job.id, job.single_key) == (Entry.SHARED, job_id(2), f"{job_id(1)}:2")


async def test_a_retry_meets_a_result_that_others_made_meanwhile(store: JobStore, database: Database) -> None:
    await store.add(new_job(1))
    await store.add(upscale(2))
    await put(database, 2, Status.CANCELLED, task_id=None)
    await database.write(lambda connection: connection.execute("UPDATE jobs SET single_key = NULL"))
    await put(database, 2, Status.UNKNOWN, task_id=None)
    await store.add(upscale(4, SOMEBODY_ELSE))

    entry, job = await store.add(upscale(5, retry_of=job_id(2)))

    assert (entry, job.id) == (Entry.SHARED, job_id(4))


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.UNKNOWN])
async def test_only_an_unknown_job_is_submitted_again(store: JobStore, database: Database, status: Status) -> None:
    await store.add(new_job(1))
    await put(database, 1, status)

    with pytest.raises(TransitionLost):
        await store.add(new_job(2, retry_of=job_id(1)))

    assert await store.get(job_id(2)) is None


async def test_a_retry_of_a_job_that_never_was_is_refused(store: JobStore) -> None:
    with pytest.raises(TransitionLost):
        await store.add(new_job(2, retry_of=job_id(1)))


async def test_a_child_of_a_job_that_never_was_is_refused_whole(store: JobStore, database: Database) -> None:
    with pytest.raises(StorageError, match="FOREIGN KEY"):
        await store.add(upscale(2))

    assert await count(database, "jobs") == await count(database, "deliveries") == 0


def test_every_job_has_a_nonce_of_its_own_that_discord_takes() -> None:
    same_moment = [f"{job_id(1)[:10]}{tail:0>16}" for tail in ("0", "1", "Z", "1000000000000000", "Z000000000000000")]
    nonces = [nonce_of(name) for name in same_moment]

    assert len(set(nonces)) == len(same_moment)
    assert {len(nonce) for nonce in nonces} == {25}
    assert nonce_of(job_id(1)) == nonce_of(job_id(1))
    assert created_at(1) > START
