"""Any bytes at all, read as an answer: a value or a `CometError`, never anything else (reliability D5)."""

from __future__ import annotations

import gc
import json
import random
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cometapi.answers import Answer
from bot.cometapi.protocol import read_fetch, read_list, read_submit
from bot.cometapi.rules import Asked
from bot.errors import CometError, CometRefused
from bot.model import Accepted, Phase
from tests.unit.comet_samples import NAMES, sample

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.model import Task

RECORDED: Final = [sample(name)[1].body for name in NAMES]
OBJECTS: Final = [json.loads(body) for body in RECORDED if body[:1] == b"{"]
MEMBERS: Final = sorted({member for fields in OBJECTS for member in fields} | {"error", "message", "seed"})
STATUSES: Final = [200, 200, 200, 200, 201, 204, 301, 400, 401, 403, 404, 405, 413, 429, 500, 503, 524, 599]
ODDITIES: Final[list[object]] = [
    None, True, False, 0, 1, 3, 4, 9, 21, 22, 24, 30, -1, 2**53 + 1, 10**400, 1.5, float("nan"), float("inf"), 1e300,
    "", "17", "SUCCESS", "MODAL", "100%", "队列已满", "task_no_found", "\ud800", "\x00", "9" * 300, [], {}, [[]],
    ["17", 18], [{"url": "https://x/a.png"}], {"message": "no", "code": None},
    [{"customId": "MJ::BOOKMARK", "emoji": ["x"]}],
]  # fmt: skip

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(ODDITIES)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=4),
    max_leaves=8,
)
objects = st.dictionaries(st.sampled_from(MEMBERS), values, max_size=8)
bodies = (objects | st.lists(objects, max_size=3) | values).map(lambda value: json.dumps(value).encode()) | st.binary()


def read(status: int, body: bytes, asked: Asked) -> None:
    """Read a body as the answer to everything, and check what comes out."""
    answer = Answer(status=status, body=body)
    check_submit(answer, asked)
    try:
        task = read_fetch(answer, "17")
        assert task is None or is_sound(task)
        tasks = read_list(answer, ["17", "18"])
    except CometError:
        return
    assert tasks.keys() <= {"17", "18"}
    assert all(is_sound(task) and task.task_id == task_id for task_id, task in tasks.items())


def check_submit(answer: Answer, asked: Asked) -> None:
    outcome: Accepted | CometError
    try:
        outcome = read_submit(answer, asked)
    except CometError as failure:
        outcome = failure
    if isinstance(outcome, Accepted):
        assert 200 <= answer.status < 300
        assert all(0 < len(task_id) <= 200 for task_id in (outcome.task_id, *outcome.other_task_ids))
        return
    assert 0 < len(outcome.detail.encode("utf-8")) <= 1400
    assert answer.status < 500 or not isinstance(outcome, CometRefused) or b"invalid_request" in answer.body


def is_sound(task: Task) -> bool:
    """Tell whether the rest of Easel can live with this task."""
    texts = [task.prompt, task.final_prompt, task.text, task.fail_reason, task.echo, *task.video_urls]
    texts += [found for found in (task.picture_url, task.preview_url) if found is not None]
    "".join(texts).encode("utf-8")
    seed = not task.seed or (task.seed.isdecimal() and len(task.seed) <= 20)
    percent = task.progress is None or 0 <= task.progress <= 100
    final = task.phase is Phase.SUCCEEDED or (task.picture_url is None and not task.video_urls)
    return seed and percent and final and all("\x00" not in text for text in texts)


@settings(max_examples=300, deadline=None)
@given(status=st.sampled_from(STATUSES), body=bodies, asked=st.sampled_from(list(Asked)))
def test_whatever_json_comes_is_a_value_or_a_comet_error(status: int, body: bytes, asked: Asked) -> None:
    read(status, body, asked)


@settings(max_examples=250, deadline=None)
@given(seed=st.integers(0, 2**64))
def test_recorded_answers_twisted_five_thousand_times_are_values_or_comet_errors(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - nothing is guarded by it
    for _ in range(20):
        read(chance.choice(STATUSES), twisted(chance), chance.choice(list(Asked)))


def twisted(chance: random.Random) -> bytes:
    """Take a recorded answer, and cut it, stuff it with noise, or put odd values where others stood."""
    way = chance.randrange(4)
    if way == 0:
        body = chance.choice(RECORDED)
        return body[: chance.randrange(len(body) + 1)] + chance.randbytes(chance.randrange(4))
    if way == 1:
        body = bytearray(chance.choice(RECORDED) or b"{}")
        body[chance.randrange(len(body))] = chance.randrange(256)
        return bytes(body)
    fields = dict(chance.choice(OBJECTS))
    for _ in range(chance.randrange(1, 5)):
        fields[chance.choice(MEMBERS)] = chance.choice(ODDITIES)
    return json.dumps([fields, fields] if way == 2 else fields).encode()


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
