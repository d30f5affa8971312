"""`/livez` and `/readyz`: whether the process should go on, and whether people may count on it (reliability E).

Everybody is told yes or no; why not, only who asks from this machine or network. `/healthz` is `/livez` by its older
name.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol, final

from aiohttp import web

from bot.web.nearby import is_nearby

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Health(Protocol):
    """What the answers are made of."""

    def faults(self) -> Mapping[str, str]:
        """Return why the process should be started anew, by what it is about; empty while it is alive."""
        ...

    def hindrances(self) -> Mapping[str, str]:
        """Return why people should not count on the bot now, by what it is about; empty while they may."""
        ...


@final
class HealthPages:
    """Answers those who supervise the bot."""

    def __init__(self, health: Health) -> None:
        self._health = health

    def routes(self) -> Iterable[web.RouteDef]:
        """Return what this answers."""
        return [
            web.get("/livez", self._live),
            web.get("/healthz", self._live),
            web.get("/readyz", self._ready),
        ]

    async def _live(self, request: web.Request) -> web.Response:
        return _verdict(request, self._health.faults())

    async def _ready(self, request: web.Request) -> web.Response:
        return _verdict(request, self._health.hindrances())


def _verdict(request: web.Request, reasons: Mapping[str, str]) -> web.Response:
    if not reasons:
        return web.Response(text="ok")
    if is_nearby(request):
        return web.json_response({"reasons": dict(reasons)}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    return web.Response(text="no", status=HTTPStatus.SERVICE_UNAVAILABLE)
