"""Bring text into one form: one kind of blank, one kind of dash, nothing invisible.

Pure: strings in, strings out. Imports only the standard library. Source of the rules: design 6, "prompt rules".
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: Dashes that stand for one hyphen, beyond ASCII's own: hyphens, minus signs, figure dash, hyphen bullet. The Japanese
#: prolonged sound mark and the wave dashes are not among them: to the people who write them those are letters and
#: tildes.
SHORT_DASHES: Final = frozenset(
    "\u2010\u2011\u2012\u2212\u2043\u02d7\u2796\u058a\u05be\u1400\u1806\u2e17\u2e1a\U00010ead",
)

#: Dashes that phones and word processors put in the place of `--`.
LONG_DASHES: Final = frozenset("\u2013\u2014\u2015\u2e3a\u2e3b\u2e40\u2e5d\u2500\u2501\u23af\u2574\u2576\u2578\u257a")

DASHES: Final = frozenset("-") | SHORT_DASHES | LONG_DASHES

_ZWJ: Final = "\u200d"
_EMOJI_SELECTORS: Final = frozenset("\ufe0e\ufe0f")
_KEYCAP: Final = "\u20e3"

#: Characters without a shape that are neither control nor format characters: fillers, selectors, placeholders. From
#: Unicode's Default_Ignorable_Code_Point, which the standard library does not offer.
_SHAPELESS: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\ufffc"
    "\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e0fff]",
)
_BLANK: Final = re.compile("[\\s\u2800]+")  # the empty Braille cell is a blank that Unicode does not call one
_EMOJI_BLOCKS: Final = range(0x1F000, 0x1FB00)
_FIRST_ARROW: Final = "\u2190"
_UNWANTED_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co"})


def clean(text: str) -> str:
    """Apply NFKC, drop what cannot be seen and collapse blanks. Dashes stay as they are.

    A joiner or a presentation selector stays where it holds an emoji together.
    """
    while True:
        cleaned = _drop_invisible(_BLANK.sub(" ", unicodedata.normalize("NFKC", text))).strip()
        cleaned = _BLANK.sub(" ", cleaned)
        if cleaned == text:
            return cleaned
        text = cleaned  # dropping a character may bring two others together that NFKC composes


def is_emoji_part(character: str) -> bool:
    """Tell whether an emoji may consist of or end in this character; no dash counts.

    Wider than Unicode's own list, which the standard library lacks: all symbols, and the blocks that only hold emoji,
    so that those newer than this Python are in.
    """
    if character in DASHES:
        return False
    if ord(character) in _EMOJI_BLOCKS:
        return True
    category = unicodedata.category(character)
    return category == "So" or (category == "Sm" and character >= _FIRST_ARROW)


def _drop_invisible(text: str) -> str:
    kept: list[str] = []
    for index, character in enumerate(text):
        if character in _EMOJI_SELECTORS:
            wanted = _selector_belongs(kept, text[index + 1 : index + 2])
        elif character == _ZWJ:
            wanted = _joins(kept, text[index + 1 : index + 2])
        else:
            wanted = not (unicodedata.category(character) in _UNWANTED_CATEGORIES or _SHAPELESS.match(character))
        if wanted:
            kept.append(character)
    return "".join(kept)


def _selector_belongs(before: list[str], after: str) -> bool:
    if not before:
        return False
    return is_emoji_part(before[-1]) or (before[-1] in "0123456789#*" and after == _KEYCAP)


def _joins(before: list[str], after: str) -> bool:
    if not before or not after or not is_emoji_part(after):
        return False
    last = before[-2] if before[-1] in _EMOJI_SELECTORS and len(before) > 1 else before[-1]
    return is_emoji_part(last)
