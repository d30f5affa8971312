from __future__ import annotations

import asyncio
import logging
import sqlite3
from itertools import count as numbers
from typing import TYPE_CHECKING

import pytest

from bot.errors import StorageError
from storage.database import Database
from storage.group import GROUP_LIMIT
from tests.builders import job_id, new_job
from tests.storage.steps import count, is_free, was_cancelled

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.jobs.ports import JobStore


def insert(number: int) -> Callable[[sqlite3.Connection], int]:
    """Return a transaction of two statements, so that half of it could be seen."""

    def work(connection: sqlite3.Connection) -> int:
        connection.execute("INSERT INTO note (n) VALUES (?)", (number,))
        connection.execute("INSERT INTO note (n) VALUES (?)", (-number,))
        return number

    return work


def fail_after_insert(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO note (n) VALUES (999)")
    raise LookupError("changed my mind")


async def make_table(database: Database) -> None:
    await database.write(lambda connection: connection.execute("CREATE TABLE note (n INTEGER NOT NULL)"))


async def notes(database: Database) -> list[int]:
    return [row["n"] for row in await database.read("SELECT n FROM note ORDER BY n")]


async def test_what_waits_together_is_committed_together(database: Database) -> None:
    await make_table(database)
    before = database.commits

    results = await asyncio.gather(*(database.write(insert(n)) for n in range(1, 51)))

    assert results == list(range(1, 51))
    assert len(await notes(database)) == 100
    assert database.commits == before + 1


async def test_a_group_has_a_limit(database: Database) -> None:
    await make_table(database)
    before = database.commits

    await asyncio.gather(*(database.write(insert(n)) for n in range(1, GROUP_LIMIT + 2)))

    assert database.commits == before + 2


async def test_an_answered_write_is_on_disk(database: Database, path: Path) -> None:
    await make_table(database)

    await database.write(insert(7))

    outside = sqlite3.connect(path)
    assert outside.execute("SELECT n FROM note ORDER BY n").fetchall() == [(-7,), (7,)]
    outside.close()


async def test_a_failure_takes_back_only_its_own_changes(database: Database) -> None:
    await make_table(database)
    before = database.commits

    first, failed, second = await asyncio.gather(
        database.write(insert(1)),
        database.write(fail_after_insert),
        database.write(insert(2)),
        return_exceptions=True,
    )

    assert (first, second) == (1, 2)
    assert isinstance(failed, LookupError)
    assert await notes(database) == [-2, -1, 1, 2]
    assert database.commits == before + 1


async def test_a_failed_commit_is_everybodys_failure(database: Database) -> None:
    await make_table(database)

    def leave_an_orphan(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA defer_foreign_keys = ON")
        connection.execute("INSERT INTO attempts (job_id, step, started_at) VALUES ('nobody', 'submit', 0)")

    outcomes = await asyncio.gather(
        database.write(insert(1)),
        database.write(leave_an_orphan),
        return_exceptions=True,
    )

    for outcome in outcomes:
        assert isinstance(outcome, StorageError)
        assert isinstance(outcome.__cause__, sqlite3.IntegrityError)
    assert await notes(database) == []
    assert await database.write(insert(2)) == 2


async def test_an_error_of_sqlite_comes_out_as_ours_with_its_cause(database: Database) -> None:
    with pytest.raises(StorageError, match="no such table: nowhere") as caught:
        await database.write(lambda connection: connection.execute("INSERT INTO nowhere VALUES (1)"))
    assert isinstance(caught.value.__cause__, sqlite3.OperationalError)

    with pytest.raises(StorageError, match="no such table: nowhere"):
        await database.read("SELECT * FROM nowhere")


async def test_a_caller_cancelled_at_any_wait_leaves_a_whole_write_and_no_transaction(
    database: Database,
    path: Path,
) -> None:
    await make_table(database)

    wait = 0
    for wait in numbers():
        other = asyncio.create_task(database.write(insert(1000 + wait)))
        cancelled = await was_cancelled(database.write(insert(wait + 1)), wait)
        assert await other == 1000 + wait
        assert await database.write(insert(2000 + wait)) == 2000 + wait
        assert is_free(path)
        if not cancelled:
            break

    found = await notes(database)
    assert wait >= 1
    assert set(found) == {-n for n in found}
    assert {1, 1000, 2000, 1001, 2001} <= set(found)


async def test_callers_cancelled_at_many_moments_never_leave_half_a_write(database: Database, path: Path) -> None:
    await make_table(database)

    for turns in range(1, 61):
        victim = asyncio.create_task(database.write(insert(turns)))
        witness = asyncio.create_task(database.write(insert(1000 + turns)))
        for _ in range(turns):
            await asyncio.sleep(0)
        victim.cancel()
        await asyncio.gather(victim, return_exceptions=True)
        assert await witness == 1000 + turns

    assert is_free(path)
    # Carried out although nobody waited any more: all that had been asked for before the caller went away.
    assert await notes(database) == sorted(sign * n for n in (*range(1, 61), *range(1001, 1061)) for sign in (1, -1))


async def test_a_task_cancelled_before_it_began_has_written_nothing(database: Database) -> None:
    await make_table(database)

    task = asyncio.create_task(database.write(insert(1)))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert await database.write(insert(2)) == 2
    assert await notes(database) == [-2, 2]


async def test_a_write_that_fails_after_its_caller_left_is_logged(
    database: Database,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert await was_cancelled(database.write(fail_on_missing_table), 0)
    await database.write(lambda connection: connection.execute("SELECT 1").fetchone())

    assert "A write failed after its caller had gone" in caplog.text


def fail_on_missing_table(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO nowhere VALUES (1)")


async def test_a_full_disk_is_explained_and_leaves_the_database_usable(database: Database, store: JobStore) -> None:
    await store.add(new_job(1))
    await database.write(limit_pages)

    with pytest.raises(StorageError, match="full") as caught:
        await store.add(new_job(2, prompt="x" * 200_000))
    assert "Free some space" in caught.value.explanation

    assert await count(database, "jobs") == 1
    assert await count(database, "deliveries") == 1
    await database.write(lift_limit)
    await store.add(new_job(2, prompt="x" * 200_000))
    assert (await store.get(job_id(2))) is not None


async def test_on_a_full_disk_every_answer_in_the_group_is_true(database: Database, store: JobStore) -> None:
    await store.add(new_job(1))
    await database.write(limit_pages)

    outcomes = await asyncio.gather(
        store.add(new_job(2)),
        store.add(new_job(3, prompt="x" * 200_000)),
        store.add(new_job(4)),
        return_exceptions=True,
    )

    assert isinstance(outcomes[1], StorageError)
    for number, outcome in zip((2, 3, 4), outcomes, strict=True):
        written = await store.get(job_id(number)) is not None
        assert written is not isinstance(outcome, BaseException)


def limit_pages(connection: sqlite3.Connection) -> None:
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 4}")


def lift_limit(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA max_page_count = 1000000")


async def test_a_database_held_by_another_program_is_explained(database: Database, path: Path) -> None:
    await database.write(lambda connection: connection.execute("PRAGMA busy_timeout = 50"))
    outside = sqlite3.connect(path, isolation_level=None)
    outside.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageError, match="locked") as caught:
        await make_table(database)
    assert "Another program holds the database" in caught.value.explanation

    outside.close()
    await make_table(database)


async def test_a_slow_transaction_is_logged(
    database: Database,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await make_table(database)
    assert "took" not in caplog.text

    monkeypatch.setattr("storage.group.SLOW_AFTER_S", -1.0)
    await database.write(insert(1))

    assert [record.levelno for record in caplog.records if "1 writes took" in record.message] == [logging.WARNING]


async def test_closing_carries_out_what_waits_and_refuses_what_comes_later(path: Path) -> None:
    database = await Database.open(path)
    await make_table(database)
    waiting = asyncio.create_task(database.write(insert(1)))
    await asyncio.sleep(0)

    await asyncio.gather(database.close(), database.close())

    assert await waiting == 1
    for late in (database.write(insert(2)), database.read("SELECT 1"), database.checkpoint()):
        with pytest.raises(StorageError, match="closed"):
            await late
    async with await Database.open(path) as again:
        assert await notes(again) == [-1, 1]


async def test_opening_and_closing_survive_cancellation_at_any_wait(path: Path) -> None:
    wait = 0
    for wait in numbers():
        if not await was_cancelled(open_and_close(path), wait):
            break
        # The file is free again and nothing of the cancelled one is left.
        await (await Database.open(path)).close()

    assert wait >= 2


async def open_and_close(path: Path) -> None:
    database = await Database.open(path)
    await database.close()


async def test_a_reader_cannot_write(path: Path) -> None:
    async with await Database.open(path, sqlite_version=(3, 51, 3)) as database:
        with pytest.raises(StorageError, match="readonly"):
            await database.read("CREATE TABLE note (n INTEGER)")


async def test_the_connection_is_set_to_lose_nothing(database: Database) -> None:
    def settings(connection: sqlite3.Connection) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "trusted_schema", "busy_timeout")
        found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names}
        found["journal_size_limit"] = connection.execute("PRAGMA journal_size_limit").fetchone()[0]
        found["wal_autocheckpoint"] = connection.execute("PRAGMA wal_autocheckpoint").fetchone()[0]
        return found

    assert await database.write(settings) == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "trusted_schema": 0,
        "busy_timeout": 5000,
        "journal_size_limit": 64 * 1024 * 1024,
        "wal_autocheckpoint": 1000,
    }


async def test_an_old_sqlite_gets_one_connection_and_says_so(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with await Database.open(path, sqlite_version=(3, 51, 2)):
        assert caplog.text.count("one connection reads and writes") == 1
    caplog.clear()
    async with await Database.open(path, sqlite_version=(3, 51, 3)):
        assert "one connection" not in caplog.text


async def test_a_loop_that_is_torn_down_leaves_nobody_waiting(path: Path) -> None:
    database = await Database.open(path)
    await make_table(database)
    waiting = asyncio.create_task(database.write(insert(1)))
    await asyncio.sleep(0)

    for task in asyncio.all_tasks():
        if task.get_name() == "storage writer":
            task.cancel()

    with pytest.raises(StorageError, match="before this was confirmed"):
        await waiting
    with pytest.raises(StorageError, match="closed"):
        await database.write(insert(2))
    await database.close()
    await (await Database.open(path)).close()


async def test_a_reader_that_cannot_be_opened_leaves_the_file_free(
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(path: Path) -> sqlite3.Connection:
        raise StorageError(f"no reader for {path.name} today")

    with monkeypatch.context() as patch:
        patch.setattr("storage.database.open_reader", refuse)
        with pytest.raises(StorageError, match="today"):
            await Database.open(path, sqlite_version=(3, 51, 3))

    await (await Database.open(path, sqlite_version=(3, 51, 3))).close()
