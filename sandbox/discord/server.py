"""The HTTP server: each request is counted and passes faults, rate limits, the token and its handler, in this order."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING, Any, final

from aiohttp import web

from sandbox.hangups import bear_hang_ups

from .answers import answer
from .application_routes import ApplicationRoutes
from .avatars import avatar
from .channel_routes import ChannelRoutes
from .faults import AFTER, DiscordFault, error_json
from .fields import as_id
from .interaction_routes import InteractionRoutes
from .limits import INVALID, Verdict
from .options import MIB
from .refusals import Refusal, not_found, unauthorized
from .sockets import serve_gateway

if TYPE_CHECKING:
    from .answers import Handler
    from .faults import ArmedFault
    from .state import State

API = "/api/v10"
OPEN = ("/interactions/", "/webhooks/", "/gateway")
"""Routes that take no bot token."""
EXEMPT = ("/interactions/", "/webhooks/")
CLOUDFLARE_PAGE = (
    "<!doctype html><html><head><title>Access denied | discord.com used Cloudflare to restrict access</title></head>"
    "<body><h1>Error 1015</h1><h2>You are being rate limited</h2></body></html>"
)


@final
class Server:
    """Serves one state on loopback."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._runner: web.AppRunner | None = None
        self._under_way = 0
        self._recent: deque[float] = deque()

    async def start(self) -> str:
        """Listen, and return the address."""
        # 64 MiB is only where the server itself stops reading; Discord's own limits are judged by the routes.
        app = web.Application(client_max_size=64 * MIB, middlewares=[bear_hang_ups])
        parts = (ChannelRoutes(self._state), ApplicationRoutes(self._state), InteractionRoutes(self._state))
        for part in parts:
            for method, path, handler in part.table():
                app.router.add_route(method, API + path, self._guarded(method, path, handler))
        app.router.add_get("/gateway/", self._gateway)
        app.router.add_get("/attachments/{tail:.*}", self._file)
        app.router.add_get("/ephemeral-attachments/{tail:.*}", self._file)
        app.router.add_get("/embed/avatars/{tail:.*}", self._avatar)
        app.router.add_get("/avatars/{tail:.*}", self._avatar)
        app.router.add_route("*", "/{tail:.*}", self._guarded("*", "/{tail}", self._nowhere))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2, auto_decompress=True)
        await self._runner.setup()
        options = self._state.options
        site = web.TCPSite(self._runner, options.host, options.port)
        await site.start()
        port = self._runner.addresses[0][1]
        self._state.gateway_url = f"ws://{options.host}:{port}/gateway/"
        self._state.cdn.base = f"http://{options.host}:{port}"
        return self._state.cdn.base

    async def stop(self) -> None:
        """Close everything."""
        for socket in tuple(self._state.sockets):
            socket.finish(1001)
        if self._runner is not None:
            await self._runner.cleanup()

    def _guarded(self, method: str, path: str, handler: Handler) -> Handler:
        route = f"{method} {path}"

        async def serve(request: web.Request) -> web.StreamResponse:
            self._begin(route)
            try:
                response = await self._serve(request, route, handler)
            finally:
                self._under_way -= 1
            self._count(route, response)
            return response

        return serve

    def _begin(self, route: str) -> None:
        counters = self._state.counters
        counters.requests[route] = counters.requests.get(route, 0) + 1
        self._under_way += 1
        counters.peak_requests = max(counters.peak_requests, self._under_way)
        now = time.monotonic()
        self._recent.append(now)
        while self._recent[0] <= now - 1.0:
            self._recent.popleft()
        counters.peak_per_second = max(counters.peak_per_second, len(self._recent))

    def _count(self, route: str, response: web.StreamResponse) -> None:
        counters = self._state.counters
        counters.rate_limited += response.status == 429  # noqa: PLR2004 - too many requests
        if response.status in INVALID and response.headers.get("X-RateLimit-Scope") != "shared":
            counters.invalid_requests += 1
            self._state.limits.note_invalid()
        self._state.changes.publish({"type": "request", "route": route, "status": response.status})

    async def _serve(self, request: web.Request, route: str, handler: Handler) -> web.StreamResponse:
        if self._state.limits.invalid_recently() >= self._state.options.invalid_request_limit:
            return _cloudflare()
        armed = self._state.faults.take(route)
        if armed is not None and armed.fault not in AFTER:
            early = await self._before(request, armed)
            if early is not None:
                return early
        path = route.partition(" ")[2]
        open_route = path.startswith(OPEN) and path != "/gateway/bot"
        verdict = self._state.limits.judge(route, _place(request), exempt=path.startswith(EXEMPT))
        if verdict.retry_after is not None:
            return _too_many(verdict)
        response = await self._handle(request, handler, needs_token=not open_route)
        response.headers.update(verdict.headers)
        response.headers["Via"] = "1.1 google"
        return self._after(request, armed, response) if armed is not None else response

    async def _handle(self, request: web.Request, handler: Handler, *, needs_token: bool) -> web.StreamResponse:
        try:
            if needs_token and not self._knows(request):
                raise unauthorized()
            return await handler(request)
        except Refusal as refusal:
            return _refused(refusal)

    def _knows(self, request: web.Request) -> bool:
        expected = f"Bot {self._state.token}"
        return request.headers.get("Authorization") == expected and not self._state.token_reset

    async def _before(self, request: web.Request, armed: ArmedFault) -> web.StreamResponse | None:
        refusal = armed.refusal()
        if refusal is not None:
            return _refused(refusal)
        if armed.fault is DiscordFault.SLOW:
            await asyncio.sleep(armed.seconds)
            return None
        await request.read()
        if armed.fault is DiscordFault.DROP_BEFORE:
            return _dropped(request)
        if armed.fault is DiscordFault.CLOUDFLARE:
            return _cloudflare(armed.seconds)
        if armed.fault is DiscordFault.RATE_LIMITED:
            return _too_many(_limited(armed))
        status = 503 if armed.fault is DiscordFault.UNAVAILABLE else armed.status or 500
        return answer(error_json(status), status)

    def _after(self, request: web.Request, armed: ArmedFault, response: web.StreamResponse) -> web.StreamResponse:
        if armed.fault is DiscordFault.DROP_AFTER:
            return _dropped(request)
        if armed.fault is DiscordFault.ERROR_AFTER:
            return answer(error_json(armed.status or 502), armed.status or 502)
        return response

    async def _gateway(self, request: web.Request) -> web.StreamResponse:
        return await serve_gateway(self._state, request)

    async def _file(self, request: web.Request) -> web.Response:
        found = self._state.cdn.find(request.rel_url.raw_path, request.query_string)
        if found is None:
            return web.Response(status=404, text="This content is no longer available.")
        headers = {
            "Content-Type": found.content_type,
            "Content-Disposition": f'attachment; filename="{found.filename}"',
        }
        return web.Response(body=found.data, headers=headers)

    async def _avatar(self, request: web.Request) -> web.Response:
        number = as_id(request.match_info["tail"].split("/")[0].removesuffix(".png")) or 0
        user = self._state.world.users.get(number)
        drawn = avatar(number, user.display_name if user else str(number), bot=bool(user and user.bot))
        return web.Response(body=drawn, content_type="image/png")

    async def _nowhere(self, _: web.Request) -> web.Response:
        raise not_found()


def _place(request: web.Request) -> str:
    keys = ("channel_id", "guild_id", "application_id", "interaction_token", "interaction_id")
    return "+".join(request.match_info[key] for key in keys if key in request.match_info)


def _refused(refusal: Refusal) -> web.Response:
    response = answer(refusal.body(), refusal.status)
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(int(refusal.retry_after) + 1)
        response.headers["Via"] = "1.1 google"
    return response


def _too_many(verdict: Verdict) -> web.Response:
    seconds = verdict.retry_after or 0.0
    body: dict[str, Any] = {
        "message": "You are being rate limited.",
        "retry_after": round(seconds, 3),
        "global": verdict.is_global,
    }
    response = answer(body, 429)
    response.headers.update(verdict.headers)
    response.headers["Retry-After"] = str(int(seconds) + 1)
    response.headers["Via"] = "1.1 google"
    return response


def _limited(armed: ArmedFault) -> Verdict:
    headers = {"X-RateLimit-Scope": armed.scope}
    if armed.scope == "global":
        headers["X-RateLimit-Global"] = "true"
    return Verdict(headers, armed.seconds, is_global=armed.scope == "global")


def _cloudflare(seconds: float = 0.0) -> web.Response:
    headers = {"Retry-After": str(int(seconds) + 1)} if seconds else {}
    return web.Response(status=429, text=CLOUDFLARE_PAGE, content_type="text/html", headers=headers)


def _dropped(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
