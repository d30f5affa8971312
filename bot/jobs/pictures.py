"""Pictures on our own disk: fetched once, kept, and made smaller where a place takes no large files.

Knows the ports, the model and `bot.imaging`; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, final
from weakref import WeakValueDictionary

from bot.errors import ActionUnavailable, CometError, MediaError, MediaUnavailable, PictureUnusable, TooLarge
from bot.imaging.opening import ENDINGS
from bot.imaging.quarters import quarters
from bot.imaging.shrinking import shrink
from bot.jobs.working import work
from bot.language import say
from bot.model import Media, Phase, Status, is_grid

if TYPE_CHECKING:
    from pathlib import Path

    from bot.jobs.ports import Clock, JobChanges, JobStore, Midjourney
    from bot.model import Job, Task

_log = logging.getLogger(__name__)

_ENDINGS: Final = {**ENDINGS, "video/mp4": "mp4"}
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
        Created when needed. Files are named after their job; nothing else may live there.

    Attributes
    ----------
    worker
        The one thread for whatever takes long with pictures: decoded, each is a hundred megabytes (performance 4).
    """

    def __init__(self, *, folder: Path, store: JobStore, midjourney: Midjourney, clock: Clock) -> None:
        self._folder = folder
        self._store = store
        self._midjourney = midjourney
        self._clock = clock
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")

    def close(self) -> None:
        """Let the worker thread go."""
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
        kept = await asyncio.to_thread(self._kept, job)
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

    def _kept(self, job: Job) -> Media | None:
        if job.picture is None or job.media_type is None:
            return None
        path = self._folder / job.picture
        try:
            return Media(path=path, media_type=job.media_type, size=path.stat().st_size)
        except FileNotFoundError:
            return None

    async def _fetch(self, job: Job, url: str) -> Media:
        await asyncio.to_thread(self._make_folder)
        media = await self._midjourney.download(url, self._folder / f"{job.id}.part")
        name = f"{job.id}.{_ENDINGS[media.media_type]}"
        path = await asyncio.to_thread(media.path.replace, self._folder / name)
        changes: JobChanges = {"picture": name, "media_type": media.media_type, "media_url": url}
        await self._store.note(job.id, changes, self._clock.now())
        return Media(path=path, media_type=media.media_type, size=media.size)

    def _make_folder(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    async def _fetch_anew(self, job: Job, cause: MediaError) -> Media:
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
        name = f"{job.id}.{number}"
        kept = await asyncio.to_thread(_kept_as, self._folder, name)
        if kept is not None:
            return kept
        try:
            await asyncio.to_thread(self._make_folder)
            media = await self._midjourney.download(url, self._folder / f"{name}.part")
        except MediaError as error:
            _log.info("A further file was not fetched: %s", error, extra={"job": job.id})
            return None
        path = await asyncio.to_thread(media.path.replace, self._folder / f"{name}.{_ENDINGS[media.media_type]}")
        return Media(path=path, media_type=media.media_type, size=media.size)

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
            return await work(self.worker, quarters, media.path, self._folder, min(limit, _TOGETHER // _QUARTERS))
        except (PictureUnusable, TooLarge) as error:
            _log.warning("Not cut: %s", error, extra={"job": job.id})
            raise ActionUnavailable(
                say("I could not cut this picture into four. The buttons U1 to U4 make each of them on its own.")
            ) from error

    async def discard(self, job: Job) -> None:
        """Remove all files of a deleted job. What is not there is no error."""
        async with self._one_at_a_time(job.id):
            await work(self.worker, _remove, self._folder, f"{job.id}.")

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
        return await work(self.worker, shrink, media, limit)


def _kept_as(folder: Path, name: str) -> Media | None:
    """Return a file of whichever type that was kept under this name."""
    for media_type, ending in _ENDINGS.items():
        path = folder / f"{name}.{ending}"
        if path.is_file():
            return Media(path=path, media_type=media_type, size=path.stat().st_size)
    return None


def _remove(folder: Path, beginning: str) -> None:
    if folder.is_dir():
        for path in [path for path in folder.iterdir() if path.name.startswith(beginning)]:
            path.unlink(missing_ok=True)
