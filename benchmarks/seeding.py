"""Jobs in a database as if they had been asked for, sent and accepted: so many that asking for each would take long.

Writes through the storage's own transaction, so that the file is what Easel would have made of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, final

from ulid import ULID

from bot.model import Kind, Speed, Status
from storage.rows import milliseconds
from storage.transactions.entry import nonce_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import datetime

    from storage.database import Database

#: As Easel gives up on a job that runs (bot.jobs.policy).
_PATIENCE: Final = timedelta(minutes=75)
_PEOPLE: Final = 100
_FIRST_PERSON: Final = 80_351_110_224_678_912

_JOB: Final = """
    INSERT INTO jobs (id, kind, status, prompt, speed, user_id, guild_id, channel_id, interaction_id, created_at,
                      updated_at, answered_at, submitted_at, give_up_at, task_id, finished_at, media_url)
    VALUES (:id, :kind, :status, 'a fox', :speed, :user_id, :guild_id, :channel_id, :interaction_id, :at, :at, :at, :at,
            :give_up_at, :task_id, :finished_at, :media_url)
"""
_DELIVERY: Final = """
    INSERT INTO deliveries (job_id, status, nonce, locale, attachment_size_limit, application_id, may_post)
    VALUES (:id, :delivery, :nonce, 'en-US', 10485760, 1, 1)
"""


@final
@dataclass(frozen=True, slots=True)
class Place:
    """Where all of it was asked for."""

    guild_id: int = 290_926_798_626_357_999
    channel_id: int = 290_926_798_999_357_250


@final
@dataclass(frozen=True, slots=True)
class Running:
    """A task that runs.

    Attributes
    ----------
    since
        When its submit was accepted.
    media_url
        Where its picture is, if it has succeeded and is only to be delivered.
    """

    task_id: str
    since: datetime
    media_url: str | None = None


_ANYWHERE: Final = Place()


async def seed(database: Database, tasks: Sequence[Running], place: Place = _ANYWHERE) -> list[str]:
    """Write down a job for each task of the API; return their ids in the same order."""
    rows = [_row(task, number, place) for number, task in enumerate(tasks)]

    def write(connection: sqlite3.Connection) -> None:
        connection.executemany(_JOB, rows)
        connection.executemany(_DELIVERY, rows)

    await database.write(write)
    return [str(row["id"]) for row in rows]


def _row(task: Running, number: int, place: Place) -> dict[str, str | int | None]:
    job_id, at = ULID.from_datetime(task.since), milliseconds(task.since)
    is_done = task.media_url is not None
    return {
        "id": str(job_id),
        "kind": Kind.IMAGINE.value,
        "status": (Status.SUCCEEDED if is_done else Status.RUNNING).value,
        "speed": Speed.FAST.value,
        "user_id": _FIRST_PERSON + number % _PEOPLE,
        "guild_id": place.guild_id,
        "channel_id": place.channel_id,
        "interaction_id": int(task.task_id),
        "at": at,
        "give_up_at": milliseconds(task.since + _PATIENCE),
        "task_id": task.task_id,
        "finished_at": at if is_done else None,
        "media_url": task.media_url,
        "delivery": "due" if is_done else "waiting",
        "nonce": nonce_of(str(job_id)),
    }
