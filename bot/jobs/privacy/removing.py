"""`Remover`: jobs taken away for good, with their files. Knows the ports; never discord, aiohttp or aiosqlite."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from bot.jobs.keeping.inputs import Inputs
    from bot.jobs.keeping.keeper import Keeper
    from bot.jobs.ports import Memory
    from bot.model import Job


@final
class Remover:
    """Takes jobs away for good."""

    def __init__(self, *, memory: Memory, keeper: Keeper, inputs: Inputs) -> None:
        self._memory = memory
        self._keeper = keeper
        self._inputs = inputs

    async def remove(
        self, jobs: Sequence[Job], *, with_words: bool = False, counted_since: datetime | None = None
    ) -> None:
        """Remove jobs with all that belongs to them, some hundreds at a time.

        Parameters
        ----------
        jobs
            The newest first.
        with_words
            Whether their prompts go from what others made from them as well.
        counted_since
            What was made from then on stays counted in what its person has used; None: nothing does.

        Raises
        ------
        StorageError
            The database refused. What has gone by then is gone.
        """
        job_ids = [job.id for job in jobs]
        removal = self._memory.privacy.remove(job_ids, with_words=with_words, counted_since=counted_since)
        await self._keeper.follow(removal, job_ids)
        await self.remove_inputs({name for job in jobs for name in job.order.inputs})

    async def sweep(self) -> None:
        """Remove all files that nobody knows, as a stop may have left them behind. Only while nothing is under way."""
        await self._keeper.sweep(timedelta())
        await self._inputs.clear(await self._memory.needed_inputs(self._inputs.kept_since), timedelta())

    async def remove_inputs(self, names: Collection[str]) -> None:
        """Remove pictures that were handed in, but for those that somebody may still need."""
        if names:
            await self._inputs.remove(set(names) - await self._memory.needed_inputs(self._inputs.kept_since))
