"""Listening for callbacks (`notifyHook`): whether they come, how often, and whether a refused one comes again.

A listener of its own, for the minutes of one picture: it answers the first callback with 500, which Easel's real
receiver never would. Decides nothing about money.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, final

from aiohttp import web

from bot.cometapi.jsontext import decode, mapping, text
from bot.cometapi.transport import Request, Transport
from bot.errors import CometError, CometUncertain
from bot.owner.probe.findings import Card, Finding, Place, Skipped
from bot.owner.probe.looking import pause
from bot.web.listening import Listener, explain

if TYPE_CHECKING:
    from bot.config import Listen
    from bot.jobs.ports import Clock
    from bot.owner.probe.findings import Fact, Result
    from bot.owner.probe.picture import Evidence, Watch

_MOST_BYTES: Final = 256 * 1024
_MOST_CALLS: Final = 1000
#: How long after the end callbacks are still waited for, in seconds; a second try would come by then.
_LATE: Final = 60.0
_STEP: Final = 5.0
_LOOK: Final = timedelta(seconds=10)
_OFF: Final = (
    "callbacks need --hook-listen and --hook-url, or WEBHOOK_LISTEN (else HTTP_LISTEN) and "
    "WEBHOOK_URL (else PUBLIC_URL)"
)


@final
@dataclass(frozen=True, slots=True)
class Call:
    """A callback: when it came (by the clock's `monotonic`), and what it held."""

    moment: float
    body: bytes
    status: str
    state: str


@final
class HookDoor:
    """Listens under an address that nobody can guess. Opened for the picture; close it.

    Parameters
    ----------
    listen
        None: callbacks are not asked for.
    public_url
        How the API reaches it.
    is_near
        The API is on this machine or network, and needs no public address.

    Attributes
    ----------
    calls
        The callbacks so far.
    trouble
        Why no callback can be expected; empty if there is no reason.
    """

    def __init__(self, listen: Listen | None, public_url: str | None, clock: Clock, *, is_near: bool) -> None:
        self._listen = listen
        self._public_url = public_url
        self._clock = clock
        self._listener: Listener | None = None
        self.secret: Final = secrets.token_urlsafe(24)
        self.calls: list[Call] = []
        self.trouble = "" if listen and (public_url or is_near) else _OFF

    async def open(self) -> str:
        """Listen, and return the address to call; empty, with `trouble` told, if it would not lead here."""
        if self._listen is None or self.trouble:
            return ""
        app = web.Application(client_max_size=_MOST_BYTES)
        app.add_routes([web.get(self._path, self._greet), web.post(self._path, self._take)])
        self._listener = Listener(app, self._listen)
        try:
            here = await self._listener.open()
        except OSError as error:
            self.trouble = f"it cannot be listened at {self._listen.host}:{self._listen.port}: {explain(error)}"
            return ""
        base = self._public_url or here
        self.trouble = await self._misled(base)
        return "" if self.trouble else f"{base}{self._path}"

    async def close(self) -> None:
        """Stop listening. May be called again."""
        if self._listener is not None:
            await self._listener.close()

    @property
    def _path(self) -> str:
        return f"/hook/{self.secret}"  # under the same path as the real receiver's, which a proxy may let through alone

    async def _misled(self, base: str) -> str:
        """Call ourselves: an address that does not lead here from here is not worth asking for."""
        line = Transport(base_url=base, key="probe", submit_timeout=_LOOK, look_timeout=_LOOK)
        try:
            answer = await line.look(Request(method="GET", path=self._path, limit=_MOST_BYTES))
        except CometError as error:
            return f"the address for callbacks does not lead here: {error}"
        finally:
            await line.close()
        return (
            "" if answer.body == b"probe" else f"the address for callbacks leads somewhere else: HTTP {answer.status}"
        )

    async def _greet(self, _: web.Request) -> web.Response:
        return web.Response(text="probe")

    async def _take(self, request: web.Request) -> web.Response:
        moment = self._clock.monotonic()
        body = await request.read()
        try:
            fields = mapping(decode(body))
        except CometUncertain:
            fields = mapping(None)
        if len(self.calls) < _MOST_CALLS:
            self.calls.append(
                Call(moment, body, text(fields.get("status"), 40).upper(), text(fields.get("state"), 255))
            )
        return web.Response(status=500 if len(self.calls) == 1 else 200)


@final
class HookHonored:
    """Whether `notifyHook` does anything."""

    def __init__(self, door: HookDoor, evidence: Evidence, clock: Clock) -> None:
        self.card = Card(
            name="hook-honored",
            place=Place.API,
            question="Is the address in `notifyHook` called, how often, and again after a failure?",
            needs=("picture",),
        )
        self._door = door
        self._evidence = evidence
        self._clock = clock

    def obstacle(self) -> str:
        """Ask for an address that leads here."""
        return self._door.trouble

    async def run(self) -> Result:
        """Wait for late callbacks, then count."""
        watch = self._evidence.watch
        if watch is None:
            return Skipped("no picture was watched")
        seen = watch.sights[-1].moment
        while self._clock.monotonic() - seen < _LATE:
            await pause(self._clock, _STEP)
        await self._door.close()
        if not self._door.calls:
            return Finding(
                f"No: nothing came until {_LATE:.0f} s after the end.",
                "WEBHOOK_URL= (empty): a submit that nobody answers then stays unknown until somebody looks.",
                {"honored": False, "calls": 0},
            )
        return _counted(self._door.calls, watch)


def _counted(calls: list[Call], watch: Watch) -> Finding:
    ours = [call for call in calls if call.state == watch.echo]
    ended = [call.moment for call in calls if call.status in {"SUCCESS", "FAILURE"}]
    again = [call.moment - calls[0].moment for call in calls[1:] if call.body == calls[0].body]
    ahead = round(watch.sights[-1].moment - ended[0], 1) if ended else None
    facts: dict[str, Fact] = {
        "honored": True,
        "calls": len(calls),
        "first": round(calls[0].moment - watch.receipt.answered, 1),
        "with_state": len(ours),
        "retried": bool(again),
        "end_ahead": ahead,
    }
    end = "the end was not told" if ahead is None else f"the end came {_span(ahead)} a look that showed it"
    retry = f"came again {again[0]:.0f} s later" if again else "did not come again"
    state = "all" if len(ours) == len(calls) else f"{len(ours)}"
    return Finding(
        f"Yes: {len(calls)} calls, {state} with our `state`; {end}; the first, which was refused, {retry}.",
        "WEBHOOK_URL: set it to this address, and submits that nobody answers are found again.",
        facts,
    )


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s before" if seconds >= 0 else f"{-seconds:.0f} s after"
