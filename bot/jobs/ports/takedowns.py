"""Messages of deleted jobs that are still to be taken away, as the engine needs them. Imports only the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import Job


class TakedownStore(Protocol):
    """Whose messages have to go. `JobStore.delete` writes them down."""

    async def open(self, before: datetime, limit: int) -> list[Job]:
        """Return jobs that were deleted before that time and whose messages may still be there, oldest first."""
        ...

    async def done(self, job_id: str) -> None:
        """Forget that a message has to go: it has gone, or it never will."""
        ...
