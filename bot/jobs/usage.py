"""`Usage`: what somebody has used today and this month, and what is under way for them.

Knows the ports and the price table; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

from dataclasses import dataclass
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
    """What somebody may want to know about their use. Days and months are those of UTC."""

    today: Spent
    month: Spent
    under_way: tuple[Job, ...]
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
        day = self._clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        month = day.replace(day=1)
        return Account(
            today=_sum(day, await self._usage.used(user_id, day)),
            month=_sum(month, await self._usage.used(user_id, month)),
            under_way=tuple(await self._usage.under_way(user_id, _MOST_JOBS)),
            batch_limit=self._batch_limit,
        )


def _sum(since: datetime, used: Iterable[Used]) -> Spent:
    priced = [(one.count, total(one.kind, one.speed, one.count)) for one in used]
    return Spent(
        since=since,
        jobs=sum(count for count, _ in priced),
        amount=sum((amount for _, amount in priced if amount is not None), Decimal(0)),
        unpriced=sum(count for count, amount in priced if amount is None),
    )
