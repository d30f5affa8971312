"""Which languages there are, and which of them a locale of Discord's stands for. Imports nothing of Easel."""

from __future__ import annotations

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


def language_of(locale: str | None) -> Language:
    """Return the language for a locale of Discord's; English for those that Easel does not speak."""
    if locale in _SPOKEN_LIKE:
        return _SPOKEN_LIKE[locale]
    try:
        return Language(locale or "")
    except ValueError:
        return Language.ENGLISH
