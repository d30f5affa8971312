"""Which languages there are, and which of them a locale of Discord's or a wish of a browser's stands for.

Imports nothing of Easel.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final, final


@final
class Language(StrEnum):
    """A language that Easel speaks; the value is Discord's locale for it, or the nearest there is."""

    ENGLISH = "en-US"
    JAPANESE = "ja"
    CHINESE = "zh-CN"
    CHINESE_TRADITIONAL = "zh-TW"
    KOREAN = "ko"
    GERMAN = "de"
    FRENCH = "fr"
    SPANISH = "es-ES"
    PORTUGUESE = "pt-BR"

    @property
    def own_name(self) -> str:
        """What the people who speak it call it."""
        return _OWN_NAMES[self]


_OWN_NAMES: Final = {
    Language.ENGLISH: "English",
    Language.JAPANESE: "日本語",
    Language.CHINESE: "简体中文",
    Language.CHINESE_TRADITIONAL: "繁體中文",
    Language.KOREAN: "한국어",
    Language.GERMAN: "Deutsch",
    Language.FRENCH: "Français",
    Language.SPANISH: "Español",
    Language.PORTUGUESE: "Português do Brasil",
}

#: Locales of Discord's (its reference, "Locales") that are spoken like another.
_SPOKEN_LIKE: Final = {"en-GB": Language.ENGLISH, "es-419": Language.SPANISH}

#: Every locale of Discord's in which commands can be named, with its language. English needs none: it is the default.
COMMAND_LOCALES: Final = {
    **{language.value: language for language in Language if language is not Language.ENGLISH},
    "es-419": Language.SPANISH,
}

#: By the first part of a language tag (RFC 5646), as browsers write them. Chinese has two scripts, see `_of_tag`.
_BY_SUBTAG: Final = {language.value.partition("-")[0]: language for language in Language if language.value[:2] != "zh"}
#: The script, and where Chinese is written in it.
_TRADITIONAL: Final = frozenset({"hant", "tw", "hk", "mo"})
_SIMPLIFIED: Final = "hans"

#: One of the languages of `Accept-Language`, with the weight that it has (RFC 9110, 12.5.4).
_WISH: Final = re.compile(
    r"[ \t]*(?P<tag>[a-z]{1,8}(?:-[a-z0-9]{1,8})*|[*])[ \t]*"
    r"(?:;[ \t]*q=(?P<weight>0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)[ \t]*)?",
    re.IGNORECASE,
)


def language_of(locale: str | None) -> Language:
    """Return the language for a locale of Discord's; English for those that Easel does not speak."""
    if locale in _SPOKEN_LIKE:
        return _SPOKEN_LIKE[locale]
    try:
        return Language(locale or "")
    except ValueError:
        return Language.ENGLISH


def preferred_language(accepted: str) -> Language:
    """Return the language that a browser asks for most of those that Easel speaks; English if it asks for none.

    Parameters
    ----------
    accepted
        The header `Accept-Language`: tags with weights from 0 to 1. What is none is passed over.
    """
    wishes = [wish for wish in map(_WISH.fullmatch, accepted.split(",")) if wish]
    weighed = [(float(wish["weight"] or 1), _of_tag(wish["tag"].lower())) for wish in wishes]
    spoken = [(weight, language) for weight, language in weighed if weight > 0 and language is not None]
    return max(spoken, key=lambda wish: wish[0], default=(1.0, Language.ENGLISH))[1]  # of equals the first


def _of_tag(tag: str) -> Language | None:
    first, *others = tag.split("-")
    if first == "zh":
        is_traditional = _SIMPLIFIED not in others and not _TRADITIONAL.isdisjoint(others)
        return Language.CHINESE_TRADITIONAL if is_traditional else Language.CHINESE
    return _BY_SUBTAG.get(first)
