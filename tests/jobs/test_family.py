"""Families: who belongs to one, who gets to see whom, and the picture of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import JobUnknown
from bot.jobs.collection.family import MOST
from bot.jobs.requests import Wish
from bot.model import Kind, Speed, Status
from tests.builders import job_id, new_job
from tests.drawings import opened, plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from typing_extensions import Unpack

    from bot.imaging.family import Card
    from bot.jobs.collection.family import Family
    from tests.builders import NewJobFields
    from tests.jobs.conftest import House

ME, SOMEBODY = 1, 2
HERE, ELSEWHERE = 500, 501


async def born(
    house: House,
    number: int,
    parent: int | None = None,
    status: Status = Status.SUCCEEDED,
    **fields: Unpack[NewJobFields],
) -> None:
    """Have the numbered job made from another, here and by me unless named otherwise."""
    fields = {"user_id": ME, "channel_id": HERE, "kind": Kind.IMAGINE if parent is None else Kind.VARIATION, **fields}
    if parent is not None:
        fields = {"parent_id": job_id(parent), "action_index": number, "action_label": f"V{number}", **fields}
    await house.store.add(new_job(number, **fields))
    await house.database.write(
        lambda connection: connection.execute(
            "UPDATE jobs SET status = ?, task_id = 'task' WHERE id = ?", (status.value, job_id(number))
        )
    )


async def delete(house: House, number: int) -> None:
    await house.engine.services.deletions.delete(house.origin(), job_id(number))


async def family(house: House, of: int, user_id: int = ME) -> Family:
    return await house.engine.services.families.of(house.origin(user_id), job_id(of))


def told(found: Family) -> list[tuple[int, int | None]]:
    """Return which job is there and the job of its parent, in the order of their numbers."""
    numbers = {job_id(number): number for number in range(1, 400)}
    assert [member.number for member in found.members] == list(range(1, len(found.members) + 1))
    jobs = {member.number: numbers[member.job.id] for member in found.members}
    return [(jobs[member.number], jobs[member.parent] if member.parent else None) for member in found.members]


async def test_a_family_is_numbered_from_the_first_and_what_leads_on_comes_first(house: House) -> None:
    for number, parent in ((1, None), (2, 1), (3, 1), (4, 3), (5, 3), (6, 5)):
        await born(house, number, parent)
    for of in (1, 4, 6):
        found = await family(house, of)
        assert told(found) == [(1, None), (3, 1), (5, 3), (6, 5), (4, 3), (2, 1)]
        assert found.members[found.current - 1].job.id == job_id(of)
        assert not found.is_cut


async def test_what_came_to_nothing_is_left_out_unless_something_came_of_it(house: House) -> None:
    await born(house, 1, status=Status.FAILED)
    for number, status in ((2, Status.SUCCEEDED), (3, Status.FAILED), (4, Status.RUNNING), (5, Status.CANCELLED)):
        await born(house, number, 1, status)
    await born(house, 6, 3, Status.FAILED)
    assert told(await family(house, 2)) == [(1, None), (2, 1)]


async def test_what_was_deleted_is_a_gap_that_tells_nothing(house: House) -> None:
    for number, parent in ((1, None), (2, 1), (3, 2)):
        await born(house, number, parent)
    await delete(house, 2)
    found = await family(house, 3)
    assert told(found) == [(1, None), (2, 1), (3, 2)]
    assert [member.is_gap for member in found.members] == [False, True, False]
    with pytest.raises(JobUnknown):
        await family(house, 2)


async def test_what_somebody_may_not_see_is_left_out_and_the_rest_still_hangs_together(house: House) -> None:
    await born(house, 1)
    await born(house, 2, 1, user_id=SOMEBODY, is_private=True)
    await born(house, 3, 2)
    await born(house, 4, 1, user_id=SOMEBODY, channel_id=ELSEWHERE)
    assert told(await family(house, 1)) == [(1, None), (3, 1)]
    assert told(await family(house, 3)) == [(1, None), (3, 1)]
    assert told(await family(house, 1, user_id=SOMEBODY)) == [(1, None), (2, 1), (3, 2), (4, 1)]


async def test_where_the_first_may_not_be_seen_there_are_several_beginnings(house: House) -> None:
    await born(house, 1, user_id=SOMEBODY, channel_id=ELSEWHERE)
    for number in (2, 3):
        await born(house, number, 1)
    assert told(await family(house, 2)) == [(2, None), (3, None)]


async def test_a_stranger_sees_no_family_by_its_id_alone(house: House) -> None:
    await born(house, 1, channel_id=ELSEWHERE)
    with pytest.raises(JobUnknown):
        await family(house, 1, user_id=SOMEBODY)


async def test_of_many_the_nearest_are_shown_and_that_there_are_more(house: House) -> None:
    await born(house, 1)
    for number in range(2, 60):
        await born(house, number, 1)
    for number in range(60, 63):
        await born(house, number, 59)
    found = await family(house, 60)
    shown = {number for number, _ in told(found)}
    assert len(shown) == MOST
    assert {1, 59, 60, 61, 62} <= shown
    assert found.is_cut


async def test_a_family_is_drawn_with_its_thumbnails_and_nothing_of_it_stays_on_our_disk(house: House) -> None:
    house.api.picture = plain((300, 200), "red")
    first = await house.finished("a fox")
    wish = Wish(kind=Kind.IMAGINE, prompt="a wolf", speed=Speed.FAST, parent_id=first, label="Edited")
    second = await house.begin(wish)
    await house.settle()
    house.api.finish((await house.job(second)).task_id or "")
    await house.pass_time(12)

    families = house.engine.services.families
    found = await families.of(house.origin(), second)
    async with families.drawn(found, 10**7) as path:
        image = opened(path)
        assert (image.format, path.stat().st_size < 10**7) == ("PNG", True)
        red = [band.histogram() for band in image.split()]
        assert sum(red[0][230:]) > 50_000
        async with families.drawn(found, 5000) as small:
            assert max(opened(small).size) < max(image.size)
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize(
    ("label", "kind", "expected"),
    [
        ("V2", Kind.VARIATION, "V2"),
        ("Upscale (Subtle)", Kind.UPSCALE, "Upscale (Subtle)"),
        ("⬅️", Kind.PAN, "Pan Left"),
        ("🔄", Kind.REROLL, "Reroll"),
        ("", Kind.IMAGINE, "Imagine"),
        ("局部重绘", Kind.REGION, "Vary (Region)"),
    ],
)
async def test_in_the_picture_jobs_are_called_as_midjourney_says_it(
    house: House, monkeypatch: pytest.MonkeyPatch, label: str, kind: Kind, expected: str
) -> None:
    cards: list[str] = []

    def draw(shown: Sequence[Card], target: Path, most: int) -> None:
        del most
        cards.extend(card.label for card in shown)
        target.write_bytes(b"png")

    monkeypatch.setattr("bot.jobs.collection.family.draw_family", draw)
    await born(house, 1, action_label=label, kind=kind)
    families = house.engine.services.families
    async with families.drawn(await families.of(house.origin(), job_id(1)), 10**6):
        assert cards == [expected]
