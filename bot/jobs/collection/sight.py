"""Who may see and who may change which job. Knows the ports; never discord, aiohttp or aiosqlite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from bot.errors import JobUnknown, NotPermitted
from bot.language import mark, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.jobs.ports import JobStore, PeopleStore, ShareStore
    from bot.jobs.requests import Origin
    from bot.model import Job

_UNKNOWN: Final = mark("I know no such job here, or do not keep it any more. `/history` lists your own.")


@final
class Sight:
    """Looks jobs up for people.

    An id is never a capability (design 6): a job is seen by its author anywhere, by others where it was made or
    shown: by itself, in a star channel, or because somebody showed it there. What somebody made a favorite there, they
    see among their favorites anywhere.
    """

    def __init__(self, store: JobStore, shares: ShareStore, people: PeopleStore) -> None:
        self._store = store
        self._shares = shares
        self._people = people

    async def visible(self, origin: Origin, job_id: str) -> Job:
        """Return a job that this person may see: their own, one of this channel, or the one upscale of such a job.

        Raises
        ------
        JobUnknown
            No such job, or not one that this person may see, or it was deleted.
        """
        job = await self._store.get(job_id)
        if job is not None and job.deleted_at is not None:
            raise JobUnknown(say("That one was deleted. `/history` lists what you have."))
        if job is None or not (await self.is_here(job, origin) or await self._is_liked(job, origin)):
            raise JobUnknown(say(_UNKNOWN))
        return job

    async def is_here(self, job: Job, origin: Origin) -> bool:
        """Whether a job is this person's own, or this is a place where it is shown, or the job it is the upscale of."""
        if await self._stands_here(job, origin):
            return True
        if job.is_private or job.single_key is None or job.parent_id is None:
            return False
        parent = await self._store.get(job.parent_id)
        return parent is not None and await self._stands_here(parent, origin)

    async def _is_liked(self, job: Job, origin: Origin) -> bool:
        """Whether a job, or the one it is the upscale of, is a favorite of this person."""
        if job.is_private:
            return False
        liked = [job.id, *([job.parent_id] if job.single_key is not None and job.parent_id is not None else [])]
        return bool(await self._people.favorites_among(origin.user_id, liked))

    async def _stands_here(self, job: Job, origin: Origin) -> bool:
        """Whether a job is this person's own, or this is a place where it was made or is shown again."""
        return _may_see(job, origin) or job.id in await self._shown_again(origin, [job])

    async def _shown_again(self, origin: Origin, jobs: Sequence[Job]) -> frozenset[str]:
        """Return those of these jobs, by id, that this place shows again: for everybody there to open and to use."""
        return await self._shares.shown_in(origin.channel_id, [job.id for job in jobs if not job.is_private])

    async def seen(self, origin: Origin, jobs: Sequence[Job]) -> list[Job]:
        """Return those of a family that this person may see, deleted ones included; in their order."""
        by_id, shown = {job.id: job for job in jobs}, await self._shown_again(origin, jobs)

        def stands_here(job: Job) -> bool:
            return _may_see(job, origin) or job.id in shown

        def is_seen(job: Job) -> bool:
            if stands_here(job):
                return True
            is_shared = job.single_key is not None and not job.is_private
            parent = by_id.get(job.parent_id or "") if is_shared else None
            return parent is not None and stands_here(parent)

        return [job for job in jobs if is_seen(job)]

    async def own(self, origin: Origin, job_id: str) -> Job:
        """Return a job that this person may change: its author, or a moderator of the server where it was made.

        Raises
        ------
        JobUnknown, NotPermitted
            With the sentence to show.
        """
        job = await self.visible(origin, job_id)
        moderates = origin.may_moderate and job.guild_id == origin.guild_id and await self.is_here(job, origin)
        if job.user_id != origin.user_id and not moderates:
            raise NotPermitted(say("Only the person who asked for it, or a moderator, may do that."))
        return job

    async def parent(self, job: Job, origin: Origin) -> Job | None:
        """Return the job that this one was made from, if it is still there and this person may see it, or saw it."""
        parent = await self._store.get(job.parent_id) if job.parent_id is not None else None
        if parent is None or parent.deleted_at is not None:
            return None
        is_known = job.user_id == origin.user_id  # they pressed its button
        is_seen = is_known or await self.is_here(parent, origin) or await self._is_liked(parent, origin)
        return parent if is_seen else None


def _may_see(job: Job, origin: Origin) -> bool:
    if job.is_private:
        return job.user_id == origin.user_id
    return job.user_id == origin.user_id or origin.channel_id in (job.channel_id, job.delivery.channel_id)
