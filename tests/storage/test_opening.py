from __future__ import annotations

import random
import shutil
import sqlite3
import stat
from typing import TYPE_CHECKING

import pytest

from bot.errors import DatabaseDamaged, SchemaTooNew, StorageError
from storage.backups.writing import backup_folder
from storage.database import Database
from storage.migrate import APPLICATION_ID, Migration, load
from storage.opening import file_system, may_have_readers, prepare_folder
from storage.stores.jobs import SqliteJobStore
from tests.builders import job_id, new_job

if TYPE_CHECKING:
    from pathlib import Path

    from storage.opening import Version


def snapshot(path: Path) -> dict[str, bytes]:
    """Return every file beside the database that holds data, and its bytes."""
    return {file.name: file.read_bytes() for file in path.parent.iterdir() if not file.name.endswith((".lock", "-shm"))}


def put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def widen(path: Path) -> None:
    path.chmod(0o644)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_files_and_folder_are_for_nobody_else(path: Path) -> None:
    async with await Database.open(path) as database:
        await SqliteJobStore(database).add(new_job(1))
        assert mode(path.parent) == 0o700
        assert {file.name: mode(file) for file in path.parent.iterdir()} == {
            "easel.db": 0o600,
            "easel.db-wal": 0o600,
            "easel.db-shm": 0o600,
            "easel.db.lock": 0o600,
        }


async def test_a_readable_file_is_narrowed(path: Path) -> None:
    await (await Database.open(path)).close()
    widen(path)

    await (await Database.open(path)).close()

    assert mode(path) == 0o600


async def test_random_bytes_are_refused_untouched(path: Path) -> None:
    put(path, random.Random(7).randbytes(20_000))  # noqa: S311 - no secret: bytes that mean nothing
    before = snapshot(path)

    with pytest.raises(DatabaseDamaged, match="not a database") as caught:
        await Database.open(path)

    assert "restore a backup" in caught.value.explanation
    assert snapshot(path) == before


@pytest.mark.parametrize("script", ["PRAGMA application_id = 7", "CREATE TABLE theirs (n)"])
async def test_another_programs_file_is_refused_untouched(path: Path, script: str) -> None:
    path.parent.mkdir()
    theirs = sqlite3.connect(path)
    theirs.executescript(script)
    theirs.close()
    widen(path)
    before = snapshot(path)

    with pytest.raises(DatabaseDamaged, match="belongs to another program"):
        await Database.open(path)

    assert snapshot(path) == before
    assert mode(path) == 0o644


async def test_a_newer_schema_is_refused_untouched(path: Path) -> None:
    await (await Database.open(path)).close()
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version = 9")
    newer.close()
    widen(path)
    before = snapshot(path)

    with pytest.raises(SchemaTooNew, match=r"The database is version 9, this program knows \d+\.") as caught:
        await Database.open(path)

    assert "Install the newer Easel" in caught.value.explanation
    assert snapshot(path) == before
    assert mode(path) == 0o644


async def test_a_damaged_file_and_its_log_are_refused_untouched(path: Path) -> None:
    async with await Database.open(path) as database:
        store = SqliteJobStore(database)
        for number in range(1, 200):
            await store.add(new_job(number))
        await database.checkpoint()
        await store.add(new_job(200))
        files = snapshot(path)  # as a process that dies now would leave them
    assert files["easel.db-wal"]
    damaged = bytearray(files["easel.db"])
    middle = len(damaged) // 2
    damaged[middle : middle + 8192] = bytes(byte ^ 0xFF for byte in damaged[middle : middle + 8192])
    put(path, bytes(damaged))
    put(path.with_name("easel.db-wal"), files["easel.db-wal"])
    before = snapshot(path)

    with pytest.raises(DatabaseDamaged) as caught:
        await Database.open(path)

    assert "-wal" in caught.value.explanation
    assert snapshot(path) == before


async def test_a_refused_database_is_not_kept_locked(path: Path) -> None:
    put(path, b"not a database at all" * 100)
    with pytest.raises(DatabaseDamaged):
        await Database.open(path)

    put(path, b"")
    await (await Database.open(path)).close()


async def test_a_log_left_by_a_dead_process_is_worked_in_even_without_its_index(path: Path, tmp_path: Path) -> None:
    async with await Database.open(path) as database:
        await SqliteJobStore(database).add(new_job(1))
        files = snapshot(path)
    elsewhere = tmp_path / "copy" / "easel.db"
    for name, content in files.items():
        put(elsewhere.with_name(name), content)

    async with await Database.open(elsewhere) as database:
        assert await SqliteJobStore(database).get(job_id(1)) is not None


async def test_an_empty_file_is_a_new_database(path: Path) -> None:
    put(path, b"")

    async with await Database.open(path) as database:
        assert await SqliteJobStore(database).get(job_id(1)) is None


async def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be", encoding="utf-8")

    with pytest.raises(StorageError, match="cannot be used") as caught:
        await Database.open(tmp_path / "data" / "easel.db")
    assert "DATABASE_URL" in caught.value.explanation


MOUNTS = """\
/dev/root / ext4 rw 0 0
nas:/export /srv nfs4 rw 0 0
/dev/sdb1 /srv/local ext4 rw 0 0
//nas/share /mnt/our\\040files cifs rw 0 0
systemd-1 /auto autofs rw 0 0
nas:/auto /auto nfs rw 0 0
"""


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/home/bot/easel.db", "ext4"),
        ("/srv/easel.db", "nfs4"),
        ("/srv/local/easel.db", "ext4"),
        ("/srvother/easel.db", "ext4"),
        ("/mnt/our files/easel.db", "cifs"),
        ("/auto/easel.db", "nfs"),
    ],
)
def test_the_file_system_of_a_path_is_found(tmp_path: Path, place: str, kind: str) -> None:
    assert file_system(tmp_path.__class__(place), MOUNTS) == kind


def test_a_network_file_system_is_refused_by_name(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/root / ext4 rw 0 0\nnas:/export {tmp_path.resolve()}/data nfs rw 0 0\n", encoding="utf-8")

    with pytest.raises(StorageError, match="is on nfs") as caught:
        prepare_folder(tmp_path / "data" / "easel.db", mounts)
    assert "local disk" in caught.value.explanation

    assert prepare_folder(tmp_path / "here" / "easel.db", mounts) == (tmp_path / "here" / "easel.db").resolve()
    assert prepare_folder(tmp_path / "data" / "easel.db", tmp_path / "no such list").name == "easel.db"


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ((3, 37, 0), False),
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 9), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 0), True),
    ],
)
def test_only_a_corrected_sqlite_may_have_readers(version: Version, expected: bool) -> None:  # noqa: FBT001 - a parameter of the table above
    assert may_have_readers(version) is expected


async def test_a_sqlite_without_strict_tables_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))

    with pytest.raises(StorageError, match=r"Easel needs 3\.37") as caught:
        await Database.open(path)
    assert "newer Python" in caught.value.explanation


async def test_a_migration_that_fails_leaves_the_file_free_and_as_it_was(
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await (await Database.open(path)).close()
    before = snapshot(path)
    broken = (*load(), Migration(len(load()) + 1, "broken", "CREATE TABLE extra (n); SELECT no_such_function();"))

    with monkeypatch.context() as patch:
        patch.setattr("storage.opening.load", lambda: broken)
        with pytest.raises(StorageError, match="no_such_function"):
            await Database.open(path)

    shutil.rmtree(backup_folder(path))
    assert snapshot(path) == before
    await (await Database.open(path)).close()


async def test_a_file_whose_creation_was_cut_short_is_finished(path: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut" / "easel.db"
    put(cut, b"")
    dying = sqlite3.connect(cut, isolation_level=None)
    dying.executescript(
        f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA cache_size = 1; BEGIN; CREATE TABLE half (t);",
    )
    dying.executemany("INSERT INTO half VALUES (?)", [("x" * 1000,)] * 100)
    for name, content in snapshot(cut).items():
        put(path.with_name(name), content)
    dying.close()
    assert path.with_name("easel.db-journal").exists()

    async with await Database.open(path) as database:
        names = {row["name"] for row in await database.read("SELECT name FROM sqlite_master")}

    assert "jobs" in names
    assert "half" not in names


@pytest.mark.parametrize("name", ["easel.db", "easel.db.lock"])
async def test_a_folder_in_the_place_of_a_file_is_explained(path: Path, name: str) -> None:
    put(path.with_name(name) / "something", b"")

    with pytest.raises(StorageError) as caught:
        await Database.open(path)

    assert caught.value.explanation
