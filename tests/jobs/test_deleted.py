"""A job that was deleted is shown to nobody: not while it was due, not on its way, not late."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.errors import DiscordUnavailable, NotAllowed
from bot.model import Status

if TYPE_CHECKING:
    import pytest

    from bot.jobs.ports import Parcel, Posted
    from bot.model import Job, Media
    from tests.jobs.conftest import House


async def succeeded(house: House) -> str:
    """Return a job that has succeeded and is due to be delivered."""
    job_id, task_id = await house.running()
    house.api.finish(task_id)
    house.clock.advance(8)
    await house.engine.tracker.step()
    await house.engine.tracker.drain()
    return job_id


async def delete(house: House, job_id: str) -> None:
    await house.engine.services.deletions.delete(house.origin(), job_id)


def pictures(house: House) -> list[str]:
    folder = house.folder / "pictures"
    return [path.name for path in folder.iterdir()] if folder.is_dir() else []


async def test_what_was_deleted_while_it_was_due_is_not_posted(house: House) -> None:
    job_id = await succeeded(house)
    await delete(house, job_id)
    await house.pass_time(30)
    assert house.discord.messages == []
    assert pictures(house) == []


async def test_what_was_deleted_while_discord_was_down_is_not_posted(house: House) -> None:
    house.discord.before["post"].append(DiscordUnavailable("503"))
    job_id = await succeeded(house)
    await house.settle()
    await delete(house, job_id)
    await house.pass_time(60)
    assert house.discord.messages == []
    assert pictures(house) == []


async def test_what_was_deleted_while_its_picture_was_being_fetched_is_not_posted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    obtain = house.engine.pictures.obtain

    async def slow(job: Job) -> Media | None:
        media = await obtain(job)
        await delete(house, job.id)
        return media

    monkeypatch.setattr(house.engine.pictures, "obtain", slow)
    await succeeded(house)
    await house.pass_time(10)
    assert house.discord.messages == []
    assert pictures(house) == []


async def test_what_was_deleted_between_the_fetching_of_two_videos_leaves_nothing_on_our_disk(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit = house.engine.pictures.fit
    job_id, task_id = await house.running()

    async def slow(media: Media, limit: int) -> Media:
        await delete(house, job_id)
        return await fit(media, limit)

    monkeypatch.setattr(house.engine.pictures, "fit", slow)
    house.api.finish(task_id)
    urls = ("https://cdn.example/1.mp4", "https://cdn.example/2.mp4")
    house.api.tasks[task_id] = replace(house.api.tasks[task_id], video_urls=urls)
    await house.pass_time(12)
    assert len(house.api.downloads) == 2
    assert house.discord.messages == []
    assert pictures(house) == []


async def test_what_was_deleted_while_it_was_being_posted_is_taken_away_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = house.discord.post

    async def slow(parcel: Parcel) -> Posted:
        posted = await post(parcel)
        await delete(house, parcel.job.id)
        return posted

    monkeypatch.setattr(house.discord, "post", slow)
    await succeeded(house)
    await house.pass_time(10)
    assert house.discord.messages == []
    assert pictures(house) == []


async def test_what_was_deleted_after_it_expired_stays_away_when_it_ends_after_all(house: House) -> None:
    job_id, task_id = await house.running()
    await house.pass_time(76 * 60, every=20)
    assert (await house.job(job_id)).status is Status.EXPIRED
    await delete(house, job_id)
    house.api.finish(task_id)
    await house.pass_time(10 * 60, every=20)
    assert house.discord.messages == []
    assert pictures(house) == []


async def test_a_result_does_not_name_a_parent_that_was_deleted_meanwhile(house: House) -> None:
    grid = await house.finished()
    job_id = (await house.press(grid, 5)).job.id
    await house.settle()
    await delete(house, grid)
    house.api.finish(house.api.charges[-1].task_id)
    await house.pass_time(12)
    (message,) = house.discord.messages
    assert (message.parcel.job.id, message.parcel.parent) == (job_id, None)


async def test_a_failure_that_was_deleted_in_the_moment_of_being_told_is_not_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    close_book = house.engine.reporter.close_book
    job_id, task_id = await house.running()

    async def slow(closed: str) -> None:
        await close_book(closed)
        await delete(house, closed)

    monkeypatch.setattr(house.engine.reporter, "close_book", slow)
    house.api.fail(task_id, "Internal Server Error")
    await house.pass_time(10)
    assert (await house.job(job_id)).deleted_at is not None
    assert not house.discord.words


async def test_a_message_that_discord_could_not_take_away_goes_later(house: House) -> None:
    job_id = await house.finished()
    house.discord.before["remove_post"] += [DiscordUnavailable("503"), DiscordUnavailable("503")]
    await delete(house, job_id)
    deletions = house.engine.services.deletions
    for minutes in (1, 2, 10):
        assert len(house.discord.messages) == 1
        house.clock.advance(minutes * 60)
        await deletions.finish()
    assert house.discord.messages == []
    house.discord.closed["remove_post"] = NotAllowed("asked once more")
    await deletions.finish()
    assert await house.memory.takedowns.open(house.clock.now(), 10) == []


async def test_a_message_that_a_kill_left_behind_goes_after_the_next_start(house: House) -> None:
    job_id = await house.finished()
    await house.store.delete(job_id, house.clock.now())  # … and the process ends before Discord is asked
    await house.restart()
    house.clock.advance(150)
    await house.engine.services.deletions.finish()
    assert house.discord.messages == []


async def test_a_message_that_must_not_be_taken_away_is_asked_about_once(house: House) -> None:
    job_id = await house.finished()
    house.discord.before["remove_post"].append(NotAllowed("no"))
    await delete(house, job_id)
    house.clock.advance(150)
    await house.engine.services.deletions.finish()
    assert len(house.discord.messages) == 1
    assert await house.memory.takedowns.open(house.clock.now(), 10) == []
