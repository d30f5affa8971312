"""HTTP answers as Discord writes them. The content type has no charset: discord.py compares the whole header."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Route = tuple[str, str, Handler]
"""Method, path below the API's root with the documentation's placeholder names, handler."""


def answer(payload: object, status: int = 200) -> web.Response:
    """Answer with JSON."""
    return web.Response(body=json.dumps(payload).encode(), status=status, content_type="application/json")


def nothing() -> web.Response:
    """Answer 204."""
    return web.Response(status=204)
