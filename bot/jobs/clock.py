"""The real clock behind the `Clock` port. Imports only the standard library."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import final

from typing_extensions import override

from bot.jobs.ports import Clock


@final
class SystemClock(Clock):
    """Wall time for records, monotonic time for waits."""

    @override
    def now(self) -> datetime:
        return datetime.now(UTC)

    @override
    def monotonic(self) -> float:
        return time.monotonic()

    @override
    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return False
        return True
