"""`JobService`: everything that makes a job, or takes one back, on behalf of a person.

Knows the ports, the policy and `bot.prompt`; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Final, final

from ulid import ULID

from bot.errors import ActionUnavailable, CannotCancel, NotAccepted, StorageError, TransitionLost
from bot.fault_points import Point, reach
from bot.jobs import policy
from bot.jobs.requests import Receipt, Wish
from bot.language import mark, say
from bot.model import DeliveryStatus, Kind, NewJob, Order, Route, Status
from bot.prompt import model_of

if TYPE_CHECKING:
    from bot.jobs.collection.sight import Sight
    from bot.jobs.ports import Clock, JobStore, Midjourney
    from bot.jobs.requests import Filled, Origin
    from bot.jobs.submitting.outcomes import Listeners
    from bot.model import Action, Job, Speed

_log = logging.getLogger(__name__)

_NOT_OFFERED: Final = mark("The Midjourney API behind this bot does not offer that. Nothing was sent.")


@final
class JobService:
    """Writes requests down. Holds no state but whether it is closed.

    Parameters
    ----------
    listeners
        Told when a job may be sent and when one is settled.
    """

    def __init__(
        self, *, store: JobStore, sight: Sight, midjourney: Midjourney, clock: Clock, listeners: Listeners
    ) -> None:
        self._store = store
        self._sight = sight
        self._midjourney = midjourney
        self._clock = clock
        self._tell = listeners
        self._closed = False

    def close(self) -> None:
        """Accept no more requests: the process is about to stop."""
        self._closed = True

    def require_open(self) -> None:
        """Refuse what comes too late.

        Raises
        ------
        NotAccepted
            The process is about to stop.
        """
        if self._closed:
            raise NotAccepted(say("Easel is restarting. Nothing was sent; please try again in a minute."))

    def require_offered(self, route: Route) -> None:
        """Refuse what this API is known not to have.

        Raises
        ------
        ActionUnavailable
            With the sentence to show.
        """
        if not self._midjourney.offers(route):
            raise ActionUnavailable(say(_NOT_OFFERED))

    async def begin(self, origin: Origin, wish: Wish) -> Receipt:
        """Write down a wish. Its prompt has been through `bot.prompt`.

        Raises
        ------
        ActionUnavailable
            This API has no such thing.
        JobUnknown
            The job that it is to be made from is not there for this person.
        NotAccepted
            The database refused, or the process is stopping; nothing was or will be sent.
        """
        self.require_offered(wish.order.route)
        parent = await self._sight.visible(origin, wish.parent_id) if wish.parent_id is not None else None
        return await self.enter(self.new_job(origin, wish), parent=parent)

    async def imagine(self, origin: Origin, prompt: str, speed: Speed) -> Receipt:
        """Write down an imagine of nothing but words.

        Raises
        ------
        NotAccepted
            As `begin`.
        """
        return await self.begin(origin, Wish(kind=Kind.IMAGINE, prompt=prompt, speed=speed))

    async def act(self, origin: Origin, job_id: str, action_index: int, filled: Filled | None = None) -> Receipt:
        """Write down the press of a stored button, with what was filled into its form if it opened one.

        Raises
        ------
        JobUnknown, ActionUnavailable, NotAccepted
            With the sentence to show.
        """
        parent = await self._sight.visible(origin, job_id)
        action = await self.action(parent, action_index)
        if action.needs_input and filled is None:
            raise ActionUnavailable(
                say("This button needs more than a click. Press it again and fill in what it asks for.")
            )
        prompt = parent.prompt if filled is None else filled.prompt
        mask = None if filled is None else filled.mask
        wish = Wish(
            kind=action.kind,
            prompt=prompt,
            speed=parent.speed,
            # A prompt that was left as it is needs no asking: the API takes the parent's by itself (contract 4.5).
            order=Order(route=Route.ACTION, mask=mask, remix=action.remixable and prompt != parent.prompt),
            parent_id=parent.id,
            label=action.label or action.emoji,
        )
        new = replace(
            self.new_job(origin, wish),
            action_index=action.index,
            quadrant=action.quadrant,
            once=action.once,
            words_gone=parent.words_gone and filled is None,
        )
        return await self.enter(new, parent=parent)

    async def action(self, parent: Job, action_index: int) -> Action:
        """Return a button of a job that can be pressed.

        Raises
        ------
        ActionUnavailable
            It is not there, or the API refuses it for good.
        """
        actions = await self._store.actions(parent.id)
        action = next((action for action in actions if action.index == action_index), None)
        if action is None or parent.task_id is None:
            raise ActionUnavailable(say("This picture no longer has that button. `/show` brings its current ones."))
        if action.is_dead:
            raise ActionUnavailable(
                say(
                    "Midjourney no longer takes this button for this picture. "
                    "*Re-run* under *More …* uses its prompt anew."
                )
            )
        return action

    async def answered(self, job_id: str, message_id: int | None) -> None:
        """Say that the person saw the answer: the job may now be sent. `message_id` is that of the answer."""
        job = await self._store.answered(job_id, message_id, self._clock.now())
        if job is None:
            return
        reach(Point.ANSWERED)
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

    async def tell_withdrawn(self, job_id: str) -> None:
        """Have somebody who was told to wait, and nothing since, told that their job was withdrawn."""
        job = await self._store.get(job_id)
        if job is not None and job.status is Status.CANCELLED:  # anything else would be sent now
            await self.answered(job_id, None)

    async def cancel(self, origin: Origin, job_id: str) -> Job:
        """Cancel a job that has not been sent. Author or moderators only.

        Raises
        ------
        JobUnknown, NotPermitted, CannotCancel
            With the sentence to show.
        """
        await self._sight.own(origin, job_id)
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
                say(
                    "It is too late to cancel: Midjourney has the job already, "
                    "and the API offers no way to call it back."
                )
            ) from None
        self._tell.settled(cancelled)
        return cancelled

    def new_job(self, origin: Origin, wish: Wish) -> NewJob:
        """Return a wish as a job about to be written down, with an id of its own."""
        now = self._clock.now()
        return NewJob(
            id=str(ULID.from_datetime(now)),
            kind=wish.kind,
            prompt=wish.prompt,
            speed=policy.speed_for(wish.kind, wish.speed),
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
            parent_id=wish.parent_id,
            action_label=wish.label,
            order=wish.order,
            model=model_of(wish.prompt),
            is_private=origin.private,
            own_locale=origin.own_locale,
            may_post=origin.may_post,
        )

    async def enter(self, new: NewJob, *, parent: Job | None) -> Receipt:
        """Write a new job down. What comes of somebody's private one is private too.

        Raises
        ------
        NotAccepted
            As `begin`.
        TransitionLost
            It is to take the place of a job whose outcome is known by now.
        """
        self.require_open()
        if parent is not None and parent.is_private:  # what comes of it shows what it was
            new = replace(new, is_private=True)
        reach(Point.BEFORE_ENTRY)
        try:
            entry, job = await self._store.add(new)
        except TransitionLost:
            raise
        except StorageError as error:
            raise not_written(error, new.id) from error
        reach(Point.ENTERED)
        _log.info("%s: %s", entry.value, job.kind.value, extra={"job": job.id, "action": "add"})
        return Receipt(entry=entry, job=job, parent=parent)


def not_written(error: StorageError, about: str) -> NotAccepted:
    """Log that a request could not be written down, and return what its person is told."""
    _log.critical("Cannot write a job down: %s. %s", error, error.explanation, extra={"job": about})
    return NotAccepted(
        say(
            "Easel could not write your request down, so nothing was sent. Please try again later, and tell the "
            "owner of this bot if it stays so."
        )
    )
