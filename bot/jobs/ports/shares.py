"""Where jobs are shown again, as the engine needs it: pages and results that somebody showed to all, star channels.

Imports only the model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bot.model import Share


class ShareStore(Protocol):
    """What people showed to others, and where. As in `JobStore`, every method is one transaction."""

    async def add(self, share: Share) -> bool:
        """Write down what a message shows; False, and nothing, if one of its jobs was deleted or is for its author."""
        ...

    async def publish(self, share: Share, *, is_its_message: bool) -> bool:
        """Write down what a message shows, and that its job is for its author alone no longer; False as in `add`.

        Parameters
        ----------
        is_its_message
            Whether the job's own message is this one from now on: the one before was for its author's eyes only.
        """
        ...

    async def of_message(self, message_id: int) -> Share | None:
        """Return what a message shows, as far as its jobs are still there."""
        ...

    async def of_job(self, job_id: str) -> list[Share]:
        """Return the messages that show a job, deleted or not, the newest first."""
        ...

    async def of_person(self, user_id: int, channel_id: int, since: datetime) -> list[Share]:
        """Return what somebody has shown in a channel from then on, the newest first."""
        ...

    async def forget(self, message_id: int) -> None:
        """Forget a message: it has gone, or nothing more can be done about it."""
        ...

    async def shown_in(self, channel_id: int, job_ids: Collection[str]) -> frozenset[str]:
        """Return those of these jobs that a channel shows again: as a star channel, or because somebody did."""
        ...
