"""The sandbox of the API as tests, benchmarks and ``make sandbox`` use it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self, final

from aiohttp import web

from sandbox.comet.account import Account
from sandbox.comet.admin import Admin
from sandbox.comet.breakage import Breakage
from sandbox.comet.counters import Requests
from sandbox.comet.desk import Desk
from sandbox.comet.hooks import Hooks
from sandbox.comet.ledger import Ledger
from sandbox.comet.looks import Looks
from sandbox.comet.media import Media
from sandbox.comet.options import CometOptions
from sandbox.comet.presses import Presses
from sandbox.comet.script import FAILURE, SUCCESS, resumed, standing
from sandbox.comet.server import MAX_BODY, PREFIXES, Counter, Door, lost_way
from sandbox.comet.submits import Submits
from sandbox.comet.switches import FaultSwitches
from sandbox.comet.tasks import TaskBook
from sandbox.comet.timeline import Timeline
from sandbox.comet.wire import Wire
from sandbox.hangups import bear_hang_ups

if TYPE_CHECKING:
    from types import TracebackType

    from sandbox.comet.ledger import Charge
    from sandbox.comet.script import Script
    from sandbox.comet.server import Handler

_SHUTDOWN_SECONDS: Final = 0.2


@final
class CometSandbox:
    """A local CometAPI: use as ``async with CometSandbox(CometOptions(...)) as comet``.

    Attributes
    ----------
    tasks
        All tasks by id, with their true state (no gateway's lag).
    ledger
        All charges, oldest first.
    requests
        What was asked, also what was refused.
    faults
        The switches.
    """

    def __init__(self, options: CometOptions | None = None) -> None:
        self.options = options or CometOptions()
        self.faults = FaultSwitches()
        self.requests = Requests()
        self.timeline = Timeline(self.options.sync_seconds, self.options.clock)
        self.tasks = TaskBook(self.timeline)
        self.ledger = Ledger(self._has_failed, self.options.balance_usd)
        self._breakage = Breakage()
        self._door = Door(self.options, self.faults, self._breakage, self.requests)
        self._port = self.options.port
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._wire = Wire(self.options, self.timeline, lambda: self.url)
        self._hooks: Hooks | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://{self.options.host}:{self._port}"

    @property
    def key(self) -> str:
        """The API key it accepts."""
        return self.options.key

    @property
    def log(self) -> list[str]:
        """The newest requests, if `keep_log` is set."""
        return list(self._door.log)

    def charges(self, echo: str | None = None) -> list[Charge]:
        """Return all charges, or those of submits with this `state`, a signature behind a dot left out."""
        return [
            charge for charge in self.ledger if echo is None or echo in (charge.echo, charge.echo.partition(".")[0])
        ]

    async def start(self) -> None:
        """Begin to listen."""
        app = web.Application(client_max_size=MAX_BODY, middlewares=[bear_hang_ups])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
        self._add_routes(app)
        if self.options.sends_hooks:
            self._hooks = Hooks(self.tasks, self._wire, self.faults)
            self._hooks.start()
        await self._runner.setup()
        await self._listen()

    async def stop(self) -> None:
        """Stop listening and drop what is still under way."""
        self._breakage.close()
        if self._hooks is not None:
            await self._hooks.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def stop_listening(self) -> None:
        """Refuse connections until `listen_again`: nothing that is sent then arrives."""
        self._door.is_closed = True
        if self._site is not None:
            await self._site.stop()
            self._site = None

    async def listen_again(self) -> None:
        """Take connections again, on the same port."""
        self._door.is_closed = False
        if self._site is None:
            await self._listen()

    async def _listen(self) -> None:
        if self._runner is None:
            raise RuntimeError("not started")
        self._site = web.TCPSite(self._runner, self.options.host, self._port)
        await self._site.start()
        self._port = int(self._runner.addresses[-1][1])

    def _add_routes(self, app: web.Application) -> None:
        desk = Desk(self.options, self.timeline, self.tasks, self.ledger, self.faults)
        presses = Presses(desk)
        counter = Counter(desk, self._door, self._breakage)
        takers = Submits(desk).handlers() | {"action": presses.action, "modal": presses.modal}
        looks = Looks(self.options, self.tasks, self._wire, self.faults)
        media = Media(self.options, self.tasks, self._wire, self.faults, self._breakage)
        for prefix in PREFIXES:
            for kind, take in takers.items():
                if kind in self.options.missing_routes:
                    continue
                handler = counter.handler(kind, prefix, take)
                self._route(app, "POST", prefix, f"/mj/submit/{kind}", f"submit/{kind}", handler)
            self._route(app, "GET", prefix, "/mj/task/{id}/fetch", "fetch", looks.fetch)
            self._route(app, "POST", prefix, "/mj/task/list-by-condition", "list", looks.list)
            self._route(app, "GET", prefix, "/mj/image/{id}", "image", media.image)
            if not self.options.is_gateway:
                self._route(app, "POST", prefix, "/mj/task/{id}/cancel", "cancel", looks.cancel)
        self._route(app, "GET", "", "/cdn/{kind}/{id}/{name}", "image", media.cdn)
        if self.options.is_gateway and self.options.quota_key:
            account = Account(self.ledger, self.options)
            self._route(app, "GET", "", "/user/quota", "quota", account.quota)
        app.router.add_routes(Admin(self).routes())
        self._route(app, "*", "", "/{tail:.*}", "unknown", lost_way(gateway=self.options.is_gateway))

    def _route(self, app: web.Application, method: str, prefix: str, path: str, place: str, handler: Handler) -> None:
        public = place in {"unknown", "quota"} or (place == "image" and not self.options.image_needs_key)
        app.router.add_route(
            method, f"{prefix}{path}", self._door.guarded(place, f"{method} {path}", handler, public=public)
        )

    def _has_failed(self, task_id: str) -> bool | None:
        task = self.tasks.get(task_id)
        failed = None if task is None else self._wire.has_failed(task)
        return failed and self.options.refunds

    def hold(self) -> None:
        """Let all job scripts stand still; tasks submitted meanwhile stay at their start."""
        self.timeline.hold()

    def release(self) -> None:
        """Let all job scripts go on, as fast as before."""
        self.timeline.release()

    @property
    def rate(self) -> float:
        """How fast the job scripts go: 0 while they are held, 1 as usual."""
        return self.timeline.rate

    def set_rate(self, rate: float) -> None:
        """Let all job scripts, also those under way, go `rate` times as fast as usual from now on; 0 holds them.

        Raises
        ------
        ValueError
            The rate is negative or not a finite number.
        """
        self.timeline.set_rate(rate)

    def advance(self, seconds: float) -> None:
        """Let all job scripts skip some seconds, held or not, and the gateway copy the new states."""
        self.timeline.advance(seconds)
        self.timeline.sync()

    def sync(self) -> None:
        """Let the gateway copy all states now."""
        self.timeline.sync()

    def finish(self, task_id: str) -> None:
        """Let a task succeed now, seen at once.

        Raises
        ------
        KeyError
            When there is no such task.
        """
        self._force(task_id, standing(SUCCESS, 100))

    def fail(self, task_id: str, reason: str) -> None:
        """Let a task fail now, seen at once.

        Raises
        ------
        KeyError
            When there is no such task.
        """
        self._force(task_id, standing(FAILURE, None, reason))

    def set_progress(self, task_id: str, percent: int) -> None:
        """Let a task be at a percentage now, seen at once; it goes on from there.

        Raises
        ------
        KeyError
            When there is no such task.
        """
        self._force(task_id, resumed(self.tasks[task_id].runs[-1].script, percent))

    def _force(self, task_id: str, script: Script) -> None:
        self.tasks[task_id].force(script)
        if self._hooks is not None:
            self._hooks.look()
