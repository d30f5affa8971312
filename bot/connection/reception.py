"""`Reception`: in which order people get their first answer when more come at once than can be answered at once.

Discord waits three seconds for it. If all who have come were served side by side, all would be done at the same late
moment; so a bounded number is, as they came, and in a crowd what can be done after the answers waits until then.
Told of interactions by the client and of answers by `bot.connection.witness`; knows nothing of discord.py.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, final

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

T = TypeVar("T")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How many find room, and for how many seconds.

    Attributes
    ----------
    places
        Served side by side. Most of the time that takes is the way to Discord and back.
    service_s
        A place is given up after this, answered or not: what takes longer waits for something else than its turn.
    crowd
        So many without an answer are a crowd: with a way of 150 ms, that is from 160 a second on.
    wait_s
        Nobody waits for an answer any more after this (Discord, receiving and responding).
    benches
        How much of what people have been told to wait for is done side by side.
    bench_s
        A bench is given up after this, too: somebody's picture may take a minute to come.
    delay_s
        How long that may be put off for the sake of those who have been told nothing yet.
    closing_s
        How long whoever is here when it closes is given to get what they wait for: a stop may take 20 s, and the engine
        has had up to 18 of them (reliability B.4, 17).
    """

    places: int = 128
    service_s: float = 0.5
    crowd: int = 24
    wait_s: float = 3.0
    benches: int = 8
    bench_s: float = 1.0
    delay_s: float = 5.0
    closing_s: float = 1.5


@final
class Reception:
    """Lets people in, and sees them out once they have an answer. For one event loop."""

    def __init__(self, room: Room | None = None) -> None:
        self._room = room or Room()
        self._places = asyncio.Semaphore(self._room.places)
        self._benches = asyncio.Semaphore(self._room.benches)
        self._waiting: dict[int, asyncio.TimerHandle] = {}
        self._served: dict[int, asyncio.TimerHandle] = {}
        self._hosts: set[asyncio.Task[object]] = set()
        self._is_closing = False
        self._crowd, self._calm = (
            asyncio.Event(),
            asyncio.Event(),
        )  # one is set where the other is not: both are awaited
        self._calm.set()

    @property
    def is_crowded(self) -> bool:
        """Whether so many wait for their first answer that nothing else should be done before it."""
        return self._crowd.is_set()

    def came(self, interaction_id: int) -> None:
        """See somebody arrive; Discord may repeat it."""
        if interaction_id in self._waiting:
            return
        loop = asyncio.get_running_loop()
        self._waiting[interaction_id] = loop.call_later(self._room.wait_s, self.answered, interaction_id)
        if len(self._waiting) >= self._room.crowd and not self._is_closing:
            self._crowd.set()
            self._calm.clear()

    async def turn(self, interaction_id: int) -> None:
        """Wait until it is somebody's turn. They leave by themselves, once they have their answer or had their time.

        To be awaited by the task that does all that is done for them.
        """
        host = asyncio.current_task()
        if host is not None:
            self._hosts.add(host)
            host.add_done_callback(self._hosts.discard)
        if interaction_id not in self._waiting:
            return
        await self._places.acquire()
        if interaction_id not in self._waiting or interaction_id in self._served:  # nobody waits, or it was repeated
            self._places.release()
            return
        loop = asyncio.get_running_loop()
        self._served[interaction_id] = loop.call_later(self._room.service_s, self._leave, interaction_id)

    def answered(self, interaction_id: int) -> None:
        """See that somebody has an answer, or will get none."""
        timer = self._waiting.pop(interaction_id, None)
        if timer is not None:
            timer.cancel()
        self._leave(interaction_id)
        if len(self._waiting) < self._room.crowd:
            self._crowd.clear()
            self._calm.set()

    async def patience(self, work: asyncio.Future[T], seconds: float) -> None:
        """Wait for some work so long; in a crowd, not at all."""
        crowd = asyncio.ensure_future(self._crowd.wait())
        try:
            await asyncio.wait({work, crowd}, timeout=max(0.0, seconds), return_when=asyncio.FIRST_COMPLETED)
        finally:
            crowd.cancel()

    @asynccontextmanager
    async def afterwards(self) -> AsyncGenerator[None]:
        """Do what somebody has been told to wait for, once there is no crowd that has been told nothing."""
        with suppress(TimeoutError):  # a crowd may come all day, and this must be done as well
            async with asyncio.timeout(self._room.delay_s):
                await self._calm.wait()
        if self._is_closing:  # what is left to do then is to say so
            yield
            return
        await self._benches.acquire()
        with ExitStack() as bench:
            bench.callback(self._benches.release)
            timer = asyncio.get_running_loop().call_later(self._room.bench_s, bench.close)
            bench.callback(timer.cancel)
            yield

    async def close(self) -> None:
        """Wait for what is being done for people, a while, and then have it end; nobody is put off any more."""
        self._is_closing = True
        self._crowd.clear()
        self._calm.set()
        for _ in self._hosts:  # nor kept waiting for a turn or a bench
            self._places.release()
            self._benches.release()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._room.closing_s):
                while self._hosts:
                    await asyncio.wait(self._hosts)
        for host in self._hosts:
            host.cancel()
        if self._hosts:  # some take something back first, of which Discord has to be told: not for as long as it likes
            await asyncio.wait(self._hosts, timeout=self._room.closing_s)

    def _leave(self, interaction_id: int) -> None:
        timer = self._served.pop(interaction_id, None)
        if timer is not None:
            timer.cancel()
            self._places.release()
