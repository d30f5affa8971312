"""Sentences in the language of whoever reads them: `say`, and what decides which language that is.

Imports only `bot.language`.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal, Self, final

from babel.lists import format_list
from babel.numbers import get_decimal_symbol

from bot.language.catalogues import catalogue
from bot.language.languages import Language

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

_spoken: ContextVar[Language] = ContextVar("spoken", default=Language.ENGLISH)

#: The context in which the names of commands and options stand in the catalogues (`cogs.translating`).
NAME: Final = "name"

#: A command as sentences name it: `/history`, or `/preset set` with the name of a subcommand, or `/show job:`.
_COMMAND: Final = re.compile(r"`/([a-z]+)(?: ([a-z]+))?(?=[` :])")
#: An option, which stands alone: `image`.
_OPTION: Final = re.compile(r"`([a-z][a-z0-9_]*)`")


@final
class Phrase(str):
    """A sentence in somebody's language that still knows what it says in English: the owner's log is in English."""

    __slots__ = ("english",)

    english: str

    @classmethod
    def of(cls, text: str, english: str) -> Self:
        """Return `text`, which says `english`."""
        phrase = cls(text)
        phrase.english = english
        return phrase


def spoken() -> Language:
    """Return the language that is spoken now."""
    return _spoken.get()


def speak(language: Language) -> None:
    """Speak a language from now on, in the running task and in those that it starts."""
    _spoken.set(language)


@contextmanager
def speaking(language: Language) -> Generator[None]:
    """Speak a language for a while."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def mark(message: str) -> str:
    """Return a sentence as it is; it is translated where it is said."""
    return message


def say(message: str, /, **fields: object) -> Phrase:
    """Return a sentence in the language that is spoken.

    Parameters
    ----------
    message
        In English, as a literal here or in a `mark`. A `{name}` in it stands for a field, if there are any.
    fields
        Values; a sentence among them was said before. A number with a fraction gets the language's decimal sign; a
        value that is typed again, such as that of a parameter, is given as a text.
    """
    return _phrase(catalogue(spoken()).gettext(message) if message else "", message, fields)


def say_many(one: str, many: str, count: int, /, **fields: object) -> Phrase:
    """Return a sentence about a number of things, in the plural form that this number takes; `{count}` is the number.

    Parameters
    ----------
    one, many
        In English, as literals.
    """
    translated = catalogue(spoken()).ngettext(one, many, count)
    return _phrase(translated, one if count == 1 else many, {"count": count, **fields})


def say_list(items: Iterable[str], style: Literal["standard", "or"] = "standard") -> Phrase:
    """Return words that were said as one list: `A1, B2, and C3` is `A1、B2、C3` in Japanese.

    Parameters
    ----------
    items
        Without commas in them: one that has some would read like two.
    style
        `or` if one of them is to be chosen.
    """
    items = list(items)
    in_english = [item.english if isinstance(item, Phrase) else item for item in items]
    own, english = _identifier(spoken()), _identifier(Language.ENGLISH)
    return Phrase.of(format_list(items, style, own), format_list(in_english, style, english))


def _phrase(translated: str, english: str, fields: dict[str, object]) -> Phrase:
    text = _with_own_names(translated)
    if not fields:
        return Phrase.of(text, english)
    in_english = {name: value.english if isinstance(value, Phrase) else value for name, value in fields.items()}
    in_own = {name: _number(value) if isinstance(value, float | Decimal) else value for name, value in fields.items()}
    return Phrase.of(text.format(**in_own), english.format(**in_english))


def _number(value: float | Decimal) -> str:
    """Return an amount or a size as the language writes it: 0.80 is 0,80 in German."""
    return str(value).replace(".", get_decimal_symbol(_identifier(spoken())))


def _identifier(language: Language) -> str:
    """Return what Babel calls a language."""
    return language.value.replace("-", "_")


def _with_own_names(text: str) -> str:
    """Return a sentence with its commands and options named as the person's own Discord names them."""
    if spoken() is Language.ENGLISH or "`" not in text:
        return text
    names = catalogue(spoken())

    def named(match: re.Match[str]) -> str:
        return "`/" + " ".join(names.pgettext(NAME, name) for name in match.groups() if name)

    text = _COMMAND.sub(named, text)
    return _OPTION.sub(lambda match: f"`{names.pgettext(NAME, match[1])}`", text)
