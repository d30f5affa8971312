from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.prompt import Fate, difference

_MARKS = {Fate.KEPT: "{}", Fate.ADDED: "⟨{}⟩", Fate.REMOVED: "[{}]", Fate.SKIPPED: "…"}


def told(before: str, after: str) -> str:
    """Return a difference in one line: `[removed] ⟨added⟩ kept …`."""
    parts = [(" " if run.is_apart else "") + _MARKS[run.fate].format(run.text) for run in difference(before, after)]
    return "".join(parts).strip()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a red fox", "a blue fox", "a [red] ⟨blue⟩ fox"),
        ("a fox", "a fox in the snow", "a fox ⟨in the snow⟩"),
        ("a fox in the snow", "a fox", "a fox [in the snow]"),
        ("a fox, at night", "a wolf, at night", "a [fox] ⟨wolf⟩, at night"),
        ("", "a fox", "⟨a fox⟩"),
        ("don't stop", "don't start", "don't [stop] ⟨start⟩"),
        ("a well-lit fox", "a well-fed fox", "a [well-lit] ⟨well-fed⟩ fox"),
        ("a fox --ar 3:2 --s 100", "a fox --ar 3:2 --s 250", "a fox --ar 3:2 [--s 100] ⟨--s 250⟩"),
        ("a fox --ar 3:2", "a fox", "a fox [--ar 3:2]"),
        ("a fox --raw", "a fox --raw --tile", "a fox --raw ⟨--tile⟩"),
        ("a fox --no cars, people", "a fox --no cars", "a fox [--no cars, people] ⟨--no cars⟩"),
        ("https://a.com/b.png a fox", "https://a.com/c.png a fox", "[https://a.com/b.png] ⟨https://a.com/c.png⟩ a fox"),
    ],
)
def test_words_that_came_and_went_are_told_apart(before: str, after: str, expected: str) -> None:
    assert told(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("雪の中の赤い狐", "雪の中の青い狐", "雪の中の[赤]⟨青⟩い狐"),
        ("雪中的狐狸", "雪中的白狐狸", "雪中的⟨白⟩狐狸"),
        ("狐 in the snow", "狼 in the snow", "[狐] ⟨狼⟩ in the snow"),
        ("눈 속의 여우", "눈 속의 늑대", "눈 속의 [여우] ⟨늑대⟩"),
        ("หมาจิ้งจอก", "หมา", "หมา[จิ้งจอก]"),
    ],
)
def test_scripts_without_blanks_are_compared_by_the_character(before: str, after: str, expected: str) -> None:
    assert told(before, after) == expected


def test_of_what_both_have_only_what_stands_beside_a_change_is_shown() -> None:
    words = "one two three four five six seven eight nine ten"
    assert told(f"{words} red {words}", f"{words} blue {words}") == "… eight nine ten [red] ⟨blue⟩ one two three …"
    assert told(f"red {words} red", f"blue {words} blue") == (
        "[red] ⟨blue⟩ one two three … eight nine ten [red] ⟨blue⟩"
    )
    assert told("a b c d red", "a b c d blue") == "a b c d [red] ⟨blue⟩"


@pytest.mark.parametrize("text", ["", "a fox", "a  fox\n in the   snow --ar 3:2"])
def test_blanks_alone_are_no_difference(text: str) -> None:
    assert difference(text, " ".join(text.split())) == ()


@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_is_invented_and_all_that_came_or_went_is_there(before: str, after: str) -> None:
    runs = difference(before, after)
    for fates, whole in (({Fate.KEPT, Fate.REMOVED}, before), ({Fate.KEPT, Fate.ADDED}, after)):
        left = "".join(whole.split())
        for run in runs:
            if run.fate in fates:
                _, found, left = left.partition("".join(run.text.split()))
                assert found or not run.text.split()


def test_a_change_at_the_end_of_a_long_prompt_is_found() -> None:
    assert told("狐" * 5000 + "赤", "狐" * 5000 + "青") == "…狐狐狐[赤]⟨青⟩"
    assert told("狐" * 2000, "狼" * 2000) == f"[{'狐' * 2000}] ⟨{'狼' * 2000}⟩"
