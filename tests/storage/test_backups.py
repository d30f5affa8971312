"""Backups: whole, private, made while somebody writes, and nothing left behind where one fails."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import stat
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from bot.errors import DatabaseDamaged, StorageError
from storage.backups import writing
from storage.backups.vault import SqliteVault
from storage.backups.writing import BackupWriter, backup_folder, backup_name, named
from storage.checking import look_through
from storage.database import Database
from storage.migrate import load, migrate, version_of
from storage.stores.jobs import SqliteJobStore
from tests.builders import START, new_job

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 3, 12, 11, 29, 2, tzinfo=UTC)


def names(folder: Path) -> list[str]:
    """Return what is in a folder."""
    return sorted(file.name for file in folder.iterdir())


def nearly_full(_: Path) -> SimpleNamespace:
    """Stand in for `shutil.disk_usage`."""
    return SimpleNamespace(free=1000)


def column(path: Path, sql: str) -> list[object]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute(sql)]


async def test_a_backup_has_what_was_committed_before_and_is_a_plain_file_for_us_alone(
    database: Database, path: Path, tmp_path: Path
) -> None:
    store, target = SqliteJobStore(database), tmp_path / "out" / "a.db"
    await store.add(new_job(1))
    backup = await asyncio.to_thread(BackupWriter(path).write, target, AT)
    await store.add(new_job(2))

    assert (backup.path, backup.made_at, backup.rows["jobs"]) == (target, AT, 1)
    assert (backup.version, backup.size) == (len(load()), target.stat().st_size)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert names(target.parent) == ["a.db"]
    assert column(target, "SELECT id FROM jobs") == [new_job(1).id]
    assert column(target, "PRAGMA journal_mode") == ["delete"]


async def test_backups_while_somebody_writes_are_all_whole(database: Database, path: Path, tmp_path: Path) -> None:
    store, done = SqliteJobStore(database), asyncio.Event()

    async def write() -> int:
        number = 0
        while not done.is_set():
            number += 1
            await store.add(new_job(number))
        return number

    writing = asyncio.create_task(write())
    counts = [
        (await asyncio.to_thread(BackupWriter(path).write, tmp_path / f"{number}.db", AT)).rows for number in range(5)
    ]
    done.set()
    written = await writing
    jobs = [rows["jobs"] for rows in counts]
    assert jobs == sorted(jobs)
    assert jobs[-1] > jobs[0]
    assert all(rows["jobs"] == rows["deliveries"] for rows in counts)
    assert len(await database.read("SELECT id FROM jobs")) == written


async def test_neither_an_existing_file_nor_another_programs_is_touched(path: Path, tmp_path: Path) -> None:
    async with await Database.open(path):
        pass
    (tmp_path / "there.db").write_text("mine")
    with pytest.raises(StorageError, match="exists already"):
        BackupWriter(path).write(tmp_path / "there.db", AT)
    assert (tmp_path / "there.db").read_text() == "mine"
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE things (n)")
    with pytest.raises(DatabaseDamaged, match=r"no database of Easel's"):
        BackupWriter(tmp_path / "other.db").write(tmp_path / "copy.db", AT)
    with pytest.raises(StorageError, match="no database"):
        BackupWriter(tmp_path / "none.db").write(tmp_path / "copy.db", AT)
    assert names(tmp_path) == ["data", "other.db", "there.db"]


async def test_without_room_nothing_is_begun(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with await Database.open(path):
        pass
    monkeypatch.setattr(shutil, "disk_usage", nearly_full)
    with pytest.raises(StorageError, match="no room") as caught:
        BackupWriter(path).write(tmp_path / "a.db", AT)
    assert "nothing has been changed" in caught.value.explanation
    assert not (tmp_path / "a.db").exists()


async def test_a_damaged_copy_is_no_backup(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with await Database.open(path) as database:
        for number in range(1, 60):
            await SqliteJobStore(database).add(new_job(number))

    def look_at_a_bad_disk(connection: sqlite3.Connection, part: Path) -> None:
        content = bytearray(part.read_bytes())
        content[4096 * 5 : 4096 * 20] = bytes(4096 * 15)
        part.write_bytes(content)
        look_through(connection, part)

    monkeypatch.setattr(writing, "look_through", look_at_a_bad_disk)
    with pytest.raises(DatabaseDamaged):
        BackupWriter(path).write(tmp_path / "a.db", AT)
    assert names(tmp_path) == ["data"]


async def test_one_that_is_stopped_leaves_nothing(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with await Database.open(path) as database:
        await SqliteJobStore(database).add(new_job(1))
        writer, looked = BackupWriter(path), threading.Event()

        def look_for_long(connection: sqlite3.Connection, _path: Path) -> None:
            looked.set()
            connection.execute("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n")

        monkeypatch.setattr(writing, "look_through", look_for_long)
        copying = asyncio.create_task(asyncio.to_thread(writer.write, tmp_path / "a.db", AT))
        await asyncio.to_thread(looked.wait)
        while not copying.done():
            writer.stop()
            await asyncio.sleep(0.01)
        with pytest.raises(StorageError, match="interrupted"):
            await copying
        assert names(tmp_path) == ["data"]
        with pytest.raises(StorageError, match="Stopped"):
            writer.write(tmp_path / "b.db", AT)


async def test_a_stop_that_comes_between_two_statements_is_not_lost(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with await Database.open(path) as database:
        await asyncio.gather(*(SqliteJobStore(database).add(new_job(number)) for number in range(100)))
    writer = BackupWriter(path)

    def stop_and_look(connection: sqlite3.Connection, of: Path) -> None:
        writer.stop()
        look_through(connection, of)

    monkeypatch.setattr(writing, "look_through", stop_and_look)
    with pytest.raises(StorageError, match="interrupted"):
        writer.write(tmp_path / "a.db", AT)
    assert names(tmp_path) == ["data"]


def test_names_tell_when_and_what_for() -> None:
    assert backup_name(AT) == "easel-20260312T112902Z.db"
    assert named(backup_name(AT)) == (AT, "")
    assert named(backup_name(AT, "before-0004")) == (AT, "before-0004")
    assert named("easel-20261399T112902Z.db") is None
    assert named("holiday.db") is None


# Before the schema changes ------------------------------------------------------------------------------------------


def old_database(path: Path, version: int) -> None:
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, load()[:version])


async def test_before_the_schema_changes_there_is_a_backup_of_the_old_one(path: Path) -> None:
    old_database(path, 3)
    async with await Database.open(path):
        pass
    [backup] = backup_folder(path).iterdir()
    known = named(backup.name)
    assert known is not None
    assert known[1] == "before-0004"
    with closing(sqlite3.connect(backup)) as connection:
        assert version_of(connection) == 3
    async with await Database.open(path):
        pass
    assert len(list(backup_folder(path).iterdir())) == 1


async def test_without_room_for_a_backup_the_schema_stays(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old_database(path, 3)
    monkeypatch.setattr(shutil, "disk_usage", nearly_full)
    with pytest.raises(StorageError, match="no room for a backup"):
        await Database.open(path)
    assert column(path, "PRAGMA user_version") == [3]


async def test_a_new_database_needs_no_backup(database: Database, path: Path) -> None:
    assert database.commits == 0
    assert not backup_folder(path).exists()


# Which of them stay -------------------------------------------------------------------------------------------------


async def test_the_vault_gives_what_bears_a_time_to_come_the_present_one_and_overwrites_none(
    database: Database, path: Path
) -> None:
    await SqliteJobStore(database).add(new_job(1))
    vault, folder, second = SqliteVault(path), backup_folder(path), timedelta(seconds=1)
    for at in (START, START + timedelta(minutes=30), START + timedelta(days=9), START + timedelta(days=4000)):
        await vault.write(at)
    (folder / backup_name(START + timedelta(days=8), "before-restore")).touch()
    (folder / f"{backup_name(START + timedelta(days=8), 'before-restore')}-wal").touch()

    assert await vault.redate(START) == 3

    assert await vault.made() == [START - 2 * second, START - second, START, START + timedelta(minutes=30)]
    aside = backup_name(START, "before-restore")
    assert {name for name in names(folder) if "restore" in name} == {aside, f"{aside}-wal"}
    assert await vault.redate(START) == 0


async def test_the_vault_removes_what_is_not_wanted_and_whatever_is_too_old(database: Database, path: Path) -> None:
    await SqliteJobStore(database).add(new_job(1))
    vault, folder = SqliteVault(path), backup_folder(path)
    times = [START + timedelta(days=days) for days in range(3)]
    for at in times:
        await vault.write(at)
    for days, purpose in ((-31, "before-0003"), (-1, "before-0004"), (-1, "before-restore")):
        (folder / backup_name(START + timedelta(days=days), purpose)).touch()
    (folder / "mine.db").touch()
    for part, age_s in ((".killed.part", 2 * 86_400), (".under-way.part", 0)):
        (folder / part).touch()
        os.utime(folder / part, (time.time(), time.time() - age_s))
    assert await vault.made() == times
    assert await vault.has_set_aside()

    assert await vault.keep(lambda made: set(made) - {times[1]}, START - timedelta(days=30)) == 2

    assert await vault.made() == [times[0], times[2]]
    others = set(names(folder)) - {backup_name(at) for at in times}
    assert others == {
        "mine.db",
        ".under-way.part",
        backup_name(START - timedelta(days=1), "before-0004"),
        backup_name(START - timedelta(days=1), "before-restore"),
    }
