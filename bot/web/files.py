"""The files of the drawing page, as they lie in the folder `page` beside this module. Imports nothing of Easel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, final

FOLDER: Final = Path(__file__).with_name("page")

#: What the page asks for by name. Written down, because what `mimetypes` says depends on the machine.
_KINDS: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


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


@cache
def _all() -> dict[str, PageFile]:
    """Return all files by name. They are few, small, and part of the program: read once."""
    found = [path for path in FOLDER.iterdir() if path.suffix in _KINDS]
    return {path.name: PageFile(path.read_text(encoding="utf-8"), _KINDS[path.suffix]) for path in found}
