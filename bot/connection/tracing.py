"""What discord.py sends, seen on the wire: each request asks `Restraint` first, and each reply is told to it.

A hook of aiohttp's that discord.py takes as it is (`http_trace`), so that every way out is covered: its own requests,
interactions' webhooks, and what it tries again by itself. Decides nothing.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import aiohttp
from discord.http import Route

from bot.connection.restraint import Reply

if TYPE_CHECKING:
    from types import SimpleNamespace

    from bot.connection.restraint import Restraint
    from bot.connection.witness import Witness

_JSON: Final = "application/json"
_SCOPE: Final = "X-RateLimit-Scope"


def tracing(restraint: Restraint, witness: Witness) -> aiohttp.TraceConfig:
    """Return the hook for discord.py's client.

    What is held back fails as a lost connection does (`aiohttp.ClientConnectionError`): whoever sent it tries later.
    """

    async def on_start(
        _: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestStartParams
    ) -> None:
        context.is_ours = str(params.url).startswith(Route.BASE)  # neither the gateway nor files
        if not context.is_ours:
            return
        objection = restraint.objection(params.method, params.url.path)
        if objection is not None:
            raise aiohttp.ClientConnectionError(f"not sent: {objection}")
        restraint.under_way += 1

    async def on_end(_: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestEndParams) -> None:
        if not context.is_ours:
            return
        context.is_ours = False  # what is raised here comes to `on_failure` too
        restraint.under_way -= 1
        witness.saw(params.url.path, params.response.status, params.response.headers.get(_SCOPE))
        hopeless = restraint.note(params.method, params.url.path, _read(params.response))
        if hopeless is not None:
            raise aiohttp.ClientConnectionError(hopeless)

    async def on_failure(
        _: aiohttp.ClientSession, context: SimpleNamespace, __: aiohttp.TraceRequestExceptionParams
    ) -> None:
        restraint.under_way -= context.is_ours

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(on_start)
    trace.on_request_end.append(on_end)
    trace.on_request_exception.append(on_failure)
    return trace


def _read(response: aiohttp.ClientResponse) -> Reply:
    headers = response.headers
    scope = headers.get(_SCOPE)
    return Reply(
        status=response.status,
        retry_after_s=_seconds(headers.get("Retry-After")),
        # As discord.py tells it: Discord's own replies come through Google's servers, and as JSON.
        is_from_discord="Via" in headers and response.content_type == _JSON,
        is_shared=scope == "shared",
        is_global=scope == "global" or "X-RateLimit-Global" in headers,
    )


def _seconds(text: str | None) -> float | None:
    """Return seconds as `Retry-After` has them; None if it has none, or a date."""
    try:
        seconds = float(text or "")
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
