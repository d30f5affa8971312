"""`Looks`: what jobs look like, small and at once, for panels that show several of them.

A panel must never hang for a picture, and never show a dead link: what is neither on our disk nor found in our own
message in time is left out. Knows the ports; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final, TypeAlias, final

from bot.errors import DeliveryError
from bot.model import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.jobs.pictures import Pictures
    from bot.jobs.ports import Delivery
    from bot.model import Job, Media

_log = logging.getLogger(__name__)

#: A file of ours, or a link that Discord has just given us; None: there is nothing to show.
Look: TypeAlias = "Media | str | None"

#: In seconds, for all looks of a panel together.
_PATIENCE: Final = 2.0
#: Questions to Discord under way at once, for one panel.
_AT_ONCE: Final = 4
_VIDEO: Final = "video/"


@final
class Looks:
    """Finds small pictures. Holds no state."""

    def __init__(self, pictures: Pictures, delivery: Delivery) -> None:
        self._pictures = pictures
        self._delivery = delivery

    async def of(self, jobs: Sequence[Job]) -> list[Look]:
        """Return what to show for each of these jobs, after two seconds at most."""
        gate = asyncio.Semaphore(_AT_ONCE)
        looks = [asyncio.create_task(self._look(job, gate)) for job in jobs]
        if looks:
            await asyncio.wait(looks, timeout=_PATIENCE)
        for look in looks:
            look.cancel()  # a file that is being drawn is there the next time
        return [_seen(look) for look in looks]

    async def fresh_link(self, job: Job) -> str | None:
        """Return a link at which Discord has the job's picture or video now, from our own message; None without one."""
        if job.deleted_at is not None or job.delivery.message_id is None:
            return None
        try:
            links = await self._delivery.fresh_links(job)
        except DeliveryError as error:
            _log.info("No fresh link: %s", error, extra={"job": job.id})
            return None
        return links[0] if links else None

    async def _look(self, job: Job, gate: asyncio.Semaphore) -> Look:
        if job.status is not Status.SUCCEEDED:
            return None
        thumbnail = await self._pictures.thumbnail(job)
        if thumbnail is not None or (job.media_type or "").startswith(_VIDEO):  # a link to a video is no picture
            return thumbnail
        async with gate:
            return await self.fresh_link(job)


def _seen(look: asyncio.Task[Look]) -> Look:
    if not look.done() or look.cancelled():
        return None
    error = look.exception()
    if error is not None:
        _log.error("A picture could not be looked at", exc_info=error)
        return None
    return look.result()
