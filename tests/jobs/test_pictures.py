from __future__ import annotations

import asyncio
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from bot.errors import ActionUnavailable, MediaUnavailable, TooLarge
from bot.model import Kind, Media, Status
from tests.drawings import encoded, gradient, opened, plain
from tests.fakes import GRID

if TYPE_CHECKING:
    from pathlib import Path

    from bot.model import Job
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


# Quarters of a grid --------------------------------------------------------------------------------------------------

PLENTY = 10 * 1024 * 1024


async def test_a_grid_is_cut_into_its_four_pictures_without_a_charge(house: House) -> None:
    grid = gradient((201, 120))
    house.api.picture = encoded(grid)
    job_id = await house.finished()

    job, parts = await house.engine.services.library.quarters(house.origin(), job_id)

    stem = (job.picture or "").removesuffix(".png")
    assert [part.path.name for part in parts] == [f"{stem}.q{number}.png" for number in (1, 2, 3, 4)]
    assert opened(parts[3].path).tobytes() == grid.crop((100, 60, 201, 120)).tobytes()
    assert len(house.api.charges) == 1


async def test_four_quarters_go_into_one_message_however_much_a_place_takes(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.jobs.keeping.pictures._TOGETHER", 200_000)
    job = await house.job(await house.finished())

    parts = await house.engine.pictures.quarters(job, noise(tmp_path / "a.png", 400), 10**9)

    assert sum(part.path.stat().st_size for part in parts) <= 200_000


@pytest.mark.parametrize(
    ("kind", "buttons"),
    [
        (Kind.UPSCALE, slice(0, 0)),
        (Kind.IMAGINE, slice(0, 3)),
        (Kind.DESCRIBE, slice(0, 8)),
        (Kind.ANIMATE, slice(0, 8)),
    ],
    ids=["no buttons", "three of four", "a describe", "a video"],
)
async def test_what_is_no_grid_is_not_cut(house: House, tmp_path: Path, kind: Kind, buttons: slice) -> None:
    job_id, task_id = await house.running()
    house.api.finish(task_id)
    house.api.tasks[task_id] = replace(house.api.tasks[task_id], actions=GRID[buttons])
    await house.pass_time(12)
    job = replace(await house.job(job_id), kind=kind)

    with pytest.raises(ActionUnavailable, match="it stands alone already"):
        await house.engine.pictures.quarters(job, noise(tmp_path / "a.png", 100), PLENTY)


async def test_a_video_is_not_cut(house: House, tmp_path: Path) -> None:
    job = await house.job(await house.finished())

    with pytest.raises(ActionUnavailable, match="it stands alone already"):
        await house.engine.pictures.quarters(job, Media(path=tmp_path, media_type="video/mp4", size=1), PLENTY)


@pytest.mark.parametrize("limit", [PLENTY, 100], ids=["broken", "no room"])
async def test_a_grid_that_cannot_be_cut_is_said_to_be_so(house: House, tmp_path: Path, limit: int) -> None:
    job = await house.job(await house.finished())
    media = noise(tmp_path / "a.png", 200)
    if limit == PLENTY:
        await asyncio.to_thread(media.path.write_bytes, b"broken")

    with pytest.raises(ActionUnavailable, match="U1 to U4"):
        await house.engine.pictures.quarters(job, media, limit)


# Further files -------------------------------------------------------------------------------------------------------

FILM = b"\0\0\0\x18ftypmp42"


async def filmed(house: House, *more: bytes | None) -> Job:
    """Return a finished job with so many videos after the first; None for one that cannot be had."""
    job_id = await house.finished()
    links = [f"https://cdn.example/{'gone' if film is None else 'film'}-{n}.mp4" for n, film in enumerate(more, 1)]
    house.api.files |= {link: film for link, film in zip(links, more, strict=True) if film is not None}
    await house.store.note(job_id, {"more_urls": tuple(links)}, house.clock.now())
    house.api.downloads.clear()
    return await house.job(job_id)


async def test_further_files_are_fetched_once_and_kept_by_their_content(house: House) -> None:
    job = await filmed(house, FILM + b"1", FILM + b"22")

    first = await house.engine.pictures.more(job, PLENTY, None)
    again = await house.engine.pictures.more(job, PLENTY, None)

    assert [(media.path.name, media.media_type, media.size) for media in first] == [
        (f"{sha256(FILM + b'1').hexdigest()}.mp4", "video/mp4", 13),
        (f"{sha256(FILM + b'22').hexdigest()}.mp4", "video/mp4", 14),
    ]
    assert [media.path.read_bytes() for media in first] == [FILM + b"1", FILM + b"22"]
    assert again == first
    assert len(house.api.downloads) == 2


async def test_a_further_file_that_cannot_be_had_is_left_out_and_tried_again_later(house: House) -> None:
    job = await filmed(house, FILM, None, FILM + b"3")

    found = await house.engine.pictures.more(job, PLENTY, None)
    assert [media.path.read_bytes() for media in found] == [FILM, FILM + b"3"]

    await house.engine.pictures.more(job, PLENTY, None)
    assert house.api.downloads.count("https://cdn.example/gone-2.mp4") == 2


async def test_further_files_are_within_the_limits_of_a_file_and_of_a_message(house: House, tmp_path: Path) -> None:
    job = await filmed(house, FILM + bytes(50), FILM + bytes(500), FILM + bytes(60))
    pictures = house.engine.pictures

    small = await pictures.more(job, 100, None)
    beside = Media(path=tmp_path, media_type="video/mp4", size=25 * 1024 * 1024 - 64 * 1024 - 100)
    with_another = await pictures.more(job, PLENTY, beside)

    assert [media.size for media in small] == [62, 72]
    assert [media.size for media in with_another] == [62]


async def test_a_job_with_one_file_has_no_further_ones(house: House) -> None:
    assert await house.engine.pictures.more(await house.job(await house.finished()), PLENTY, None) == ()


# Deleted jobs --------------------------------------------------------------------------------------------------------


async def test_all_files_of_a_deleted_job_go_and_no_others(house: House) -> None:
    house.api.picture = plain((100, 100))
    other = await house.job(await house.finished())
    house.api.picture = plain((200, 200))
    job = await filmed(house, FILM)
    pictures, folder = house.engine.pictures, house.folder / "pictures"
    media = await pictures.obtain(job)
    assert media is not None
    await pictures.quarters(job, media, PLENTY)
    await pictures.more(job, PLENTY, None)
    await asyncio.to_thread(media.path.with_suffix(".90-1.jpg").write_bytes, b"a smaller copy")
    assert await pictures.thumbnail(job) is not None
    assert await pictures.thumbnail(other) is not None
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 10

    await house.engine.services.deletions.delete(house.origin(), job.id)

    left = {path.name for path in folder.rglob("*") if path.is_file()}
    assert left == {other.picture, f"{(other.picture or '').removesuffix('.png')}.thumb.jpg"}
    await pictures.discard(job)


async def test_a_deleted_jobs_picture_is_not_fetched_again(house: House) -> None:
    job = await house.job(await house.finished())
    assert job.status is Status.SUCCEEDED
    await house.engine.services.deletions.delete(house.origin(), job.id)
    house.api.downloads.clear()

    assert await house.engine.pictures.obtain(job) is None
    assert await house.engine.pictures.more(await house.job(job.id), PLENTY, None) == ()
    assert house.api.downloads == []
