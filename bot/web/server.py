"""`WebServer`: listens on `HTTP_LISTEN` and serves health, the drawing page and exports.

Addresses under `/draw/` and `/export/` hold a link's token and are written into no log.
"""

from __future__ import annotations

import errno
import logging
from typing import TYPE_CHECKING, Final, final

from aiohttp import web

from bot.web.answers import add_headers, answer_always
from bot.web.drawing import MOST_BYTES, DrawingPage
from bot.web.exports import ExportLink
from bot.web.links import EXPORT_LIFETIME, LinkSigner, Purpose

if TYPE_CHECKING:
    from bot.config import Listen
    from bot.jobs.ports import Clock
    from bot.web.drawing import Drawings
    from bot.web.exports import Archives

_log = logging.getLogger(__name__)

#: What requests under way get to end when the endpoint closes, in seconds.
_SHUTDOWN_S: Final = 2.0

_REASONS: Final = {
    errno.EADDRINUSE: "another program listens there",
    errno.EACCES: "that port is for the system's administrator only",
    errno.EADDRNOTAVAIL: "this machine has no such address",
}


@final
class WebServer:
    """The endpoint, started once the engine is there and closed before it.

    Parameters
    ----------
    public_url
        How people reach it, without a slash at the end; None if nobody but this machine does.
    key
        Signs the links.
    """

    def __init__(self, *, listen: Listen, public_url: str | None, key: bytes, clock: Clock) -> None:
        self._listen = listen
        self._public_url = public_url
        self._signer = LinkSigner(key, clock)
        self._exports = LinkSigner(key, clock, purpose=Purpose.EXPORT, lifetime=EXPORT_LIFETIME)
        self._runner: web.AppRunner | None = None
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

    async def start(self, drawings: Drawings, archives: Archives) -> None:
        """Listen.

        Raises
        ------
        OSError
            It cannot listen there; `explain` says why in words.
        """
        app = web.Application(middlewares=[answer_always], client_max_size=MOST_BYTES)
        app.on_response_prepare.append(add_headers)
        pages = (DrawingPage(drawings, self._signer), ExportLink(archives, self._exports))
        app.add_routes([web.get("/healthz", _health), *(route for page in pages for route in page.routes())])
        # Requests that are no HTTP come with every public address, and the log of aiohttp would show what they hold.
        noise = logging.getLogger(f"{__name__}.noise")
        noise.setLevel(logging.CRITICAL)
        self._runner = web.AppRunner(app, access_log=None, logger=noise, shutdown_timeout=_SHUTDOWN_S)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._listen.host, self._listen.port).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        _log.info("serving %s", self._public_url or self.url)
        if not self.is_reachable:
            _log.warning("Nobody can draw regions: set PUBLIC_URL to how people reach HTTP_LISTEN")

    async def close(self) -> None:
        """Stop listening, and let requests under way end. May be called again."""
        if self._runner is not None:
            runner, self._runner = self._runner, None
            await runner.cleanup()


def explain(error: OSError) -> str:
    """Return why it cannot be listened there, to go on from an address."""
    return _REASONS.get(error.errno or 0, "this machine has no such address")


async def _health(_: web.Request) -> web.StreamResponse:
    return web.Response(text="ok")
