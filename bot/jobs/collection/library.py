"""`Library`: the jobs that exist: found, shown and liked on behalf of a person.

Knows the ports; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Final, final

from bot.errors import ActionUnavailable, JobUnknown, MediaError, TooLarge
from bot.jobs.requests import Shown
from bot.language import mark, say
from bot.model import HistoryFilter

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.jobs.collection.sight import Sight
    from bot.jobs.keeping.looks import Look, Looks
    from bot.jobs.keeping.pictures import Pictures
    from bot.jobs.ports import Clock, Memory
    from bot.jobs.requests import Origin
    from bot.model import HistoryPage, Job, Media

_log = logging.getLogger(__name__)

_CHILDREN: Final = 25
_NOT_NOW: Final = mark("The picture cannot be fetched just now. Try again in a few minutes.")


@final
class Library:
    """Answers questions about jobs. Holds no state."""

    def __init__(
        self,
        *,
        memory: Memory,
        sight: Sight,
        pictures: Pictures,
        looks: Looks,
        clock: Clock,
    ) -> None:
        self._jobs = memory.jobs
        self._people = memory.people
        self._history = memory.history
        self._sight = sight
        self._pictures = pictures
        self._looks = looks
        self._clock = clock

    async def show(self, origin: Origin, job_id: str) -> Shown:
        """Return a job without its file. Its author may see it anywhere, everybody else where it was made.

        Raises
        ------
        JobUnknown
            No such job, or not one that this person may see.
        """
        job = await self._sight.visible(origin, job_id)
        return Shown(job=job, actions=await self._jobs.actions(job_id), parent=await self._sight.parent(job, origin))

    async def details(self, origin: Origin, job_id: str) -> Shown:
        """Return a job with what was made from it, as far as this person may see that; without its file.

        Raises
        ------
        JobUnknown
            No such job, or not one that this person may see.
        """
        shown = await self.show(origin, job_id)
        children = await self._jobs.children(job_id, _CHILDREN)
        seen = await self._sight.seen(origin, [shown.job, *children])
        return replace(
            shown,
            children=tuple(child for child in seen if child.id != job_id and child.deleted_at is None),
            is_favorite=await self._people.is_favorite(origin.user_id, job_id),
        )

    async def open(self, origin: Origin, job_id: str, *, for_all: bool = False) -> Shown:
        """Return a job with its files in a size that this place takes, fetched anew if they are not on our disk.

        Parameters
        ----------
        for_all
            Whether others will see it: then there is no link to where its message stands instead of a file.

        Raises
        ------
        JobUnknown, ActionUnavailable
            No such job, or not one that this person may see; or there is no file that all could see.
        """
        shown = await self.show(origin, job_id)
        try:
            media = await self._pictures.obtain(shown.job)
            fitting = await self._pictures.fit(media, origin.attachment_size_limit) if media else None
        except (MediaError, TooLarge) as error:
            if for_all and isinstance(error, MediaError):
                raise ActionUnavailable(say(_NOT_NOW)) from error
            _log.info("Shown without its file: %s", error, extra={"job": job_id})
            link = await self._looks.fresh_link(shown.job) if isinstance(error, MediaError) else None
            return shown if link is None else replace(shown, job=replace(shown.job, media_url=link))
        more = await self._pictures.more(shown.job, origin.attachment_size_limit, fitting)
        return replace(shown, media=fitting, more=more, original_url=None if fitting is media else shown.job.media_url)

    async def thumbnails(self, jobs: Sequence[Job]) -> list[Look]:
        """Return something small to show for each of these jobs: a file of ours, a link that works, or None.

        It takes two seconds at most. Whoever asks has looked up what they may see.
        """
        return await self._looks.of(jobs)

    async def thumbnails_for_all(self, jobs: Sequence[Job]) -> list[Media | None]:
        """Return a small file to show to everybody for each of these jobs, fetched if need be; or None.

        It takes ten seconds at most. Whoever asks has looked up what may be shown.
        """
        return await self._looks.ours(jobs)

    async def fresh_link(self, job: Job) -> str | None:
        """Return a link at which Discord has the job's picture or video now; None where there is none."""
        return await self._looks.fresh_link(job)

    async def quarters(self, origin: Origin, job_id: str) -> tuple[Job, tuple[Media, ...]]:
        """Return a grid's four pictures, cut out of it on our side: 1 to 4, free of charge.

        Raises
        ------
        JobUnknown, ActionUnavailable
            No such job for this person, or its picture is no grid or cannot be had now.
        """
        job = await self._sight.visible(origin, job_id)
        try:
            media = await self._pictures.obtain(job)
        except MediaError as error:
            _log.info("Not cut: %s", error, extra={"job": job_id})
            media = None
        if media is None:
            raise ActionUnavailable(say(_NOT_NOW))
        return job, await self._pictures.quarters(job, media, origin.attachment_size_limit)

    async def find(self, origin: Origin, job_id: str | None, message_id: int | None) -> Job:
        """Return the job that an id or a message of ours stands for.

        Raises
        ------
        JobUnknown
            None does, or none that this person may see.
        """
        if job_id is None and message_id is not None:
            job = await self._jobs.of_message(message_id)
            job_id = job.id if job is not None else None
        if job_id is None:
            raise JobUnknown(say("There is no job of mine in that message. `/history` lists your own."))
        return await self._sight.visible(origin, job_id)

    async def newest(self, user_id: int, typed: str, limit: int = 25) -> Sequence[Job]:
        """Return a person's newest jobs with these words in their prompt or id."""
        return await self._history.newest(user_id, typed, limit)

    async def history(
        self,
        user_id: int,
        chosen: HistoryFilter | None = None,
        *,
        before: str | None = None,
        after: str | None = None,
        limit: int = 10,
    ) -> HistoryPage:
        """Return a page of a person's own jobs: the newest, or the one on that side of a job id.

        Where nothing is newer any more, because what was has been deleted, the newest page is what they want to see.
        """
        chosen = chosen or HistoryFilter()
        page = await self._history.page(user_id, chosen, before=before, after=after, limit=limit)
        if after is not None and not page.jobs and page.newer is None:
            return await self._history.page(user_id, chosen, limit=limit)
        return page

    async def favorites_among(self, user_id: int, job_ids: Collection[str]) -> frozenset[str]:
        """Return those of these jobs, by id, that are favorites of a person."""
        return await self._people.favorites_among(user_id, job_ids)

    async def like(self, origin: Origin, job_id: str, *, on: bool | None = None) -> bool:
        """Make a job a favorite of this person, or no longer; None turns it round. Return whether it is one now.

        Raises
        ------
        JobUnknown
            No such job, or not one that this person may see.
        """
        job = await self._sight.visible(origin, job_id)
        wanted = not await self._people.is_favorite(origin.user_id, job.id) if on is None else on
        await self._people.set_favorite(origin.user_id, job.id, self._clock.now(), on=wanted)
        return wanted
