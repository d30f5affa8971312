"""Pictures on our own disk: fetched once, kept, and made smaller where a place takes no large files.

Knows the ports, the keeper, the model and `bot.imaging`; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Final, final
from weakref import WeakValueDictionary

from bot.errors import ActionUnavailable, CometError, MediaError, MediaUnavailable, PictureUnusable, TooLarge
from bot.imaging.quarters import quarters
from bot.imaging.shrinking import shrink
from bot.jobs.keeping.keeper import Keeper
from bot.language import say
from bot.model import Phase, Status, is_grid

if TYPE_CHECKING:
    from pathlib import Path

    from bot.jobs.ports import Clock, Darkroom, Memory, Midjourney
    from bot.model import Job, Media, Task

_log = logging.getLogger(__name__)

#: In bytes, for all files of one message (Discord: create message), with room for the rest of it.
_TOGETHER: Final = 25 * 1024 * 1024 - 64 * 1024
_MOST_MORE: Final = 9  # Discord takes ten files in a message
_QUARTERS: Final = 4


def link_candidates(task: Task) -> tuple[str, ...]:
    """Return the addresses under which a finished task's media may be had, best first."""
    picture = (task.picture_url,) if task.picture_url else ()
    return (*task.video_urls, *picture)


@final
class Pictures:
    """The picture folder.

    Parameters
    ----------
    folder
        Created when needed; nothing else may live there.

    Attributes
    ----------
    drawing
        The thumbnails that are being drawn.
    keeper
        Who knows what lies in that folder.
    darkroom
        Where pictures are decoded, and drawn, one at a time.
    worker
        The one thread for files: what is kept and what goes is decided in it.
    """

    def __init__(
        self, *, folder: Path, memory: Memory, midjourney: Midjourney, clock: Clock, darkroom: Darkroom
    ) -> None:
        self._store = memory.jobs
        self._midjourney = midjourney
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.drawing: set[asyncio.Task[Media | None]] = set()
        self.worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")
        self.darkroom = darkroom
        self.keeper = Keeper(folder=folder, files=memory.files, clock=clock, darkroom=darkroom, worker=self.worker)

    def close(self) -> None:
        """Let the worker thread go."""
        for drawing in self.drawing:
            drawing.cancel()
        self.worker.shutdown(wait=False, cancel_futures=True)

    async def obtain(self, job: Job) -> Media | None:
        """Return the job's file, from our disk or fetched; None where the job has none.

        Raises
        ------
        MediaUnavailable
            It could not be fetched now.
        MediaRefused
            It breaks our own rules, and would do so at the next try.
        """
        async with self._one_at_a_time(job.id):
            return await self._obtain(await self._store.get(job.id) or job)

    async def _obtain(self, job: Job) -> Media | None:
        if job.deleted_at is not None:
            return None
        kept = await self.keeper.kept(job)
        if kept is not None or job.status is not Status.SUCCEEDED or (job.media_url is None and job.result_text):
            return kept
        if job.media_url is None:
            return await self._fetch_anew(job, MediaUnavailable("the API named no picture"))
        try:
            return await self._fetch(job, job.media_url)
        except MediaUnavailable as error:
            _log.info("Picture not fetched (%s); asking for fresh links", error, extra={"job": job.id})
            return await self._fetch_anew(job, error)

    def _one_at_a_time(self, job_id: str) -> asyncio.Lock:
        """Return the lock of a job's files, which lives as long as somebody uses it."""
        return self._locks.setdefault(job_id, asyncio.Lock())

    async def _fetch(self, job: Job, url: str) -> Media | None:
        """Fetch and keep the job's picture; None if the job was deleted meanwhile."""
        fetched = await self._midjourney.download(url, await self.keeper.draft(job, 0))
        kept = await self.keeper.keep(job, 0, fetched, url)
        if kept is not None:
            self._draw_thumbnail(replace(job, picture=kept.path.name, media_type=kept.media_type))
        return kept

    def _draw_thumbnail(self, job: Job) -> None:
        """Have the thumbnail made once the worker has nothing better to do: the history will want it."""
        drawing = asyncio.create_task(self.keeper.thumbnail(job), name="thumbnail")
        self.drawing.add(drawing)
        drawing.add_done_callback(self.drawing.discard)

    async def _fetch_anew(self, job: Job, cause: MediaError) -> Media | None:
        """Ask the API where the picture is now, and try each address."""
        if job.task_id is None:
            raise cause
        try:
            task = await self._midjourney.fetch(job.task_id)
        except CometError as error:
            raise MediaUnavailable(str(error)) from error
        if task is None or task.phase is not Phase.SUCCEEDED:
            raise cause
        for url in link_candidates(task):
            try:
                return await self._fetch(job, url)
            except MediaError as error:
                cause = error
        raise cause

    async def more(self, job: Job, limit: int, beside: Media | None) -> tuple[Media, ...]:
        """Return the job's further files (the other videos of a batch), as far as they fit in one message.

        What cannot be had, or is too large, is left out: the first file tells where the job is.

        Parameters
        ----------
        limit
            In bytes, for each.
        beside
            What goes into the same message.
        """
        urls = job.more_urls[:_MOST_MORE]
        if not urls or job.deleted_at is not None:
            return ()
        async with self._one_at_a_time(job.id):
            found = await asyncio.gather(*(self._further(job, number, url) for number, url in enumerate(urls, start=1)))
        room = _TOGETHER - (beside.size if beside is not None else 0)
        fitting: list[Media] = []
        for media in found:
            if media is not None and media.size <= min(limit, room):
                fitting.append(media)
                room -= media.size
            elif media is not None:
                _log.info("A further file is too large here: %d bytes", media.size, extra={"job": job.id})
        return tuple(fitting)

    async def _further(self, job: Job, number: int, url: str) -> Media | None:
        """Return a further file, from our disk or fetched; None if it cannot be had."""
        kept = await self.keeper.kept(job, number)
        if kept is not None:
            return kept
        try:
            fetched = await self._midjourney.download(url, await self.keeper.draft(job, number))
        except MediaError as error:
            _log.info("A further file was not fetched: %s", error, extra={"job": job.id})
            return None
        return await self.keeper.keep(job, number, fetched)

    async def quarters(self, job: Job, media: Media, limit: int) -> tuple[Media, ...]:
        """Cut a grid into its four pictures, 1 to 4, each of at most `limit` bytes and fit to go together.

        Raises
        ------
        ActionUnavailable
            It is no grid of four, or cannot be cut.
        """
        if not media.media_type.startswith("image/") or not is_grid(job, await self._store.actions(job.id)):
            raise ActionUnavailable(say("There are no four pictures in this one: it stands alone already."))
        try:
            return await self.darkroom.run(quarters, media.path, min(limit, _TOGETHER // _QUARTERS))
        except (PictureUnusable, TooLarge) as error:
            _log.warning("Not cut: %s", error, extra={"job": job.id})
            raise ActionUnavailable(
                say("I could not cut this picture into four. The buttons U1 to U4 make each of them on its own.")
            ) from error

    async def discard(self, job: Job) -> None:
        """Remove all files of a job, but for those that another one has too. What is not there is no error."""
        async with self._one_at_a_time(job.id):
            await self.keeper.discard(job.id)

    async def thumbnail(self, job: Job) -> Media | None:
        """Return a small JPEG that stands for what the job made; None where that is not on our disk any more."""
        return None if job.deleted_at is not None else await self.keeper.thumbnail(job)

    async def fit(self, media: Media, limit: int) -> Media:
        """Return a file of at most `limit` bytes that shows the same picture: itself, or a smaller copy.

        Raises
        ------
        TooLarge
            No copy is small enough; videos are never re-encoded.
        """
        if media.size <= limit:
            return media
        if not media.media_type.startswith("image/"):
            raise TooLarge(f"{media.size} bytes")
        try:
            return await self.darkroom.run(shrink, media, limit)
        except PictureUnusable as error:  # it brought its process down
            raise TooLarge(f"cannot be made smaller: {error}") from error
