"""Suggestions out of a real SQLite file: found as a page finds its jobs, and never by looking through everything."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.model import HistoryFilter
from storage.stores.history import SqliteHistoryStore
from tests.builders import START, USER_ID, job_id, new_job
from tests.storage.steps import settled
from tests.storage.test_history import SCRIPTS

if TYPE_CHECKING:
    from bot.jobs.ports import HistoryStore, JobStore
    from storage.database import Database

SOMEBODY_ELSE = USER_ID + 1


@pytest.fixture
def history(database: Database) -> HistoryStore:
    return SqliteHistoryStore(database)


async def found(history: HistoryStore, text: str, limit: int = 10) -> list[str]:
    return [job.id for job in await history.newest(USER_ID, text, limit)]


async def test_they_find_what_a_page_finds_newest_first(store: JobStore, history: HistoryStore) -> None:
    prompts = [*SCRIPTS, "a snowy day, and a red fox", "snow fox", "a fox in the snow", "snow"]
    for number, prompt in enumerate(prompts, 1):
        await store.add(new_job(number, prompt=prompt))
        await store.add(new_job(100 + number, prompt=prompt, user_id=SOMEBODY_ELSE))

    last = len(prompts)
    assert await found(history, "fox snow") == [job_id(number) for number in (last - 1, last - 2, last - 3)]
    assert await found(history, "fox snow", 1) == [job_id(last - 1)]
    assert await found(history, "\uff26\uff2f\uff38 SNOWY") == [job_id(last - 3)]
    for text in (
        "fox snow",
        "%",
        "_",
        "s",
        "\x00",
        "",
        "  ",
        "nothing",
        *(text for texts in SCRIPTS.values() for text in texts),
    ):
        page = await history.page(USER_ID, HistoryFilter(text=text), limit=50)
        assert await found(history, text, 50) == [job.id for job in page.jobs], text


async def test_an_id_or_its_beginning_finds_its_job_however_old_that_is(store: JobStore, database: Database) -> None:
    for number in (1, 2, 3):
        await settled(store, number)
    await store.add(new_job(4, user_id=SOMEBODY_ELSE))
    await store.add(new_job(5, prompt="the 01234567 of a machine"))
    history = SqliteHistoryStore(database, looked_at=1)

    assert await found(history, f" {job_id(1).lower()} ") == [job_id(1)]
    shared = [number for number in (5, 3, 2, 1) if job_id(number)[:8] == job_id(2)[:8]]
    assert len(shared) > 1
    assert await found(history, job_id(2)[:8]) == [job_id(number) for number in shared]
    assert await found(history, job_id(2)[:8], 1) == [job_id(shared[0])]
    assert await found(history, job_id(4)) == []
    assert await found(history, "01234567") == [job_id(5)]

    await store.delete(job_id(1), START)
    assert await found(history, job_id(1)) == []


async def test_only_so_many_of_the_newest_are_looked_at(store: JobStore, database: Database) -> None:
    await asyncio.gather(*(store.add(new_job(number, prompt="a fox")) for number in range(2, 9)))
    await store.add(new_job(1, prompt="a cat"))
    for bound, first, expected in (
        (7, 5, []),
        (7, 2, []),
        (8, 5, [job_id(1)]),
        (8, 2, [job_id(1)]),
        (9, 9, [job_id(1)]),
    ):
        history = SqliteHistoryStore(database, first_slice=first, looked_at=bound)
        assert await found(history, "cat") == expected
    assert len(await found(SqliteHistoryStore(database, looked_at=3), "")) == 8
