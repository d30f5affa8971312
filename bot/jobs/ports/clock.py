"""Time, as the engine needs it. Imports nothing of Easel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import asyncio
    from datetime import datetime


class Clock(Protocol):
    """Time, as the engine sees it; a test drives its own."""

    def now(self) -> datetime:
        """Return the time of day: aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that only ever grow, for measuring waits."""
        ...

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        """Wait until `event` is set or `seconds` have passed; tell whether it was set. The event is not cleared."""
        ...
