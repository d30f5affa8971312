"""The book of deliveries: how far each has come, written down before and after every send.

What it says is what a restart finds. Knows the ports and the policy; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
import random
from datetime import timedelta
from typing import TYPE_CHECKING, Final, final

from bot.errors import DeliveryError, EaselError
from bot.fault_points import Point, reach
from bot.jobs import policy
from bot.jobs.delivering.ways import CLOSED
from bot.jobs.ports import Posted
from bot.metrics.deliveries import Reconciled
from bot.model import DeliveryStatus, Status

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.jobs.keeping.pictures import Pictures
    from bot.jobs.ports import Clock, Delivery, DeliveryChanges, JobStore
    from bot.metrics.deliveries import DeliveryMetrics
    from bot.model import Job

_log = logging.getLogger(__name__)

#: Of a delivery that is nobody's but the courier's.
UNDER_WAY: Final = (DeliveryStatus.DUE, DeliveryStatus.POSTING)

_ENDS: Final = frozenset({DeliveryStatus.LINKED, DeliveryStatus.DELIVERED, DeliveryStatus.KEPT})


@final
class DeliveryBook:
    """Writes down what the courier does, and finds out what came of what it did not see the end of."""

    def __init__(
        self, *, store: JobStore, delivery: Delivery, pictures: Pictures, clock: Clock, metrics: DeliveryMetrics
    ) -> None:
        self._store = store
        self._delivery = delivery
        self._pictures = pictures
        self._clock = clock
        self._metrics = metrics

    async def move(
        self,
        job: Job,
        source: Collection[DeliveryStatus],
        target: DeliveryStatus,
        changes: DeliveryChanges | None = None,
    ) -> bool:
        """Move the delivery, unless the job has come to another end meanwhile: then that is still to be delivered."""
        is_moved = await self._store.move_delivery(job.id, source, target, changes, of=job.status)
        if is_moved and target in _ENDS:
            self._metrics.moved(target)
        return is_moved

    async def put_off(self, job: Job, error: Exception) -> None:
        """Have it tried again later, and later each time."""
        attempts = job.delivery.attempts + 1
        wait = policy.backoff_seconds(attempts, random.random())  # noqa: S311 - spreads retries, guards nothing
        _log.log(
            logging.WARNING if attempts == 1 else logging.INFO,
            "Not delivered (%s), next try in %.0f s",
            error if isinstance(error, EaselError) else "unexpected fault",
            wait,
            extra={"job": job.id, "action": "deliver"},
        )
        self._metrics.put_off()
        due_at = self._clock.now() + timedelta(seconds=wait)
        await self._store.note_delivery(job.id, {"attempts": attempts, "due_at": due_at})

    async def mark_posting(self, job: Job) -> bool:
        """Commit that a send is about to start, unless it is none of ours any more.

        Where an earlier word stood no longer matters.
        """
        nowhere: DeliveryChanges = {"channel_id": None, "message_id": None, "look_first": False}
        is_ours = await self.move(job, UNDER_WAY, DeliveryStatus.POSTING, nowhere)
        reach(Point.POSTING)
        return is_ours

    async def finish_if_posted(self, job: Job) -> bool:
        """Look whether a send that nobody saw the end of has arrived (reliability B.4, 7).

        That is one of a former process, or one that a backup knows nothing of.
        """
        delivery = job.delivery
        is_under_way = delivery.status is DeliveryStatus.POSTING
        if not (is_under_way or delivery.look_first):
            return False
        try:
            if is_under_way and delivery.channel_id is not None and delivery.message_id is not None:
                posted: Posted | None = Posted(channel_id=delivery.channel_id, message_id=delivery.message_id)
            else:
                posted = await self._delivery.find_post(job)
        except CLOSED:
            self._metrics.reconciled(Reconciled.FORBIDDEN)
            return False  # we may not look: the nonce is all there is
        self._metrics.reconciled(Reconciled.NOT_FOUND if posted is None else Reconciled.FOUND)
        if posted is None:
            return False
        _log.info("Found in the channel; not posted again", extra={"job": job.id, "action": "deliver"})
        linked = job.status is Status.SUCCEEDED and job.picture is None and not job.result_text
        await self.finish(job, posted, DeliveryStatus.LINKED if linked else DeliveryStatus.DELIVERED)
        return True

    async def finish(self, job: Job, posted: Posted | None, done: DeliveryStatus) -> None:
        """Write down where it stands, then clear the progress message away, then call it done."""
        reach(Point.POSTED)
        if posted is None:
            await self.move(job, UNDER_WAY, DeliveryStatus.KEPT)
            return
        where: DeliveryChanges = {"channel_id": posted.channel_id, "message_id": posted.message_id}
        await self._store.note_delivery(job.id, where)
        reach(Point.NOTED)
        if job.status is Status.SUCCEEDED and job.finished_at is not None:
            self._metrics.posted((self._clock.now() - job.finished_at).total_seconds())
        if await self.take_back_if_deleted(job, posted):
            return
        job = await self._store.get(job.id) or job
        if posted.message_id != job.delivery.answer_message_id and job.batch_id is None:
            try:
                await self._delivery.remove_answer(job)
            except DeliveryError as error:
                _log.debug("The progress message stays: %s", error, extra={"job": job.id})
        reach(Point.CLEARED)
        changes: DeliveryChanges = {"due_at": self._clock.now() + timedelta(seconds=10), "attempts": 0}
        await self.move(job, UNDER_WAY, done, changes)
        _log.info("%s", done.value.capitalize(), extra={"job": job.id, "action": "deliver"})

    async def take_back_if_deleted(self, job: Job, posted: Posted | None = None) -> bool:
        """Take away what came too late for its job, which was deleted or removed meanwhile; tell whether it was."""
        current = await self._store.get(job.id)
        if current is not None and current.deleted_at is None:
            return False
        _log.info("Deleted while it was being delivered", extra={"job": job.id, "action": "deliver"})
        await self._pictures.discard(current or job)  # again: of several videos some were fetched since
        if posted is not None:
            try:
                await self._delivery.remove_post(posted)
            except DeliveryError as error:
                _log.warning("Its message stays: %s", error, extra={"job": job.id, "action": "deliver"})
        return True
