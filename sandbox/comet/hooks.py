"""Calling `notifyHook`: at each change, in parallel, unsigned and never again if it fails (contract 5)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, final

import aiohttp

from sandbox.comet.faults import Fault, Stage
from sandbox.comet.script import ENDS, GONE, IN_PROGRESS, MODAL, NOT_START, SUBMITTED
from sandbox.comet.switches import Scene
from sandbox.comet.wire import Payload

if TYPE_CHECKING:
    from sandbox.comet.switches import FaultSwitches
    from sandbox.comet.tasks import Task, TaskBook
    from sandbox.comet.wire import Wire

_LOOK_SECONDS: Final = 0.01
_TIMEOUT: Final = aiohttp.ClientTimeout(total=5)
_RANKS: Final = {NOT_START: 0, SUBMITTED: 1, IN_PROGRESS: 3}
_END: Final = 400


@dataclass(slots=True)
class _Watched:
    task: Task
    rank: int = -1
    """Of the last state that was seen; older ones are dropped."""
    earlier: list[Payload] = field(default_factory=list[Payload])
    held: list[Payload] = field(default_factory=list[Payload])


@final
class Hooks:
    """Watch the tasks that have a hook, with one coroutine for all of them."""

    def __init__(self, book: TaskBook, wire: Wire, faults: FaultSwitches) -> None:
        self._wire = wire
        self._faults = faults
        self._watched: list[_Watched] = []
        self._sending: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None
        self._session: aiohttp.ClientSession | None = None
        book.on_add = self._add
        for task in book.values():  # of an earlier sandbox; what ended while nobody watched is not told any more
            if task.status not in ENDS:
                self._add(task)

    def start(self) -> None:
        """Begin to watch."""
        self._session = aiohttp.ClientSession(timeout=_TIMEOUT)
        self._watching = asyncio.create_task(self._watch(), name="comet-hooks")

    async def stop(self) -> None:
        """Stop watching and drop what was not sent."""
        running = [*self._sending, *([self._watching] if self._watching else [])]
        for sending in running:
            sending.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def _add(self, task: Task) -> None:
        if task.order.notify_hook:
            self._watched.append(_Watched(task))
            self._wake.set()

    async def _watch(self) -> None:
        while True:
            await self._wake.wait()
            self.look()
            if not self._watched:
                self._wake.clear()
            await asyncio.sleep(_LOOK_SECONDS)

    def look(self) -> None:
        """Send what has changed since the last look."""
        for watched in self._watched:
            self._look(watched)
        self._watched = [watched for watched in self._watched if watched.rank < _END]

    def _look(self, watched: _Watched) -> None:
        """Send a hook if the task has changed."""
        step = watched.task.step
        if step.status in {MODAL, GONE}:
            return
        rank = _END if step.status in ENDS else _RANKS.get(step.status, 0) + (step.percent or 0)
        if rank <= watched.rank:
            return
        watched.rank = rank
        bodies = self._bodies(watched, self._wire.live(watched.task), is_end=rank == _END)
        if bodies:
            sending = asyncio.create_task(self._send(watched.task.order.notify_hook, bodies))
            self._sending.add(sending)
            sending.add_done_callback(self._sending.discard)

    def _bodies(self, watched: _Watched, body: Payload, *, is_end: bool) -> list[Payload]:
        """Return what is sent for a change, in this order, as the faults will have it."""
        scene = watched.task.order.scene
        occasion = Scene(frozenset({"hook"}), scene.prompt, scene.on_action, watched.task.id)
        trigger = self._faults.take(Stage.HOOK, occasion)
        earlier, watched.earlier = watched.earlier, [*watched.earlier, body]
        match trigger.fault if trigger else None:
            case Fault.HOOK_MISSING:
                return []
            case Fault.HOOK_DUPLICATE:
                return [body, body]
            case Fault.HOOK_STALE if is_end:
                return [body, *earlier[-1:]]
            case Fault.HOOK_REORDERED if not is_end:
                watched.held.append(body)
                return []
            case _:
                held, watched.held = watched.held, []
                return [body, *reversed(held)] if is_end else [body]

    async def _send(self, url: str, bodies: list[Payload]) -> None:
        if self._session is None:
            return
        for body in bodies:
            try:
                async with self._session.post(url, json=body) as answer:
                    await answer.read()
            except (aiohttp.ClientError, TimeoutError):
                continue
