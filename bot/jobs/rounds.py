"""The rounds of the engine's parts: step after step of each, and when each last came round.

A part that no longer comes round strands jobs although the process lives, so what supervises the process asks here.
Knows the clock; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable

    from bot.jobs.ports import Clock

_log = logging.getLogger(__name__)

#: Seconds before the next step after one that failed.
_AFTER_FAULT: Final = 1.0
#: How long a step may take that waits for nobody but the database (reliability E, Health).
PROMPT: Final = 60.0
#: One that asks the API whether it is there, and asks once more.
ASKING: Final = 120.0
#: One that waits for Discord, through an outage, for one thing after another; or that clears away gigabytes. Ended from
#: outside, it would only begin anew.
PATIENT: Final = 1800.0


@final
@dataclass(slots=True)
class _Part:
    every: float
    patience: float
    began: float


@final
class Rounds:
    """Keeps parts going until they are to stop.

    Parameters
    ----------
    stopping
        Set once, from outside.
    """

    def __init__(self, clock: Clock, stopping: asyncio.Event) -> None:
        self._clock = clock
        self._stopping = stopping
        self._parts: dict[str, _Part] = {}

    @property
    def late(self) -> list[str]:
        """The parts whose latest step began longer ago than it should have."""
        now = self._clock.monotonic()
        return [name for name, part in self._parts.items() if now - part.began > part.every + part.patience]

    def start(
        self,
        group: asyncio.TaskGroup,
        name: str,
        step: Callable[[], Awaitable[None]],
        every: float,
        *,
        due: asyncio.Event | None = None,
        patience: float = PROMPT,
    ) -> asyncio.Task[None]:
        """Start to take a part's steps.

        Parameters
        ----------
        every
            Seconds between the end of a step and the next, unless `due` is set before.
        patience
            Seconds that a step may take at most.
        """
        part = self._parts[name] = _Part(every, patience, self._clock.monotonic())
        return group.create_task(self._keep(part, step, due), name=name)

    async def _keep(self, part: _Part, step: Callable[[], Awaitable[None]], due: asyncio.Event | None) -> None:
        """Take step after step; one that fails is logged and does not end the others."""
        wake = due or self._stopping
        while not self._stopping.is_set():
            part.began = self._clock.monotonic()
            if due is not None:
                due.clear()
            try:
                await step()
            except Exception:  # noqa: BLE001 - the boundary of the engine: a part that dies would strand every job
                _log.exception("A step failed; trying again")
                await self._clock.wait(self._stopping, _AFTER_FAULT)
            await self._clock.wait(wake, part.every)
