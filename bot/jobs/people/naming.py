"""Names that people give to what they keep: in any script, as they are kept and found again. Pure.

Imports the errors and `bot.prompt`.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from bot.errors import ActionUnavailable
from bot.language import say
from bot.prompt import quote

#: Characters of a name.
_LONGEST_NAME: Final = 32


def fold(text: str) -> str:
    """Return a name as it is kept: case and width make no difference."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.strip()).casefold())


def known_name(typed: str) -> str:
    """Return a name that somebody chose, as it is kept.

    Raises
    ------
    ActionUnavailable
        It is no name; with the sentence to show.
    """
    name = fold(typed)
    if not 1 <= len(name) <= _LONGEST_NAME or not all(map(_may_stand, name)):
        raise ActionUnavailable(
            say(
                "{typed} cannot be a name. One has 1 to {most} letters, digits, dashes and underscores, "
                "such as `soft-light`.",
                typed=quote(typed),
                most=_LONGEST_NAME,
            )
        )
    return name


def _may_stand(character: str) -> bool:
    return character in "-_" or unicodedata.category(character)[0] in "LMN"  # marks: vowels of many scripts
