"""The models on offer, and which parameters certainly do not go with which version.

Pure. Imports only the standard library. The contract's sources disagree about much of this (contract 7), so only what
none of them disputes is listed; the API judges the rest.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple, final

if TYPE_CHECKING:
    from collections.abc import Mapping


@final
class Model(NamedTuple):
    """A choice of the model option: what a person reads, and the parameter it stands for (empty: none)."""

    label: str
    parameters: str


#: What `/imagine` offers, newest first (design 6).
MODELS: Final[tuple[Model, ...]] = (
    Model("Midjourney 8.1", "--v 8.1"),
    Model("Midjourney 7", "--v 7"),
    Model("Midjourney 6.1", "--v 6.1"),
    Model("Niji 7", "--niji 7"),
    Model("Niji 6", "--niji 6"),
    Model("The API's default", ""),
)

VERSIONS: Final = ("1", "2", "3", "4", "5", "5.1", "5.2", "6", "6.1", "7", "8.1")
NIJI_VERSIONS: Final = ("4", "5", "6", "7")


@final
class _Support(NamedTuple):
    """Versions that may have a parameter, and how to say so. An empty `niji` leaves niji to the API."""

    v: tuple[str, ...]
    niji: tuple[str, ...]
    words: str


def _since(version: str, until: str = "8.1") -> tuple[str, ...]:
    return tuple(known for known in VERSIONS if Decimal(version) <= Decimal(known) <= Decimal(until))


_CHARACTER: Final = _Support(_since("6", "6.1"), ("6",), "versions 6, 6.1 and niji 6")
_OMNI: Final = _Support(_since("7"), ("7",), "version 7")  # 8.1: the sources disagree
_STYLE_REFERENCE: Final = _Support(_since("6"), ("6", "7"), "versions from 6 on")
_RAW: Final = _Support(_since("5.1"), (), "versions from 5.1 on")

_SUPPORT: Final[Mapping[str, _Support]] = {
    "stylize": _Support(_since("4"), (), "versions from 4 on"),
    "weird": _Support(_since("5", "7"), (), "versions 5 to 7"),
    "sref": _STYLE_REFERENCE,
    "sw": _STYLE_REFERENCE,
    "sv": _STYLE_REFERENCE,
    "cref": _CHARACTER,
    "cw": _CHARACTER,
    "oref": _OMNI,
    "ow": _OMNI,
    "raw": _RAW,
    "tile": _Support(tuple(v for v in VERSIONS if v != "4"), (), "versions 1 to 3 and from 5 on"),
    "stop": _Support(_since("1", "7"), (), "versions up to 7"),
    "exp": _Support(_since("7"), (), "versions from 7 on"),
    "draft": _Support(("7",), ("7",), "version 7"),
    "hd": _Support(("8.1",), ("8",), "version 8"),
    "sd": _Support(("8.1",), ("8",), "version 8"),
    "profile": _Support(_since("6"), ("6", "7"), "versions from 6 on"),
}
_V4_STYLE: Final = _Support(("4",), ("4",), "version 4")
_NIJI_STYLE: Final = _Support((), ("5",), "niji 5")

#: What people chose who may never have typed its name.
_TITLES: Final[Mapping[str, str]] = {
    "sref": "A style reference (`--sref`)",
    "cref": "A character reference (`--cref`)",
    "oref": "An omni reference (`--oref`)",
}

#: What does much the same in other versions.
_INSTEAD: Final[Mapping[str, str]] = {"cref": "oref", "oref": "cref"}

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


def clash(parameters: Mapping[str, str]) -> str | None:
    """Return a sentence about the first parameter that the named version certainly lacks; None if there is none.

    Without a version (or with a bare `--niji`) nothing is judged.
    """
    is_niji = "niji" in parameters
    version = parameters.get("niji" if is_niji else "v", "")
    if not version:
        return None
    named = f"niji {version}" if is_niji else f"version {version}"
    for name, value in parameters.items():
        support = _STYLE_SUPPORT.get(value) if name == "style" else _SUPPORT.get(name)
        if support and not _has(support, version, is_niji=is_niji):
            shown = _TITLES.get(name) or (f"`--{name} {value}`" if name == "style" else f"`--{name}`")
            sentence = f"{shown} works with {support.words}, and you chose {named}. Leave one of the two out"
            other = _INSTEAD.get(name)
            if other and _has(_SUPPORT[other], version, is_niji=is_niji):
                return f"{sentence}, or use {_TITLES[other][0].lower()}{_TITLES[other][1:]}."
            return f"{sentence}."
    return None


def _has(support: _Support, version: str, *, is_niji: bool) -> bool:
    if is_niji:
        return not support.niji or version in support.niji
    return version in support.v
