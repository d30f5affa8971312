"""`Watch`: keeps looking at the process, sets the numbers that nobody moves, and tells systemd that it is alive.

Runs beside everything else, from before the login until the end.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final, Self, final

from bot.errors import StorageError
from bot.watch.supervisor import ALIVE, READY, STOPPING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

    from bot.watch.health import Health
    from bot.watch.pulse import Pulse
    from bot.watch.supervisor import Supervisor

_log = logging.getLogger(__name__)

_LOOK_EVERY_S: Final = 15.0
#: Told three times as often as need be, so that one lost word is no death.
_SPARE: Final = 3.0


@final
class Watch:
    """Watches within its `async with` block.

    Parameters
    ----------
    look
        Sets the numbers; may raise `StorageError`.
    """

    def __init__(
        self, *, pulse: Pulse, health: Health, supervisor: Supervisor, look: Callable[[], Awaitable[None]]
    ) -> None:
        self._pulse = pulse
        self._health = health
        self._supervisor = supervisor
        self._look = look
        self._tasks: list[asyncio.Task[None]] = []
        self._is_blind = False

    async def __aenter__(self) -> Self:
        self._tasks = [
            asyncio.create_task(self._pulse.run(), name="pulse"),
            asyncio.create_task(self._keep_looking(), name="looks"),
            asyncio.create_task(self._keep_telling(), name="watchdog"),
        ]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def started(self) -> None:
        """Tell systemd that the start is over; whether Discord is there is another matter (`/readyz`)."""
        self._supervisor.tell(READY)

    def stopping(self) -> None:
        """Tell systemd that the end is wanted."""
        self._supervisor.tell(STOPPING)

    async def _keep_looking(self) -> None:
        while True:
            try:
                await self._look()
            except StorageError as error:
                _log.log(logging.INFO if self._is_blind else logging.WARNING, "The database cannot be read: %s", error)
                self._is_blind = True
            except Exception:  # noqa: BLE001 - the boundary of this task: what cannot be counted must not end anything
                _log.exception("The numbers could not be set")
            else:
                self._is_blind = False
            await asyncio.sleep(_LOOK_EVERY_S)

    async def _keep_telling(self) -> None:
        """Feed systemd's watchdog for as long as the process deserves to go on."""
        if self._supervisor.watchdog_s is None:
            return
        while True:
            faults = self._health.faults()
            if faults:
                _log.error("Not alive: %s", "; ".join(f"{name} {fault}" for name, fault in faults.items()))
            else:
                self._supervisor.tell(ALIVE)
            await asyncio.sleep(self._supervisor.watchdog_s / _SPARE)
