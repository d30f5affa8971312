"""`HookReceiver`: takes the API's callbacks (`notifyHook`) and writes them into the spool before it answers.

They come unsigned and once (contract 5). What makes one worth anything is an address that only the API was told, and
the mark of a job of ours in it; and even then it is a hint to look, never news: no status, no link, nothing else of a
body is read (reliability C14). Served by the bot itself, or by `python -m bot receive`, which outlives the bot.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import logging
import re
from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, cast, final

from aiohttp import hdrs, web

from bot.jobs.adopting.spool import Hint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bot.jobs.adopting.echoes import Echoes
    from bot.jobs.adopting.spool import Spool

_log = logging.getLogger(__name__)

_MOST_BYTES: Final = 256 * 1024
_DEEPEST: Final = 20
_READ_SECONDS: Final = 5.0
#: Names of hints that are in the spool, or have been: what comes again costs nothing.
_REMEMBERED: Final = 20_000

#: No back end's task id looks otherwise (contract 0); what is no such id is not even looked for.
_TASK_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
#: Tells hints about a task apart: one before its end must not stand in for the one after.
_WORDS: Final = frozenset({"NOT_START", "SUBMITTED", "MODAL", "IN_PROGRESS", "FAILURE", "SUCCESS", "CANCEL"})
_PLACE: Final = "token"


@final
class Fate(StrEnum):
    """What became of a callback."""

    KEPT = "kept"
    REPEATED = "repeated"
    DROPPED = "dropped"
    UNMARKED = "unmarked"
    UNREADABLE = "unreadable"
    REFUSED = "refused"


_ANSWERS: Final[Mapping[Fate, HTTPStatus]] = {
    Fate.KEPT: HTTPStatus.OK,
    Fate.REPEATED: HTTPStatus.OK,
    # An API that tries again may succeed when there is room again; ours does not (contract 5).
    Fate.DROPPED: HTTPStatus.SERVICE_UNAVAILABLE,
    Fate.UNMARKED: HTTPStatus.OK,
    Fate.UNREADABLE: HTTPStatus.NOT_FOUND,
    Fate.REFUSED: HTTPStatus.NOT_FOUND,
}


def hook_path(key: bytes) -> str:
    """Return the path that callbacks come to. Secret, and in no log: whoever knows it can send hints.

    Parameters
    ----------
    key
        32 random bytes.
    """
    return f"/hook/{_token(key)}"


def _token(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode("ascii").rstrip("=")


@final
class HookReceiver:
    """Answers what comes to the secret path, and nothing else.

    Parameters
    ----------
    key
        Of `hook_path`.
    count
        Told what became of each callback.
    """

    def __init__(self, spool: Spool, echoes: Echoes, key: bytes, count: Callable[[Fate], None] | None = None) -> None:
        self._spool = spool
        self._count = count or _nobody
        self._echoes = echoes
        self._token = _token(key).encode()
        self._waiting: dict[str, Hint] = {}
        self._kept: dict[str, None] = {}
        self._writing = asyncio.Lock()
        self._is_full = False

    def routes(self) -> Iterable[web.RouteDef]:
        """Return what this answers."""
        return [web.route(hdrs.METH_ANY, f"/hook/{{{_PLACE}}}", self._take)]

    async def _take(self, request: web.Request) -> web.Response:
        """Answer 200 to everything that looks like a callback, so that nobody learns whether it was one of ours."""
        fate = await self._judge(request)
        self._count(fate)
        return web.Response(status=_ANSWERS[fate])

    async def _judge(self, request: web.Request) -> Fate:
        token = request.match_info[_PLACE].encode("utf-8", "replace")
        if not hmac.compare_digest(token, self._token) or request.method != hdrs.METH_POST:
            return Fate.REFUSED
        body = await _body(request)
        hint = None if body is None else read_hint(body)
        if hint is None:
            return Fate.UNREADABLE
        if self._echoes.job_of(hint.echo) is None or not hint.task_id:
            _log.debug("A callback without a mark of ours")
            return Fate.UNMARKED
        if hint.name in self._kept:
            return Fate.REPEATED
        return Fate.KEPT if await self._keep(hint) else Fate.DROPPED

    async def _keep(self, hint: Hint) -> bool:
        """Have a hint written down, together with whatever else has come meanwhile; tell whether it is safe."""
        self._waiting[hint.name] = hint
        async with self._writing:
            if hint.name in self._waiting:
                batch, self._waiting = self._waiting, {}
                self._remember(await self._write(list(batch.values())))
        return hint.name in self._kept

    async def _write(self, hints: list[Hint]) -> frozenset[str]:
        try:
            kept = await asyncio.to_thread(self._spool.put, hints)
        except OSError as error:
            _log.error("Callbacks cannot be written down: %s", error.strerror or error)
            return frozenset()
        if (len(kept) < len(hints)) is not self._is_full:
            self._is_full = not self._is_full
            _log.warning("The spool is full; callbacks are dropped" if self._is_full else "The spool has room again")
        return kept

    def _remember(self, names: Iterable[str]) -> None:
        self._kept.update(dict.fromkeys(names))
        while len(self._kept) > _REMEMBERED:
            del self._kept[next(iter(self._kept))]


def _nobody(_: Fate) -> None:
    """Stand in for those who do not count."""


async def _body(request: web.Request) -> bytes | None:
    """Return what was sent, or None if it is too much, takes too long, or is packed."""
    if hdrs.CONTENT_ENCODING in request.headers or (request.content_length or 0) > _MOST_BYTES:
        return None
    body = bytearray()
    try:
        async with asyncio.timeout(_READ_SECONDS):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > _MOST_BYTES:
                    return None
    except (TimeoutError, ConnectionError, web.RequestPayloadError):
        return None
    return bytes(body)


def read_hint(body: bytes) -> Hint | None:
    """Return which task a callback is about and what mark it claims; None if it does not look like a callback.

    The task id is empty where none can be one.
    """
    try:
        content: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    fields = cast("dict[str, object]", content) if isinstance(content, dict) else {}
    if _is_deep(fields):
        return None
    task_id, echo, status = fields.get("id"), fields.get("state"), fields.get("status")
    if isinstance(task_id, bool) or not isinstance(task_id, (str, int)) or not isinstance(echo, str):
        return None
    word = status.upper() if isinstance(status, str) else ""
    return Hint(
        task_id=str(task_id) if _TASK_ID.fullmatch(str(task_id)) else "",
        echo=echo,
        word=word if word in _WORDS else "",
    )


def _is_deep(value: object) -> bool:
    """Whether objects and lists are nested more deeply than in any task."""
    layer = [value]
    for _ in range(_DEEPEST):
        layer = [inner for outer in layer for inner in _inside(outer)]
    return bool(layer)


def _inside(value: object) -> list[object]:
    """Return the objects and lists in an object or a list."""
    is_object = isinstance(value, dict)
    inner = cast("dict[str, object]", value).values() if is_object else cast("list[object]", value)
    return [each for each in inner if isinstance(each, (dict, list))]
