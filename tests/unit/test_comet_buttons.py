"""Midjourney's customIds into actions: the families, the fallbacks, the order, and what must be dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from emoji import is_emoji
from hypothesis import given
from hypothesis import strategies as st

from bot.cometapi.buttons import BUTTON_LIMIT, LABEL_LIMIT, gives_suggestions, read_actions
from bot.model import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.model import Action

ID: Final = "3dbbd469-36af-4a0f-8f02-df6c579e7011"

#: customId; then kind, fallback label, quadrant, needs input, once.
FAMILIES: Final = [
    (f"MJ::JOB::upsample::3::{ID}", (Kind.UPSCALE, "U3", 3, False, True)),
    (f"MJ::JOB::upsample_v7_2x_subtle::1::{ID}::SOLO", (Kind.UPSCALE, "Upscale (Subtle)", None, False, True)),
    (f"MJ::JOB::upsample_v6r1_2x_creative::1::{ID}::SOLO", (Kind.UPSCALE, "Upscale (Creative)", None, False, True)),
    (f"MJ::JOB::upsample_v5_2x::1::{ID}::SOLO", (Kind.UPSCALE, "Upscale (2x)", None, False, True)),
    (f"MJ::JOB::upsample_v5_4x::1::{ID}::SOLO", (Kind.UPSCALE, "Upscale (4x)", None, False, True)),
    (f"MJ::JOB::upsample_v9::1::{ID}::SOLO", (Kind.UPSCALE, "Upscale", None, False, True)),
    (f"MJ::JOB::video_virtual_upscale::2::{ID}", (Kind.UPSCALE, "U2", 2, False, True)),
    (f"MJ::JOB::variation::4::{ID}", (Kind.VARIATION, "V4", 4, False, False)),
    (f"MJ::JOB::variation::1::{ID}::SOLO", (Kind.VARIATION, "Make Variations", None, False, False)),
    (f"MJ::JOB::low_variation::1::{ID}::SOLO", (Kind.VARIATION, "Vary (Subtle)", None, False, False)),
    (f"MJ::JOB::high_variation::1::{ID}::SOLO", (Kind.VARIATION, "Vary (Strong)", None, False, False)),
    (f"MJ::Inpaint::1::{ID}::SOLO", (Kind.REGION, "Vary (Region)", None, True, False)),
    (f"MJ::JOB::reroll::0::{ID}::SOLO", (Kind.REROLL, "Reroll", None, False, False)),
    ("MJ::Picread::Retry", (Kind.DESCRIBE, "Describe again", None, False, False)),
    (f"MJ::Outpaint::50::1::{ID}::SOLO", (Kind.ZOOM, "Zoom Out 2x", None, False, False)),
    (f"MJ::Outpaint::75::1::{ID}::SOLO", (Kind.ZOOM, "Zoom Out 1.5x", None, False, False)),
    (f"MJ::Outpaint::100::1::{ID}::SOLO", (Kind.ZOOM, "Make Square", None, False, False)),
    (f"MJ::Outpaint::60::1::{ID}::SOLO", (Kind.ZOOM, "Zoom Out", None, False, False)),
    (f"MJ::CustomZoom::{ID}", (Kind.ZOOM, "Custom Zoom", None, True, False)),
    (f"MJ::CustomZoom::1::{ID}", (Kind.ZOOM, "Custom Zoom", None, True, False)),
    (f"MJ::JOB::pan_left::1::{ID}::SOLO", (Kind.PAN, "Pan left", None, False, False)),
    (f"MJ::JOB::pan_down::1::{ID}::SOLO", (Kind.PAN, "Pan down", None, False, False)),
    (f"MJ::JOB::animate_high::1::{ID}::SOLO", (Kind.ANIMATE, "Animate (High motion)", None, False, False)),
    (f"MJ::JOB::animate_low::1::{ID}::SOLO", (Kind.ANIMATE, "Animate (Low motion)", None, False, False)),
    (f"MJ::JOB::animate_high_extend::1::{ID}", (Kind.ANIMATE, "Extend (High motion)", None, False, False)),
    (f"MJ::JOB::animate_low_extend::4::{ID}", (Kind.ANIMATE, "Extend (Low motion)", None, False, False)),
    (f"MJ::JOB::video::1::{ID}::manual", (Kind.ANIMATE, "Animate (Manual)", None, True, False)),
    (f"MJ::JOB::video::1::{ID}", (Kind.ANIMATE, "Animate", None, False, False)),
    (f"MJ::JOB::video::1::{ID}::high::manual", (Kind.ANIMATE, "Animate (Manual)", None, True, False)),
    ("MJ::Job::PicReader::1", (Kind.IMAGINE, "Imagine 1", 1, True, False)),
    ("MJ::Job::PicReader::all", (Kind.IMAGINE, "Imagine all", None, True, False)),
    ("MJ::Job::PromptAnalyzer::5", (Kind.IMAGINE, "Imagine 5", 5, True, False)),
    ("MJ::JOB::PromptAnalyzer::1", (Kind.IMAGINE, "Imagine 1", 1, True, False)),
    (f"MJ::Job::PromptAnalyzerExtended::{ID}", (Kind.SHORTEN, "Show details", None, False, False)),
    (f"MJ::BOOKMARK::{ID}", (Kind.BOOKMARK, "Favorite", None, False, False)),
    (f"MJ::JOB::future_thing::1::{ID}::SOLO", (Kind.OTHER, "Future thing", None, False, False)),
    (f"MJ::JOB::make_tile::1::{ID}", (Kind.OTHER, "Make tile", None, False, False)),
    ("something-else", (Kind.OTHER, "Something else", None, False, False)),
]


def button(action_id: object, **fields: object) -> dict[str, object]:
    return {"customId": action_id, "emoji": "", "label": "", "style": 2, "type": 2, **fields}


def only(action_id: object, **fields: object) -> Action:
    (action,) = read_actions([button(action_id, **fields)])
    return action


@pytest.mark.parametrize(("action_id", "expected"), FAMILIES)
@pytest.mark.parametrize("spelled", [str, str.lower, str.upper], ids=["as is", "lower", "upper"])
def test_every_family_is_recognized_in_any_case(
    action_id: str, expected: tuple[Kind, str, int | None, bool, bool], spelled: Callable[[str], str]
) -> None:
    action = only(spelled(action_id))
    assert action.action_id == spelled(action_id)
    label = action.label if action.kind is not Kind.OTHER else expected[1]  # a name made of the id keeps its case
    assert (action.kind, label, action.quadrant, action.needs_input, action.once) == expected


#: The API can be told to ask for a prompt before it does these (contract 3.3).
REMIXABLE: Final = {
    f"MJ::JOB::variation::4::{ID}",
    f"MJ::JOB::variation::1::{ID}::SOLO",
    f"MJ::JOB::low_variation::1::{ID}::SOLO",
    f"MJ::JOB::high_variation::1::{ID}::SOLO",
    f"MJ::JOB::reroll::0::{ID}::SOLO",
    f"MJ::JOB::pan_left::1::{ID}::SOLO",
    f"MJ::JOB::pan_down::1::{ID}::SOLO",
    f"MJ::JOB::animate_high::1::{ID}::SOLO",
    f"MJ::JOB::animate_low::1::{ID}::SOLO",
    f"MJ::JOB::video::1::{ID}",
}


def test_what_can_be_remixed_is_known_and_nothing_else() -> None:
    assert {action_id for action_id, _ in FAMILIES if only(action_id).remixable} == REMIXABLE


def test_another_try_at_videos_cannot_be_remixed_and_one_at_pictures_can() -> None:
    reroll = button(f"MJ::JOB::reroll::0::{ID}::SOLO")
    for neighbor, remixable in (("upsample", True), ("video_virtual_upscale", False), ("VIDEO_VIRTUAL_UPSCALE", False)):
        actions = read_actions([button(f"MJ::JOB::{neighbor}::1::{ID}"), reroll])
        assert [action.remixable for action in actions if action.kind is Kind.REROLL] == [remixable]


def test_a_button_invented_later_is_named_after_its_id() -> None:
    assert only(f"MJ::JOB::make_tile::1::{ID}").label == "Make tile"
    assert only("::1::2").label == "More"


def test_an_emoji_alone_is_a_face() -> None:
    action = only(f"MJ::JOB::pan_left::1::{ID}::SOLO", emoji="⬅️")
    assert (action.label, action.emoji) == ("", "⬅️")


@pytest.mark.parametrize("name", ["upscale_1", "", None, 7, "a", "🔄🔄", {"name": "upscale_1", "id": "42"}, ["🔄"]])
def test_what_discord_refuses_as_an_emoji_is_dropped_and_the_family_names_the_button(name: object) -> None:
    action = only(f"MJ::JOB::pan_up::1::{ID}::SOLO", emoji=name)
    assert (action.label, action.emoji) == ("Pan up", "")


def test_an_emoji_is_given_its_full_form() -> None:
    assert only("x", emoji="\N{LEFTWARDS BLACK ARROW}").emoji == "\N{LEFTWARDS BLACK ARROW}\N{VARIATION SELECTOR-16}"
    assert only("x", emoji={"name": "🔄", "id": None}).emoji == "🔄"


@pytest.mark.parametrize("action_id", [None, "", 5, "has blank", "line\nbreak", "\ud800", "x" * 501, ["MJ::BOOKMARK"]])
def test_what_cannot_be_pressed_is_dropped(action_id: object) -> None:
    assert read_actions([button(action_id, label="Web", style=5)]) == ()


def test_one_custom_id_is_drawn_once_with_its_first_face() -> None:
    assert [a.label for a in read_actions([button("same", label="one"), button("same", label="two")])] == ["one"]


@pytest.mark.parametrize(
    ("style", "drawn"), [(1, 1), ("3", 3), (4, 4), (5, 2), (0, 2), (None, 2), ("green", 2), (True, 2), (-1, 2)]
)
def test_a_style_is_one_that_a_button_with_an_id_may_have(style: object, drawn: int) -> None:
    assert only("x", style=style).style == drawn


def test_buttons_are_drawn_by_family_whatever_order_they_came_in() -> None:
    ids = [
        f"MJ::BOOKMARK::{ID}",
        f"MJ::JOB::animate_low::1::{ID}::SOLO",
        f"MJ::JOB::pan_left::1::{ID}::SOLO",
        f"MJ::Outpaint::50::1::{ID}::SOLO",
        f"MJ::Inpaint::1::{ID}::SOLO",
        f"MJ::JOB::upsample_v7_2x_subtle::1::{ID}::SOLO",
        f"MJ::JOB::variation::2::{ID}",
        f"MJ::JOB::variation::1::{ID}",
        f"MJ::JOB::reroll::0::{ID}::SOLO",
        f"MJ::JOB::upsample::2::{ID}",
        f"MJ::JOB::upsample::1::{ID}",
    ]
    actions = read_actions([button(action_id) for action_id in ids])
    assert [action.action_id for action in actions] == ids[::-1]
    assert [action.index for action in actions] == list(range(len(ids)))


def test_under_a_single_picture_another_try_comes_after_what_makes_more_of_it() -> None:
    ids = [f"MJ::JOB::reroll::0::{ID}::SOLO", f"MJ::JOB::pan_left::1::{ID}::SOLO", f"MJ::BOOKMARK::{ID}"]
    kinds = [action.kind for action in read_actions([button(action_id) for action_id in ids])]
    assert kinds == [Kind.PAN, Kind.REROLL, Kind.BOOKMARK]


def test_a_label_is_cut_to_what_discord_takes() -> None:
    assert only("x", label="y" * 200).label == "y" * LABEL_LIMIT


def test_a_flood_of_buttons_is_cut() -> None:
    assert len(read_actions([button(f"x{n}") for n in range(5000)])) == BUTTON_LIMIT


def test_suggestions_are_told_by_the_buttons() -> None:
    assert gives_suggestions(read_actions([button("MJ::Job::PicReader::1")]))
    assert gives_suggestions(read_actions([button("MJ::Job::PromptAnalyzer::1")]))
    assert not gives_suggestions(read_actions([button(f"MJ::JOB::upsample::1::{ID}")]))


def test_suggestions_keep_their_order_and_stand_before_all() -> None:
    ids = [*(f"MJ::Job::PicReader::{n}" for n in (1, 2, 3, 4)), "MJ::Picread::Retry", "MJ::Job::PicReader::all"]
    actions = read_actions([button(action_id) for action_id in reversed(ids)])
    assert [action.action_id for action in actions] == ids
    assert [action.quadrant for action in actions] == [1, 2, 3, 4, None, None]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
some_ids = st.sampled_from([row[0] for row in FAMILIES]) | st.text(max_size=30) | json_values
some_buttons = st.fixed_dictionaries(
    {},
    optional={
        "customId": some_ids,
        "label": st.text(max_size=200) | json_values,
        "emoji": st.sampled_from(["🔄", "upscale_1", "❤"]) | json_values,
        "style": json_values,
        "type": json_values,
    },
)


@given(st.lists(some_buttons | json_values, max_size=12) | json_values)
def test_whatever_the_buttons_are_every_action_can_be_drawn(buttons: object) -> None:
    actions = read_actions(buttons)
    assert [action.index for action in actions] == list(range(len(actions)))
    assert len({action.action_id for action in actions}) == len(actions)
    for action in actions:
        assert action.label or action.emoji
        assert len(action.label) <= LABEL_LIMIT
        assert action.label == action.label.strip()
        assert not action.emoji or is_emoji(action.emoji)
        assert 1 <= action.style <= 4
        action.label.encode("utf-8")
