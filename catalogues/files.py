"""Reads and writes the catalogues as they lie in the repository: small, in one order, without anything that dates.

Knows Babel, and where `bot.language` looks for its catalogues.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Final, TypeAlias

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot.language import Language
from bot.language.catalogues import path_of

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from catalogues.entries import Entry, Key

#: The languages that have a catalogue.
LANGUAGES: Final = tuple(language for language in Language if language is not Language.ENGLISH)

#: A message's translation: its plural forms, or the one text that it has. Empty texts are not translated yet.
Forms: TypeAlias = tuple[str, ...]
Translations: TypeAlias = "Mapping[Key, Forms]"

#: Babel does not count the longest word before a text, `msgid_plural `: so lines end at 120.
_WIDTH: Final = 107
_HEADER: Final = """\
# Easel in {name}. `make catalogues` keeps it in step with the code; CONTRIBUTING.md says how to translate.
msgid ""
msgstr ""
"Language: {locale}\\n"
"Plural-Forms: {plurals}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def plurals(language: Language) -> int:
    """Return how many plural forms a language has."""
    return _empty(language).num_plurals


def read(language: Language) -> Catalog:
    """Return a catalogue as it lies there."""
    with path_of(language).open("rb") as source:
        return read_po(source, locale=_identifier(language))


def translations(catalog: Catalog) -> dict[Key, Forms]:
    """Return all that a catalogue says, those messages included that are not translated yet."""
    found: dict[Key, Forms] = {}
    for message in catalog:
        one = message.id if isinstance(message.id, str) else message.id[0]
        text = message.string or ""
        if one:  # the header has none
            found[message.context or "", one] = (text,) if isinstance(text, str) else tuple(text)
    return found


def spelled(language: Language, entries: Iterable[Entry], known: Translations) -> str:
    """Return the text of a catalogue with just these messages, and the translations of those that have one."""
    catalog = _empty(language)
    for entry in entries:
        forms = known.get(entry.key, ())
        forms = forms if _fits(entry, forms, catalog.num_plurals) else ("",) * catalog.num_plurals
        message = catalog.add(
            (entry.one, entry.many) if entry.many else entry.one,
            forms if entry.many else forms[0],
            locations=[(file, 0) for file in entry.files],
            context=entry.context or None,
        )
        message.flags.clear()  # those that Babel guesses from a brace or a percent sign
    body = BytesIO()
    write_po(body, catalog, width=_WIDTH, omit_header=True, include_lineno=False)
    locale = _identifier(language)
    name = Locale.parse(locale).english_name
    header = _HEADER.format(name=name, locale=locale, plurals=catalog.plural_forms)
    return header + body.getvalue().decode().rstrip("\n") + "\n"


def write(language: Language, text: str) -> None:
    """Replace a catalogue in one step."""
    path = path_of(language)
    draft = path.with_suffix(".new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


@contextmanager
def alone() -> Generator[None]:
    """Keep others who run this tool from writing a catalogue until this one has: several people translate at once."""
    folder = os.open(path_of(Language.ENGLISH).parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _fits(entry: Entry, forms: Forms, count: int) -> bool:
    """Whether a translation has the forms that the message needs: it may have got plural forms, or lost them."""
    return len(forms) == (count if entry.many else 1)


def _identifier(language: Language) -> str:
    return language.value.replace("-", "_")


def _empty(language: Language) -> Catalog:
    return Catalog(locale=_identifier(language), fuzzy=False)
