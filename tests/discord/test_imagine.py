"""`/imagine` from typing to the picture, on the wire."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import pytest

from bot.errors import CometBanned, StorageError
from bot.log.setup import is_news
from bot.model import Speed, Status
from sandbox.discord import DiscordFault, InteractionFailed
from tests.discord.conftest import eventually

if TYPE_CHECKING:
    from bot.model import Entry, Job, NewJob
    from tests.discord.conftest import Bot

CALLBACK = "POST /interactions/{id}/{token}/callback"
ORIGINAL = "/webhooks/{application_id}/{token}/messages/@original"


async def test_a_prompt_becomes_a_picture_with_its_buttons(bot: Bot) -> None:
    call = await bot.imagine("a fox in the snow", aspect="3:2", model="Midjourney 7", speed="turbo")
    answer = await call.answer()
    assert answer.message is not None
    assert not answer.ephemeral
    assert "Waiting to start" in answer.message.content
    task_id = await bot.submitted()
    assert bot.api.charges[0].what == "a fox in the snow --ar 3:2 --v 7"
    assert bot.api.charges[0].speed is Speed.TURBO
    bot.api.finish(task_id)
    picture = await bot.picture("a fox in the snow")
    assert picture.mentions == [bot.discord.world.member.id]
    assert [button.label or button.emoji for button in picture.buttons()] == [
        *("U1", "U2", "U3", "U4"),
        *("V1", "V2", "V3", "V4"),
        "Details",
    ]
    assert picture.attachments[0].filename.startswith("easel-")
    assert picture.attachments[0].description == "Imagine: a fox"
    await bot.discord.wait_until(lambda: call.message is None)


async def test_aspects_are_suggested_and_free_text_is_taken(bot: Bot) -> None:
    member, general = bot.discord.person(bot.discord.world.member), bot.discord.world.general
    choices = await member.autocomplete("imagine", "aspect", "16", channel=general)
    assert "16:9" in [choice.value for choice in choices]
    await bot.imagine("a fox", aspect="7:5")
    await bot.submitted()
    assert bot.api.charges[0].what == "a fox --ar 7:5"


async def test_suggestions_that_come_too_late_are_nothing_for_the_owners_log(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    member = bot.discord.person(bot.discord.world.member)
    bot.discord.faults.set(DiscordFault.SLOW, CALLBACK, seconds=0.2)
    with pytest.raises(InteractionFailed):
        await member.autocomplete("imagine", "aspect", "16", channel=bot.discord.world.general, timeout=0.1)
    bot.discord.advance(4)

    async def told() -> list[logging.LogRecord]:
        return [record for record in caplog.records if "in autocomplete for 'imagine'" in record.getMessage()]

    assert not any(is_news(record) for record in await eventually(told))
    assert not any(record.exc_info and is_news(record) for record in caplog.records)


async def test_a_prompt_that_cannot_be_sent_is_refused_privately_and_costs_nothing(bot: Bot) -> None:
    answer = await (await bot.imagine("a fox --chaos 500")).answer()
    assert answer.ephemeral
    assert answer.message is not None
    assert "chaos" in answer.message.content
    assert await bot.made() == []


async def test_a_refused_prompt_says_so_in_the_progress_message(bot: Bot) -> None:
    bot.api.refusals.append(CometBanned("Banned prompt", word="gore"))
    call, _ = await bot.asked()
    await bot.discord.wait_until(lambda: call.message is not None and "“gore”" in call.message.content)
    assert bot.api.charges == []


async def test_progress_is_shown_with_its_preview(bot: Bot) -> None:
    call, job = await bot.asked()
    task_id = await bot.submitted()
    running = await bot.until(job.id, Status.RUNNING)
    await bot.store.note(job.id, {"progress": 46, "preview_url": "https://cdn.example/p.webp"}, running.updated_at)
    await bot.delivery.show_progress(await bot.job(job.id))
    assert call.message is not None
    assert "46 %" in call.message.content
    assert call.message.embeds[0]["image"]["url"] == "https://cdn.example/p.webp"
    assert task_id


async def test_a_queued_job_can_be_cancelled(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never_due(*_: object) -> list[Job]:
        return []

    monkeypatch.setattr(bot.store, "due_submits", never_due)
    call, job = await bot.asked()
    assert call.message is not None
    other = bot.discord.person(bot.discord.world.guest)
    refusal = await (await other.click(call.message, label="Cancel")).answer()
    assert refusal.ephemeral
    assert (await bot.job(job.id)).status is Status.QUEUED
    click = await bot.discord.person(bot.discord.world.member).click(call.message, label="Cancel")
    await click.answer()
    assert "Canceled" in call.message.content
    assert [button.label for button in call.message.buttons()] == ["Details"]
    assert (await bot.job(job.id)).status is Status.CANCELLED


async def test_an_answer_that_fails_withdraws_the_job(bot: Bot) -> None:
    bot.discord.faults.set(DiscordFault.FORBIDDEN, CALLBACK, times=1)
    await bot.imagine()
    (job,) = await bot.jobs()
    await bot.until(job.id, Status.CANCELLED)
    assert bot.api.charges == []


async def test_an_answer_that_comes_too_late_withdraws_the_job(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    add = bot.store.add

    async def late(new: NewJob) -> tuple[Entry, Job]:
        bot.discord.advance(4)
        return await add(new)

    monkeypatch.setattr(bot.store, "add", late)
    caplog.set_level(logging.INFO, "cogs.messages.replies")
    await bot.imagine()
    (job,) = await bot.jobs()
    await bot.until(job.id, Status.CANCELLED)

    async def noticed() -> bool:
        return "out of reach" in caplog.text

    await eventually(noticed)
    assert bot.api.charges == []
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


async def test_an_answer_that_arrived_although_the_line_was_cut_counts(bot: Bot) -> None:
    bot.discord.faults.set(DiscordFault.DROP_AFTER, CALLBACK, times=1)
    call = await bot.imagine()
    await call.answer()
    await bot.submitted()
    (job,) = await bot.jobs()
    assert call.message is not None
    assert job.delivery.answer_message_id == call.message.id


async def test_an_answer_that_was_lost_with_the_line_is_given_again(bot: Bot) -> None:
    bot.discord.faults.set(DiscordFault.DROP_BEFORE, CALLBACK, times=1)
    call = await bot.imagine()
    await call.answer()
    await bot.submitted()


async def test_an_answer_acknowledged_twice_counts_once(bot: Bot) -> None:
    bot.discord.faults.set(DiscordFault.ERROR_AFTER, CALLBACK, times=1)  # discord.py repeats it and gets 40060
    call = await bot.imagine()
    await call.answer()
    await bot.submitted()
    (job,) = await bot.jobs()
    assert job.delivery.answer_message_id == (call.message and call.message.id)


async def test_a_replayed_event_makes_no_second_job_and_no_noise(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    call, job = await bot.asked()
    caplog.set_level(logging.INFO, "cogs.messages.replies")
    bot.discord.replay(call)

    async def noticed() -> bool:
        return "out of reach" in caplog.text

    await eventually(noticed)
    assert [one.id for one in await bot.jobs()] == [job.id]
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


def make_slow(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the database take longer than people are let wait."""
    add = bot.store.add

    async def slow(new: NewJob) -> tuple[Entry, Job]:
        await asyncio.sleep(0.3)
        return await add(new)

    monkeypatch.setattr("cogs.messages.replies.PATIENCE_S", 0.05)
    monkeypatch.setattr(bot.store, "add", slow)


async def test_a_slow_database_is_waited_for_in_public(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    make_slow(bot, monkeypatch)
    call = await bot.imagine()
    assert (await call.answer()).type == 5
    await bot.submitted()
    assert call.message is not None
    (job,) = await bot.jobs()
    assert job.delivery.answer_message_id == call.message.id


async def test_whoever_waits_is_told_later_where_discord_refuses_the_answer(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_slow(bot, monkeypatch)
    bot.discord.faults.set(DiscordFault.RATE_LIMITED, f"PATCH {ORIGINAL}", times=None, seconds=0.001)
    call = await bot.imagine()
    assert (await call.answer()).type == 5

    async def withdrawn() -> bool:
        (job,) = await bot.jobs()
        return job.status is Status.CANCELLED and job.answered_at is not None

    await eventually(withdrawn)
    bot.discord.faults.clear()
    await bot.discord.wait_until(lambda: call.message is not None and "Canceled" in call.message.text(), timeout=8)
    assert bot.api.charges == []


async def test_whoever_waits_while_the_bot_stops_is_told_after_the_next_start(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_slow(bot, monkeypatch)
    bot.discord.faults.set(DiscordFault.SLOW, f"PATCH {ORIGINAL}", times=1, seconds=60)
    call = await bot.imagine()
    assert (await call.answer()).type == 5
    await eventually(bot.jobs)
    await bot.restart()
    await bot.discord.wait_until(lambda: call.message is not None and bool(call.message.text()), timeout=8)
    assert call.message is not None
    assert "Canceled" in call.message.text()
    assert bot.api.charges == []


async def test_a_database_that_refuses_is_told_and_costs_nothing(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(new: NewJob) -> tuple[Entry, Job]:
        raise StorageError(f"disk full at {new.id}")

    monkeypatch.setattr(bot.store, "add", broken)
    answer = await (await bot.imagine()).answer()
    assert answer.ephemeral
    assert answer.message is not None
    assert "nothing was sent" in answer.message.content


async def test_an_answer_that_cannot_be_recorded_is_taken_back(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> Job | None:
        raise StorageError("disk full")

    monkeypatch.setattr(bot.store, "answered", broken)
    call = await bot.imagine()
    await call.answer()
    await bot.discord.wait_until(lambda: bool(call.followups))
    assert "nothing was charged" in call.followups[0].content
    assert call.followups[0].ephemeral_to == call.user.id
    assert call.message is None
    (job,) = await bot.jobs()
    assert job.status is Status.CANCELLED
    assert bot.api.charges == []


async def test_an_unexpected_error_is_answered_with_a_reference(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(new: NewJob) -> tuple[Entry, Job]:
        raise ZeroDivisionError(new.id)

    monkeypatch.setattr(bot.store, "add", broken)
    answer = await (await bot.imagine()).answer()
    assert answer.ephemeral
    assert answer.message is not None
    assert "went wrong on my side" in answer.message.content


async def test_it_works_in_direct_messages(bot: Bot) -> None:
    world = bot.discord.world
    dm = world.dm(world.member)
    await bot.discord.person(world.member).slash("imagine", {"prompt": "a fox"}, channel=dm)
    bot.api.finish(await bot.submitted())
    picture = await bot.picture("a fox")
    assert picture.channel is dm


async def test_where_the_bot_may_not_post_the_answer_shows_the_picture(bot: Bot) -> None:
    world = bot.discord.world
    bot.discord.deny(world.general, "SEND_MESSAGES")
    call = await bot.imagine()
    bot.api.finish(await bot.submitted())
    picture = await bot.picture("a fox")
    assert picture is call.message


def refuse_writes(bot: Bot, monkeypatch: pytest.MonkeyPatch, *methods: str) -> None:
    """Let the database refuse until the next process."""

    async def refuse(*_: object, **__: object) -> None:
        raise StorageError("disk full")

    for method in methods:
        monkeypatch.setattr(bot.store, method, refuse)


async def cancelled_after_restart(bot: Bot) -> bool:
    """Tell whether the member's only job ends cancelled, and unpaid, in the next process."""
    await bot.restart()
    (job,) = await bot.jobs()

    async def left() -> Job | None:
        found = await bot.job(job.id)
        return found if found.status is not Status.QUEUED else None

    return (await eventually(left)).status is Status.CANCELLED and bot.api.charges == []


async def test_what_could_be_neither_recorded_nor_withdrawn_is_never_sent_after_the_person_saw_a_failure(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_writes(bot, monkeypatch, "answered", "transition")
    call = await bot.imagine()
    await bot.discord.wait_until(lambda: bool(call.followups))
    assert "nothing was sent" in call.followups[0].content
    assert call.message is None
    assert await cancelled_after_restart(bot)


async def test_an_error_in_the_place_of_the_answer_is_not_taken_for_the_answer(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot.discord.faults.set(DiscordFault.FORBIDDEN, CALLBACK, times=1)
    refuse_writes(bot, monkeypatch, "transition")
    answer = await (await bot.imagine()).answer()
    assert answer.message is not None
    assert "went wrong on my side" in answer.message.content
    assert await cancelled_after_restart(bot)


async def test_thinking_is_an_answer(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    add, written = bot.store.add, asyncio.Event()

    async def slow(new: NewJob) -> tuple[Entry, Job]:
        made = await add(new)
        await written.wait()
        return made

    monkeypatch.setattr("cogs.messages.replies.PATIENCE_S", 0.05)
    monkeypatch.setattr(bot.store, "add", slow)
    call = await bot.imagine()
    assert (await call.answer()).type == 5
    (job,) = await bot.jobs()
    assert await bot.delivery.find_answer(job) == (call.message and call.message.id)
    written.set()
    await bot.submitted()
