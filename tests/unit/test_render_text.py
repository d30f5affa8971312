"""Foreign text, made harmless: whatever people and the API write, nothing of it works as markup, link or mention."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.render.text import bold, cut, defang, escape, is_web_address, message_link, size, spell, tidy

NASTY = st.text() | st.lists(
    st.sampled_from(
        [
            *(
                "@everyone",
                "<@1>",
                "<#1>",
                "<t:0:R>",
                "**",
                "`",
                "||",
                "[a](",
                "https://",
                "http://e.vil",
                "://",
                "\\",
                "\n",
            ),
            *("\u202e", "\u200b", "\u00ad", "\ud800", "\U0001f468\u200d\U0001f469", "é", "e\u0301" * 3, "👍🏽", "🇩🇪"),
            *("discord.gg/abc", "ht", "tp", "s", "/", ":", "x" * 50),
        ]
    )
).map("".join)


@given(NASTY, st.integers(min_value=1, max_value=200))
def test_escaped_text_keeps_to_its_limit_and_to_one_line(text: str, limit: int) -> None:
    escaped = escape(text, limit)
    assert size(escaped) <= limit
    assert len(escaped.splitlines()) <= 1


@given(NASTY)
def test_escaped_text_holds_nothing_that_works_as_markup(text: str) -> None:
    escaped = escape(text, 1000)
    assert re.search(r"(?<!\\)(?:\\\\)*[*_~`|<>\[\]@]", escaped) is None
    assert "://" not in escaped
    assert re.search(r"discord\.gg/", escaped, re.IGNORECASE) is None


@given(NASTY)
def test_no_control_or_direction_character_survives(text: str) -> None:
    categories = {unicodedata.category(character) for character in tidy(text) if character != "\u200d"}
    assert not categories & {"Cc", "Cf", "Cs"}


@given(st.text())
def test_text_that_fits_is_only_tidied(text: str) -> None:
    assert cut(text, 10_000) == tidy(text)


def test_a_cut_never_leaves_half_an_escape() -> None:
    assert escape("*" * 10, 6) == r"\*\*…"
    assert escape("*" * 10, 5) == r"\*\*…"


@pytest.mark.parametrize("whole", ["👨‍👩‍👧", "👍🏽", "🇩🇪", "é"])
def test_a_cut_never_tears_what_looks_like_one_character(whole: str) -> None:
    for limit in range(1, 40):
        kept = cut(whole * 10, limit).removesuffix("…")
        assert kept == whole * (len(kept) // len(whole))


def test_emoji_keep_their_joiners_and_words_lose_them() -> None:
    assert tidy("👩\u200d🚀 and a\u200db") == "👩\u200d🚀 and ab"


def test_links_stay_readable_but_cannot_be_clicked() -> None:
    assert defang("see https://cdn.example/fox.png please") == "see cdn.example/fox.png please"
    assert defang("ftp://example/x") == "ftp: //example/x"
    assert "http://" not in defang("http:https:////e.vil")


def test_empty_text_is_not_four_asterisks() -> None:
    assert bold("\u200b \n", 100) == ""
    assert bold("a*b", 100) == r"**a\*b**"


def test_astral_characters_count_twice() -> None:
    assert size("🦊") == 2
    assert size(cut("🦊" * 50, 11)) <= 11


@pytest.mark.parametrize(
    ("seconds", "spelled"),
    [(-3, "0 s"), (0.4, "0 s"), (42, "42 s"), (60, "1 min 0 s"), (185, "3 min 5 s"), (4800, "1 h 20 min")],
)
def test_durations_read_as_people_say_them(seconds: float, spelled: str) -> None:
    assert spell(timedelta(seconds=seconds)) == spelled


def test_message_links_know_direct_messages() -> None:
    assert message_link(1, 2, 3) == "https://discord.com/channels/1/2/3"
    assert message_link(None, 2, 3) == "https://discord.com/channels/@me/2/3"


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://cdn.example/a.png?x=1", True),
        ("http://127.0.0.1:8000/mj/image/1", True),
        ("javascript:alert(1)", False),
        ("https://e.vil/a b", False),
        ("https://e.vil/a)b", False),
        ("https://" + "a" * 100, False),
        (None, False),
    ],
)
def test_only_plain_web_addresses_become_links(address: str | None, good: bool) -> None:  # noqa: FBT001 - a table's column
    assert is_web_address(address, 60) is good
