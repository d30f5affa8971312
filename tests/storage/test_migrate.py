from __future__ import annotations

import hashlib
import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.errors import SchemaTooNew
from bot.model import Order, Route
from storage.migrate import APPLICATION_ID, FOLDER, Migration, load, migrate, version_of
from storage.rows import action_of, find_job

if TYPE_CHECKING:
    from pathlib import Path

#: A migration that was released is never edited: databases out there have it behind them. Add the next one.
RELEASED = {
    "0001_jobs.sql": "2a90a33c23c4219b92cf6b18537abbdd2b3d97e412629743a2bdfb736e6b3eaf",
    "0002_more_ways.sql": "6451275458176e26b50d587fe68f8e1057c19e6583dc8996a28914ccb9235ec9",
    "0003_history_and_people.sql": "61628ce529fb821f4e39bbef2709a8802f4e57f9c19c6fbdbb0714a7dadf472a",
    "0004_operations.sql": "8d1887821159e49b73853fad101873526ccdfe701309c3b843890c0a0639484b",
    "0005_what_goes_later.sql": "6b1593ebf8d3a8a6a1cd5b65e046127e95ccc08b3520ee179b78a8cedc69b929",
}

BASE = Migration(1, "base", "CREATE TABLE base (n INTEGER); INSERT INTO base VALUES (1);")


def schema(connection: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """Return every object of a database with its definition, without comments and layout."""
    rows = connection.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master ORDER BY type, name").fetchall()
    return [
        (kind, name, re.sub(r" (?=[,)])", "", " ".join(re.sub(r"--.*", "", sql).split()))) for kind, name, sql in rows
    ]


def open_file(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(exist_ok=True)
    return sqlite3.connect(path, isolation_level=None)


def test_released_migrations_are_never_edited() -> None:
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in FOLDER.glob("*.sql")}

    assert found == RELEASED


def test_the_sum_of_the_migrations_is_the_schema_for_reading(path: Path) -> None:
    with closing(open_file(path)) as migrated, closing(sqlite3.connect(":memory:")) as written:
        migrate(migrated, load())
        written.executescript(FOLDER.with_name("schema.sql").read_text(encoding="utf-8"))

        assert schema(migrated) == schema(written)
        assert version_of(migrated) == len(load())
        assert migrated.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)


def test_a_database_at_the_newest_version_is_left_alone(path: Path) -> None:
    with closing(open_file(path)) as connection:
        migrate(connection, load())
        before = schema(connection)

        migrate(connection, load())

        assert schema(connection) == before


OLD_JOB = """
    INSERT INTO jobs (id, kind, status, prompt, speed, user_id, channel_id, interaction_id, created_at, updated_at,
                      parent_id, action_index)
    VALUES (?, 'imagine', 'queued', 'a fox', 'fast', 1, 2, ?, 3, 3, ?, ?)
"""
OLD_DELIVERY = """
    INSERT INTO deliveries (job_id, status, nonce, locale, attachment_size_limit, application_id, answer_message_id)
    VALUES (?, 'waiting', ?, 'en', 4, 5, 6)
"""
OLD_ACTION = "INSERT INTO actions VALUES ('one', ?, ?, ?, 'label', '', 2, NULL, ?, 0)"
OLD_BUTTONS = [
    (0, "MJ::JOB::upsample::1::u", "upscale", 0),
    (1, "MJ::JOB::variation::1::u", "variation", 0),
    (2, "MJ::JOB::reroll::0::u::SOLO", "reroll", 0),
    (3, "MJ::JOB::pan_left::1::u::SOLO", "pan", 0),
    (4, "MJ::JOB::animate_high::1::u::SOLO", "animate", 0),
    (5, "MJ::JOB::animate_high_extend::1::u", "animate", 0),
    (6, "MJ::JOB::video::1::u::manual", "animate", 1),
    (7, "MJ::CustomZoom::u", "zoom", 1),
    (8, "MJ::Outpaint::50::1::u::SOLO", "zoom", 0),
    (9, "MJ::Picread::Retry", "reroll", 0),
    (10, "MJ::BOOKMARK::u", "bookmark", 0),
]


def test_a_database_of_the_first_version_keeps_all_it_has(path: Path) -> None:
    with closing(open_file(path)) as connection:
        connection.row_factory = sqlite3.Row
        migrate(connection, load()[:1])
        connection.execute(OLD_JOB, ("one", 1, None, None))
        connection.execute(OLD_JOB, ("two", 2, "one", 1))
        connection.executemany(OLD_DELIVERY, [("one", "n1"), ("two", "n2")])
        connection.executemany(OLD_ACTION, OLD_BUTTONS)

        migrate(connection, load())

        one, two = find_job(connection, "one"), find_job(connection, "two")
        actions = [action_of(row) for row in connection.execute("SELECT * FROM actions ORDER BY idx")]
    assert one is not None
    assert two is not None
    assert (one.prompt, one.order, one.batch_id, one.seed) == ("a fox", Order(), None, None)
    assert (one.more_urls, one.deleted_at, one.delivery.answer_message_id) == ((), None, 6)
    assert (two.parent_id, two.order) == ("one", Order(route=Route.ACTION))
    assert [(action.index, action.action_id, action.kind, action.needs_input) for action in actions] == OLD_BUTTONS
    assert [action.index for action in actions if action.remixable] == [1, 2, 3, 4]
    assert not any(action.is_dead for action in actions)


def test_no_migration_ends_the_runners_transaction() -> None:
    for step in load():
        code = re.sub(r"--.*", "", step.sql)
        assert not re.search(r"\b(BEGIN|COMMIT|END|ROLLBACK|VACUUM|PRAGMA)\b", code, re.IGNORECASE), step.name


STATEMENTS = ["CREATE TABLE extra (n INTEGER)", "INSERT INTO extra VALUES (1)", "UPDATE base SET n = 2"]


@pytest.mark.parametrize("position", range(len(STATEMENTS) + 1))
def test_a_step_interrupted_anywhere_is_taken_back_with_its_version(path: Path, position: int) -> None:
    broken = Migration(2, "extra", ";\n".join([*STATEMENTS[:position], "SELECT no_such_function()", ""]))
    with closing(open_file(path)) as connection:
        with pytest.raises(sqlite3.OperationalError, match="no_such_function"):
            migrate(connection, (BASE, broken))

        assert not connection.in_transaction
        assert version_of(connection) == 1
        assert [name for _, name, _ in schema(connection)] == ["base"]
        assert connection.execute("SELECT n FROM base").fetchall() == [(1,)]

        migrate(connection, (BASE, Migration(2, "extra", ";\n".join([*STATEMENTS, ""]))))
        assert version_of(connection) == 2
        assert connection.execute("SELECT n FROM base").fetchall() == [(2,)]


def test_a_process_that_dies_before_the_commit_leaves_the_old_version(path: Path) -> None:
    with closing(open_file(path)) as connection:
        migrate(connection, (BASE,))
        connection.executescript("BEGIN IMMEDIATE; CREATE TABLE extra (n); PRAGMA user_version = 2;")
        # Closed without a commit: what is in the file is what another process would find.

    with closing(open_file(path)) as connection:
        assert version_of(connection) == 1
        assert [name for _, name, _ in schema(connection)] == ["base"]


def test_a_newer_database_is_refused(path: Path) -> None:
    with closing(open_file(path)) as connection:
        connection.execute("PRAGMA user_version = 9")

        with pytest.raises(SchemaTooNew, match=r"version 9, this program knows 1\."):
            migrate(connection, (BASE,))
        assert schema(connection) == []


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["0001_a.sql", "0003_c.sql"], "without gaps"),
        (["0001_a.sql", "0001_b.sql"], "repeats"),
        (["0002_b.sql"], "from 1"),
        (["1_a.sql"], "not named like"),
        (["0001-a.sql"], "not named like"),
    ],
)
def test_misnumbered_and_misnamed_migrations_are_refused(tmp_path: Path, names: list[str], message: str) -> None:
    for name in names:
        (tmp_path / name).write_text("CREATE TABLE a (n);", encoding="utf-8")

    with pytest.raises(ValueError, match=message):
        load(tmp_path)


def test_what_was_deleted_before_loses_its_words_unless_something_made_from_it_has_them(path: Path) -> None:
    lines = [("a", None, 1), ("b", "a", 1), ("c", "b", None), ("d", None, 1), ("e", "d", 1), ("f", None, None)]
    with closing(open_file(path)) as connection:
        connection.row_factory = sqlite3.Row
        migrate(connection, load()[:4])
        for number, (job_id, parent, deleted_at) in enumerate(lines):
            connection.execute(OLD_JOB, (job_id, number, parent, None))
            connection.execute(OLD_DELIVERY, (job_id, f"n{number}"))
            more = "final_prompt = 'a fox', media_url = 'https://a.b/c', sending = :sending, deleted_at = :at"
            sending = '{"images": ["x.png"], "applied": [["person", "fox"]]}'
            connection.execute(
                f"UPDATE jobs SET {more} WHERE id = :id",  # noqa: S608 - as written here
                {"sending": sending if number % 2 else "", "at": deleted_at, "id": job_id},
            )

        migrate(connection, load())

        jobs = [find_job(connection, job_id) for job_id, _, _ in lines]
    found = [job for job in jobs if job is not None]
    assert [job.prompt for job in found] == ["a fox", "a fox", "a fox", "", "", "a fox"]
    assert [(job.final_prompt, job.media_url) for job in found] == [
        ("", None) if job.deleted_at else ("a fox", "https://a.b/c") for job in found
    ]
    assert [(job.order.images, len(job.order.applied)) for job in found] == [
        ((), 0),
        (("x.png",), 0),
        ((), 0),
        (("x.png",), 0),
        ((), 0),
        (("x.png",), 1),
    ]
