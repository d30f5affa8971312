"""`JobService`: all that the Discord surface may ask of the engine.

Knows the ports and the policy; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, final

from ulid import ULID

from bot.errors import (
    ActionUnavailable,
    CannotCancel,
    JobUnknown,
    MediaError,
    NotAccepted,
    NotPermitted,
    StorageError,
    TooLarge,
    TransitionLost,
)
from bot.jobs import policy
from bot.jobs.requests import Page, Receipt, Shown
from bot.model import DeliveryStatus, Kind, NewJob, Status

if TYPE_CHECKING:
    from bot.jobs.outcomes import Listeners
    from bot.jobs.pictures import Pictures
    from bot.jobs.ports import Clock, JobStore
    from bot.jobs.requests import Origin
    from bot.model import Job, Speed

_log = logging.getLogger(__name__)


@final
class JobService:
    """Writes requests down, and answers questions about jobs. Holds no state but whether it is closed.

    Parameters
    ----------
    listeners
        Told when a job may be sent and when one is settled.
    """

    def __init__(self, *, store: JobStore, pictures: Pictures, clock: Clock, listeners: Listeners) -> None:
        self._store = store
        self._pictures = pictures
        self._clock = clock
        self._tell = listeners
        self._closed = False

    def close(self) -> None:
        """Accept no more requests: the process is about to stop."""
        self._closed = True

    async def imagine(self, origin: Origin, prompt: str, speed: Speed) -> Receipt:
        """Write down an imagine. `prompt` has been through `bot.prompt`.

        Raises
        ------
        NotAccepted
            The database refused, or the process is stopping; nothing was or will be sent.
        """
        return await self._add(self._new(origin, kind=Kind.IMAGINE, prompt=prompt, speed=speed), parent=None)

    async def act(self, origin: Origin, job_id: str, action_index: int) -> Receipt:
        """Write down the press of a stored button.

        Raises
        ------
        JobUnknown, ActionUnavailable, NotAccepted
            With the sentence to show.
        """
        parent = await self._visible(origin, job_id)
        actions = await self._store.actions(job_id)
        action = next((action for action in actions if action.index == action_index), None)
        if action is None or parent.task_id is None:
            raise ActionUnavailable("This picture no longer has that button. `/show` brings its current ones.")
        if action.needs_input:
            raise ActionUnavailable(
                f"**{action.label or action.emoji}** needs more than a click, and Easel cannot ask you for it yet. "
                "Nothing was sent; the other buttons work."
            )
        if action.kind is Kind.BOOKMARK:
            raise ActionUnavailable(
                "Bookmarks live on Midjourney's own site, out of reach from here. `/history` has all your pictures."
            )
        new = self._new(
            origin, kind=action.kind, prompt=parent.prompt, speed=policy.speed_for(action.kind, parent.speed)
        )
        new = replace(
            new,
            parent_id=parent.id,
            action_index=action.index,
            action_label=action.label or action.emoji,
            quadrant=action.quadrant,
            once=action.once,
        )
        return await self._add(new, parent=parent)

    async def submit_again(self, origin: Origin, job_id: str) -> Receipt:
        """Write down a new job in the place of one whose outcome is unknown. Author or moderators only.

        Raises
        ------
        JobUnknown, NotPermitted, ActionUnavailable, NotAccepted
            With the sentence to show.
        """
        old = await self._visible(origin, job_id)
        self._require_author(old, origin)
        parent = await self._store.get(old.parent_id) if old.parent_id else None
        new = replace(
            self._new(origin, kind=old.kind, prompt=old.prompt, speed=old.speed),
            parent_id=old.parent_id,
            action_index=old.action_index,
            action_label=old.action_label,
            quadrant=old.quadrant,
            once=old.single_key is not None,
            retry_of=old.id,
        )
        try:
            return await self._add(new, parent=parent)
        except TransitionLost:
            raise ActionUnavailable("That job's outcome is known by now: there is nothing to submit again.") from None

    async def answered(self, job_id: str, message_id: int | None) -> None:
        """Say that the person saw the answer: the job may now be sent. `message_id` is that of the answer."""
        job = await self._store.answered(job_id, message_id, self._clock.now())
        if job is None:
            return
        self._tell.answered(job)
        if job.status is Status.CANCELLED:
            # It was cancelled before we knew that anybody sees it, so its message still says that it waits.
            await self._store.move_delivery(job_id, [DeliveryStatus.KEPT], DeliveryStatus.DUE, of=Status.CANCELLED)
            self._tell.settled(job)

    async def withdraw(self, job_id: str) -> None:
        """Say that the answer could not be given: the job is cancelled, nothing is sent."""
        try:
            await self._store.transition(job_id, Status.QUEUED, Status.CANCELLED, at=self._clock.now())
        except TransitionLost:
            _log.warning("Too late to withdraw", extra={"job": job_id})
        else:
            _log.warning("Withdrawn: the answer did not reach the person; nothing was sent", extra={"job": job_id})

    async def cancel(self, origin: Origin, job_id: str) -> Job:
        """Cancel a job that has not been sent. Author or moderators only.

        Raises
        ------
        JobUnknown, NotPermitted, CannotCancel
            With the sentence to show.
        """
        job = await self._visible(origin, job_id)
        self._require_author(job, origin)
        try:
            cancelled = await self._store.transition(
                job_id,
                Status.QUEUED,
                Status.CANCELLED,
                at=self._clock.now(),
                changes={"finished_at": self._clock.now()},
            )
        except TransitionLost:
            current = await self._store.get(job_id)
            if current is not None and current.status is Status.CANCELLED:
                return current
            raise CannotCancel(
                "It is too late to cancel: Midjourney has the job already, and the API offers no way to call it back."
            ) from None
        self._tell.settled(cancelled)
        return cancelled

    async def show(self, origin: Origin, job_id: str) -> Shown:
        """Return a job without its file. Its author may see it anywhere, everybody else where it was made.

        Raises
        ------
        JobUnknown
            No such job, or not one that this person may see.
        """
        job = await self._visible(origin, job_id)
        parent = await self._store.get(job.parent_id) if job.parent_id else None
        return Shown(job=job, actions=await self._store.actions(job_id), parent=parent)

    async def open(self, origin: Origin, job_id: str) -> Shown:
        """Return a job with its file in a size that this place takes, fetched anew if it is no longer on our disk.

        Raises
        ------
        JobUnknown
            No such job, or not one that this person may see.
        """
        shown = await self.show(origin, job_id)
        try:
            media = await self._pictures.obtain(shown.job)
            fitting = await self._pictures.fit(media, origin.attachment_size_limit) if media else None
        except (MediaError, TooLarge) as error:
            _log.info("Shown without its file: %s", error, extra={"job": job_id})
            return shown
        return replace(shown, media=fitting, original_url=None if fitting is media else shown.job.media_url)

    async def history(self, user_id: int, before: str | None = None, limit: int = 10) -> Page:
        """Return a page of a person's own jobs."""
        jobs = await self._store.page(user_id, before, limit + 1)
        older = jobs[limit - 1].id if len(jobs) > limit else None
        return Page(jobs=tuple(jobs[:limit]), older=older)

    def _new(self, origin: Origin, *, kind: Kind, prompt: str, speed: Speed) -> NewJob:
        now = self._clock.now()
        return NewJob(
            id=str(ULID.from_datetime(now)),
            kind=kind,
            prompt=prompt,
            speed=speed,
            user_id=origin.user_id,
            guild_id=origin.guild_id,
            channel_id=origin.channel_id,
            interaction_id=origin.interaction_id,
            interaction_token=origin.interaction_token,
            application_id=origin.application_id,
            attachment_size_limit=origin.attachment_size_limit,
            locale=origin.locale,
            created_at=now,
            give_up_at=now + policy.QUEUE_PATIENCE,
        )

    async def _add(self, new: NewJob, *, parent: Job | None) -> Receipt:
        if self._closed:
            raise NotAccepted("Easel is restarting. Nothing was sent; please try again in a minute.")
        try:
            entry, job = await self._store.add(new)
        except TransitionLost:
            raise
        except StorageError as error:
            _log.critical("Cannot write a job down: %s. %s", error, error.explanation, extra={"job": new.id})
            raise NotAccepted(
                "Easel could not write your request down, so nothing was sent. Please try again later, and tell the "
                "owner of this bot if it stays so."
            ) from error
        _log.info("%s: %s", entry.value, job.kind.value, extra={"job": job.id, "action": "add"})
        return Receipt(entry=entry, job=job, parent=parent)

    async def _visible(self, origin: Origin, job_id: str) -> Job:
        """Return a job that this person may see: their own, one of this channel, or the one upscale of such a job."""
        job = await self._store.get(job_id)
        if job is not None and not _may_see(job, origin) and job.single_key is not None and job.parent_id is not None:
            parent = await self._store.get(job.parent_id)
            if parent is not None and _may_see(parent, origin):
                return job
        if job is None or not _may_see(job, origin):
            raise JobUnknown("I know no such job here. `/history` lists your own.")
        return job

    @staticmethod
    def _require_author(job: Job, origin: Origin) -> None:
        if job.user_id != origin.user_id and not origin.may_moderate:
            raise NotPermitted("Only the person who asked for it, or a moderator, may do that.")


def _may_see(job: Job, origin: Origin) -> bool:
    return job.user_id == origin.user_id or origin.channel_id in (job.channel_id, job.delivery.channel_id)
