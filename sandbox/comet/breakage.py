"""The faults of single answers: what is sent, or not sent, in place of the honest answer.

Knows HTTP, not tasks.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from typing import TYPE_CHECKING, Final, cast, final

from aiohttp import web

from sandbox.comet import phrases
from sandbox.comet.answers import Answer, envelope, gateway_error, page, proxy_code, text
from sandbox.comet.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.comet.switches import Trigger

_RESET: Final = struct.pack("ii", 1, 0)
"""SO_LINGER with 0 s: closing sends RST."""

_AUTH_ONLY_WORDS: Final = "Authorization header missing."


def response(answer: Answer, *, submit_of_gateway: bool = False) -> web.Response:
    """Return an answer as HTTP; submits of the gateway are labeled text/plain (contract 1)."""
    if answer.raw is not None:
        return web.Response(
            status=answer.status,
            body=answer.raw,
            content_type=answer.content_type,
            charset="utf-8",
            headers=answer.headers,
        )
    body = json.dumps(answer.payload, ensure_ascii=False, separators=(",", ":")).encode()
    label = "text/plain" if submit_of_gateway and answer.status == web.HTTPOk.status_code else "application/json"
    return web.Response(status=answer.status, body=body, content_type=label, charset="utf-8", headers=answer.headers)


def unauthorized(*, gateway: bool) -> Answer:
    """Return what a missing or wrong key gets."""
    return envelope(401, "invalid token") if gateway else text(401, _AUTH_ONLY_WORDS)


def too_many(seconds: float | None) -> Answer:
    """Return 429, with Retry-After if seconds are given."""
    headers = {} if seconds is None else {"Retry-After": f"{seconds:g}" if seconds >= 1 or not seconds else "1"}
    return envelope(429, "too many requests", "rate_limit_exceeded", headers)


def _banned(trigger: Trigger, prompt: str) -> Answer:
    words = prompt.split()
    word = trigger.word or ("nude" if "nude" in words or not words else words[-1])
    properties = {"promptEn": prompt, "bannedWord": word}
    return Answer({"code": 24, "description": phrases.BANNED, "properties": properties})


def refusal_for(trigger: Trigger, prompt: str, *, gateway: bool) -> Answer | None:
    """Return the answer of a fault that strikes before anything is done; None when there is no answer at all."""
    if trigger.fault is Fault.BANNED:
        return _banned(trigger, prompt)
    answers: Mapping[Fault, Answer] = {
        Fault.QUEUE_FULL: proxy_code(9, phrases.QUEUE_FULL),
        Fault.QUEUE_REJECTED: Answer(
            {
                "code": 23,
                "description": phrases.QUEUE_REJECTED,
                "result": "14001929738841620",
                "properties": {"discordInstanceId": "1118138338562560102"},
            },
        ),
        Fault.CODE_3: proxy_code(3, phrases.NOT_FOUND),
        Fault.CODE_4: proxy_code(4, phrases.WRONG_STATE),
        Fault.UNAUTHORIZED: unauthorized(gateway=gateway),
        Fault.QUOTA: gateway_error("quota_not_enough"),
        Fault.RATE_LIMITED: too_many(trigger.seconds),
        Fault.RATE_LIMITED_BARE: too_many(None),
        Fault.SERVER_ERROR: envelope(500, "internal server error"),
        Fault.INVALID_REQUEST: envelope(500, "invalid request", "invalid_request"),
        Fault.UNAVAILABLE: envelope(503, "no available channel"),
        Fault.ACCOUNT_DISABLED: gateway_error(phrases.ACCOUNT_DISABLED),
        Fault.HTML_200: page(200, "CometAPI"),
        Fault.REDIRECT: Answer(
            status=301, raw=b"", content_type="text/html", headers={"Location": "/v1/mj/submit/imagine"}
        ),
        Fault.UNKNOWN_CODE: Answer({"code": 77, "description": "unheard of", "result": None, "properties": {}}),
    }
    return answers.get(trigger.fault)


@final
class Breakage:
    """Break answers; `close` lets those go that hang."""

    def __init__(self) -> None:
        self._closing = asyncio.Event()

    def close(self) -> None:
        """End all waiting answers."""
        self._closing.set()

    async def wait(self, seconds: float) -> None:
        """Wait, but no longer than the sandbox lives."""
        if seconds <= 0:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            return

    def reset(self, request: web.Request) -> web.Response:
        """Reset the request's connection."""
        if request.transport is not None:
            reset(request.transport)
        return web.Response(status=500)

    async def spoiled(self, trigger: Trigger, request: web.Request, honest: web.Response) -> web.StreamResponse:
        """Return what is sent in place of an honest answer after everything was done."""
        match trigger.fault:
            case Fault.RESET_AFTER:
                return self.reset(request)
            case Fault.HANG:
                await self._hang(trigger.seconds, request)
                return self.reset(request)
            case Fault.SLOW:
                await self.wait(trigger.seconds)
                return honest
            case Fault.HALF_BODY:
                return await self.cut(request, honest, len(_bytes(honest)) // 2)
            case _:
                return _other(trigger.fault, honest)

    async def _hang(self, seconds: float, request: web.Request) -> None:
        """Wait until the time is over, the client has left or the sandbox closes."""
        waited, step = 0.0, 0.02
        while waited < seconds and not self._closing.is_set():
            if request.transport is None or request.transport.is_closing():
                return
            await self.wait(step)
            waited += step

    async def cut(self, request: web.Request, honest: web.Response, length: int) -> web.StreamResponse:
        """Send `length` bytes of an answer that claims to be longer, then drop the connection."""
        body = _bytes(honest)
        stream = web.StreamResponse(status=honest.status, headers={"Content-Type": honest.headers["Content-Type"]})
        stream.content_length = len(body)
        await stream.prepare(request)
        await stream.write(body[:length])
        if request.transport is not None:
            request.transport.close()
        return stream


def reset(transport: asyncio.BaseTransport) -> None:
    """Close a connection in such a way that the other side sees a reset."""
    sock = cast("socket.socket | None", transport.get_extra_info("socket"))
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    cast("asyncio.Transport", transport).abort()


def _bytes(honest: web.Response) -> bytes:
    return honest.body if isinstance(honest.body, bytes) else b""


def _other(fault: Fault, honest: web.Response) -> web.Response:
    """Return an answer whose form is wrong."""
    fixed = {
        Fault.TIMEOUT_524: page(524, "524: A timeout occurred"),
        Fault.NULL_BODY: Answer(None),
        Fault.EMPTY_BODY: Answer(status=204, raw=b"", content_type="application/json"),
        Fault.INVALID_JSON: Answer(raw=b'{"code":1,"description":', content_type="application/json"),
    }
    if fault in fixed:
        return response(fixed[fault])
    value: object = json.loads(_bytes(honest))
    if not isinstance(value, dict):
        return honest
    payload = cast("dict[str, object]", value)
    result = str(payload.get("result"))
    if fault is Fault.WRONG_TYPES:
        return response(Answer({"code": [payload.get("code")], "description": 1, "result": {"id": result}}))
    results: dict[Fault, object] = {
        Fault.NO_RESULT: None,
        Fault.INTEGER_RESULT: int(result) if result.isdigit() else result,
        Fault.LIST_RESULT: [result],
        Fault.COMMA_RESULT: f"{result},{result[:-1]}0",
    }
    payload["result"] = results.get(fault, payload.get("result"))
    return response(Answer(payload))
