"""`Crew`: pieces of work under way at once, at most one per key, none of them able to fail unseen.

asyncio forgets tasks that nobody holds and `TaskGroup` ends all when one fails; the engine needs neither. Imports only
`bot.log`.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import nullcontext
from typing import TYPE_CHECKING, final

from bot.log import job_context

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

_log = logging.getLogger(__name__)


@final
class Crew:
    """Runs at most `size` pieces of work at once.

    Parameters
    ----------
    name
        What they do; named in the log when one fails.
    per_job
        Whether the keys are job ids, which every log record of the work then carries.

    Attributes
    ----------
    place_free
        Called whenever a piece of work is done, so that whoever has more need not wait for its next turn. Not after
        one that failed: what is due again at once would otherwise be started in a circle without a pause.
    """

    def __init__(self, name: str, size: int, *, per_job: bool = True) -> None:
        self._name = name
        self._size = size
        self._per_job = per_job
        self.place_free: Callable[[], None] = _nobody
        self._tasks: dict[str, asyncio.Task[None]] = {}

    @property
    def free(self) -> int:
        """How many more may start now."""
        return self._size - len(self._tasks)

    def __contains__(self, key: str) -> bool:
        return key in self._tasks

    def start(self, key: str, work: Coroutine[None, None, None]) -> None:
        """Start a piece of work. The key must not be under way."""
        assert key not in self._tasks, key  # noqa: S101 - a second piece under one key would be a bug of ours
        self._tasks[key] = asyncio.create_task(self._run(key, work), name=f"{self._name} {key}")

    async def finish(self, key: str, seconds: float) -> None:
        """Wait so many seconds at most for the piece under that key, if any, then cancel it."""
        task = self._tasks.get(key)
        if task is None:
            return
        await asyncio.wait([task], timeout=seconds)
        task.cancel()
        await asyncio.wait([task])

    async def drain(self, seconds: float | None = None) -> bool:
        """Wait until nothing is under way, at most so many seconds; tell whether that was reached."""
        try:
            async with asyncio.timeout(seconds):
                while self._tasks:
                    await asyncio.wait(list(self._tasks.values()))
        except TimeoutError:
            return False
        return True

    async def stop(self, seconds: float) -> bool:
        """Wait so many seconds at most for what is under way, then cancel the rest; tell whether all was done."""
        done = await self.drain(seconds)
        rest = list(self._tasks.values())
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        return done

    async def _run(self, key: str, work: Coroutine[None, None, None]) -> None:
        with job_context(key) if self._per_job else nullcontext():
            try:
                await work
            except Exception:  # noqa: BLE001 - the boundary of background work: nobody above could be told
                _log.exception("%s failed", self._name)
                del self._tasks[key]
            except BaseException:
                del self._tasks[key]
                raise
            else:
                del self._tasks[key]
                self.place_free()


def _nobody() -> None:
    """Stand in for those who do not wait for a place."""
