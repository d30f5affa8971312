"""Alt texts: for every kind of job, what it is and came from, which of several, and its prompt; nothing false."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from bot.model import Kind, Order
from cogs.render.origin import ANIMATE, EXTEND, alt_text
from cogs.render.text import size
from tests.unit.render_builders import PARENT_ID, job

if TYPE_CHECKING:
    from bot.model import Job

FOX: Final = "a *fox*"
VIDEO: Final = "video/mp4"

#: Of a kind without a parent: what it is.
BEGUN: Final = {
    Kind.IMAGINE: "Imagine",
    Kind.BLEND: "Blend",
    Kind.EDIT: "Edit of a picture",
    Kind.ANIMATE: "Video of a picture",
    Kind.SHORTEN: "Shorten",
}
#: Of a kind, and the label of the button that made it: what it is and came from.
PRESSED: Final = {
    (Kind.UPSCALE, "Upscale (Subtle)"): "Upscale (Subtle) of an earlier picture",
    (Kind.VARIATION, "Vary (Strong)"): "Vary (Strong) of an earlier picture",
    (Kind.REROLL, "\U0001f504"): "Another try of an earlier picture",
    (Kind.ZOOM, "Zoom Out 2x"): "Zoom Out 2x of an earlier picture",
    (Kind.PAN, "\u2b05\ufe0f"): "Pan left of an earlier picture",
    (Kind.REGION, "Vary (Region)"): "Vary (Region) of an earlier picture",
    (Kind.EDIT, "Edit"): "Edit of an earlier picture",
    (Kind.BLEND, "Blend"): "Blend of an earlier picture",
    (Kind.ANIMATE, "Animate (High motion)"): "Animate (High motion) of an earlier picture",
    (Kind.SHORTEN, "Show details"): "Show details of an earlier prompt",
    (Kind.BOOKMARK, "\u2764\ufe0f"): "Favorite of an earlier picture",
    (Kind.OTHER, "Sharpen"): "Sharpen of an earlier picture",
    (Kind.IMAGINE, "Imagine all"): "Imagine",
}
#: Of a kind and a number: what it is, and which of its parent's.
NUMBERED: Final = {
    (Kind.UPSCALE, 3, "U3"): "Upscale of picture 3 of an earlier grid",
    (Kind.VARIATION, 4, "V4"): "Four variations of picture 4 of an earlier grid",
    (Kind.IMAGINE, 2, "2\ufe0f\u20e3"): "Imagine, suggestion 2",
}
#: What began at another job without a button of Midjourney's.
BEGAN_AT: Final = {
    (Kind.IMAGINE, "Run again"): "Run again, from an earlier picture",
    (Kind.IMAGINE, "Edited"): "Edited, from an earlier picture",
    (Kind.IMAGINE, "Suggestion 3"): "Imagine, suggestion 3",
    (Kind.ANIMATE, ANIMATE): "Animate, from an earlier picture",
    (Kind.ANIMATE, EXTEND): "Extend, from an earlier video",
    (Kind.ANIMATE, "Run again"): "Run again, from an earlier video",
}


def made(kind: Kind, **changes: Any) -> Job:  # noqa: ANN401 - any field
    return job(kind=kind, final_prompt=FOX, **changes)


def pressed(kind: Kind, label: str, number: int | None = None, **changes: Any) -> Job:  # noqa: ANN401 - any field
    return made(kind, parent_id=PARENT_ID, action_index=0, action_label=label, quadrant=number, **changes)


def test_every_kind_is_in_one_of_the_tables() -> None:
    kinds = {*BEGUN, *(kind for kind, *_ in itertools.chain(PRESSED, NUMBERED, BEGAN_AT))}
    assert kinds | {Kind.DESCRIBE} == set(Kind)


@pytest.mark.parametrize(("kind", "said"), BEGUN.items(), ids=str)
def test_what_came_from_nothing_says_what_it_is(kind: Kind, said: str) -> None:
    assert alt_text(made(kind)) == f"{said}: {FOX}"
    assert alt_text(job(kind=kind, prompt="")) == said


@pytest.mark.parametrize(("kind", "label", "said"), [(*key, said) for key, said in PRESSED.items()], ids=str)
def test_what_came_from_a_button_says_what_was_done_to_what(kind: Kind, label: str, said: str) -> None:
    assert alt_text(pressed(kind, label)) == f"{said}: {FOX}"
    assert alt_text(job(kind=kind, prompt="", parent_id=PARENT_ID, action_index=0, action_label=label)) == said


@pytest.mark.parametrize(("kind", "number", "label", "said"), [(*key, said) for key, said in NUMBERED.items()], ids=str)
def test_a_number_is_that_of_the_parents_picture_and_never_the_place_of_a_new_grid(
    kind: Kind, number: int, label: str, said: str
) -> None:
    one = pressed(kind, label, number)
    assert alt_text(one) == f"{said}: {FOX}"
    assert alt_text(one, 1) == f"{said}, picture 1 of the grid: {FOX}"
    for other in set(Kind) - {Kind.DESCRIBE, *(kind for kind, *_ in NUMBERED)}:
        assert str(number) not in alt_text(pressed(other, "", number)), other


@pytest.mark.parametrize(("kind", "label", "said"), [(*key, said) for key, said in BEGAN_AT.items()], ids=str)
def test_what_began_at_another_job_says_so(kind: Kind, label: str, said: str) -> None:
    assert alt_text(made(kind, parent_id=PARENT_ID, action_label=label)) == f"{said}: {FOX}"


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (pressed(Kind.UPSCALE, "U2", 2, media_type=VIDEO), "Upscale of video 2 of earlier videos"),
        (pressed(Kind.UPSCALE, "Upscale", media_type=VIDEO), "Upscale of an earlier video"),
        (pressed(Kind.REROLL, "Reroll", media_type=VIDEO), "Another try of an earlier video"),
        (pressed(Kind.ANIMATE, "Extend (Low motion)", media_type=VIDEO), "Extend (Low motion) of an earlier video"),
        (pressed(Kind.ANIMATE, "Animate", media_type=VIDEO), "Animate of an earlier picture"),
    ],
)
def test_videos_are_no_pictures(one: Job, said: str) -> None:
    assert alt_text(one) == f"{said}: {FOX}"
    assert alt_text(one, 2) == f"{said}, video 2 of the batch: {FOX}"


def test_pictures_that_were_handed_in_are_counted() -> None:
    assert alt_text(job(kind=Kind.BLEND, prompt="", order=Order(images=("a.png",) * 3))) == "Blend of 3 pictures"
    assert alt_text(made(Kind.IMAGINE, order=Order(images=("a.png",) * 2)), 4) == (
        f"Imagine from 2 pictures, picture 4 of the grid: {FOX}"
    )


def test_a_described_picture_is_told_by_its_description() -> None:
    for described in (job(kind=Kind.DESCRIBE, prompt=""), pressed(Kind.DESCRIBE, "Describe again", prompt="")):
        assert alt_text(replace(described, result_text="1️⃣ a red fox")) == (
            "The picture that was described: 1️⃣ a red fox"
        )
    assert alt_text(job(kind=Kind.DESCRIBE, prompt="")) == "Description of a picture"


@pytest.mark.parametrize("part", [None, 4])
@pytest.mark.parametrize("number", [None, 4])
@pytest.mark.parametrize("kind", list(Kind), ids=str)
def test_none_is_longer_than_discord_takes_and_none_is_empty(kind: Kind, number: int | None, part: int | None) -> None:
    one = pressed(kind, "label " * 99, number, prompt="word " * 999, result_text="word " * 999)
    for each in (one, job(kind=kind, prompt="word " * 999, final_prompt="", result_text="word " * 999)):
        assert 0 < size(alt_text(each, part)) <= 1024
