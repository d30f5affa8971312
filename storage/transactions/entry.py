"""Writing a job down, or finding the one that stands for it already.

Functions of one transaction: they get the connection, and neither begin nor commit. Imports the model and sqlite3.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.errors import StorageError, TransitionLost
from bot.model import DeliveryStatus, Entry, Status
from storage import searching
from storage.orders import order_text
from storage.rows import find_job, milliseconds, stored
from storage.transactions import inheritance

if TYPE_CHECKING:
    import sqlite3

    from bot.model import Job, NewJob

#: Two presses of one button by one person within this time are one (design 6): by Discord's clock, as the ids of
#: interactions have it (Discord, snowflakes), for the second may be written down much later than the first.
DOUBLE_CLICK: Final = timedelta(seconds=3)
_TIME_BITS: Final = 22  # a snowflake's milliseconds begin there

#: An expired job is looked for so long (design 3); then its button may be pressed anew.
LOST_AFTER: Final = timedelta(hours=24)

#: Discord's limit for a nonce.
_NONCE_LENGTH: Final = 25

_INSERT_JOB: Final = """
    INSERT INTO jobs (id, kind, status, prompt, speed, user_id, guild_id, channel_id, interaction_id, created_at,
                      updated_at, parent_id, action_index, action_label, quadrant, single_key, retry_of, give_up_at,
                      sending, batch_id, model, is_private, words_gone)
    VALUES (:id, :kind, :status, :prompt, :speed, :user_id, :guild_id, :channel_id, :interaction_id, :created_at,
            :created_at, :parent_id, :action_index, :action_label, :quadrant, :single_key, :retry_of, :give_up_at,
            :sending, :batch_id, :model, :is_private, :words_gone)
"""

_INSERT_DELIVERY: Final = """
    INSERT INTO deliveries (job_id, status, nonce, locale, attachment_size_limit, interaction_token, application_id,
                            own_locale, may_post)
    VALUES (:job_id, :status, :nonce, :locale, :attachment_size_limit, :interaction_token, :application_id,
            :own_locale, :may_post)
"""


def enter(connection: sqlite3.Connection, new: NewJob) -> tuple[Entry, Job]:
    """Write a job down as `queued`, unless it exists already in the sense of `Entry`.

    Raises
    ------
    TransitionLost
        The job named by `retry_of` is not `unknown` any more.
    """
    replayed = _find(connection, "SELECT id FROM jobs WHERE interaction_id = ?", new.interaction_id)
    if replayed is not None:
        return Entry.REPLAYED, replayed
    if new.retry_of is not None:
        return _retry(connection, new, new.retry_of)
    key = _single_key(new)
    if key is not None:
        shared = _holder(connection, _public_key(new)) or _holder(connection, key)
        if shared is not None and not _is_lost(shared, new):
            return Entry.SHARED, shared
        if shared is not None:
            connection.execute("UPDATE jobs SET single_key = NULL WHERE id = ?", (shared.id,))
    else:
        repeated = _double_click(connection, new)
        if repeated is not None:
            return Entry.REPEATED, repeated
    return Entry.NEW, insert(connection, new, key)


def nonce_of(job_id: str) -> str:
    """Return the nonce of a job's result: the same at every try, and different for every job.

    A ULID has one character more than Discord takes. Its first one is the top of a 48-bit time and stays `0` until the
    year 3084, so leaving it out loses nothing. Cutting at the other end would lose randomness, and two jobs of the same
    millisecond could then silently share one message.
    """
    return job_id[-_NONCE_LENGTH:]


def _retry(connection: sqlite3.Connection, new: NewJob, retry_of: str) -> tuple[Entry, Job]:
    """Write down a job in the place of one whose outcome is unknown, together with its right to be the only one."""
    # A retry that was cancelled or failed cost nothing and leaves the person where they were: it does not count.
    repeated = _find(
        connection,
        "SELECT id FROM jobs WHERE retry_of = ? AND status NOT IN ('failed', 'cancelled')",
        retry_of,
    )
    if repeated is not None:
        return Entry.REPEATED, repeated
    old = find_job(connection, retry_of)
    if old is None or old.status is not Status.UNKNOWN:
        raise TransitionLost(f"job {retry_of} is not unknown any more")
    key = _single_key(new) or old.single_key
    if key is not None:
        holder = _holder(connection, key)
        if holder is not None and holder.id != old.id:
            return Entry.SHARED, holder
        # One for its person alone does not stand for one that all have seen: that stays the button's only result.
        connection.execute("UPDATE jobs SET single_key = NULL WHERE id = ? AND single_key = ?", (old.id, key))
    return Entry.NEW, insert(connection, new, key)


def _single_key(new: NewJob) -> str | None:
    """Return the key of the one result of a button: for all who see it, or for its person alone."""
    if not new.once or new.parent_id is None or new.action_index is None:
        return None
    return f"{_public_key(new)}:{new.user_id}" if new.is_private else _public_key(new)


def _public_key(new: NewJob) -> str:
    return f"{new.parent_id}:{new.action_index}"


def _holder(connection: sqlite3.Connection, single_key: str) -> Job | None:
    return _find(connection, "SELECT id FROM jobs WHERE single_key = ?", single_key)


def _is_lost(holder: Job, new: NewJob) -> bool:
    """Whether nobody looks for that job's result any more, so that it must not bar its button for good."""
    return holder.status is Status.EXPIRED and new.created_at - holder.created_at >= LOST_AFTER


def _double_click(connection: sqlite3.Connection, new: NewJob) -> Job | None:
    if new.parent_id is None:
        return None
    apart, pressed_at = DOUBLE_CLICK // timedelta(milliseconds=1), new.interaction_id >> _TIME_BITS
    return _find(
        connection,
        """
        SELECT id FROM jobs
        WHERE parent_id = ? AND action_index IS ? AND user_id = ? AND (interaction_id >> ?) BETWEEN ? AND ?
          AND action_label = ? AND prompt = ? AND sending = ? -- another prompt or mask is another wish
          AND status <> 'cancelled' AND deleted_at IS NULL -- an answer that failed must not spoil the next press
        ORDER BY id DESC LIMIT 1
        """,
        new.parent_id,
        new.action_index,
        new.user_id,
        _TIME_BITS,
        pressed_at - apart,
        pressed_at + apart,  # two presses may be written down in the other order
        stored(new.action_label),
        stored(new.prompt),
        order_text(new.order),
    )


def _find(connection: sqlite3.Connection, select_id: str, *parameters: str | int | None) -> Job | None:
    row = connection.execute(select_id, parameters).fetchone()
    return None if row is None else find_job(connection, row["id"])


def insert(connection: sqlite3.Connection, new: NewJob, single_key: str | None = None) -> Job:
    """Write a job down as `queued`, with its delivery row, without asking whether there is one like it.

    Raises
    ------
    StorageError
        It cannot be read back.
    """
    connection.execute(
        _INSERT_JOB,
        {
            "id": new.id,
            "kind": stored(new.kind),
            "status": stored(Status.QUEUED),
            "prompt": stored(new.prompt),
            "speed": stored(new.speed),
            "user_id": new.user_id,
            "guild_id": new.guild_id,
            "channel_id": new.channel_id,
            "interaction_id": new.interaction_id,
            "created_at": milliseconds(new.created_at),
            "parent_id": new.parent_id,
            "action_index": new.action_index,
            "action_label": stored(new.action_label),
            "quadrant": new.quadrant,
            "single_key": single_key,
            "retry_of": new.retry_of,
            "give_up_at": milliseconds(new.give_up_at),
            "sending": order_text(new.order),
            "batch_id": new.batch_id,
            "model": stored(new.model),
            "is_private": new.is_private,
            "words_gone": new.words_gone,
        },
    )
    connection.execute(
        _INSERT_DELIVERY,
        {
            "job_id": new.id,
            "status": stored(DeliveryStatus.WAITING),
            "nonce": nonce_of(new.id),
            "locale": stored(new.locale),
            "attachment_size_limit": new.attachment_size_limit,
            "interaction_token": stored(new.interaction_token) or None,
            "application_id": new.application_id,
            "own_locale": stored(new.own_locale),
            "may_post": new.may_post,
        },
    )
    searching.enter(connection, new.user_id, new.id, new.prompt)
    if new.parent_id is not None or new.retry_of is not None:
        inheritance.pass_on(connection, new)
    job = find_job(connection, new.id)
    if job is None:
        raise StorageError(f"job {new.id} cannot be read back")
    return job
