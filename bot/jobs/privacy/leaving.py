"""`Leaving`: a person who wants to be forgotten, from the first row to the last byte.

It begins with a tombstone, in one transaction with everything that could still cost something or speak to them, and
goes on in slices, so that others can write in between. A start finds what a stop has interrupted, and what a backup has
brought back. Knows the ports; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import asyncio
import logging
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final, final

from ulid import ULID

from bot.errors import DeliveryError
from bot.jobs.keeping.previews import remove_previews

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from bot.jobs.people.preferences import Preferences
    from bot.jobs.ports import Clock, Delivery, Memory
    from bot.jobs.privacy.exports import Exports
    from bot.jobs.privacy.removing import Remover
    from bot.jobs.privacy.tombstones import Tombstones
    from bot.jobs.submitting.outcomes import Listeners
    from bot.model import Draft, Job, Tombstone

_log = logging.getLogger(__name__)

#: Jobs in one transaction: some ten milliseconds' worth, with all that hangs on them.
_SLICE: Final = 100
#: Progress messages that are taken away at once when their person leaves; of more, the rest stays as it is.
_MOST_ANSWERS: Final = 20
_INPUT: Final = re.compile(r"\b[0-9a-f]{32}\.[a-z]{3,4}\b")
_TIME_OF_ULID: Final = 10
_MILLISECOND: Final = timedelta(milliseconds=1)
_LENGTH_OF_ULID: Final = 26


@final
class Leaving:
    """Forgets people.

    Parameters
    ----------
    previews
        The folder of region previews.

    Attributes
    ----------
    finished
        How often nothing was left of somebody any more, since the start.
    """

    def __init__(  # noqa: PLR0913 - keywords, set in one place
        self,
        *,
        memory: Memory,
        remover: Remover,
        exports: Exports,
        preferences: Preferences,
        delivery: Delivery,
        clock: Clock,
        listeners: Listeners,
        tombstones: Tombstones,
        previews: Path,
    ) -> None:
        self._memory = memory
        self._privacy = memory.privacy
        self._remover = remover
        self._exports = exports
        self._preferences = preferences
        self._delivery = delivery
        self._clock = clock
        self._tell = listeners
        self._tombstones = tombstones
        self._previews = previews
        self._one_at_a_time = asyncio.Lock()
        self._under_way: dict[int, tuple[Tombstone, datetime]] = {}
        self._unscrubbed: list[Tombstone] = []
        self._scrub_due = False
        self.finished = 0

    async def erase(self, user_id: int) -> int:
        """Forget a person; return how many finished jobs of theirs that were. A stop in between is made up for later.

        Raises
        ------
        StorageError
            The database refused. If that was not at the very beginning, the rest follows by itself.
        """
        tombstone = await self._tombstones.of(user_id, self._clock.now())
        async with self._one_at_a_time:
            # What a clock made that was set back since bears a time that has not come yet, and goes all the same.
            until = max(tombstone.erased_at, await self._privacy.newest(user_id) or tombstone.erased_at)
            stopped = await self._begin(user_id, tombstone, until)
            removed = await self._go_on(user_id, tombstone, until)
        await self._take_answers_down(stopped)
        return removed + len(stopped)

    async def recover(self) -> None:
        """Part people from what a stop or a backup has left of them, before anything is sent or shown.

        What takes long follows with `step`.
        """
        stones, brought_back = await self._gathered()
        if not stones:
            return
        left = {stone.mark: stone for stone in stones.values() if not stone.is_finished}
        for user_id in await self._privacy.people():
            stone = stones.get(await self._tombstones.mark(user_id))
            if stone is None:
                continue
            # Settings have no age. Where nothing older is left either, they are of somebody who has come back.
            end = stone.erased_at + (_MILLISECOND if stone.mark in left else timedelta())
            if stone.mark in brought_back or await self._privacy.has_older(user_id, end):
                left.pop(stone.mark, None)
                await self._begin(user_id, stone, stone.erased_at)
        self._unscrubbed = list(left.values())
        self._scrub_due = bool(left)
        if self._under_way or self._unscrubbed:
            await self._remover.sweep()
            await asyncio.to_thread(remove_previews, self._previews, None)
        if self._under_way:
            _log.warning(
                "%d people who have left are still or again in the database; removing them", len(self._under_way)
            )

    async def step(self) -> None:
        """Go on with what was interrupted, and remove what the API has done with."""
        async with self._one_at_a_time:
            for user_id, (tombstone, until) in list(self._under_way.items()):
                await self._go_on(user_id, tombstone, until)
            if await self._privacy.take_words_back():
                self._scrub_due = True
            jobs = await self._privacy.nobodys(_SLICE)
            if jobs:
                await self._remover.remove(jobs)
                self._scrub_due = True
            if self._scrub_due:
                await self._finish()

    async def recognizer(self) -> Callable[[int], Tombstone | None] | None:
        """Return what tells the tombstone of a person of whom nothing is left, in any thread; None where none has left.

        Raises
        ------
        StorageError
            The database refused, or the key can be neither read nor made.
        """
        stones = [stone for stone in await self._privacy.tombstones() if stone.is_finished]
        return await self._tombstones.recognizer(stones) if stones else None

    async def _gathered(self) -> tuple[dict[str, Tombstone], set[str]]:
        """Return all tombstones, once the database and the file have the same, and the marks the database lacked."""
        known = {stone.mark: stone for stone in await self._privacy.tombstones()}
        filed: dict[str, Tombstone] = {}
        for stone in await self._tombstones.filed():
            filed[stone.mark] = stone if stone.mark not in filed else max(stone, filed[stone.mark], key=_erased_at)
        fresh = [
            stone
            for stone in filed.values()
            if stone.mark not in known or known[stone.mark].erased_at < stone.erased_at
        ]
        if fresh:
            _log.warning("This database is older than %d people's leaving, as one out of a backup is", len(fresh))
            await self._privacy.bury(fresh)
        await self._tombstones.file(
            *(
                stone
                for stone in known.values()
                if stone.mark not in filed or filed[stone.mark].erased_at < stone.erased_at
            )
        )
        return {**known, **{stone.mark: stone for stone in fresh}}, {stone.mark for stone in fresh}

    async def _begin(self, user_id: int, tombstone: Tombstone, until: datetime) -> list[Job]:
        """Part a person from everything at once; return the jobs of theirs that were under way."""
        drafts, exports = await self._privacy.drafts(user_id), await self._exports.of(user_id)
        async with self._preferences.undisturbed:  # nothing that is just being set may come after it
            jobs = await self._privacy.leave(user_id, tombstone, until)
            self._preferences.forget(user_id)
        self._under_way[user_id] = tombstone, until
        await self._tombstones.file(tombstone)
        for job in jobs:
            nobodys = await self._memory.jobs.get(job.id)
            if nobodys is not None:
                self._tell.running(nobodys)
        await self._exports.drop(exports)
        await asyncio.to_thread(remove_previews, self._previews, {draft.id for draft in drafts})
        await self._remover.remove_inputs({*named_inputs(drafts), *(name for job in jobs for name in job.order.inputs)})
        return jobs

    async def _go_on(self, user_id: int, tombstone: Tombstone, until: datetime) -> int:
        """Remove all that is left of a person, slice by slice."""
        end, removed = _first_id_after(until), 0
        while jobs := await self._privacy.jobs(user_id, end, _SLICE):
            await self._remover.remove(jobs, with_words=True)
            removed += len(jobs)
        await self._privacy.part(user_id, until)
        await self._finish(tombstone)
        del self._under_way[user_id]
        _log.info("Somebody left; %d jobs removed", removed)
        return removed

    async def _finish(self, *tombstones: Tombstone) -> None:
        """Overwrite what is left of people in the files of the database, and write down that they are gone."""
        self._unscrubbed += tombstones
        self._scrub_due = True
        if not await self._privacy.scrub():
            _log.warning(
                "Another program reads the database; what is left of people who have left goes once it is done"
            )
            return
        while self._unscrubbed:
            await self._privacy.finish(self._unscrubbed[0], self._clock.now())
            del self._unscrubbed[0]
            self.finished += 1
        self._scrub_due = False

    async def _take_answers_down(self, jobs: Sequence[Job]) -> None:
        """Take the progress messages away that nobody would keep up to date any more."""
        for job in [job for job in jobs if job.batch_id is None][:_MOST_ANSWERS]:
            try:
                await self._delivery.remove_answer(job)
            except DeliveryError as error:
                _log.info("A progress message stays: %s", error)


def named_inputs(drafts: Sequence[Draft]) -> set[str]:
    """Return the inputs that drafts name, by their form alone: what the fields mean is the business of each form."""
    return {name for draft in drafts for text in draft.fields.values() for name in _INPUT.findall(text)}


def _erased_at(tombstone: Tombstone) -> datetime:
    return tombstone.erased_at


def _first_id_after(at: datetime) -> str:
    """Return what every id of a job made up to then is less than: a ULID begins with its time in milliseconds."""
    beginning = str(ULID.from_datetime(at + _MILLISECOND))[:_TIME_OF_ULID]
    return beginning.ljust(_LENGTH_OF_ULID, "0")
