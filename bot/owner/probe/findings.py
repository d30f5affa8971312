"""What a check is and what it comes to. Imports only the standard library."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, final

if TYPE_CHECKING:
    from collections.abc import Mapping

Fact: TypeAlias = "str | int | float | bool | None"

#: What a free check costs.
FREE: Final = Decimal(0)


@final
class Place(StrEnum):
    """Whom a check asks."""

    API = "api"
    DISCORD = "discord"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is known of a check before it runs.

    Attributes
    ----------
    price
        The most that its submits cost together in US dollars by the price list; None where nobody lists it.
    submits
        How many paid requests it may send.
    needs
        Names of the checks that must have found something in the same run.
    """

    name: str
    place: Place
    question: str
    price: Decimal | None = FREE
    submits: int = 0
    needs: tuple[str, ...] = ()


@final
@dataclass(frozen=True, slots=True)
class Finding:
    """An answer.

    Attributes
    ----------
    answer
        One or two sentences for the owner.
    advice
        The setting to change, or what to keep in mind; empty if nothing follows.
    facts
        What the answer was made of.
    """

    answer: str
    advice: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict[str, Fact])


@final
@dataclass(frozen=True, slots=True)
class Skipped:
    """No answer, and why."""

    reason: str


Result: TypeAlias = "Finding | Skipped"


class Check(Protocol):
    """One question.

    Attributes
    ----------
    card
        What it is called, asks and costs.
    """

    card: Card

    def obstacle(self) -> str:
        """Return why it cannot be run as things are; empty if it can, as most always can. Sends nothing."""
        return ""

    async def run(self) -> Result:
        """Find the answer, with at most as many submits as the card says.

        Raises
        ------
        EaselError, DiscordException, OSError
            Somebody did not answer. What was sent stands in the book.
        """
        ...


def dollars(amount: Decimal) -> str:
    """Write an amount of money."""
    return f"${amount.normalize():f}" if amount else "$0"
