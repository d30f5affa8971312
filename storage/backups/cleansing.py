"""`Cleanser`: a backup written anew without those who have left since.

The new one is made beside the old, looked through, and put in its place at once: a kill at any moment leaves one of the
two, whole, and at most a folder that the next cleansing removes. It is made of the rows that stay, so it has no remains
of the others. A backup of a former version stays one of that version. What is damaged is left as it is.

A database that another was put in the place of is a backup too, and may have a log beside it: that is worked in first,
once the new one is there and what is in the log is known to be sound.

All of it is synchronous and belongs in a thread, of the one process that has the database open. Imports sqlite3; of the
engine nothing.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, final

from bot.errors import StorageError
from storage import belongings
from storage.backups.pacing import Pace
from storage.backups.putback import made_at
from storage.backups.writing import beside, megabytes, named, open_for_reading, sync, with_log
from storage.checking import look_through, require_ours
from storage.failures import explained
from storage.migrate import load, refuse_newer, version_of
from storage.registry import NOBODY, TABLES
from storage.room import LEAST_FREE, free_bytes
from storage.rows import first_id, known, milliseconds
from storage.transactions import inheritance

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

    from bot.model import Tombstone
    from storage.registry import Table

#: Where the new one is made, in the folder of the old.
WORK: Final = ".cleansing"

#: What says in a statement which rows of somebody go: those up to a time, and those that bear none or not.
_Leaver = dict[str, int | str]

#: Later than any time that a row bears, in milliseconds; and more than any id.
_EVER: Final = 2**62
_SECOND: Final = 1000
_BEHIND_ALL_IDS: Final = "~"


def _theirs(name: str, table: Table) -> str:
    """Return which rows of a table go with a person, as SQL."""
    match name:
        case "jobs":  # as their ids say, which an index has
            up_to = "id < :end"
        case "searches":
            up_to = "job_id < :end"
        case _:
            up_to = f"{table.since} <= :until" if table.since else ":with_the_timeless"
    return f"{table.person} = :user_id AND {up_to}"


_THEIRS: Final = {name: _theirs(name, table) for name, table in TABLES.items() if table.person}
_ANYTHING: Final = " UNION ALL ".join(f"SELECT 1 FROM {name} WHERE {theirs}" for name, theirs in _THEIRS.items())  # noqa: S608 - out of the registry
_JOBS: Final = f"SELECT id FROM jobs WHERE {_THEIRS['jobs']} ORDER BY id DESC"  # noqa: S608 - out of the registry
_FILES: Final = f"SELECT name FROM files WHERE job_id IN ({_JOBS})"  # noqa: S608 - out of the registry
_IS_HELD: Final = "SELECT 1 FROM files WHERE name = ? LIMIT 1"
#: As in `storage.stores.erasure`; what hangs on a job or a preset goes with it.
_REMOVALS: Final = (
    f"UPDATE jobs SET single_key = NULL WHERE single_key IS NOT NULL AND parent_id IN ({_JOBS})",  # noqa: S608 - out of the registry
    *(f"DELETE FROM {name} WHERE {theirs}" for name, theirs in _THEIRS.items()),  # noqa: S608 - out of the registry
)


@final
class Cleanser:
    """Cleanses one backup after another."""

    def __init__(self) -> None:
        self._pace = Pace()

    def stop(self) -> None:
        """Have what is under way fail soon. From any thread, for good."""
        self._pace.stop()

    def cleanse(self, path: Path, has_left: Callable[[int], Tombstone | None]) -> set[str] | None:
        """Write a backup anew without those who have left, if there are any in it.

        Returns the names of the files that no job in it has any more; None where nothing had to be written.

        Parameters
        ----------
        path
            A plain file, named as backups are.
        has_left
            Returns the tombstone of a person of whom nothing from before it is left in the database; called often.

        Raises
        ------
        StorageError
            It was not: it is damaged or no backup, there is no room, or it was stopped. The old one is as it was.
        """
        try:
            before = path.stat()
            clear_work(path.parent)
            with closing(open_for_reading(path, is_alone=True)) as source, self._pace.over(source):
                leavers = _found(source, path, has_left)
                if not leavers and not inheritance.has_borrowed(source):
                    return None
            _require_room(path)
            with _work_folder(path.parent) as folder:
                new, names = self._written_anew(path, folder, leavers)
                new.chmod(before.st_mode & 0o777)
                _put_in_place(new, path, before)
        except sqlite3.Error as error:
            raise explained(error) from error
        except OSError as error:
            raise StorageError(f"{path} could not be written anew: {error.strerror or error}") from error
        return names

    def _written_anew(self, path: Path, folder: Path, leavers: Sequence[_Leaver]) -> tuple[Path, set[str]]:
        draft, new = folder / "draft.db", folder / "new.db"
        for file, copy in zip((path, *beside(path)), (draft, *beside(draft)), strict=True):
            if file.exists():
                _create(copy)
                self._pace.copy(file, copy)
        with closing(sqlite3.connect(draft, isolation_level=None, check_same_thread=False)) as connection:
            names = self._remove(connection, draft, leavers)
            _create(new)
            with self._pace.over(connection, new):
                connection.execute("VACUUM INTO ?", (str(new),))
        with closing(open_for_reading(new, is_alone=True)) as connection, self._pace.over(connection):
            require_ours(connection, path)
            look_through(connection, path)
        sync(new)
        return new, names

    def _remove(self, connection: sqlite3.Connection, draft: Path, leavers: Sequence[_Leaver]) -> set[str]:
        """Remove people from a draft, of which nothing is kept should that fail; return what files nobody has then."""
        connection.row_factory = sqlite3.Row
        for setting in ("trusted_schema = OFF", "journal_mode = OFF", "synchronous = OFF", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {setting}")
        _stand_in(connection)
        with self._pace.over(connection, draft):
            connection.execute("BEGIN")
            # All words before any job: what one of them made may stand between another's words and who has them.
            for theirs in leavers:
                inheritance.take_back(connection, _ids(connection, theirs))
                if theirs["with_the_timeless"]:
                    inheritance.take_back_signed(connection, int(theirs["user_id"]))
            for theirs in leavers:
                inheritance.sign(connection, _ids(connection, theirs), [int(each["user_id"]) for each in leavers])
            inheritance.blank_borrowed(connection)
            names = {row["name"] for theirs in leavers for row in connection.execute(_FILES, theirs)}
            for removal in _REMOVALS:
                connection.executemany(removal, leavers)
            names = {name for name in names if connection.execute(_IS_HELD, (name,)).fetchone() is None}
            connection.execute("COMMIT")
        return names


def _ids(connection: sqlite3.Connection, theirs: _Leaver) -> list[str]:
    return [row["id"] for row in connection.execute(_JOBS, theirs).fetchall()]


def clear_work(folder: Path) -> None:
    """Remove what a kill has left of a new backup.

    Parameters
    ----------
    folder
        Of the backups.
    """
    shutil.rmtree(folder / WORK, ignore_errors=True)


def _found(connection: sqlite3.Connection, path: Path, has_left: Callable[[int], Tombstone | None]) -> list[_Leaver]:
    """Return who has left since and is still in a backup."""
    require_ours(connection, path)
    refuse_newer(version_of(connection), len(load()))
    connection.row_factory = sqlite3.Row
    _stand_in(connection)
    at = _made(connection, path)
    people = [row["user_id"] for row in connection.execute(belongings.PEOPLE) if row["user_id"] not in {None, NOBODY}]
    left = [_leaver(user_id, stone, at) for user_id in people if (stone := has_left(user_id)) is not None]
    return [leaver for leaver in left if connection.execute(_ANYTHING, leaver).fetchone() is not None]


def _made(connection: sqlite3.Connection, path: Path) -> int:
    """Return when a backup was made, in milliseconds; 0, before everybody left, where a clock ahead made it.

    Such a one bears a time that has not come, or another one in its name, which it was given when that was seen.
    """
    of_name, within = named(path.name), made_at(connection)
    times = [milliseconds(time) for time in (within, of_name and of_name[0]) if time is not None]
    is_of_clock_ahead = max(times) > milliseconds(datetime.now(UTC)) or max(times) - min(times) > _SECOND
    return 0 if is_of_clock_ahead else min(times)


def _leaver(user_id: int, stone: Tombstone, at: int) -> _Leaver:
    """Return what of a person goes from a backup that was made at that time.

    All of it, unless they left before. What bears no time has gone from the database by the end of their leaving, and
    is of somebody who has come back if it was copied later.
    """
    left_at = milliseconds(stone.erased_at)
    if at <= left_at:
        return {"user_id": user_id, "until": _EVER, "end": _BEHIND_ALL_IDS, "with_the_timeless": True}
    return {
        "user_id": user_id,
        "until": left_at,
        "end": first_id(known(left_at + 1)),
        "with_the_timeless": stone.finished_at is None or at <= milliseconds(stone.finished_at),
    }


def _stand_in(connection: sqlite3.Connection) -> None:
    """Have an empty table in the place of each that a former version lacked: for this connection, and in no file."""
    connection.execute("PRAGMA temp_store = MEMORY")
    there = {row[0] for row in connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")}
    for name, table in TABLES.items():
        if name not in there:
            connection.execute(f"CREATE TEMP TABLE {name} ({', '.join(sorted(table.personal | table.plain))})")


def _require_room(path: Path) -> None:
    """Accept a disk that has room for two more of it: the draft and the new one."""
    needed = 2 * sum(file.stat().st_size for file in with_log(path)) + LEAST_FREE
    free = free_bytes(path.parent)
    if free < needed:
        raise StorageError(f"There is no room to write {path} anew: {megabytes(free)} of {megabytes(needed)} are free.")


@contextmanager
def _work_folder(folder: Path) -> Generator[Path]:
    work = folder / WORK
    work.mkdir(mode=0o700)
    try:
        yield work
    finally:
        clear_work(folder)


def _create(path: Path) -> None:
    """Make an empty file that only we may read: SQLite writes into it without changing that."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def _put_in_place(new: Path, path: Path, before: os.stat_result) -> None:
    """Put the new one in the place of the old, if that is what was copied."""
    now = path.stat()
    if not os.path.samestat(before, now) or (before.st_mtime_ns, before.st_size) != (now.st_mtime_ns, now.st_size):
        raise StorageError(f"{path} is not what it was.")
    if with_log(path) != [path]:
        # A log beside another database than its own would be worked into that.
        with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            connection.execute("PRAGMA journal_mode = DELETE")
    if with_log(path) != [path]:
        raise StorageError(f"{path} is in use by another program.")
    new.replace(path)
    sync(path.parent)
