"""A backup is looked through before anything is touched, and put in place so that a kill leaves a whole database."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.errors import DatabaseDamaged, DatabaseInUse, SchemaTooNew, StorageError
from bot.model import Status, Tombstone
from storage.backups.restoring import restore, verify
from storage.backups.writing import BackupWriter, backup_folder
from storage.database import Database
from storage.migrate import load, migrate
from storage.stores.jobs import SqliteJobStore
from tests.builders import START, new_job

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

AT = datetime(2026, 3, 12, 11, 29, 2, tzinfo=UTC)


@pytest.fixture
async def backup(path: Path, tmp_path: Path) -> Path:
    """A backup with one job, of a database that has two."""
    target = tmp_path / "a.db"
    async with await Database.open(path) as database:
        await SqliteJobStore(database).add(new_job(1))
        BackupWriter(path).write(target, AT)
        await SqliteJobStore(database).add(new_job(2))
    return target


def jobs(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT id FROM jobs ORDER BY id")]


def carry_nothing(_: Sequence[Tombstone] | None) -> None:
    pass


def touch(path: Path) -> None:
    path.touch()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir() if not file.name.endswith(".lock")}


def test_what_a_backup_holds_is_told_and_the_file_stays_as_it_is(backup: Path) -> None:
    before = backup.read_bytes()
    found = verify(backup)
    assert (found.made_at, found.version, found.size) == (AT, len(load()), len(before))
    assert (found.rows["jobs"], found.rows["deliveries"], found.rows["actions"]) == (1, 1, 0)
    assert backup.read_bytes() == before
    assert "a.db-wal" not in names(backup.parent)


def test_a_backup_of_every_version_can_be_put_back(tmp_path: Path) -> None:
    for version in range(1, len(load()) + 1):
        old = tmp_path / f"{version}.db"
        with closing(sqlite3.connect(old, isolation_level=None)) as connection:
            migrate(connection, load()[:version])
        assert verify(old).version == version


def test_what_cannot_be_put_back_is_named(backup: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no file"):
        verify(tmp_path / "none.db")
    text = tmp_path / "text.db"
    text.write_text("Dear diary" * 1000)
    with pytest.raises(DatabaseDamaged, match="cannot be read"):
        verify(text)
    (tmp_path / "empty.db").touch()
    with pytest.raises(DatabaseDamaged, match="no database of Easel's"):
        verify(tmp_path / "empty.db")
    with closing(sqlite3.connect(backup, isolation_level=None)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(SchemaTooNew, match="version 99"):
        verify(backup)


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("DELETE FROM jobs", "deliveries → jobs"),
        ("UPDATE jobs SET kind = 'sculpture'", "sculpture"),
        ("UPDATE jobs SET sending = '{'", "cannot be read"),
    ],
)
def test_rows_that_make_no_sense_are_damage_too(backup: Path, sql: str, reason: str) -> None:
    with closing(sqlite3.connect(backup, isolation_level=None)) as connection:
        connection.execute(sql)
    with pytest.raises(DatabaseDamaged, match=reason):
        verify(backup)


def test_a_page_that_is_not_what_it_was_is_found(backup: Path) -> None:
    with closing(sqlite3.connect(backup)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'deliveries'").fetchone()
    content = bytearray(backup.read_bytes())
    content[4096 * (root - 1) + 100 : 4096 * root] = bytes(3996)
    backup.write_bytes(content)
    with pytest.raises(DatabaseDamaged):
        verify(backup)


async def test_a_restored_backup_is_the_database_and_the_former_one_is_set_aside(backup: Path, path: Path) -> None:
    put_back, aside = restore(backup, path, carry_nothing)
    assert put_back.rows["jobs"] == 1
    assert jobs(path) == [new_job(1).id]
    assert mode(path) == 0o600
    assert aside is not None
    assert aside.parent == backup_folder(path)
    assert jobs(aside) == [new_job(1).id, new_job(2).id]
    assert names(path.parent) == {"easel.db", "backups"}
    async with await Database.open(path) as database:
        job = await SqliteJobStore(database).get(new_job(1).id)
    assert job is not None
    assert job.status is Status.UNKNOWN
    # And back again: the one that was set aside is as good as any.
    restore(aside, path, carry_nothing)
    assert len(jobs(path)) == 2


def test_what_was_set_aside_is_not_overwritten_by_the_next_restore(backup: Path, path: Path) -> None:
    both = jobs(path)
    asides = [restore(backup, path, carry_nothing)[1] for _ in range(3)]  # within a second, or two
    assert [jobs(aside) for aside in asides if aside is not None] == [both, both[:1], both[:1]]


async def test_nothing_is_restored_while_the_bot_runs(backup: Path, path: Path) -> None:
    async with await Database.open(path):
        with pytest.raises(DatabaseInUse):
            restore(backup, path, carry_nothing)
    assert len(jobs(path)) == 2


def test_nothing_is_touched_for_a_bad_file(backup: Path, path: Path) -> None:
    before = path.read_bytes()
    backup.write_text("no database")
    with pytest.raises(DatabaseDamaged):
        restore(backup, path, carry_nothing)
    assert path.read_bytes() == before
    assert names(path.parent) == {"easel.db"}


def test_a_damaged_database_is_set_aside_with_its_log_as_it_is(backup: Path, path: Path) -> None:
    log = path.with_name("easel.db-wal")
    path.write_bytes(b"not any more" * 1000)
    log.write_bytes(b"perhaps worth something")
    told: list[Sequence[Tombstone] | None] = []
    _, aside = restore(backup, path, told.append)
    assert told == [None]
    assert aside is not None
    assert aside.read_bytes() == b"not any more" * 1000
    assert aside.with_name(f"{aside.name}-wal").read_bytes() == b"perhaps worth something"
    assert jobs(path) == [new_job(1).id]
    assert not log.exists()


async def test_who_has_left_is_handed_over_before_their_database_goes(backup: Path, path: Path) -> None:
    stone = Tombstone(mark="ab" * 32, erased_at=START)
    async with await Database.open(path) as database:
        await database.write(
            lambda connection: connection.execute(
                "INSERT INTO tombstones VALUES (?, ?, NULL)", (stone.mark, int(START.timestamp() * 1000))
            )
        )
    told: list[Sequence[Tombstone] | None] = []

    def refuse(stones: Sequence[Tombstone] | None) -> None:
        told.append(stones)
        raise StorageError("the disk is full")

    with pytest.raises(StorageError, match="full"):
        restore(backup, path, refuse)
    assert told == [[stone]]
    assert len(jobs(path)) == 2, "nothing was put in its place"


@pytest.mark.parametrize("after", range(1, 4))
async def test_a_restore_that_was_killed_in_the_middle_is_finished_at_the_next_start(
    backup: Path, path: Path, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before the former database goes, between that and its log, and before the other is there."""
    touch(path.with_name("easel.db-wal"))
    moves = 0
    replace = type(path).replace

    def die(file: Path, target: Path) -> Path:
        nonlocal moves
        moves += 1
        if moves > after:
            raise KeyboardInterrupt
        return replace(file, target)

    with monkeypatch.context() as patch:
        patch.setattr(type(path), "replace", die)
        with pytest.raises(KeyboardInterrupt):
            restore(backup, path, carry_nothing)
    async with await Database.open(path) as database:
        assert [row["id"] for row in await database.read("SELECT id FROM jobs")] == [new_job(1).id]
    [aside] = [file for file in backup_folder(path).iterdir() if file.suffix == ".db"]
    assert len(jobs(aside)) == 2
    assert names(path.parent) == {"easel.db", "backups"}


def test_what_a_killed_restore_left_of_its_copy_goes(backup: Path, path: Path) -> None:
    left = path.parent / ".restore-abc"
    left.mkdir()
    (left / "easel.db").write_bytes(b"somebody's prompts")
    restore(backup, path, carry_nothing)
    assert not left.exists()
