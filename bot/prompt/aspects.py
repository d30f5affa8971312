"""Aspect ratios: what people type (`16x9`, `1.5:1`, `square`) and what Midjourney takes (`16:9`).

Pure. Imports only the standard library, `bot.errors`, `bot.language` and `bot.prompt`'s wording and characters.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from bot.errors import PromptInvalid
from bot.language import say
from bot.prompt.characters import clean
from bot.prompt.wording import quote

#: The ratios offered, most asked for first, with the words people may look for them by.
_COMMON: Final[tuple[tuple[str, str], ...]] = (
    ("1:1", "square"),
    ("16:9", "landscape widescreen wallpaper video"),
    ("9:16", "portrait phone story"),
    ("3:2", "landscape photo"),
    ("2:3", "portrait photo poster"),
    ("4:3", "landscape"),
    ("3:4", "portrait"),
    ("4:5", "portrait"),
    ("5:4", "landscape"),
    ("21:9", "landscape ultrawide cinema"),
    ("9:21", "portrait tall"),
    ("2:1", "landscape panorama"),
    ("1:2", "portrait tall"),
    ("7:4", "landscape"),
    ("4:7", "portrait"),
    ("3:1", "landscape banner panorama"),
    ("1:3", "portrait tall banner"),
)
_MOST_SUGGESTIONS: Final = 25  # Discord's limit for autocomplete
_EXACT: Final = re.compile(r"0*(?P<width>[1-9][0-9]{0,3}):0*(?P<height>[1-9][0-9]{0,3})")
_LENIENT: Final = re.compile(
    r"(?P<width>[0-9]{0,4}(?:\.[0-9]{1,4})?) ?(?:[:x×*/]| by | to | ) ?(?P<height>[0-9]{0,4}(?:\.[0-9]{1,4})?)",
)
_LARGEST: Final = 9999
_LONGEST: Final = 40  # of what may still be a ratio with blanks around it


def exact_aspect(text: str) -> str | None:
    """Return `w:h` without leading zeros if `text` has that form, both from 1 to 9999; else None."""
    match = _EXACT.fullmatch(text)
    return f"{match['width']}:{match['height']}" if match else None


def nearest_aspect(text: str) -> str | None:
    """Return the ratio that was probably meant, or None."""
    typed = clean(text if len(text) <= _LONGEST else "").lower().replace("\u2236", ":")  # NFKC leaves the ratio sign
    exact = exact_aspect(typed)
    if exact:
        return exact
    match = _LENIENT.fullmatch(typed)
    if not match or not (_is_number(match["width"]) and _is_number(match["height"])):
        return None
    width, height = Fraction(match["width"]), Fraction(match["height"])
    if not width or not height:
        return None
    if width.denominator == height.denominator == 1:
        return f"{width}:{height}"
    ratio = (width / height).limit_denominator(100)
    if not ratio or ratio.numerator > _LARGEST:
        return None
    return f"{ratio.numerator}:{ratio.denominator}"


def parse_aspect(typed: str) -> str:
    """Return what a person typed into the aspect option as `w:h`.

    Raises
    ------
    PromptInvalid
        It is no ratio.
    """
    aspect = nearest_aspect(typed)
    if aspect is None:
        raise PromptInvalid(
            say("{typed} is not an aspect ratio. Write width and height, such as `16:9`.", typed=quote(typed))
        )
    return aspect


def suggest_aspects(typed: str) -> list[str]:
    """Return up to 25 ratios for autocomplete: what was typed, if it is one, then the common ones that match."""
    words = clean(typed[:_LONGEST]).lower()
    if not words:
        return [ratio for ratio, _ in _COMMON][:_MOST_SUGGESTIONS]
    own = nearest_aspect(words)
    start = re.sub(r"[x×*/ ]", ":", words)
    matching = [
        ratio for ratio, names in _COMMON if ratio.startswith(start) or any(n.startswith(words) for n in names.split())
    ]
    suggestions = ([own] if own else []) + matching
    return list(dict.fromkeys(suggestions))[:_MOST_SUGGESTIONS]


def _is_number(digits: str) -> bool:
    return any(digit.isdigit() for digit in digits)
