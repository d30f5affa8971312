"""Regions: chosen by cells, by an upload or by drawing; kept in a draft; a mask of exactly the picture's size."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.errors import ActionUnavailable, JobUnknown, MediaUnavailable, PictureInvalid
from bot.imaging.masks import cell_box
from bot.jobs.keeping.inputs import Upload
from bot.jobs.requests import Ask
from bot.model import Accepted, Action, Kind
from tests.drawings import encoded, gradient, noise, opened, plain, whites, with_box

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from bot.jobs.asking.regions import Region, Regions
    from tests.drawings import Box, Size
    from tests.jobs.conftest import House

SQUARE, WIDE = (1024, 1024), (1456, 816)
SMALL = (364, 204)
REGION = Action(index=0, action_id="MJ::Inpaint::1::u::SOLO", kind=Kind.REGION, label="Vary (Region)", needs_input=True)
SUBTLE = Action(index=1, action_id="MJ::JOB::low_variation::1::u::SOLO", kind=Kind.VARIATION, label="Vary (Subtle)")
UPLOAD = Upload(url="https://cdn.example/m.png", name="mask.png", media_type="image/png", size=1000)


def giving(content: bytes) -> Callable[[], Awaitable[bytes]]:
    async def read() -> bytes:
        return content

    return read


def painted(size: Size, box: Box) -> bytes:
    return encoded(with_box(size, box, ground="black", ink="white"))


async def upscaled(house: House, size: Size = SMALL) -> str:
    """Return a finished job that is one picture with the button for a region."""
    house.api.picture = encoded(gradient(size))
    job_id, task_id = await house.running()
    house.api.finish(task_id)
    house.api.tasks[task_id] = replace(house.api.tasks[task_id], actions=(REGION, SUBTLE))
    await house.pass_time(12)
    return job_id


def regions(house: House) -> Regions:
    return house.engine.services.regions


def mask_file(house: House, name: str | None) -> Path:
    path = house.engine.inputs.path(name or "")
    assert path is not None
    return path


async def begun(house: House, size: Size = SMALL) -> Region:
    return await regions(house).begin(house.origin(), await upscaled(house, size), 0)


def link_to(draft_id: str) -> str:
    return f"https://easel.example/draw/{draft_id}"


@pytest.mark.parametrize("size", [SQUARE, WIDE])
async def test_the_mask_that_the_api_receives_has_the_pictures_size_and_only_the_chosen_cells_white(
    house: House, size: Size
) -> None:
    region = await begun(house, size)
    await regions(house).choose(house.origin(), region.draft_id, {0, 7, 24})

    chosen, filled = await regions(house).fill(house.origin(), region.draft_id, "a red hat")
    house.api.accept_as.append(Accepted(task_id="", needs_input=True))
    await house.press(chosen.job.id, chosen.action_index, filled)
    await house.pass_time(12)

    ((task_id, mask),) = house.api.masks.items()
    assert house.api.modals == [(task_id, "a red hat")]
    image = opened(mask)
    assert (image.format, image.mode, image.size) == ("PNG", "L", size)
    for cell in range(25):
        wanted = 255 if cell in {0, 7, 24} else 0
        assert image.crop(cell_box(cell, size)).getextrema() == (wanted, wanted)


async def test_a_choice_begins_empty_with_the_picture_under_a_grid(house: House) -> None:
    region = await begun(house)

    assert (region.cells, region.has_mask, region.action_index, region.draw_url) == (frozenset(), False, 0, None)
    assert opened(region.preview).size == (1024, 574)
    with pytest.raises(ActionUnavailable, match="Nothing is chosen yet"):
        await regions(house).fill(house.origin(), region.draft_id, "a hat")


async def test_each_choice_has_a_preview_of_its_own_and_old_ones_go(house: House) -> None:
    region = await begun(house)
    chosen = await regions(house).choose(house.origin(), region.draft_id, [3, 4])
    assert chosen.cells == {3, 4}
    assert len({region.preview.read_bytes(), chosen.preview.read_bytes()}) == 2
    drawn_as = region.preview.stat().st_ino

    house.clock.advance(3500)
    again = await regions(house).choose(house.origin(), region.draft_id, [])
    assert (again.preview, again.preview.stat().st_ino) == (region.preview, drawn_as)
    house.clock.advance(3500)
    other = await regions(house).choose(house.origin(), region.draft_id, [7])

    assert set((house.folder / "regions").iterdir()) == {again.preview, other.preview}


async def test_cells_that_do_not_exist_are_not_chosen(house: House) -> None:
    region = await begun(house)

    assert (await regions(house).choose(house.origin(), region.draft_id, {-1, 24, 25, 999})).cells == {24}


async def test_an_uploaded_mask_counts_instead_of_cells_until_cells_are_chosen_again(house: House) -> None:
    region = await begun(house)
    await regions(house).choose(house.origin(), region.draft_id, {3})
    upload = giving(painted((100, 100), (0, 0, 50, 100)))

    masked = await regions(house).upload(house.origin(), region.draft_id, UPLOAD, upload)
    _, filled = await regions(house).fill(house.origin(), region.draft_id, "a hat")

    assert (masked.cells, masked.has_mask) == (frozenset(), True)
    path = mask_file(house, filled.mask)
    assert opened(path).size == SMALL
    assert whites(path) == (0, 0, 182, 204)

    chosen = await regions(house).choose(house.origin(), region.draft_id, {0})
    assert (chosen.cells, chosen.has_mask) == ({0}, False)
    _, filled = await regions(house).fill(house.origin(), region.draft_id, "a hat")
    assert whites(mask_file(house, filled.mask)) == cell_box(0, SMALL)


async def test_a_refused_upload_leaves_the_choice_as_it_was(house: House) -> None:
    region = await begun(house)
    await regions(house).choose(house.origin(), region.draft_id, {3})

    for content in (plain((50, 50), "black"), b"no picture"):
        with pytest.raises(PictureInvalid, match=r"`mask\.png` cannot be used"):
            await regions(house).upload(house.origin(), region.draft_id, UPLOAD, giving(content))

    assert (await regions(house).open(house.origin(), region.draft_id)).cells == {3}


async def test_a_choice_outlives_a_restart(house: House) -> None:
    region = await begun(house)
    await regions(house).choose(house.origin(), region.draft_id, {12})
    await house.restart()

    again, filled = await regions(house).fill(house.origin(), region.draft_id, "a hat")

    assert (again.cells, again.job.id) == ({12}, region.job.id)
    assert whites(mask_file(house, filled.mask)) == cell_box(12, SMALL)


async def test_two_people_choose_apart_and_nobody_touches_the_others(house: House) -> None:
    job_id = await upscaled(house)
    mine = await regions(house).begin(house.origin(user_id=1), job_id, 0)
    yours = await regions(house).begin(house.origin(user_id=2), job_id, 0)

    await regions(house).choose(house.origin(user_id=1), mine.draft_id, {1})
    await regions(house).choose(house.origin(user_id=2), yours.draft_id, {2})

    assert (await regions(house).open(house.origin(user_id=1), mine.draft_id)).cells == {1}
    assert (await regions(house).open(house.origin(user_id=2), yours.draft_id)).cells == {2}
    origin = house.origin(user_id=2)
    for attempt in (
        regions(house).open(origin, mine.draft_id),
        regions(house).choose(origin, mine.draft_id, {9}),
        regions(house).upload(origin, mine.draft_id, UPLOAD, giving(plain((9, 9), "white"))),
        regions(house).fill(origin, mine.draft_id, "a hat"),
        regions(house).question(origin, mine.draft_id),
    ):
        with pytest.raises(ActionUnavailable):
            await attempt
    with pytest.raises(JobUnknown):
        await regions(house).begin(house.origin(user_id=3, channel_id=999), job_id, 0)


async def test_the_words_are_asked_for_with_the_pictures_own(house: House) -> None:
    region = await begun(house)

    question = await regions(house).question(house.origin(), region.draft_id)

    assert (question.ask, question.job.id, question.action, question.prompt) == (
        Ask.REGION,
        region.job.id,
        REGION,
        "a fox",
    )


async def test_a_button_that_repaints_nothing_begins_no_choice(house: House) -> None:
    job_id = await upscaled(house)

    for index in (1, 9):
        with pytest.raises(ActionUnavailable):
            await regions(house).begin(house.origin(), job_id, index)


async def test_a_picture_that_is_not_there_now_begins_no_choice(house: House) -> None:
    job_id = await upscaled(house)
    picture = await house.engine.pictures.obtain(await house.job(job_id))
    assert picture is not None
    await asyncio.to_thread(picture.path.unlink)
    house.api.media_errors = [MediaUnavailable("404") for _ in range(9)]

    with pytest.raises(ActionUnavailable, match="cannot be fetched just now"):
        await regions(house).begin(house.origin(), job_id, 0)

    assert not (house.folder / "regions").exists()


async def test_a_picture_that_nobody_can_read_begins_no_choice(house: House) -> None:
    job_id = await upscaled(house)
    picture = await house.engine.pictures.obtain(await house.job(job_id))
    assert picture is not None
    for content in (b"broken", encoded(noise(SMALL))[:900]):
        await asyncio.to_thread(picture.path.write_bytes, content)
        with pytest.raises(ActionUnavailable, match="cannot be fetched just now"):
            await regions(house).begin(house.origin(), job_id, 0)


async def test_a_draft_of_another_form_is_no_choice(house: House) -> None:
    draft = await house.engine.services.forms.keep(1, "imagine", {"prompt": "a fox"})

    with pytest.raises(ActionUnavailable):
        await regions(house).open(house.origin(), draft.id)
    with pytest.raises(ActionUnavailable):
        await regions(house).picture(draft.id)


# The drawing page ----------------------------------------------------------------------------------------------------


async def test_a_drawing_is_taken_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regions(house), "_draw_link", link_to)
    region = await begun(house)
    await regions(house).choose(house.origin(), region.draft_id, {3})
    assert region.draw_url == link_to(region.draft_id)
    assert opened(await regions(house).picture(region.draft_id)).size == SMALL

    await regions(house).drawn(region.draft_id, painted(SMALL, (100, 150, 300, 200)))

    drawn = await regions(house).open(house.origin(), region.draft_id)
    assert (drawn.cells, drawn.has_mask, drawn.draw_url) == (frozenset(), True, None)
    for attempt in (
        regions(house).drawn(region.draft_id, painted(SMALL, (0, 0, 9, 9))),
        regions(house).picture(region.draft_id),
    ):
        with pytest.raises(ActionUnavailable, match="used already"):
            await attempt
    _, filled = await regions(house).fill(house.origin(), region.draft_id, "a hat")
    assert whites(mask_file(house, filled.mask)) == (100, 150, 300, 200)


async def test_of_drawings_that_come_at_the_same_time_one_is_taken(house: House) -> None:
    region = await begun(house)
    boxes = [(10 * n, 0, 10 * n + 100, 50) for n in range(5)]

    results = await asyncio.gather(
        *(regions(house).drawn(region.draft_id, painted(SMALL, box)) for box in boxes), return_exceptions=True
    )

    taken = [box for box, result in zip(boxes, results, strict=True) if result is None]
    assert len(taken) == 1
    assert sum(isinstance(result, ActionUnavailable) for result in results) == 4
    _, filled = await regions(house).fill(house.origin(), region.draft_id, "a hat")
    assert whites(mask_file(house, filled.mask)) == taken[0]


@pytest.mark.parametrize(
    ("drawing", "reason"),
    [
        (plain((363, 204), "white"), "it is no PNG of 364 × 204 pixels"),
        (plain(SMALL, "white", "JPEG"), "it is no PNG of 364 × 204 pixels"),
        (plain(SMALL, "black"), "nothing is drawn on it"),
        (b"", "it is not a PNG, JPEG, WEBP or GIF picture"),
    ],
)
async def test_a_drawing_that_cannot_be_used_does_not_use_the_link_up(
    house: House, drawing: bytes, reason: str
) -> None:
    region = await begun(house)

    with pytest.raises(PictureInvalid, match=f"That drawing cannot be used: {reason}. "):
        await regions(house).drawn(region.draft_id, drawing)

    await regions(house).drawn(region.draft_id, painted(SMALL, (1, 2, 3, 4)))


async def test_a_link_to_a_choice_that_is_gone_leads_nowhere(house: House) -> None:
    region, other = await begun(house), await begun(house)
    await house.engine.services.forms.drop(1, region.draft_id)
    await house.engine.services.deletions.delete(house.origin(), other.job.id)

    for draft_id in (region.draft_id, other.draft_id, "nothing"):
        with pytest.raises(ActionUnavailable, match="not there any more"):
            await regions(house).picture(draft_id)
        with pytest.raises(ActionUnavailable, match="not there any more"):
            await regions(house).drawn(draft_id, painted(SMALL, (1, 2, 3, 4)))


async def test_the_mask_of_an_open_choice_is_not_cleared_away(house: House) -> None:
    region = await begun(house)
    await regions(house).drawn(region.draft_id, painted(SMALL, (1, 2, 3, 4)))
    house.clock.advance(3 * 86_400)

    await house.engine.inputs.clear(await house.memory.needed_inputs())

    assert (await regions(house).open(house.origin(), region.draft_id)).has_mask
