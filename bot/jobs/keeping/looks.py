"""`Looks`: what jobs look like, small and at once, for panels that show several of them.

A panel must never hang for a picture, and never show a dead link: what is neither on our disk nor found in our own
message in time is left out. Whole pages of messages may be gone, so Discord is asked for each of them once, and not for
long. Knows the ports; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar, final

from bot.errors import AnswerGone, DeliveryError, MediaError
from bot.model import Status

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable, Sequence
    from pathlib import Path

    from bot.jobs.keeping.pictures import Pictures
    from bot.jobs.ports import Clock, Delivery
    from bot.model import Job, Media

_log = logging.getLogger(__name__)

#: A file of ours, or a link that Discord has just given us; None: there is nothing to show.
Look: TypeAlias = "Media | str | None"

T = TypeVar("T")

#: In seconds, for all looks of a panel together.
_PATIENCE: Final = 2.0
#: In seconds, for all links of a panel together: where Discord limits us, the next one comes after seconds.
_LINK_PATIENCE: Final = 0.8
#: Questions under way at once, for one panel.
_AT_ONCE: Final = 4
#: In seconds, for all files of a panel together, where whoever asked sees that they wait.
_FETCH_PATIENCE: Final = 10.0
#: In seconds, for all looks of a drawing together, and then for what has to be read from Discord.
_LONG_PATIENCE: Final = 6.0
#: A message that is gone does not come back. It is asked for again after an hour all the same, lest it was an error.
_REST: Final = timedelta(hours=1)
#: So many messages that are gone are known at once, those that were asked for last.
_GONE: Final = 5_000
_VIDEO: Final = "video/"


@final
class Looks:
    """Finds small pictures, and remembers which messages are gone."""

    def __init__(self, pictures: Pictures, delivery: Delivery, clock: Clock) -> None:
        self._pictures = pictures
        self._delivery = delivery
        self._clock = clock
        self._gone: dict[int, float] = {}  # by id: when to ask for it again; the oldest first

    async def of(self, jobs: Sequence[Job]) -> list[Look]:
        """Return what to show for each of these jobs, after two seconds at most."""
        return await self._of(jobs, _PATIENCE, _LINK_PATIENCE)

    async def at_hand(self, jobs: Sequence[Job], paths: Sequence[Path]) -> list[Path | None]:
        """Return a file to draw from for each of these jobs: one of ours, or what only Discord has, put at its path.

        It takes twelve seconds at most: it is for whoever sees that they wait.

        Parameters
        ----------
        paths
            One for each job, in a folder that is there. What is put there is the caller's to remove.
        """
        gate = asyncio.Semaphore(_AT_ONCE)
        looks = await self._of(jobs, _LONG_PATIENCE, _LONG_PATIENCE)
        return await _in_time((self._at_hand(*each, gate) for each in zip(looks, paths, strict=True)), _LONG_PATIENCE)

    async def ours(self, jobs: Sequence[Job]) -> list[Media | None]:
        """Return a file of ours for each of these jobs, fetched if need be, after ten seconds at most.

        For what all others see: a link would lead into the channel, or the conversation, where the picture stands.
        """
        gate = asyncio.Semaphore(_AT_ONCE)
        return await _in_time((self._fetched(job, gate) for job in jobs), _FETCH_PATIENCE)

    async def fresh_link(self, job: Job) -> str | None:
        """Return a link at which Discord has the job's picture or video now, from our own message; None without one."""
        message_id = job.delivery.message_id
        if job.deleted_at is not None or message_id is None or self._is_gone(message_id):
            return None
        try:
            links = await self._delivery.fresh_links(job)
        except DeliveryError as error:
            if isinstance(error, AnswerGone):
                self._note_gone(message_id)
            _log.debug("No fresh link: %s", error, extra={"job": job.id})
            return None
        return links[0] if links else None

    def _is_gone(self, message_id: int) -> bool:
        return self._clock.monotonic() < self._gone.get(message_id, 0.0)

    def _note_gone(self, message_id: int) -> None:
        self._gone.pop(message_id, None)
        if len(self._gone) >= _GONE:
            del self._gone[next(iter(self._gone))]
        self._gone[message_id] = self._clock.monotonic() + _REST.total_seconds()

    async def _of(self, jobs: Sequence[Job], patience: float, link_patience: float) -> list[Look]:
        gate, until = asyncio.Semaphore(_AT_ONCE), asyncio.get_running_loop().time() + link_patience
        return await _in_time((self._look(job, gate, until) for job in jobs), patience)

    async def _look(self, job: Job, gate: asyncio.Semaphore, until: float) -> Look:
        if job.status is not Status.SUCCEEDED:
            return None
        thumbnail = await self._pictures.thumbnail(job)
        if thumbnail is not None or (job.media_type or "").startswith(_VIDEO):  # a link to a video is no picture
            return thumbnail
        with suppress(TimeoutError):
            async with asyncio.timeout_at(until), gate:
                return await self.fresh_link(job)
        return None

    async def _at_hand(self, look: Look, path: Path, gate: asyncio.Semaphore) -> Path | None:
        if not isinstance(look, str):
            return look and look.path
        try:
            async with gate:
                content = await self._delivery.read(look)
                await asyncio.to_thread(path.write_bytes, content)
        except (DeliveryError, OSError) as error:
            _log.info("Left out, since it cannot be read from Discord: %s", error)
            return None
        return path

    async def _fetched(self, job: Job, gate: asyncio.Semaphore) -> Media | None:
        if job.status is not Status.SUCCEEDED:
            return None
        thumbnail = await self._pictures.thumbnail(job)
        if thumbnail is not None:
            return thumbnail
        try:
            async with gate:
                media = await self._pictures.obtain(job)
        except MediaError as error:
            _log.info("Left out, since it cannot be fetched: %s", error, extra={"job": job.id})
            return None
        return await self._pictures.thumbnail(replace(job, picture=media.path.name)) if media else None


async def _in_time(looks: Iterable[Coroutine[Any, Any, T | None]], patience: float) -> list[T | None]:
    """Return what comes of each look within so many seconds; None of those that take longer or fail."""
    tasks = [asyncio.create_task(look) for look in looks]
    if tasks:
        await asyncio.wait(tasks, timeout=patience)
    for task in tasks:
        task.cancel()  # a file that is being drawn is there the next time
    return [_seen(task) for task in tasks]


def _seen(look: asyncio.Task[T | None]) -> T | None:
    if not look.done() or look.cancelled():
        return None
    error = look.exception()
    if error is not None:
        _log.error("A picture could not be looked at", exc_info=error)
        return None
    return look.result()
