"""`Pulse`: how late the event loop comes round, as everything that waits in it feels it. Imports nothing of Easel."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, final

from benchmarks.table import cuts

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

_BEAT: Final = 0.01


@final
class Pulse:
    """Measures while it is entered: again and again, how much later than asked for a sleep ended.

    Parameters
    ----------
    beat
        Seconds between two looks; a hundred a second cost a percent of a core.
    """

    def __init__(self, beat: float = _BEAT) -> None:
        self._every = beat
        self._late: list[float] = []
        self._beating: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._beating = asyncio.create_task(self._beat(), name="pulse")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._beating is not None:
            self._beating.cancel()

    async def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + self._every
            await asyncio.sleep(self._every)
            self._late.append((loop.time() - due) * 1000)

    def cuts(self) -> tuple[float, float]:
        """Return p50 and p99 of the milliseconds that it came late."""
        return cuts(self._late or [0.0])

    @property
    def worst(self) -> float:
        """The most milliseconds that it came late."""
        return max(self._late, default=0.0)
