"""The allow-list: every parameter that may be sent, with its names, what it takes, and where it has a place.

Data, from contract 7; where its sources disagree about a range, the wider one stands and the API judges. What is known
and has no place in a prompt has a sentence of its own, for each has its own way. Imports only `bot.language` and its
neighbors' values.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, final

from bot.language import mark
from bot.prompt.models import NIJI_VERSIONS, VERSIONS
from bot.prompt.options import Purpose
from bot.prompt.values import Aspect, Choice, Codes, Flag, LastFrame, Number, References, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.prompt.values import Rule


#: The most prompts that one text may stand for: as many as `--repeat` takes in Midjourney's largest plan (contract 7).
LARGEST_BATCH: Final = 40


@final
@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: the name that is sent, other names that mean the same, and what it takes."""

    name: str
    rule: Rule
    aliases: tuple[str, ...] = ()


@final
@dataclass(frozen=True, slots=True)
class Kit:
    """What may be typed into one kind of prompt.

    Attributes
    ----------
    known
        By every name that may be typed, in lower case, without the dashes.
    elsewhere
        What to say about parameters that exist but have no place here; marked; `{parameter}` is it as typed.
    """

    known: Mapping[str, Parameter]
    elsewhere: Mapping[str, str]

    @property
    def names(self) -> frozenset[str]:
        """All names that mean something, here or elsewhere."""
        return frozenset(self.known.keys() | self.elsewhere.keys())


#: Parameters of which a prompt has one at most: they say the same, or the opposite of each other.
_EITHER: Final = (("v", "niji"), ("raw", "style"), ("hd", "sd"), ("public", "stealth"))


def matter(name: str) -> str:
    """Return what a parameter, by canonical name, is about: the same for those of which a prompt has one at most."""
    return next((names[0] for names in _EITHER if name in names), name)


def _whole(low: int, high: int) -> Number:
    return Number(Decimal(low), Decimal(high))


_PICTURE: Final = (
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

_ZOOM: Final = (Parameter("zoom", Number(Decimal(1), Decimal(2), whole=False)),)
_VIDEO: Final = (
    Parameter("video", Choice(("1",))),
    Parameter("motion", Choice(("low", "high"))),
    Parameter("loop", Flag()),
    Parameter("end", LastFrame()),
)
_VIDEO_COUNT: Final = (Parameter("bs", Choice(("1", "2", "4"))),)
_REPEAT: Final = (Parameter("repeat", _whole(1, LARGEST_BATCH), ("r",)),)

_SPEED_IS_AN_OPTION: Final = mark(
    "The speed is not set in the prompt: leave `{parameter}` out and choose it in the option `speed`."
)
_SPEED_IS_SET: Final = mark("The speed is not part of this prompt: leave `{parameter}` out.")
_MAKES_VIDEO: Final = mark(
    "`{parameter}` makes a video. Make the picture first, then press *Animate* under it, or give a picture to `/video`."
)
_VIDEO_IS_CHOSEN: Final = mark(
    "`{parameter}` is not part of this text: leave it out. `/video` has options for motion, loop and end."
)
_WIDENS: Final = mark(
    "`{parameter}` widens a finished picture. Make the picture first, then press *Custom Zoom* under it."
)
_MAKES_SEVERAL: Final = mark(
    "`{parameter}` makes several jobs of one prompt, and this one makes one. Leave it out; `/imagine` can make several "
    "at once."
)


def _by_name(*groups: tuple[Parameter, ...]) -> dict[str, Parameter]:
    return {name: it for group in groups for it in group for name in (it.name, *it.aliases)}


def _kit(*extra: tuple[Parameter, ...], speed: str = _SPEED_IS_SET, video: str = _MAKES_VIDEO) -> Kit:
    known = _by_name(_PICTURE, *extra)
    sentences = {
        **dict.fromkeys(("fast", "turbo", "relax"), speed),
        **dict.fromkeys(_by_name(_VIDEO, _VIDEO_COUNT), video),
        **dict.fromkeys(_by_name(_ZOOM), _WIDENS),
        **dict.fromkeys(_by_name(_REPEAT), _MAKES_SEVERAL),
    }
    return Kit(known, {name: sentence for name, sentence in sentences.items() if name not in known})


#: What may be typed where several jobs may come of one text.
SEVERAL: Final = _kit(_REPEAT, speed=_SPEED_IS_AN_OPTION)

#: What may be typed where one job comes of it.
KITS: Final[Mapping[Purpose, Kit]] = {
    **dict.fromkeys(Purpose, _kit()),
    Purpose.IMAGINE: _kit(speed=_SPEED_IS_AN_OPTION),
    Purpose.ZOOM: _kit(_ZOOM),
    Purpose.ANIMATE: _kit(_VIDEO, _VIDEO_COUNT),
    Purpose.EDIT: _kit(speed=_SPEED_IS_AN_OPTION),
    Purpose.VIDEO: _kit(_VIDEO_COUNT, speed=_SPEED_IS_AN_OPTION, video=_VIDEO_IS_CHOSEN),
}
