"""Pictures on our own disk: fetched once, kept, and made smaller where a place takes no large files.

Knows the ports, the model and Pillow; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, final
from weakref import WeakValueDictionary

from PIL import Image

from bot.errors import CometError, MediaError, MediaUnavailable, TooLarge
from bot.model import Media, Phase, Status

if TYPE_CHECKING:
    from pathlib import Path

    from bot.jobs.ports import Clock, JobChanges, JobStore, Midjourney
    from bot.model import Job, Task

_log = logging.getLogger(__name__)

_ENDINGS: Final = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/gif": "gif",
    "video/mp4": "mp4",
}
_MAX_PIXELS: Final = 64_000_000  # a small file may decode to gigabytes (performance 4)
#: Smaller copies to try, in order: JPEG quality, and by how much both sides are divided (performance 4).
_COPIES: Final = ((92, 1), (80, 1), (80, 2), (70, 4))


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
    """

    def __init__(self, *, folder: Path, store: JobStore, midjourney: Midjourney, clock: Clock) -> None:
        self._folder = folder
        self._store = store
        self._midjourney = midjourney
        self._clock = clock
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")

    def close(self) -> None:
        """Let the worker thread go."""
        self._worker.shutdown(wait=False, cancel_futures=True)

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
        await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True, mode=0o700)
        media = await self._midjourney.download(url, self._folder / f"{job.id}.part")
        name = f"{job.id}.{_ENDINGS[media.media_type]}"
        path = await asyncio.to_thread(media.path.replace, self._folder / name)
        changes: JobChanges = {"picture": name, "media_type": media.media_type, "media_url": url}
        await self._store.note(job.id, changes, self._clock.now())
        return Media(path=path, media_type=media.media_type, size=media.size)

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
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._worker, _smaller, media, limit)


def _smaller(media: Media, limit: int) -> Media:
    """Write the first JPEG copy that fits beside the original. Runs in the worker thread.

    Each copy has a file of its own, whole from the moment it is there: another may be on its way to Discord meanwhile.
    """
    draft = media.path.with_name(f"{media.path.stem}.small.part")
    try:
        with Image.open(media.path, formats=["PNG", "JPEG", "WEBP", "GIF"]) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise TooLarge(f"{image.width} × {image.height} pixels")
            picture = image.convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise TooLarge(f"cannot be made smaller: {error}") from error
    for quality, divisor in _COPIES:
        picture.reduce(divisor).save(draft, "JPEG", quality=quality, optimize=True)
        size = draft.stat().st_size
        if size <= limit:
            target = draft.replace(media.path.with_name(f"{media.path.stem}.{quality}-{divisor}.jpg"))
            return Media(path=target, media_type="image/jpeg", size=size)
    draft.unlink()
    raise TooLarge("no copy is small enough")
