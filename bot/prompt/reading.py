"""Take a prompt apart: words and links first, then parameters as they were typed, not yet judged.

The only place that decides what is a parameter. Whatever is not one comes out without a double dash, so that nobody
further on can see one in it. Imports only the standard library and its neighbors in `bot.prompt`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final, final

from bot.prompt.characters import DASHES, LONG_DASHES, clean
from bot.prompt.links import looks_like_link

if TYPE_CHECKING:
    from collections.abc import Container

_RUN: Final = re.compile("[" + "".join(re.escape(dash) for dash in sorted(DASHES)) + "]+")


@final
@dataclass(slots=True)
class Typed:
    """A parameter as typed: its name in lower case without dashes, and the words after it.

    `detached`: there was a blank between the dashes and the name.
    """

    name: str
    words: list[str] = field(default_factory=list[str])
    detached: bool = False


@final
@dataclass(slots=True)
class Reading:
    """A prompt taken apart."""

    words: list[str]
    parameters: list[Typed]


def read(text: str, names: Container[str]) -> Reading:
    """Split `text` at its parameters. A dash run glued to a following letter starts one, a lone one is prose.

    Two lone hyphens before one of `names` (lower case) are a parameter torn from its name.
    """
    reading = Reading([], [])
    tokens = [token for token in clean(text).split(" ") if token]
    for token, following in pairwise([*tokens, ""]):
        if looks_like_link(token):
            _place(reading, token)
        elif not _RUN.fullmatch(token):
            _read_token(reading, token)
        elif _width(token) > 1 and not LONG_DASHES.intersection(token) and following.lower() in names:
            reading.parameters.append(Typed("", detached=True))
        else:
            _place(reading, "-")
    return reading


def _read_token(reading: Reading, token: str) -> None:
    """Cut a token at the dash runs that start a parameter; write the other runs as one hyphen."""
    plain: list[str] = []
    position = 0
    for run in _RUN.finditer(token):
        plain.append(token[position : run.start()])
        position = run.end()
        if _width(run[0]) > 1 and token[position : position + 1].isalpha():
            _place(reading, "".join(plain))
            reading.parameters.append(Typed(""))
            plain = []
        else:
            plain.append("-")
    plain.append(token[position:])
    _place(reading, "".join(plain))


def _place(reading: Reading, word: str) -> None:
    """Put a word where it belongs: the name of a parameter that has none yet, its value, or the prose."""
    if not word:
        return
    if not reading.parameters:
        reading.words.append(word)
    elif not reading.parameters[-1].name:
        reading.parameters[-1].name = word.lower()
    else:
        reading.parameters[-1].words.append(word)


def _width(run: str) -> int:
    return sum(2 if dash in LONG_DASHES else 1 for dash in run)
