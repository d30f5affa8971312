"""The drawing page: shows the picture of a region's draft, and takes the mask that was drawn on it.

Whoever has the link may draw, once; nothing else is opened by it. Knows aiohttp, and what it needs of the
engine.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Protocol, final

from aiohttp import web

from bot.errors import ActionUnavailable, PictureInvalid, StorageError
from bot.language import mark, say
from bot.web.answers import sentence
from bot.web.files import page, page_file
from bot.web.links import TOKEN, Dead
from bot.web.texts import drawing_texts

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from aiohttp.typedefs import Handler

    from bot.web.links import LinkSigner

_log = logging.getLogger(__name__)

#: The most that a mask may have, in bytes. One of 4096 × 4096 pixels with much detail has about a tenth of it.
MOST_BYTES: Final = 8 * 1024 * 1024
_MEBIBYTE: Final = 1024 * 1024
#: How long its bytes may take, in seconds.
_PATIENCE_S: Final = 60.0
#: Drawings that may arrive by one link at a time: a browser that lost its connection tries again before we know that.
_AT_ONCE: Final = 3

_DEAD: Final = {
    Dead.FORGED: (HTTPStatus.NOT_FOUND, mark("This is no link of mine. Open the one under *Draw it* in Discord.")),
    Dead.EXPIRED: (
        HTTPStatus.GONE,
        mark("This link has expired: each one works for half an hour. Press *Vary (Region)* in Discord once more."),
    ),
}
#: By the first bytes (contract 4.4); a picture of ours is one of these.
_KINDS: Final = ((b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"RIFF", "image/webp"))


class Drawings(Protocol):
    """What the page needs of the engine: `bot.jobs.asking.regions`."""

    async def picture(self, draft_id: str) -> Path:
        """Return the picture to draw on.

        Raises
        ------
        ActionUnavailable
            There is none, or no more; with the sentence to show.
        """
        ...

    async def drawn(self, draft_id: str, png: bytes) -> None:
        """Take what was drawn, once.

        Raises
        ------
        ActionUnavailable, PictureInvalid
            With the sentence to show.
        """
        ...


@final
class DrawingPage:
    """What the links lead to."""

    def __init__(self, drawings: Drawings, signer: LinkSigner) -> None:
        self._drawings = drawings
        self._signer = signer
        self._arriving: Counter[str] = Counter()

    def routes(self) -> list[web.RouteDef]:
        """Return the addresses. The page names its parts relative to its own, so a proxy may put a path before all."""
        return [
            web.get("/page/{name:[a-z]+[.](?:css|js|svg)}", _file),
            web.get(f"/draw/{{token:{TOKEN}}}", self._open(self._page)),
            web.get(f"/draw/{{token:{TOKEN}}}/picture", self._open(self._picture)),
            web.post(f"/draw/{{token:{TOKEN}}}", self._open(self._take)),
        ]

    def _open(self, handler: Callable[[web.Request, str], Awaitable[web.StreamResponse]]) -> Handler:
        """Let a handler have the draft that the link names, and tell the person what goes wrong."""

        async def opened(request: web.Request) -> web.StreamResponse:
            draft_id = self._signer.read(request.match_info["token"])
            if isinstance(draft_id, Dead):
                status, text = _DEAD[draft_id]
                return sentence(request, status, say(text))
            try:
                return await handler(request, draft_id)
            except ActionUnavailable as error:
                return sentence(request, HTTPStatus.GONE, error.reply)
            except PictureInvalid as error:
                return sentence(request, HTTPStatus.UNPROCESSABLE_ENTITY, error.reply)
            except StorageError as error:
                _log.error("A drawing could not be kept: %s. %s", error, error.explanation)
                text = say("This cannot be done just now. Try again in a minute; what you have drawn stays here.")
                return sentence(request, HTTPStatus.SERVICE_UNAVAILABLE, text)

        return opened

    async def _page(self, _: web.Request, draft_id: str) -> web.Response:
        await self._drawings.picture(draft_id)  # where it cannot be drawn on, that is said instead of the page
        return web.Response(text=page("drawing.html", drawing_texts()), content_type="text/html")

    async def _picture(self, _: web.Request, draft_id: str) -> web.StreamResponse:
        path = await self._drawings.picture(draft_id)
        kind = await asyncio.to_thread(_kind_of, path)
        return web.FileResponse(path, headers={"Content-Type": kind})  # piece by piece: never whole in memory

    async def _take(self, request: web.Request, draft_id: str) -> web.Response:
        if request.content_type != "image/png":
            text = say("Only a PNG picture can be taken here.")
            return sentence(request, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, text)
        if self._arriving[draft_id] >= _AT_ONCE:
            text = say("Your drawing is on its way already. Wait a minute, then try again; it is still here.")
            return sentence(request, HTTPStatus.TOO_MANY_REQUESTS, text)
        self._arriving[draft_id] += 1
        try:
            return await self._keep(request, draft_id)
        finally:
            self._arriving[draft_id] -= 1
            self._arriving += Counter()  # forgets the zeros

    async def _keep(self, request: web.Request, draft_id: str) -> web.Response:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                drawing = await request.read()
        except web.HTTPRequestEntityTooLarge:
            most = MOST_BYTES // _MEBIBYTE
            text = say("That drawing is too large: at most {most} MiB can be taken.", most=most)
            return sentence(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text)
        except TimeoutError:
            text = say("The drawing took too long to arrive. It is still here: try again.")
            return sentence(request, HTTPStatus.REQUEST_TIMEOUT, text)
        await self._drawings.drawn(draft_id, drawing)
        _log.info("a region was drawn")
        return web.Response(status=HTTPStatus.NO_CONTENT)


def _kind_of(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    return next((kind for beginning, kind in _KINDS if start.startswith(beginning)), "application/octet-stream")


async def _file(request: web.Request) -> web.StreamResponse:
    try:
        file = page_file(request.match_info["name"])
    except KeyError:
        raise web.HTTPNotFound from None
    return web.Response(text=file.text, content_type=file.kind)
