"""The server: routes and who may pass. The public face is `CometSandbox`."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, final

from aiohttp import web

from sandbox.comet.answers import Answer, Refused, envelope, page, refusal, text
from sandbox.comet.breakage import refusal_for, response, too_many, unauthorized
from sandbox.comet.counters import RateLimit
from sandbox.comet.desk import Submit
from sandbox.comet.faults import Fault, Stage
from sandbox.comet.fields import Fields
from sandbox.comet.parameters import without_markers
from sandbox.comet.switches import Scene

if TYPE_CHECKING:
    from sandbox.comet.breakage import Breakage
    from sandbox.comet.counters import Requests
    from sandbox.comet.desk import Desk
    from sandbox.comet.options import CometOptions
    from sandbox.comet.switches import FaultSwitches, Trigger

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
SubmitHandler = Callable[[Submit], Answer]

PREFIXES: Final = ("", "/mj-fast", "/mj-turbo", "/mj-relax")
_LOOKS: Final = frozenset({"fetch", "list"})
_LOG_LENGTH: Final = 2000
MAX_BODY: Final = 64 * 1024 * 1024


@final
class Door:
    """Count, limit and authorize requests, and let the faults of the wire strike around the honest handlers."""

    def __init__(self, options: CometOptions, faults: FaultSwitches, breakage: Breakage, requests: Requests) -> None:
        self._options = options
        self._faults = faults
        self._breakage = breakage
        self._requests = requests
        self._limit = RateLimit(options.rate_limit)
        self.is_closed = False
        """While set, connections that are still open are reset."""
        self.log: deque[str] = deque(maxlen=_LOG_LENGTH)

    def guarded(self, place: str, route: str, handler: Handler, *, public: bool = False) -> Handler:
        """Return a handler that lets only those in who may, and counts them."""
        scene = Scene(frozenset({place, "any", "look"} if place in _LOOKS else {place, "any"}))

        async def handle(request: web.Request) -> web.StreamResponse:
            self._requests.count(place, route)
            if self._options.keep_log:
                self.log.append(f"{request.method} {request.path}")
            if self.is_closed or self._faults.take(Stage.CONNECTION, Scene(frozenset({"connection"}))):
                return self._breakage.reset(request)
            if not self._limit.lets_pass():
                return response(too_many(1.0))
            if not public and not self._knows(request):
                return response(unauthorized(gateway=self._options.is_gateway))
            if place.startswith("submit/"):
                return await handler(request)
            return await self._around(scene, request, handler)

        return handle

    def _knows(self, request: web.Request) -> bool:
        """Whether the request carries the key, in one of the ways of the profile (contract 1)."""
        given = request.headers.get("Authorization", "")
        if self._options.is_gateway:
            return given == f"Bearer {self._options.key}"
        return self._options.key in {given.removeprefix("Bearer "), request.headers.get("mj-api-secret")}

    async def _around(self, scene: Scene, request: web.Request, handler: Handler) -> web.StreamResponse:
        before = self._faults.take(Stage.BEFORE, scene)
        if before:
            return self.instead(before, request, "")
        honest = await handler(request)
        after = self._faults.take(Stage.AFTER, scene)
        if after and isinstance(honest, web.Response):
            return await self._breakage.spoiled(after, request, honest)
        return honest

    def instead(self, trigger: Trigger, request: web.Request, prompt: str) -> web.StreamResponse:
        """Return the answer of a fault that strikes before anything was done."""
        answer = refusal_for(trigger, without_markers(prompt), gateway=self._options.is_gateway)
        if answer is None:
            return self._breakage.reset(request)
        return response(answer, submit_of_gateway=self._options.is_gateway)


@final
class Counter:
    """Where submits come in: read them, let faults strike, hand them to whoever takes this kind."""

    def __init__(self, desk: Desk, door: Door, breakage: Breakage) -> None:
        self._desk = desk
        self._door = door
        self._breakage = breakage

    def handler(self, kind: str, prefix: str, take: SubmitHandler) -> Handler:
        """Return the handler of one kind of submit under one speed prefix."""
        speed = prefix.removeprefix("/mj-") or None

        async def handle(request: web.Request) -> web.StreamResponse:
            bare = Scene(frozenset({"submit", kind, "any"}))
            early = self._desk.faults.take_switched(Stage.BEFORE, bare, only=_resets)
            if early:
                return self._breakage.reset(request)
            try:
                body = Fields.parse(await request.read())
            except ValueError:
                return response(refusal("bad json", gateway=self._desk.is_gateway).answer)
            return await self._handle(request, Submit(kind, speed, body), take)

        return handle

    async def _handle(self, request: web.Request, submit: Submit, take: SubmitHandler) -> web.StreamResponse:
        faults, scene = self._desk.faults, self._scene(submit)
        before = faults.take(Stage.BEFORE, scene, only=_stays) or faults.take_marked(Stage.BEFORE, scene, only=_resets)
        await self._breakage.wait(self._desk.options.latency_seconds)
        if before:
            return self._door.instead(before, request, scene.prompt)
        try:
            answer = take(submit)
        except Refused as refused:
            return response(refused.answer, submit_of_gateway=self._desk.is_gateway)
        after = faults.take(Stage.AFTER, scene)
        honest = response(answer, submit_of_gateway=self._desk.is_gateway)
        return await self._breakage.spoiled(after, request, honest) if after else honest

    def _scene(self, submit: Submit) -> Scene:
        """Return whose markers count: of the prompt that was sent, or of the picture whose button was pressed."""
        task = self._desk.book.get(submit.body.text("taskId"))
        echo = submit.body.text("state")
        if submit.kind == "action":
            prompt = task.order.scene.prompt if task else ""
            return Scene(
                submit.names, prompt, on_action=True, counted_as=echo or f"{prompt} {submit.body.text('customId')}"
            )
        if submit.kind == "modal" and task:
            echo = f"modal of {task.id}"
        prompt = submit.body.text("prompt")
        return Scene(submit.names, prompt, counted_as=echo or prompt)


def _resets(fault: Fault) -> bool:
    return fault is Fault.RESET_BEFORE


def _stays(fault: Fault) -> bool:
    return fault is not Fault.RESET_BEFORE


def lost_way(*, gateway: bool) -> Handler:
    """Return what answers a path that does not exist (contract 1, 2.2)."""

    async def handle(request: web.Request) -> web.StreamResponse:
        if gateway and not request.path.startswith("/mj"):
            return response(page(404, "404 Not Found"))
        return response(envelope(404, f"Invalid URL ({request.method} {request.path})") if gateway else text(404, ""))

    return handle
