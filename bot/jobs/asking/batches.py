"""`Batches`: several jobs of one wish: counted and priced first, then made as ordinary jobs, told about in one message.

The jobs of a batch are sent, followed and delivered like any others; what is special is here: one confirmation for all
of them, one message that tells how far they are, and a contact sheet in it at the end. Knows the ports, `bot.prompt`
and `bot.imaging`; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, cast, final

from ulid import ULID

from bot.errors import ActionUnavailable, PromptInvalid, StorageError, TransitionLost
from bot.jobs.asking.service import not_written
from bot.jobs.requests import Wish
from bot.language import mark, say
from bot.model import Applied, Batch, Kind, Order, Source, Speed, Status
from bot.prompt import total

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from bot.jobs.asking.forms import Forms
    from bot.jobs.asking.service import JobService
    from bot.jobs.collection.sight import Sight
    from bot.jobs.ports import Clock, Memory
    from bot.jobs.requests import Origin
    from bot.jobs.submitting.outcomes import Listeners
    from bot.language import Phrase
    from bot.model import Draft, NewJob

_log = logging.getLogger(__name__)

FORM: Final = "batch"
_GONE: Final = mark("That was confirmed already, or it is more than a day old. Nothing was sent just now.")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BatchWish:
    """Several jobs at once.

    Attributes
    ----------
    typed
        What the person wrote.
    prompts
        One for each job, through `bot.prompt`.
    images
        Image prompts for all of them, as inputs.
    parent_id, label
        The job they are made from, where there is one ("Imagine all" of a describe), and what that is called.
    applied
        One for each prompt, as in `Order`; or none at all.
    """

    typed: str
    prompts: tuple[str, ...]
    speed: Speed
    images: tuple[str, ...] = ()
    parent_id: str | None = None
    label: str = ""
    applied: tuple[tuple[Applied, ...], ...] = ()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a person has to confirm. `price` is that of all together in US dollars, None where it is not known."""

    draft_id: str
    prompts: tuple[str, ...]
    speed: Speed
    price: Decimal | None


@final
class Batches:
    """Proposals, and what comes of them.

    Parameters
    ----------
    limit
        The most jobs of one batch; a setting.
    """

    def __init__(  # noqa: PLR0913 - keywords, set in one place
        self,
        *,
        memory: Memory,
        forms: Forms,
        sight: Sight,
        service: JobService,
        clock: Clock,
        listeners: Listeners,
        limit: int,
    ) -> None:
        self._memory = memory
        self._forms = forms
        self._sight = sight
        self._service = service
        self._clock = clock
        self._tell = listeners
        self.limit = limit

    async def propose(self, origin: Origin, wish: BatchWish) -> Proposal:
        """Count and price a wish and keep it as a draft. Nothing is sent.

        Raises
        ------
        PromptInvalid
            More jobs than the limit; with the sentence to show.
        """
        count = len(wish.prompts)
        if count > self.limit:
            raise PromptInvalid(_too_many(count, self.limit))
        fields = {
            "typed": wish.typed,
            "prompts": json.dumps(wish.prompts),
            "speed": wish.speed.value,
            "images": json.dumps(wish.images),
            "parent_id": wish.parent_id or "",
            "label": wish.label,
            "applied": json.dumps([[(each.source, each.words) for each in one] for one in wish.applied]),
        }
        draft = await self._forms.keep(origin.user_id, FORM, fields)
        price = total(Kind.IMAGINE, wish.speed, count)
        return Proposal(draft_id=draft.id, prompts=wish.prompts, speed=wish.speed, price=price)

    async def confirm(self, origin: Origin, draft_id: str) -> Batch:
        """Write down the batch that was proposed to this person, once.

        Raises
        ------
        ActionUnavailable
            It was confirmed already, or is more than a day old, or somebody else's.
        NotAccepted
            The database refused, or the process is stopping; nothing was or will be sent.
        """
        self._service.require_open()
        draft = await self._memory.drafts.get(draft_id)
        if draft is None or draft.user_id != origin.user_id or draft.form != FORM:
            raise ActionUnavailable(say(_GONE))
        parent_id = draft.fields["parent_id"]
        parent = await self._memory.jobs.get(parent_id) if parent_id else None
        if parent is not None and parent.is_private:  # what comes of it shows what it was
            origin = replace(origin, private=True)
        batch = self._batch(origin, draft)
        try:
            added = await self._memory.batches.add(batch, self._jobs(origin, draft, batch.id), draft_id)
        except StorageError as error:
            raise not_written(error, batch.id) from error
        if added is None:
            raise ActionUnavailable(say(_GONE))
        _log.info("A batch of %d jobs", len(added.jobs), extra={"batch": added.id, "action": "add"})
        return added

    async def answered(self, batch_id: str, message_id: int) -> None:
        """Say that the person saw the batch's message: its jobs may now be sent."""
        batch = await self._memory.batches.answered(batch_id, message_id, self._clock.now())
        for job in batch.jobs if batch is not None else ():
            self._tell.answered(job)

    async def withdraw(self, batch_id: str) -> None:
        """Say that the answer could not be given: all its jobs are cancelled, nothing is sent."""
        batch = await self._memory.batches.get(batch_id)
        if batch is None:
            return
        await self._cancel(batch)
        await self._memory.batches.close(batch_id, self._clock.now())
        _log.warning("Withdrawn: the answer did not reach the person; nothing was sent", extra={"batch": batch_id})

    async def cancel(self, origin: Origin, batch_id: str) -> int:
        """Cancel the jobs of a batch that were not sent; return how many those were. Author or moderators only.

        Raises
        ------
        ActionUnavailable, JobUnknown, NotPermitted
            With the sentence to show.
        """
        batch = await self._memory.batches.get(batch_id)
        if batch is None or not batch.jobs:
            raise ActionUnavailable(say("I know no such batch any more. `/history` lists your jobs."))
        standing = (job for job in batch.jobs if job.deleted_at is None)
        await self._sight.own(origin, next(standing, batch.jobs[0]).id)
        return await self._cancel(batch)

    async def _cancel(self, batch: Batch) -> int:
        cancelled = 0
        for job in batch.jobs:
            if job.status is not Status.QUEUED:
                continue
            now = self._clock.now()
            try:
                ended = await self._memory.jobs.transition(
                    job.id, Status.QUEUED, Status.CANCELLED, at=now, changes={"finished_at": now}
                )
            except TransitionLost:
                continue  # on its way in this moment
            cancelled += 1
            self._tell.settled(ended)
        return cancelled

    def _batch(self, origin: Origin, draft: Draft) -> Batch:
        now = self._clock.now()
        return Batch(
            id=str(ULID.from_datetime(now)),
            user_id=origin.user_id,
            guild_id=origin.guild_id,
            channel_id=origin.channel_id,
            prompt=draft.fields["typed"],
            locale=(origin.own_locale or origin.locale) if origin.private else origin.locale,
            attachment_size_limit=origin.attachment_size_limit,
            application_id=origin.application_id,
            created_at=now,
            interaction_token=origin.interaction_token,
        )

    def _jobs(self, origin: Origin, draft: Draft, batch_id: str) -> Sequence[NewJob]:
        """Return the jobs of a confirmed draft.

        They are a millisecond apart, so that their ids, which begin with the time, keep their order.
        """
        fields = draft.fields
        prompts = cast("list[str]", json.loads(fields["prompts"]))
        images = tuple(cast("list[str]", json.loads(fields["images"])))
        applied = _applied(fields.get("applied", "[]"))
        jobs: list[NewJob] = []
        for number, prompt in enumerate(prompts):
            wish = Wish(
                kind=Kind.IMAGINE,
                prompt=prompt,
                speed=Speed(fields["speed"]),
                order=Order(images=images, applied=applied[number] if applied else ()),
                parent_id=fields["parent_id"] or None,
                label=f"{fields['label']} {number + 1}" if fields["label"] else "",
            )
            new = self._service.new_job(origin, wish)
            created_at = new.created_at + timedelta(milliseconds=number)
            ulid = ULID.from_datetime(created_at)
            jobs.append(
                replace(
                    new,
                    id=str(ulid),
                    created_at=created_at,
                    batch_id=batch_id,
                    interaction_id=_made_up(ulid),
                    interaction_token="",
                )
            )
        return jobs


def _applied(text: str) -> list[tuple[Applied, ...]]:
    kept = cast("list[list[tuple[str, str]]]", json.loads(text))
    return [tuple(Applied(source=Source(source), words=words) for source, words in one) for one in kept]


def _too_many(count: int, limit: int) -> Phrase:
    if limit > 1:
        return say(
            "That would make {count} pictures, and {limit} at once is the most here. "
            "Nothing was sent; shorten the list.",
            count=count,
            limit=limit,
        )
    return say(
        "That would make {count} pictures, and only one at a time is allowed here. Nothing was sent; shorten the list.",
        count=count,
    )


def _made_up(ulid: ULID) -> int:
    """Return an interaction id for a job that has no interaction of its own: negative, so that it is nobody else's."""
    return -1 - (int.from_bytes(ulid.bytes) & (2**62 - 1))
