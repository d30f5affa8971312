"""The sockets to the API: one request, one `Answer`, or proof that nothing was sent.

The only module that holds the key. It decides nothing but whether a failed request left our side (reliability B.2).
"""

from __future__ import annotations

import asyncio
import io
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, final

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from bot.cometapi.answers import Answer, request_id, retry_after
from bot.errors import CometUncertain, CometUnreachable
from bot.fault_points import Point, reach
from bot.metrics import Metrics
from bot.metrics.api import Answered

if TYPE_CHECKING:
    from bot.errors import CometError
    from bot.metrics.api import ApiMetrics

_log = logging.getLogger(__name__)

_CHUNK: Final = 64 * 1024
_SHORTEST_REDACTED: Final = 8
_CONNECT: Final = timedelta(seconds=10)
_REDIRECTS: Final = range(300, 400)
#: Raised by aiohttp before a byte of the request has left.
_NEVER_SENT: Final = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
    UnicodeError,  # a host name that no resolver takes
)
_FAILED: Final = (aiohttp.ClientError, HttpProcessingError, OSError, UnicodeError)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to send. `limit` is the most bytes its answer may have, decompressed."""

    method: str
    path: str
    body: bytes | None = None
    limit: int


@final
class Transport:
    """Two sessions to one address: kept-alive connections for looks, a fresh one for each submit.

    A kept-alive connection may die under a request in a way that leaves its fate unknown; a paid request does not take
    that risk. Opened on first use; close it.

    Raises
    ------
    ValueError
        The address is not http or https, or the key cannot stand in a header.
    """

    def __init__(
        self,
        *,
        base_url: str,
        key: str,
        submit_timeout: timedelta,
        look_timeout: timedelta,
        metrics: ApiMetrics | None = None,
    ) -> None:
        self._base = URL(base_url.rstrip("/"))
        if self._base.scheme not in {"http", "https"} or not self._base.host:
            msg = "the API address must start with http:// or https://"
            raise ValueError(msg)
        if not (key.isascii() and key.isprintable()):
            msg = "the API key holds characters that no key has"
            raise ValueError(msg)
        self._key = key
        self._timeouts = {True: submit_timeout, False: look_timeout}
        self._metrics = metrics or Metrics().api
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def submit(self, request: Request) -> Answer:
        """Send a paid request, once, over a connection of its own.

        Raises
        ------
        CometUnreachable
            Proved: nothing was sent.
        CometUncertain
            It was, or may have been, and no whole answer came back.
        """
        return await self._send(request, paid=True)

    async def look(self, request: Request) -> Answer:
        """Send a request that changes nothing.

        Raises
        ------
        CometUnreachable, CometUncertain
            No whole answer came back.
        """
        return await self._send(request, paid=False)

    async def close(self) -> None:
        """Close all connections."""
        for session in self._sessions.values():
            await session.close()

    async def _send(self, request: Request, *, paid: bool) -> Answer:
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            answer = await self._exchange(request, paid=paid)
        except _FAILED as failure:
            # An error that quotes the request would carry the key in its repr, so it is not kept as the cause.
            cause = None if isinstance(failure, aiohttp.ClientResponseError) else failure
            _log.debug("%s %s: %s", request.method, request.path, type(failure).__name__)
            judged = _judged(failure)
            how = Answered.UNREACHABLE if isinstance(judged, CometUnreachable) else Answered.UNCERTAIN
            self._metrics.answered(request.path, how, loop.time() - started, paid=paid)
            raise judged from cause
        except CometUncertain:  # the answer is larger than any may be
            self._metrics.answered(request.path, Answered.UNCERTAIN, loop.time() - started, paid=paid)
            raise
        seconds = loop.time() - started
        self._metrics.answered(request.path, Answered.of(answer.status), seconds, paid=paid)
        _log.debug(
            "%s %s: %d in %.0f ms, request id %s",
            request.method,
            request.path,
            answer.status,
            1000 * seconds,
            answer.request_id or "unknown",
        )
        return answer

    async def _exchange(self, request: Request, *, paid: bool) -> Answer:
        async with self._session(paid=paid).request(
            request.method,
            URL(f"{self._base}{request.path}", encoded=True),
            # As a file: a large body then goes out piece by piece, and not in one step that stops everything else.
            data=None if request.body is None else io.BytesIO(request.body),
            headers={
                "Authorization": f"Bearer {self._key}",
                "Content-Type": "application/json",
                "Accept": "application/json",
            },
            allow_redirects=False,
        ) as response:
            if paid:
                reach(Point.ANSWERING)
            body = b"" if response.status in _REDIRECTS else await _read(response, request.limit)
            return Answer(
                status=response.status,
                body=self._redacted(body),
                retry_after=retry_after(response.headers),
                request_id=request_id(response.headers),
            )

    def _session(self, *, paid: bool) -> aiohttp.ClientSession:
        if paid not in self._sessions:
            self._sessions[paid] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, force_close=paid),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(
                    total=self._timeouts[paid].total_seconds(),
                    connect=_CONNECT.total_seconds(),
                    sock_connect=_CONNECT.total_seconds(),
                ),
                trust_env=False,
            )
        return self._sessions[paid]

    def _redacted(self, body: bytes) -> bytes:
        """Take our key out of an answer that quotes it, so that no message, log or database row can hold it."""
        return body.replace(self._key.encode(), b"[key]") if len(self._key) >= _SHORTEST_REDACTED else body


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > limit:
            msg = f"the answer is larger than {limit} bytes"
            raise CometUncertain(msg)
    return bytes(body)


def _judged(failure: BaseException) -> CometError:
    name = type(failure).__name__
    if isinstance(failure, _NEVER_SENT):
        return CometUnreachable(f"no connection to the API ({name})")
    if isinstance(failure, TimeoutError):
        return CometUncertain("the API did not answer in time")
    return CometUncertain(f"the connection broke before the answer was there ({name})")
