"""The moves of a job from status to status, with all that belongs to each of them.

Functions of one transaction: they get the connection, and neither begin nor commit. Imports the model and sqlite3.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, final

from bot.errors import StorageError, TransitionLost
from bot.model import SETTLED, TRANSITIONS, Kind, Status
from storage import searching
from storage.registry import JOBS, NOBODY
from storage.rows import JOB_COLUMNS, assignments, find_job, milliseconds, stored
from storage.transactions.words import UNHEARD

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from bot.jobs.ports import Headway, Outcome, Step
    from bot.model import Action, Job

_CLOSE_ATTEMPT: Final = "UPDATE attempts SET ended_at = ?, outcome = ? WHERE job_id = ? AND ended_at IS NULL"

_STORE_ACTION: Final = """
    INSERT INTO actions (job_id, idx, action_id, kind, label, emoji, style, quadrant, needs_input, once, remixable,
                         is_dead)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (job_id, idx) DO UPDATE SET
        action_id = excluded.action_id, kind = excluded.kind, label = excluded.label, emoji = excluded.emoji,
        style = excluded.style, quadrant = excluded.quadrant, needs_input = excluded.needs_input, once = excluded.once,
        remixable = excluded.remixable, is_dead = excluded.is_dead
"""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A change of status, with what is written together with it. Meanings as in `JobStore.transition`."""

    job_id: str
    source: Status
    target: Status
    at: datetime
    changes: Mapping[str, object] = field(default_factory=dict[str, object])
    outcome: Outcome | None = None
    actions: Sequence[Action] = ()


def carry_out(connection: sqlite3.Connection, move: Move) -> Job:
    """Make a move and return the job as it is afterwards.

    Raises
    ------
    TransitionLost
        The job was not in `source`.
    ValueError
        The move is not in `TRANSITIONS`.
    """
    single_key = _single_key(connection, move.job_id)
    move = _spared(connection, move)
    _compare_and_set(connection, move)
    if single_key is not None and move.target in (Status.FAILED, Status.CANCELLED):
        _hand_back(connection, move.job_id, single_key)
    if move.source is Status.SUBMITTING:
        # The request is over, whatever came of it; nothing known about it is the same as unknown.
        connection.execute(_CLOSE_ATTEMPT, (milliseconds(move.at), stored(move.outcome) or "unknown", move.job_id))
    connection.executemany(_STORE_ACTION, [_action_row(move.job_id, action) for action in move.actions])
    if move.target in SETTLED:
        _set_delivery(connection, move.job_id, "due")
    elif move.source is Status.UNKNOWN:
        _set_delivery(connection, move.job_id, "waiting")
    job = _present(connection, move.job_id)
    if move.target is Status.SUCCEEDED and job.kind is Kind.DESCRIBE:
        searching.add(connection, job.user_id, job.id, job.result_text)
    return job


def begin_submit(connection: sqlite3.Connection, move: Move, step: Step) -> Job:
    """Move a job to `submitting` and open the attempt that goes with it.

    Raises
    ------
    TransitionLost
        The job was not in `source`.
    ValueError
        Nothing is submitted out of `source`.
    """
    _compare_and_set(connection, move)
    connection.execute(
        "INSERT INTO attempts (job_id, step, started_at) VALUES (?, ?, ?)",
        (move.job_id, stored(step), milliseconds(move.at)),
    )
    return _present(connection, move.job_id)


def adopt(connection: sqlite3.Connection, move: Move, *, may_share: bool = False) -> Job | None:
    """Move a job to `running` with the task that its submit turned out to have made; None if that is another job's.

    Parameters
    ----------
    may_share
        Whether it may be another job's too.

    Raises
    ------
    TransitionLost
        The job was not in `source`, or has a task.
    ValueError
        The move is not in `TRANSITIONS`.
    """
    is_anothers = "SELECT 1 FROM jobs WHERE task_id = ? AND id <> ?"
    anothers = (move.changes["task_id"], move.job_id)
    if not may_share and connection.execute(is_anothers, anothers).fetchone() is not None:
        return None
    if connection.execute("SELECT 1 FROM jobs WHERE id = ? AND task_id IS NOT NULL", (move.job_id,)).fetchone():
        raise TransitionLost(f"job {move.job_id} has a task")
    adopted = carry_out(connection, move)
    connection.execute(
        """
        UPDATE attempts SET outcome = 'accepted'
        WHERE id = (SELECT max(id) FROM attempts WHERE job_id = ? AND step <> 'modal') AND ended_at IS NOT NULL
        """,
        (move.job_id,),
    )
    return adopted


def note(connection: sqlite3.Connection, job_id: str, changes: Mapping[str, object], at: datetime) -> None:
    """Write changes without touching the status."""
    assigned, values = assignments(_sparing(connection, job_id, changes), JOB_COLUMNS)
    connection.execute(
        f"UPDATE jobs SET updated_at = :now {assigned} WHERE id = :id",  # noqa: S608 - only names out of JOB_COLUMNS
        {**values, "id": job_id, "now": milliseconds(at)},
    )


def note_headway(connection: sqlite3.Connection, made: Collection[Headway], at: datetime) -> None:
    """Write how far jobs are; of one that is deleted, nothing that is personal."""
    now = milliseconds(at)
    connection.executemany(
        """
        UPDATE jobs SET updated_at = ?, progress = ?,
            preview_url = CASE WHEN deleted_at IS NOT NULL THEN preview_url ELSE ? END
        WHERE id = ?
        """,
        [(now, far.progress, stored(far.preview_url), far.job_id) for far in made],
    )


def recover(connection: sqlite3.Connection, at: datetime) -> list[Job]:
    """Make the `submitting` rows of a former process honest; return the jobs as they are afterwards."""
    now = milliseconds(at)
    # The task of a modal attempt is known and can be looked at; the modal step itself is never sent twice.
    modal = connection.execute(
        """
        UPDATE jobs SET status = 'needs_input', updated_at = :at, modal_sent_at = coalesce(modal_sent_at, (
            SELECT started_at FROM attempts WHERE job_id = jobs.id AND step = 'modal' AND ended_at IS NULL))
        WHERE status = 'submitting' AND task_id IS NOT NULL AND EXISTS (
            SELECT 1 FROM attempts WHERE job_id = jobs.id AND step = 'modal' AND ended_at IS NULL)
        RETURNING id
        """,
        {"at": now},
    ).fetchall()
    rest = connection.execute(
        "UPDATE jobs SET status = 'unknown', updated_at = ? WHERE status = 'submitting' RETURNING id",
        (now,),
    ).fetchall()
    for row in rest:
        _set_delivery(connection, row["id"], "due")
    connection.execute("UPDATE attempts SET ended_at = ?, outcome = 'unknown' WHERE ended_at IS NULL", (now,))
    # What waited for its time is due now: a clock that was set back must not hold it up for ever.
    connection.execute("UPDATE jobs SET due_at = NULL WHERE status = 'queued' AND due_at IS NOT NULL")
    connection.execute(
        "UPDATE deliveries SET due_at = NULL WHERE status IN ('due', 'posting', 'linked') AND due_at IS NOT NULL"
    )
    return [_present(connection, row["id"]) for row in (*modal, *rest)]


def _compare_and_set(connection: sqlite3.Connection, move: Move) -> None:
    if move.target not in TRANSITIONS[move.source]:
        raise ValueError(f"a job does not move from {move.source} to {move.target}")
    assigned, values = assignments(move.changes, JOB_COLUMNS)
    won = connection.execute(
        f"""
        UPDATE jobs SET status = :target, updated_at = :now,
            single_key = CASE WHEN :target IN ('failed', 'cancelled') THEN NULL ELSE single_key END {assigned}
        WHERE id = :id AND status = :source RETURNING id
        """,  # noqa: S608 - only names out of JOB_COLUMNS
        {
            **values,
            "id": move.job_id,
            "source": stored(move.source),
            "target": stored(move.target),
            "now": milliseconds(move.at),
        },
    ).fetchall()
    if not won:
        raise TransitionLost(f"job {move.job_id} is not {move.source} any more")


def _spared(connection: sqlite3.Connection, move: Move) -> Move:
    """Return a move without what it would write about somebody who has left, or deleted the job."""
    changes = _sparing(connection, move.job_id, move.changes)
    return move if changes is move.changes else replace(move, changes=changes, actions=())


def _sparing(connection: sqlite3.Connection, job_id: str, changes: Mapping[str, object]) -> Mapping[str, object]:
    """Return changes without what is personal in them, if the job was deleted, or its person has left."""
    deleted = "SELECT user_id FROM jobs WHERE id = ? AND deleted_at IS NOT NULL"
    row = connection.execute(deleted, (job_id,)).fetchone()
    if row is None:
        return changes
    unwanted = JOBS.personal if row["user_id"] == NOBODY else UNHEARD
    return {name: value for name, value in changes.items() if name not in unwanted}


def _single_key(connection: sqlite3.Connection, job_id: str) -> str | None:
    row = connection.execute("SELECT single_key FROM jobs WHERE id = ?", (job_id,)).fetchone()
    return None if row is None else row["single_key"]


def _hand_back(connection: sqlite3.Connection, job_id: str, single_key: str) -> None:
    """Give the key to the job of unknown outcome that this one took it from, and that may have been charged.

    Without it the next press would be a new job: the silent resend that `unknown` is there to prevent (design 6).
    """
    connection.execute(
        """
        UPDATE jobs SET single_key = ?
        WHERE id = (SELECT retry_of FROM jobs WHERE id = ?) AND status NOT IN ('failed', 'cancelled')
          AND deleted_at IS NULL AND single_key IS NULL
        """,
        (single_key, job_id),
    )


def _set_delivery(connection: sqlite3.Connection, job_id: str, status: str) -> None:
    connection.execute(
        "UPDATE deliveries SET status = ?, attempts = 0, due_at = NULL WHERE job_id = ?",
        (status, job_id),
    )


def _action_row(job_id: str, action: Action) -> tuple[str | int | None, ...]:
    return (
        job_id,
        action.index,
        stored(action.action_id),
        stored(action.kind),
        stored(action.label),
        stored(action.emoji),
        action.style,
        action.quadrant,
        action.needs_input,
        action.once,
        action.remixable,
        action.is_dead,
    )


def _present(connection: sqlite3.Connection, job_id: str) -> Job:
    job = find_job(connection, job_id)
    if job is None:
        raise StorageError(f"job {job_id} has no delivery row")
    return job
