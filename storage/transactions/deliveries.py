"""What is written about a job's delivery, and about its answer.

Functions of one transaction: they get the connection, and neither begin nor commit. Imports the model and sqlite3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, final

from storage.registry import NOBODY
from storage.rows import DELIVERY_COLUMNS, assignments, find_job, milliseconds, stored

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from bot.model import DeliveryStatus, Job, Status


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryMove:
    """A change of the delivery status. Meanings as in `JobStore.move_delivery`."""

    job_id: str
    source: Collection[DeliveryStatus]
    target: DeliveryStatus
    changes: Mapping[str, object]
    of: Status | None = None


def answered(connection: sqlite3.Connection, job_id: str, message_id: int | None, at: datetime) -> Job | None:
    """Record when the person saw our answer, and which message it is; what is known already stays.

    Not of the job of somebody who has left meanwhile: None, as if there were none.
    """
    job = find_job(connection, job_id)
    if job is None or (job.user_id == NOBODY and job.deleted_at is not None):
        return None
    connection.execute(
        "UPDATE jobs SET answered_at = :at, updated_at = :at WHERE id = :id AND answered_at IS NULL",
        {"id": job_id, "at": milliseconds(at)},
    )
    connection.execute(
        "UPDATE deliveries SET answer_message_id = coalesce(answer_message_id, ?) WHERE job_id = ?",
        (message_id, job_id),
    )
    return find_job(connection, job_id)


def move(connection: sqlite3.Connection, move: DeliveryMove) -> bool:
    """Compare-and-set the delivery status; tell whether it was in one of `source`, and the job in `of`."""
    assigned, values = assignments(move.changes, DELIVERY_COLUMNS)
    row = connection.execute(
        "SELECT d.status, j.status AS job FROM deliveries AS d JOIN jobs AS j ON j.id = d.job_id WHERE d.job_id = ?",
        (move.job_id,),
    ).fetchone()
    # One transaction writes at a time, so nobody can come between this look and the update.
    if row is None or row["status"] not in move.source or (move.of is not None and row["job"] != move.of):
        return False
    connection.execute(
        f"UPDATE deliveries SET status = :target {assigned} WHERE job_id = :id",  # noqa: S608 - names out of DELIVERY_COLUMNS
        {**values, "id": move.job_id, "target": stored(move.target)},
    )
    return True


def note(connection: sqlite3.Connection, job_id: str, changes: Mapping[str, object]) -> None:
    """Write changes without touching the delivery status."""
    assigned, values = assignments(changes, DELIVERY_COLUMNS)
    connection.execute(
        f"UPDATE deliveries SET job_id = job_id {assigned} WHERE job_id = :id",  # noqa: S608 - names out of DELIVERY_COLUMNS
        {**values, "id": job_id},
    )


def erase_tokens(connection: sqlite3.Connection, before: datetime) -> int:
    """Forget the interaction tokens of jobs and batches made before that time; return how many there were."""
    of_batches = connection.execute(
        "UPDATE batches SET interaction_token = NULL WHERE interaction_token IS NOT NULL AND created_at < ?",
        (milliseconds(before),),
    ).rowcount
    of_jobs = connection.execute(
        """
        UPDATE deliveries SET interaction_token = NULL
        WHERE interaction_token IS NOT NULL AND (SELECT created_at FROM jobs WHERE id = job_id) < ?
        """,
        (milliseconds(before),),
    ).rowcount
    return of_batches + of_jobs
