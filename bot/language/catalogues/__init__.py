"""The catalogues: one gettext file for each language, `<Discord's locale>.po`, compiled in memory when first used.

The source alone is kept, so nothing has to be built and nothing can be out of date. Babel reads it; the lookup itself
is Python's own gettext. Imports only `bot.language.languages`.
"""

from __future__ import annotations

import gettext
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.language.languages import Language

FOLDER: Final = Path(__file__).parent


def path_of(language: Language) -> Path:
    """Return where the catalogue of a language lies; English has none."""
    return FOLDER / f"{language.value}.po"


@cache
def catalogue(language: Language) -> gettext.NullTranslations:
    """Return the translations into a language; those into English leave everything as it is. Takes some 50 ms once."""
    if language is Language.ENGLISH:
        return gettext.NullTranslations()
    compiled = BytesIO()
    with path_of(language).open("rb") as source:
        write_mo(compiled, read_po(source, locale=language.value.replace("-", "_")))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def load() -> None:
    """Read all catalogues, so that nobody has to wait for theirs later."""
    for language in Language:
        catalogue(language)
