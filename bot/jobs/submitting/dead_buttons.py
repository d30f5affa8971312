"""Buttons that the API refuses for good: marked as such, and drawn so under the picture where they stand.

Knows the ports and the policy; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, final

from bot.errors import CometError, CometNotReady, DeliveryError
from bot.jobs import policy
from bot.jobs.ports import Posted

if TYPE_CHECKING:
    from bot.jobs.ports import Clock, Delivery, JobStore, Midjourney
    from bot.model import Job

_log = logging.getLogger(__name__)


@final
class DeadButtons:
    """Takes buttons out of use. A press of one is answered from the store, whatever its message still shows."""

    def __init__(self, store: JobStore, midjourney: Midjourney, delivery: Delivery, clock: Clock) -> None:
        self._store = store
        self._midjourney = midjourney
        self._delivery = delivery
        self._clock = clock

    async def note(self, job: Job, error: CometError) -> None:
        """Learn that a job has failed because the API refused it, and draw the conclusions for its button."""
        parent = await self._store.get(job.parent_id) if job.parent_id is not None else None
        if parent is None or parent.task_id is None or job.action_index is None:
            return
        dead = policy.dead_buttons(
            error,
            job.action_index,
            await self._store.actions(parent.id),
            is_known=not isinstance(error, CometNotReady) or await self._is_known(parent.task_id),
            ended_ago=self._clock.now() - (parent.finished_at or parent.updated_at),
        )
        if not dead:
            return
        await self._store.kill_actions(parent.id, dead)
        _log.info("%d buttons are refused for good", len(dead), extra={"job": parent.id, "action": "kill"})
        await self._redraw(parent)

    async def _is_known(self, task_id: str) -> bool:
        """Ask the API, free of charge; one that cannot say is no proof of anything."""
        try:
            return await self._midjourney.fetch(task_id) is not None
        except CometError as error:
            _log.debug("Cannot tell whether task %s is known: %s", task_id, error)
            return True

    async def _redraw(self, parent: Job) -> None:
        where = parent.delivery
        if parent.deleted_at is not None or where.channel_id is None or where.message_id is None:
            return
        posted = Posted(channel_id=where.channel_id, message_id=where.message_id)
        try:
            await self._delivery.redraw(posted, parent, await self._store.actions(parent.id))
        except DeliveryError as error:
            _log.info("Its message keeps its old buttons: %s", error, extra={"job": parent.id, "action": "kill"})
