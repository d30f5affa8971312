"""Fetching pictures and videos into files: streamed, bounded, checked, and never from inside our own network.

The file is complete and of a known type, or it is not there at all (reliability C5, C6, B.4 13). The API's key never
comes near this module.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, final

import aiohttp
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from bot.cometapi.addresses import AddressRefused, PublicResolver
from bot.cometapi.answers import retry_after
from bot.cometapi.newfile import NewFile
from bot.cometapi.pictures import HEAD, is_prose, is_whole, sniff
from bot.cometapi.retrying import retrying
from bot.errors import MediaRefused, MediaUnavailable
from bot.language import say
from bot.model import Media

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from aiohttp.abc import AbstractResolver

    from bot.cometapi.addresses import MediaRule
    from bot.language import Phrase

_CHUNK: Final = 64 * 1024
_TRIES: Final = 3
_LONGEST_PAUSE: Final = timedelta(seconds=10)
_HOPS: Final = 3
_OK: Final = 200
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_GONE: Final = frozenset({404, 410})
_ENCODED: Final = re.compile(r"[!#-;=?-\[\]_a-z~]+")
#: Some picture hosts refuse anything that does not look like a browser (contract 4.4).
_HEADERS: Final = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0 Safari/537.36",
    "Accept": "image/png,image/webp,image/jpeg,image/gif,video/mp4,*/*;q=0.5",
    "Accept-Encoding": "identity",
}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one download may take.

    Attributes
    ----------
    size
        In bytes, counted as they come.
    total
        For everything, all tries and redirects included.
    stall
        Without a single byte.
    grace
        After which the average speed, in bytes per second, must be at least `speed`.
    """

    size: int = 64 * 1024 * 1024
    total: timedelta = timedelta(seconds=60)
    stall: timedelta = timedelta(seconds=15)
    grace: timedelta = timedelta(seconds=10)
    speed: int = 10 * 1024


@final
class _FailedTry(Exception):
    """One try failed. `again` is the least wait before another, or None if another would not help."""

    def __init__(self, detail: Phrase, again: timedelta | None = timedelta()) -> None:
        self.detail = detail
        self.again = again
        super().__init__(detail)


@final
class MediaFetcher:
    """Downloads pictures. Opens its connections on first use; close it.

    Parameters
    ----------
    sleep
        Waits between tries, in seconds.
    resolver
        What asks DNS; the system's by default.
    """

    def __init__(
        self,
        rule: MediaRule,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        limits: Limits | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._rule = rule
        self._sleep = sleep
        self._limits = limits or Limits()
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    async def download(self, url: str, destination: Path) -> Media:
        """Fetch a picture or video into a new file.

        Parameters
        ----------
        destination
            Appears only when the file is whole and on disk; replaced if it exists. Its folder must exist.

        Raises
        ------
        MediaUnavailable
            It could not be had at the moment.
        MediaRefused
            Its host, address, size or type is not allowed.
        """
        tries = retrying(_TRIES, sleep=self._sleep, again=_again, longest=_LONGEST_PAUSE)
        try:
            async with asyncio.timeout(self._limits.total.total_seconds()):
                return await tries(self._try, _parsed(url), destination)
        except _FailedTry as failed:
            raise MediaUnavailable(failed.detail) from failed.__cause__
        except TimeoutError as late:
            msg = say("the picture took too long")
            raise MediaUnavailable(msg) from late

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def _try(self, url: URL, destination: Path) -> Media:
        try:
            return await self._follow(url, destination)
        except aiohttp.ClientConnectorDNSError as failure:
            if isinstance(failure.os_error, AddressRefused):
                msg = say("{host} does not resolve to a public address", host=failure.host)
                raise MediaRefused(msg) from failure
            msg = say("the picture's host is unknown")
            raise _FailedTry(msg) from failure
        except ValueError as failure:  # aiohttp's InvalidURL, and names that no resolver takes
            msg = say("the picture's address is not usable")
            raise MediaRefused(msg) from failure
        except (aiohttp.ClientError, HttpProcessingError, OSError) as failure:
            msg = say("the picture could not be fetched ({error})", error=type(failure).__name__)
            raise _FailedTry(msg) from failure

    async def _follow(self, url: URL, destination: Path) -> Media:
        for _ in range(_HOPS + 1):
            self._rule.check(url)
            async with self._sessions().get(url, allow_redirects=False) as response:
                if response.status not in _REDIRECTS:
                    return await self._save(response, destination)
                url = url.join(_parsed(response.headers.get("Location", "")))
        msg = say("the picture's address redirects too often")
        raise MediaRefused(msg)

    async def _save(self, response: aiohttp.ClientResponse, destination: Path) -> Media:
        self._check_headers(response)
        file = NewFile(destination)
        try:
            media_type = await self._stream(response, file)
            if not await asyncio.to_thread(is_whole, file.part, media_type):
                msg = say("the picture is cut short")
                raise _FailedTry(msg)
            await file.settle()
        finally:
            file.discard()
        return Media(path=destination, media_type=media_type, size=file.size)

    def _check_headers(self, response: aiohttp.ClientResponse) -> None:
        if response.status != _OK:
            again = None if response.status in _GONE else retry_after(response.headers) or timedelta()
            msg = say("the picture's host answered HTTP {status}", status=response.status)
            raise _FailedTry(msg, again)
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            msg = say("the picture's host compresses, though asked not to")
            raise _FailedTry(msg, None)
        if (response.content_length or 0) > self._limits.size:
            raise MediaRefused(self._too_large())

    async def _stream(self, response: aiohttp.ClientResponse, file: NewFile) -> str:
        """Write the body to the file and return its type, which is known before anything large is taken."""
        loop = asyncio.get_running_loop()
        started, head, media_type = loop.time(), b"", ""
        async for chunk in response.content.iter_chunked(_CHUNK):
            head = (head + chunk)[:HEAD] if len(head) < HEAD else head
            if not media_type and len(head) == HEAD:
                media_type = _type_of(head)
            await file.write(chunk)
            self._check_pace(file.size, timedelta(seconds=loop.time() - started))
        await file.flush()
        return media_type or _type_of(head)

    def _check_pace(self, size: int, elapsed: timedelta) -> None:
        if size > self._limits.size:
            raise MediaRefused(self._too_large())
        if elapsed > self._limits.grace and size < self._limits.speed * elapsed.total_seconds():
            msg = say("the picture comes too slowly")
            raise _FailedTry(msg, None)

    def _too_large(self) -> Phrase:
        return say("the picture is larger than {most} MiB", most=self._limits.size // (1024 * 1024))

    def _sessions(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                resolver=PublicResolver(self._rule, self._resolver),
                use_dns_cache=False,
                force_close=True,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=_HEADERS,
                timeout=aiohttp.ClientTimeout(
                    connect=10, sock_connect=10, sock_read=self._limits.stall.total_seconds()
                ),
                auto_decompress=False,
                trust_env=False,
            )
        return self._session


def _again(failure: BaseException) -> timedelta | None:
    return failure.again if isinstance(failure, _FailedTry) else None


def _parsed(url: str) -> URL:
    """Parse an address. One that is fully quoted is left as it is, since signatures cover the exact text."""
    try:
        parsed = URL(url, encoded=_ENCODED.fullmatch(url) is not None)
        parsed.port  # noqa: B018 - yarl reads the host part only when asked, and complains only then
    except ValueError as unusable:
        msg = say("the picture's address is not usable")
        raise MediaRefused(msg) from unusable
    return parsed


def _type_of(head: bytes) -> str:
    media_type = sniff(head)
    if media_type is not None:
        return media_type
    if is_prose(head):
        msg = say("there is a message in the place of the picture")
        raise _FailedTry(msg)
    msg = say("this is no picture or video of a known type")
    raise MediaRefused(msg)
