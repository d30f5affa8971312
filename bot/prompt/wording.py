"""Put words of a person into a sentence of ours, so that they can neither format nor ping.

Imports only the standard library and `bot.prompt.characters`.
"""

from __future__ import annotations

from typing import Final

from bot.prompt.characters import clean

_LONGEST: Final = 80


def quote(text: str) -> str:
    """Return `text` as inline code: nothing in it is markup, a link or a mention. Cut to 80 characters."""
    return f"`{inline(text) or ' '}`"


def inline(text: str) -> str:
    """Return `text` as it may stand within inline code, beside other words. Cut to 80 characters."""
    shown = clean(text[: 4 * _LONGEST]).replace("`", "'")  # a backtick cannot be escaped inside inline code
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1].rstrip() + "…"
