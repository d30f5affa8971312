"""A family as a panel: who is who, what was changed, and everything within Discord's limits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.jobs.collection.family import Family, Member
from bot.model import Kind, Status
from cogs.custom_ids import FAMILY_SELECT
from cogs.render.controls import Select
from cogs.render.details import render_details
from cogs.render.difference import prompt_change
from cogs.render.family import render_family
from cogs.render.panels import MOST_TEXT, Gallery, Text
from cogs.render.text import size
from tests.builders import job_id
from tests.unit.render_builders import delivery, job

if TYPE_CHECKING:
    from cogs.render.panels import Panel

PICTURE = Path("family.png")


def member(number: int, parent: int | None, *, is_gap: bool = False, **changes: Any) -> Member:  # noqa: ANN401 - any field
    fields: dict[str, Any] = {
        "id": job_id(number),
        "status": Status.SUCCEEDED,
        "kind": Kind.IMAGINE if parent is None else Kind.VARIATION,
        "parent_id": job_id(parent) if parent else None,
        "action_index": None if parent is None else 4,
        "action_label": "" if parent is None else "V2",
        "quadrant": None if parent is None else 2,
        "delivery": delivery(message_id=9000 + number, channel_id=500),
    }
    return Member(number=number, job=job(**{**fields, **changes}), parent=parent, is_gap=is_gap)


def family(*members: Member, current: int = 1, is_cut: bool = False) -> Family:
    return Family(members=members, current=current, is_cut=is_cut, person=job().user_id)


def texts(panel: Panel) -> str:
    return "\n".join(part.content for part in panel.parts if isinstance(part, Text))


def alt_text(panel: Panel) -> str:
    (gallery,) = [part for part in panel.parts if isinstance(part, Gallery)]
    return gallery.pictures[0].about


def test_everybody_has_a_number_a_name_and_a_link_and_the_current_one_is_named() -> None:
    panel = render_family(family(member(1, None), member(2, 1), current=2), PICTURE)
    lines = texts(panel).splitlines()
    assert lines[0] == "### Family · 2 pictures"
    assert lines[1].startswith("**1.** Imagine · [message](<https://discord.com/channels/")
    assert "/9001>)" in lines[1]
    assert lines[2].startswith("**2.** Variation 2 · [message](<")
    assert ("▶ this one" in lines[1], "▶ this one" in lines[2]) == (False, True)
    assert alt_text(panel) == "A tree of pictures. The one that is marked: 2. 1 Imagine and 2 Variation 2 (from 1)"


def test_what_was_deleted_tells_neither_its_prompt_nor_its_link_and_cannot_be_opened() -> None:
    gap = member(2, 1, is_gap=True, prompt="a secret")
    panel = render_family(family(member(1, None), gap, member(3, 2, prompt="another")), PICTURE)
    assert "**2.** deleted" in texts(panel).splitlines()
    assert "secret" not in texts(panel) + alt_text(panel)
    (select,) = [part for part in panel.parts if isinstance(part, Select)]
    assert [option.value for option in select.options] == [job_id(1), job_id(3)]


def test_whose_is_what_is_said_of_others_alone_and_nobody_is_told_of_a_gap() -> None:
    theirs, gap = member(2, 1, user_id=77), member(3, 1, is_gap=True, user_id=78)
    panel = render_family(family(member(1, None), theirs, gap, current=2), PICTURE)
    lines = texts(panel).splitlines()
    assert "<@" not in lines[1]
    assert lines[2].startswith("**2.** Variation 2 · <@77> · [message](<")
    assert lines[3] == "**3.** deleted"
    assert "<@" not in alt_text(panel)


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ([member(1, None), member(2, 1, is_gap=True), member(3, 2)], "### Family · 2 pictures"),
        ([member(1, None, status=Status.FAILED), member(2, 1)], "### Family · 1 picture"),
        ([member(1, None, kind=Kind.DESCRIBE), member(2, 1, kind=Kind.IMAGINE)], "### Family · 1 picture"),
        ([member(1, None), member(2, 1, kind=Kind.ANIMATE)], "### Family · 2 pictures"),
        ([member(1, None, status=Status.RUNNING)], "### Family"),
    ],
)
def test_the_heading_counts_what_there_is_to_see(members: list[Member], said: str) -> None:
    assert texts(render_family(family(*members), PICTURE)).splitlines()[0] == said


def test_a_private_one_has_no_link_that_nobody_could_follow() -> None:
    private = member(1, None, is_private=True, guild_id=5, channel_id=500)
    assert "message" not in texts(render_family(family(private), PICTURE))
    assert "Message:" not in (render_details(private.job).content or "")


def test_what_was_changed_in_a_prompt_stands_below_the_child() -> None:
    child = member(2, 1, prompt="a *wolf* in the snow --ar 3:2")
    panel = render_family(family(member(1, None), child, member(3, 2, prompt=child.job.prompt)), PICTURE)
    changed = [line for line in texts(panel).splitlines() if line.startswith("-# ")]
    assert changed == [r"-# a ~~fox~~ **\*wolf\*** in the snow --ar 3:2"]


def test_who_stands_alone_is_told_so() -> None:
    assert "It stands alone so far" in texts(render_family(family(member(1, None)), PICTURE))


def test_forty_with_long_changes_stay_within_discords_limits_and_all_can_be_opened() -> None:
    members = [member(1, None, prompt="word " * 200)]
    members += [member(number, 1, prompt=f"{number} other words " * 60) for number in range(2, 41)]
    panel = render_family(family(*members, current=40, is_cut=True), PICTURE)

    assert size(texts(panel)) <= MOST_TEXT
    assert size(alt_text(panel)) <= 1024
    assert "these are the nearest" in texts(panel)
    selects = [part for part in panel.parts if isinstance(part, Select)]
    assert [option.value for select in selects for option in select.options] == [one.job.id for one in members]
    assert all(FAMILY_SELECT.fullmatch(select.custom_id) for select in selects)
    assert "**1.**" in texts(panel)


# Changes in prompts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a red fox", "a blue fox", "a ~~red~~ **blue** fox"),
        ("a red fox", "a red fox", ""),
        ("", "a red fox", ""),
        ("雪中的狐狸", "雪中的狼", "雪中的~~狐狸~~**狼**"),
        ("a fox", "a @everyone fox", r"a **\@everyone** fox"),
        ("a fox", "a **fox**", r"a **\*\***fox**\*\***"),
        ("a fox --s 50", "a fox --s 250", "a fox ~~--s 50~~ **--s 250**"),
    ],
)
def test_words_that_came_are_bold_and_words_that_went_are_struck(before: str, after: str, expected: str) -> None:
    assert prompt_change(job(prompt=after), job(prompt=before), 300) == expected


def test_a_change_is_cut_to_its_room() -> None:
    before, after = " ".join(f"a{n}" for n in range(99)), " ".join(f"b{n} a{n}" for n in range(99))
    changed = prompt_change(job(prompt=after), job(prompt=before), 100)
    assert size(changed) <= 100
    assert changed.endswith("…")
    assert changed.count("**") % 2 == 0


def test_details_of_a_remix_say_what_was_changed() -> None:
    parent = job(id=job_id(1), prompt="a red fox")
    child = job(id=job_id(2), prompt="a blue fox", parent_id=parent.id, action_index=4, kind=Kind.VARIATION)
    assert "**Changed in the prompt:** a ~~red~~ **blue** fox" in render_details(child, parent).content.splitlines()
    assert "Changed" not in render_details(child, job(id=job_id(1), prompt="a blue fox")).content
