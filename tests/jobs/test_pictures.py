from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from bot.errors import MediaUnavailable, TooLarge
from bot.model import Media

if TYPE_CHECKING:
    from pathlib import Path

    from tests.jobs.conftest import House


def noise(path: Path, side: int, kind: str = "PNG") -> Media:
    """Write a picture that does not compress."""
    Image.effect_noise((side, side), 100).convert("RGB").save(path, kind)
    return Media(path=path, media_type=f"image/{kind.lower()}", size=path.stat().st_size)


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.suffix in (".png", ".jpg")}


async def test_a_picture_that_fits_is_left_as_it_is(house: House, tmp_path: Path) -> None:
    media = noise(tmp_path / "a.png", 64)
    assert await house.engine.pictures.fit(media, media.size) is media


async def test_a_picture_that_is_too_large_becomes_a_jpeg_that_fits_and_the_original_stays(
    house: House, tmp_path: Path
) -> None:
    media = noise(tmp_path / "a.png", 400)
    small = await house.engine.pictures.fit(media, media.size // 3)
    assert (small.media_type, small.size <= media.size // 3) == ("image/jpeg", True)
    with Image.open(small.path) as copy:
        assert copy.format == "JPEG"
        assert copy.size == (400, 400)
    assert media.path.stat().st_size == media.size


async def test_a_very_small_limit_shrinks_the_picture_itself(house: House, tmp_path: Path) -> None:
    media = noise(tmp_path / "a.webp", 400, "WEBP")
    small = await house.engine.pictures.fit(media, 20_000)
    with Image.open(small.path) as copy:
        assert copy.width < 400


async def test_what_cannot_be_made_small_enough_is_said_to_be_too_large_and_leaves_nothing_behind(
    house: House, tmp_path: Path
) -> None:
    media = noise(tmp_path / "a.png", 400)
    with pytest.raises(TooLarge):
        await house.engine.pictures.fit(media, 100)
    assert left_in(tmp_path) == {"a.png"}


async def test_videos_are_never_made_smaller(house: House, tmp_path: Path) -> None:
    media = Media(path=tmp_path / "a.mp4", media_type="video/mp4", size=1000)
    with pytest.raises(TooLarge):
        await house.engine.pictures.fit(media, 999)


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\nbroken", b"<svg/>", b""])
async def test_a_file_that_pillow_does_not_take_is_not_opened_further(
    house: House, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "a.png"
    await asyncio.to_thread(path.write_bytes, content)
    with pytest.raises(TooLarge):
        await house.engine.pictures.fit(Media(path=path, media_type="image/png", size=10_000), 5000)


async def test_a_picture_of_too_many_pixels_is_not_decoded(house: House, tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    Image.new("1", (9000, 9000)).save(path)
    with pytest.raises(TooLarge, match="9000 × 9000"):
        await house.engine.pictures.fit(Media(path=path, media_type="image/png", size=10**8), 10**6)


async def test_a_kept_file_is_not_fetched_twice(house: House) -> None:
    job_id = await house.finished()
    downloads = len(house.api.downloads)
    media = await house.engine.pictures.obtain(await house.job(job_id))
    assert media is not None
    assert len(house.api.downloads) == downloads


async def test_a_file_that_was_deleted_from_disk_is_fetched_anew(house: House) -> None:
    job_id = await house.finished()
    media = await house.engine.pictures.obtain(await house.job(job_id))
    assert media is not None
    await asyncio.to_thread(media.path.unlink)
    assert await house.engine.pictures.obtain(await house.job(job_id)) == media


async def test_a_task_that_the_api_lost_leaves_the_first_reason(house: House) -> None:
    job_id, task_id = await house.running()
    house.api.finish(task_id)
    house.api.media_errors.extend(MediaUnavailable("404") for _ in range(50))
    await house.pass_time(8)
    house.api.hidden.add(task_id)
    with pytest.raises(MediaUnavailable, match="404"):
        await house.engine.pictures.obtain(await house.job(job_id))


async def test_a_picture_asked_for_by_several_at_once_is_fetched_once(house: House) -> None:
    job_id, task_id = await house.running()
    house.api.finish(task_id)
    house.clock.advance(8)
    await house.engine.tracker.step()
    await house.engine.tracker.drain()
    job = await house.job(job_id)
    found = await asyncio.gather(*(house.engine.pictures.obtain(job) for _ in range(3)))
    assert len({media.path for media in found if media and media.path.exists()}) == 1
    assert len(house.api.downloads) == 1


async def test_a_copy_on_its_way_stays_whole_while_another_place_gets_a_smaller_one(
    house: House, tmp_path: Path
) -> None:
    media = noise(tmp_path / "a.png", 400)
    first = await house.engine.pictures.fit(media, media.size - 1)
    second = await house.engine.pictures.fit(media, first.size // 4)
    with pytest.raises(TooLarge):
        await house.engine.pictures.fit(media, 100)
    for copy in (first, second):
        assert copy.path.stat().st_size == copy.size
