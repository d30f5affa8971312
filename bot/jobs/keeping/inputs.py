"""`Inputs`: pictures that people hand in, checked, made small enough and kept until their jobs are sent.

They lie in one folder, named by their content, so that the same picture is kept once. Knows the ports and
`bot.imaging`; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import re
import secrets
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, final

from bot.errors import MediaError, PictureInvalid, PictureUnusable
from bot.imaging.masks import write_mask_of_upload
from bot.imaging.normalizing import check_sides, normalize, write_png
from bot.imaging.opening import ENDINGS, check_pixels, not_of_a_known_type
from bot.jobs.working import work
from bot.language import mark, say
from bot.prompt import quote

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
    from concurrent.futures import Executor
    from datetime import datetime
    from pathlib import Path

    from bot.imaging.normalizing import Normal
    from bot.jobs.ports import Clock, Darkroom, Midjourney

_log = logging.getLogger(__name__)

_MEBIBYTE: Final = 1024 * 1024
_MOST_BYTES: Final = 20 * _MEBIBYTE
#: How many uploads are in memory at once, whole: 60 MiB at most (reliability C8).
_READS: Final = 3
#: How many links are fetched at once; they go to disk, so this only spares connections.
_FETCHES: Final = 4
_PATIENCE: Final = timedelta(days=2)
_TYPES: Final = frozenset({"image/png", "image/jpeg", "image/jpg", "image/webp", "image/gif"})
_NAME: Final = re.compile(r"[0-9a-f]{32}\.(?:png|jpg|webp)")
_NAME_LENGTH: Final = 32

#: Sentences about a picture by its name, and about one without.
_UNUSABLE: Final = mark("{picture} cannot be used: {reason}. {advice}")
_THAT_UNUSABLE: Final = mark("That picture cannot be used: {reason}. {advice}")
_NOT_KEPT: Final = mark(
    "{picture} could not be kept: the bot's disk refused it. Try again later, and tell the owner if it stays so."
)
_THAT_NOT_KEPT: Final = mark(
    "That picture could not be kept: the bot's disk refused it. Try again later, and tell the owner if it stays so."
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that a person attached, as Discord describes it, before anything of it was read.

    Attributes
    ----------
    url
        Where Discord serves it: signed, and for a while only.
    media_type
        As declared; empty if Discord named none.
    size
        In bytes, as declared.
    width, height
        In pixels; None where Discord saw no picture.
    """

    url: str
    name: str
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A picture in the input folder. `width` and `height` are those of the kept copy, in pixels."""

    name: str
    width: int
    height: int


@final
class Inputs:
    """The input folder.

    Parameters
    ----------
    folder
        Created when needed; nothing else may live there.
    darkroom
        Where pictures are decoded.
    worker
        The one thread for files; not shut down here. What is kept and what is cleared away is decided in it, one after
        the other.
    """

    def __init__(
        self, *, folder: Path, midjourney: Midjourney, clock: Clock, darkroom: Darkroom, worker: Executor
    ) -> None:
        self._folder = folder
        self._midjourney = midjourney
        self._clock = clock
        self._darkroom = darkroom
        self._worker = worker
        self._drafts: set[str] = set()
        self._reads = asyncio.Semaphore(_READS)
        self._fetches = asyncio.Semaphore(_FETCHES)

    def check(self, upload: Upload) -> None:
        """Refuse at once, by what Discord declares, what can never be used.

        Raises
        ------
        PictureInvalid
            With the sentence to show: type, size or pixels.
        """
        try:
            _check_file(upload)
            if upload.width is not None and upload.height is not None:
                check_sides(upload.width, upload.height)
        except PictureUnusable as error:
            raise _invalid(upload.name, error) from error

    async def take(self, upload: Upload, read: Callable[[], Awaitable[bytes]]) -> Input:
        """Read an upload and keep it. However many come at once, only a few are in memory.

        Parameters
        ----------
        read
            Raises `PictureInvalid` with a sentence of its own where the file cannot be had.

        Raises
        ------
        PictureInvalid
            It cannot be read, or is no picture that can be used; with the sentence to show.
        """
        self.check(upload)
        async with self._reads, self._read(upload, read) as path:
            return await self._keep(upload.name, normalize, path)

    async def take_link(self, url: str) -> Input:
        """Fetch a picture from the web and keep it.

        Raises
        ------
        PictureInvalid
            It cannot be had, or may not be, or is no picture that can be used; with the sentence to show.
        """
        async with self._draft("link") as fetched:
            try:
                async with self._fetches:
                    media = await self._midjourney.download(url, fetched)
            except MediaError as error:
                _log.info("A link was not taken: %s", error)
                advice = say("Please check the link, or attach the picture itself.")
                raise _invalid(url, PictureUnusable(error.detail or str(error), advice)) from error
            if media.size > _MOST_BYTES:
                raise _invalid(url, _too_large(media.size))
            return await self._keep(url, normalize, fetched)

    async def take_file(self, path: Path) -> Input:
        """Keep a copy of a picture of ours, such as a finished job's. The file stays the caller's.

        Raises
        ------
        PictureInvalid
            It is no picture that can be used.
        """
        return await self._keep("", normalize, path)

    async def keep(self, png: bytes) -> Input:
        """Keep a picture that we made ourselves, as it is.

        Raises
        ------
        PictureInvalid
            It is no PNG.
        """
        return await self._keep("", write_png, png)

    async def mask_from(self, upload: Upload, read: Callable[[], Awaitable[bytes]], size: tuple[int, int]) -> Input:
        """Turn an uploaded picture into a mask of exactly that size in pixels: black, and white where to repaint.

        Raises
        ------
        PictureInvalid
            It cannot be read, or nothing in it is white; with the sentence to show.
        """
        try:
            _check_file(upload)
        except PictureUnusable as error:
            raise _invalid(upload.name, error) from error
        async with self._reads, self._read(upload, read) as path:
            return await self._keep(upload.name, write_mask_of_upload, path, size)

    def path(self, name: str) -> Path | None:
        """Return where an input lies, or None if it is there no more (or never was: names are checked)."""
        if not _NAME.fullmatch(name):
            return None
        path = self._folder / name
        return path if path.is_file() else None

    @property
    def kept_since(self) -> datetime:
        """From when on whatever is taken is kept in any case, for what it was used for may be run again."""
        return self._clock.now() - _PATIENCE

    async def clear(self, needed: set[str], age: timedelta = _PATIENCE) -> int:
        """Remove what is older than two days, or than `age`, and not among `needed`; return how many there were."""
        before = (self._clock.now() - age).timestamp()
        return await work(self._worker, self._clear, needed | self._drafts, before)

    async def remove(self, names: Collection[str]) -> None:
        """Remove inputs that nobody needs any more. What is not there is no error."""
        paths = [self._folder / name for name in names if _NAME.fullmatch(name)]
        await work(self._worker, _unlink, paths)

    @asynccontextmanager
    async def _draft(self, ending: str) -> AsyncGenerator[Path]:
        """Find a place for a file that is gone, or kept, when this is left; until then nobody clears it away."""
        draft = self._folder / f".{secrets.token_hex(8)}.{ending}"
        self._drafts.add(draft.name)
        try:
            await asyncio.to_thread(self._make_folder)
            yield draft
        finally:
            self._drafts.discard(draft.name)
            with suppress(OSError):  # nobody is told of a disk that fails once more
                await asyncio.to_thread(draft.unlink, missing_ok=True)

    @asynccontextmanager
    async def _read(self, upload: Upload, read: Callable[[], Awaitable[bytes]]) -> AsyncGenerator[Path]:
        """Put an upload into a file, until this is left: it is in memory for no longer than that takes.

        Raises
        ------
        PictureInvalid
            It cannot be had, is too large, or the disk refused.
        """
        content = await read()
        if len(content) > _MOST_BYTES:
            raise _invalid(upload.name, _too_large(len(content)))
        try:
            async with self._draft("upload") as path:
                await asyncio.to_thread(path.write_bytes, content)
                del content
                yield path
        except OSError as error:
            raise _not_kept(upload.name, error) from error

    async def _keep(self, name: str, write: Callable[..., Normal], *given: object) -> Input:
        """Keep what `write` makes of what is given, under the name of its content.

        Raises
        ------
        PictureInvalid
            `write` found no picture, or the disk refused. The sentence is about `name`.
        """
        try:
            async with self._draft("part") as draft:
                normal = await self._darkroom.run(write, *given, draft)
                return await work(self._worker, self._put, draft, normal, self._clock.now())
        except PictureUnusable as error:
            raise _invalid(name, error) from error
        except OSError as error:
            raise _not_kept(name, error) from error

    # In the worker -------------------------------------------------------------------------------------------------

    def _make_folder(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def _put(self, draft: Path, normal: Normal, now: datetime) -> Input:
        with draft.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        name = f"{digest[:_NAME_LENGTH]}.{ENDINGS[normal.media_type]}"
        os.utime(draft, (now.timestamp(), now.timestamp()))  # what is taken anew is young again
        draft.replace(self._folder / name)
        return Input(name=name, width=normal.width, height=normal.height)

    def _clear(self, needed: set[str], before: float) -> int:
        """Remove old files, unfinished ones of a former process included."""
        if not self._folder.is_dir():
            return 0
        old = [path for path in self._folder.iterdir() if path.name not in needed and path.stat().st_mtime < before]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)


def _unlink(paths: Collection[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _check_file(upload: Upload) -> None:
    media_type = upload.media_type.split(";")[0].strip().lower()
    if media_type and media_type not in _TYPES:
        raise not_of_a_known_type()
    if upload.size > _MOST_BYTES:
        raise _too_large(upload.size)
    if upload.width is not None and upload.height is not None:
        check_pixels(upload.width, upload.height)


def _too_large(size: int) -> PictureUnusable:
    reason = say(
        "it has {size} MiB, and {most} MiB is the most that I take",
        size=round(size / _MEBIBYTE, 1),
        most=_MOST_BYTES // _MEBIBYTE,
    )
    return PictureUnusable(reason, say("Please give me a smaller copy."))


def _not_kept(name: str, error: OSError) -> PictureInvalid:
    _log.critical("A picture could not be kept: %s", error)
    return PictureInvalid(say(_NOT_KEPT, picture=quote(name)) if name else say(_THAT_NOT_KEPT))


def _invalid(name: str, error: PictureUnusable) -> PictureInvalid:
    if name:
        return PictureInvalid(say(_UNUSABLE, picture=quote(name), reason=error.reason, advice=error.advice))
    return PictureInvalid(say(_THAT_UNUSABLE, reason=error.reason, advice=error.advice))
