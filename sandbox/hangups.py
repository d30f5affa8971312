"""Clients that hang up in the middle of a request: a bot that is killed, a page that is closed. No error of a server's.

For all servers of the sandbox; knows none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler


@web.middleware
async def bear_hang_ups(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let a request end quietly when whoever sent it is gone; aiohttp would put its trace into the terminal."""
    try:
        return await handler(request)
    except (ConnectionError, web.RequestPayloadError):
        if request.transport is not None and not request.transport.is_closing():
            raise  # the client is still there: this is about something else
        return web.Response(status=400)  # for nobody
