"""`Again`: jobs made once more on behalf of a person: the same wish anew, and what may never have been sent.

Knows the ports and `bot.prompt`; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, final

from bot.errors import ActionUnavailable, TransitionLost
from bot.jobs.requests import Wish
from bot.language import mark, say
from bot.model import Kind, Order, Route
from bot.prompt import Purpose, prefilled

if TYPE_CHECKING:
    from bot.jobs.asking.service import JobService
    from bot.jobs.collection.sight import Sight
    from bot.jobs.ports import JobStore
    from bot.jobs.requests import Origin, Receipt
    from bot.model import Job

#: What jobs that are made again are called. Kept in English, and said where they are shown.
_RUN_AGAIN: Final = mark("Run again")
_EDITED: Final = mark("Edited")


@final
class Again:
    """Makes jobs again. Holds no state."""

    def __init__(self, *, store: JobStore, sight: Sight, service: JobService) -> None:
        self._store = store
        self._sight = sight
        self._service = service

    async def run(self, origin: Origin, job_id: str, prompt: str | None = None) -> Receipt:
        """Write down the same wish once more, as a job of whoever asks; with `prompt`, that one in its place.

        What came from a button becomes an imagine of its prompt, without what only that button takes.

        Parameters
        ----------
        prompt
            Through `bot.prompt`; None leaves it as it was.

        Raises
        ------
        JobUnknown, ActionUnavailable, NotAccepted
            With the sentence to show.
        """
        job = await self._sight.visible(origin, job_id)
        is_action = job.order.route is Route.ACTION
        same = prefilled(job.prompt, Purpose.IMAGINE) if is_action else job.prompt
        wish = Wish(
            kind=Kind.IMAGINE if is_action else job.kind,
            prompt=same if prompt is None else prompt,
            speed=job.speed,
            order=Order() if is_action else replace(job.order, applied=()),
            # What goes on from a video goes on from the same one again, and not from what came of that.
            parent_id=job.id if job.order.index is None else job.parent_id,
            label=_RUN_AGAIN if prompt in {None, same, job.prompt} else _EDITED,
        )
        _require_words(wish, job)
        return await self._service.begin(replace(origin, private=origin.private or job.is_private), wish)

    async def submit(self, origin: Origin, job_id: str) -> Receipt:
        """Write down a new job in the place of one whose outcome is unknown. Author or moderators only.

        Raises
        ------
        JobUnknown, NotPermitted, ActionUnavailable, NotAccepted
            With the sentence to show.
        """
        old = await self._sight.own(origin, job_id)
        parent = await self._store.get(old.parent_id) if old.parent_id else None
        wish = Wish(
            kind=old.kind,
            prompt=old.prompt,
            speed=old.speed,
            order=old.order,
            parent_id=old.parent_id,
            label=old.action_label,
        )
        _require_words(wish, old)
        new = replace(
            self._service.new_job(origin, wish),
            action_index=old.action_index,
            quadrant=old.quadrant,
            once=old.single_key is not None,
            retry_of=old.id,
            is_private=origin.private or old.is_private,
        )
        try:
            return await self._service.enter(new, parent=parent)
        except TransitionLost:
            raise ActionUnavailable(
                say("That job's outcome is known by now: there is nothing to submit again.")
            ) from None


def _require_words(wish: Wish, job: Job) -> None:
    """Refuse what says nothing, or not any more, as after its author has left."""
    order = wish.order
    says_nothing = not order.images and order.index is None and order.route is not Route.ACTION
    if not wish.prompt and (says_nothing or job.words_gone):
        raise ActionUnavailable(say("There is no prompt to run again here. Start anew with `/imagine`."))
