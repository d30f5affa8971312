"""Whether people saw our answer, for jobs of which we do not know; and the end of interaction tokens.

A job is sent only once its person has seen the answer. When the process died in between, the answer itself is looked
at: there, and the job goes on; not there, and it is cancelled, since nothing was spent (reliability B.4, 1). Knows the
ports and the policy; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, final

from bot.errors import DeliveryError, DiscordUnavailable, StorageError, TransitionLost
from bot.jobs import policy
from bot.model import Status

if TYPE_CHECKING:
    from bot.jobs.ports import Clock, Delivery, Memory
    from bot.model import Job

_log = logging.getLogger(__name__)


@final
class Answers:
    """Finds out about unrecorded answers, and erases tokens that no longer serve."""

    def __init__(self, memory: Memory, delivery: Delivery, clock: Clock) -> None:
        self._store = memory.jobs
        self._batches = memory.batches
        self._delivery = delivery
        self._clock = clock
        self._began_at = clock.now()

    async def step(self) -> None:
        """Look at the queued jobs that nobody is known to have seen: those of a former process, and overdue ones."""
        now = self._clock.now()
        await self._store.erase_tokens(now - policy.TOKEN_LIFE)
        for job in await self._store.unanswered(max(self._began_at, now - policy.ANSWER_PATIENCE)):
            try:
                await self._look(job)
            except StorageError:
                raise
            except Exception:  # noqa: BLE001 - one answer that cannot be looked at must not stand before all others
                _log.exception("Cannot look at the answer", extra={"job": job.id})

    async def _look(self, job: Job) -> None:
        try:
            message_id = await self._find(job)
        except DiscordUnavailable as error:
            _log.info("Cannot tell yet whether the answer was seen: %s", error, extra={"job": job.id})
            if self._clock.now() - job.created_at < policy.TOKEN_LIFE:
                return
            message_id = None
        except DeliveryError:
            message_id = None  # when in doubt, do not send
        if message_id is not None:
            await self._note(job, message_id)
            return
        try:
            await self._store.transition(job.id, Status.QUEUED, Status.CANCELLED, at=self._clock.now())
        except TransitionLost:
            return
        _log.warning("Cancelled: its answer never reached the person; nothing was sent", extra={"job": job.id})

    async def _find(self, job: Job) -> int | None:
        """Return the message that answers for a job: its own, or that of all its batch.

        For a batch's only where the process died: else its person was told that it could not be made.
        """
        if job.batch_id is None:
            return await self._delivery.find_answer(job)
        if job.created_at >= self._began_at:
            return None
        batch = await self._batches.get(job.batch_id)
        if batch is None or batch.answer_message_id is not None:
            return None if batch is None else batch.answer_message_id
        return await self._delivery.find_batch(batch)

    async def _note(self, job: Job, message_id: int) -> None:
        if job.batch_id is None:
            await self._store.answered(job.id, message_id, self._clock.now())
        else:
            await self._batches.answered(job.batch_id, message_id, self._clock.now())
