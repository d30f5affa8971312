"""Rows to values and back: the only place that knows how a `Job` is laid out in columns.

Times are stored as whole milliseconds since 1970. Names of columns that go into a statement come from the fixed sets
below, which a test compares with the ports' TypedDicts. Imports the model and sqlite3.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, cast

from ulid import ULID

from bot.model import Action, DeliveryRow, DeliveryStatus, Failure, Job, Kind, Speed, Status, Waiting
from storage.orders import order_of
from storage.queries import JOB_BY_ID

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

Stored = str | int | None

#: The columns that `JobChanges` may name.
JOB_COLUMNS: Final = frozenset(
    {
        "answered_at",
        "due_at",
        "give_up_at",
        "waiting",
        "submitted_at",
        "task_id",
        "queue_ahead",
        "progress",
        "preview_url",
        "modal_sent_at",
        "finished_at",
        "final_prompt",
        "result_text",
        "media_url",
        "picture",
        "media_type",
        "failure",
        "failure_detail",
        "seed",
        "more_urls",
    },
)

#: The columns that `DeliveryChanges` may name.
DELIVERY_COLUMNS: Final = frozenset(
    {"attempts", "due_at", "channel_id", "message_id", "answer_message_id", "look_first"}
)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_LENGTH_OF_ULID: Final = 26
_TIME_OF_ULID: Final = 10


def milliseconds(at: datetime) -> int:
    """Return an aware time as it is stored: rounded down to whole milliseconds."""
    return (at - _EPOCH) // _MILLISECOND


def moment(stored: int | None) -> datetime | None:
    """Return a stored time as an aware one."""
    return None if stored is None else _EPOCH + stored * _MILLISECOND


def stored(value: object) -> Stored:
    """Return a value of the model as SQLite takes it.

    Raises
    ------
    TypeError
        It is nothing that the model consists of.
    """
    match value:
        case None | int():
            return value
        case datetime():
            return milliseconds(value)
        case StrEnum():
            return value.value
        case str():
            # Half a surrogate pair can come out of anybody's JSON and cannot be written as UTF-8.
            return value.encode("utf-8", "replace").decode("utf-8")
        case tuple():
            return stored("\n".join(map(str, cast("tuple[object, ...]", value))))
        case _:
            raise TypeError(f"{type(value).__name__} cannot be stored")


def assignments(changes: Mapping[str, object], columns: frozenset[str]) -> tuple[str, dict[str, Stored]]:
    """Return `, name = :name …` for an UPDATE, and the values by name. Empty where there are no changes.

    Raises
    ------
    ValueError
        A name is not among `columns`.
    """
    strangers = changes.keys() - columns
    if strangers:
        raise ValueError(f"not columns that may be changed: {', '.join(sorted(strangers))}")
    return (
        "".join(f", {name} = :{name}" for name in changes),
        {name: stored(value) for name, value in changes.items()},
    )


def find_job(connection: sqlite3.Connection, job_id: str) -> Job | None:
    """Return the job as this transaction sees it, or None."""
    row = connection.execute(JOB_BY_ID, (job_id,)).fetchone()
    return None if row is None else job_of(row)


def job_of(row: sqlite3.Row) -> Job:
    """Return the job of a row that `SELECT_JOB` yielded."""
    return Job(
        id=row["id"],
        kind=Kind(row["kind"]),
        status=Status(row["status"]),
        prompt=row["prompt"],
        speed=Speed(row["speed"]),
        user_id=row["user_id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        interaction_id=row["interaction_id"],
        created_at=known(row["created_at"]),
        updated_at=known(row["updated_at"]),
        delivery=_delivery_of(row),
        parent_id=row["parent_id"],
        action_index=row["action_index"],
        action_label=row["action_label"],
        quadrant=row["quadrant"],
        single_key=row["single_key"],
        retry_of=row["retry_of"],
        answered_at=moment(row["answered_at"]),
        due_at=moment(row["due_at"]),
        give_up_at=moment(row["give_up_at"]),
        waiting=None if row["waiting"] is None else Waiting(row["waiting"]),
        submitted_at=moment(row["submitted_at"]),
        task_id=row["task_id"],
        queue_ahead=row["queue_ahead"],
        progress=row["progress"],
        preview_url=row["preview_url"],
        modal_sent_at=moment(row["modal_sent_at"]),
        finished_at=moment(row["finished_at"]),
        final_prompt=row["final_prompt"],
        result_text=row["result_text"],
        media_url=row["media_url"],
        picture=row["picture"],
        media_type=row["media_type"],
        failure=None if row["failure"] is None else Failure(row["failure"]),
        failure_detail=row["failure_detail"],
        order=order_of(row["sending"], is_action=row["action_index"] is not None),
        batch_id=row["batch_id"],
        seed=row["seed"],
        more_urls=tuple(filter(None, row["more_urls"].split("\n"))),
        deleted_at=moment(row["deleted_at"]),
        model=row["model"],
        is_private=bool(row["is_private"]),
        words_gone=bool(row["words_gone"]),
    )


def action_of(row: sqlite3.Row) -> Action:
    """Return the button of a row of `actions`."""
    return Action(
        index=row["idx"],
        action_id=row["action_id"],
        kind=Kind(row["kind"]),
        label=row["label"],
        emoji=row["emoji"],
        style=row["style"],
        quadrant=row["quadrant"],
        needs_input=bool(row["needs_input"]),
        once=bool(row["once"]),
        remixable=bool(row["remixable"]),
        is_dead=bool(row["is_dead"]),
    )


def _delivery_of(row: sqlite3.Row) -> DeliveryRow:
    return DeliveryRow(
        status=DeliveryStatus(row["d_status"]),
        nonce=row["nonce"],
        locale=row["locale"],
        attachment_size_limit=row["attachment_size_limit"],
        attempts=row["attempts"],
        due_at=moment(row["d_due_at"]),
        channel_id=row["d_channel_id"],
        message_id=row["message_id"],
        answer_message_id=row["answer_message_id"],
        interaction_token=row["interaction_token"],
        application_id=row["application_id"],
        own_locale=row["own_locale"],
        may_post=bool(row["may_post"]),
        look_first=bool(row["look_first"]),
    )


def known(at: int) -> datetime:
    """Return a stored time that is always there as an aware one."""
    return _EPOCH + at * _MILLISECOND


def first_id(at: datetime) -> str:
    """Return what no job id made at this time or later is less than: a ULID begins with its time in milliseconds."""
    return str(ULID.from_datetime(at))[:_TIME_OF_ULID].ljust(_LENGTH_OF_ULID, "0")
