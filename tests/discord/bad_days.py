"""A clock for bad days: hours pass when a test says so, and waits of minutes may take moments."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import final

from typing_extensions import override

from bot.jobs.ports import Clock


@final
class ShortClock(Clock):
    """Real time, but for what it is moved ahead by, and for waits: they are noted, and as many times shorter."""

    def __init__(self, times_shorter: float = 1.0) -> None:
        self._times_shorter = times_shorter
        self._ahead = 0.0
        self.waits: list[float] = []

    def advance(self, seconds: float) -> None:
        """Let time jump ahead."""
        self._ahead += seconds

    @override
    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._ahead)

    @override
    def monotonic(self) -> float:
        return time.monotonic() + self._ahead

    @override
    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        self.waits.append(seconds)
        try:
            async with asyncio.timeout(seconds / self._times_shorter):
                await event.wait()
        except TimeoutError:
            return False
        return True
