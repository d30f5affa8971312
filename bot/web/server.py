"""`WebServer`: listens on `HTTP_LISTEN` and serves the drawing page, exports, and what it is given besides.

Callbacks of the API too, where no receiver of their own takes them. Addresses under `/draw/` and `/export/` hold a
link's token, and that of callbacks is a secret itself: they are written into no log.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol, final

from aiohttp import web

from bot.web.answers import add_headers, answer_always
from bot.web.drawing import MOST_BYTES, DrawingPage
from bot.web.exports import ExportLink
from bot.web.links import EXPORT_LIFETIME, LinkSigner, Purpose
from bot.web.listening import Listener

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.config import Listen
    from bot.jobs.ports import Clock
    from bot.web.drawing import Drawings
    from bot.web.exports import Archives
    from bot.web.hooks import HookReceiver

_log = logging.getLogger(__name__)


class Pages(Protocol):
    """Something that is served."""

    def routes(self) -> Iterable[web.RouteDef]:
        """Return what it answers."""
        ...


@final
class WebServer:
    """The endpoint, started once the engine is there and closed before it.

    Parameters
    ----------
    public_url
        How people reach it, without a slash at the end; None if nobody but this machine does.
    key
        Signs the links.
    hooks
        Takes callbacks; None where they do not come here.
    """

    def __init__(
        self, *, listen: Listen, public_url: str | None, key: bytes, clock: Clock, hooks: HookReceiver | None = None
    ) -> None:
        self._listen = listen
        self._public_url = public_url
        self._signer = LinkSigner(key, clock)
        self._exports = LinkSigner(key, clock, purpose=Purpose.EXPORT, lifetime=EXPORT_LIFETIME)
        self._hooks = hooks
        self._listener: Listener | None = None
        self.url = ""
        """How it is reached from this machine; empty before it listens."""

    @property
    def is_reachable(self) -> bool:
        """Whether people can follow links: there is a public address, or everything is on one machine."""
        return self._public_url is not None or self._listen.is_loopback

    def link(self, draft_id: str) -> str:
        """Return a link to the drawing page of a region's draft, good for half an hour and one drawing."""
        return f"{self._public_url or self.url}/draw/{self._signer.sign(draft_id)}"

    def export_link(self, export_id: str) -> str:
        """Return a link to an export, good for a day."""
        return f"{self._public_url or self.url}/export/{self._exports.sign(export_id)}"

    async def start(self, drawings: Drawings, archives: Archives, *more: Pages) -> None:
        """Listen.

        Parameters
        ----------
        more
            What else is served, such as health.

        Raises
        ------
        OSError
            It cannot listen there; `explain` says why in words.
        """
        app = web.Application(middlewares=[answer_always], client_max_size=MOST_BYTES)
        app.on_response_prepare.append(add_headers)
        for pages in (DrawingPage(drawings, self._signer), ExportLink(archives, self._exports), *more):
            app.add_routes(pages.routes())
        if self._hooks is not None:
            app.add_routes(self._hooks.routes())
        self._listener = Listener(app, self._listen)
        self.url = await self._listener.open()
        _log.info("serving %s", self._public_url or self.url)
        if not self.is_reachable:
            _log.warning("Nobody can draw regions: set PUBLIC_URL to how people reach HTTP_LISTEN")

    async def close(self) -> None:
        """Stop listening, and let requests under way end. May be called again."""
        if self._listener is not None:
            await self._listener.close()
