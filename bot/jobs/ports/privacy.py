"""What a person may know, take along and have forgotten, as the engine needs it. Imports only the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from bot.model import Batch, Draft, Export, Holdings, Job, Preset, Share, Tombstone


class PrivacyStore(Protocol):
    """People's data as a whole. As in `JobStore`, every method is one transaction, and those that write raise."""

    async def holdings(self, user_id: int) -> Holdings:
        """Return how much is kept of a person."""
        ...

    async def drafts(self, user_id: int) -> list[Draft]:
        """Return what a person has filled in and not sent yet."""
        ...

    async def jobs(self, user_id: int, before: str, limit: int) -> list[Job]:
        """Return the jobs of a person whose id is less than `before`, newest first, deleted ones included."""
        ...

    # Leaving ---------------------------------------------------------------------------------------------------------

    async def newest(self, user_id: int) -> datetime | None:
        """Return when the newest of what is kept of a person was made, by the clock of then; None for nothing."""
        ...

    async def leave(self, user_id: int, tombstone: Tombstone, until: datetime) -> list[Job]:
        """Write down that a person leaves, take away what is theirs but their jobs, and part them from those under way.

        What waits is cancelled and can be sent no more. What the API has stays as nobody's job: without a prompt, an
        author, a place or a way to one, and deleted, so that it is delivered to nobody.

        Parameters
        ----------
        until
            What was made later stays: the person has come back.

        Returns
        -------
        list
            The jobs that were under way, as they were.
        """
        ...

    async def remove(
        self, job_ids: Collection[str], *, with_words: bool = False, counted_since: datetime | None = None
    ) -> list[str]:
        """Remove jobs with all that belongs to them; return the names of their files that no other job has.

        Parameters
        ----------
        job_ids
            The newest first.
        with_words
            Whether their prompts go from what others made from them as well.
        counted_since
            What was made from then on stays counted in what its person has used; None: nothing does.
        """
        ...

    async def take_words_back(self) -> int:
        """Take the words of those who have left out of what was on its way then and has arrived; return of how many."""
        ...

    async def part(self, user_id: int, until: datetime) -> None:
        """Remove what is left once the jobs are gone: the batches."""
        ...

    async def finish(self, tombstone: Tombstone, at: datetime) -> None:
        """Write down that nothing is left of somebody."""
        ...

    async def nobodys(self, limit: int) -> list[Job]:
        """Return the jobs of people who left that the API has done with."""
        ...

    async def scrub(self) -> bool:
        """See to it that what was removed is nowhere in the database's files either; tell whether that could be done.

        It cannot while another program goes on reading the database.
        """
        ...

    # Coming back out of a backup -------------------------------------------------------------------------------------

    async def people(self) -> list[int]:
        """Return the ids of all of whom something is kept."""
        ...

    async def has_older(self, user_id: int, than: datetime) -> bool:
        """Tell whether something is kept of a person that is older than that."""
        ...

    async def tombstones(self) -> list[Tombstone]:
        """Return all who have left."""
        ...

    async def bury(self, tombstones: Collection[Tombstone]) -> None:
        """Write down those who have left and of whom this database knows nothing."""
        ...

    # Keeping no longer than wanted -----------------------------------------------------------------------------------

    async def outlived(self, before: datetime, limit: int) -> list[Job]:
        """Return jobs made before that time whose person has had the last word about them, oldest first."""
        ...

    async def clear_batches(self, before: datetime) -> int:
        """Remove the batches made before that time that have no jobs any more; return how many there were."""
        ...


class ExportStore(Protocol):
    """What is to be put together for whom."""

    async def add(self, export: Export) -> bool:
        """Write an export down, unless this person has one under way; tell whether it was."""
        ...

    async def open(self) -> Sequence[Export]:
        """Return all exports under way, oldest first."""
        ...

    async def sent(self, export_id: str, parts: int) -> None:
        """Record how many parts the person has."""
        ...

    async def remove(self, export_id: str) -> None:
        """Forget an export."""
        ...

    async def batches(self, user_id: int) -> list[Batch]:
        """Return a person's batches without their jobs, the latest first."""
        ...

    async def presets(self, user_id: int) -> list[Preset]:
        """Return what a person keeps under a name."""
        ...

    async def preset_shares(self, user_id: int) -> list[tuple[str, int, str]]:
        """Return which preset of a person's others may use in which server, and what the person was called there."""
        ...

    async def shares(self, user_id: int) -> list[Share]:
        """Return what a person has shown to others, the latest first."""
        ...

    async def favorites(self, user_id: int) -> list[tuple[str, datetime]]:
        """Return the ids of a person's favorites, and since when they are, the latest first."""
        ...

    async def words_elsewhere(self, user_id: int) -> list[str]:
        """Return the words of a person's that others have in theirs, and of which the person's own job is gone."""
        ...

    async def stars(self, user_id: int) -> list[tuple[str, datetime]]:
        """Return the ids of the jobs that a person starred, and when, the latest first."""
        ...
