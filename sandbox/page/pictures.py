"""Discord's media proxy in small: fetches pictures of the sandbox's own API server, and of no other.

An embed names its picture by an address. Discord's clients get it by way of a proxy; so does the page, which asks
nobody but its own server. Knows nothing of messages.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, Self, final

import aiohttp
import yarl
from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Callable

_KINDS: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_MOST_BYTES: Final = 25 * 1024 * 1024
_SECONDS: Final = 10.0
_AT_ONCE: Final = 8
_OK: Final = 200


@final
class PictureProxy:
    """Fetches what lies behind `/media/…`.

    Parameters
    ----------
    origin
        Tells where the API's server listens, without a slash at the end.
    """

    def __init__(self, origin: Callable[[], str], most_bytes: int = _MOST_BYTES, seconds: float = _SECONDS) -> None:
        self._origin = origin
        self._most_bytes = most_bytes
        self._seconds = seconds
        self._session: aiohttp.ClientSession | None = None
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def __aenter__(self) -> Self:
        """Get ready to fetch."""
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def serve(self, request: web.Request) -> web.Response:
        """Answer with a picture, or with what kept it from being shown."""
        path = request.rel_url.raw_path.removeprefix("/media")
        query = request.rel_url.raw_query_string
        url = yarl.URL(f"{self._origin()}{path}{'?' if query else ''}{query}", encoded=True)
        try:
            async with asyncio.timeout(self._seconds), self._gate:
                return await self._fetch(url)
        except TimeoutError:
            return web.Response(status=504, text="The picture took too long.")
        except aiohttp.ClientError:
            return web.Response(status=502, text="The picture did not come.")

    async def _fetch(self, url: yarl.URL) -> web.Response:
        if self._session is None:
            raise RuntimeError("not started")
        async with self._session.get(url, allow_redirects=False) as answer:
            if answer.status != _OK:
                return web.Response(status=404, text="There is no such picture.")
            kind = answer.content_type
            if kind not in _KINDS:
                return web.Response(status=415, text="This is no picture.")
            body = bytearray()
            async for chunk in answer.content.iter_chunked(1 << 16):
                body += chunk
                if len(body) > self._most_bytes:
                    return web.Response(status=502, text="The picture is too large.")
        return web.Response(body=bytes(body), content_type=kind, headers={"Cache-Control": "private, max-age=60"})
