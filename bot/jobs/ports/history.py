"""A person's history, as the engine needs it. Imports only the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.model import HistoryFilter, HistoryPage, Job


class HistoryStore(Protocol):
    """What a person has made, newest first, however much that is. Jobs that were deleted are in none of it."""

    async def page(
        self, user_id: int, chosen: HistoryFilter, *, before: str | None = None, after: str | None = None, limit: int
    ) -> HistoryPage:
        """Return a page of what `chosen` lets through: the newest one, or that next to a job id.

        Pages hang on ids, not on numbers, so jobs that arrive meanwhile shift nothing.

        Parameters
        ----------
        before, after
            Not both: the page of what is older than that job, or the page just newer than it.
        limit
            How many jobs a page has at most.
        """
        ...

    async def newest(self, user_id: int, text: str, limit: int) -> list[Job]:
        """Return a person's newest jobs with these words, each of which may stand anywhere, as a page would have them.

        It looks at their last 10,000. An id, or the beginning of one, is found however old its job is.
        """
        ...
