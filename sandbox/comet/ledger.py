"""The truth about money: what each accepted submit cost, and what was given back.

Prices are those of contract 1. Imports nothing of this package.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, final, overload

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

_USUAL: Final = {"fast": 0.056, "turbo": 0.168, "relax": 0.028}
"""Relax has no listed price; half of fast is the sandbox's own assumption."""

_MODAL: Final = {"fast": 0.056, "turbo": 0.080, "relax": 0.028}
_VIDEO: Final = {"fast": 0.60, "turbo": 0.60, "relax": 0.30}
_FREE: Final = frozenset(
    {
        *("DESCRIBE", "PROMPT_ANALYZER_EXTENDED"),
        *("INPAINT", "CUSTOM_ZOOM", "PIC_READER", "PROMPT_ANALYZER"),
    }
)
"""What makes text costs nothing; windows that always open are paid with the modal that follows them (contract 1)."""


def price(action: str, speed: str) -> float:
    """Return what the gateway asks for an action at a speed, in USD.

    Raises
    ------
    KeyError
        When the speed is not one of the API's.
    """
    if action in _FREE:
        return 0.0
    if action == "MODAL":
        return _MODAL[speed]
    return (_VIDEO if action == "VIDEO" else _USUAL)[speed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One accepted submit that cost money; a submit that is free leaves none.

    Attributes
    ----------
    echo
        The `state` of the submit; for a modal that of its task.
    refunded
        Whether the gateway has seen the task's FAILURE and has given the money back.
    """

    task_id: str
    action: str
    custom_id: str
    speed: str
    prompt: str
    echo: str
    amount_usd: float
    refunded: bool
    at: datetime


@final
class Ledger(Sequence[Charge]):
    """All charges, oldest first; reading settles the refunds that are due.

    Parameters
    ----------
    has_failed
        Tells whether the gateway has seen that a task failed.
    balance_usd
        What is on the account at the start; None for no limit.
    """

    def __init__(self, has_failed: Callable[[str], bool | None], balance_usd: float | None) -> None:
        self._has_failed = has_failed
        self._start = balance_usd
        self._charges: list[Charge] = []
        self._open: set[int] = set()
        self._added = asyncio.Event()

    def add(self, charge: Charge) -> None:
        """Write down a charge."""
        self._open.add(len(self._charges))
        self._charges.append(charge)
        self._added.set()

    def written(self) -> tuple[list[Charge], list[int]]:
        """Return all charges as they stand, and which of them (by number) may still be refunded; settles nothing."""
        return list(self._charges), sorted(self._open)

    def put(self, charges: Iterable[Charge], unsettled: Iterable[int]) -> None:
        """Take up the charges of an earlier sandbox, as `written` returned them."""
        self._charges, self._open = list(charges), set(unsettled)

    async def reaches(self, count: int, within: float = 5.0) -> None:
        """Wait until there are so many charges, at most `within` seconds.

        Raises
        ------
        TimeoutError
            There are fewer.
        """
        async with asyncio.timeout(within):
            while len(self._charges) < count:
                self._added.clear()
                await self._added.wait()

    def can_pay(self, amount_usd: float) -> bool:
        """Whether the balance suffices."""
        return self._start is None or self._start - self.spent_usd >= amount_usd

    @property
    def spent_usd(self) -> float:
        """What was charged and not refunded."""
        return round(sum(charge.amount_usd for charge in self if not charge.refunded), 6)

    def _settle(self) -> list[Charge]:
        for number in sorted(self._open):
            verdict = self._has_failed(self._charges[number].task_id)
            if verdict is not None:
                self._open.discard(number)
                self._charges[number] = replace(self._charges[number], refunded=verdict)
        return self._charges

    @overload
    def __getitem__(self, index: int) -> Charge: ...
    @overload
    def __getitem__(self, index: slice) -> list[Charge]: ...
    @override
    def __getitem__(self, index: int | slice) -> Charge | list[Charge]:
        return self._settle()[index]

    @override
    def __len__(self) -> int:
        return len(self._charges)

    @override
    def __iter__(self) -> Iterator[Charge]:
        return iter(list(self._settle()))
