"""A page of `/history`: within the limits of a panel, and its marks lead there and back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Status
from cogs.custom_ids import HISTORY_BUTTON, HISTORY_SELECT, LONGEST, find_job_id, history_button, job_button
from cogs.render.history import NOTHING_YET, render_history, suggestion_name
from cogs.render.text import size
from tests.unit.render_builders import JOB_ID, JOBS, PARENT_ID, START, job

if TYPE_CHECKING:
    from bot.model import Job

MARKS = [f"01KA{n:022d}" for n in range(6)]


@given(st.lists(JOBS, max_size=10), st.none() | st.just(MARKS[5]), st.integers(0, 5))
def test_a_page_keeps_within_the_limits_of_a_panel(jobs: list[object], older: str | None, depth: int) -> None:
    page = [job(id=f"01KB{n:022d}", prompt=str(getattr(one, "prompt", ""))) for n, one in enumerate(jobs)]
    panel = render_history(page, older, tuple(MARKS[:depth]))
    assert size(panel.heading) + sum(map(size, panel.entries)) <= 4000
    assert len(panel.entries) + 8 <= 40
    assert len({turn.custom_id for turn in panel.turns}) == len(panel.turns)
    for turn in panel.turns:
        assert len(turn.custom_id) <= LONGEST
        assert HISTORY_BUTTON.fullmatch(turn.custom_id)
    if panel.opener:
        assert HISTORY_SELECT.fullmatch(panel.opener.custom_id)
        assert all(
            1 <= size(option.label) <= 100 and size(option.description) <= 100 for option in panel.opener.options
        )


def test_an_empty_history_says_how_to_begin() -> None:
    panel = render_history([], None)
    assert panel.heading == NOTHING_YET
    assert panel.turns == ()


def test_the_newest_page_has_no_way_to_newer_ones() -> None:
    panel = render_history([job()], MARKS[0])
    assert [turn.label for turn in panel.turns] == ["Older"]


def test_marks_lead_there_and_back() -> None:
    second = render_history([job()], MARKS[1], (MARKS[0],))
    assert [turn.custom_id for turn in second.turns] == [
        "mjh1:newest:",
        "mjh1:newer:",
        f"mjh1:older:{MARKS[0]}.{MARKS[1]}",
    ]


def test_a_long_trail_keeps_its_last_marks() -> None:
    assert history_button("older", tuple(MARKS)) == f"mjh1:older:{MARKS[3]}.{MARKS[4]}.{MARKS[5]}"


def test_an_entry_tells_what_how_when_and_where() -> None:
    entry = render_history([job(status=Status.FAILED)], None).entries[0]
    assert entry.startswith("**a fox in the snow --ar 3:2**\n❌ Imagine · failed · <t:")


@given(JOBS)
def test_a_suggestion_is_short_enough_for_an_option(one: Job) -> None:
    assert 1 <= size(suggestion_name(one, START + timedelta(days=400))) <= 100


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=5, seconds=30), "5 min ago"),
        (timedelta(hours=47), "47 h ago"),
        (timedelta(days=12, hours=5), "12 d ago"),
        (timedelta(seconds=-3), "just now"),
    ],
)
def test_a_suggestion_tells_prompt_kind_and_age(later: timedelta, said: str) -> None:
    assert suggestion_name(job(), START + later) == f"a fox in the snow --ar 3:2 · Imagine · {said}"


def test_a_job_id_is_found_in_whatever_was_pasted() -> None:
    for pasted in (
        JOB_ID,
        JOB_ID.lower(),
        f" `{JOB_ID}` ",
        job_button(JOB_ID, 3),
        f"easel-{JOB_ID.lower()}.png",
        f"https://cdn.discordapp.com/attachments/1/2/easel-{JOB_ID.lower()}.png?ex=1&is=2",
    ):
        assert find_job_id(pasted) == JOB_ID
    assert find_job_id("a fox in the snow") is None
    assert find_job_id(f"{PARENT_ID}0") is None
