"""Catalogues for tests: a folder of their own, in which only a few messages are translated."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from bot.language import catalogues as kept
from catalogues.files import LANGUAGES, spelled

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from bot.language import Language
    from catalogues.entries import Entry


@contextmanager
def translated(folder: Path, wording: Mapping[Language, Mapping[Entry, str | tuple[str, ...]]]) -> Generator[None]:
    """Let Easel read its catalogues from an empty folder, for a while, with these translations and no others."""
    for language in LANGUAGES:
        said = {entry: (text,) if isinstance(text, str) else text for entry, text in wording.get(language, {}).items()}
        known = {entry.key: forms for entry, forms in said.items()}
        (folder / f"{language.value}.po").write_text(spelled(language, list(said), known), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "FOLDER", folder)
        kept.catalogue.cache_clear()
        yield
    kept.catalogue.cache_clear()
