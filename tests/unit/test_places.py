"""Where somebody is in their history, as custom_ids carry it: there and back, never too long, nothing forged taken."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ActionUnavailable
from bot.model import HistoryFilter, Kind
from cogs.components.history_forms import MODELS, read_days, read_words
from cogs.custom_ids import FORMER_TURN, HISTORY_BUTTON, LONGEST, history_open
from cogs.places import (
    FILTER_FORM,
    FIRST_DAY,
    LAST_DAY,
    LONGEST_WORDS,
    SEARCH_FORM,
    SHARE_BUTTON,
    TURN_BUTTON,
    Place,
    Turn,
    Wanted,
    place_of,
)
from cogs.render.text import size

PATTERNS = (TURN_BUTTON, FILTER_FORM, SEARCH_FORM, SHARE_BUTTON)
JOB = "01KB0000000000000000000000"

WORDS = st.text(
    st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from(":;.,|/雪狐👩‍🎨"), max_size=LONGEST_WORDS
).filter(lambda words: size(words) <= LONGEST_WORDS)
DAYS = st.none() | st.dates(FIRST_DAY, LAST_DAY)
IDS = st.integers(0, 2**100).map(lambda number: f"01{number:024d}"[:26])
WANTED = st.builds(
    Wanted,
    kind=st.none() | st.sampled_from(Kind),
    model=st.none() | st.sampled_from(MODELS),
    favorites=st.booleans(),
    here=st.booleans(),
    failures=st.booleans(),
    since=DAYS,
    until=DAYS,
    words=WORDS,
)
PLACES = (
    st.builds(Place, wanted=WANTED)
    | st.builds(Place, wanted=WANTED, before=IDS)
    | st.builds(Place, wanted=WANTED, after=IDS)
)


@given(PLACES, st.sampled_from(Turn))
def test_a_place_comes_back_as_it_was_and_to_whom_it_belongs(place: Place, turn: Turn) -> None:
    custom_id = place.custom_id(turn)
    matches = [match for pattern in PATTERNS if (match := pattern.fullmatch(custom_id))]
    assert [match["turn"] for match in matches] == [turn]
    assert place_of(matches[0]) == place
    assert 1 <= size(custom_id) <= LONGEST
    assert not HISTORY_BUTTON.fullmatch(custom_id)


def test_the_longest_place_there_is_fits_into_a_custom_id() -> None:
    wanted = Wanted(
        kind=Kind.EDIT,
        model="v 10.1",
        favorites=True,
        here=True,
        failures=False,
        since=FIRST_DAY,
        until=LAST_DAY,
        words="狐" * LONGEST_WORDS,
    )
    assert size(Place(wanted=wanted, before=JOB).custom_id(Turn.OLDER)) <= LONGEST


@given(st.text(max_size=95))
def test_whatever_was_forged_is_read_or_not_taken_at_all(forged: str) -> None:
    for pattern in PATTERNS:
        match = pattern.fullmatch(f"mjh2:{forged}")
        if match is not None:
            assert place_of(match).custom_id(Turn(match["turn"])) == f"mjh2:{forged}"


@pytest.mark.parametrize(
    "forged",
    [
        "mjh2:o:::\n",
        "mjh2:x:::",
        "mjh2:o:b01KB::",
        "mjh2:o:b8ZZZZZZZZZZZZZZZZZZZZZZZZZ::",
        "mjh2:o:b00000000000000000000000000::",
        f"mjh2:o:{JOB}::",
        "mjh2:o::ky:",
        "mjh2:o::mv:",
        "mjh2:o::mx7:",
        "mjh2:o::hf:",
        "mjh2:o::s99999:",
        "mjh2:o::s1:",
        "mjh2:o:",
        "mjh1:older:nothing",
        "mjh2:open:nothing",
    ],
)
def test_forged_values_are_not_taken(forged: str) -> None:
    assert not any(pattern.fullmatch(forged) for pattern in (*PATTERNS, FORMER_TURN, HISTORY_BUTTON))


def test_every_kind_has_a_letter_of_its_own_and_keeps_it() -> None:
    codes = {kind: Place(wanted=Wanted(kind=kind)).custom_id(Turn.OLDER) for kind in Kind}
    assert "".join(code.removeprefix("mjh2:o::k").removesuffix(":") for code in codes.values()) == "iuvazpmbdserko"


@pytest.mark.parametrize(
    ("custom_id", "place"),
    [
        ("mjh2:n:::", Place(wanted=Wanted())),
        (
            f"mjh2:o:b{JOB}:kimv8.1fhxs16436u20454:red: fox",
            Place(
                wanted=Wanted(
                    kind=Kind.IMAGINE,
                    model="v 8.1",
                    favorites=True,
                    here=True,
                    failures=False,
                    since=date(2015, 1, 1),
                    until=date(2026, 1, 1),
                    words="red: fox",
                ),
                before=JOB,
            ),
        ),
        (f"mjh2:e:a{JOB}:mn6:", Place(wanted=Wanted(model="niji 6"), after=JOB)),
        ("mjh2:a::m0:", Place(wanted=Wanted(model=""))),
    ],
)
def test_what_was_posted_once_stays_readable(custom_id: str, place: Place) -> None:
    match = TURN_BUTTON.fullmatch(custom_id)
    assert match is not None
    assert place_of(match) == place


@pytest.mark.parametrize(
    ("custom_id", "before"),
    [
        ("mjh1:newest:", None),
        (f"mjh1:older:{JOB}", JOB),
        (f"mjh1:newer:01KA0000000000000000000000.01KA0000000000000000000001.{JOB}", JOB),
    ],
)
def test_buttons_of_former_releases_say_where_they_lead(custom_id: str, before: str | None) -> None:
    match = FORMER_TURN.fullmatch(custom_id)
    assert match is not None
    assert match["before"] == before
    assert HISTORY_BUTTON.fullmatch(history_open(JOB))


def test_days_are_whole_ones_by_utc_and_the_server_is_the_one_where_somebody_looks() -> None:
    wanted = Wanted(here=True, since=date(2026, 1, 31), until=date(2026, 1, 31), words="fox")
    assert wanted.filter(400) == HistoryFilter(
        guild_id=400,
        since=datetime(2026, 1, 31, tzinfo=UTC),
        until=datetime(2026, 2, 1, tzinfo=UTC),
        text="fox",
    )
    assert Wanted().filter(400) == HistoryFilter()
    assert Wanted(here=True).filter(None) == HistoryFilter()


def test_days_are_read_or_refused_with_an_example() -> None:
    assert read_days(" 2026-01-31 ", "") == (date(2026, 1, 31), None)
    assert read_days("", "2026-01-31") == (None, date(2026, 1, 31))
    for wrong in ("yesterday", "31.01.2026", "2026-02-30", "20260131", "2026-W05-6", "1999-12-31", "2100-01-01"):
        with pytest.raises(ActionUnavailable, match=f"“{wrong}” is no day that I know.*`2026-01-31`"):
            read_days(wrong, "")
    with pytest.raises(ActionUnavailable, match="comes after the last one"):
        read_days("2026-02-01", "2026-01-31")


@given(st.text())
def test_words_are_made_such_that_a_custom_id_can_carry_them(typed: str) -> None:
    try:
        words = read_words(typed)
    except ActionUnavailable:
        assert size(typed) > LONGEST_WORDS
        return
    assert not {"Cc", "Cs"} & {unicodedata.category(character) for character in words}
    match = TURN_BUTTON.fullmatch(Place(wanted=Wanted(words=words)).custom_id(Turn.OLDER))
    assert match is not None
    assert match["words"] == words


def test_words_lose_nothing_but_blanks_and_are_counted_as_discord_counts_them() -> None:
    assert read_words("  red\n\tfox  می‌خواهم ") == "red fox می‌خواهم"
    assert read_words("🦊" * 20) == "🦊" * 20
    with pytest.raises(ActionUnavailable, match="at most 40 characters"):
        read_words("🦊" * 21)
