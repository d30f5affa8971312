"""Everything the API says apart from task objects: accepted, refused, broken (contract 3).

Each refusal knows both profiles' words. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, final

from sandbox.comet import phrases

INSTANCE: Final = "5e6ca8e1f40e4de6"
"""The one Midjourney account of the sandbox, no Discord snowflake (contract 0)."""

_REQUEST_ID: Final = "20261122000000000000000sandbox"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back: a JSON value, or a raw body with its own content type."""

    payload: object = None
    status: int = 200
    raw: bytes | None = None
    content_type: str = ""
    headers: dict[str, str] = field(default_factory=dict[str, str])


@final
class Refused(Exception):
    """A submit was not accepted; `answer` says so to the client."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.payload)
        self.answer = answer


def envelope(status: int, message: str, code: str = "", headers: dict[str, str] | None = None) -> Answer:
    """Return CometAPI's own error form (contract 3.4)."""
    error = {"message": f"{message} (request id: {_REQUEST_ID})", "type": "comet_api_error", "param": "", "code": code}
    return Answer({"error": error}, status, headers=headers or {})


def gateway_error(words: str) -> Answer:
    """Return the gateway's error form for Midjourney routes; the blank after the words is real (contract 3.4)."""
    return Answer({"description": f"{words} ", "type": "upstream_error", "code": 4}, 400)


def proxy_code(code: int, text: str, status: int = 200) -> Answer:
    """Return a refusal of the proxy, which the gateway passes through (contract 3.1)."""
    return Answer({"code": code, "description": text, "result": None, "properties": {}}, status)


def text(status: int, words: str) -> Answer:
    """Return plain text."""
    return Answer(status=status, raw=words.encode(), content_type="text/plain")


def page(status: int, title: str) -> Answer:
    """Return a web page where JSON was expected."""
    html = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Answer(status=status, raw=html.encode(), content_type="text/html")


def _both(code: int, words: str) -> tuple[Answer, Answer]:
    """Return a refusal of the proxy that the gateway passes through."""
    answer = proxy_code(code, words)
    return answer, answer


_REFUSALS: Final[dict[str, tuple[Answer, Answer]]] = {
    "bad json": (gateway_error("bind_request_body_failed"), text(400, "")),
    "no prompt": (gateway_error("prompt_is_required"), proxy_code(4, phrases.NO_PROMPT)),
    "no task id": (gateway_error("task_id_is_required"), proxy_code(4, phrases.NO_TASK_ID)),
    "no custom id": (gateway_error("custom_id_is_required"), proxy_code(4, phrases.NO_CUSTOM_ID)),
    "unknown task": (gateway_error("task_not_found"), proxy_code(3, phrases.NOT_FOUND, 404)),
    "unfinished task": (gateway_error("task_status_not_success"), proxy_code(4, phrases.WRONG_STATE)),
    "wrong state": _both(4, phrases.WRONG_STATE),
    "foreign button": _both(4, phrases.BAD_ACTION),
    "bad parameter": _both(4, phrases.BAD_PARAMETER),
    "bad base64": _both(4, phrases.BAD_BASE64),
    "picture count": _both(4, phrases.PICTURE_COUNT),
    "no modal prompt": _both(4, phrases.NO_PROMPT),
    "long state": _both(4, phrases.LONG_STATE),
    "long hook": _both(4, phrases.LONG_HOOK),
    "no money": (gateway_error("quota_not_enough"), proxy_code(9, phrases.SYSTEM_ERROR)),
}


def refusal(name: str, *, gateway: bool) -> Refused:
    """Return a refusal of the table in the words of a profile.

    Raises
    ------
    KeyError
        When the table has no such refusal.
    """
    return Refused(_REFUSALS[name][0 if gateway else 1])


def unknown_action(custom_id: str, *, gateway: bool) -> Refused:
    """Return the refusal of a customId that nobody knows (contract 3.4)."""
    answer = gateway_error(f"unknown_action:{custom_id}") if gateway else proxy_code(4, phrases.UNKNOWN_ACTION)
    return Refused(answer)
