"""Aspect ratios as people type them, and the one price table."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import PromptInvalid
from bot.model import Kind, Speed
from bot.prompt import Options, compose, parse_aspect, price, spell_price, suggest_aspects, total


@pytest.mark.parametrize(
    ("typed", "aspect"),
    [
        ("16:9", "16:9"),
        (" 16 : 9 ", "16:9"),
        ("16x9", "16:9"),
        ("16×9", "16:9"),
        ("16/9", "16:9"),
        ("16 9", "16:9"),
        ("16 by 9", "16:9"),
        ("16\u22369", "16:9"),
        ("\uff11\uff16\uff1a\uff19", "16:9"),
        ("1920x1080", "1920:1080"),
        ("1.85:1", "37:20"),
        ("016:09", "16:9"),
    ],
)
def test_a_ratio_is_understood_as_people_write_it(typed: str, aspect: str) -> None:
    assert parse_aspect(typed) == aspect
    assert suggest_aspects(typed)[0] == aspect


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "wide",
        "0:1",
        "1:0",
        "-1:2",
        "1:2:3",
        "16",
        ":",
        "99999:1",
        ".:.",
        "0.001:9999",
        "16:9" + " " * 40 + "or so",
        "@everyone",
    ],
)
def test_what_is_no_ratio_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(PromptInvalid, match="`16:9`"):
        parse_aspect(typed)


def test_common_ratios_are_suggested_for_what_was_typed_so_far() -> None:
    assert suggest_aspects("")[:3] == ["1:1", "16:9", "9:16"]
    assert suggest_aspects("16") == ["16:9"]
    assert suggest_aspects("16x") == ["16:9"]
    assert suggest_aspects("squ") == ["1:1"]
    assert set(suggest_aspects("portrait")) >= {"9:16", "2:3", "4:5"}
    assert suggest_aspects("zzz") == []


@given(st.text(max_size=20))
def test_every_suggestion_can_be_sent(typed: str) -> None:
    suggestions = suggest_aspects(typed)
    assert len(suggestions) <= 25
    assert len(set(suggestions)) == len(suggestions)
    for suggestion in suggestions:
        assert parse_aspect(suggestion) == suggestion
        assert compose("a fox", Options(aspect=suggestion)).text == f"a fox --ar {suggestion}"


@given(st.text(alphabet="0123456789.:x/ ", max_size=12))
def test_a_ratio_is_understood_once_and_for_all(typed: str) -> None:
    try:
        aspect = parse_aspect(typed)
    except PromptInvalid:
        return
    assert parse_aspect(aspect) == aspect
    assert compose(f"a fox --ar {aspect}").parameters["ar"] == aspect


def test_prices_are_those_of_the_contract() -> None:
    assert price(Kind.IMAGINE, Speed.FAST) == Decimal("0.056")
    assert price(Kind.IMAGINE, Speed.TURBO) == Decimal("0.168")
    assert price(Kind.UPSCALE, Speed.FAST) == Decimal("0.06")
    assert price(Kind.REGION, Speed.TURBO) == Decimal("0.080")
    assert price(Kind.ANIMATE, Speed.FAST) == Decimal("0.60")
    assert price(Kind.DESCRIBE, Speed.TURBO) == 0


def test_a_price_that_nobody_lists_is_not_made_up() -> None:
    assert all(price(kind, Speed.RELAX) is None for kind in Kind)
    assert price(Kind.ANIMATE, Speed.TURBO) is None
    assert price(Kind.SHORTEN, Speed.FAST) is None
    assert price(Kind.OTHER, Speed.FAST) is None


def test_several_cost_as_much_as_each_together() -> None:
    assert total(Kind.IMAGINE, Speed.FAST, 8) == Decimal("0.448")
    assert total(Kind.DESCRIBE, Speed.FAST, 3) == 0
    assert total(Kind.IMAGINE, Speed.RELAX, 3) is None


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "free"),
        ("0.056", "about $0.056"),
        ("0.06", "about $0.060"),
        ("0.448", "about $0.45"),
        ("0.112", "about $0.12"),
        ("0.60", "about $0.60"),
        ("6.72", "about $6.72"),
        (None, "not known"),
    ],
)
def test_a_price_is_spelled_so_that_nobody_pays_more(amount: str | None, words: str) -> None:
    assert spell_price(None if amount is None else Decimal(amount)) == words
