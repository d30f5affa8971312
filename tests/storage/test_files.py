"""Kept files: which job has which, what may be forgotten, and in which order."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest

from bot.jobs.ports import FileStore
from bot.model import DeliveryStatus, KeptFile, Status
from storage.stores.files import BY_AGE, STANDING, SqliteFileStore
from tests.builders import START, job_id, new_job
from tests.storage.steps import settled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.jobs.ports import JobStore
    from storage.database import Database

FOX, WOLF = "fox.png", "wolf.png"


class Counting:
    """As much of a database as reads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def read(self, sql: str, parameters: Sequence[object] = ()) -> list[sqlite3.Row]:
        return self._connection.execute(sql, parameters).fetchall()


class Losing:
    """As much of a database as reads, in which a file is let go of between two looks."""

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = name

    async def read(self, sql: str, parameters: Sequence[object] = ()) -> list[sqlite3.Row]:
        if sql == STANDING:
            forget = "DELETE FROM files WHERE name = ?"
            await self._database.write(lambda connection: connection.execute(forget, (self._name,)) and None)
        return await self._database.read(sql, parameters)


@pytest.fixture
def files(database: Database) -> FileStore:
    return SqliteFileStore(database)


def kept(number: int, name: str, *, part: int = 0, day: int = 0, size: int = 10) -> KeptFile:
    at = START + timedelta(days=day)
    return KeptFile(job_id=job_id(number), part=part, name=name, media_type="image/png", size=size, kept_at=at)


async def delivered(store: JobStore, *numbers: int) -> None:
    """Bring these jobs to where a person sees them."""
    for number in numbers:
        await settled(store, number, Status.SUCCEEDED)
        await store.move_delivery(job_id(number), list(DeliveryStatus), DeliveryStatus.DELIVERED)


def test_the_store_has_every_method_of_its_port() -> None:
    assert {name for name in vars(FileStore) if not name.startswith("_")} <= vars(SqliteFileStore).keys()


async def test_the_first_file_is_the_jobs_picture_and_the_others_are_not(store: JobStore, files: FileStore) -> None:
    await store.add(new_job(1))
    await store.note(job_id(1), {"media_url": "https://a.com/before.png"}, START)

    assert await files.keep(kept(1, FOX))
    assert await files.keep(kept(1, WOLF, part=1), "https://a.com/wolf.png")
    job = await store.get(job_id(1))
    assert job is not None
    assert (job.picture, job.media_type, job.media_url) == (FOX, "image/png", "https://a.com/before.png")

    assert await files.keep(kept(1, WOLF), "https://a.com/fresh.png")
    job = await store.get(job_id(1))
    assert job is not None
    assert (job.picture, job.media_url) == (WOLF, "https://a.com/fresh.png")
    assert await files.of_job(job_id(1)) == [kept(1, WOLF), kept(1, WOLF, part=1)]


async def test_nothing_is_kept_for_a_job_that_was_deleted_or_never_was(store: JobStore, files: FileStore) -> None:
    await delivered(store, 1)
    await files.keep(kept(1, FOX))
    await store.delete(job_id(1), START)

    assert not await files.keep(kept(1, WOLF))
    assert not await files.keep(kept(2, WOLF))
    assert await files.of_deleted() == [job_id(1)]
    assert await files.release(job_id(1)) == [FOX]
    assert await files.of_deleted() == []


async def test_a_file_is_released_by_its_last_job(store: JobStore, files: FileStore) -> None:
    await delivered(store, 1, 2)
    for number in (1, 2):
        await files.keep(kept(number, FOX))
    await files.keep(kept(1, WOLF, part=1))

    assert await files.release(job_id(1)) == [WOLF]
    assert await files.held("f") == {FOX}
    assert await files.release(job_id(2)) == [FOX]
    assert await files.release(job_id(2)) == []


async def test_a_shared_file_counts_once_and_is_as_old_as_for_its_latest_job(store: JobStore, files: FileStore) -> None:
    await delivered(store, 1, 2, 3)
    await files.keep(kept(1, FOX, day=1, size=10))
    await files.keep(kept(2, WOLF, day=2, size=300))
    await files.keep(kept(3, FOX, day=3, size=10))

    assert await files.total() == 310
    assert [file.name for file in await files.oldest(None, 9)] == [WOLF, FOX]
    assert [file.name for file in await files.oldest(None, 1)] == [WOLF]
    assert [file.name for file in await files.oldest(START + timedelta(days=3), 9)] == [WOLF]


async def test_what_was_let_go_of_while_it_was_looked_for_is_not_among_the_oldest(
    store: JobStore, database: Database, files: FileStore
) -> None:
    await delivered(store, 1, 2)
    await files.keep(kept(1, FOX, day=1))
    await files.keep(kept(2, WOLF, day=2))

    losing = SqliteFileStore(cast("Database", Losing(database, FOX)))
    assert [file.name for file in await losing.oldest(None, 9)] == [WOLF]


@pytest.mark.parametrize("status", DeliveryStatus)
async def test_what_is_still_to_be_delivered_is_not_forgotten(
    store: JobStore, files: FileStore, status: DeliveryStatus
) -> None:
    await delivered(store, 1, 2)
    await store.move_delivery(job_id(2), list(DeliveryStatus), status)
    for number in (1, 2):
        await files.keep(kept(number, FOX))
    is_done = status in {DeliveryStatus.DELIVERED, DeliveryStatus.KEPT}

    assert [file.name for file in await files.oldest(None, 9)] == ([FOX] if is_done else [])
    assert await files.forget([FOX, WOLF]) == ([FOX, WOLF] if is_done else [WOLF])
    jobs = [await store.get(job_id(number)) for number in (1, 2)]
    assert [job and job.picture for job in jobs] == ([None, None] if is_done else [FOX, FOX])
    assert await files.held("") == (set() if is_done else {FOX})


@pytest.mark.parametrize(
    ("sql", "parameters", "steps"),
    [
        (BY_AGE, (0, "", 0, 1, 1), ["SEARCH files USING INDEX files_age"]),
        (
            STANDING,
            ("[]",),
            [
                "SCAN asked VIRTUAL TABLE",
                "SEARCH f USING INDEX files_name (name=?)",
                "SEARCH d USING INDEX sqlite_autoindex_deliveries_1 (job_id=?)",
                "USE TEMP B-TREE FOR GROUP BY",
                "CORRELATED SCALAR SUBQUERY",
                "SEARCH favorites USING COVERING INDEX favorites_job (job_id=?)",
                "CORRELATED SCALAR SUBQUERY",
                "SEARCH showcases USING COVERING INDEX sqlite_autoindex_showcases_1 (job_id=?)",
            ],
        ),
    ],
)
async def test_the_oldest_are_found_by_indexes_and_without_sorting_them_all(
    database: Database, sql: str, parameters: tuple[object, ...], steps: list[str]
) -> None:
    plan = [row["detail"] for row in await database.read(f"EXPLAIN QUERY PLAN {sql}", parameters)]
    assert len(plan) == len(steps), plan
    assert all(found.startswith(step) for found, step in zip(plan, steps, strict=True)), plan


async def test_a_picture_that_many_jobs_have_is_looked_at_once_and_never_compared_row_by_row(
    store: JobStore, database: Database, files: FileStore
) -> None:
    async def effort(first: int, last: int) -> int:
        """Have so many jobs the same picture; return how much work SQLite has with what is oldest."""
        await asyncio.gather(*(store.add(new_job(number)) for number in range(first, last)))
        await asyncio.gather(*(files.keep(kept(number, FOX, day=number)) for number in range(first, last)))
        await database.write(lambda connection: connection.execute("UPDATE deliveries SET status = 'kept'") and None)
        counting, steps = sqlite3.connect(database.path), 0

        def count() -> int:
            nonlocal steps
            steps += 1
            return 0

        counting.row_factory = sqlite3.Row
        counting.set_progress_handler(count, 10)
        try:
            counted = SqliteFileStore(cast("Database", Counting(counting)))
            assert [file.job_id for file in await counted.oldest(None, 9)] == [job_id(last - 1)]
        finally:
            counting.close()
        return steps

    few, many = await effort(1, 61), await effort(61, 241)
    assert many < few * 4 * 1.3, "four times as many"


async def like(database: Database, number: int, *, in_star_channel: bool = False) -> None:
    """Make a job a favorite, or show it in a star channel."""
    sql = (
        "INSERT INTO showcases (job_id, guild_id, channel_id, begun_at) VALUES (?, 1, 1, 1)"
        if in_star_channel
        else "INSERT INTO favorites (job_id, user_id, created_at) VALUES (?, 1, 1)"
    )
    await database.write(lambda connection: connection.execute(sql, (job_id(number),)) and None)


async def test_what_is_liked_is_told_apart_also_where_only_another_job_with_the_same_file_is(
    store: JobStore, database: Database, files: FileStore
) -> None:
    await delivered(store, 1, 2, 3, 4)
    for number, name in enumerate(("star.png", FOX, FOX, WOLF), 1):
        await files.keep(kept(number, name, day=number))
    await like(database, 1, in_star_channel=True)
    await like(database, 2)

    assert [file.name for file in await files.oldest(None, 9, liked=False)] == [WOLF]
    assert [file.name for file in await files.oldest(None, 9, liked=True)] == ["star.png", FOX]
    assert [file.name for file in await files.oldest(None, 9)] == ["star.png", FOX, WOLF]


async def test_a_look_goes_on_where_an_earlier_one_ended(store: JobStore, files: FileStore) -> None:
    await delivered(store, *range(1, 8))
    for number in range(1, 8):
        await files.keep(kept(number, f"{number}.png", day=number // 3))
    found: list[KeptFile] = []
    while page := await files.oldest(None, 2, after=found[-1] if found else None):
        found += page
    assert [file.name for file in found] == [f"{number}.png" for number in range(1, 8)]
