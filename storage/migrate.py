"""Brings a database to the schema of this program, in numbered steps, forward only.

Each step and its version are one transaction.

A step is a file `migrations/NNNN_name.sql` with plain statements. The runner puts `BEGIN IMMEDIATE`, the new
`PRAGMA user_version` and `COMMIT` into the same script text, because `executescript` first commits whatever is open
(style 3, fact 2). Imports sqlite3; nothing of jobs.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, final

from bot.errors import SchemaTooNew
from storage.searching import fold

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

_log = logging.getLogger(__name__)

FOLDER: Final = Path(__file__).with_name("migrations")

#: "EASL". Tells our files from other programs' (`PRAGMA application_id`).
APPLICATION_ID: Final = 0x4541534C

_FILE_NAME: Final = re.compile(r"(?P<version>\d{4})_(?P<name>[a-z0-9_]+)\.sql")


@final
@dataclass(frozen=True, slots=True)
class Migration:
    """One step: the version that it leads to, its name for the log, its statements."""

    version: int
    name: str
    sql: str


def load(folder: Path = FOLDER) -> tuple[Migration, ...]:
    """Return all steps in order.

    Raises
    ------
    ValueError
        A file is misnamed, or the numbers do not run 1, 2, 3 … without gaps and repeats.
    """
    steps: list[Migration] = []
    for path in sorted(folder.glob("*.sql")):
        match = _FILE_NAME.fullmatch(path.name)
        if match is None:
            raise ValueError(f"{path.name} is not named like 0002_what_it_adds.sql")
        steps.append(Migration(int(match["version"]), match["name"], path.read_text(encoding="utf-8")))
    numbers = [step.version for step in steps]
    if numbers != list(range(1, len(steps) + 1)):
        raise ValueError(f"the numbers of the migrations do not run from 1 without gaps and repeats: {numbers}")
    return tuple(steps)


def version_of(connection: sqlite3.Connection) -> int:
    """Return the schema version of the open database; 0 for an empty one."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def refuse_newer(version: int, known: int) -> None:
    """Accept versions up to `known`.

    Raises
    ------
    SchemaTooNew
        The database was written by a newer program.
    """
    if version > known:
        raise SchemaTooNew(
            f"The database is version {version}, this program knows {known}.",
            explanation="Install the newer Easel again, or restore a backup from before the upgrade.",
        )


def migrate(connection: sqlite3.Connection, steps: Sequence[Migration]) -> None:
    """Carry out the steps that the database lacks.

    Parameters
    ----------
    connection
        In autocommit mode, without an open transaction.

    Raises
    ------
    SchemaTooNew
        The database is ahead of `steps`; it was not touched.
    sqlite3.Error
        A step failed; that step is rolled back as a whole, version included, those before it stay.
    """
    current = version_of(connection)
    refuse_newer(current, len(steps))
    connection.create_function("fold", 1, fold, deterministic=True)  # for 0003
    for step in steps[current:]:
        _log.info("Database: version %d, %s", step.version, step.name.replace("_", " "))
        script = (
            f"BEGIN IMMEDIATE;\n{step.sql}\n"
            f"PRAGMA application_id = {APPLICATION_ID};\nPRAGMA user_version = {step.version};\nCOMMIT;"
        )
        try:
            connection.executescript(script)
        finally:
            if connection.in_transaction:
                connection.rollback()
