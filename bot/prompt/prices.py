"""What a job costs: the one price table, in US dollars per task (contract 1, read 2026-11).

Pure. Imports only the model.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from bot.model import Kind, Speed

if TYPE_CHECKING:
    from collections.abc import Mapping

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


def price(kind: Kind, speed: Speed) -> Decimal | None:
    """Return what one such job costs in US dollars, or None where that is not known."""
    return _PRICES.get(kind, {}).get(speed)
