"""What panels show of several jobs at once: thumbnails of ours, links that work, nothing dead, and never a wait."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.errors import DiscordUnavailable, MediaUnavailable
from bot.model import Media
from tests.drawings import plain

if TYPE_CHECKING:
    from bot.model import Job
    from tests.jobs.conftest import House


async def made(house: House, side: int = 64) -> Job:
    house.api.picture = plain((side, side))
    return await house.job(await house.finished())


async def without_file(house: House, job: Job) -> Job:
    """Take the job's file away, as the upkeep does for want of room."""
    await house.engine.pictures.keeper.forget([job.picture or ""])
    return await house.job(job.id)


async def test_a_thumbnail_is_there_soon_after_its_picture(house: House) -> None:
    job = await made(house)
    await asyncio.gather(*house.engine.pictures.drawing)
    thumbs = list((house.folder / "pictures").rglob("*.thumb.jpg"))
    assert [thumb.name for thumb in thumbs] == [f"{(job.picture or '')[:64]}.thumb.jpg"]

    (look,) = await house.engine.services.library.thumbnails([job])
    assert isinstance(look, Media)
    assert (look.path, look.size) == (thumbs[0], thumbs[0].stat().st_size)


async def test_a_thumbnail_that_went_is_drawn_anew(house: House) -> None:
    job = await made(house)
    await asyncio.gather(*house.engine.pictures.drawing)
    before = await house.engine.pictures.thumbnail(job)
    assert before is not None
    before.path.unlink()
    assert await house.engine.pictures.thumbnail(job) == before
    assert before.path.exists()


async def test_what_is_not_on_our_disk_any_more_is_shown_by_a_link_that_works(house: House) -> None:
    kept, lost = await made(house, 64), await without_file(house, await made(house, 65))
    assert await house.engine.pictures.thumbnail(lost) is None

    looks = await house.engine.services.library.thumbnails([lost, kept, lost])

    link = f"https://cdn.discord.example/{lost.id}.png?ex=now"
    assert isinstance(looks[1], Media)
    assert (looks[0], looks[2]) == (link, link)


async def test_what_nobody_has_any_more_is_left_out(house: House) -> None:
    lost = await without_file(house, await made(house))
    house.discord.before["fresh_links"].append(DiscordUnavailable("503"))
    assert await house.engine.services.library.thumbnails([lost]) == [None]
    assert await house.engine.services.library.thumbnails([lost]) != [None]
    house.discord.messages.clear()
    assert await house.engine.services.library.thumbnails([lost]) == [None]


async def test_a_message_that_is_gone_is_asked_for_once_an_hour(house: House) -> None:
    lost = await without_file(house, await made(house))
    house.discord.messages.clear()
    for _ in range(3):
        assert await house.engine.services.library.thumbnails([lost]) == [None]
    assert await house.engine.services.library.fresh_link(lost) is None
    assert house.discord.links_asked == 1
    house.clock.advance(3601)
    assert await house.engine.services.library.thumbnails([lost]) == [None]
    assert house.discord.links_asked == 2


async def test_only_so_many_messages_are_remembered_to_be_gone(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.jobs.keeping.looks._GONE", 2)
    lost = await without_file(house, await made(house))
    jobs = [replace(lost, delivery=replace(lost.delivery, message_id=-number)) for number in (1, 2, 3)]
    library = house.engine.services.library
    for job in jobs:
        assert await library.fresh_link(job) is None
    assert [await library.fresh_link(job) for job in jobs[1:]] == [None, None]
    assert house.discord.links_asked == 3
    assert await library.fresh_link(jobs[0]) is None
    assert house.discord.links_asked == 4


async def test_deleted_and_unfinished_jobs_have_no_looks_and_nobody_is_asked(house: House) -> None:
    deleted = await made(house)
    await house.engine.services.deletions.delete(house.origin(), deleted.id)
    running = await house.job((await house.running())[0])
    assert await house.engine.services.library.thumbnails([await house.job(deleted.id), running]) == [None, None]
    assert house.discord.links_asked == 0


async def test_a_video_is_shown_by_a_card_and_never_by_a_link(house: House) -> None:
    house.api.picture = b"\0\0\0\x18ftypmp42film"
    film = await house.job(await house.finished())
    (look,) = await house.engine.services.library.thumbnails([film])
    assert isinstance(look, Media)
    assert look.media_type == "image/jpeg"
    assert await house.engine.services.library.thumbnails([await without_file(house, film)]) == [None]


@pytest.mark.parametrize(("short", "long"), [("_PATIENCE", "_LINK_PATIENCE"), ("_LINK_PATIENCE", "_PATIENCE")])
async def test_a_panel_does_not_wait_for_a_discord_that_hangs(
    house: House, monkeypatch: pytest.MonkeyPatch, short: str, long: str
) -> None:
    async def hangs(job: Job) -> tuple[str, ...]:
        await asyncio.Event().wait()
        return (job.id,)

    monkeypatch.setattr(f"bot.jobs.keeping.looks.{short}", 0.2)
    monkeypatch.setattr(f"bot.jobs.keeping.looks.{long}", 60.0)
    kept, lost = await made(house, 64), await without_file(house, await made(house, 65))
    await house.engine.pictures.thumbnail(kept)
    monkeypatch.setattr(house.discord, "fresh_links", hangs)
    async with asyncio.timeout(2):
        looks = await house.engine.services.library.thumbnails([lost, kept, *([lost] * 9)])
    assert isinstance(looks[1], Media)
    assert looks[:1] + looks[2:] == [None] * 10


async def test_a_job_whose_picture_is_nowhere_else_is_opened_with_a_link_to_our_own_message(house: House) -> None:
    job = await without_file(house, await made(house))
    house.api.media_errors += [MediaUnavailable("gone")] * 2
    shown = await house.engine.services.library.open(house.origin(), job.id)
    assert shown.media is None
    assert shown.job.media_url == f"https://cdn.discord.example/{job.id}.png?ex=now"
