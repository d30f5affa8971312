"""The courier: brings settled jobs to the people who asked, whatever it takes.

A result goes out as a new message under the job's own nonce; where that way is closed, into the answer, else as a DM,
else it is kept for `/show`. Whatever was under way when a process died is looked for before it is sent again. Knows the
ports and the policy; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, final

from bot.errors import (
    AnswerGone,
    ChannelGone,
    DeliveryError,
    DiscordUnavailable,
    MediaError,
    MediaRefused,
    MediaUnavailable,
    NotAllowed,
    TooLarge,
)
from bot.jobs import policy
from bot.jobs.crew import Crew
from bot.jobs.delivering.delivery_book import UNDER_WAY, DeliveryBook
from bot.jobs.delivering.faults import Faults
from bot.jobs.delivering.ways import CLOSED, Ways
from bot.jobs.ports import Parcel, Posted
from bot.model import DeliveryStatus, Notify, Status

if TYPE_CHECKING:
    from bot.jobs.delivering.progress import ProgressReporter
    from bot.jobs.keeping.pictures import Pictures
    from bot.jobs.people.preferences import Preferences
    from bot.jobs.ports import Clock, Delivery, JobStore
    from bot.metrics.deliveries import DeliveryMetrics
    from bot.model import Job

_log = logging.getLogger(__name__)

_AT_ONCE: Final = 4  # as files, four pictures cost a few megabytes (performance 4)


@final
class Courier:
    """Delivers what is due, a few at once."""

    def __init__(  # noqa: PLR0913 - keywords, set in one place
        self,
        *,
        store: JobStore,
        delivery: Delivery,
        pictures: Pictures,
        reporter: ProgressReporter,
        preferences: Preferences,
        clock: Clock,
        metrics: DeliveryMetrics,
    ) -> None:
        self._store = store
        self._delivery = delivery
        self._pictures = pictures
        self._reporter = reporter
        self._preferences = preferences
        self._clock = clock
        self.crew = Crew("Delivery", _AT_ONCE)
        self._book = DeliveryBook(store=store, delivery=delivery, pictures=pictures, clock=clock, metrics=metrics)
        self._ways = Ways(store, delivery, pictures)
        self._faults = Faults(clock)

    async def step(self) -> None:
        """Start the deliveries that are due."""
        if not self.crew.free:
            return
        for job in await self._store.due_deliveries(self._clock.now(), _AT_ONCE * 2):
            if self.crew.free and job.id not in self.crew and not self._faults.rests(job.id):
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
        if current is None or current.deleted_at is not None:
            return
        parent = await self._store.get(current.parent_id) if current.parent_id else None
        if parent is not None and parent.deleted_at is not None:
            parent = None
        parcel = Parcel(
            job=current,
            actions=await self._store.actions(current.id),
            parent=parent,
            notify=(await self._preferences.person(current.user_id)).notify,
        )
        try:
            if current.status is Status.SUCCEEDED:
                await self._deliver_result(parcel)
            else:
                await self._deliver_word(parcel)
        except DiscordUnavailable as error:
            await self._book.put_off(current, error)
        except Exception as error:
            await self._stumbled(current, error)
            raise
        else:
            self._faults.forget(job.id)

    async def _stumbled(self, job: Job, error: Exception) -> None:
        """Put off what failed unforeseen; what goes on doing so without end is left where `/show` finds it."""
        if not self._faults.note(job.id, error):
            await self._book.put_off(job, error)
            return
        _log.error("Kept for /show: delivering it fails in a way we do not understand", extra={"job": job.id})
        if not await self._book.move(job, UNDER_WAY, DeliveryStatus.KEPT):
            await self._book.move(job, [DeliveryStatus.LINKED], DeliveryStatus.DELIVERED)
        self._faults.forget(job.id)

    # Results -------------------------------------------------------------------------------------------------------

    async def _deliver_result(self, parcel: Parcel) -> None:
        job = parcel.job
        if job.delivery.status is DeliveryStatus.LINKED:
            await self._replace_link(parcel)
            return
        if await self._book.finish_if_posted(job):
            return
        try:
            media = await self._pictures.obtain(job)
        except MediaUnavailable as error:
            _log.warning("The picture cannot be fetched yet: %s", error, extra={"job": job.id, "action": "deliver"})
            await self._send(parcel, DeliveryStatus.LINKED)
            return
        except MediaRefused as error:
            _log.warning("Linked for good: %s", error, extra={"job": job.id, "action": "deliver"})
            await self._send(parcel, DeliveryStatus.DELIVERED)
            return
        await self._send(await self._ways.pack(parcel, media), DeliveryStatus.DELIVERED)

    async def _send(self, parcel: Parcel, done: DeliveryStatus) -> None:
        """Post the result; where the channel is closed to us, take the next way that is open."""
        job = parcel.job
        if not await self._book.mark_posting(job):
            await self._book.take_back_if_deleted(job)
            return
        try:
            posted = await self._ways.post(parcel) if job.may_post else await self._ways.other(parcel)
        except (NotAllowed, ChannelGone) as error:
            _log.info("Cannot post in the channel (%s)", error, extra={"job": job.id, "action": "deliver"})
            posted = await self._ways.other(parcel)
        except AnswerGone as error:
            # The nonce belongs to a message that was deleted since: it was posted, and somebody did not want it.
            _log.info("Posted before and deleted since (%s)", error, extra={"job": job.id, "action": "deliver"})
            await self._book.move(job, [DeliveryStatus.POSTING], DeliveryStatus.DELIVERED)
            return
        await self._book.finish(job, posted, done)
        if parcel.notify is not Notify.DM or posted is None or job.is_direct:
            return
        if posted.channel_id == job.channel_id:  # elsewhere, it is a message to them itself
            await self._send_notice(job, posted)

    async def _send_notice(self, job: Job, posted: Posted) -> None:
        """Tell the person directly. Only once: what does not arrive is not worth a second message about it."""
        try:
            await self._delivery.send_notice(job, posted)
        except DeliveryError as error:
            _log.info("Not told directly (%s)", error, extra={"job": job.id, "action": "deliver"})

    async def _replace_link(self, parcel: Parcel) -> None:
        """Put the picture in the place of its posted link, or leave it at the link when that has taken too long."""
        job = parcel.job
        linked, delivery = [DeliveryStatus.LINKED], job.delivery
        if delivery.channel_id is None or delivery.message_id is None:
            await self._book.move(job, linked, DeliveryStatus.KEPT)
            return
        try:
            media = await self._pictures.obtain(job)
        except MediaError as error:
            waited = self._clock.now() - (job.finished_at or job.updated_at)
            if isinstance(error, MediaRefused) or waited > policy.PICTURE_PATIENCE:
                _log.warning("Left with its link: %s", error, extra={"job": job.id, "action": "deliver"})
                await self._book.move(job, linked, DeliveryStatus.DELIVERED)
            else:
                await self._book.put_off(job, error)
            return
        try:
            packed = await self._ways.pack(parcel, media)
            if delivery.message_id == delivery.answer_message_id:  # the bot itself may not be there to edit it
                await self._delivery.edit_answer(packed)
            else:
                posted = Posted(channel_id=delivery.channel_id, message_id=delivery.message_id)
                await self._delivery.edit_post(posted, packed)
        except (*CLOSED, TooLarge) as error:
            _log.info("Left with its link (%s)", error, extra={"job": job.id, "action": "deliver"})
        await self._book.move(job, linked, DeliveryStatus.DELIVERED)

    # Everything that is not a picture ------------------------------------------------------------------------------

    async def _deliver_word(self, parcel: Parcel) -> None:
        """Say in the progress message how it ended; elsewhere only where that message is out of reach."""
        job = parcel.job
        if job.batch_id is not None:
            await self._book.move(job, UNDER_WAY, DeliveryStatus.DELIVERED)  # the batch's own message tells it
            return
        if job.answered_at is None:
            await self._leave_unsaid(job)
            return
        if await self._book.finish_if_posted(job):
            return
        try:
            posted: Posted | None = await self._delivery.edit_answer(parcel)
        except CLOSED as error:
            _log.info("The progress message is out of reach (%s)", error, extra={"job": job.id})
            posted = None if job.status is Status.CANCELLED else await self._word_elsewhere(parcel)
        await self._book.move(
            job,
            UNDER_WAY,
            DeliveryStatus.KEPT if posted is None else DeliveryStatus.DELIVERED,
            {} if posted is None else {"channel_id": posted.channel_id, "message_id": posted.message_id},
        )

    async def _leave_unsaid(self, job: Job) -> None:
        """Say nothing: the person saw a failure already. If their answer turns up in this moment, it is said after all.

        `JobService.answered` does the same for an answer that turns up later.
        """
        await self._book.move(job, UNDER_WAY, DeliveryStatus.KEPT)
        current = await self._store.get(job.id)
        if current is not None and current.answered_at is not None:
            await self._book.move(job, [DeliveryStatus.KEPT], DeliveryStatus.DUE)

    async def _word_elsewhere(self, parcel: Parcel) -> Posted | None:
        if not await self._book.mark_posting(parcel.job):
            return None
        ways = (self._delivery.post, self._delivery.send_dm) if parcel.job.may_post else (self._delivery.send_dm,)
        for way in ways:
            try:
                return await way(parcel)
            except CLOSED as error:
                _log.info("That way is closed too (%s)", error, extra={"job": parcel.job.id})
        return None
