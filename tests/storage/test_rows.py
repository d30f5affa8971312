from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.ports import DeliveryChanges, JobChanges
from bot.model import (
    Action,
    Batch,
    Dimensions,
    Draft,
    Entry,
    Failure,
    Job,
    Kind,
    Motion,
    NewJob,
    Order,
    Route,
    Speed,
    Status,
    Waiting,
)
from storage.migrate import load, migrate
from storage.orders import order_of, order_text
from storage.rows import DELIVERY_COLUMNS, JOB_COLUMNS, action_of, find_job, milliseconds, moment, stored
from storage.transactions.deliveries import note as note_delivery
from storage.transactions.entry import enter
from storage.transactions.moves import Move, carry_out, note
from tests.builders import START, job_id, new_job

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TIMES = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - the strategy adds the zone
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000),
)
TEXT = st.text(max_size=80)
SNOWFLAKES = st.integers(0, 2**63 - 1)

ORDERS = st.builds(
    Order,
    route=st.sampled_from(Route),
    images=st.lists(st.text(max_size=8), max_size=5).map(tuple),
    mask=st.none() | st.text(max_size=8),
    remix=st.booleans(),
    end=st.none() | st.text(max_size=8),
    loop=st.booleans(),
    index=st.none() | st.integers(0, 3),
    dimensions=st.none() | st.sampled_from(Dimensions),
    motion=st.none() | st.sampled_from(Motion),
)


def routed(new: NewJob) -> NewJob:
    """Return a job whose route goes with where it came from: a button means `action`, and nothing else does."""
    if new.action_index is not None:
        return replace(new, order=replace(new.order, route=Route.ACTION))
    if new.order.route is Route.ACTION:
        return replace(new, order=replace(new.order, route=Route.IMAGINE))
    return new


NEW_JOBS = st.builds(
    NewJob,
    id=st.just(job_id(2)),
    kind=st.sampled_from(Kind),
    prompt=TEXT,
    speed=st.sampled_from(Speed),
    user_id=SNOWFLAKES,
    guild_id=st.none() | SNOWFLAKES,
    channel_id=SNOWFLAKES,
    interaction_id=st.just(2),
    interaction_token=st.text(min_size=1, max_size=80),
    application_id=SNOWFLAKES,
    attachment_size_limit=st.integers(0, 2**40),
    locale=TEXT,
    created_at=TIMES,
    give_up_at=TIMES,
    parent_id=st.just(job_id(1)) | st.none(),
    action_index=st.none() | st.integers(0, 100),
    action_label=TEXT,
    quadrant=st.none() | st.integers(1, 4),
    once=st.booleans(),
    retry_of=st.none(),
    order=ORDERS,
    batch_id=st.none() | st.just("batch"),
).map(routed)

MAYBE_TIME = st.none() | TIMES
MAYBE_NUMBER = st.none() | st.integers(-(2**63), 2**63 - 1)
MAYBE_TEXT = st.none() | TEXT

ADDRESSES = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1, max_size=30)

CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "answered_at": TIMES,
        "due_at": MAYBE_TIME,
        "give_up_at": TIMES,
        "waiting": st.none() | st.sampled_from(Waiting),
        "submitted_at": TIMES,
        "task_id": TEXT,
        "queue_ahead": MAYBE_NUMBER,
        "progress": MAYBE_NUMBER,
        "preview_url": MAYBE_TEXT,
        "modal_sent_at": TIMES,
        "finished_at": TIMES,
        "final_prompt": TEXT,
        "result_text": TEXT,
        "media_url": MAYBE_TEXT,
        "picture": MAYBE_TEXT,
        "media_type": MAYBE_TEXT,
        "failure": st.none() | st.sampled_from(Failure),
        "failure_detail": TEXT,
        "seed": MAYBE_TEXT,
        "more_urls": st.lists(ADDRESSES, max_size=4).map(tuple),
    },
)

DELIVERY_CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "attempts": st.integers(0, 1000),
        "due_at": MAYBE_TIME,
        "channel_id": SNOWFLAKES,
        "message_id": SNOWFLAKES,
        "answer_message_id": st.none() | SNOWFLAKES,
    },
)

ACTIONS = st.builds(
    Action,
    index=st.integers(0, 1000),
    action_id=TEXT,
    kind=st.sampled_from(Kind),
    label=TEXT,
    emoji=TEXT,
    style=st.integers(1, 4),
    quadrant=st.none() | st.integers(1, 4),
    needs_input=st.booleans(),
    once=st.booleans(),
    remixable=st.booleans(),
    is_dead=st.booleans(),
)


@pytest.fixture(scope="module")
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as opened:
        opened.row_factory = sqlite3.Row
        opened.execute("PRAGMA foreign_keys = ON")
        migrate(opened, load())
        enter(opened, new_job(1, interaction_id=1))
        opened.execute("INSERT INTO batches VALUES ('batch', 1, NULL, 1, '', '', 1, 1, 1, NULL, NULL, NULL)")
        yield opened


@given(new=NEW_JOBS, changes=CHANGES, delivery=DELIVERY_CHANGES)
def test_whatever_is_written_is_read_back(
    connection: sqlite3.Connection,
    new: NewJob,
    changes: dict[str, object],
    delivery: dict[str, object],
) -> None:
    connection.execute("BEGIN")
    try:
        entry, entered = enter(connection, new)
        note(connection, new.id, changes, START)
        note_delivery(connection, new.id, delivery)
        job = find_job(connection, new.id)
    finally:
        connection.execute("ROLLBACK")

    assert entry is Entry.NEW
    assert job is not None
    for name in ("kind", "prompt", "speed", "user_id", "guild_id", "channel_id", "created_at", "parent_id"):
        assert getattr(job, name) == getattr(new, name)
    for name in ("action_index", "action_label", "quadrant", "order", "batch_id"):
        assert getattr(job, name) == getattr(new, name)
    for name in ("locale", "attachment_size_limit", "interaction_token", "application_id"):
        assert getattr(job.delivery, name) == getattr(new, name)
    assert_changed(entered, job, {**changes, "updated_at": START, "delivery": job.delivery})
    assert_changed(entered.delivery, job.delivery, delivery)


def assert_changed(before: object, after: object, changes: Mapping[str, object]) -> None:
    """Every field that was named has its new value; every other one its old."""
    assert type(before) is type(after)
    for name in (field.name for field in fields(before)):  # pyright: ignore[reportArgumentType] - a dataclass, whichever
        assert getattr(after, name) == (changes[name] if name in changes else getattr(before, name)), name


@given(action=ACTIONS)
def test_whatever_button_is_stored_is_read_back(connection: sqlite3.Connection, action: Action) -> None:
    connection.execute("BEGIN")
    try:
        connection.execute("UPDATE jobs SET status = 'running', task_id = 't' WHERE id = ?", (job_id(1),))
        move = Move(job_id=job_id(1), source=Status.RUNNING, target=Status.SUCCEEDED, at=START, actions=[action])
        carry_out(connection, move)
        row = connection.execute("SELECT * FROM actions").fetchone()
    finally:
        connection.execute("ROLLBACK")

    assert action_of(row) == action


def test_only_what_the_ports_name_may_be_changed() -> None:
    assert JobChanges.__annotations__.keys() == JOB_COLUMNS
    assert DeliveryChanges.__annotations__.keys() == DELIVERY_COLUMNS


def test_every_field_of_a_job_has_a_column(connection: sqlite3.Connection) -> None:
    columns = {row["name"] for row in connection.execute("PRAGMA table_info(jobs)")}

    assert columns == {field.name for field in fields(Job)} - {"delivery", "order"} | {"sending"}


def test_every_field_of_a_batch_and_of_a_draft_has_a_column(connection: sqlite3.Connection) -> None:
    for table, kind in (("batches", Batch), ("drafts", Draft)):
        columns = {row["name"] for row in connection.execute(f"PRAGMA table_info({table})")}
        assert columns == {field.name for field in fields(kind)} - {"jobs"}


@given(order=ORDERS)
def test_whatever_is_asked_for_is_read_back(order: Order) -> None:
    text = order_text(order)

    assert order_of(text, is_action=order.route is Route.ACTION) == order
    assert text.isascii(), "half a character is kept as it is"


def test_an_order_of_nothing_special_takes_no_room() -> None:
    assert order_text(Order()) == order_text(Order(route=Route.ACTION)) == ""
    assert order_of("", is_action=False) == Order()
    assert order_of("", is_action=True) == Order(route=Route.ACTION)


def test_the_first_video_is_not_no_video() -> None:
    assert order_of(order_text(Order(route=Route.VIDEO, index=0)), is_action=False).index == 0


def test_what_a_later_version_adds_to_an_order_is_left_out() -> None:
    assert order_of('{"mask": "m.png", "sound": "loud"}', is_action=True) == Order(route=Route.ACTION, mask="m.png")


def test_times_are_rounded_down_to_milliseconds() -> None:
    at = START + timedelta(microseconds=1999)

    assert moment(milliseconds(at)) == START + timedelta(milliseconds=1)
    assert moment(None) is None
    assert milliseconds(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == -1


def test_half_a_character_from_somebody_s_json_is_stored_as_a_question_mark() -> None:
    assert stored("fox \ud83e in the snow") == "fox ? in the snow"
    assert stored("fox 🦊\x00") == "fox 🦊\x00"


def test_what_the_model_does_not_consist_of_is_not_stored() -> None:
    with pytest.raises(TypeError, match="float cannot be stored"):
        stored(0.5)
