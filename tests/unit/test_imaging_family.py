"""Families drawn: who stands where, how the current one is marked, and that everything stays within bounds."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.imaging.family import LONGEST, Card, draw_family
from bot.imaging.family_layout import LABEL, SIDE, lay_out
from tests.drawings import encoded, extremes, noise, opened, plain

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

    from bot.imaging.family_layout import Box, Plan

CHAIN = {1: None} | {number: number - 1 for number in range(2, 11)}
WIDE = {1: None} | dict.fromkeys(range(2, 18), 1)
TREE = {1: None, 2: 1, 3: 2, 4: 3, 5: 2, 6: 2, 7: 1, 8: 1}


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def inside(inner: Box, outer: Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def labeled(plan: Plan) -> list[Box]:
    """Return each tile with its label."""
    return [(left, top, right, bottom + LABEL * plan.scale) for left, top, right, bottom in plan.tiles.values()]


def is_sound(parents: dict[int, int | None], plan: Plan) -> None:
    assert plan.tiles.keys() == parents.keys()
    assert max(plan.width, plan.height) <= LONGEST
    whole = (0.0, 0.0, plan.width + 1.0, plan.height + 1.0)
    assert all(inside(box, whole) for box in (*labeled(plan), *plan.frames))
    assert not [pair for pair in combinations(labeled(plan), 2) if overlap(*pair)]
    for frame in plan.frames:
        assert all(inside(tile, frame) or not overlap(tile, frame) for tile in labeled(plan))
    assert not [pair for pair in combinations(plan.frames, 2) if overlap(*pair)]


# Where everything stands ---------------------------------------------------------------------------------------------


def test_the_line_that_leads_on_is_straight_and_goes_to_the_right() -> None:
    plan = lay_out(TREE, LONGEST)
    lefts = [plan.tiles[number][0] for number in (1, 2, 3, 4)]
    assert lefts == sorted(set(lefts))
    assert len({plan.tiles[number][1] for number in (1, 2, 3, 4)}) == 1
    assert plan.scale == 1.0


def test_children_at_an_end_stand_together_in_a_frame_and_their_line_leads_to_it() -> None:
    plan = lay_out(TREE, LONGEST)
    held = [{number for number, tile in plan.tiles.items() if inside(tile, frame)} for frame in plan.frames]
    assert sorted(map(sorted, held)) == [[5, 6], [7, 8]]
    ends = {line[-1] for line in plan.lines}
    for left, top, _, bottom in plan.frames:
        assert any(x == left and top < y < bottom for x, y in ends)
    assert len(plan.lines) == 5


def test_a_chain_of_ten_is_folded_and_both_ends_of_the_fold_name_each_other() -> None:
    plan = lay_out(CHAIN, LONGEST)
    rows = {plan.tiles[number][1] for number in range(1, 6)}, {plan.tiles[number][1] for number in range(6, 11)}
    assert [len(row) for row in rows] == [1, 1]
    assert max(rows[0]) < min(rows[1])
    assert sorted(number for _, number in plan.circles) == [5, 6]
    by_number = {number: middle for middle, number in plan.circles}
    assert by_number[6][0] > plan.tiles[5][2], "behind the fifth it says where it goes on"
    assert by_number[5][0] < plan.tiles[6][0], "before the sixth it says where it came from"
    assert plan.scale == 1.0


def test_sixteen_children_stand_four_by_four() -> None:
    plan = lay_out(WIDE, LONGEST)
    boxes = [plan.tiles[number] for number in range(2, 18)]
    assert (len({left for left, *_ in boxes}), len({top for _, top, *_ in boxes})) == (4, 4)
    left, top, right, bottom = plan.frames[0]
    assert (right - left) * plan.scale < LONGEST
    middle = (plan.tiles[1][1] + plan.tiles[1][3]) / 2
    assert middle == pytest.approx((top + bottom) / 2)


def test_several_beginnings_stand_one_below_the_other() -> None:
    plan = lay_out({1: None, 2: 1, 3: None}, LONGEST)
    assert plan.tiles[3][1] > plan.tiles[2][3]
    assert len(plan.lines) == 1


@pytest.mark.parametrize("parents", [CHAIN, WIDE, TREE, {1: None}, {1: None} | dict.fromkeys(range(2, 41), 1)])
def test_known_families_are_sound(parents: dict[int, int | None]) -> None:
    is_sound(parents, lay_out(parents, LONGEST))


@given(st.lists(st.integers(0, 10**6), max_size=39))
def test_every_family_is_sound(choices: list[int]) -> None:
    parents: dict[int, int | None] = {1: None}
    for number, choice in enumerate(choices, start=2):
        parents[number] = choice % (number - 1) + 1
    plan = lay_out(parents, LONGEST)
    is_sound(parents, plan)
    assert SIDE * plan.scale >= 64, "still to be recognized"


# What is drawn -------------------------------------------------------------------------------------------------------


def card(number: int, parent: int | None, thumbnail: Path | None, label: str = "V1", **more: bool) -> Card:
    return Card(number=number, label=label, parent=parent, thumbnail=thumbnail, **more)


def drawn(folder: Path, *cards: Card, most: int = LONGEST) -> Image.Image:
    target = folder / "family.png"
    draw_family(cards, target, most)
    return opened(target)


def part(image: Image.Image, box: Box) -> Image.Image:
    left, top, right, bottom = map(round, box)
    return image.crop((left, top, right, bottom))


def grow(box: Box, by: float) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


@pytest.fixture
def red(tmp_path: Path) -> Path:
    path = tmp_path / "red.jpg"
    path.write_bytes(plain((320, 320), "red", "JPEG"))
    return path


def test_thumbnails_stand_in_their_places_with_a_label_below(tmp_path: Path, red: Path) -> None:
    image = drawn(tmp_path, card(1, None, red, "Imagine"), card(2, 1, red), card(3, 2, red))
    plan = lay_out({1: None, 2: 1, 3: 2}, LONGEST)
    assert (image.format, image.size) == ("PNG", (plan.width, plan.height))
    for box in plan.tiles.values():
        bands = part(image, grow(box, -20)).split()
        assert [band.histogram()[-20:] != [0] * 20 for band in bands] == [True, False, False]
        below = (box[0], box[3] + 10, box[2], box[3] + LABEL)
        assert extremes(part(image, below)) > (20, 200), "letters"
    between = (
        plan.tiles[1][2] + 4,
        plan.tiles[1][1] + SIDE / 2 - 2,
        plan.tiles[2][0] - 4,
        plan.tiles[1][1] + SIDE / 2 + 2,
    )
    assert extremes(part(image, between))[0] > 100, "a line without a gap"


def test_the_current_one_has_a_thick_frame_and_an_arrowhead_and_no_other_has(tmp_path: Path, red: Path) -> None:
    image = drawn(tmp_path, card(1, None, red), card(2, 1, red, is_current=True))
    plan = lay_out({1: None, 2: 1}, LONGEST)
    for number, is_marked in ((1, False), (2, True)):
        left, top, right, _ = plan.tiles[number]
        above = extremes(part(image, (left + 30, top - 8, right - 30, top - 3)))
        assert (above[0] > 240) is is_marked
        corner = part(image, (left + 8, top + 8, left + 46, top + 46))
        assert (extremes(corner)[0] < 40 and extremes(corner)[1] > 240) is is_marked
        blue = corner.getchannel("B")
        white = [sum(blue.crop((x, 0, x + 1, blue.height)).histogram()[200:]) for x in (0, 8, 30, 37)]
        if is_marked:
            assert white[1] < white[2] < white[3] + 1, "it is high at its left and ends in a point at its right"


def test_what_was_deleted_is_a_crossed_place_with_nothing_but_its_number(tmp_path: Path, red: Path) -> None:
    gap = drawn(tmp_path, card(1, None, None, "Secret", is_gap=True), card(2, 1, red))
    other = drawn(tmp_path, card(1, None, None, "Another", is_gap=True), card(2, 1, red))
    assert gap.tobytes() == other.tobytes()
    box = lay_out({1: None, 2: 1}, LONGEST).tiles[1]
    assert extremes(part(gap, grow(box, -60)))[1] > 100, "a cross"
    named = drawn(tmp_path, card(1, None, None, "Secret"), card(2, 1, red))
    assert named.tobytes() != gap.tobytes()


@pytest.mark.parametrize(
    "label", ["", "🔄", "重新生成", "A label so long that it would never fit below its picture at all"]
)
def test_any_label_is_drawn_within_its_place(tmp_path: Path, red: Path, label: str) -> None:
    image = drawn(tmp_path, card(1, None, red, label), card(2, 1, red, label))
    plan = lay_out({1: None, 2: 1}, LONGEST)
    left = plan.tiles[1][2] + 2
    beside = (left, plan.tiles[1][3] + 14, plan.tiles[2][0] - 2, plan.height)
    assert extremes(part(image, beside))[1] < 60


def test_a_thumbnail_that_cannot_be_read_leaves_its_place_empty(tmp_path: Path, red: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xffbroken")
    image = drawn(tmp_path, card(1, None, broken), card(2, 1, red))
    assert extremes(part(image, grow(lay_out({1: None, 2: 1}, LONGEST).tiles[1], -60)))[1] < 60


def test_forty_pictures_of_noise_stay_within_bounds(tmp_path: Path) -> None:
    path = tmp_path / "noise.jpg"
    path.write_bytes(encoded(noise((160, 100)), "JPEG"))
    cards = [card(1, None, path), *(card(number, 1, path) for number in range(2, 41))]
    assert max(drawn(tmp_path, *cards, most=1000).size) <= 1000
