"""What is deleted is nowhere in the files, although SQLite's `secure_delete` alone leaves copies behind."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

import pytest
from ulid import ULID

from storage.database import Database
from storage.stores.erasure import SqlitePrivacyStore
from storage.transactions.entry import insert
from tests.builders import START, USER_ID, new_job
from tests.storage.conftest import VERSIONS

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from storage.opening import Version

CANARY: Final = "canary in the coal mine"
JOBS: Final = 200
OTHERS: Final = 10**17
#: With this one SQLite leaves copies behind; it is looked at below that it does.
SEED: Final = 2


def fill(connection: sqlite3.Connection) -> list[str]:
    """Write jobs of many people down in a mixed order, let them grow, and return the ids of one person's."""
    rows, mine = random.Random(SEED), list[str]()  # noqa: S311 - not a secret
    ids: list[str] = []
    for number in range(1, JOBS):
        at = START + timedelta(seconds=number)
        is_mine = rows.random() < 0.3
        job = new_job(
            number,
            id=str(ULID.from_datetime(at)),
            created_at=at,
            user_id=USER_ID if is_mine else OTHERS + rows.randrange(OTHERS),
            prompt=(CANARY if is_mine else "words") + " x" * rows.randrange(rows.choice([20, 1500])),
        )
        insert(connection, job)
        ids.append(job.id)
        mine += [job.id] * is_mine
        connection.execute(
            "UPDATE jobs SET final_prompt = prompt, media_url = ? WHERE id = ?",
            ("https://a.b/" + "y" * rows.randrange(300), rows.choice(ids[-50:])),
        )
    return mine


def traces(folder: Path, job_ids: list[str]) -> int:
    """Return how often the person turns up in any file of a folder."""
    wanted = [CANARY.encode(), USER_ID.to_bytes(8), str(USER_ID).encode(), *(job_id.encode() for job_id in job_ids)]
    files = [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
    return sum(content.count(text) for content in files for text in wanted)


@pytest.mark.parametrize("version", VERSIONS)
async def test_after_a_scrub_nothing_of_a_person_is_in_any_file(path: Path, version: Version) -> None:
    async with await Database.open(path, sqlite_version=version) as database:
        mine = await database.write(fill)
        store = SqlitePrivacyStore(database)
        for start in range(0, len(mine), 50):
            await store.remove(mine[start : start + 50])
        await database.checkpoint()
        assert traces(path.parent, mine) > 0, "SQLite has become thorough: then there is nothing left to scrub"

        await store.scrub()

        assert traces(path.parent, mine) == 0
        assert [tuple(row) for row in await database.read("PRAGMA integrity_check")] == [("ok",)]
        left = await database.read("SELECT count(*) AS n FROM jobs")
        assert left[0]["n"] == JOBS - 1 - len(mine)
        await database.write(fill_more)
    assert traces(path.parent, mine) == 0


def fill_more(connection: sqlite3.Connection) -> None:
    """Write over pages that were scrubbed."""
    connection.execute("UPDATE jobs SET result_text = prompt")


def change(connection: sqlite3.Connection, number: int) -> None:
    """Change the numbered row."""
    connection.execute("UPDATE jobs SET seed = ? WHERE rowid = ?", (str(number), number))


async def test_others_write_and_read_between_two_turns(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.scrubbing.TURN", 8)
    async with await Database.open(path) as database:
        await database.write(fill)
        before = database.commits

        async def busy() -> None:
            for number in range(20):
                await database.write(partial(change, number=number))
                await database.read("SELECT count(*) FROM jobs")

        await asyncio.gather(database.scrub(), busy(), database.scrub())
        assert database.commits > before
        assert [tuple(row) for row in await database.read("PRAGMA integrity_check")] == [("ok",)]


async def test_an_empty_database_can_be_scrubbed(database: Database) -> None:
    await database.scrub()
    assert [tuple(row) for row in await database.read("PRAGMA integrity_check")] == [("ok",)]
