"""What is on the account, by the provider's query service (reliability B.5). Reads only.

The service takes its key as a query parameter, so it should be one that can do nothing else; it stands in no message.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, final
from urllib.parse import quote

from bot.cometapi.jsontext import decode, mapping, whole
from bot.cometapi.refusals import classify
from bot.cometapi.rules import Asked
from bot.cometapi.transport import Request
from bot.errors import CometUncertain
from bot.owner.probe.looking import pause

if TYPE_CHECKING:
    from bot.cometapi.transport import Transport
    from bot.jobs.ports import Clock

_LIMIT: Final = 1024 * 1024
_OK: Final = 200
_EVERY: Final = 5.0
#: Less than any price, more than what rounding makes.
LEAST: Final = Decimal("0.0005")


@final
@dataclass(frozen=True, slots=True)
class Balance:
    """Money on the account in US dollars, and how many requests it has paid so far (None: not told)."""

    amount: Decimal
    requests: int | None


@final
@dataclass(frozen=True, slots=True)
class Spent:
    """How the balance changed: by how much it fell, and how many seconds later that showed (None: it did not)."""

    amount: Decimal
    seconds: float | None


@final
class Account:
    """The query service.

    Parameters
    ----------
    transport
        To that service; None if the owner gave no key for it.
    """

    def __init__(self, transport: Transport | None, key: str, clock: Clock) -> None:
        self._transport = transport
        self._key = key
        self._clock = clock

    @property
    def obstacle(self) -> str:
        """Why the balance cannot be read; empty if it can."""
        return "" if self._transport is not None else "what is charged shows only with --quota-key"

    async def read(self) -> Balance:
        """Ask for the balance.

        Raises
        ------
        CometError
            It was not told.
        """
        if self._transport is None:
            raise CometUncertain(self.obstacle)
        path = f"/user/quota?key={quote(self._key, safe='')}"
        answer = await self._transport.look(Request(method="GET", path=path, limit=_LIMIT))
        if answer.status != _OK:
            raise classify(answer, Asked.LOOK)
        fields = mapping(decode(answer.body))
        amount = fields.get("total_quota")
        if isinstance(amount, bool) or not isinstance(amount, (int, float)):
            msg = "the query service tells no balance"
            raise CometUncertain(msg)
        return Balance(Decimal(str(amount)), whole(fields.get("request_count")))

    async def wait_for_fall(self, before: Balance, within: float) -> Spent:
        """Wait until the balance is lower than before, at most `within` seconds.

        Raises
        ------
        CometError
            It was not told.
        """
        return await self._wait(before, within, rises=False)

    async def wait_for_rise(self, before: Balance, within: float) -> Spent:
        """Wait until the balance is back at what it was, at most `within` seconds.

        Raises
        ------
        CometError
            It was not told.
        """
        return await self._wait(before, within, rises=True)

    async def _wait(self, before: Balance, within: float, *, rises: bool) -> Spent:
        started = self._clock.monotonic()
        while True:
            spent = before.amount - (await self.read()).amount
            waited = self._clock.monotonic() - started
            if (spent < LEAST) is rises:
                return Spent(spent, waited)
            if waited >= within:
                return Spent(spent, None)
            await pause(self._clock, _EVERY)
