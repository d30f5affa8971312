"""A language that nobody speaks, and how to see in a text what was not said in it.

Every sentence stands in it between `⟦` and `⟧` and has wide letters (U+FF21 and on). A narrow letter in what somebody
reads was not said, or came from outside: a prompt, an id, a link.
"""

from __future__ import annotations

import gettext
import re
import string
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Literal, final

import pytest
from babel.lists import format_list
from typing_extensions import override

from bot.language import Language

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

_FIELD: Final = re.compile(r"(\{\{|\}\}|\{\w*\})")
_WIDE: Final = {ord(letter): ord(letter) + 0xFEE0 for letter in string.ascii_letters}

#: What comes from outside wherever it stands: addresses, times and people as Discord marks them up, ids, parameters.
_FROM_OUTSIDE: Final = re.compile(
    r"https?://[^\s<>()]+|<t:\d+:[A-Za-z]>|<@\d+>|\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b|--[a-z]+", re.IGNORECASE
)


def widened(message: str) -> str:
    """Return a message in wide letters, its fields as they are."""
    parts = _FIELD.split(message)
    return "".join(part if number % 2 else part.translate(_WIDE) for number, part in enumerate(parts))


@final
class Wide(gettext.NullTranslations):
    """Translations into wide letters, which leave the names of commands and options as they are.

    Parameters
    ----------
    stretch
        How much longer than the English sentence its translation is: 2 for twice as long.
    """

    def __init__(self, stretch: float = 1.0) -> None:
        super().__init__()
        self._stretch = stretch

    @override
    def gettext(self, message: str) -> str:
        return f"⟦{widened(message)}{'·' * int(len(message) * (self._stretch - 1))}⟧"

    @override
    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@contextmanager
def pseudo(*languages: Language, stretch: float = 1.0) -> Generator[None]:
    """Let these languages be spoken in wide letters for a while, or all there are, English too; no others are known."""
    narrow, wide = gettext.NullTranslations(), Wide(stretch)

    def catalogue(language: Language) -> gettext.NullTranslations:
        return wide if not languages or language in languages else narrow

    def listed(items: Sequence[str], style: Literal["standard", "or"], locale: str) -> str:
        if catalogue(Language(locale.replace("_", "-"))) is narrow:
            return format_list(items, style, locale)
        fields = [f"{{{number}}}" for number in range(len(items))]
        return widened(format_list(fields, style, "en_US")).format(*items)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.language.saying.catalogue", catalogue)
        patch.setattr("bot.language.saying.format_list", listed)
        yield


def unsaid(text: str, *given: str) -> list[str]:
    """Return the words in a text that were not said while `pseudo` lasted, in their order.

    Parameters
    ----------
    given
        Further words that come from outside.
    """
    text = _FROM_OUTSIDE.sub("", text)
    for word in given:
        text = text.replace(word, "")
    return re.findall(r"[A-Za-z]+", text)


def narrow(text: str) -> str:
    """Return a text with narrow letters again: what it says in English, each sentence still between `⟦` and `⟧`."""
    return text.translate({wide: letter for letter, wide in _WIDE.items()})
