"""Reads a body as the answer to everything, and checks what comes out: a value or a `CometError` (reliability D5).

For the tests and for `benchmarks/fuzz.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.cometapi.answers import Answer
from bot.cometapi.protocol import read_fetch, read_list, read_submit
from bot.errors import (
    CometActionRefused,
    CometAuth,
    CometBanned,
    CometBusy,
    CometError,
    CometInvalid,
    CometMisrouted,
    CometNotReady,
    CometQueueFull,
    CometQuota,
    CometRefused,
    CometTaskMissing,
    CometUncertain,
)
from bot.model import Accepted, Phase

if TYPE_CHECKING:
    from bot.cometapi.rules import Asked
    from bot.model import Task

#: The rows of reliability B.2: an answer to a submit is in exactly one of them.
ROWS: Final[dict[type[Accepted | CometError], str]] = {
    Accepted: "sent",
    CometBusy: "refused, worth another try",
    CometQueueFull: "refused, worth another try",
    CometNotReady: "refused, worth another try",
    CometBanned: "refused for good",
    CometInvalid: "refused for good",
    CometTaskMissing: "refused for good",
    CometActionRefused: "refused for good",
    CometAuth: "refused, and the owner must act",
    CometQuota: "refused, and the owner must act",
    CometMisrouted: "refused, and the owner must act",
    CometUncertain: "unknown",
}


def read(status: int, body: bytes, asked: Asked) -> None:
    """Read a body as the answer to everything, and check what comes out."""
    read_answer(Answer(status=status, body=body), asked)


def read_answer(answer: Answer, asked: Asked) -> None:
    """Read an answer as one to everything, and check what comes out."""
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
    row = ROWS[type(outcome)]
    if isinstance(outcome, Accepted):
        assert 200 <= answer.status < 300
        assert all(0 < len(task_id) <= 200 for task_id in (outcome.task_id, *outcome.other_task_ids))
        return
    assert (row == "unknown") is (outcome.sent != "no")
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
