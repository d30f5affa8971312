"""Which language a browser asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import Language
from bot.language.languages import preferred_language


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", Language.ENGLISH),
        ("*", Language.ENGLISH),
        ("de", Language.GERMAN),
        ("de-AT,en;q=0.7", Language.GERMAN),
        ("en-US,en;q=0.9,de;q=0.8", Language.ENGLISH),
        ("fr;q=0.3, ja;q=0.9, en;q=0.5", Language.JAPANESE),
        ("fr;q=0.5, ja;q=0.5", Language.FRENCH),
        ("nl, sv;q=0.9, ko;q=0.1", Language.KOREAN),
        ("nl, *;q=0.5", Language.ENGLISH),
        ("ja;q=0, es-MX;q=0.2", Language.SPANISH),
        ("de;q=0", Language.ENGLISH),
        ("PT-pt", Language.PORTUGUESE),
        ("zh", Language.CHINESE),
        ("zh-SG", Language.CHINESE),
        ("zh-TW", Language.CHINESE_TRADITIONAL),
        ("zh-HK", Language.CHINESE_TRADITIONAL),
        ("zh-Hant-HK", Language.CHINESE_TRADITIONAL),
        ("zh-Hans-TW", Language.CHINESE),
        (" de \t; q=0.25\t,fr ; Q=0.5 ", Language.FRENCH),
        ("de;q=2, fr;q=0.1", Language.FRENCH),
        ("de;q=, fr;q=0.1", Language.FRENCH),
        (",,;,ja", Language.JAPANESE),
        ("deutsch,default", Language.ENGLISH),
    ],
)
def test_the_language_with_the_greatest_weight_counts(accepted: str, language: Language) -> None:
    assert preferred_language(accepted) is language


@pytest.mark.parametrize("language", Language)
def test_every_language_can_be_asked_for_by_its_own_tag(language: Language) -> None:
    assert preferred_language(f"nl,{language.value};q=0.1") is language


@given(st.text(max_size=80) | st.text("dejazh-*;q=0.15, ", max_size=80))
def test_whatever_a_browser_sends_is_a_language(accepted: str) -> None:
    assert preferred_language(accepted) in Language
