"""Read `{a, b}`: a text that stands for several, taken apart, counted and written out.

Choices may be nested, empty, and hold escapes: a backslash before a comma or a brace makes it an ordinary character.
Counting costs next to nothing, so it comes before writing out. Pure. Imports only the standard library,
`bot.errors` and `bot.language`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Final, final

from bot.errors import PromptInvalid
from bot.language import mark, say

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIECE: Final = re.compile(r"\\[{},]|[{},]|[^\\{},]+|\\")
_DEEPEST: Final = 10  # braces within braces: no prompt needs so many

_EXAMPLE: Final = mark("Choices are written like this: `a {red, blue} fox`.")


@final
@dataclass(slots=True)
class Pattern:
    """Texts and choices in a row; a choice is a list of patterns."""

    parts: list[str | list[Pattern]] = field(default_factory=list["str | list[Pattern]"])

    @property
    def count(self) -> int:
        """How many texts it stands for."""
        return prod(sum(choice.count for choice in part) for part in self.parts if not isinstance(part, str))

    def texts(self) -> Iterator[str]:
        """Yield all the texts it stands for, the first choice changing last."""
        ways = [[part] if isinstance(part, str) else _choices(part) for part in self.parts]
        return map("".join, product(*ways))


def read_braces(text: str) -> Pattern:
    """Take a text apart at its braces.

    Raises
    ------
    PromptInvalid
        A brace has no partner, or they are nested too deep.
    """
    root = Pattern()
    open_choices: list[list[Pattern]] = []
    here = root
    for piece in _PIECE.findall(text):
        if piece == "{":
            choices = [Pattern()]
            here.parts.append(choices)
            open_choices.append(choices)
        elif piece == "}" and not open_choices:
            raise PromptInvalid(say("There is a `}}` without a `{{` before it. {example}", example=say(_EXAMPLE)))
        elif piece == "}":
            open_choices.pop()
        elif piece == "," and open_choices:
            open_choices[-1].append(Pattern())
        else:
            here.parts.append(_plain(piece, is_choice=bool(open_choices)))
        if len(open_choices) > _DEEPEST:
            raise PromptInvalid(
                say(
                    "There are more than {most} braces within each other. {example}",
                    most=_DEEPEST,
                    example=say(_EXAMPLE),
                )
            )
        here = open_choices[-1][-1] if open_choices else root
    if open_choices:
        raise PromptInvalid(say("There is a `{{` without a `}}` after it. {example}", example=say(_EXAMPLE)))
    return root


def _choices(patterns: list[Pattern]) -> list[str]:
    return [text.strip() for pattern in patterns for text in pattern.texts()]


def _plain(piece: str, *, is_choice: bool) -> str:
    """Return what a piece of text says; outside of choices a comma has no other meaning, so nothing escapes it."""
    escapes = piece in {"\\{", "\\}"} or (piece == "\\," and is_choice)
    return piece[1:] if escapes else piece
