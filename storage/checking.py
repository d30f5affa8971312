"""Whether the file of a database is ours and whole, said of an open connection. Imports sqlite3; nothing of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.errors import DatabaseDamaged
from storage.migrate import APPLICATION_ID, version_of
from storage.registry import TABLES

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping
    from pathlib import Path

_MOST_FINDINGS: Final = 3
_KEEP_IT: Final = "Keep it as it is, and use an older backup."


def require_ours(connection: sqlite3.Connection, path: Path) -> None:
    """Accept a database with a schema of ours.

    Raises
    ------
    DatabaseDamaged
        It is empty, or another program's.
    """
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    if application_id != APPLICATION_ID or not version_of(connection):
        raise DatabaseDamaged(f"{path} is no database of Easel's.", explanation="Check the path.")


def look_through(connection: sqlite3.Connection, path: Path) -> None:
    """Look at every page and every row of a database. Takes seconds per gigabyte.

    Raises
    ------
    DatabaseDamaged
        Something does not fit.
    """
    verdicts = [row[0] for row in connection.execute(f"PRAGMA integrity_check({_MOST_FINDINGS})")]
    if verdicts != ["ok"]:
        raise DatabaseDamaged(f"{path} is damaged: {'; '.join(map(str, verdicts))}", explanation=_KEEP_IT)
    strays = connection.execute("PRAGMA foreign_key_check").fetchmany(_MOST_FINDINGS)
    if strays:
        tables = ", ".join(sorted({f"{row[0]} → {row[2]}" for row in strays}))
        raise DatabaseDamaged(f"{path} has rows that belong to nothing: {tables}", explanation=_KEEP_IT)


def counted(connection: sqlite3.Connection) -> Mapping[str, int]:
    """Return how many rows each of our tables has, as far as the schema has it."""
    there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return {
        table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - out of the registry
        for table in TABLES
        if table in there
    }
