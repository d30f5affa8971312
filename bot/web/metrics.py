"""`/metrics`: the numbers, for Prometheus on this machine or network. For anybody else there is nothing here."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from aiohttp import hdrs, web

from bot.metrics import CONTENT_TYPE
from bot.web.nearby import is_nearby

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.metrics import Metrics, ReceiverMetrics


@final
class MetricsPage:
    """Answers what collects numbers."""

    def __init__(self, metrics: Metrics | ReceiverMetrics) -> None:
        self._metrics = metrics

    def routes(self) -> Iterable[web.RouteDef]:
        """Return what this answers."""
        return [web.get("/metrics", self._numbers)]

    async def _numbers(self, request: web.Request) -> web.Response:
        if not is_nearby(request):
            raise web.HTTPNotFound
        return web.Response(body=self._metrics.text(), headers={hdrs.CONTENT_TYPE: CONTENT_TYPE})
