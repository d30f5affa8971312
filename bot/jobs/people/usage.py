"""`Usage`: what somebody has used today and this month, and what is under way for them.

Knows the ports and the price table; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from typing import TYPE_CHECKING, Final, final

from bot.prompt import total

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.jobs.ports import Clock, Memory
    from bot.model import Job, Used

_MOST_JOBS: Final = 25


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What was used since a time.

    Attributes
    ----------
    amount
        List prices in US dollars of those whose price is known (contract 1); not a bill.
    unpriced
        How many of them have no known price, such as all at relax speed.
    """

    since: datetime
    jobs: int
    amount: Decimal
    unpriced: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What somebody may want to know about their use. Days and months are those of UTC.

    Attributes
    ----------
    under_way
        What is waiting or running, the oldest first, as far as it can be listed.
    in_all
        How many of them there are.
    """

    today: Spent
    month: Spent
    under_way: tuple[Job, ...]
    in_all: int
    batch_limit: int


@final
class Usage:
    """Answers what somebody has used. Holds no state."""

    def __init__(self, memory: Memory, clock: Clock, *, batch_limit: int) -> None:
        self._usage = memory.usage
        self._clock = clock
        self._batch_limit = batch_limit

    async def account(self, user_id: int) -> Account:
        """Return a person's account."""
        now = self._clock.now()
        day, month = day_of(now), month_of(now)
        under_way = tuple(await self._usage.under_way(user_id, _MOST_JOBS))
        return Account(
            today=_sum(day, await self._usage.used(user_id, day)),
            month=_sum(month, await self._usage.used(user_id, month)),
            under_way=under_way,
            in_all=max(len(under_way), await self._usage.count_under_way(user_id)),  # it may have changed in between
            batch_limit=self._batch_limit,
        )


def day_of(at: datetime) -> datetime:
    """Return when the day began, in UTC, that this time is in."""
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def month_of(at: datetime) -> datetime:
    """Return when the month began, in UTC, that this time is in."""
    return day_of(at).replace(day=1)


def _sum(since: datetime, used: Iterable[Used]) -> Spent:
    priced = [(one.count, total(one.kind, one.speed, one.count)) for one in used]
    return Spent(
        since=since,
        jobs=sum(count for count, _ in priced),
        amount=sum((amount for _, amount in priced if amount is not None), Decimal(0)),
        unpriced=sum(count for count, amount in priced if amount is None),
    )
