"""A Discord that refuses: for minutes, in one place or everywhere. We do not hammer it, and nothing is lost."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import discord
import pytest

from bot.connection.restraint import Thresholds
from bot.model import DeliveryStatus, Status
from sandbox.discord import DiscordFault
from tests.discord.bad_days import ShortClock
from tests.discord.conftest import Bot, eventually

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.model import Job
    from sandbox.discord import Call, Channel, DiscordSandbox, Message

POST: Final = "POST /channels/{channel_id}/messages"
MOST: Final = 60
TEN_MINUTES: Final = 601


@pytest.fixture
async def bot(world: DiscordSandbox, tmp_path: Path) -> AsyncIterator[Bot]:
    """Return a bot whose time can be moved on, and that takes sixty refusals for as many as can be borne."""
    bot = Bot(world, tmp_path)
    bot.clock = bot.line_clock = ShortClock()
    bot.options = {"thresholds": Thresholds(alert=MOST // 2, deliveries=MOST, everything=2 * MOST)}
    await bot.start()
    yield bot
    await bot.stop()


def pass_time(bot: Bot, seconds: float) -> None:
    assert isinstance(bot.clock, ShortClock)
    bot.clock.advance(seconds)


async def running(bot: Bot, count: int, channel: Channel | None = None) -> list[Call]:
    """Have the member ask for so many pictures, and return the interactions once Midjourney has them all."""
    world = bot.discord.world
    person, before = bot.discord.person(world.member), len(bot.api.charges)
    calls = [
        await person.slash("imagine", {"prompt": f"fox {number}"}, channel=channel or world.general)
        for number in range(count)
    ]
    await asyncio.gather(*(call.answer() for call in calls))
    await bot.submitted(before + count)
    return calls


def finish_all(bot: Bot) -> None:
    for charge in bot.api.charges:
        bot.api.finish(charge.task_id)


def pictures(bot: Bot, channel: Channel | None = None) -> list[Message]:
    """Return all messages with a picture in a channel, deleted ones included."""
    found = bot.discord.messages(channel or bot.discord.world.general, deleted=True)
    return [message for message in found if message.attachments]


async def delivered(bot: Bot, count: int) -> list[Job]:
    """Return the member's jobs once so many of them need nothing more."""

    async def look() -> list[Job] | None:
        jobs = await bot.made()
        made = [job for job in jobs if job.status is Status.SUCCEEDED]
        done = [job for job in made if job.delivery.status in {DeliveryStatus.DELIVERED, DeliveryStatus.KEPT}]
        return done if len(done) == count else None

    return await eventually(look)


async def until(bot: Bot, seconds: float = 1.0, *, refused: int) -> int:
    """Return how many requests were refused, once that is enough or so much time has passed."""
    counters = bot.discord.counters
    with suppress(TimeoutError):
        await bot.discord.wait_until(lambda: counters.invalid_requests >= refused, timeout=seconds)
    return counters.invalid_requests


@pytest.mark.parametrize("scope", ["user", "global"])
async def test_in_a_storm_of_429_refusals_stay_below_the_bound_and_afterwards_each_picture_comes_once(
    bot: Bot, scope: str
) -> None:
    await running(bot, 9)
    bot.discord.faults.set(
        DiscordFault.RATE_LIMITED, times=None, seconds=0.005, scope="global" if scope == "global" else "user"
    )
    finish_all(bot)
    assert await until(bot, 4, refused=MOST) == MOST
    await asyncio.sleep(0.5)  # nothing comes of this that could be waited for
    pass_time(bot, 300)  # every delivery is due again
    await asyncio.sleep(0.5)
    assert bot.discord.counters.invalid_requests == bot.client.restraint.invalid_requests == MOST
    assert pictures(bot) == []
    bot.discord.faults.clear()
    pass_time(bot, TEN_MINUTES)
    await delivered(bot, 9)
    assert len(pictures(bot)) == 9


async def test_a_banned_address_sends_nothing_until_the_ban_is_over(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    await running(bot, 6)
    requests = bot.discord.counters.requests
    bot.discord.faults.set(DiscordFault.CLOUDFLARE, times=None, seconds=1800)
    finish_all(bot)
    assert await until(bot, refused=1)
    await asyncio.sleep(0.1)  # what was under way already
    before = sum(requests.values())
    call = await bot.imagine("a fox that nobody hears")
    for _ in range(10):
        pass_time(bot, 170)
        await asyncio.sleep(0.1)
    assert sum(requests.values()) == before
    assert "shut this machine's address out" in caplog.text
    assert call.first is None
    bot.discord.faults.clear()
    pass_time(bot, 170)
    await delivered(bot, 6)
    assert len(pictures(bot)) == 6
    assert len(bot.api.charges) == 6  # nobody saw that it was taken, so it was not sent


async def test_a_channel_that_asks_for_half_an_hour_holds_up_no_other(bot: Bot) -> None:
    world = bot.discord.world
    await running(bot, 5)
    struck = bot.discord.faults.set(DiscordFault.RATE_LIMITED, POST, times=1, seconds=1800)
    finish_all(bot)
    await bot.discord.wait_until(lambda: struck.is_spent)
    await running(bot, 1, world.gallery)
    finish_all(bot)
    await bot.discord.wait_until(lambda: bool(pictures(bot, world.gallery)))
    pass_time(bot, 1000)
    await asyncio.sleep(0.3)
    assert pictures(bot) == []
    assert bot.discord.counters.invalid_requests == 1
    pass_time(bot, 1000)
    await delivered(bot, 6)
    assert len(pictures(bot)) == 5


async def test_suggestions_are_the_first_to_go(bot: Bot) -> None:
    world = bot.discord.world
    bot.discord.faults.set(DiscordFault.RATE_LIMITED, "GET /users/{id}", times=MOST // 2, seconds=0.001)
    for _ in range(MOST // 2):
        with pytest.raises(discord.HTTPException):
            await bot.client.http.get_user(1)
    asking = asyncio.create_task(
        bot.discord.person(world.member).autocomplete("imagine", "prompt", "f", channel=world.general)
    )
    (call,) = await running(bot, 1)
    assert call.first is not None
    asking.cancel()
    assert len([done for done in bot.discord.calls if done.first is None]) == 1


async def test_a_channel_in_which_we_may_not_speak_is_asked_once_for_all(bot: Bot) -> None:
    world, count = bot.discord.world, 9
    calls = await running(bot, count)
    bot.discord.deny(world.general, "SEND_MESSAGES")
    finish_all(bot)
    await delivered(bot, count)
    assert bot.discord.counters.requests[POST] == 1
    assert all(call.message is not None and call.message.attachments for call in calls)


async def test_a_channel_that_shuts_us_out_after_the_token_has_expired_is_hardly_asked_at_all(bot: Bot) -> None:
    world, count = bot.discord.world, 9
    await running(bot, count)
    bot.discord.deny(world.general, "VIEW_CHANNEL")
    bot.discord.advance(3600)
    pass_time(bot, 3600)
    finish_all(bot)
    jobs = await delivered(bot, count)
    assert {job.delivery.channel_id for job in jobs} == {world.dm(world.member).id}
    assert len(pictures(bot, world.dm(world.member))) == count
    assert bot.discord.counters.invalid_requests <= 3


@pytest.mark.parametrize("locked", [False, True])
async def test_a_thread_that_was_put_away_in_the_meantime(bot: Bot, *, locked: bool) -> None:
    world = bot.discord.world
    (call,) = await running(bot, 1, world.thread)
    bot.discord.archive(world.thread, locked=locked)
    finish_all(bot)
    (job,) = await delivered(bot, 1)
    assert (job.status, job.delivery.status) == (Status.SUCCEEDED, DeliveryStatus.DELIVERED)
    shown = [*pictures(bot, world.thread), *pictures(bot, world.dm(world.member))]
    assert len(shown) == 1
    assert (shown[0] is call.message) is locked


async def test_a_server_that_throws_us_out_in_mid_job_still_brings_its_people_their_pictures(bot: Bot) -> None:
    world = bot.discord.world
    await running(bot, 4)
    bot.discord.remove_bot(world.guild)
    finish_all(bot)
    jobs = await delivered(bot, 4)
    assert {job.delivery.status for job in jobs} == {DeliveryStatus.DELIVERED}
    assert len(pictures(bot)) + len(pictures(bot, world.dm(world.member))) == 4
    assert bot.discord.counters.invalid_requests <= 3


@pytest.mark.parametrize("fault", [DiscordFault.ERROR_AFTER, DiscordFault.DROP_AFTER, DiscordFault.UNAVAILABLE])
async def test_an_answer_that_becomes_the_result_does_so_once_whatever_discord_says(
    bot: Bot, fault: DiscordFault
) -> None:
    world = bot.discord.world
    (call,) = await running(bot, 1)
    bot.discord.deny(world.general, "SEND_MESSAGES")
    edit = "PATCH /webhooks/{application_id}/{interaction_token}/messages/@original"
    struck = bot.discord.faults.set(fault, edit, times=1)
    finish_all(bot)
    await delivered(bot, 1)
    assert struck.is_spent
    assert [message.id for message in pictures(bot)] == [call.message.id if call.message else None]
