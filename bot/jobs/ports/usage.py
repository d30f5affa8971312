"""What a person has used, as the engine needs it. Imports only the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import Job, Used


class UsageStore(Protocol):
    """What people have had made."""

    async def used(self, user_id: int, since: datetime) -> list[Used]:
        """Return how much a person has used since that time, deleted jobs included."""
        ...

    async def under_way(self, user_id: int, limit: int) -> list[Job]:
        """Return what is waiting or running for a person, oldest first."""
        ...
