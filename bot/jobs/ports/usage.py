"""What a person has used, as the engine needs it. Imports only the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import Job, Used


class UsageStore(Protocol):
    """What people have had made."""

    async def used(self, user_id: int, since: datetime) -> list[Used]:
        """Return how much a person has used since a day of UTC began, deleted and removed jobs included."""
        ...

    async def under_way(self, user_id: int, limit: int) -> list[Job]:
        """Return what is waiting or running for a person, oldest first."""
        ...

    async def count_under_way(self, user_id: int) -> int:
        """Return how many jobs are waiting or running for a person."""
        ...

    async def sums(self, user_id: int) -> list[tuple[datetime, Used]]:
        """Return how much of what was removed for its age a person has used, with the day of each."""
        ...

    async def forget(self, before: datetime) -> None:
        """Forget these sums of the days before that time."""
        ...
