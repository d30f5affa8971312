"""Backups written anew without those who have left: whole at any moment, and nobody else's rows are touched."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import stat
import threading
import time
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest

from bot.errors import DatabaseDamaged, SchemaTooNew, StorageError
from bot.model import Tombstone
from storage.backups import cleansing, writing
from storage.backups.cleansing import WORK, Cleanser
from storage.backups.pacing import Pace
from storage.backups.restoring import verify
from storage.backups.vault import SET_ASIDE, SqliteVault
from storage.backups.writing import BackupWriter, backup_folder, backup_name
from storage.checking import look_through
from storage.database import Database
from storage.migrate import load, migrate, version_of
from storage.registry import TABLES, Fate
from storage.rows import milliseconds
from storage.searching import fold
from storage.stores.jobs import SqliteJobStore
from storage.transactions import inheritance
from tests.builders import START, USER_ID, job_id, new_job
from tests.storage.test_backups import nearly_full
from tests.storage.test_registry import SOMEBODY_ELSE, fill

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

CANARY: Final = "canary in the coal mine"
HOUR: Final = timedelta(hours=1)
MADE: Final = START + HOUR
LEFT: Final = MADE + HOUR


Rows = dict[str, list[tuple[object, ...]]]


def gone(*people: int, at: datetime = LEFT) -> Callable[[int], Tombstone | None]:
    """Return who has left, an hour after the backup was made unless said otherwise, and was gone a minute later."""
    stone = Tombstone(mark="ab" * 32, erased_at=at, finished_at=at + timedelta(minutes=1))
    return lambda user_id: stone if user_id in people else None


def rows(path: Path) -> Rows:
    """Return all rows of all tables."""
    with closing(sqlite3.connect(path)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)  # noqa: S608 - out of the schema
            for name in names
        }


def schema(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()
        return [*found, *connection.execute("PRAGMA user_version"), *connection.execute("PRAGMA application_id")]


def traces(folder: Path, *more: str) -> list[str]:
    """Return in which files a person still is."""
    wanted = [CANARY.encode(), USER_ID.to_bytes(8), str(USER_ID).encode(), *(text.encode() for text in more)]
    found = [path for path in folder.rglob("*") if path.is_file()]
    return [f"{path.name}: {text!r}" for path in found for text in wanted if text in path.read_bytes()]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
async def backup(path: Path, tmp_path: Path) -> Path:
    """A backup with a row of two people in every table."""
    target = tmp_path / "backups" / backup_name(MADE)
    async with await Database.open(path) as database:
        await fill(database, 1, USER_ID)
        await fill(database, 2, SOMEBODY_ELSE)
        # `fill` has them among those whose words are somebody's who left: here they have gone already.
        await database.write(lambda connection: connection.execute("UPDATE jobs SET prompt = ''"))
        BackupWriter(path).write(target, MADE)
    return target


def enter(connection: sqlite3.Connection, number: int, user_id: int, prompt: str, parent: int | None = None) -> None:
    """Write a job that has arrived down, with columns that every version has; and where it is found, as it has it."""
    at, parent_id = milliseconds(START) + number, None if parent is None else job_id(parent)
    connection.execute(
        "INSERT INTO jobs (id, kind, status, prompt, speed, user_id, channel_id, interaction_id, created_at,"
        " updated_at, parent_id, single_key, task_id, final_prompt)"
        " VALUES (?, 'imagine', 'succeeded', ?, 'fast', ?, 1, ?, ?, ?, ?, ?, 't', ?)",
        (job_id(number), prompt, user_id, number, at, at, parent_id, parent_id and f"{parent_id}:0", prompt),
    )
    connection.execute(
        "INSERT INTO deliveries (job_id, status, nonce, locale, attachment_size_limit, application_id)"
        " VALUES (?, 'delivered', 'n', 'de', 1, 1)",
        (job_id(number),),
    )
    connection.execute(
        "INSERT INTO actions (job_id, idx, action_id, kind, label, emoji, style, needs_input, once)"
        " VALUES (?, 0, 'a', 'upscale', 'U1', '', 1, 0, 1)",
        (job_id(number),),
    )
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'searches'").fetchone():
        connection.execute("INSERT INTO searches VALUES (?, ?, ?)", (user_id, job_id(number), fold(prompt)))
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'drafts'").fetchone():
        draft = (f"draft-{number}", user_id, f'{{"job":"{parent_id}"}}', at)
        connection.execute("INSERT INTO drafts VALUES (?, ?, 'imagine', ?, ?)", draft)


def of_version(folder: Path, version: int) -> Path:
    """Return a backup of a former version: of a person, of another, and of what the other made from the first's."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / backup_name(MADE, f"before-{version + 1:04d}")
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        migrate(connection, load()[:version])
        connection.execute("PRAGMA foreign_keys = ON")
        for number in range(10, 60):
            enter(connection, number, USER_ID if number % 2 else SOMEBODY_ELSE, CANARY if number % 2 else "a fox")
        enter(connection, 60, SOMEBODY_ELSE, CANARY, parent=59)
    return target


# What goes, and what stays ------------------------------------------------------------------------------------------


def test_all_of_a_person_goes_and_nothing_of_anybody_else(backup: Path) -> None:
    before, laid_out = rows(backup), schema(backup)
    assert traces(backup.parent, job_id(1))

    assert Cleanser().cleanse(backup, gone(USER_ID)) == {"1.png"}

    after = rows(backup)
    assert traces(backup.parent, job_id(1)) == []
    for name, table in TABLES.items():
        others = [row for row in before[name] if not {USER_ID, job_id(1)} & set(row)]
        assert after[name] == others, name
        assert table.fate is Fate.KEPT or len(others) == len(before[name]) / 2, "there was something to remove"
    assert after["backup"] == before["backup"] == [(milliseconds(MADE),)]
    assert schema(backup) == laid_out
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert names(backup.parent) == [backup.name]
    found = verify(backup)
    assert (found.made_at, found.rows["jobs"]) == (MADE, 1)


def test_where_nobody_has_left_the_file_is_not_even_written(backup: Path) -> None:
    before = backup.stat()
    assert Cleanser().cleanse(backup, gone(SOMEBODY_ELSE + 1)) is None
    assert Cleanser().cleanse(backup, gone(USER_ID)) is not None
    after = backup.stat()
    assert after.st_ino != before.st_ino
    assert Cleanser().cleanse(backup, gone(USER_ID)) is None
    assert (backup.stat().st_ino, backup.stat().st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


@pytest.mark.parametrize("version", range(1, len(load())))
def test_a_backup_of_a_former_version_stays_one(tmp_path: Path, version: int) -> None:
    backup = of_version(tmp_path / "backups", version)
    before, laid_out = rows(backup), schema(backup)
    assert traces(backup.parent, job_id(11))

    assert Cleanser().cleanse(backup, gone(USER_ID)) is not None

    assert traces(backup.parent, *map(job_id, range(11, 60, 2))) == []
    after = rows(backup)
    assert schema(backup) == laid_out
    assert after["actions"] == [row for row in before["actions"] if row[0] in {job_id(n) for n in range(10, 61, 2)}]
    kept = {row[0]: row for row in after["jobs"]}
    assert kept.keys() == {job_id(number) for number in range(10, 61, 2)}
    assert [row for row in before["jobs"] if row[0] in kept and row[0] != job_id(60)] == [
        row for row in after["jobs"] if row[0] != job_id(60)
    ]
    with closing(sqlite3.connect(backup)) as connection:
        made_from_it = "SELECT prompt, final_prompt, user_id, parent_id, single_key FROM jobs WHERE id = ?"
        assert connection.execute(made_from_it, (job_id(60),)).fetchone() == ("", "", SOMEBODY_ELSE, None, None)
        assert version_of(connection) == version
    assert verify(backup).version == version
    assert names(backup.parent) == [backup.name]


@pytest.mark.parametrize(("after_end", "has_settings"), [(timedelta(seconds=-1), False), (timedelta(seconds=1), True)])
async def test_who_came_back_keeps_what_is_newer(
    path: Path, tmp_path: Path, after_end: timedelta, *, has_settings: bool
) -> None:
    """Made while they left, or after: their settings bear no time, and by the end of it the old ones have gone."""
    left = START + timedelta(seconds=5)
    made = left + timedelta(minutes=1) + after_end
    backup = tmp_path / "backups" / backup_name(made)
    async with await Database.open(path) as database:
        await fill(database, 1, USER_ID)
        await SqliteJobStore(database).add(new_job(9, user_id=USER_ID))
        preset = (USER_ID, "new", "--ar 1:1", milliseconds(left) + 1)
        await database.write(lambda connection: connection.execute("INSERT INTO presets VALUES (?, ?, ?, ?)", preset))
        BackupWriter(path).write(backup, made)

    assert Cleanser().cleanse(backup, gone(USER_ID, at=left)) is not None

    after = rows(backup)
    assert [row[0] for row in after["jobs"]] == [job_id(9)]
    assert [row[:2] for row in after["presets"] if row[0] == USER_ID] == [(USER_ID, "new")]
    assert ((USER_ID, "{}") in after["people"]) is has_settings
    assert Cleanser().cleanse(backup, gone(USER_ID, at=left)) is None


def test_what_bears_a_time_to_come_goes_too_if_the_backup_is_older_than_the_leaving(backup: Path) -> None:
    with closing(sqlite3.connect(backup, isolation_level=None)) as connection:
        connection.execute("UPDATE drafts SET created_at = ?", (milliseconds(LEFT + 9000 * HOUR),))
    assert Cleanser().cleanse(backup, gone(USER_ID)) is not None
    assert traces(backup.parent) == []


def test_words_that_went_on_through_another_who_left_are_found(tmp_path: Path) -> None:
    backup = of_version(tmp_path / "backups", 4)
    with closing(sqlite3.connect(backup, isolation_level=None)) as connection:
        enter(connection, 61, SOMEBODY_ELSE + 1, CANARY, parent=60)
    assert Cleanser().cleanse(backup, gone(USER_ID, SOMEBODY_ELSE)) is not None
    assert traces(backup.parent, str(SOMEBODY_ELSE)) == []
    assert [row[0] for row in rows(backup)["jobs"]] == [job_id(61)]


def test_words_that_had_not_arrived_go_and_are_watched_and_sent_no_more(backup: Path) -> None:
    with closing(sqlite3.connect(backup, isolation_level=None)) as connection:
        connection.execute("DELETE FROM borrowings")
        connection.execute("UPDATE jobs SET status = 'running', prompt = ? WHERE user_id <> ?", (CANARY, USER_ID))
        connection.execute("INSERT INTO borrowings VALUES (?)", (job_id(2),))
    assert Cleanser().cleanse(backup, gone()) is not None, "whose words they are is not known any more"
    with closing(sqlite3.connect(backup)) as connection:
        asked = "SELECT status, prompt, modal_sent_at IS NULL FROM jobs WHERE id = ?"
        assert connection.execute(asked, (job_id(2),)).fetchone() == ("running", "", False)
    assert rows(backup)["borrowings"] == [(job_id(2),)]
    assert not any(CANARY in trace for trace in traces(backup.parent))
    assert Cleanser().cleanse(backup, gone()) is None


# A database that was set aside --------------------------------------------------------------------------------------


@pytest.mark.parametrize("has_index", [True, False])
async def test_a_database_that_was_set_aside_with_its_log_is_one_file_afterwards(
    path: Path, tmp_path: Path, *, has_index: bool
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    aside = folder / backup_name(MADE, SET_ASIDE)
    async with await Database.open(path) as database:
        await fill(database, 1, USER_ID)
        await fill(database, 2, SOMEBODY_ELSE)
        for ending in ("", "-wal", "-shm")[: 3 if has_index else 2]:  # as a kill leaves them
            shutil.copy(f"{path}{ending}", f"{aside}{ending}")
    assert aside.with_name(f"{aside.name}-wal").stat().st_size > 0

    assert Cleanser().cleanse(aside, gone(USER_ID)) is not None

    assert names(folder) == [aside.name]
    assert traces(folder, job_id(1)) == []
    assert [row[0] for row in rows(aside)["jobs"]] == [job_id(2)]
    assert "backup" not in rows(aside)
    assert verify(aside).rows["jobs"] == 1


async def test_a_log_that_another_program_holds_is_left_beside_its_database(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    aside = folder / backup_name(MADE, SET_ASIDE)
    async with await Database.open(path) as database:
        await fill(database, 1, USER_ID)
        for ending in ("", "-wal", "-shm"):
            shutil.copy(f"{path}{ending}", f"{aside}{ending}")
    with closing(sqlite3.connect(aside, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM jobs").fetchone()
        with pytest.raises(StorageError):
            Cleanser().cleanse(aside, gone(USER_ID))
    assert names(folder) == [aside.name]
    assert [row[0] for row in rows(aside)["jobs"]] == [job_id(1)]


# When something is wrong --------------------------------------------------------------------------------------------


class Killed(BaseException):
    """Nothing catches it."""


def leave(_: Path) -> None:
    """Clear nothing away, as after a kill."""


@pytest.mark.parametrize(
    ("owner", "place"),
    [
        (cleansing, "_work_folder"),
        (Pace, "copy"),
        (inheritance, "take_back"),
        (inheritance, "blank_borrowed"),
        (cleansing, "look_through"),
        (cleansing, "_put_in_place"),
    ],
)
@pytest.mark.parametrize("is_done", [False, True])
def test_killed_between_two_steps_one_of_the_two_is_whole_and_the_next_round_leaves_nothing(
    backup: Path, owner: object, place: str, monkeypatch: pytest.MonkeyPatch, *, is_done: bool
) -> None:
    old = backup.read_bytes()
    with monkeypatch.context() as patch:
        do = getattr(owner, place)

        def die(*arguments: object) -> object:
            if is_done:
                do(*arguments)
            raise Killed

        patch.setattr(owner, place, die)
        patch.setattr(cleansing, "clear_work", leave)
        with pytest.raises(Killed):
            Cleanser().cleanse(backup, gone(USER_ID))
    is_new = place == "_put_in_place" and is_done
    assert (backup.read_bytes() == old) is not is_new
    assert verify(backup).rows["jobs"] == (1 if is_new else 2)
    assert set(names(backup.parent)) <= {backup.name, WORK}

    assert (Cleanser().cleanse(backup, gone(USER_ID)) is None) is is_new

    assert traces(backup.parent, job_id(1)) == []
    assert names(backup.parent) == [backup.name]
    assert verify(backup).rows["jobs"] == 1


def test_what_is_damaged_is_left_as_it_is(backup: Path) -> None:
    with closing(sqlite3.connect(backup)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'deliveries'").fetchone()
    content = bytearray(backup.read_bytes())
    content[4096 * (root - 1) + 100 : 4096 * root] = bytes(3996)
    backup.write_bytes(content)
    with pytest.raises(DatabaseDamaged):
        Cleanser().cleanse(backup, gone(USER_ID))
    assert backup.read_bytes() == bytes(content)
    assert names(backup.parent) == [backup.name]


@pytest.mark.parametrize(
    ("sql", "error"), [("application_id = 1", DatabaseDamaged), ("user_version = 99", SchemaTooNew)]
)
def test_what_is_another_programs_or_a_newer_ones_is_not_touched(
    backup: Path, sql: str, error: type[StorageError]
) -> None:
    with closing(sqlite3.connect(backup, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA {sql}")
    before = backup.read_bytes()
    with pytest.raises(error):
        Cleanser().cleanse(backup, gone(USER_ID))
    assert backup.read_bytes() == before


def test_without_room_nothing_is_begun(backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = backup.read_bytes()
    monkeypatch.setattr(shutil, "disk_usage", nearly_full)
    with pytest.raises(StorageError, match="no room"):
        Cleanser().cleanse(backup, gone(USER_ID))
    assert (backup.read_bytes(), names(backup.parent)) == (before, [backup.name])


@pytest.mark.parametrize("is_there", [True, False])
def test_what_somebody_changed_or_removed_meanwhile_is_not_brought_back(
    backup: Path, monkeypatch: pytest.MonkeyPatch, *, is_there: bool
) -> None:
    def meddle(_: object, __: object) -> None:
        backup.unlink()
        if is_there:
            backup.write_text("mine")

    monkeypatch.setattr(cleansing, "look_through", meddle)
    with pytest.raises(StorageError):
        Cleanser().cleanse(backup, gone(USER_ID))
    assert backup.exists() is is_there
    assert not is_there or backup.read_text() == "mine"


def test_one_that_is_stopped_ends_soon_and_leaves_the_old_one(backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cleanser, looking, before = Cleanser(), threading.Event(), backup.read_bytes()

    def look_for_long(connection: sqlite3.Connection, _: Path) -> None:
        looking.set()
        connection.execute("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n")

    monkeypatch.setattr(cleansing, "look_through", look_for_long)
    stopper = threading.Thread(target=lambda: looking.wait() and cleanser.stop())
    stopper.start()
    with pytest.raises(StorageError, match="interrupted"):
        cleanser.cleanse(backup, gone(USER_ID))
    stopper.join()
    assert (backup.read_bytes(), names(backup.parent)) == (before, [backup.name])
    with pytest.raises(StorageError, match="Stopped"):
        cleanser.cleanse(backup, gone(USER_ID))


# What others have left half written ---------------------------------------------------------------------------------


async def test_what_a_killed_backup_left_goes_and_what_is_being_written_stays(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = backup_folder(path)
    async with await Database.open(path) as database:
        await fill(database, 1, USER_ID)
    vault, is_written = SqliteVault(path), list[str]()

    def tidy_meanwhile(connection: sqlite3.Connection, of: Path) -> None:
        os.utime(of, (time.time(), time.time() - 60))  # as after a minute of looking through it
        killed = of.with_name(f".{backup_name(LEFT)}.1.part")
        for file in (killed, killed.with_name(f"{killed.name}-journal")):
            shutil.copy(of, file)
            os.utime(file, (time.time(), time.time() - 60))
        assert len(names(folder)) == 3
        asyncio.run(vault.tidy())
        is_written.extend(names(folder))
        look_through(connection, of)

    monkeypatch.setattr(writing, "look_through", tidy_meanwhile)
    backup = await asyncio.to_thread(BackupWriter(path).write, folder / backup_name(MADE), MADE)
    assert is_written == [f".{backup_name(MADE)}.{os.getpid()}.part"]
    assert names(folder) == [backup.path.name]


async def test_the_vault_knows_its_own_files_alone(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in (backup_name(MADE), backup_name(LEFT, "before-0004"), "mine.db", f".{backup_name(MADE)}.1.part"):
        (folder / name).touch()
    (folder / backup_name(START)).symlink_to(folder / "mine.db")
    assert await SqliteVault(tmp_path / "easel.db").copies() == [backup_name(LEFT, "before-0004"), backup_name(MADE)]


async def test_an_old_backup_goes_before_or_after_it_is_written_anew_and_never_comes_back(
    backup: Path, tmp_path: Path
) -> None:
    vault = SqliteVault(tmp_path / "easel.db")
    async with asyncio.TaskGroup() as group:
        cleansed = group.create_task(vault.cleanse(backup.name, gone(USER_ID)))
        group.create_task(vault.keep(lambda _: (), LEFT))
    assert cleansed.result() == {"1.png"}
    assert names(backup.parent) == []
