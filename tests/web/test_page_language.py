"""The drawing page in the language of the browser that opens its link."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

import pytest
from typing_extensions import override

from bot.language import Language
from bot.web.files import FOLDER, page
from bot.web.links import LIFETIME
from tests.languages import narrow, pseudo
from tests.web.conftest import NAVIGATION

if TYPE_CHECKING:
    from tests.web.conftest import Desk

#: Attributes that a person may read or hear.
_TOLD: Final = frozenset({"aria-label", "title", "alt", "placeholder"})


class Reader(HTMLParser):
    """Collects all that a page says, and the language that it says so in."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.data: dict[str, str] = {}
        self.language = ""

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in _TOLD:
                self.said.append(value or "")
            elif name.startswith("data-"):
                self.data[name] = value or ""
            elif name == "lang":
                self.language = value or ""

    @override
    def handle_data(self, data: str) -> None:
        if data.strip():
            self.said.append(data.strip())


async def read(desk: Desk, url: str, accepted: str = "") -> Reader:
    headers = {**NAVIGATION, "Accept-Language": accepted} if accepted else NAVIGATION
    _, text = await desk.get(url, **headers)
    reader = Reader()
    reader.feed(text)
    return reader


async def test_the_page_says_all_in_the_language_of_the_browser(desk: Desk) -> None:
    with pseudo(Language.JAPANESE):
        reader = await read(desk, desk.link, "ja,en;q=0.5")

    assert reader.language == "ja"
    left_over = [text for text in (*reader.said, *reader.data.values()) if not re.fullmatch("⟦.+⟧( · Easel)?", text)]
    assert left_over == []
    assert {"⟦Draw what to repaint⟧ · Easel", "⟦Brush⟧", "⟦Fetching the picture…⟧"} <= set(map(narrow, reader.said))


async def test_the_page_is_in_english_for_everybody_else(desk: Desk) -> None:
    for accepted in ("", "nl,sv;q=0.5", "en-GB,de;q=0.9"):
        reader = await read(desk, desk.link, accepted)
        assert reader.language == "en-US"
        assert {"Draw what to repaint · Easel", "Brush", "Fetching the picture…"} <= set(reader.said)
        assert not [text for text in (*reader.said, *reader.data.values()) if re.search(r"[{}]", text)]


async def test_the_scripts_find_every_sentence_that_they_say(desk: Desk) -> None:
    reader = await read(desk, desk.link)
    scripts = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.js"))
    asked = {
        "data-" + re.sub("[A-Z]", lambda capital: f"-{capital[0].lower()}", name)
        for name in re.findall(r'wording\("([A-Za-z]+)"\)', scripts)
    }
    assert asked == set(reader.data)
    assert all(reader.data.values())


async def test_refusals_are_in_the_language_of_the_browser(desk: Desk) -> None:
    link = desk.link
    german = {"Accept-Language": "de-DE,de;q=0.9,en;q=0.1"}
    desk.drawings.failures.append(RuntimeError("a bug"))

    with pseudo(Language.GERMAN):
        status, bug = await desk.get(link, **german)
        nowhere = [(await desk.get(f"{desk.server.url}/nothing", **wish))[1] for wish in (german, {})]
        async with desk.http.post(link, data=b"", headers={**german, "Content-Type": "image/jpeg"}) as answer:
            no_png = await answer.text()
        desk.clock.advance(LIFETIME.total_seconds() + 1)
        notice = await read(desk, link, "de")

    assert status == 500
    assert re.fullmatch("⟦Something went wrong on my side.* [0-9a-f]{8}\\.⟧", narrow(bug))
    assert list(map(narrow, nowhere)) == ["⟦There is nothing here.⟧", "There is nothing here."]
    assert narrow(no_png) == "⟦Only a PNG picture can be taken here.⟧"
    assert notice.language == "de"
    assert any(narrow(text).startswith("⟦This link has expired") for text in notice.said)


async def test_one_connection_may_ask_in_several_languages(desk: Desk) -> None:
    with pseudo(Language.GERMAN, Language.JAPANESE):
        said = [
            (await desk.get(f"{desk.server.url}/nothing", **{"Accept-Language": language}))[1]
            for language in ("de", "en", "ja", "en")
        ]
    assert [text.startswith("⟦") for text in said] == [True, False, True, False]


def test_a_page_is_never_sent_with_an_empty_place() -> None:
    assert "&lt;b&gt;" in page("notice.html", {"sentence": "<b>"})
    with pytest.raises(KeyError):
        page("notice.html", {})
