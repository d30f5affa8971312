from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.errors import StorageError
from bot.jobs.ports import BatchStore
from bot.model import Batch, Draft, Status
from storage.stores.batches import SqliteBatchStore
from storage.stores.drafts import SqliteDraftStore
from tests.builders import APPLICATION_ID, CHANNEL_ID, GUILD_ID, START, USER_ID, created_at, job_id, new_job
from tests.storage.steps import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.jobs.ports import JobStore
    from bot.model import NewJob
    from storage.database import Database

DRAFT = "draft"
TOKEN = "batch-token-5e8c"  # noqa: S105 - made up
LATER = START + timedelta(hours=1)


@pytest.fixture
async def batches(database: Database) -> BatchStore:
    """Return a store with a draft in its database that waits to be confirmed."""
    await SqliteDraftStore(database).put(Draft(id=DRAFT, user_id=USER_ID, form="batch", created_at=START))
    return SqliteBatchStore(database)


def batch(number: int = 100) -> Batch:
    return Batch(
        id=job_id(number),
        user_id=USER_ID,
        guild_id=GUILD_ID,
        channel_id=CHANNEL_ID,
        prompt="a {red, blue} fox",
        locale="de",
        attachment_size_limit=10,
        application_id=APPLICATION_ID,
        created_at=created_at(number),
        interaction_token=TOKEN,
    )


def jobs(*numbers: int, of: int = 100) -> Sequence[NewJob]:
    return [new_job(number, batch_id=job_id(of), interaction_token="", prompt=f"fox {number}") for number in numbers]


def test_the_store_has_every_method_of_its_port() -> None:
    assert {name for name in vars(BatchStore) if not name.startswith("_")} <= vars(SqliteBatchStore).keys()


async def test_a_batch_is_written_down_with_its_jobs_in_the_order_asked_for(
    batches: BatchStore, store: JobStore
) -> None:
    added = await batches.add(batch(), jobs(1, 2, 3), DRAFT)

    assert added is not None
    assert replace(added, jobs=()) == batch()
    assert [(job.id, job.status, job.prompt) for job in added.jobs] == [
        (job_id(number), Status.QUEUED, f"fox {number}") for number in (1, 2, 3)
    ]
    assert {(job.batch_id, job.answered_at, job.delivery.interaction_token) for job in added.jobs} == {
        (job_id(100), None, None)
    }
    assert await batches.get(job_id(100)) == added
    assert await store.get(job_id(2)) == added.jobs[1]


async def test_a_batch_that_never_was_is_none(batches: BatchStore) -> None:
    assert await batches.get(job_id(1)) is None
    assert await batches.answered(job_id(1), 5, START) is None
    await batches.close(job_id(1), START)
    assert await batches.open() == []


async def test_confirmed_twenty_times_at_once_it_is_one_batch(batches: BatchStore, database: Database) -> None:
    outcomes = await asyncio.gather(
        *(batches.add(batch(100 + n), jobs(2 * n + 1, 2 * n + 2, of=100 + n), DRAFT) for n in range(20)),
    )

    assert sum(outcome is not None for outcome in outcomes) == 1
    assert await count(database, "batches") == 1
    assert await count(database, "jobs") == await count(database, "deliveries") == 2
    assert await count(database, "drafts") == 0


async def test_a_draft_that_is_gone_makes_nothing(batches: BatchStore, database: Database) -> None:
    assert await batches.add(batch(), jobs(1), "never was") is None

    assert await count(database, "batches") == await count(database, "jobs") == 0
    assert await count(database, "drafts") == 1


async def test_a_batch_that_cannot_be_written_whole_is_not_written_and_may_be_confirmed_again(
    batches: BatchStore, database: Database
) -> None:
    with pytest.raises(StorageError, match="UNIQUE"):
        await batches.add(batch(), [*jobs(1, 2), *jobs(1)], DRAFT)

    assert await count(database, "batches") == await count(database, "jobs") == 0
    assert await batches.add(batch(), jobs(1, 2), DRAFT) is not None


async def test_once_the_message_is_seen_all_its_jobs_may_be_sent(batches: BatchStore, store: JobStore) -> None:
    await batches.add(batch(), jobs(1, 2), DRAFT)
    await store.add(new_job(3))
    assert await store.due_submits(LATER, 10) == []

    seen = await batches.answered(job_id(100), 555, START)

    assert seen is not None
    assert (seen.answer_message_id, [job.answered_at for job in seen.jobs]) == (555, [START, START])
    assert [job.id for job in await store.due_submits(LATER, 10)] == [job_id(1), job_id(2)]
    again = await batches.answered(job_id(100), 666, LATER)
    assert again == seen, "what is known already stays"


async def test_open_batches_are_those_whose_last_word_was_not_shown(batches: BatchStore, database: Database) -> None:
    drafts = SqliteDraftStore(database)
    for number in (102, 101, 103):
        await drafts.put(Draft(id=f"draft {number}", user_id=USER_ID, form="batch", created_at=START))
        await batches.add(batch(number), jobs(number - 100, of=number), f"draft {number}")

    await batches.close(job_id(102), START)
    await batches.close(job_id(102), LATER)

    found = await batches.open()
    assert [(each.id, [job.id for job in each.jobs]) for each in found] == [
        (job_id(101), [job_id(1)]),
        (job_id(103), [job_id(3)]),
    ]
    closed = await batches.get(job_id(102))
    assert closed is not None
    assert closed.closed_at == START


async def test_tokens_of_old_batches_are_forgotten_with_those_of_old_jobs(
    batches: BatchStore, store: JobStore, database: Database
) -> None:
    await batches.add(batch(), jobs(1), DRAFT)
    await store.add(new_job(2))
    await SqliteDraftStore(database).put(Draft(id="second", user_id=USER_ID, form="batch", created_at=START))
    await batches.add(batch(200), jobs(3, of=200), "second")

    assert await store.erase_tokens(created_at(200)) == 2
    assert await store.erase_tokens(created_at(200)) == 0

    tokens = {each.id: each.interaction_token for each in await batches.open()}
    assert tokens == {job_id(100): None, job_id(200): TOKEN}
    assert TOKEN not in repr(await batches.get(job_id(200)))


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        ("SELECT * FROM batches WHERE closed_at IS NULL ORDER BY id", "batches_open"),
        ("UPDATE batches SET interaction_token = NULL WHERE interaction_token IS NOT NULL", "batches_token"),
    ],
)
async def test_what_is_asked_all_the_time_is_found_by_index(database: Database, sql: str, index: str) -> None:
    plan = await database.read(f"EXPLAIN QUERY PLAN {sql}")

    assert f"INDEX {index}" in plan[0]["detail"]
