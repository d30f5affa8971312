"""Whether the database can be relied on: looked at, written to where nobody writes, and refused where room is short."""

# pyright: reportPrivateUsage=false
from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.errors import StorageError
from bot.jobs.ports import Outcome, Step
from bot.model import Batch, Draft, Status
from storage.soundness import _OPEN, Soundness
from storage.stores.batches import SqliteBatchStore
from storage.stores.drafts import SqliteDraftStore
from tests.builders import CHANNEL_ID, START, USER_ID, job_id, new_job
from tests.numbers import numbers_of
from tests.storage.steps import count, running, submitted

if TYPE_CHECKING:
    from bot.jobs.ports import JobStore
    from storage.database import Database


def age(database: Database, seconds: float) -> None:
    """Let so much time pass in which nothing is written."""
    database._group.committed_at -= seconds


# Writing -------------------------------------------------------------------------------------------------------------


async def test_where_nobody_writes_a_look_does_and_changes_nothing(database: Database, store: JobStore) -> None:
    await store.add(new_job(1))
    soundness, commits = Soundness(database), database.commits
    age(database, 61)
    assert soundness.write_age_s > 60
    log = database.path.with_name("easel.db-wal")
    before, size = await store.get(job_id(1)), log.stat().st_size

    await soundness.look(START)

    assert database.commits == commits + 1
    assert soundness.write_age_s < 10
    assert log.stat().st_size > size  # it went to the disk
    assert await store.get(job_id(1)) == before


async def test_where_somebody_has_written_a_look_writes_nothing(database: Database, store: JobStore) -> None:
    await store.add(new_job(1))
    commits = database.commits

    await Soundness(database).look(START)

    assert database.commits == commits


async def test_a_database_that_takes_nothing_grows_old_and_is_counted(database: Database, store: JobStore) -> None:
    await store.add(new_job(1))
    soundness = Soundness(database)
    age(database, 61)
    await database.write(lambda connection: connection.execute("PRAGMA query_only = ON"))
    age(database, 61)

    with pytest.raises(StorageError):
        await soundness.look(START)

    assert soundness.write_age_s > 60
    assert numbers_of(database.metrics)['easel_db_errors_total{code="readonly"}'] == 1


async def test_transactions_are_timed_and_failed_reads_counted(database: Database, store: JobStore) -> None:
    commits = numbers_of(database.metrics)["easel_db_commit_seconds_count"]
    await store.add(new_job(1))

    with pytest.raises(StorageError):
        await database.read("SELECT nothing FROM nowhere")

    series = numbers_of(database.metrics)
    assert series["easel_db_commit_seconds_count"] == commits + 1
    assert series['easel_db_errors_total{code="other"}'] == 1


# The lock ------------------------------------------------------------------------------------------------------------


async def test_a_lock_file_that_was_taken_away_keeps_nobody_out_any_more(database: Database) -> None:
    soundness, lock = Soundness(database), database.path.with_name("easel.db.lock")
    assert soundness.holds_lock

    lock.unlink()
    assert not soundness.holds_lock
    lock.touch()
    assert not soundness.holds_lock


async def test_a_closed_database_holds_no_lock(database: Database) -> None:
    await database.close()

    assert not Soundness(database).holds_lock


# Counting ------------------------------------------------------------------------------------------------------------


async def test_jobs_on_their_way_are_counted_by_status(database: Database, store: JobStore) -> None:
    await store.add(new_job(1))
    await store.add(new_job(2))
    await submitted(store, 3)
    await running(store, 4)
    await running(store, 5)
    await running(store, 6)
    await store.transition(job_id(6), Status.RUNNING, Status.NEEDS_INPUT, at=START)
    for number in (7, 8):
        await submitted(store, number)
        await store.transition(
            job_id(number), Status.SUBMITTING, Status.UNKNOWN, at=START, outcome=Outcome.UNKNOWN, changes={}
        )

    await Soundness(database).look(START + timedelta(seconds=7))  # the seventh is just too old

    series = numbers_of(database.metrics)
    states = {state: series[f'easel_jobs_inflight{{state="{state}"}}'] for state in Status if state in OPEN}
    assert states == {Status.QUEUED: 2, Status.SUBMITTING: 1, Status.RUNNING: 2, Status.NEEDS_INPUT: 1}
    assert series["easel_unknown_jobs"] == 1
    assert series["easel_wal_bytes"] > 0
    assert series["easel_disk_free_bytes"] > 0


OPEN = (Status.QUEUED, Status.SUBMITTING, Status.RUNNING, Status.NEEDS_INPUT)


async def test_counting_looks_at_no_job_that_is_done(database: Database) -> None:
    plan = await database.read(f"EXPLAIN QUERY PLAN {_OPEN}", (0,))

    steps = [row["detail"] for row in plan if "jobs" in row["detail"]]
    assert len(steps) == 4
    assert all("INDEX jobs_" in step for step in steps), steps


# Room ----------------------------------------------------------------------------------------------------------------


async def test_without_room_no_new_job_is_taken_and_those_taken_go_on(
    database: Database, store: JobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.add(new_job(1))
    await SqliteDraftStore(database).put(Draft(id="draft", user_id=USER_ID, form="batch", created_at=START))
    assert Soundness(database).has_room
    monkeypatch.setattr("storage.room.LEAST_FREE", 2**80)
    assert not Soundness(database).has_room

    with pytest.raises(StorageError, match="no new jobs are taken"):
        await store.add(new_job(2))
    with pytest.raises(StorageError, match="no new jobs are taken"):
        await SqliteBatchStore(database).add(batch(), [new_job(3, batch_id=job_id(100))], "draft")

    assert await count(database, "jobs") == 1
    assert await count(database, "batches") == 0
    await store.begin_submit(job_id(1), Status.QUEUED, Step.SUBMIT, START)


def batch() -> Batch:
    return Batch(
        id=job_id(100),
        user_id=USER_ID,
        guild_id=None,
        channel_id=CHANNEL_ID,
        prompt="a {red, blue} fox",
        locale="de",
        attachment_size_limit=10,
        application_id=1,
        created_at=START,
    )
