"""`Keeper`: the files that are kept for jobs, on disk and in the database at once.

A file comes before its row and goes after it: what a kill leaves behind is a file that nobody knows, and that goes in
time. Knows the ports and the shelf; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, final

from bot.errors import PictureUnusable
from bot.fault_points import Point, reach
from bot.imaging.thumbnails import draw_film_card, draw_thumbnail
from bot.jobs.keeping.shelf import Shelf, media_type_of
from bot.jobs.working import work
from bot.model import KeptFile, Media

if TYPE_CHECKING:
    from collections.abc import Awaitable, Collection
    from concurrent.futures import Executor
    from pathlib import Path

    from bot.jobs.ports import Clock, Darkroom, FileStore
    from bot.model import Job

_log = logging.getLogger(__name__)

#: How long a file stays where it is once somebody was told of it: by then they have opened it, or never will.
_LENT: Final = timedelta(minutes=15)
#: Files that nobody knows are left alone so long: one of them may be on its way to become known.
_STRAY: Final = timedelta(hours=1)
_VIDEO: Final = "video/"


@final
class Keeper:
    """Keeps files by their content: what several jobs have is there once.

    Parameters
    ----------
    folder
        The picture folder.
    darkroom
        Where pictures are decoded.
    worker
        The one thread for files; not shut down here.
    """

    def __init__(self, *, folder: Path, files: FileStore, clock: Clock, darkroom: Darkroom, worker: Executor) -> None:
        self._shelf = Shelf(folder)
        self._files = files
        self._clock = clock
        self._darkroom = darkroom
        self._worker = worker
        # Between a file's coming or going and its row's nobody else may decide about either.
        self._changing = asyncio.Lock()
        self._lent: dict[str, float] = {}

    async def draft(self, job: Job, part: int) -> Path:
        """Return where a file of this job may be put until it is kept."""
        return await asyncio.to_thread(self._shelf.draft, job.id, part)

    async def keep(self, job: Job, part: int, fetched: Media, url: str | None = None) -> Media | None:
        """Keep a file that was fetched, and return where it is from now on; None if the job was deleted meanwhile.

        Parameters
        ----------
        fetched
            Whole and on disk; it is moved.
        url
            Where it was had; becomes the job's `media_url`.
        """
        now = self._clock.now()
        reach(Point.FETCHED)
        async with self._changing:
            name = await work(self._worker, self._shelf.put, fetched.path, fetched.media_type, now.timestamp())
            reach(Point.SHELVED)
            file = KeptFile(
                job_id=job.id, part=part, name=name, media_type=fetched.media_type, size=fetched.size, kept_at=now
            )
            if not await self._files.keep(file, url):
                await self._remove_unless_held(name)
                return None
        reach(Point.KEPT)
        return self._lend(Media(path=self._shelf.path(name), media_type=fetched.media_type, size=fetched.size))

    async def kept(self, job: Job, part: int = 0) -> Media | None:
        """Return a file of the job's as far as it is on our disk."""
        name = job.picture if part == 0 else await self._name_of(job.id, part)
        media = await asyncio.to_thread(self._shelf.find, name, job.id, part)
        if media is not None and self._shelf.is_former(media.path):
            media = await self._adopt(media.path, job.id, part)
        return self._lend(media)

    async def thumbnail(self, job: Job) -> Media | None:
        """Return a small JPEG of the job's picture, made if need be; of a video a card that says so.

        None where its file is not on our disk, or cannot be read.
        """
        media = await self.kept(job)
        if media is None:
            return None
        target = self._shelf.thumbnail(media.path.name)
        draw = draw_film_card if media.media_type.startswith(_VIDEO) else draw_thumbnail
        try:
            if not await asyncio.to_thread(target.is_file):
                await self._darkroom.run(draw, media.path, target)
            size = (await asyncio.to_thread(target.stat)).st_size
        except (PictureUnusable, OSError) as error:
            _log.info("No thumbnail: %s", error, extra={"job": job.id})
            return None
        return Media(path=target, media_type="image/jpeg", size=size)

    async def discard(self, job_id: str) -> None:
        """Remove the files of a job, but for those that another one has too. What is not there is no error."""
        async with self._changing:
            names = await self._files.release(job_id)
            await work(self._worker, self._shelf.remove, names)
            await work(self._worker, self._shelf.remove_former, job_id)

    async def follow(self, removal: Awaitable[Collection[str]], job_ids: Collection[str]) -> None:
        """Remove what a removal of jobs leaves to nobody.

        Parameters
        ----------
        removal
            Removes the jobs, and returns the names of the files that no other job has.
        """
        async with self._changing:
            await work(self._worker, self._shelf.remove, await removal)
            for job_id in job_ids:
                await work(self._worker, self._shelf.remove_former, job_id)

    async def remove_strays(self, names: Collection[str]) -> None:
        """Remove files, but for those that a job has."""
        for name in names:
            async with self._changing:
                await self._remove_unless_held(name)

    # For the upkeep --------------------------------------------------------------------------------------------------

    def in_use(self) -> frozenset[str]:
        """Return the names of the files that somebody was told of just now."""
        since = self._clock.monotonic() - _LENT.total_seconds()
        self._lent = {name: at for name, at in self._lent.items() if at > since}
        return frozenset(self._lent)

    async def forget(self, names: Collection[str]) -> set[str]:
        """Remove files whoever has them, but for those still to be delivered; return the names of what went."""
        async with self._changing:
            forgotten = set(await self._files.forget(names))
            await work(self._worker, self._shelf.remove, forgotten)
        return forgotten

    async def sweep(self, age: timedelta = _STRAY) -> int:
        """Remove the files that nobody knows and that are old enough for that; return how many there were."""
        before = (self._clock.now() - age).timestamp()
        swept = await work(self._worker, self._shelf.sweep_loose, before)
        for beginning in await work(self._worker, self._shelf.folders):
            async with self._changing:
                held = await self._files.held(beginning)
                swept += await work(self._worker, self._shelf.sweep, beginning, held, before)
        return swept

    async def former(self) -> list[tuple[Path, str, int]]:
        """Return the files of former versions that were not put in order yet, with their jobs and parts."""
        return await work(self._worker, self._shelf.former)

    async def take_over(self, path: Path, job: Job | None, part: int) -> bool:
        """Put a file of a former version in order, or remove it if it is nobody's; tell whether it is kept."""
        if job is not None and job.deleted_at is None and (part or job.picture in {None, path.name}):
            return await self._adopt(path, job.id, part) is not None
        await work(self._worker, path.unlink, missing_ok=True)
        return False

    async def _adopt(self, path: Path, job_id: str, part: int) -> Media | None:
        async with self._changing:
            try:
                name, size, since = await work(self._worker, self._shelf.copy_former, path)
            except FileNotFoundError:  # somebody else was faster
                name = await self._name_of(job_id, part)
                return await asyncio.to_thread(self._shelf.find, name, job_id, part)
            file = KeptFile(
                job_id=job_id,
                part=part,
                name=name,
                media_type=media_type_of(name),
                size=size,
                kept_at=datetime.fromtimestamp(since, UTC),
            )
            if not await self._files.keep(file):
                await self._remove_unless_held(name)
                return None
            await work(self._worker, path.unlink, missing_ok=True)
        return Media(path=self._shelf.path(name), media_type=file.media_type, size=size)

    async def _name_of(self, job_id: str, part: int) -> str | None:
        return next((file.name for file in await self._files.of_job(job_id) if file.part == part), None)

    async def _remove_unless_held(self, name: str) -> None:
        if name not in await self._files.held(name):
            await work(self._worker, self._shelf.remove, [name])

    def _lend(self, media: Media | None) -> Media | None:
        if media is not None:
            self._lent[media.path.name] = self._clock.monotonic()
        return media
