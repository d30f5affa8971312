"""`BatchReporter`: keeps the one message about each batch true, and puts the contact sheet into it at the end.

It only ever edits that message, so nothing it does can appear twice. Latest wins: between two edits only the newest
state counts. Knows the ports and `bot.imaging`; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from typing import TYPE_CHECKING, Final, final

from bot.errors import DeliveryError, DiscordUnavailable, MediaError, PictureUnusable
from bot.imaging.sheets import contact_sheet
from bot.jobs.crew import Crew
from bot.language import language_of, mark, say, speaking
from bot.model import SETTLED, DeliveryStatus, Status

if TYPE_CHECKING:
    from datetime import timedelta
    from pathlib import Path

    from bot.jobs.keeping.pictures import Pictures
    from bot.jobs.ports import Clock, Delivery, Memory
    from bot.model import Batch, Job

_log = logging.getLogger(__name__)

_AT_ONCE: Final = 2
#: How often the last word waits for the jobs' own messages, whose links stand in it: two minutes at 5 s.
_MOST_WAITS: Final = 24
_TOLD: Final = frozenset({DeliveryStatus.DELIVERED, DeliveryStatus.KEPT, DeliveryStatus.LINKED})

#: What stands in the place of a picture that was not made.
_ENDINGS: Final = {
    Status.FAILED: mark("failed"),
    Status.CANCELLED: mark("canceled"),
    Status.EXPIRED: mark("overdue"),
    Status.UNKNOWN: mark("unknown"),
}
_DELETED: Final = mark("deleted")
_NOT_FETCHED: Final = mark("not fetched")

_Face = tuple[tuple[Status, int | None, int | None], ...]


@final
class BatchReporter:
    """Edits the messages of batches, each at most once per `interval`.

    Parameters
    ----------
    folder
        Where contact sheets are drawn; created when needed.
    """

    def __init__(
        self,
        *,
        memory: Memory,
        delivery: Delivery,
        pictures: Pictures,
        clock: Clock,
        folder: Path,
        interval: timedelta,
    ) -> None:
        self._batches = memory.batches
        self._delivery = delivery
        self._pictures = pictures
        self._clock = clock
        self._folder = folder
        self._interval = interval.total_seconds()
        self._due: dict[str, float] = {}
        self._faces: dict[str, _Face] = {}
        self._waits: dict[str, int] = {}
        self._crew = Crew("Batch edit", _AT_ONCE, per_job=False)

    async def recover(self) -> None:
        """Find the batches of a former process whose last word was not shown. Once, before anything else."""
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)  # a kill leaves a sheet behind
        for batch in await self._batches.open():
            self._due[batch.id] = self._clock.monotonic()

    def touch(self, job: Job) -> None:
        """Learn that a job of a batch has changed, so that its message is edited when its turn comes."""
        if job.batch_id is not None:
            self._due.setdefault(job.batch_id, self._clock.monotonic() + self._interval)

    async def step(self) -> None:
        """Edit the messages whose turn has come."""
        now = self._clock.monotonic()
        for batch_id, due in list(self._due.items()):
            if not self._crew.free:
                return
            if due <= now and batch_id not in self._crew:
                del self._due[batch_id]
                self._crew.start(batch_id, self._show(batch_id))

    async def drain(self) -> None:
        """Wait for the edits under way."""
        await self._crew.drain()

    async def stop(self, seconds: float) -> bool:
        """Wait so many seconds at most for the edits under way, then cancel the rest; tell whether all were done."""
        return await self._crew.stop(seconds)

    async def _show(self, batch_id: str) -> None:
        batch = await self._batches.get(batch_id)
        if batch is None or batch.closed_at is not None:
            self._forget(batch_id)
        elif batch.answer_message_id is None:
            await self._unanswered(batch)
        elif all(job.status in SETTLED for job in batch.jobs):
            await self._finish(batch)
        else:
            await self._progress(batch)

    async def _unanswered(self, batch: Batch) -> None:
        """Wait until the person has seen it; once its jobs were withdrawn, there is nothing to tell anybody."""
        if all(job.status in SETTLED for job in batch.jobs):
            await self._close(batch)
        else:
            self._again(batch.id)

    async def _progress(self, batch: Batch) -> None:
        face = _face(batch)
        if self._faces.get(batch.id) != face and await self._edit(batch, None):
            self._faces[batch.id] = face

    async def _finish(self, batch: Batch) -> None:
        """Show the last word, once the jobs' own messages stand, for it links to them."""
        waits = self._waits.get(batch.id, 0)
        told = all(job.delivery.status in _TOLD or job.deleted_at is not None for job in batch.jobs)
        if not told and waits < _MOST_WAITS:
            self._waits[batch.id] = waits + 1
            await self._progress(batch)
            self._again(batch.id)
            return
        sheet = await self._sheet(batch)
        try:
            shown = await self._edit(batch, sheet)
        finally:
            if sheet is not None:
                await asyncio.to_thread(sheet.unlink, missing_ok=True)
        if shown:
            await self._close(batch)

    async def _edit(self, batch: Batch, sheet: Path | None) -> bool:
        """Edit the batch's message; tell whether its person has what can be shown there."""
        try:
            await self._delivery.show_batch(batch, sheet)
        except DiscordUnavailable as error:
            _log.debug("Batch not shown: %s", error, extra={"batch": batch.id})
            self._again(batch.id)
            return False
        except DeliveryError as error:
            # Its jobs tell for themselves: each picture has a message of its own.
            _log.info("The batch's message is out of reach (%s)", error, extra={"batch": batch.id})
            await self._close(batch)
            return False
        return True

    async def _sheet(self, batch: Batch) -> Path | None:
        if not any(job.status is Status.SUCCEEDED for job in batch.jobs):
            return None
        with speaking(language_of(batch.locale)):
            entries = [await self._entry(number, job) for number, job in enumerate(batch.jobs, start=1)]
        await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True, mode=0o700)
        target = self._folder / f"{batch.id}.jpg"
        try:
            await self._pictures.darkroom.run(contact_sheet, entries, target)
        except (OSError, PictureUnusable) as error:
            _log.warning("No contact sheet: %s", error, extra={"batch": batch.id})
            return None
        return target

    async def _entry(self, number: int, job: Job) -> tuple[Path | None, str]:
        if job.deleted_at is not None:
            return None, f"{number} · {say(_DELETED)}"
        if job.status is not Status.SUCCEEDED:
            return None, f"{number} · {say(_ENDINGS[job.status])}"
        try:
            media = await self._pictures.obtain(job)
        except MediaError as error:
            _log.info("Not on the contact sheet: %s", error, extra={"job": job.id})
            media = None
        return (media.path, str(number)) if media is not None else (None, f"{number} · {say(_NOT_FETCHED)}")

    def _again(self, batch_id: str) -> None:
        self._due.setdefault(batch_id, self._clock.monotonic() + self._interval)

    async def _close(self, batch: Batch) -> None:
        await self._batches.close(batch.id, self._clock.now())
        self._forget(batch.id)

    def _forget(self, batch_id: str) -> None:
        self._faces.pop(batch_id, None)
        self._waits.pop(batch_id, None)


def _face(batch: Batch) -> _Face:
    """Return what a person would see of the batch: two equal faces need no edit."""
    return tuple((job.status, job.progress, job.delivery.message_id) for job in batch.jobs)
