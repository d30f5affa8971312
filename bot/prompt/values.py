"""What a parameter's value may be: one small rule for each form a value takes.

Pure. Imports only the standard library, `bot.language` and its neighbors in `bot.prompt`. A rule takes the words after
the parameter and returns the value in its canonical form, or an `Unfit` with what would have been right.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final, final

from typing_extensions import override

from bot.language import say, say_list
from bot.prompt.aspects import exact_aspect, nearest_aspect
from bot.prompt.links import looks_like_link

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.language import Phrase

_NUMBER: Final = re.compile(r"[0-9]{1,30}(\.[0-9]{1,6})?|\.[0-9]{1,6}")
_CODE: Final = re.compile(r"[A-Za-z0-9]{1,64}(::[0-9]*\.?[0-9]+)?")
_STYLE_CODE: Final = re.compile(r"(random|[0-9]{1,20})(::[0-9]*\.?[0-9]+)?")
_MOST_ITEMS: Final = 20


@final
@dataclass(frozen=True, slots=True)
class Unfit:
    """The value does not fit.

    Attributes
    ----------
    wanted
        What the parameter takes, to go on from "`--ar` takes ": said.
    nearest
        The nearest value that would be right, empty for none.
    """

    wanted: Phrase
    nearest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(ABC):
    """What one parameter takes.

    Attributes
    ----------
    most
        How many words at most belong to the value.
    """

    most: int = 1

    @abstractmethod
    def read(self, words: Sequence[str]) -> str | Unfit:
        """Return the canonical value of these words, at most `most`, or what would have been right.

        Links in it are as typed, not yet checked.
        """


@final
@dataclass(frozen=True, slots=True)
class Flag(Rule):
    """Takes no value."""

    most: int = field(default=0, kw_only=True)

    @override
    def read(self, words: Sequence[str]) -> str | Unfit:
        return Unfit(say("no value")) if words else ""


@final
@dataclass(frozen=True, slots=True)
class Number(Rule):
    """A number within a range, both ends included."""

    low: Decimal
    high: Decimal
    whole: bool = True

    @override
    def read(self, words: Sequence[str]) -> str | Unfit:
        if not words:
            return Unfit(self._wanted)
        sign = -1 if words[0].startswith("-") else 1
        digits = words[0].removeprefix("-").removeprefix("+")
        if not _NUMBER.fullmatch(digits):
            return Unfit(self._wanted)
        number = sign * Decimal(digits)
        fitting = min(max(number, self.low), self.high)
        if self.whole:
            fitting = fitting.quantize(Decimal(1))
        return plain(fitting) if fitting == number else Unfit(self._wanted, plain(fitting))

    @property
    def _wanted(self) -> Phrase:
        if self.whole:
            return say("a whole number from {low} to {high}", low=self.low, high=self.high)
        return say("a number from {low} to {high}", low=self.low, high=self.high)


@final
@dataclass(frozen=True, slots=True)
class Choice(Rule):
    """One of a few words; with `optional`, or none."""

    choices: tuple[str, ...]
    optional: bool = False

    @override
    def read(self, words: Sequence[str]) -> str | Unfit:
        if not words:
            return "" if self.optional else Unfit(self._wanted)
        word = words[0].lower()
        if word in self.choices:
            return word
        if not _NUMBER.fullmatch(word):
            return Unfit(self._wanted)
        numbers = {Decimal(choice): choice for choice in self.choices if _NUMBER.fullmatch(choice)}
        if not numbers:
            return Unfit(self._wanted)
        nearest = min(numbers, key=lambda number: abs(number - Decimal(word)))
        return numbers[nearest] if nearest == Decimal(word) else Unfit(self._wanted, numbers[nearest])

    @property
    def _wanted(self) -> Phrase:
        return say_list(self.choices, "or")


@final
@dataclass(frozen=True, slots=True)
class Aspect(Rule):
    """Width and height."""

    @override
    def read(self, words: Sequence[str]) -> str | Unfit:
        typed = words[0] if words else ""
        return exact_aspect(typed) or Unfit(
            say("width and height as whole numbers, such as 16:9"), nearest_aspect(typed) or ""
        )


@final
@dataclass(frozen=True, slots=True)
class Words(Rule):
    """Anything that is not a link, up to the next parameter."""

    most: int = field(default=10_000, kw_only=True)

    @override
    def read(self, words: Sequence[str]) -> str | Unfit:
        if not words or any(map(looks_like_link, words)):
            return Unfit(say("words, separated by commas"))
        return " ".join(words)


@final
@dataclass(frozen=True, slots=True)
class References(Rule):
    """Links; with `codes`, also style codes and `random`."""

    codes: bool = False
    most: int = field(default=_MOST_ITEMS, kw_only=True)

    @override
    def read(self, words: Sequence[str]) -> str | Unfit:
        wanted = say("links, style codes or random") if self.codes else say("a link to a picture")
        if not words:
            return Unfit(wanted)
        read: list[str] = []
        for word in words:
            if looks_like_link(word):
                read.append(word)
            elif self.codes and _STYLE_CODE.fullmatch(word.lower()):
                read.append(word.lower())
            else:
                return Unfit(wanted, " ".join(read))
        return " ".join(read)


@final
@dataclass(frozen=True, slots=True)
class LastFrame(Rule):
    """The first frame again, or a picture."""

    @override
    def read(self, words: Sequence[str]) -> str | Unfit:
        if words and looks_like_link(words[0]):
            return words[0]
        return "loop" if words and words[0].lower() == "loop" else Unfit(say("loop, or a link to a picture"))


@final
@dataclass(frozen=True, slots=True)
class Codes(Rule):
    """Codes of letters and digits, or nothing."""

    most: int = field(default=_MOST_ITEMS, kw_only=True)

    @override
    def read(self, words: Sequence[str]) -> str | Unfit:
        return " ".join(words) if all(map(_CODE.fullmatch, words)) else Unfit(say("profile codes, or nothing"))


def plain(number: Decimal) -> str:
    """Write a number without exponent and without superfluous zeros."""
    text = f"{number + 0:f}"  # a sum is never the negative zero that `-0` is read as
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text
