"""Which files are kept for which jobs, as the engine needs it. Imports only the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bot.model import KeptFile


class FileStore(Protocol):
    """What is known of kept files. As in `JobStore`, every method is one transaction.

    A file is on disk before it is written down here, and goes after it was forgotten: what is left behind by a kill is
    a file that nobody knows, never a name without its file.
    """

    async def keep(self, file: KeptFile, url: str | None = None) -> bool:
        """Write a file down, in the place of the job's earlier one of that part; False if the job is deleted or gone.

        With part 0 it becomes the job's `picture`; with `url` that is its `media_url` from now on.
        """
        ...

    async def of_job(self, job_id: str) -> list[KeptFile]:
        """Return a job's files in the order of their parts."""
        ...

    async def release(self, job_id: str) -> list[str]:
        """Forget all files of a job; return the names that no other job has."""
        ...

    async def forget(self, names: Collection[str]) -> list[str]:
        """Forget files for all their jobs; return those that were forgotten: not what is still to be delivered."""
        ...

    async def oldest(
        self, before: datetime | None, limit: int, *, after: KeptFile | None = None, liked: bool | None = None
    ) -> list[KeptFile]:
        """Return the files that may be forgotten, each once, longest kept first.

        A shared one is as old as for its latest job. Left out is what a job has whose delivery is not finished.

        Parameters
        ----------
        before
            Only those kept before that time; None for all.
        after
            Where an earlier look ended: only those that come behind it. None for the beginning.
        liked
            Only those that are the picture of somebody's favorite or stand in a star channel, or only the others; None
            for both.
        """
        ...

    async def total(self) -> int:
        """Return how many bytes all kept files take; one that is shared counts once."""
        ...

    async def held(self, beginning: str) -> set[str]:
        """Return the names that begin like this and belong to a job."""
        ...

    async def of_deleted(self) -> list[str]:
        """Return the ids of deleted jobs whose files were not released."""
        ...
