"""Any bytes at all, read as an answer: a value or a `CometError`, never anything else (reliability D5)."""

from __future__ import annotations

import gc
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cometapi.answers import Answer
from bot.cometapi.protocol import read_fetch, read_list, read_submit
from bot.cometapi.rules import Asked
from bot.errors import CometUncertain
from tests.odd_bodies import MEMBERS, ODDITIES, STATUSES, OddBodies
from tests.unit.any_body import read

if TYPE_CHECKING:
    from collections.abc import Iterator

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(ODDITIES)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=4),
    max_leaves=8,
)
objects = st.dictionaries(st.sampled_from(MEMBERS), values, max_size=8)
bodies = (objects | st.lists(objects, max_size=3) | values).map(lambda value: json.dumps(value).encode()) | st.binary()


@settings(max_examples=300, deadline=None)
@given(status=st.sampled_from(STATUSES), body=bodies, asked=st.sampled_from(list(Asked)))
def test_whatever_json_comes_is_a_value_or_a_comet_error(status: int, body: bytes, asked: Asked) -> None:
    read(status, body, asked)


@pytest.mark.usefixtures("no_collection")
@pytest.mark.parametrize("seed", range(4))
def test_recorded_answers_twisted_five_thousand_times_are_values_or_comet_errors(seed: int) -> None:
    bodies = OddBodies(seed)
    for number in range(1250):
        answer = bodies.answer()
        read(answer.status, answer.body, list(Asked)[number % 3])


@pytest.fixture
def no_collection() -> Iterator[None]:
    """Keep the garbage collector quiet: hypothesis watches it from Python, which fails at the bottom of the stack."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collection")
@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"code":1,"result":"17","properties":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"code":' + b"9" * 5000 + b"}",
        b'{"code":1,"result":"' + b"9," * 100_000 + b'"}',
        b'{"id":"17","status":"SUCCESS","buttons":[' + b"{}," * 100_000 + b"{}]}",
        b'{"id":"17","videoUrls":"' + b"[" * 100_000 + b'","status":"SUCCESS"}',
        b'{"description":"' + b"A" * 1_000_000 + b'","code":4}',
        b"<" * 1_000_000,
        b"\xef\xbb\xbf",
        b"\xef\xbb\xbf\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        b"NaN",
        b'"\\ud800"',
    ],
    ids=lambda body: repr(body[:24]),
)
def test_bodies_made_to_hurt_are_values_or_comet_errors(body: bytes) -> None:
    for status in (200, 400, 500):
        for asked in Asked:
            read(status, body, asked)


def test_of_an_answer_that_never_ends_only_so_much_is_gone_through_as_anybody_could_mean() -> None:
    useless = [{"customId": None}] * 100_000
    button = {"customId": "MJ::JOB::reroll::0::u", "emoji": "🔄"}
    rows: list[object] = [{"id": "17", "status": "IN_PROGRESS", "progress": f"{n}%"} for n in range(50)]
    bodies = (
        {"id": "17", "status": "SUCCESS", "buttons": [button, *useless]},
        {"id": "17", "status": "SUCCESS", "buttons": [*useless, button]},
    )
    first, last = (read_fetch(whole_answer(body), "17") for body in bodies)
    assert first is not None
    assert last is not None
    assert (len(first.actions), len(last.actions)) == (1, 0)
    assert read_list(whole_answer([*rows, *useless]), ["17"])["17"].progress == 3
    assert len(read_submit(whole_answer({"code": 1, "result": list(range(1, 1000))}), Asked.NEW).other_task_ids) == 99
    joined = read_submit(whole_answer({"code": 1, "result": ",".join(map(str, range(1000, 2000)))}), Asked.NEW)
    assert joined.other_task_ids[-1] == "1099"
    with pytest.raises(CometUncertain, match="without a task id"):
        read_submit(whole_answer({"code": 1, "result": 10**4000}), Asked.NEW)


def whole_answer(body: object) -> Answer:
    return Answer(status=200, body=json.dumps(body).encode())
