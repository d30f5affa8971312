"""Who may speak with the page's server, and what every answer tells the browser to forbid.

The server does what it is asked, so only its own page may ask: a page from elsewhere that a browser shows beside it
reaches loopback too, by a name that it lets point there (DNS rebinding) or by a WebSocket, which knows no same-origin
policy. Knows nothing of what is served.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from aiohttp import web

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler, Middleware

_HTTP_PORT: Final = 80
_SAFE: Final = frozenset({"GET", "HEAD"})

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self'; script-src 'self'; "
        "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Put the headers on an answer, whatever it is: a signal of aiohttp, `on_response_prepare`."""
    response.headers.update(HEADERS)


@final
class Doorkeeper:
    """Lets in who came by the server's own name, and to what changes anything only the server's own page."""

    def __init__(self) -> None:
        self.names: frozenset[str] = frozenset()
        """What the `Host` header may say."""

    def listen_to(self, host: str, port: int) -> None:
        """Learn by which names the server is reached, once it listens."""
        hosts = {host, "localhost"} if host in ("127.0.0.1", "::1", "localhost") else {host}
        written = {f"[{name}]" if ":" in name else name for name in hosts}
        names = {f"{name}:{port}" for name in written}
        self.names = frozenset(names | written if port == _HTTP_PORT else names)

    def middleware(self) -> Middleware:
        """Return the middleware that stands before everything."""

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            host = request.headers.get("Host", "").lower()
            if host not in self.names:
                return _forbidden("This address does not belong to the sandbox. Open the one that it printed.")
            acts = request.method not in _SAFE or "Upgrade" in request.headers
            if acts and request.headers.get("Origin", "").lower() != f"http://{host}":
                return _forbidden("Only the sandbox's own page may do this.")
            return await handler(request)

        return guard


def _forbidden(text: str) -> web.Response:
    return web.Response(status=403, text=text)
