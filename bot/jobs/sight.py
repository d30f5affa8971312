"""Who may see and who may change which job. Knows the ports; never discord, aiohttp or aiosqlite."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from bot.errors import JobUnknown, NotPermitted

if TYPE_CHECKING:
    from bot.jobs.ports import JobStore
    from bot.jobs.requests import Origin
    from bot.model import Job


@final
class Sight:
    """Looks jobs up for people.

    An id is never a capability (design 6): a job is seen by its author anywhere, by others where it was made or shown.
    """

    def __init__(self, store: JobStore) -> None:
        self._store = store

    async def visible(self, origin: Origin, job_id: str) -> Job:
        """Return a job that this person may see: their own, one of this channel, or the one upscale of such a job.

        Raises
        ------
        JobUnknown
            No such job, or not one that this person may see, or it was deleted.
        """
        job = await self._store.get(job_id)
        if job is not None and job.deleted_at is not None:
            raise JobUnknown("That one was deleted. `/history` lists what you have.")
        if job is not None and not _may_see(job, origin) and job.single_key is not None and job.parent_id is not None:
            parent = await self._store.get(job.parent_id)
            if parent is not None and _may_see(parent, origin):
                return job
        if job is None or not _may_see(job, origin):
            raise JobUnknown("I know no such job here. `/history` lists your own.")
        return job

    async def own(self, origin: Origin, job_id: str) -> Job:
        """Return a job that this person may change: its author, or a moderator.

        Raises
        ------
        JobUnknown, NotPermitted
            With the sentence to show.
        """
        job = await self.visible(origin, job_id)
        if job.user_id != origin.user_id and not origin.may_moderate:
            raise NotPermitted("Only the person who asked for it, or a moderator, may do that.")
        return job

    async def parent(self, job: Job) -> Job | None:
        """Return the job that this one was made from, if it is still there to be shown."""
        parent = await self._store.get(job.parent_id) if job.parent_id is not None else None
        return None if parent is None or parent.deleted_at is not None else parent


def _may_see(job: Job, origin: Origin) -> bool:
    if job.is_private:
        return job.user_id == origin.user_id
    return job.user_id == origin.user_id or origin.channel_id in (job.channel_id, job.delivery.channel_id)
