"""A database that was put back out of a backup: what it says is still to come may have happened since.

Whatever was waiting to be sent may have been sent and paid for after the backup was made, and its picture posted. So
none of it is sent by itself again: the outcome is unknown, and the person decides. Whatever is still to be posted is
looked for in its channel first (reliability E, Backups).

Functions of one connection. Imports sqlite3; nothing of jobs.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from storage.backups.writing import MARK
from storage.rows import milliseconds, moment

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

_log = logging.getLogger(__name__)

#: A job that waited has its answer: a moment later than the backup it was sent, which needs one. It is told apart from
#: what was interrupted only by having no attempt.
_QUEUED: Final = """
    UPDATE jobs SET status = 'unknown', updated_at = :at, answered_at = coalesce(answered_at, :at), due_at = NULL,
        waiting = NULL
    WHERE status = 'queued'
"""
_THEIR_DELIVERIES: Final = """
    UPDATE deliveries SET status = 'due', attempts = 0, due_at = NULL
    WHERE status = 'waiting' AND (SELECT status FROM jobs WHERE id = job_id) = 'unknown'
"""
#: The modal step is sent once; whether it was, its task tells.
_MODALS: Final = "UPDATE jobs SET modal_sent_at = :at WHERE status = 'needs_input' AND modal_sent_at IS NULL"
_DELIVERIES: Final = "UPDATE deliveries SET look_first = 1 WHERE status IN ('waiting', 'due', 'posting')"


def made_at(connection: sqlite3.Connection) -> datetime | None:
    """Return when the backup was made that an open database is; None where it is none."""
    has_mark = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    if connection.execute(has_mark, (MARK,)).fetchone() is None:
        return None
    row = connection.execute(f"SELECT made_at FROM {MARK}").fetchone()  # noqa: S608 - a constant
    return None if row is None else moment(row[0])


def settle(connection: sqlite3.Connection, at: datetime, *, is_put_back: bool) -> None:
    """Make a database that was put back safe to go on with; do nothing with any other.

    Parameters
    ----------
    connection
        In autocommit mode, with the newest schema.
    is_put_back
        Whether the owner says so, of a copy that carries no mark.
    """
    has_mark = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (MARK,)).fetchone() is not None
    if not (has_mark or is_put_back):
        return
    since, now = made_at(connection) if has_mark else None, {"at": milliseconds(at)}
    connection.execute("BEGIN IMMEDIATE")
    try:
        waited = connection.execute(_QUEUED, now).rowcount
        connection.execute(_THEIR_DELIVERIES)
        modals = connection.execute(_MODALS, now).rowcount
        looked_for = connection.execute(_DELIVERIES).rowcount
        connection.execute(f"DROP TABLE IF EXISTS {MARK}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    _log.warning(
        "This database was put back%s. %d jobs that waited to be sent are now unknown, since they may have been sent "
        "after that; %d modal steps are not sent; %d results are looked for before they are posted.",
        f" from a backup of {since:%Y-%m-%d %H:%M} UTC" if since else "",
        waited,
        modals,
        looked_for,
    )
