"""The allow-list: every parameter that may be sent, with its names and what it takes.

Data, from contract 7; where its sources disagree about a range, the wider one stands and the API judges. What is known
and refused here has a sentence of its own, for each has its own way. Imports only `bot.prompt.values`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, final

from bot.prompt.models import NIJI_VERSIONS, VERSIONS
from bot.prompt.values import Aspect, Choice, Codes, Flag, Number, References, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.prompt.values import Rule


@final
@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: the name that is sent, other names that mean the same, and what it takes."""

    name: str
    rule: Rule
    aliases: tuple[str, ...] = ()


def _whole(low: int, high: int) -> Number:
    return Number(Decimal(low), Decimal(high))


PARAMETERS: Final[tuple[Parameter, ...]] = (
    Parameter("v", Choice(VERSIONS), ("version",)),
    Parameter("niji", Choice(NIJI_VERSIONS, optional=True)),
    Parameter("ar", Aspect(), ("aspect",)),
    Parameter("stylize", _whole(0, 1000), ("s",)),
    Parameter("chaos", _whole(0, 100), ("c",)),
    Parameter("weird", _whole(0, 3000), ("w",)),
    Parameter("quality", Choice(("0.25", "0.5", "1", "2", "4")), ("q",)),
    Parameter("seed", _whole(0, 4_294_967_295)),
    Parameter("no", Words()),
    Parameter("iw", Number(Decimal(0), Decimal(3), whole=False)),
    Parameter("sref", References(codes=True)),
    Parameter("sw", _whole(0, 1000)),
    Parameter("sv", _whole(1, 7)),
    Parameter("cref", References()),
    Parameter("cw", _whole(0, 100)),
    Parameter("oref", References()),
    Parameter("ow", _whole(0, 1000)),
    Parameter("raw", Flag()),
    Parameter("style", Choice(("raw", "4a", "4b", "4c", "cute", "scenic", "expressive", "original"))),
    Parameter("tile", Flag()),
    Parameter("stop", _whole(10, 100)),
    Parameter("exp", _whole(0, 100)),
    Parameter("draft", Flag()),
    Parameter("hd", Flag()),
    Parameter("sd", Flag()),
    Parameter("profile", Codes(), ("p",)),
    Parameter("stealth", Flag()),
    Parameter("public", Flag()),
)

#: Every name that may be typed, in lower case, without the dashes.
BY_NAME: Final[Mapping[str, Parameter]] = {
    name: parameter for parameter in PARAMETERS for name in (parameter.name, *parameter.aliases)
}

_SPEED: Final = "The speed is not set in the prompt: leave `{0}` out and choose it in the option `speed`."
_VIDEO: Final = "`{0}` makes a video. Make the picture first, then press *Animate* under it."
_REPEAT: Final = "`{0}` makes several jobs of one. Leave it out and use `/imagine` once for each."

#: Parameters that exist, but not in `/imagine`; `{0}` is the parameter as typed.
ELSEWHERE: Final[Mapping[str, str]] = {
    "fast": _SPEED,
    "turbo": _SPEED,
    "relax": _SPEED,
    "video": _VIDEO,
    "motion": _VIDEO,
    "loop": _VIDEO,
    "end": _VIDEO,
    "bs": _VIDEO,
    "zoom": "`{0}` widens a finished picture. Make the picture first, then press *Custom Zoom* under it.",
    "repeat": _REPEAT,
    "r": _REPEAT,
}
