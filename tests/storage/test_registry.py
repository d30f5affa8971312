"""The registry of what happens when a person leaves, held against the real schema and against what really happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from bot.jobs.ports import Headway
from bot.model import Status, Tombstone
from storage.memory import SqliteMemory
from storage.registry import AT_ONCE, BATCHES, DELIVERIES, JOBS, NOBODY, TABLES, Fate
from storage.stores.erasure import SqlitePrivacyStore
from tests.builders import START, USER_ID, action, job_id, new_job
from tests.storage.steps import put, settled, submitted

if TYPE_CHECKING:
    import sqlite3

    from storage.database import Database

SOMEBODY_ELSE: Final = USER_ID + 1
STONE: Final = Tombstone(mark="ab" * 32, erased_at=START.replace(hour=23))


async def columns(database: Database) -> dict[str, set[str]]:
    """Return the columns of every table of the schema."""
    rows = await database.read(
        "SELECT m.name AS name, c.name AS col FROM sqlite_master AS m, pragma_table_info(m.name) AS c"
        " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'"
    )
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["name"], set()).add(row["col"])
    return found


async def test_every_table_and_every_column_is_registered(database: Database) -> None:
    registered = {name: set(table.personal | table.plain) for name, table in TABLES.items()}
    assert registered == await columns(database)


def test_what_is_registered_makes_sense() -> None:
    for name, table in TABLES.items():
        assert not table.personal & table.plain, name
        assert table.blank.keys() <= table.personal, name
        assert {table.person, table.since} <= table.personal | table.plain | {""}, name
        assert table.why.endswith("."), name
        assert table.fate is Fate.ERASED or not table.personal, name
    for table in (JOBS, DELIVERIES):
        assert table.blank.keys() == table.personal, "a row that stays for a while says nothing of anybody"
    assert BATCHES.person
    assert {name for name, _ in AT_ONCE} >= {"people", "presets", "preset_shares", "drafts", "exports"}


async def fill(database: Database, number: int, user_id: int) -> None:
    """Put a row of a person into every table."""
    memory = SqliteMemory(database)
    await memory.jobs.add(new_job(number, user_id=user_id))
    await put(database, number, Status.SUBMITTING)
    await memory.jobs.transition(
        job_id(number), Status.SUBMITTING, Status.RUNNING, at=START, changes={"task_id": f"task-{number}"}
    )
    await memory.jobs.transition(
        job_id(number), Status.RUNNING, Status.SUCCEEDED, at=START, actions=[action(index) for index in range(3)]
    )
    rows: tuple[tuple[str, tuple[object, ...]], ...] = (
        ("attempts (job_id, step, started_at)", (job_id(number), "submit", 1)),
        (
            "batches (id, user_id, channel_id, prompt, locale, attachment_size_limit, application_id, created_at)",
            (f"batch-{number}", user_id, 1, "{a, b}", "en-US", 1, 1, 1),
        ),
        ("drafts", (f"draft-{number}", user_id, "imagine", "{}", 1)),
        ("favorites (user_id, job_id, created_at)", (user_id, job_id(number), 1)),
        ("people", (user_id, "{}")),
        ("servers", (number, "{}")),
        ("presets", (user_id, "noir", "--ar 3:2", 1)),
        ("preset_shares (guild_id, user_id, name, owner_name)", (number, user_id, "noir", "me")),
        ("stars", (job_id(number), user_id, 1)),
        ("showcases", (job_id(number), 1, 1, number, 1)),
        ("shares", (number, job_id(number), 1, 1, user_id, 1)),
        ("files", (job_id(number), 0, f"{number}.png", "image/png", 3, 1)),
        (
            "exports (id, user_id, channel_id, locale, application_id, created_at)",
            (f"export-{number}", user_id, 1, "en-US", 1, 1),
        ),
        ("authors", (job_id(number), user_id, "a fox")),
        ("borrowings", (job_id(number),)),
        ("takedowns", (job_id(number), 1)),
        ("usage", (user_id, 1, "imagine", "fast", 1)),
        ("tombstones (mark, erased_at)", (f"mark-{number}", 1)),
    )

    def insert(connection: sqlite3.Connection) -> None:
        for table, values in rows:
            marks = ", ".join("?" * len(values))
            connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608 - as listed

    await database.write(insert)


async def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all tables."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for name in await columns(database):
        found[name] = sorted((tuple(row) for row in await database.read(f"SELECT * FROM {name}")), key=repr)  # noqa: S608 - out of the schema
    return found


async def leave(database: Database) -> None:
    """Take a person through all that makes them leave."""
    store = SqlitePrivacyStore(database)
    await store.leave(USER_ID, STONE, STONE.erased_at)
    await store.remove([job.id for job in await store.jobs(USER_ID, "~", 100)])
    await store.part(USER_ID, STONE.erased_at)
    await store.finish(STONE, STONE.erased_at)


async def test_every_row_of_a_person_goes_and_no_row_of_anybody_else(database: Database) -> None:
    await fill(database, 2, SOMEBODY_ELSE)
    without = await everything(database)
    assert [name for name, rows in without.items() if not rows] == [], "a table that nobody filled shows nothing"
    await fill(database, 1, USER_ID)
    filled = await everything(database)
    assert [name for name in filled if len(filled[name]) == len(without[name])] == []

    await leave(database)

    left = await everything(database)
    for name, table in TABLES.items():
        if table.fate is Fate.ERASED:
            assert left[name] == without[name], name
        elif name == "tombstones":
            assert [row for row in left[name] if STONE.mark in row] != []
        else:
            assert left[name] == filled[name], name


@pytest.mark.parametrize("status", [Status.SUBMITTING, Status.RUNNING])
async def test_what_the_api_is_at_stays_and_says_nothing_of_anybody(database: Database, status: Status) -> None:
    memory = SqliteMemory(database)
    await submitted(memory.jobs, 1)
    if status is Status.RUNNING:
        await memory.jobs.transition(
            job_id(1), Status.SUBMITTING, status, at=START, changes={"task_id": "t", "preview_url": "https://a.b/fox"}
        )
    before = await memory.jobs.get(job_id(1))
    rows = await database.read("SELECT * FROM jobs"), await database.read("SELECT * FROM deliveries")

    assert await memory.privacy.leave(USER_ID, STONE, STONE.erased_at) == [before]

    after = await database.read("SELECT * FROM jobs"), await database.read("SELECT * FROM deliveries")
    for table, [was], [now] in zip((JOBS, DELIVERIES), rows, after, strict=True):
        for column in table.personal:
            assert not now[column] or (column, now[column] < 0) == ("interaction_id", True), column
            assert now[column] != was[column] or not was[column], column
    job = await memory.jobs.get(job_id(1))
    assert job is not None
    assert (job.status, job.user_id, job.deleted_at) == (status, NOBODY, STONE.erased_at)
    assert await memory.privacy.nobodys(10) == []


async def test_what_is_written_about_nobodys_job_names_nothing_either(database: Database) -> None:
    memory = SqliteMemory(database)
    await submitted(memory.jobs, 1)
    await memory.privacy.leave(USER_ID, STONE, STONE.erased_at)

    await memory.jobs.transition(job_id(1), Status.SUBMITTING, Status.RUNNING, at=START, changes={"task_id": "t"})
    await memory.jobs.note(job_id(1), {"progress": 40, "preview_url": "https://a.b/fox"}, START)
    await memory.jobs.note_headway([Headway(job_id(1), 60, "https://a.b/fox")], START)
    done = await memory.jobs.transition(
        job_id(1),
        Status.RUNNING,
        Status.SUCCEEDED,
        at=START,
        changes={"final_prompt": "a fox", "media_url": "https://a.b/fox.png", "result_text": "fox", "seed": "1"},
        actions=[action(0)],
    )

    assert (done.task_id, done.progress, done.preview_url) == ("t", 60, None)
    assert (done.final_prompt, done.media_url, done.result_text, done.seed) == ("", None, "", None)
    assert await memory.jobs.actions(job_id(1)) == ()
    assert [job.id for job in await memory.privacy.nobodys(10)] == [job_id(1)]
    assert await memory.jobs.due_deliveries(START, 10) == []


@pytest.mark.parametrize("status", [Status.QUEUED, Status.NEEDS_INPUT])
async def test_what_would_still_be_paid_for_can_be_sent_no_more(database: Database, status: Status) -> None:
    memory = SqliteMemory(database)
    await memory.jobs.add(new_job(1))
    await memory.jobs.answered(job_id(1), 5, START)
    await put(database, 1, status)

    await memory.privacy.leave(USER_ID, STONE, STONE.erased_at)

    job = await memory.jobs.get(job_id(1))
    assert job is not None
    assert job.status is Status.CANCELLED
    assert await memory.jobs.due_submits(START, 10) == []
    assert [job.id for job in await memory.privacy.nobodys(10)] == [job_id(1)]


async def test_an_answer_that_turns_up_late_is_not_written_to_nobodys_job(database: Database) -> None:
    memory = SqliteMemory(database)
    await memory.jobs.add(new_job(1))
    await memory.privacy.leave(USER_ID, STONE, STONE.erased_at)
    assert await memory.jobs.answered(job_id(1), 5, START) is None
    job = await memory.jobs.get(job_id(1))
    assert job is not None
    assert (job.answered_at, job.delivery.answer_message_id) == (None, None)


async def test_what_others_made_from_it_stays_theirs_and_names_it_no_more(database: Database) -> None:
    memory = SqliteMemory(database)
    await settled(memory.jobs, 1)
    await memory.jobs.add(new_job(2, user_id=SOMEBODY_ELSE, parent_id=job_id(1), action_index=0, once=True))
    child = await memory.jobs.get(job_id(2))
    assert child is not None
    assert child.single_key is not None

    await leave(database)

    child = await memory.jobs.get(job_id(2))
    assert child is not None
    assert (child.user_id, child.parent_id, child.single_key) == (SOMEBODY_ELSE, None, None)
    assert child.prompt


async def test_what_somebody_makes_after_they_left_is_not_what_they_left(database: Database) -> None:
    memory = SqliteMemory(database)
    old = Tombstone(mark=STONE.mark, erased_at=START)
    await memory.jobs.add(new_job(1))
    await memory.privacy.leave(USER_ID, old, old.erased_at)
    first_after = job_id(1)
    assert [job.id for job in await memory.privacy.jobs(USER_ID, "~", 10)] == [first_after]
    assert not await memory.privacy.has_older(USER_ID, START)
    assert await memory.privacy.has_older(USER_ID, STONE.erased_at)


async def test_everybody_of_whom_anything_is_kept_is_known(database: Database) -> None:
    memory = SqliteMemory(database)
    assert await memory.privacy.people() == []
    await fill(database, 1, USER_ID)
    await fill(database, 2, SOMEBODY_ELSE)
    await submitted(memory.jobs, 3)
    await memory.privacy.leave(USER_ID, STONE, STONE.erased_at)
    assert set(await memory.privacy.people()) == {USER_ID, SOMEBODY_ELSE}


async def test_holdings_are_counted(database: Database) -> None:
    memory = SqliteMemory(database)
    assert (await memory.privacy.holdings(USER_ID)).jobs == 0
    await fill(database, 1, USER_ID)
    await settled(memory.jobs, 3)
    await memory.jobs.delete(job_id(3), START)
    held = await memory.privacy.holdings(USER_ID)
    assert (held.jobs, held.deleted, held.files, held.size) == (2, 1, 1, 3)
    assert (held.favorites, held.stars, held.presets, held.has_settings) == (1, 1, 1, True)
    assert held.oldest == new_job(1).created_at
