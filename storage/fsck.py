"""Whether what the database says fits together: the invariants that can be seen in it (reliability B.3).

Reads one state of it, on a connection that can change nothing, so that the bot may go on meanwhile. Each rule is a
SELECT of the rows that break it. Imports sqlite3; nothing of jobs.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from bot.errors import StorageError
from storage.backups.writing import MARK, open_for_reading
from storage.checking import look_through, require_ours
from storage.failures import explained
from storage.migrate import load, refuse_newer, version_of
from storage.rows import milliseconds
from storage.searching import fold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

_START: Final = "Start Easel, or start it again: it sees to that at its start."
_LOOK: Final = "Nothing is lost; write down the job and look for it in Easel's log."
_SHOW: Final = "Its person has it with /show and the job's id."
_REPORT: Final = "That should be impossible: please report it. Until then, compare with the newest backup."

_OPEN: Final = "'queued', 'submitting', 'running', 'needs_input'"
#: A day more than any job has (`bot.jobs.policy`): looks may have failed for so long.
_OVERDUE_MS: Final = 26 * 3_600_000
_UNSCRUBBED_MS: Final = 24 * 3_600_000


@final
@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not fit.

    Attributes
    ----------
    about
        The job's id, or what else it is about.
    fix
        What to do: one or two sentences.
    """

    about: str
    what: str
    fix: str


@final
@dataclass(frozen=True, slots=True)
class Kept:
    """A file that the database names.

    Attributes
    ----------
    size
        In bytes.
    """

    job_id: str
    part: int
    name: str
    size: int


@final
@dataclass(frozen=True, slots=True)
class Rule:
    """What must not be.

    Attributes
    ----------
    sql
        Yields what it is about, where it is so. Knows `:now`, in milliseconds.
    """

    what: str
    fix: str
    sql: str


RULES: Final = (
    Rule(
        "was sent again after a submit that may have been charged",
        f"Compare with the API's list of charges. {_REPORT}",
        """SELECT DISTINCT later.job_id FROM attempts AS later JOIN attempts AS earlier
           ON earlier.job_id = later.job_id AND earlier.id < later.id
           WHERE later.step <> 'modal' AND earlier.step <> 'modal' AND earlier.outcome IN ('accepted', 'unknown')""",
    ),
    Rule(
        "is being sent and has no attempt written down",
        _START,
        """SELECT id FROM jobs WHERE status = 'submitting'
           AND NOT EXISTS (SELECT 1 FROM attempts WHERE job_id = jobs.id AND ended_at IS NULL)""",
    ),
    Rule(
        "has an attempt under way and is not being sent",
        _START,
        """SELECT job_id FROM attempts JOIN jobs ON jobs.id = job_id
           WHERE ended_at IS NULL AND status <> 'submitting'""",
    ),
    Rule(
        "waits to be sent and has a task already",
        _REPORT,
        "SELECT id FROM jobs WHERE status = 'queued' AND task_id IS NOT NULL",
    ),
    Rule(
        "has been open for longer than any job may be",
        "Is Easel running, and can it reach the API? Run: python -m bot doctor",
        f"SELECT id FROM jobs WHERE status IN ({_OPEN}) AND give_up_at < :now - {_OVERDUE_MS}",  # noqa: S608 - constants
    ),
    Rule(
        "has no delivery, so nothing shows it",
        _REPORT,
        "SELECT id FROM jobs WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE job_id = jobs.id)",
    ),
    Rule(
        "is over and nobody is told",
        _SHOW,
        f"""SELECT id FROM jobs JOIN deliveries ON job_id = id
            WHERE jobs.status NOT IN ({_OPEN}) AND deliveries.status = 'waiting' AND deleted_at IS NULL""",  # noqa: S608 - constants
    ),
    Rule(
        "is under way and counts as told already",
        f"It goes on; what comes of it may not be posted. {_SHOW}",
        f"""SELECT id FROM jobs JOIN deliveries ON job_id = id
            WHERE jobs.status IN ({_OPEN}) AND deliveries.status <> 'waiting' AND deleted_at IS NULL""",  # noqa: S608 - constants
    ),
    Rule(
        "shares its message with another job",
        _REPORT,
        """SELECT job_id FROM deliveries WHERE message_id IN (
               SELECT message_id FROM deliveries WHERE message_id IS NOT NULL GROUP BY message_id HAVING count(*) > 1)
        """,
    ),
    Rule(
        "shares its nonce with another job, so one of them may not be posted",
        _SHOW,
        """SELECT job_id FROM deliveries
           WHERE nonce IN (SELECT nonce FROM deliveries GROUP BY nonce HAVING count(*) > 1)""",
    ),
    Rule(
        "succeeded and has neither picture nor text",
        _LOOK,
        """SELECT id FROM jobs WHERE status = 'succeeded' AND media_url IS NULL AND picture IS NULL AND result_text = ''
           AND deleted_at IS NULL""",
    ),
    Rule(
        "came to nothing and still keeps its button pressed for all",
        _REPORT,
        "SELECT id FROM jobs WHERE status IN ('failed', 'cancelled') AND single_key IS NOT NULL",
    ),
    Rule(
        "holds the key of another parent's button",
        _REPORT,
        """SELECT id FROM jobs WHERE single_key IS NOT NULL AND parent_id IS NOT NULL
           AND substr(single_key, 1, length(parent_id) + 1) <> parent_id || ':'""",
    ),
    Rule(
        "cannot be found by its prompt",
        _LOOK,
        """SELECT id FROM jobs WHERE deleted_at IS NULL AND user_id <> 0
           AND NOT EXISTS (SELECT 1 FROM searches WHERE user_id = jobs.user_id AND job_id = jobs.id)""",
    ),
    Rule(
        "is found by a prompt although it is gone",
        _REPORT,
        """SELECT job_id FROM searches WHERE NOT EXISTS (
               SELECT 1 FROM jobs WHERE id = job_id AND user_id = searches.user_id AND deleted_at IS NULL)""",
    ),
    Rule(
        "names a picture that is not listed among the files",
        "It is fetched again when somebody looks at it.",
        """SELECT id FROM jobs WHERE picture IS NOT NULL AND picture NOT LIKE id || '.%'
           AND NOT EXISTS (SELECT 1 FROM files WHERE job_id = id AND part = 0 AND name = picture)""",
    ),
    Rule(
        "was deleted and its files are still listed",
        "The upkeep removes them within the hour, while Easel runs.",
        """SELECT DISTINCT job_id FROM files JOIN jobs ON id = job_id
           WHERE deleted_at IS NOT NULL AND deleted_at < :now - 7200000""",
    ),
    Rule(
        "somebody who left may still be in here",
        "Start Easel, and close other programs that read the database.",
        f"SELECT 'tombstones' FROM tombstones WHERE finished_at IS NULL AND erased_at < :now - {_UNSCRUBBED_MS}",  # noqa: S608 - a constant
    ),
)


def examine(path: Path, at: datetime, *, is_alone: bool, is_deep: bool) -> tuple[list[Finding], list[Kept]]:
    """Look for what does not fit; return it, and the files that the database names.

    Parameters
    ----------
    is_alone
        Whether nobody can be writing to it now.
    is_deep
        Whether to look at every page, which takes seconds per gigabyte.

    Raises
    ------
    StorageError
        It is none of ours, of another version, damaged, or cannot be read.
    """
    try:
        with closing(open_for_reading(path, is_alone=is_alone)) as connection:
            require_ours(connection, path)
            _require_newest(connection)
            connection.execute("BEGIN")
            if is_deep:
                look_through(connection, path)
            findings = [*_schema(connection), *_broken(connection, milliseconds(at))]
            kept = [Kept(*row) for row in connection.execute("SELECT job_id, part, name, size FROM files")]
    except sqlite3.Error as error:
        raise explained(error) from error
    return findings, kept


def named_now(path: Path, names: set[str], *, is_alone: bool) -> set[str]:
    """Return those of the names that the database has at this moment, which may be a later one.

    Raises
    ------
    StorageError
        It cannot be read.
    """
    try:
        with closing(open_for_reading(path, is_alone=is_alone)) as connection:
            sql = "SELECT 1 FROM files WHERE name = ? LIMIT 1"
            return {name for name in names if connection.execute(sql, (name,)).fetchone() is not None}
    except sqlite3.Error as error:
        raise explained(error) from error


def _require_newest(connection: sqlite3.Connection) -> None:
    version, newest = version_of(connection), len(load())
    refuse_newer(version, newest)
    if version < newest:
        raise StorageError(
            f"The database is version {version}, this program looks at version {newest}.",
            explanation="Start Easel once: it brings the database up to date.",
        )


def _broken(connection: sqlite3.Connection, now: int) -> Iterator[Finding]:
    for rule in RULES:
        for row in connection.execute(rule.sql, {"now": now} if ":now" in rule.sql else {}):
            yield Finding(row[0], rule.what, rule.fix)
    for table, _, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield Finding(table, f"a row belongs to one of {parent} that is not there", _REPORT)


def _schema(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Compare what tables and indexes there are with what the migrations make."""
    listing = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name <> ?"
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        fresh.create_function("fold", 1, fold, deterministic=True)  # for 0003
        for step in load():
            fresh.executescript(step.sql)
        wanted = {name: _words(sql) for name, sql in fresh.execute(listing, (MARK,))}
    found = {name: _words(sql) for name, sql in connection.execute(listing, (MARK,))}
    for name in sorted(wanted.keys() - found.keys()):
        yield Finding(name, "this table or index is missing", "Put a backup back: python -m bot restore FILE.")
    for name in sorted(found.keys() - wanted.keys()):
        yield Finding(name, "this table or index is none of Easel's", "Whoever made it should remove it again.")
    for name in sorted(name for name in wanted.keys() & found.keys() if wanted[name] != found[name]):
        yield Finding(name, "this table or index was changed", "Put a backup back: python -m bot restore FILE.")


def _words(sql: str) -> list[str]:
    return sql.split()
