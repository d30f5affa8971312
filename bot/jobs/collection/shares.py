"""`Shares`: what people show to all others in a place, pages of their history and single results; and taken back.

Which message shows what is written down, and from then on everybody there may open it and use its buttons, as in a star
channel. Who posts it is the caller: only the answer to an interaction reaches every place. Knows the ports; never
discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final, final
from weakref import WeakValueDictionary

from bot.errors import ActionUnavailable, DeliveryError, DiscordUnavailable, NotPermitted, StorageError
from bot.jobs.ports import Posted
from bot.jobs.requests import Placed, Shareable
from bot.language import mark, say
from bot.model import SETTLED, Share, Status

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Iterable

    from bot.jobs.collection.sight import Sight
    from bot.jobs.ports import Clock, Delivery, Memory
    from bot.jobs.requests import Origin
    from bot.model import Job

    #: Posts something for all to see.
    Post = Callable[[], Awaitable[Posted]]

_log = logging.getLogger(__name__)

#: Within this time the same page is not shown a second time.
_AGAIN: Final = timedelta(minutes=10)

_NOT_THEIRS: Final = mark("Only the person who asked for it can show it to others.")
_NOT_DONE: Final = mark("There is nothing to show yet. Try again once it is done.")
_FOR_ADULTS: Final = mark(
    "It was made in an age-restricted channel, or in one that I do not know, so I show it only in such channels."
)
_GONE_MEANWHILE: Final = mark("Something on it was deleted meanwhile, so I took it away again. Please try once more.")
_NOT_TO_REMOVE: Final = mark("Only the person who showed this here, or a moderator, can remove it.")


@final
class Shares:
    """Shows things to others, each once. Remembers who is at it."""

    def __init__(self, *, memory: Memory, sight: Sight, delivery: Delivery, clock: Clock) -> None:
        self._jobs = memory.jobs
        self._stars = memory.stars
        self._shares = memory.shares
        self._sight = sight
        self._delivery = delivery
        self._clock = clock
        self._turns: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()

    async def shareable(self, origin: Origin, job_ids: Iterable[str]) -> Shareable:
        """Return which of these results this person may show to all others in this place, in their order.

        That is what is their own and not private, and of others what is shown there anyway: what somebody may find
        among their favorites everywhere is not theirs to show everywhere. What is age-restricted stays so.
        """
        shown: list[Job] = []
        private = elsewhere = restricted = 0
        for job_id in job_ids:
            job = await self._jobs.get(job_id)
            if job is None or job.deleted_at is not None or job.status in SETTLED - {Status.SUCCEEDED}:
                continue
            if job.is_private:
                private += 1
            elif job.user_id != origin.user_id and not await self._sight.is_here(job, origin):
                elsewhere += 1
            elif not self._delivery.may_show(job, origin.channel_id):
                restricted += 1
            else:
                shown.append(job)
        return Shareable(jobs=tuple(shown), private=private, elsewhere=elsewhere, restricted=restricted)

    async def showable(self, origin: Origin, job_id: str) -> Job:
        """Return a result of this person's own that they may show in this place; if it is private, once they say so.

        Raises
        ------
        JobUnknown, NotPermitted, ActionUnavailable
            With the sentence to show.
        """
        job = await self._sight.visible(origin, job_id)
        if job.user_id != origin.user_id:
            raise NotPermitted(say(_NOT_THEIRS))
        if job.status is not Status.SUCCEEDED:
            raise ActionUnavailable(say(_NOT_DONE))
        if not self._delivery.may_show(job, origin.channel_id):
            raise ActionUnavailable(say(_FOR_ADULTS))
        return job

    async def show_page(self, origin: Origin, jobs: Collection[Job], post: Post) -> Placed:
        """Show a page of `shareable` jobs, unless this person has just shown it there.

        Raises
        ------
        ActionUnavailable, StorageError
            With the sentence to show; it is not shown.
        """
        job_ids = frozenset(job.id for job in jobs)
        async with self._turn(origin):
            since = self._clock.now() - _AGAIN
            for share in await self._shares.of_person(origin.user_id, origin.channel_id, since):
                if share.job_ids == job_ids and await self._is_there(origin, _place(share)):
                    return Placed(posted=_place(share))
            posted = await post()
            await self._write_down(posted, self._shares.add(self._share(origin, posted, job_ids)))
        _log.info("A page of %d was shown by %d", len(job_ids), origin.user_id, extra={"action": "share"})
        return Placed(posted=posted, is_new=True)

    async def show(self, origin: Origin, job: Job, post: Post) -> Placed:
        """Show a `showable` result, unless it stands there already. A private one is private no longer.

        Raises
        ------
        ActionUnavailable, StorageError
            With the sentence to show; it is not shown.
        """
        async with self._turn(origin):
            job = await self._jobs.get(job.id) or job
            for posted in await self._places(job, origin):
                if await self._is_there(origin, posted):
                    return Placed(posted=posted)
            posted = await post()
            share = self._share(origin, posted, frozenset({job.id}))
            writing = (
                self._shares.publish(share, is_its_message=job.is_ephemeral)
                if job.is_private
                else self._shares.add(share)
            )
            await self._write_down(posted, writing)
        _log.info("Shown by %d", origin.user_id, extra={"job": job.id, "action": "share"})
        return Placed(posted=posted, is_new=True)

    async def remove(self, origin: Origin, message_id: int, shown_by: int | None) -> None:
        """Forget what a message shows, for whoever showed it and for moderators; the caller takes it away.

        It is forgotten first: what still stands after a stop in between opens for nobody, and can be removed again.

        Parameters
        ----------
        shown_by
            Who showed it, as Discord knows: we do not once all its jobs are gone, or once that person has left.

        Raises
        ------
        NotPermitted
            With the sentence to show.
        """
        share = await self._shares.of_message(message_id)
        owner = shown_by if share is None else share.user_id
        if origin.user_id != owner and not origin.may_moderate:
            raise NotPermitted(say(_NOT_TO_REMOVE))
        await self._shares.forget(message_id)
        _log.info("Removed by %d", origin.user_id, extra={"action": "share"})

    async def take_away(self, origin: Origin, message_id: int) -> bool:
        """Take away a message that shows something, if it is one; tell whether it was.

        Raises
        ------
        NotPermitted
            With the sentence to show.
        DeliveryError
            It is forgotten, and still stands.
        """
        share = await self._shares.of_message(message_id)
        if share is None:
            return False
        await self.remove(origin, message_id, None)
        await self._delivery.remove_post(_place(share))
        return True

    async def take_down(self, job_id: str) -> None:
        """Take away all messages that show a deleted job.

        Raises
        ------
        DiscordUnavailable
            Discord is away. What is left can be taken away later.
        """
        for share in await self._shares.of_job(job_id):
            try:
                await self._delivery.remove_post(_place(share))
            except DiscordUnavailable:
                raise
            except DeliveryError as error:
                _log.info("What shows it stays: %s", error, extra={"job": job_id, "action": "delete"})
            await self._shares.forget(share.message_id)

    def _turn(self, origin: Origin) -> asyncio.Lock:
        """Return the lock of this person in this place: of two presses at once the second sees what the first did."""
        return self._turns.setdefault((origin.user_id, origin.channel_id), asyncio.Lock())

    def _share(self, origin: Origin, posted: Posted, job_ids: frozenset[str]) -> Share:
        return Share(
            message_id=posted.message_id,
            channel_id=origin.channel_id,
            guild_id=origin.guild_id,
            user_id=origin.user_id,
            created_at=self._clock.now(),
            job_ids=job_ids,
        )

    async def _write_down(self, posted: Posted, writing: Awaitable[bool]) -> None:
        """Write down what was posted; if that cannot be, take it back."""
        try:
            if await writing:
                return
        except StorageError:
            await self._take_back(posted)
            raise
        await self._take_back(posted)
        raise ActionUnavailable(say(_GONE_MEANWHILE))

    async def _take_back(self, posted: Posted) -> None:
        try:
            await self._delivery.remove_post(posted)
        except DeliveryError as error:
            _log.warning("Message %d, which shows what is gone, stays: %s", posted.message_id, error)

    async def _is_there(self, origin: Origin, posted: Posted) -> bool:
        """Whether a message of ours is still there; one that is not is forgotten. Where we may not look, it is."""
        if not origin.may_post:
            return True
        try:
            is_there = await self._delivery.is_there(posted)
        except DeliveryError as error:
            _log.info("Not looked whether message %d is there: %s", posted.message_id, error)
            return True
        if not is_there:
            await self._shares.forget(posted.message_id)
        return is_there

    async def _places(self, job: Job, origin: Origin) -> list[Posted]:
        """Return the messages that may show a result in full in a channel; where we may not look, the latest alone."""
        if job.is_private:
            return []
        shares = [share for share in await self._shares.of_job(job.id) if share.job_ids == frozenset({job.id})]
        if not origin.may_post:
            since = self._clock.now() - _AGAIN
            recent = [_place(share) for share in shares if share.created_at >= since]
            return [posted for posted in recent if posted.channel_id == origin.channel_id]
        places = [_place(share) for share in shares]
        showcase = await self._stars.showcase(job.id)
        if showcase is not None and showcase.message_id is not None:
            places.append(Posted(channel_id=showcase.channel_id, message_id=showcase.message_id))
        if job.delivery.message_id is not None:
            own = job.delivery.channel_id or job.channel_id
            places.append(Posted(channel_id=own, message_id=job.delivery.message_id))
        return [posted for posted in places if posted.channel_id == origin.channel_id]


def _place(share: Share) -> Posted:
    return Posted(channel_id=share.channel_id, message_id=share.message_id)
