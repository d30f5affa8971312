"""Stars under pictures, and where the best are shown again, as the engine needs it. Imports only the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import Showcase


class StarStore(Protocol):
    """Who put a star under what, and what was shown again for it."""

    async def set_star(self, job_id: str, user_id: int, at: datetime, *, on: bool) -> int:
        """Put a person's star under a job, or take it away; return how many it has then. 0 if there is no such job."""
        ...

    async def begin_showcase(self, showcase: Showcase, at: datetime) -> bool:
        """Write down that a job is about to be shown in a star channel; False if it is or was already."""
        ...

    async def showcase(self, job_id: str) -> Showcase | None:
        """Return where a job is shown, or is about to be."""
        ...

    async def shown(self, job_id: str, message_id: int) -> None:
        """Write down which message shows it."""
        ...

    async def withdraw_showcase(self, job_id: str) -> None:
        """Forget that a job is shown, because it is not."""
        ...

    async def open_showcases(self, before: datetime) -> list[Showcase]:
        """Return those begun before that time whose end is not known, and those of jobs that were deleted since."""
        ...
