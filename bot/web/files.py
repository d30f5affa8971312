"""The files of the drawing page, as they lie in the folder `page` beside this module, and the pages made of them.

Imports only `bot.language`.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, final

from bot.language import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER: Final = Path(__file__).with_name("page")

#: What the page asks for by name. Written down, because what `mimetypes` says depends on the machine.
_KINDS: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_PLACE: Final = re.compile(r"\{([a-z_]+)\}")


@final
@dataclass(frozen=True, slots=True)
class PageFile:
    """One file, with its media type."""

    text: str
    kind: str


def page_file(name: str) -> PageFile:
    """Return a file of the page.

    Raises
    ------
    KeyError
        There is none of that name.
    """
    return _all()[name]


def page(name: str, texts: Mapping[str, str]) -> str:
    """Return a page in the language that is spoken.

    Parameters
    ----------
    texts
        What stands in its `{places}`, as plain text; `{language}` is known here.

    Raises
    ------
    KeyError
        There is no page of that name, or no text for one of its places.
    """
    filled = {"language": spoken().value, **texts}
    return _PLACE.sub(lambda place: html.escape(filled[place[1]]), page_file(name).text)


@cache
def _all() -> dict[str, PageFile]:
    """Return all files by name. They are few, small, and part of the program: read once."""
    found = [path for path in FOLDER.iterdir() if path.suffix in _KINDS]
    return {path.name: PageFile(path.read_text(encoding="utf-8"), _KINDS[path.suffix]) for path in found}
