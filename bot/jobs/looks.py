"""`Looks`: what jobs look like, small and at once, for panels that show several of them.

A panel must never hang for a picture, and never show a dead link: what is neither on our disk nor found in our own
message in time is left out. Whole pages of messages may be gone, so Discord is asked for each of them once, and not for
long. Knows the ports; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeAlias, final

from bot.errors import AnswerGone, DeliveryError
from bot.model import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.jobs.pictures import Pictures
    from bot.jobs.ports import Clock, Delivery
    from bot.model import Job, Media

_log = logging.getLogger(__name__)

#: A file of ours, or a link that Discord has just given us; None: there is nothing to show.
Look: TypeAlias = "Media | str | None"

#: In seconds, for all looks of a panel together.
_PATIENCE: Final = 2.0
#: In seconds, for all links of a panel together: where Discord limits us, the next one comes after seconds.
_LINK_PATIENCE: Final = 0.8
#: Questions to Discord under way at once, for one panel.
_AT_ONCE: Final = 4
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
        gate, until = asyncio.Semaphore(_AT_ONCE), asyncio.get_running_loop().time() + _LINK_PATIENCE
        looks = [asyncio.create_task(self._look(job, gate, until)) for job in jobs]
        if looks:
            await asyncio.wait(looks, timeout=_PATIENCE)
        for look in looks:
            look.cancel()  # a file that is being drawn is there the next time
        return [_seen(look) for look in looks]

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


def _seen(look: asyncio.Task[Look]) -> Look:
    if not look.done() or look.cancelled():
        return None
    error = look.exception()
    if error is not None:
        _log.error("A picture could not be looked at", exc_info=error)
        return None
    return look.result()
