from __future__ import annotations

import hashlib
import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.errors import SchemaTooNew
from storage.migrate import APPLICATION_ID, FOLDER, Migration, load, migrate, version_of

if TYPE_CHECKING:
    from pathlib import Path

#: A migration that was released is never edited: databases out there have it behind them. Add the next one.
RELEASED = {
    "0001_jobs.sql": "2a90a33c23c4219b92cf6b18537abbdd2b3d97e412629743a2bdfb736e6b3eaf",
}

BASE = Migration(1, "base", "CREATE TABLE base (n INTEGER); INSERT INTO base VALUES (1);")


def schema(connection: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """Return every object of a database with its definition, without comments and layout."""
    rows = connection.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master ORDER BY type, name").fetchall()
    return [(kind, name, " ".join(re.sub(r"--.*", "", sql).split())) for kind, name, sql in rows]


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
