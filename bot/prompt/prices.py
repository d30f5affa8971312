"""What a job costs: the one price table, in US dollars per task (contract 1, read 2026-11).

Pure. Imports only the model and `bot.language`.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Final

from bot.language import say
from bot.model import Kind, Speed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.language import Phrase

_FREE: Final = Decimal(0)
_PICTURE: Final = {Speed.FAST: Decimal("0.056"), Speed.TURBO: Decimal("0.168")}

#: A kind or a speed that is missing has no known price. Relax is missing throughout: nobody lists it.
_PRICES: Final[Mapping[Kind, Mapping[Speed, Decimal]]] = {
    Kind.IMAGINE: _PICTURE,
    Kind.VARIATION: _PICTURE,
    Kind.REROLL: _PICTURE,
    Kind.ZOOM: _PICTURE,
    Kind.PAN: _PICTURE,
    Kind.BLEND: _PICTURE,
    # Listed as 0.056 to 0.06: the higher one, so that nobody pays more than they read.
    Kind.UPSCALE: {Speed.FAST: Decimal("0.06"), Speed.TURBO: Decimal("0.168")},
    Kind.REGION: {Speed.FAST: Decimal("0.056"), Speed.TURBO: Decimal("0.080")},
    Kind.ANIMATE: {Speed.FAST: Decimal("0.60")},
    Kind.SHORTEN: {Speed.TURBO: Decimal("0.168")},
    Kind.DESCRIBE: {Speed.FAST: _FREE, Speed.TURBO: _FREE},
}

_CENT: Final = Decimal("0.01")
_TENTH_OF_A_CENT: Final = Decimal("0.001")
_FINE_BELOW: Final = Decimal("0.10")


def price(kind: Kind, speed: Speed) -> Decimal | None:
    """Return what one such job costs in US dollars, or None where that is not known."""
    return _PRICES.get(kind, {}).get(speed)


def total(kind: Kind, speed: Speed, count: int) -> Decimal | None:
    """Return what so many such jobs cost together, or None where that is not known."""
    each = price(kind, speed)
    return None if each is None else each * count


def remix_price(kind: Kind, speed: Speed) -> Decimal | None:
    """Return the most that a job costs whose action asks for a prompt of its own, or None where that is not known.

    Such gateways charge the modal step; those that bring the action back at its own price charge that too (contract 1).
    """
    action, modal = price(kind, speed), price(Kind.REGION, speed)
    return None if action is None or modal is None else action + modal


def spell_price(amount: Decimal | None) -> Phrase:
    """Return `about $0.45`, `free` or `not known`. Rounded up, so that nobody pays more than they read."""
    if amount is None:
        return say("not known")
    if not amount:
        return say("free")
    rounded = amount.quantize(_TENTH_OF_A_CENT if amount < _FINE_BELOW else _CENT, ROUND_CEILING)
    return say("about ${amount}", amount=rounded)
