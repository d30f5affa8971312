# pyright: reportPrivateUsage=false
"""Deliveries when things come together: a late success, a database that refuses, an answer that nobody recorded."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.errors import DiscordUnavailable, MediaUnavailable, NotAllowed, StorageError
from bot.model import DeliveryStatus, Speed, Status

if TYPE_CHECKING:
    import pytest

    from bot.jobs.ports import Parcel, Posted
    from tests.jobs.conftest import House


async def look(house: House, seconds: float) -> None:
    """Let time pass and only the tracker work."""
    house.clock.advance(seconds)
    await house.engine.tracker.step()
    await house.engine.tracker.drain()


async def succeeded(house: House) -> str:
    """Return a job that has succeeded and is not delivered."""
    job_id, task_id = await house.running()
    house.api.finish(task_id)
    await look(house, 8)
    return job_id


async def test_a_picture_that_comes_while_its_expiry_is_still_being_told_is_posted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id, task_id = await house.running()
    await house.pass_time(74 * 60, every=20)
    telling, told, edit = asyncio.Event(), asyncio.Event(), house.discord.edit_answer

    async def slow(parcel: Parcel) -> Posted:
        telling.set()
        await told.wait()
        return await edit(parcel)

    monkeypatch.setattr(house.discord, "edit_answer", slow)
    while (await house.job(job_id)).status is not Status.EXPIRED:
        await look(house, 5)
    await house.engine.courier.step()
    await telling.wait()
    house.api.finish(task_id)
    while (await house.job(job_id)).status is not Status.SUCCEEDED:
        await look(house, 10)
    told.set()
    await house.engine.courier.drain()
    await house.pass_time(60)
    assert [message.parcel.job.status for message in house.discord.messages] == [Status.SUCCEEDED]


async def test_an_outage_of_discord_does_not_use_up_the_patience_with_unforeseen_faults(house: House) -> None:
    house.discord.before["post"].extend(DiscordUnavailable("503") for _ in range(30))
    house.discord.before["post"].append(RuntimeError("once"))  # pyright: ignore[reportArgumentType] - the point
    await succeeded(house)
    await house.pass_time(30 * 60, every=5)
    assert len(house.discord.messages) == 1


async def test_a_database_that_refuses_is_no_reason_to_give_a_picture_up_or_to_fetch_it_in_a_circle(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise StorageError("disk full")

    await succeeded(house)
    with monkeypatch.context() as patch:
        for method in ("note", "note_delivery", "move_delivery"):
            patch.setattr(house.store, method, refuse)
        for _ in range(1000):  # as often as the event loop turns: a failure must not start the next try by itself
            house.engine._delivery_due.clear()
            await house.engine.courier.step()
            await house.engine.courier.drain()
            assert not house.engine._delivery_due.is_set()
        assert len(house.api.downloads) == 1
        await house.pass_time(600)
        assert len(house.api.downloads) < 40
    await house.pass_time(40)
    assert len(house.discord.messages) == 1


async def test_a_result_in_an_answer_whose_id_nobody_knew_is_not_taken_away_as_progress(house: House) -> None:
    house.discord.closed["post"] = NotAllowed("50001")
    receipt = await house.engine.services.jobs.imagine(house.origin(), "a fox", Speed.FAST)
    await house.engine.services.jobs.answered(receipt.job.id, None)
    await house.settle()
    house.api.finish(house.api.charges[0].task_id)
    await house.pass_time(8)
    assert house.discord.words[receipt.job.id][-1].media is not None
    assert house.discord.removed == []


async def test_a_link_in_the_answer_is_replaced_there_where_the_bot_itself_may_do_nothing(house: House) -> None:
    house.discord.closed.update(post=NotAllowed("50001"), edit_post=NotAllowed("50001"))
    house.api.media_errors.extend(MediaUnavailable("404") for _ in range(2))
    job_id = await succeeded(house)
    await house.pass_time(90)
    assert [parcel.media is not None for parcel in house.discord.words[job_id]] == [False, True]


async def test_a_link_that_was_found_posted_is_still_replaced_by_its_picture(house: House) -> None:
    house.api.media_errors.extend(MediaUnavailable("404") for _ in range(2))
    house.discord.after["post"].append(DiscordUnavailable("reset"))
    await succeeded(house)
    await house.pass_time(120)
    (message,) = house.discord.messages
    assert message.edits[-1].media is not None


async def test_a_success_that_names_no_picture_gets_it_when_the_api_does(house: House) -> None:
    job_id, task_id = await house.running()
    house.api.finish(task_id, picture_url=None)
    await house.pass_time(60)
    assert (await house.job(job_id)).delivery.status is DeliveryStatus.LINKED
    house.api.finish(task_id)
    await house.pass_time(60)
    (message,) = house.discord.messages
    assert message.edits[-1].media is not None
    assert (await house.engine.services.library.open(house.origin(), job_id)).media is not None


async def test_an_answer_that_turns_up_after_the_job_was_cancelled_says_so(house: House) -> None:
    receipt = await house.engine.services.jobs.imagine(house.origin(), "a fox", Speed.FAST)
    house.clock.advance(61)
    await house.engine.answers.step()
    await house.settle()
    assert (await house.job(receipt.job.id)).delivery.status is DeliveryStatus.KEPT
    await house.engine.services.jobs.answered(receipt.job.id, 8001)
    await house.pass_time(5)
    assert [parcel.job.status for parcel in house.discord.words[receipt.job.id]] == [Status.CANCELLED]
    assert house.api.charges == []


async def test_an_answer_that_is_recorded_in_the_moment_of_being_left_unsaid_is_said(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = await house.engine.services.jobs.imagine(house.origin(), "a fox", Speed.FAST)
    await house.engine.services.jobs.cancel(house.origin(), receipt.job.id)
    actions = house.store.actions

    async def meanwhile(job_id: str) -> object:
        await house.engine.services.jobs.answered(job_id, 8001)
        return await actions(job_id)

    monkeypatch.setattr(house.store, "actions", meanwhile)  # the courier has read the job, and has not moved it yet
    await house.pass_time(5)
    assert [parcel.job.status for parcel in house.discord.words[receipt.job.id]] == [Status.CANCELLED]
