"""The courier: brings settled jobs to the people who asked, whatever it takes.

A result goes out as a new message under the job's own nonce; where that way is closed, into the answer, else as a DM,
else it is kept for `/show`. Whatever was under way when a process died is looked for before it is sent again. Knows the
ports and the policy; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
import random
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, final

from bot.errors import (
    AnswerGone,
    ChannelGone,
    DeliveryError,
    DiscordUnavailable,
    MediaError,
    NotAllowed,
    TooLarge,
)
from bot.jobs import policy
from bot.jobs.crew import Crew
from bot.jobs.ports import Parcel, Posted
from bot.model import DeliveryStatus, Status

if TYPE_CHECKING:
    from bot.jobs.pictures import Pictures
    from bot.jobs.ports import Clock, Delivery, DeliveryChanges, JobStore
    from bot.jobs.progress import ProgressReporter
    from bot.model import Job, Media

_log = logging.getLogger(__name__)

_AT_ONCE: Final = 4  # as files, four pictures cost a few megabytes (performance 4)
_FORM_ROOM: Final = 64 * 1024  # bytes of a request that are not the file
_REQUEST_LIMIT: Final = 25 * 1024 * 1024  # of a whole message (Discord: create message)
_FAULTS_BEFORE_KEPT: Final = 20
_CLOSED = (NotAllowed, ChannelGone, AnswerGone)


@final
class Courier:
    """Delivers what is due, a few at once."""

    def __init__(
        self,
        *,
        store: JobStore,
        delivery: Delivery,
        pictures: Pictures,
        reporter: ProgressReporter,
        clock: Clock,
    ) -> None:
        self._store = store
        self._delivery = delivery
        self._pictures = pictures
        self._reporter = reporter
        self._clock = clock
        self.crew = Crew("Delivery", _AT_ONCE)

    async def step(self) -> None:
        """Start the deliveries that are due."""
        if not self.crew.free:
            return
        for job in await self._store.due_deliveries(self._clock.now(), _AT_ONCE * 2):
            if self.crew.free and job.id not in self.crew:
                self.crew.start(job.id, self._deliver(job))

    async def drain(self) -> None:
        """Wait for the deliveries under way."""
        await self.crew.drain()

    async def stop(self, seconds: float) -> bool:
        """Wait so many seconds at most for what is under way, then cancel the rest; tell whether all was done."""
        return await self.crew.stop(seconds)

    async def _deliver(self, job: Job) -> None:
        await self._reporter.close_book(job.id)
        current = await self._store.get(job.id)
        if current is None:
            return
        parent = await self._store.get(current.parent_id) if current.parent_id else None
        parcel = Parcel(job=current, actions=await self._store.actions(current.id), parent=parent)
        try:
            if current.status is Status.SUCCEEDED:
                await self._deliver_result(parcel)
            else:
                await self._deliver_word(parcel)
        except DiscordUnavailable as error:
            await self._later(current, error)
        except Exception:
            await self._later(current, None)
            raise

    async def _later(self, job: Job, error: DeliveryError | None) -> None:
        attempts = job.delivery.attempts + 1
        if error is None and attempts > _FAULTS_BEFORE_KEPT and job.delivery.status is not DeliveryStatus.LINKED:
            _log.error("Kept for /show: delivering it fails in a way we do not understand", extra={"job": job.id})
            source = [DeliveryStatus.DUE, DeliveryStatus.POSTING]
            await self._store.move_delivery(job.id, source, DeliveryStatus.KEPT)
            return
        wait = policy.backoff_seconds(attempts, random.random())  # noqa: S311 - spreads retries, guards nothing
        _log.log(
            logging.WARNING if attempts == 1 else logging.INFO,
            "Not delivered (%s), next try in %.0f s",
            error or "unexpected fault",
            wait,
            extra={"job": job.id, "action": "deliver"},
        )
        due_at = self._clock.now() + timedelta(seconds=wait)
        await self._store.note_delivery(job.id, {"attempts": attempts, "due_at": due_at})

    # Results -------------------------------------------------------------------------------------------------------

    async def _deliver_result(self, parcel: Parcel) -> None:
        job = parcel.job
        if job.delivery.status is DeliveryStatus.LINKED:
            await self._replace_link(parcel)
            return
        if job.delivery.status is DeliveryStatus.POSTING and await self._finish_if_posted(job):
            return
        try:
            media = await self._pictures.obtain(job)
        except MediaError as error:
            _log.warning("The picture cannot be fetched yet: %s", error, extra={"job": job.id, "action": "deliver"})
            await self._send(parcel, DeliveryStatus.LINKED)
            return
        await self._send(await self._packed(parcel, media), DeliveryStatus.DELIVERED)

    async def _finish_if_posted(self, job: Job) -> bool:
        """Look whether a send that nobody saw the end of has arrived (reliability B.4, 7)."""
        delivery = job.delivery
        try:
            if delivery.channel_id is not None and delivery.message_id is not None:
                posted: Posted | None = Posted(channel_id=delivery.channel_id, message_id=delivery.message_id)
            else:
                posted = await self._delivery.find_post(job)
        except _CLOSED:
            return False  # we may not look: the nonce is all there is
        if posted is None:
            return False
        _log.info("Found in the channel; not posted again", extra={"job": job.id, "action": "deliver"})
        await self._done(job, posted, DeliveryStatus.DELIVERED)
        return True

    async def _packed(self, parcel: Parcel, media: Media | None) -> Parcel:
        """Put the file in, smaller where this place wants it so; a file that does not fit at all is linked."""
        if media is None:
            return parcel
        limit = min(parcel.job.delivery.attachment_size_limit, _REQUEST_LIMIT) - _FORM_ROOM
        try:
            fitting = await self._pictures.fit(media, limit)
        except TooLarge as error:
            _log.info("Linked, since the file is too large here (%s)", error, extra={"job": parcel.job.id})
            return parcel
        return replace(parcel, media=fitting, original_url=None if fitting is media else parcel.job.media_url)

    async def _send(self, parcel: Parcel, done: DeliveryStatus) -> None:
        """Post the result; where the channel is closed to us, take the next way that is open."""
        job = parcel.job
        await self._mark_posting(job)
        try:
            posted = await self._post(parcel)
        except (NotAllowed, ChannelGone) as error:
            _log.info("Cannot post in the channel (%s)", error, extra={"job": job.id, "action": "deliver"})
            posted = await self._other_way(parcel)
        except AnswerGone as error:
            # The nonce belongs to a message that was deleted since: it was posted, and somebody did not want it.
            _log.info("Posted before and deleted since (%s)", error, extra={"job": job.id, "action": "deliver"})
            await self._store.move_delivery(job.id, [DeliveryStatus.POSTING], DeliveryStatus.DELIVERED)
            return
        await self._done(job, posted, done)

    async def _mark_posting(self, job: Job) -> None:
        """Commit that a send is about to start; where an earlier word stood no longer matters."""
        nowhere: DeliveryChanges = {"channel_id": None, "message_id": None}
        await self._store.move_delivery(job.id, [DeliveryStatus.DUE], DeliveryStatus.POSTING, nowhere)

    async def _post(self, parcel: Parcel) -> Posted:
        """Post, stepping down twice where the place takes less than it said (error 40005)."""
        for _ in range(2):
            try:
                return await self._delivery.post(parcel)
            except TooLarge:
                parcel = await self._step_down(parcel)
        return await self._delivery.post(replace(parcel, media=None))

    async def _step_down(self, parcel: Parcel) -> Parcel:
        if parcel.media is None:
            return parcel
        try:
            smaller = await self._pictures.fit(parcel.media, parcel.media.size // 2)
        except TooLarge:
            return replace(parcel, media=None)
        return replace(parcel, media=smaller, original_url=parcel.job.media_url)

    async def _other_way(self, parcel: Parcel) -> Posted | None:
        try:
            return await self._delivery.edit_answer(parcel)
        except (*_CLOSED, TooLarge) as error:
            _log.info("Cannot use the answer (%s); trying a DM", error, extra={"job": parcel.job.id})
        try:
            return await self._delivery.send_dm(parcel)
        except (*_CLOSED, TooLarge) as error:
            _log.warning("Kept for /show: no way to deliver (%s)", error, extra={"job": parcel.job.id})
            return None

    async def _done(self, job: Job, posted: Posted | None, done: DeliveryStatus) -> None:
        """Write down where it stands, then clear the progress message away, then call it done."""
        source = [DeliveryStatus.DUE, DeliveryStatus.POSTING]
        if posted is None:
            await self._store.move_delivery(job.id, source, DeliveryStatus.KEPT)
            return
        where: DeliveryChanges = {"channel_id": posted.channel_id, "message_id": posted.message_id}
        await self._store.note_delivery(job.id, where)
        if posted.message_id != job.delivery.answer_message_id:
            try:
                await self._delivery.remove_answer(job)
            except DeliveryError as error:
                _log.debug("The progress message stays: %s", error, extra={"job": job.id})
        changes: DeliveryChanges = {"due_at": self._clock.now() + timedelta(seconds=10), "attempts": 0}
        await self._store.move_delivery(job.id, source, done, changes)
        _log.info("%s", done.value.capitalize(), extra={"job": job.id, "action": "deliver"})

    async def _replace_link(self, parcel: Parcel) -> None:
        """Put the picture in the place of its posted link, or leave it at the link when that has taken too long."""
        job = parcel.job
        linked, delivery = [DeliveryStatus.LINKED], job.delivery
        if delivery.channel_id is None or delivery.message_id is None:
            await self._store.move_delivery(job.id, linked, DeliveryStatus.KEPT)
            return
        try:
            media = await self._pictures.obtain(job)
        except MediaError as error:
            if self._clock.now() - (job.finished_at or job.updated_at) > policy.PICTURE_PATIENCE:
                _log.warning("Left with its link: %s", error, extra={"job": job.id, "action": "deliver"})
                await self._store.move_delivery(job.id, linked, DeliveryStatus.DELIVERED)
            else:
                await self._later(job, None)
            return
        try:
            posted = Posted(channel_id=delivery.channel_id, message_id=delivery.message_id)
            await self._delivery.edit_post(posted, await self._packed(parcel, media))
        except (*_CLOSED, TooLarge) as error:
            _log.info("Left with its link (%s)", error, extra={"job": job.id, "action": "deliver"})
        await self._store.move_delivery(job.id, linked, DeliveryStatus.DELIVERED)

    # Everything that is not a picture ------------------------------------------------------------------------------

    async def _deliver_word(self, parcel: Parcel) -> None:
        """Say in the progress message how it ended; elsewhere only where that message is out of reach."""
        job = parcel.job
        source = [DeliveryStatus.DUE, DeliveryStatus.POSTING]
        if job.answered_at is None:
            await self._store.move_delivery(job.id, source, DeliveryStatus.KEPT)  # the person saw a failure already
            return
        if job.delivery.status is DeliveryStatus.POSTING and await self._finish_if_posted(job):
            return
        try:
            posted: Posted | None = await self._delivery.edit_answer(parcel)
        except _CLOSED as error:
            _log.info("The progress message is out of reach (%s)", error, extra={"job": job.id})
            posted = None if job.status is Status.CANCELLED else await self._word_elsewhere(parcel)
        await self._store.move_delivery(
            job.id,
            source,
            DeliveryStatus.KEPT if posted is None else DeliveryStatus.DELIVERED,
            {} if posted is None else {"channel_id": posted.channel_id, "message_id": posted.message_id},
        )

    async def _word_elsewhere(self, parcel: Parcel) -> Posted | None:
        await self._mark_posting(parcel.job)
        for way in (self._delivery.post, self._delivery.send_dm):
            try:
                return await way(parcel)
            except _CLOSED as error:
                _log.info("That way is closed too (%s)", error, extra={"job": parcel.job.id})
        return None
