"""Rules for our pages, the chat (`sandbox/web`) and the drawing page, that no linter of ours checks: small rooms, texts
stay texts, no stranger.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tests.meta.repository import ROOT, files, name

if TYPE_CHECKING:
    from pathlib import Path

CHAT: Final = ROOT / "sandbox" / "web"
DRAWING: Final = ROOT / "bot" / "web" / "page"
LINES: Final = 400
_ADDRESS: Final = re.compile(r"(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}", re.IGNORECASE)
_NAMESPACE: Final = "http://www.w3.org/"
_MARKUP: Final = (
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "DOMParser",
    "eval(",
    "new Function",
)


def page_files(*suffixes: str) -> list[Path]:
    return [path for folder in (CHAT, DRAWING) for path in files(folder) if path.suffix in suffixes]


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_the_rules_have_something_to_look_at() -> None:
    assert len(page_files(".js")) > 10
    assert len(page_files(".css")) > 3
    assert {CHAT / "index.html", DRAWING / "drawing.html"} <= set(page_files(".html"))


def test_no_file_is_longer_than_its_limit() -> None:
    sizes = {name(path): len(text_of(path).splitlines()) for path in page_files(".js", ".css", ".html")}
    assert {path: lines for path, lines in sizes.items() if lines > LINES} == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [name(path) for path in page_files(".js", ".css") if not text_of(path).startswith(("/**", "/* "))]
    assert silent == []


def test_no_text_becomes_markup() -> None:
    found = [(name(path), word) for path in page_files(".js") for word in _MARKUP if word in text_of(path)]
    assert found == []


def test_the_page_asks_nobody_else() -> None:
    found = [
        (name(path), address)
        for path in page_files(".js", ".css", ".html", ".svg")
        for address in _ADDRESS.findall(text_of(path).replace(_NAMESPACE, ""))
    ]
    assert found == []


def test_markup_carries_neither_script_nor_style() -> None:
    for page in page_files(".html"):
        assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon[a-z]+=", text_of(page)) == [], name(page)


def test_every_import_of_the_page_leads_to_a_file() -> None:
    lost = [
        f"{name(path)}: {target}"
        for path in page_files(".js")
        for target in re.findall(r"""(?:from|import) ["'](\.[^"']+)["']""", text_of(path))
        if not (path.parent / target).is_file()
    ]
    assert lost == []
