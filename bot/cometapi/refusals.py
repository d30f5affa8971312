"""An answer that is not a success into the error that it is, by the table in `rules`.

Where no rule fits, the outcome is `CometUncertain`. Pure; imports only the error tree.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.cometapi.jsontext import decode, looks_like_page, mapping, plain, text, whole
from bot.cometapi.rules import RULES, Complaint, Means
from bot.errors import (
    CometActionRefused,
    CometAuth,
    CometBanned,
    CometBusy,
    CometInvalid,
    CometMisrouted,
    CometNotReady,
    CometQueueFull,
    CometQuota,
    CometTaskMissing,
    CometUncertain,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.cometapi.answers import Answer
    from bot.cometapi.jsontext import Json
    from bot.cometapi.rules import Asked
    from bot.errors import CometError

#: Reasons of failed tasks that come in Chinese (contract 4.3), besides what `RULES` translates.
_REASONS: Final = (
    ("可能包含敏感词", "the prompt may contain sensitive words"),
    ("上游任务超时", "the task took more than an hour and was given up"),
    ("执行超时", "the task took too long"),
    ("任务超时", "the task took too long"),
    ("未找到消息", "Midjourney's answer was lost"),
    ("任务失败", "the task failed; try again"),
    ("取消任务", "the task was canceled at the API"),
    ("实例不可用", "the Midjourney account is not available"),
    ("未知错误", "unknown error"),
    ("服务异常", "the API had an inner error"),
)

_REQUEST_ID: Final = re.compile(r"request[ _]id:?\s*([0-9A-Za-z_-]{6,80})", re.IGNORECASE)


def classify(answer: Answer, asked: Asked) -> CometError:
    """Return the error that this unsuccessful answer is. Never raises."""
    complaint = _take_apart(answer)
    rule = next((rule for rule in RULES if rule.fits(complaint, asked)), None)
    means = Means.UNCERTAIN if rule is None else rule.means
    words = plain(complaint.words)
    return _error(means, (rule.detail if rule else "") or words or f"HTTP {answer.status}", complaint)


def in_english(reason: str) -> str:
    """Make the reason of a failed task short, safe and, where its Chinese is known, English."""
    known = next((english for fragment, english in _REASONS if fragment in reason), None)
    return known or plain(reason)


def _error(means: Means, detail: str, complaint: Complaint) -> CometError:
    request_id = complaint.request_id
    if means is Means.BUSY:
        return CometBusy(detail, request_id=request_id, retry_after=complaint.wait)
    if means is Means.BANNED:
        return CometBanned(detail, request_id=request_id, word=complaint.banned_word)
    if means is Means.UNCERTAIN:
        named = request_id and request_id not in detail
        return CometUncertain(f"{detail} (request id {request_id})" if named else detail)
    return _PLAIN_ERRORS[means](detail, request_id=request_id)


_PLAIN_ERRORS: Final = {
    Means.AUTH: CometAuth,
    Means.QUOTA: CometQuota,
    Means.MISROUTED: CometMisrouted,
    Means.QUEUE_FULL: CometQueueFull,
    Means.NOT_READY: CometNotReady,
    Means.INVALID: CometInvalid,
    Means.MISSING: CometTaskMissing,
    Means.ACTION_REFUSED: CometActionRefused,
}


def _take_apart(answer: Answer) -> Complaint:
    if looks_like_page(answer.body):
        return Complaint(status=answer.status, is_page=True, request_id=answer.request_id, wait=answer.retry_after)
    try:
        payload: Json = decode(answer.body)
    except CometUncertain:
        payload = answer.body[:2000].decode("utf-8", "replace")
    fields = mapping(payload)
    error = fields.get("error")
    envelope = mapping(error)
    words = _words(payload, fields, envelope)
    found = _REQUEST_ID.search(words)
    return Complaint(
        status=answer.status,
        code=whole(fields.get("code")),
        error_code=text(envelope.get("code"), 100).casefold(),
        enveloped=bool(error),
        is_object=bool(fields),
        words=words,
        request_id=found[1] if found else answer.request_id,
        banned_word=plain(text(mapping(fields.get("properties")).get("bannedWord")), 100),
        wait=answer.retry_after,
    )


def _words(payload: Json, fields: Mapping[str, object], envelope: Mapping[str, object]) -> str:
    """Find the message: in the envelope, else in `description`, else the text itself (contract 3.4)."""
    candidates = (envelope.get("message"), fields.get("error"), fields.get("description"), fields.get("message"))
    for candidate in (*candidates, payload):
        if found := text(candidate, 4000).strip():
            return found
    return ""
