"""Answers to values: a submit's answer to `Accepted`, a look's answer to `Task`, or the error that it is.

What is not a success goes to `refusals`. Pure; knows no sockets.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.cometapi.jsontext import decode, digits, items, looks_like_page, mapping, text, whole
from bot.cometapi.refusals import classify
from bot.cometapi.rules import ACCEPTED_CODES, Asked
from bot.cometapi.tasks import read_task, read_tasks
from bot.errors import CometTaskMissing, CometUncertain
from bot.model import Accepted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.cometapi.answers import Answer
    from bot.cometapi.jsontext import Json
    from bot.model import Task

_WINDOW: Final = 21
_OK: Final = range(200, 300)
_TASK_ID: Final = re.compile(r"[\x21-\x2b\x2d-\x7e]{1,200}")
#: "Imagine all" names four; what is more than this is not gone through, so that it holds nothing up (reliability D5).
_MOST_IDS: Final = 100
_MOST_IN_QUEUE: Final = 1_000_000


def read_submit(answer: Answer, asked: Asked, known_id: str = "") -> Accepted:
    """Decide what the answer to a submit means.

    Parameters
    ----------
    known_id
        For a modal answer: the id of its task, which is taken where an accepting answer repeats none.

    Raises
    ------
    CometError
        By reliability B.2: `CometRefused` and its kinds where it is proved that nothing was accepted, `CometUncertain`
        for everything else.
    """
    if answer.status not in _OK:
        raise classify(answer, asked)
    fields = mapping(_payload(answer))
    code = whole(fields.get("code"))
    if fields.get("error") or code not in ACCEPTED_CODES:
        raise classify(answer, asked)
    task_ids = _task_ids(fields.get("result")) or ((known_id,) if known_id else ())
    if not task_ids:
        msg = "accepted, but without a task id"
        raise CometUncertain(msg)
    properties = mapping(fields.get("properties"))
    return Accepted(
        task_id=task_ids[0],
        other_task_ids=task_ids[1:],
        needs_input=_needs_input(code, properties),
        queue_ahead=_queue_ahead(properties),
        final_prompt=text(properties.get("finalPrompt")),
    )


def read_fetch(answer: Answer, task_id: str) -> Task | None:
    """Return the task; None where the API does not know it, in any of the ways it says so (contract 8).

    Raises
    ------
    CometError
        The answer is neither.
    """
    blank = answer.status in _OK and answer.body.strip() in {b"", b"null", b"{}", b'""'}
    if blank:
        return None
    payload = _payload(answer) if answer.status in _OK else None
    fields = mapping(payload)
    if fields and not fields.get("error") and fields.keys() & {"id", "status"}:
        return read_task(payload, task_id)
    error = classify(answer, Asked.LOOK)
    if isinstance(error, CometTaskMissing):
        return None
    raise error


def read_list(answer: Answer, task_ids: Collection[str]) -> dict[str, Task]:
    """Return the tasks that were asked for and are there.

    Raises
    ------
    CometError
        The answer is no list.
    """
    if answer.status not in _OK:
        raise classify(answer, Asked.LOOK)
    payload = _payload(answer)
    if isinstance(payload, dict) and (payload.get("error") or "code" in payload):
        raise classify(answer, Asked.LOOK)
    return read_tasks(payload, task_ids)


def _payload(answer: Answer) -> Json:
    if looks_like_page(answer.body):
        msg = "the API answered with a web page"
        raise CometUncertain(msg)
    return decode(answer.body)


def _task_ids(result: object) -> tuple[str, ...]:
    """Read `result` in any shape: text, a number, a list, or ids joined by commas (contract 12.1)."""
    found = (
        result.split(",", _MOST_IDS)[:_MOST_IDS]
        if isinstance(result, str)
        else [_one_id(entry) for entry in items(result)[:_MOST_IDS] or [result]]
    )
    ids = dict.fromkeys(task_id.strip() for task_id in found)
    return tuple(task_id for task_id in ids if _TASK_ID.fullmatch(task_id))


def _one_id(value: object) -> str:
    if isinstance(value, str):
        return value
    number = whole(value)
    return digits(number) if number and number > 0 else ""


def _needs_input(code: int | None, properties: Mapping[str, object]) -> bool:
    """Apply contract 12.2: an action that was done before answers 21 too, with its status."""
    if text(properties.get("status")).strip().upper() == "SUCCESS":
        return False
    return code == _WINDOW or properties.get("remix") is True


def _queue_ahead(properties: Mapping[str, object]) -> int | None:
    ahead = whole(properties.get("numberOfQueues"))
    return None if ahead is None or ahead < 0 else min(ahead, _MOST_IN_QUEUE)
