"""Kept files: in the order of their content, within the owner's limits, and never lost to a kill."""

from __future__ import annotations

import asyncio
import logging
import os
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from bot.errors import MediaUnavailable
from bot.jobs.housekeeping.backups import Backups
from bot.jobs.housekeeping.clearing import Clearing, Limits
from bot.jobs.housekeeping.steadiness import Steadiness
from bot.model import DeliveryStatus
from tests.drawings import plain

if TYPE_CHECKING:
    from pathlib import Path

    from bot.model import Job, KeptFile, Media
    from tests.jobs.conftest import House

DAY = 24 * 3600.0
FILM = b"\0\0\0\x18ftypmp42"


def folder(house: House) -> Path:
    return house.folder / "pictures"


def names(house: House) -> set[str]:
    """Return the names of all files, but for thumbnails: those come and go with them."""
    found = {path.name for path in folder(house).rglob("*") if path.is_file()}
    return {name for name in found if not name.endswith(".thumb.jpg")}


async def clear(house: House, *, size: int | None = None, life: timedelta | None = None, by_age: bool = True) -> None:
    """Let the hourly upkeep clear away under these limits."""
    limits = Limits(size=size, life=life)
    keeper = house.engine.pictures.keeper
    backups = Backups(vault=None, clock=house.clock, steadiness=Steadiness(house.clock), every=None)
    clearing = Clearing(memory=house.memory, keeper=keeper, clock=house.clock, limits=limits, backups=backups)
    await clearing.step(by_age=by_age)


async def made(house: House, content: bytes) -> Job:
    """Return a delivered job whose picture is this; nobody has asked for it for a while."""
    house.api.picture = content
    job = await house.job(await house.finished())
    house.clock.advance(3600)
    return job


async def kept(house: House, job: Job) -> Media | None:
    """Return the job's file as far as it is on our disk, as somebody who would have to fetch it finds it."""
    return await house.engine.pictures.keeper.kept(await house.job(job.id))


async def test_a_picture_lies_under_the_name_of_its_content_and_the_job_knows_it(house: House) -> None:
    content = plain((64, 64))
    job = await made(house, content)

    digest = sha256(content).hexdigest()
    assert (job.picture, job.media_type) == (f"{digest}.png", "image/png")
    assert (folder(house) / digest[:2] / f"{digest}.png").read_bytes() == content
    (file,) = await house.memory.files.of_job(job.id)
    assert (file.part, file.name, file.size) == (0, job.picture, len(content))


async def test_the_same_content_is_there_once_until_the_last_of_its_jobs_is_deleted(house: House) -> None:
    content = plain((64, 64))
    first, second = await made(house, content), await made(house, content)
    assert names(house) == {f"{sha256(content).hexdigest()}.png"}

    await house.engine.services.deletions.delete(house.origin(), first.id)
    assert await kept(house, second) is not None
    assert (await house.job(first.id)).picture is None

    await house.engine.services.deletions.delete(house.origin(), second.id)
    assert list(folder(house).iterdir()) == []


# Limits --------------------------------------------------------------------------------------------------------------


async def test_over_the_limit_the_oldest_go_until_the_rest_fits(house: House, caplog: pytest.LogCaptureFixture) -> None:
    contents = [bytes(plain((64, 64))) + bytes(1000) + bytes([number]) for number in range(3)]
    jobs = [await made(house, content) for content in contents]
    caplog.set_level(logging.INFO)

    await clear(house, size=sum(map(len, contents)))
    assert len(names(house)) == 3

    await clear(house, size=len(contents[2]) + 1)
    assert names(house) == {jobs[2].picture}
    assert [(await house.job(job.id)).picture for job in jobs] == [None, None, jobs[2].picture]
    assert [record.message for record in caplog.records if "Removed pictures" in record.message] == [
        "Removed pictures: 0 kept longer than wanted, 2 for want of room (0.0 MB together), 0 left over"
    ]


async def test_what_outlived_its_time_goes_and_is_fetched_anew_when_somebody_wants_it(house: House) -> None:
    old = await made(house, plain((64, 64)))
    house.clock.advance(10 * DAY)
    young = await made(house, plain((65, 65)))

    await clear(house, life=timedelta(days=10), by_age=False)
    assert names(house) == {old.picture, young.picture}, "while the clock cannot be believed"
    await clear(house, life=timedelta(days=10))

    assert names(house) == {young.picture}
    assert await kept(house, old) is None
    house.api.picture = plain((64, 64))
    again = await house.engine.pictures.obtain(await house.job(old.id))
    assert again is not None
    assert (await house.job(old.id)).picture == old.picture


async def test_a_shared_file_is_as_young_as_for_its_latest_job(house: House) -> None:
    content = plain((64, 64))
    first = await made(house, content)
    house.clock.advance(10 * DAY)
    await made(house, content)
    await clear(house, life=timedelta(days=10))
    assert await kept(house, first) is not None


@pytest.mark.parametrize(
    "status", [DeliveryStatus.WAITING, DeliveryStatus.DUE, DeliveryStatus.POSTING, DeliveryStatus.LINKED]
)
async def test_what_is_still_to_be_delivered_stays_also_for_another_that_has_the_same(
    house: House, caplog: pytest.LogCaptureFixture, status: DeliveryStatus
) -> None:
    content = plain((64, 64))
    done, other = await made(house, content), await made(house, content)
    await house.store.move_delivery(other.id, list(DeliveryStatus), status)
    house.clock.advance(10 * DAY)

    await clear(house, size=1, life=timedelta(days=1))
    assert await kept(house, done) is not None
    assert "all of them are still needed" in caplog.text

    await house.store.move_delivery(other.id, [status], DeliveryStatus.DELIVERED)
    house.clock.advance(DAY)
    await clear(house, size=1)
    assert names(house) == set()


async def test_what_somebody_was_told_of_just_now_stays_until_they_have_opened_it(house: House) -> None:
    job = await made(house, plain((64, 64)))
    media = await house.engine.pictures.obtain(job)
    assert media is not None

    await clear(house, size=1)
    assert media.path.exists()

    house.clock.advance(16 * 60)
    await clear(house, size=1)
    assert not media.path.exists()


async def test_a_file_that_went_between_two_looks_is_fetched_anew(house: House) -> None:
    job = await made(house, plain((64, 64)))
    await clear(house, size=1)
    media = await house.engine.pictures.obtain(job)  # as it was when the person saw it: with a picture
    assert media is not None
    assert media.path.read_bytes() == plain((64, 64))


# Kills ---------------------------------------------------------------------------------------------------------------


async def test_a_file_that_nobody_came_to_know_goes_after_an_hour_and_the_picture_is_fetched_anew(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(file: KeptFile, url: str | None = None) -> bool:
        del file, url
        raise asyncio.CancelledError

    job_id, task_id = await house.running()
    house.api.finish(task_id)
    house.clock.advance(8)
    await house.engine.tracker.step()
    await house.engine.tracker.drain()
    with monkeypatch.context() as patched:
        patched.setattr(house.memory.files, "keep", killed)
        with pytest.raises(asyncio.CancelledError):
            await house.engine.pictures.obtain(await house.job(job_id))
    assert len(names(house)) == 1, "the file came first"
    assert (await house.job(job_id)).picture is None

    await clear(house)
    assert len(names(house)) == 1, "it may be on its way to become known"
    house.clock.advance(3601)
    await clear(house)
    assert list(folder(house).iterdir()) == []
    assert await house.engine.pictures.obtain(await house.job(job_id)) is not None
    await clear(house)
    assert len(names(house)) == 1


async def test_a_deletion_that_was_cut_short_is_finished_by_the_upkeep(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = plain((64, 64))
    job, other = await made(house, shared), await made(house, shared)
    alone = await made(house, plain((65, 65)))

    async def killed(job: Job) -> None:
        del job
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(house.engine.pictures, "discard", killed)
        for deleted in (job, alone):
            with pytest.raises(asyncio.CancelledError):
                await house.engine.services.deletions.delete(house.origin(), deleted.id)

    await clear(house)
    assert names(house) == {other.picture}
    assert await house.memory.files.of_job(job.id) == []


async def test_unfinished_drafts_and_what_was_made_from_pictures_go_after_an_hour(house: House) -> None:
    job = await made(house, plain((64, 64)))
    media = await kept(house, job)
    assert media is not None
    old = (house.clock.now() - timedelta(hours=2)).timestamp()
    strays = [folder(house) / f".{job.id}.0.part.ab12.part", media.path.with_suffix(".q1.png")]
    for path in strays:
        path.write_bytes(b"left over")
        os.utime(path, (old, old))

    await clear(house)
    assert not any(path.exists() for path in strays)
    assert media.path.exists()


# Former versions -----------------------------------------------------------------------------------------------------


async def as_before(house: House, content: bytes) -> Job:
    """Return a job whose files lie as a former version kept them: a picture and a second video."""
    job = await made(house, content)
    await house.memory.files.release(job.id)
    for path in list(folder(house).rglob("*.*")):
        path.unlink()
    files = {f"{job.id}.png": content, f"{job.id}.1.mp4": FILM}
    for name, data in files.items():
        (folder(house) / name).write_bytes(data)
        long_ago = (house.clock.now() - timedelta(days=20)).timestamp()
        os.utime(folder(house) / name, (long_ago, long_ago))
    changes = {"picture": f"{job.id}.png", "more_urls": ("https://cdn.example/gone.mp4",)}
    await house.store.note(job.id, changes, house.clock.now())  # pyright: ignore[reportArgumentType] - a TypedDict
    house.api.downloads.clear()
    return await house.job(job.id)


async def in_order(house: House, job: Job, content: bytes) -> None:
    picture, film = f"{sha256(content).hexdigest()}.png", f"{sha256(FILM).hexdigest()}.mp4"
    assert names(house) == {picture, film}
    assert (await house.job(job.id)).picture == picture
    files = await house.memory.files.of_job(job.id)
    assert [(file.part, file.name) for file in files] == [(0, picture), (1, film)]
    assert house.api.downloads == []


async def test_files_of_a_former_version_are_put_in_order_when_they_are_first_used(house: House) -> None:
    content = plain((64, 64))
    job = await as_before(house, content)

    found = await asyncio.gather(*(house.engine.pictures.thumbnail(job) for _ in range(3)))
    media = await house.engine.pictures.obtain(job)
    more = await house.engine.pictures.more(job, 10**6, None)

    assert None not in found
    assert media is not None
    assert [path.read_bytes() for path in (media.path, *(film.path for film in more))] == [content, FILM]
    await in_order(house, job, content)


async def test_files_of_a_former_version_are_put_in_order_by_the_upkeep_with_their_age(house: House) -> None:
    content = plain((64, 64))
    job = await as_before(house, content)
    (folder(house) / f"{'0' * 26}.png").write_bytes(b"nobody's")
    await clear(house, life=timedelta(days=30))
    await in_order(house, job, content)

    await clear(house, life=timedelta(days=19))
    assert names(house) == set()


async def test_a_former_file_whose_second_name_was_written_down_before_a_kill_is_only_taken_away(house: House) -> None:
    content = plain((64, 64))
    job = await made(house, content)
    (folder(house) / f"{job.id}.png").write_bytes(content)
    await clear(house)
    assert names(house) == {job.picture}


async def test_former_files_of_a_deleted_job_go_with_it(house: House) -> None:
    job = await as_before(house, plain((64, 64)))
    await house.engine.services.deletions.delete(house.origin(), job.id)
    assert names(house) == set()


async def test_a_former_file_stays_when_its_new_name_could_not_be_written_down(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(file: KeptFile, url: str | None = None) -> bool:
        del file, url
        raise asyncio.CancelledError

    content = plain((64, 64))
    job = await as_before(house, content)
    with monkeypatch.context() as patched:
        patched.setattr(house.memory.files, "keep", killed)
        with pytest.raises(asyncio.CancelledError):
            await house.engine.pictures.obtain(job)
    house.api.media_errors += [MediaUnavailable("gone")] * 9
    media = await house.engine.pictures.obtain(replace(job))
    assert media is not None
    assert media.path.read_bytes() == content
