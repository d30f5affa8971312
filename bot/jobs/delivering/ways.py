"""The ways a result can take: into the channel, into the answer, as a DM; and how much each of them carries.

Knows the ports; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Final, final

from bot.errors import AnswerGone, ChannelGone, NotAllowed, TooLarge

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.jobs.keeping.pictures import Pictures
    from bot.jobs.ports import Delivery, JobStore, Parcel, Posted
    from bot.model import Media

_log = logging.getLogger(__name__)

_FORM_ROOM: Final = 64 * 1024  # bytes of a request that are not the file
_REQUEST_LIMIT: Final = 25 * 1024 * 1024  # of a whole message (Discord: create message)
#: What a way that is closed raises.
CLOSED: Final = (NotAllowed, ChannelGone, AnswerGone)


@final
class Ways:
    """Tries the ways to a person in their order."""

    def __init__(self, store: JobStore, delivery: Delivery, pictures: Pictures) -> None:
        self._store = store
        self._delivery = delivery
        self._pictures = pictures

    async def pack(self, parcel: Parcel, media: Media | None) -> Parcel:
        """Put the files in, smaller where this place wants them so; a file that does not fit at all is linked."""
        if media is None:
            return parcel
        limit = min(parcel.job.delivery.attachment_size_limit, _REQUEST_LIMIT) - _FORM_ROOM
        try:
            fitting = await self._pictures.fit(media, limit)
        except TooLarge as error:
            _log.info("Linked, since the file is too large here (%s)", error, extra={"job": parcel.job.id})
            return parcel
        return replace(
            parcel,
            media=fitting,
            more=await self._pictures.more(parcel.job, limit, fitting),
            original_url=None if fitting is media else parcel.job.media_url,
        )

    async def post(self, parcel: Parcel) -> Posted:
        """Post in the channel."""
        return await self._send(self._delivery.post, parcel)

    async def _send(self, way: Callable[[Parcel], Awaitable[Posted]], parcel: Parcel) -> Posted:
        """Send, stepping down twice where a way takes less than the place said (error 40005)."""
        for _ in range(2):
            try:
                return await way(parcel)
            except TooLarge:
                parcel = await self._step_down(parcel)
        return await way(replace(parcel, media=None, more=()))

    async def _step_down(self, parcel: Parcel) -> Parcel:
        if parcel.more:
            return replace(parcel, more=())
        if parcel.media is None:
            return parcel
        try:
            smaller = await self._pictures.fit(parcel.media, parcel.media.size // 2)
        except TooLarge:
            return replace(parcel, media=None)
        return replace(parcel, media=smaller, original_url=parcel.job.media_url)

    async def other(self, parcel: Parcel) -> Posted | None:
        """Take the next way where the channel is closed; None if every one is."""
        if parcel.job.batch_id is None:  # the answer to a batch is about all its jobs
            try:
                answer = await self._send(self._delivery.edit_answer, parcel)
            except CLOSED as error:
                _log.info("Cannot use the answer (%s); trying a DM", error, extra={"job": parcel.job.id})
            else:
                # From now on the answer is the result, and must not be taken away as a progress message.
                await self._store.note_delivery(parcel.job.id, {"answer_message_id": answer.message_id})
                return answer
        try:
            return await self._send(self._delivery.send_dm, parcel)
        except CLOSED as error:
            _log.warning("Kept for /show: no way to deliver (%s)", error, extra={"job": parcel.job.id})
            return None
