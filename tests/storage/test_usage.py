from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.model import Kind, Speed, Status, Used
from storage.queries import COUNT_UNDER_WAY, UNDER_WAY, USED
from storage.stores.usage import SqliteUsageStore
from tests.builders import START, USER_ID, job_id, new_job
from tests.storage.steps import settled

if TYPE_CHECKING:
    from bot.jobs.ports import JobStore, UsageStore
    from storage.database import Database


@pytest.fixture
def usage(database: Database) -> UsageStore:
    return SqliteUsageStore(database)


async def test_what_was_sent_and_did_not_fail_is_counted_by_kind_and_speed(store: JobStore, usage: UsageStore) -> None:
    await settled(store, 1)
    await settled(store, 2)
    await settled(store, 3, Status.FAILED)
    await store.add(new_job(4))

    assert await usage.used(USER_ID, START - timedelta(days=1)) == [Used(kind=Kind.IMAGINE, speed=Speed.FAST, count=2)]
    assert await usage.used(USER_ID + 1, START - timedelta(days=1)) == []


async def test_a_deleted_job_was_used_all_the_same(store: JobStore, usage: UsageStore) -> None:
    await settled(store, 1)
    await store.delete(job_id(1), START)

    assert [used.count for used in await usage.used(USER_ID, START - timedelta(days=1))] == [1]


async def test_only_what_was_asked_for_since_then_counts(store: JobStore, usage: UsageStore) -> None:
    await settled(store, 1)

    assert await usage.used(USER_ID, START + timedelta(days=1)) == []


async def test_what_waits_or_runs_for_a_person_is_theirs_alone(store: JobStore, usage: UsageStore) -> None:
    await settled(store, 1)
    await store.add(new_job(2))
    await store.add(replace(new_job(3), user_id=USER_ID + 1))

    assert [job.id for job in await usage.under_way(USER_ID, 10)] == [job_id(2)]


async def test_neither_look_goes_through_all_jobs(database: Database) -> None:
    plans = [
        row["detail"]
        for sql, parameters in (
            (USED, {"user_id": 1, "id": "", "since": 0}),
            (UNDER_WAY, (1, 1, 1, 5)),
            (COUNT_UNDER_WAY, (1, 1, 1)),
        )
        for row in await database.read(f"EXPLAIN QUERY PLAN {sql}", parameters)
        if " jobs" in row["detail"]
    ]

    assert [plan.split(" (")[0] for plan in plans] == [
        "SEARCH jobs USING INDEX jobs_history",
        *(
            "SCAN jobs USING INDEX jobs_queued",
            "SCAN jobs USING INDEX jobs_submitting",
            "SCAN jobs USING INDEX jobs_open",
        )
        * 2,
    ]
