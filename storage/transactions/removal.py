"""Taking things away: a job that somebody deleted, buttons that lead nowhere any more.

Functions of one transaction: they get the connection, and neither begin nor commit. Imports the model and sqlite3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import SETTLED
from storage import searching
from storage.rows import find_job, milliseconds
from storage.transactions import words

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection
    from datetime import datetime

    from bot.model import Job


def delete(connection: sqlite3.Connection, job_id: str, at: datetime) -> Job | None:
    """Mark a settled job as deleted; return it as it was, or None if there is nothing to delete.

    That its message has to go is written down until it has.
    The row stays, without its words where nothing needs them: what was sent and charged must be accounted for, and its
    children name it as their parent.
    """
    job = find_job(connection, job_id)
    if job is None or job.deleted_at is not None or job.status not in SETTLED:
        return None
    connection.execute(
        "UPDATE jobs SET deleted_at = :at, updated_at = :at, single_key = NULL, picture = NULL WHERE id = :id",
        {"at": milliseconds(at), "id": job_id},
    )
    connection.execute(
        "UPDATE deliveries SET status = 'kept' WHERE job_id = ? AND status IN ('due', 'posting', 'linked')", (job_id,)
    )
    connection.execute("INSERT INTO takedowns (job_id, begun_at) VALUES (?, ?)", (job_id, milliseconds(at)))
    connection.execute("DELETE FROM favorites WHERE job_id = ?", (job_id,))
    connection.execute("DELETE FROM stars WHERE job_id = ?", (job_id,))
    searching.remove(connection, job.user_id, job_id)
    # Found again by that, whatever happens before the files go.
    connection.execute("UPDATE files SET kept_at = 0 WHERE job_id = ?", (job_id,))
    words.take_away(connection, job)
    return job


def kill_actions(connection: sqlite3.Connection, job_id: str, indexes: Collection[int]) -> None:
    """Mark buttons of a job as refused for good."""
    connection.executemany(
        "UPDATE actions SET is_dead = 1 WHERE job_id = ? AND idx = ?", [(job_id, index) for index in indexes]
    )
