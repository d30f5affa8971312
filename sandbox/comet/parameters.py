"""Reading a prompt as Midjourney would: text, version, aspect, speed, and what is wrong with it.

Deliberately its own reading of contract 7 and not the bot's. Pure; imports nothing of this package.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_FLAG: Final = re.compile(r"(?:^|\s)--([a-z]+)((?:\s+(?!--)\S+)*)", re.IGNORECASE)
_MARKER: Final = re.compile(r"\[\[[^\]]*\]\]")
_RATIO: Final = re.compile(r"^(\d{1,4}):(\d{1,4})$")
_SPEEDS: Final = ("fast", "turbo", "relax")
_KNOWN: Final = frozenset(
    {
        "v",
        "version",
        "niji",
        "ar",
        "aspect",
        "s",
        "stylize",
        "c",
        "chaos",
        "w",
        "weird",
        "q",
        "quality",
        "seed",
        "no",
        "iw",
        "sref",
        "sw",
        "sv",
        "cref",
        "cw",
        "oref",
        "ow",
        "raw",
        "style",
        "tile",
        "stop",
        "r",
        "repeat",
        "exp",
        "draft",
        "hd",
        "sd",
        "p",
        "profile",
        "zoom",
        "video",
        "motion",
        "loop",
        "end",
        "bs",
        "fast",
        "relax",
        "turbo",
        "stealth",
        "public",
    }
)
_RANGES: Final[dict[str, tuple[float, float]]] = {
    "s": (0, 1000),
    "stylize": (0, 1000),
    "c": (0, 100),
    "chaos": (0, 100),
    "w": (0, 3000),
    "weird": (0, 3000),
    "q": (0.25, 4),
    "quality": (0.25, 4),
    "seed": (0, 4294967295),
    "iw": (0, 3),
    "sw": (0, 1000),
    "cw": (0, 100),
    "ow": (0, 1000),
    "stop": (10, 100),
    "exp": (0, 100),
    "zoom": (1, 2),
}
_VERSIONS: Final = frozenset({"1", "2", "3", "4", "5", "5.1", "5.2", "6", "6.1", "7", "8", "8.1"})
_NIJI_DEFAULT: Final = "7"


@dataclass(frozen=True, slots=True)
class Reading:
    """What Midjourney makes of a prompt.

    Attributes
    ----------
    text
        Without parameters and without the sandbox's own markers.
    version
        The one named, else the default; `is_niji` says of which family.
    speed
        Named by a flag, else None.
    seed
        As it was named, or empty.
    complaint
        Why Midjourney would refuse it (a failReason), or empty.
    """

    text: str
    version: str
    is_niji: bool
    aspect: tuple[int, int]
    speed: str | None
    batch: int
    is_video: bool
    complaint: str
    seed: str = ""


def read(prompt: str, *, bot_type: str, default_version: str) -> Reading:
    """Read a prompt."""
    plain = _MARKER.sub(" ", prompt)
    flags = {match[1].lower(): match[2].strip() for match in _FLAG.finditer(plain)}
    first = _FLAG.search(plain)
    niji = "niji" in flags or bot_type == "NIJI_JOURNEY"
    named = flags.get("niji") if niji else flags.get("v", flags.get("version"))
    ratio = _RATIO.match(flags.get("ar", flags.get("aspect", "1:1")))
    aspect = (int(ratio[1]), int(ratio[2])) if ratio and int(ratio[1]) and int(ratio[2]) else (1, 1)
    batch = flags.get("bs", "")
    return Reading(
        text=" ".join((plain[: first.start()] if first else plain).split()),
        version=named or (_NIJI_DEFAULT if niji else default_version),
        is_niji=niji,
        aspect=aspect,
        speed=next((speed for speed in _SPEEDS if speed in flags), None),
        batch=int(batch) if batch in {"1", "2", "4"} else 4,
        is_video="video" in flags or "motion" in flags,
        complaint=_complaint(flags),
        seed=flags.get("seed", ""),
    )


def without_markers(prompt: str) -> str:
    """Return a prompt without the sandbox's own markers."""
    return " ".join(_MARKER.sub(" ", prompt).split())


def _complaint(flags: dict[str, str]) -> str:
    unknown = [name for name in flags if name not in _KNOWN]
    if unknown:
        return f"[Invalid parameter] Unrecognized parameter(s): `--{'`, `--'.join(unknown)}`"
    for name, value in flags.items():
        if not _is_fine(name, value):
            return f"[Invalid parameter] Invalid value for `--{name}`: `{value}`"
    return ""


def _is_fine(name: str, value: str) -> bool:
    if name in {"ar", "aspect"}:
        ratio = _RATIO.match(value)
        return ratio is not None and ratio[1].strip("0") != "" and ratio[2].strip("0") != ""
    if name in {"v", "version"}:
        return value in _VERSIONS
    limits = _RANGES.get(name)
    if limits is None:
        return True
    try:
        return limits[0] <= float(value) <= limits[1]
    except ValueError:
        return False
