"""What a translation has to keep of the English words, and how long it may be.

Pure. Imports only the contexts of the messages, the limits of commands, and the list of words that are the same.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from catalogues.limits import CHOICE_LENGTH, DESCRIPTION_LENGTH, NAME_LENGTH, is_name
from catalogues.same import is_same
from cogs.translating import CHOICE, DESCRIPTION, MENU, NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.language import Language
    from catalogues.entries import Entry
    from catalogues.files import Forms, Translations

#: `{count}`, and the braces that stand for themselves.
_FIELD: Final = re.compile(r"\{\{|\}\}|\{[^{}]*\}|[{}]")
#: What stands between backticks is typed as it is. Commands and options get their own names when they are said.
_QUOTED: Final = re.compile(r"`[^`]*`")
_PARAMETER: Final = re.compile(r"(?<![\w-])--[a-z]+")
#: Longest first: two stars are not twice one.
_MARKUP: Final = re.compile(r"\*{1,3}|`{1,3}|~~|\|\||\n")
#: How sentences name a button or a menu: `*Details*`.
_LABEL: Final = re.compile(r"(?<!\*)\*([^*\n]+)\*(?!\*)")
#: Midjourney's own buttons under its pictures: they are in English for everybody, whatever we call such a thing.
_MIDJOURNEYS: Final = frozenset({"Animate", "Custom Zoom", "Upscale", "Vary", "Vary (Region)", "Zoom Out"})
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_NO_WORDS: Final = re.compile(rf"{_FIELD.pattern}|{_QUOTED.pattern}|{_PARAMETER.pattern}|https?://\S*")

_PRICE: Final = "{price}"
#: A price is in no language longer than this; `limits` counts what is really registered.
_PRICE_LENGTH: Final = 20
_LENGTHS: Final = {NAME: NAME_LENGTH, MENU: NAME_LENGTH, DESCRIPTION: DESCRIPTION_LENGTH, CHOICE: CHOICE_LENGTH}
#: No sentence grows by more than that; what does has another message's translation, or somebody's remarks in it.
_GROWTH, _ROOM = 3, 25


def problems(entry: Entry, forms: Forms, language: Language, plurals: int, known: Translations) -> list[str]:
    """Return what is wrong with the translation of a message; nothing if it is right.

    Parameters
    ----------
    plurals
        How many plural forms the language has.
    known
        All that the language says, the labels among it that other sentences name.
    """
    count = plurals if entry.many else 1
    if len(forms) != count:
        return [f"needs {count} texts and has {len(forms)}"]
    found: list[str] = []
    for number, text in enumerate(forms):
        # A form about few things may say "one picture" or "1 picture"; the last one is about any number of them.
        models = [entry.many or entry.one]
        if entry.many and number < count - 1:
            models.insert(0, entry.one)
        wrong = [[*_judged(model, text, entry.context, language), *misnamed(model, text, known)] for model in models]
        found += min(wrong, key=len)
    return list(dict.fromkeys(found))


def misnamed(english: str, text: str, known: Translations) -> list[str]:
    """Name the labels that a text calls by another name than that which they have in its language."""
    found: list[str] = []
    for label in _LABEL.findall(english):
        name = label if label in _MIDJOURNEYS else known.get(("", label), ("",))[0]
        if name and f"*{name}*" not in text:  # without a name it is Discord's own, or not translated yet
            found.append(f"does not call *{label}* by its name: *{name}*")
    return found


def _judged(english: str, text: str, context: str, language: Language) -> list[str]:
    """Return what is wrong with one text, held against its English words."""
    if not text.strip():
        return ["is empty"]
    found = [f"{what}: {mine} instead of {theirs}" for what, mine, theirs in _differences(english, text)]
    if text == english and _has_words(english) and not is_same(english, language):
        found.append("says what English says; if that is right, add it to catalogues/same.py")
    if context == NAME and not is_name(text):
        found.append("is no name: 1 to 32 letters and numbers of any script, - and _, in lower case")
    length, most = len(text.replace(_PRICE, "?" * _PRICE_LENGTH)), _LENGTHS.get(context, _GROWTH * len(english) + _ROOM)
    if length > most:
        found.append(f"has {length} characters of {most}")
    return found


def _differences(english: str, text: str) -> Iterator[tuple[str, Any, Any]]:
    """Find what a text does not have in common with its English words: what, how it is, how it should be."""
    for what, pattern in (("fields", _FIELD), ("backticks", _QUOTED), ("parameters", _PARAMETER)):
        mine, theirs = sorted(set(pattern.findall(text))), sorted(set(pattern.findall(english)))
        if mine != theirs:
            yield what, mine, theirs
    mine, theirs = Counter(_MARKUP.findall(text)), Counter(_MARKUP.findall(english))
    if mine != theirs:
        yield "markup", dict(mine), dict(theirs)
    for what, edge in (("space before it", _before), ("space after it", _after)):
        if edge(text) != edge(english):
            yield what, repr(edge(text)), repr(edge(english))


def _before(text: str) -> str:
    return text[: len(text) - len(text.lstrip())]


def _after(text: str) -> str:
    return text[len(text.rstrip()) :]


def _has_words(text: str) -> bool:
    return _WORD.search(_NO_WORDS.sub(" ", text)) is not None
