"""`Exports`: everything that is kept of a person, put together in the background and brought to them.

An export is a row until it is delivered or a day old; a restart goes on where it finds it. Each part is sent once.
Knows the ports; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, final

from ulid import ULID

from bot.errors import ActionUnavailable, AnswerGone, ChannelGone, DeliveryError, NotAllowed
from bot.jobs.crew import Crew
from bot.jobs.ports import ExportPart
from bot.language import say
from bot.model import Export

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime
    from pathlib import Path

    from bot.jobs.ports import Clock, Delivery, Memory
    from bot.jobs.privacy.packing import Packer
    from bot.jobs.requests import Origin

_log = logging.getLogger(__name__)

#: What a direct message takes (discord-platform 3), with room for the form around it.
PART_LIMIT: Final = 10 * 1024 * 1024 - 64 * 1024
#: How long an export waits for its person.
LIFE: Final = timedelta(days=1)
_PAUSE: Final = timedelta(minutes=1)
_SLICE_GRACE: Final = 60.0  # seconds
_CLOSED: Final = (NotAllowed, ChannelGone, AnswerGone)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came of asking for an export.

    Attributes
    ----------
    is_new
        Whether it was begun now; else it is under way since an earlier time.
    is_ready
        Whether it is finished, and waits for its person: they take no messages from us, or have the link.
    link
        Where it can be had; None while it is not ready, or where there are no links.
    """

    is_new: bool = False
    is_ready: bool = False
    link: str | None = None


@final
class Exports:
    """Puts exports together, one at a time, and delivers them.

    Parameters
    ----------
    link
        Makes the link to an export; None where there is no such page.

    Attributes
    ----------
    crew
        What is being made.
    """

    def __init__(
        self,
        *,
        memory: Memory,
        packer: Packer,
        delivery: Delivery,
        clock: Clock,
        link: Callable[[str], str] | None,
    ) -> None:
        self._memory = memory
        self._store = memory.exports
        self._packer = packer
        self._delivery = delivery
        self._clock = clock
        self.link = link
        self._tokens: dict[str, tuple[str, datetime]] = {}
        self._waiting: set[str] = set()
        self._dropped: set[str] = set()
        self._rests: dict[str, datetime] = {}
        self.crew = Crew("Export", 1, per_job=False)

    async def ask(self, origin: Origin) -> Asked:
        """Begin an export for a person, unless one is under way.

        Raises
        ------
        StorageError
            The database refused.
        """
        now = self._clock.now()
        export = Export(
            id=str(ULID.from_datetime(now)),
            user_id=origin.user_id,
            guild_id=origin.guild_id,
            channel_id=origin.channel_id,
            locale=origin.own_locale or origin.locale,
            application_id=origin.application_id,
            created_at=now,
        )
        is_new = await self._store.add(export)
        export = export if is_new else await self._of(origin.user_id) or export
        self._tokens[export.id] = (origin.interaction_token, now)
        is_ready = export.id in self._waiting
        self._start(export)  # one that waits for its person is tried once more
        link = self.link(export.id) if self.link is not None and is_ready else None
        return Asked(is_new=is_new, is_ready=is_ready, link=link)

    async def file(self, export_id: str) -> Path:
        """Return the archive of an export that a link leads to.

        Raises
        ------
        ActionUnavailable
            It is not there, or not any more.
        """
        known = {export.id for export in await self._store.open()}
        if export_id not in known or await self._packer.count(export_id) is None:
            raise ActionUnavailable(say("This export is not here any more. `/privacy export` makes another."))
        return self._packer.part(export_id, 1)

    async def step(self) -> None:
        """Go on with what is under way, and remove what was not fetched in time."""
        now, known = self._clock.now(), set[str]()
        for export in await self._store.open():
            if now - export.created_at >= LIFE and export.id not in self.crew:
                await self._end(export)
                continue
            known.add(export.id)
            if export.id not in self._waiting and self._rests.get(export.id, now) <= now:
                self._start(export)
        for export_id in set(await self._packer.folders()) - known:
            if export_id not in self.crew:
                await self._packer.remove(export_id)

    async def of(self, user_id: int) -> list[str]:
        """Return the ids of a person's exports."""
        return [export.id for export in await self._store.open() if export.user_id == user_id]

    async def drop(self, export_ids: Collection[str]) -> None:
        """Forget exports whose person has left, files and all. Their rows have gone."""
        self._dropped.update(export_ids)
        for export_id in export_ids:
            await self.crew.finish(export_id, _SLICE_GRACE)
            await self._packer.remove(export_id)
            self._forget(export_id)

    async def stop(self, seconds: float) -> bool:
        """Wait so many seconds at most for what is under way, then cancel the rest; tell whether all was done."""
        return await self.crew.stop(seconds)

    async def _of(self, user_id: int) -> Export | None:
        return next((export for export in await self._store.open() if export.user_id == user_id), None)

    def _start(self, export: Export) -> None:
        if self.crew.free and export.id not in self.crew:
            self.crew.start(export.id, self._make(export))

    async def _make(self, export: Export) -> None:
        """Put an export together if need be, and deliver what its person does not have yet."""
        self._rests[export.id] = self._clock.now() + _PAUSE  # whatever goes wrong now
        count = await self._packer.count(export.id)
        if count is None:
            count = await self._packer.pack(export, await self._limit(export), lambda: export.id not in self._dropped)
        if count is None:
            return
        try:
            await self._deliver(export, count)
        except _CLOSED as error:
            await self._not_delivered(export, error)
        except DeliveryError as error:
            _log.info("An export could not be sent yet: %s", error)

    async def _limit(self, export: Export) -> int | None:
        """Return how large a part may be: with links there is one of any size, unless it fits a message anyway."""
        held = await self._memory.privacy.holdings(export.user_id)
        return None if self.link is not None and held.size > PART_LIMIT else PART_LIMIT

    async def _deliver(self, export: Export, count: int) -> None:
        size = await self._packer.size(export.id, 1)
        if self.link is not None and size > PART_LIMIT:
            if not export.parts_sent:
                part = ExportPart(number=1, count=1, size=size, link=self.link(export.id))
                await self._delivery.send_export(export, part)
                await self._store.sent(export.id, 1)
            self._waiting.add(export.id)  # it stays for the link's sake
            return
        for number in range(export.parts_sent + 1, count + 1):
            path, size = self._packer.part(export.id, number), await self._packer.size(export.id, number)
            await self._delivery.send_export(export, ExportPart(number=number, count=count, size=size, path=path))
            await self._store.sent(export.id, number)
        _log.info("An export was delivered in %d parts", count)
        await self._end(export)

    async def _not_delivered(self, export: Export, error: DeliveryError) -> None:
        """Say in the answer to the interaction that this person takes no messages, while that can be edited."""
        _log.info("An export cannot be sent: %s", error)
        self._waiting.add(export.id)
        token, asked_at = self._tokens.pop(export.id, ("", export.created_at))
        if not token:
            return
        try:
            link = self.link(export.id) if self.link is not None else None
            await self._delivery.answer_export(export, token, asked_at, link)
        except DeliveryError as gone:
            _log.info("Nor can that be said: %s", gone)

    async def _end(self, export: Export) -> None:
        await self._store.remove(export.id)
        await self._packer.remove(export.id)
        self._forget(export.id)

    def _forget(self, export_id: str) -> None:
        self._tokens.pop(export_id, None)
        self._rests.pop(export_id, None)
        self._waiting.discard(export_id)
