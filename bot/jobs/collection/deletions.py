"""`Deletions`: single jobs deleted on behalf of a person, with the messages that show them.

That a message has to go is written down with the deletion, and forgotten when it has gone: a Discord that is away, or a
stop in between, only puts it off. Knows the ports; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final, final

from bot.errors import CannotCancel, DeliveryError, DiscordUnavailable
from bot.jobs.ports import Posted
from bot.language import mark, say
from bot.model import SETTLED, Status

if TYPE_CHECKING:
    from bot.jobs.collection.shares import Shares
    from bot.jobs.collection.sight import Sight
    from bot.jobs.collection.stars import Stars
    from bot.jobs.keeping.pictures import Pictures
    from bot.jobs.ports import Clock, Delivery, Memory
    from bot.jobs.requests import Origin
    from bot.model import Job

_log = logging.getLogger(__name__)

_UNDER_WAY: Final = mark("It is still under way, and the API offers no way to call it back. Delete it once it is done.")
#: A deletion that began longer ago than this is under way no more.
_OVER: Final = timedelta(minutes=2)
#: Messages taken away in one step, at most.
_MOST: Final = 20


@final
class Deletions:
    """Deletes jobs. Holds no state."""

    def __init__(  # noqa: PLR0913 - keywords, set in one place
        self,
        *,
        memory: Memory,
        sight: Sight,
        pictures: Pictures,
        delivery: Delivery,
        stars: Stars,
        shares: Shares,
        clock: Clock,
    ) -> None:
        self._jobs = memory.jobs
        self._takedowns = memory.takedowns
        self._sight = sight
        self._pictures = pictures
        self._delivery = delivery
        self._stars = stars
        self._shares = shares
        self._clock = clock

    async def deletable(self, origin: Origin, job_id: str) -> Job:
        """Return a job that this person may delete now.

        Raises
        ------
        JobUnknown, NotPermitted, CannotCancel
            With the sentence to show.
        """
        job = await self._sight.own(origin, job_id)
        if job.status not in SETTLED:
            raise CannotCancel(say(_UNDER_WAY))
        return job

    async def delete(self, origin: Origin, job_id: str) -> Job:
        """Delete a settled job: its messages, its picture, its place in the history. Author or moderators only.

        Raises
        ------
        JobUnknown, NotPermitted, CannotCancel
            With the sentence to show.
        """
        await self._sight.own(origin, job_id)
        deleted = await self._jobs.delete(job_id, self._clock.now())
        if deleted is None:
            raise CannotCancel(say(_UNDER_WAY))
        _log.info("Deleted by %d", origin.user_id, extra={"job": job_id, "action": "delete"})
        await self._pictures.discard(deleted)
        await self._stars.take_down(deleted.id)
        await self._take_down(deleted)
        return deleted

    async def finish(self) -> None:
        """Take the messages away that a deletion could not."""
        for job in await self._takedowns.open(self._clock.now() - _OVER, _MOST):
            if not await self._take_down(job):
                return

    async def _take_down(self, job: Job) -> bool:
        """Take away the messages of a deleted job; tell whether Discord was there to be asked."""
        try:
            await self._shares.take_down(job.id)
            await self._remove(job)
        except DiscordUnavailable as error:
            _log.info("Its message stays for now: %s", error, extra={"job": job.id, "action": "delete"})
            return False
        except DeliveryError as error:
            _log.warning("Its message stays: %s", error, extra={"job": job.id, "action": "delete"})
        await self._takedowns.done(job.id)
        return True

    async def _remove(self, job: Job) -> None:
        delivery = job.delivery
        is_answer = delivery.message_id in {None, delivery.answer_message_id}  # its own way: the bot may not be there
        if not is_answer and delivery.channel_id is not None and delivery.message_id is not None:
            await self._delivery.remove_post(Posted(channel_id=delivery.channel_id, message_id=delivery.message_id))
        if is_answer or job.status is not Status.SUCCEEDED:
            await self._delivery.remove_answer(job)
