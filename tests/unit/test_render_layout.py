"""The buttons under a job: nothing lost, never more than Discord takes, Midjourney's own first."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Kind, Order, Route, Status, is_grid
from cogs.custom_ids import JOB_BUTTON, JOB_SELECT, Verb, job_button
from cogs.render.controls import Button, Offer, Offers, Rendered, Select, details_button
from cogs.render.layout import lay_out
from cogs.render.offers import offers_for
from cogs.render.result import Result, render_result
from cogs.render.suggested import numbered
from cogs.render.text import escape, size
from tests.unit.render_builders import ACTIONS, JOB_ID, JOBS, action, grid, job
from tests.unit.render_limits import check_limits, custom_ids, labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Action, Job
    from cogs.render.controls import Row

DESCRIBED = "1️⃣ a red fox --ar 5:4\n\n2️⃣ an orange dog\n\n3️⃣ a small wolf\n\n4️⃣ rust and snow"
OFFERS = st.builds(
    Offers,
    buttons=st.integers(0, 10).map(lambda count: tuple(Offer(slot=f"try{n}", label=f"T{n}") for n in range(count))),
    lines=st.integers(0, 16).map(lambda count: tuple(Offer(slot=f"r{900 + n}", label=f"L{n}") for n in range(count))),
)


def slots(rows: Sequence[Row]) -> list[str]:
    """Return what can be pressed or chosen, in reading order."""
    found: list[str] = []
    for row in rows:
        if isinstance(row, Select):
            assert JOB_SELECT.fullmatch(row.custom_id)
            found += [option.value for option in row.options]
        else:
            found += [button.custom_id.rpartition(":")[2] for button in row if not button.disabled]
    return found


def names(rows: Sequence[Row]) -> list[str]:
    """Return the lines of the selects."""
    return [option.label for row in rows if isinstance(row, Select) for option in row.options]


def result(one: Job, actions: Sequence[Action] = ()) -> Rendered:
    return render_result(Result(job=replace(one, status=Status.SUCCEEDED), actions=actions, attached=True))


@given(ACTIONS, OFFERS, st.integers(1, 4), st.booleans())
def test_any_number_of_actions_keeps_within_the_limits(
    actions: list[Action],
    offers: Offers,
    own: int,
    emojis: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    buttons = [Button(custom_id=job_button(JOB_ID, verb), label=verb) for verb in list(Verb)[:own]]
    rows = lay_out(JOB_ID, actions, buttons, offers, emojis=emojis)
    check_limits(Rendered(content="x", rows=rows))
    assert [verb for verb in slots(rows) if verb in list(Verb)[:own]] == list(Verb)[:own]


@given(ACTIONS)
def test_no_action_is_ever_lost(actions: list[Action]) -> None:
    rows = lay_out(JOB_ID, actions, [details_button(JOB_ID)], Offers(lines=(Offer(slot="like", label="Favorite"),)))
    pressable = [str(one.index) for one in actions if not one.is_dead]
    assert [slot for slot in slots(rows) if slot.isdigit()] == pressable
    assert "details" in slots(rows)


@given(ACTIONS)
def test_dead_actions_are_drawn_where_there_is_room_and_never_pressable(actions: list[Action]) -> None:
    rows = lay_out(JOB_ID, actions, [details_button(JOB_ID)])
    dead = {str(one.index) for one in actions if one.is_dead}
    assert not dead & set(slots(rows))
    if len(actions) < 25:
        buttons = [button for row in rows if not isinstance(row, Select) for button in row]
        assert {button.custom_id.rpartition(":")[2] for button in buttons if button.disabled} == dead


@given(JOBS, ACTIONS)
def test_every_slot_of_a_result_is_one_that_is_understood(one: Job, actions: list[Action]) -> None:
    rendered = result(one, actions)
    assert all(JOB_BUTTON.fullmatch(job_button(JOB_ID, slot)) for slot in slots(rendered.rows))
    assert job_button(JOB_ID, Verb.DETAILS) in custom_ids(rendered)


@given(ACTIONS)
def test_without_emojis_every_face_is_made_of_letters(actions: list[Action]) -> None:
    for row in lay_out(JOB_ID, actions, [details_button(JOB_ID)], emojis=False):
        items = row.options if isinstance(row, Select) else row
        assert all(item.label and not item.emoji for item in items)


def test_a_grid_looks_as_in_midjourney_and_the_rest_is_behind_more() -> None:
    rows = result(job(), grid()).rows
    assert labels(rows) == [["U1", "U2", "U3", "U4", "🔄"], ["V1", "V2", "V3", "V4", "Details"], ["More …"]]
    assert names(rows) == [
        "All four",
        *["Remix V1", "Remix V2", "Remix V3", "Remix V4"],
        *["Family", "Favorite", "Re-run", "Edit & re-run", "Send to me", "Delete"],
    ]
    assert slots(rows)[10:] == ["quarters", "r5", "r6", "r7", "r8", "family", "like", "rerun", "edit", "dm", "delete"]


def test_the_buttons_of_a_single_picture_keep_their_families_together() -> None:
    names_ = [
        *[("Upscale (Subtle)", Kind.UPSCALE), ("Upscale (Creative)", Kind.UPSCALE)],
        *[("Vary (Subtle)", Kind.VARIATION), ("Vary (Strong)", Kind.VARIATION), ("Vary (Region)", Kind.REGION)],
        *[("Zoom Out 2x", Kind.ZOOM), ("Zoom Out 1.5x", Kind.ZOOM), ("Custom Zoom", Kind.ZOOM)],
        *[(arrow, Kind.PAN) for arrow in ("⬅️", "➡️", "⬆️", "⬇️")],
        *[("Animate (High motion)", Kind.ANIMATE), ("Animate (Low motion)", Kind.ANIMATE), ("❤️", Kind.BOOKMARK)],
    ]
    actions = [
        action(
            n,
            "" if name[0] in "⬅➡⬆⬇❤" else name,
            name if name[0] in "⬅➡⬆⬇❤" else "",
            kind,
            remixable=kind in {Kind.VARIATION, Kind.PAN, Kind.ANIMATE},
        )
        for n, (name, kind) in enumerate(names_)
    ]
    rows = result(job(kind=Kind.UPSCALE), actions).rows
    assert labels(rows) == [
        ["Upscale (Subtle)", "Upscale (Creative)", "Vary (Subtle)", "Vary (Strong)", "Vary (Region)"],
        ["Zoom Out 2x", "Zoom Out 1.5x", "Custom Zoom"],
        ["⬅️", "➡️", "⬆️", "⬇️"],
        ["Animate (High motion)", "Animate (Low motion)", "❤️", "Details"],
        ["More …"],
    ]
    assert names(rows)[:4] == ["Remix (Subtle)", "Remix (Strong)", "Family", "Re-run"]  # ❤️ is a button already


def test_what_has_no_room_goes_into_a_select_before_what_is_ours() -> None:
    ours = Offers(lines=(Offer(slot="like", label="Favorite"), Offer(slot="dm", label="Send to me")))
    rows = lay_out(JOB_ID, [action(n, f"Button {n}") for n in range(30)], [details_button(JOB_ID)], ours)
    assert [1 if isinstance(row, Select) else len(row) for row in rows] == [5, 5, 5, 5, 1]
    assert slots(rows)[20:] == [*(str(n) for n in range(19, 30)), "like", "dm"]


def test_where_one_select_does_not_do_midjourneys_buttons_have_one_of_their_own() -> None:
    ours = Offers(lines=tuple(Offer(slot=f"try{n}", label=f"Line {n}") for n in range(8)))
    rows = lay_out(JOB_ID, [action(n, f"Button {n}") for n in range(38)], [details_button(JOB_ID)], ours)
    assert labels(rows)[3:] == [["More buttons …"], ["More …"]]
    selects = [row for row in rows if isinstance(row, Select)]
    assert [len(select.options) for select in selects] == [24, 8]


def test_an_arrow_becomes_words_where_emojis_are_refused() -> None:
    actions = [
        action(0, emoji="⬅️", kind=Kind.PAN),
        action(1, emoji="🔄", kind=Kind.REROLL),
        action(2, emoji="2️⃣", kind=Kind.IMAGINE, quadrant=2, needs_input=True),
        action(3, emoji="🎉", kind=Kind.IMAGINE, needs_input=True),
    ]
    rows = lay_out(JOB_ID, actions, [], emojis=False)
    assert labels(rows) == [["Pan left", "Again", "Imagine 2", "Imagine all"]]


def test_a_description_lists_its_suggestions_with_a_button_for_each() -> None:
    one = job(
        kind=Kind.DESCRIBE, prompt="", result_text=DESCRIBED, order=Order(route=Route.DESCRIBE, images=("a.png",))
    )
    rendered = result(one)
    assert rendered.content.splitlines()[2:] == [
        "1️⃣ a red fox --ar 5:4",
        "2️⃣ an orange dog",
        "3️⃣ a small wolf",
        "4️⃣ rust and snow",
    ]
    assert labels(rendered.rows) == [
        ["Imagine 1", "Imagine 2", "Imagine 3", "Imagine 4", "Imagine all"],
        ["Details"],
        ["More …"],
    ]
    assert slots(rendered.rows)[:5] == ["try1", "try2", "try3", "try4", "tryall"]
    assert names(rendered.rows) == ["Favorite", "Re-run", "Send to me", "Delete"]


def test_midjourneys_own_buttons_of_a_description_come_first_and_are_not_doubled() -> None:
    one = job(kind=Kind.DESCRIBE, prompt="", result_text=DESCRIBED)
    theirs = [action(n, emoji=f"{n + 1}️⃣", kind=Kind.IMAGINE, quadrant=n + 1, needs_input=True) for n in range(4)]
    every = action(5, emoji="🎉", kind=Kind.IMAGINE, needs_input=True)
    assert slots(result(one, [*theirs, every]).rows)[:6] == ["0", "1", "2", "3", "5", "details"]
    some = [theirs[0], replace(theirs[1], is_dead=True)]
    assert slots(result(one, some).rows)[:6] == ["0", "try2", "try3", "try4", "tryall", "details"]


def test_a_single_suggestion_needs_no_button_for_all() -> None:
    one = job(kind=Kind.SHORTEN, result_text="1️⃣ a red fox")
    assert slots(result(one).rows)[:2] == ["try1", "details"]
    assert "Edit & re-run" in names(result(one).rows)


def test_markup_in_a_suggestion_is_harmless() -> None:
    one = job(kind=Kind.DESCRIBE, result_text="1️⃣ **@everyone** https://e.vil/x")
    assert r"1️⃣ \*\*\@everyone\*\* e.vil/x" in result(one).content


@given(st.lists(st.text(min_size=1, max_size=900), min_size=1, max_size=9), st.integers(300, 1500))
def test_a_list_of_suggestions_has_all_of_them_and_fits(texts: list[str], room: int) -> None:
    lines = numbered(texts, room).split("\n")
    assert size("\n".join(lines)) <= room
    assert [line.partition(" ")[0] for line in lines] == [f"{n}\ufe0f\u20e3" for n in range(1, len(texts) + 1)]


def test_short_suggestions_leave_their_room_to_long_ones() -> None:
    lines = numbered(["x" * 900, "short", "y" * 100], 600).split("\n")
    assert lines[1:] == ["2️⃣ short", "3️⃣ " + "y" * 100]
    assert len(lines[0]) > 450
    assert re.fullmatch("1️⃣ x+…", lines[0])
    assert numbered(["x" * 40], 600) == "1️⃣ " + escape("x" * 40, 99)


@pytest.mark.parametrize(
    ("one", "offered"),
    [
        (job(prompt="", order=Order(route=Route.BLEND, images=("a", "b")), kind=Kind.BLEND), {"rerun"}),
        (job(prompt="", order=Order(route=Route.ACTION)), set[str]()),
        (job(), {"rerun", "edit"}),
    ],
)
def test_only_what_has_words_or_pictures_can_be_made_again(one: Job, offered: set[str]) -> None:
    lines = {offer.slot for offer in offers_for(replace(one, status=Status.SUCCEEDED), ()).lines}
    assert lines & {"rerun", "edit"} == offered


def test_a_batch_of_videos_is_no_grid() -> None:
    assert is_grid(job(media_type="image/png"), grid())
    assert not is_grid(job(kind=Kind.ANIMATE), grid())
    assert not is_grid(job(media_type="video/mp4"), grid())
    assert not is_grid(job(), [*grid()[:3], *grid()[5:8]])


def test_a_dead_variation_is_not_offered_for_a_remix() -> None:
    actions = [replace(one, is_dead=one.index == 6) for one in grid()]
    assert names(result(job(), actions).rows)[:4] == ["All four", "Remix V1", "Remix V3", "Remix V4"]
