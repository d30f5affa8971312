"""`Clearing`: the picture folder kept within the owner's limits, oldest files first.

For want of room what people like goes last: favorites, and what stands in a star channel. What has been kept for longer
than the owner wants goes in any case.

Never goes what is still to be delivered, nor what somebody was told of just now. Knows the ports; never discord,
aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from bot.jobs.housekeeping.backups import Backups
    from bot.jobs.keeping.keeper import Keeper
    from bot.jobs.ports import Clock, Memory
    from bot.model import KeptFile

_log = logging.getLogger(__name__)

_AT_ONCE: Final = 100
_MEGABYTE: Final = 1_000_000


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the owner lets the picture folder take (design 4).

    Attributes
    ----------
    size
        In bytes, for all files together; None for no limit.
    life
        How long a file stays; None for ever.
    """

    size: int | None = None
    life: timedelta | None = None


@final
class Clearing:
    """Clears the picture folder away."""

    def __init__(self, *, memory: Memory, keeper: Keeper, clock: Clock, limits: Limits, backups: Backups) -> None:
        self._jobs = memory.jobs
        self._files = memory.files
        self._keeper = keeper
        self._clock = clock
        self._limits = limits
        self._backups = backups

    async def step(self, *, by_age: bool = True) -> None:
        """Clear away once, and put in order what former versions kept.

        Parameters
        ----------
        by_age
            Whether the clock can be believed that says what was kept for too long.
        """
        adopted = await self._put_in_order()
        for job_id in await self._files.of_deleted():
            await self._keeper.discard(job_id)
        outlived = await self._forget_outlived() if by_age else []
        crowded = await self._forget_crowded()
        # A database that was set aside knows them, and may be wanted back.
        strays = 0 if await self._backups.have_set_aside() else await self._keeper.sweep()
        if adopted:
            _log.info("Put %d pictures of a former version in order", adopted)
        if outlived or crowded or strays:
            _log.info(
                "Removed pictures: %d kept longer than wanted, %d for want of room (%.1f MB together), %d left over",
                len(outlived),
                len(crowded),
                sum((*outlived, *crowded)) / _MEGABYTE,
                strays,
            )

    async def _put_in_order(self) -> int:
        adopted = 0
        for path, job_id, part in await self._keeper.former():
            adopted += await self._keeper.take_over(path, await self._jobs.get(job_id), part)
        return adopted

    async def _forget_outlived(self) -> list[int]:
        """Remove what has been kept for longer than the owner wants; return the sizes of what went."""
        gone: list[int] = []
        while self._limits.life is not None:
            forgotten = await self._forget(await self._removable(self._clock.now() - self._limits.life))
            if not forgotten:
                break
            gone += forgotten
        return gone

    async def _forget_crowded(self) -> list[int]:
        """Remove files until all together are within the limit; return the sizes of what went."""
        gone: list[int] = []
        if self._limits.size is None:
            return gone
        excess = await self._files.total() - self._limits.size
        for liked in (False, True):
            gone += await self._forget_oldest(excess - sum(gone), liked=liked)
        if sum(gone) < excess:
            left = (excess - sum(gone)) / _MEGABYTE
            _log.warning("The kept pictures take %.1f MB too much, and all of them are still needed", left)
        return gone

    async def _forget_oldest(self, excess: int, *, liked: bool) -> list[int]:
        """Remove the oldest of those liked, or of the others, until that many bytes are gone; return the sizes.

        It goes through them once, however many have to stay.
        """
        gone: list[int] = []
        last: KeptFile | None = None
        while excess > sum(gone):
            found = await self._files.oldest(None, _AT_ONCE, after=last, liked=liked)
            if not found:
                break
            in_use, last = self._keeper.in_use(), found[-1]
            gone += await self._forget(_enough([file for file in found if file.name not in in_use], excess - sum(gone)))
        return gone

    async def _removable(self, before: datetime) -> list[KeptFile]:
        in_use = self._keeper.in_use()
        found = await self._files.oldest(before, _AT_ONCE + len(in_use))
        return [file for file in found if file.name not in in_use][:_AT_ONCE]

    async def _forget(self, files: list[KeptFile]) -> list[int]:
        forgotten = await self._keeper.forget([file.name for file in files])
        return [file.size for file in files if file.name in forgotten]


def _enough(files: list[KeptFile], excess: int) -> list[KeptFile]:
    """Return as many of the first files as take that many bytes together, or all of them."""
    chosen: list[KeptFile] = []
    for file in files:
        if excess <= 0:
            break
        chosen.append(file)
        excess -= file.size
    return chosen
