"""The models on offer, and which parameters certainly do not go with which version.

Pure. Imports only `bot.language`. The contract's sources disagree about much of this (contract 7), so only what
none of them disputes is listed; the API judges the rest.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple, final

from bot.language import mark, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.language import Phrase


@final
class Model(NamedTuple):
    """A choice of the model option: what a person reads, and the parameter it stands for (empty: none)."""

    label: str
    parameters: str


#: No version of a prompt's own. The only label that is said; the others are names.
API_DEFAULT: Final = mark("The API's default")

#: What `/imagine` offers, newest first (design 6).
MODELS: Final[tuple[Model, ...]] = (
    Model("Midjourney 8.1", "--v 8.1"),
    Model("Midjourney 7", "--v 7"),
    Model("Midjourney 6.1", "--v 6.1"),
    Model("Niji 7", "--niji 7"),
    Model("Niji 6", "--niji 6"),
    Model(API_DEFAULT, ""),
)

#: The last one named counts, as for Midjourney.
_NAMED: Final = re.compile(r"--(?:v|version|(?P<niji>niji)) +(?P<number>\d+(?:\.\d+)?)(?= |$)")


def model_of(prompt: str) -> str:
    """Return which Midjourney a composed prompt names, as `v 7` or `niji 7`; empty where it names none."""
    named = [*_NAMED.finditer(prompt)]
    return f"{named[-1]['niji'] or 'v'} {named[-1]['number']}" if named else ""


def model_label(model: str) -> str:
    """Return what people call a model that a prompt names: `Midjourney 7`, `Niji 6`."""
    family, _, number = model.partition(" ")
    return f"{'Niji' if family == 'niji' else 'Midjourney'} {number}"


VERSIONS: Final = ("1", "2", "3", "4", "5", "5.1", "5.2", "6", "6.1", "7", "8.1")
NIJI_VERSIONS: Final = ("4", "5", "6", "7")


#: How to say which versions have a parameter; `{version}` is the one that a `_Support` names.
_ONE: Final = mark("version {version}")
_NIJI: Final = mark("niji {version}")
_FROM: Final = mark("versions from {version} on")
_UP_TO: Final = mark("versions up to {version}")


@final
class _Support(NamedTuple):
    """Versions that may have a parameter, and how to say so. An empty `niji` leaves niji to the API."""

    v: tuple[str, ...]
    niji: tuple[str, ...]
    words: str
    version: str = ""


def _since(version: str, until: str = "8.1") -> tuple[str, ...]:
    return tuple(known for known in VERSIONS if Decimal(version) <= Decimal(known) <= Decimal(until))


_CHARACTER: Final = _Support(_since("6", "6.1"), ("6",), mark("versions 6, 6.1 and niji 6"))
_OMNI: Final = _Support(_since("7"), ("7",), _ONE, "7")  # 8.1: the sources disagree
_STYLE_REFERENCE: Final = _Support(_since("6"), ("6", "7"), _FROM, "6")
_RAW: Final = _Support(_since("5.1"), (), _FROM, "5.1")

_SUPPORT: Final[Mapping[str, _Support]] = {
    "stylize": _Support(_since("4"), (), _FROM, "4"),
    "weird": _Support(_since("5", "7"), (), mark("versions 5 to 7")),
    "sref": _STYLE_REFERENCE,
    "sw": _STYLE_REFERENCE,
    "sv": _STYLE_REFERENCE,
    "cref": _CHARACTER,
    "cw": _CHARACTER,
    "oref": _OMNI,
    "ow": _OMNI,
    "raw": _RAW,
    "tile": _Support(tuple(v for v in VERSIONS if v != "4"), (), mark("versions 1 to 3 and from 5 on")),
    "stop": _Support(_since("1", "7"), (), _UP_TO, "7"),
    "exp": _Support(_since("7"), (), _FROM, "7"),
    "draft": _Support(("7",), ("7",), _ONE, "7"),
    "hd": _Support(("8.1",), ("8",), _ONE, "8"),
    "sd": _Support(("8.1",), ("8",), _ONE, "8"),
    "profile": _Support(_since("6"), ("6", "7"), _FROM, "6"),
}
_V4_STYLE: Final = _Support(("4",), ("4",), _ONE, "4")
_NIJI_STYLE: Final = _Support((), ("5",), _NIJI, "5")

#: What people chose who may never have typed its name.
_TITLES: Final[Mapping[str, str]] = {
    "sref": mark("A style reference (`--sref`)"),
    "cref": mark("A character reference (`--cref`)"),
    "oref": mark("An omni reference (`--oref`)"),
}

#: What does much the same in other versions, and how to call it there.
_INSTEAD: Final[Mapping[str, tuple[str, str]]] = {
    "cref": ("oref", mark("an omni reference (`--oref`)")),
    "oref": ("cref", mark("a character reference (`--cref`)")),
}

#: Values of `--style` that belong to single versions.
_STYLE_SUPPORT: Final[Mapping[str, _Support]] = {
    "raw": _RAW,
    "4a": _V4_STYLE,
    "4b": _V4_STYLE,
    "4c": _V4_STYLE,
    "cute": _NIJI_STYLE,
    "scenic": _NIJI_STYLE,
    "expressive": _NIJI_STYLE,
    "original": _NIJI_STYLE,
}


def clash(parameters: Mapping[str, str]) -> Phrase | None:
    """Return a sentence about the first parameter that the named version certainly lacks; None if there is none.

    Without a version (or with a bare `--niji`) nothing is judged.
    """
    is_niji = "niji" in parameters
    version = parameters.get("niji" if is_niji else "v", "")
    if not version:
        return None
    for name, value in parameters.items():
        support = _STYLE_SUPPORT.get(value) if name == "style" else _SUPPORT.get(name)
        if support and not _has(support, version, is_niji=is_niji):
            typed = f"`--{name} {value}`" if name == "style" else f"`--{name}`"
            return _sentence(
                parameter=say(_TITLES[name]) if name in _TITLES else typed,
                versions=say(support.words, version=support.version),
                version=say(_NIJI if is_niji else _ONE, version=version),
                other=_other(name, version, is_niji=is_niji),
            )
    return None


def _sentence(*, parameter: str, versions: Phrase, version: Phrase, other: Phrase | None) -> Phrase:
    if other is None:
        return say(
            "{parameter} works with {versions}, and you chose {version}. Leave one of the two out.",
            parameter=parameter,
            versions=versions,
            version=version,
        )
    return say(
        "{parameter} works with {versions}, and you chose {version}. Leave one of the two out, or use {other}.",
        parameter=parameter,
        versions=versions,
        version=version,
        other=other,
    )


def _other(name: str, version: str, *, is_niji: bool) -> Phrase | None:
    """Return what does much the same as a parameter and goes with this version."""
    other, title = _INSTEAD.get(name, ("", ""))
    return say(title) if other and _has(_SUPPORT[other], version, is_niji=is_niji) else None


def _has(support: _Support, version: str, *, is_niji: bool) -> bool:
    if is_niji:
        return not support.niji or version in support.niji
    return version in support.v
