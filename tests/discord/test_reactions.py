"""✉️ ❌ ⭐ on our messages, from the gateway to what comes of them, for people used to the official bot."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.errors import StorageError
from bot.model import Status
from cogs.components.reactions import Reactions
from sandbox.discord import DiscordFault
from tests.discord.conftest import eventually

if TYPE_CHECKING:
    from bot.model import Job
    from sandbox.discord import Message, User
    from tests.discord.conftest import Bot


async def react(bot: Bot, message: Message, emoji: str, who: User | None = None, *, on: bool = True) -> None:
    """Have somebody, the member unless named, react."""
    await bot.discord.person(who or bot.discord.world.member).react(message, emoji, on=on)


async def told(bot: Bot, who: User) -> str:
    """Return the first direct message that somebody gets."""
    await bot.discord.wait_until(lambda: bool(bot.discord.messages(bot.discord.world.dm(who))))
    return bot.discord.messages(bot.discord.world.dm(who))[0].content


async def owners_grid(bot: Bot) -> Message:
    """Return a finished picture of the owner's, which to the member is a stranger's."""
    world = bot.discord.world
    await bot.discord.person(world.owner).slash("imagine", {"prompt": "a crown"}, channel=world.general)
    bot.api.finish(await bot.submitted())
    return await bot.picture("a crown")


async def favorite(bot: Bot, message: Message, *, wanted: bool = True) -> None:
    """Wait until the picture is a favorite of the member's, or none."""
    job = await bot.job_of(message)

    async def look() -> bool:
        return await bot.memory.people.is_favorite(bot.discord.world.member.id, job.id) is wanted

    await eventually(look)


@pytest.mark.parametrize("envelope", ["✉️", "✉"])
async def test_an_envelope_sends_a_copy(bot: Bot, envelope: str) -> None:
    grid = await bot.grid()
    await react(bot, grid, envelope)
    assert "a fox" in await told(bot, bot.discord.world.member)
    assert len(bot.api.charges) == 1


async def test_a_cross_of_its_author_deletes_a_result(bot: Bot) -> None:
    grid = await bot.grid()
    await react(bot, grid, "❌")
    await bot.discord.wait_until(lambda: grid.deleted)
    assert (await bot.job((await bot.job_of(grid)).id)).deleted_at is not None


async def test_a_cross_of_a_moderator_deletes_a_result(bot: Bot) -> None:
    grid = await bot.grid()
    await react(bot, grid, "❌", bot.discord.world.owner)
    await bot.discord.wait_until(lambda: grid.deleted)


async def test_a_cross_of_a_stranger_is_answered_to_them_alone(bot: Bot) -> None:
    crown = await owners_grid(bot)
    await react(bot, crown, "❌")
    assert "or a moderator" in await told(bot, bot.discord.world.member)
    assert not crown.deleted
    assert [message.id for message in bot.discord.messages(bot.discord.world.general)] == [crown.id]


async def test_a_cross_cancels_what_waits(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never_due(*_: object) -> list[object]:
        return []

    monkeypatch.setattr(bot.store, "due_submits", never_due)
    call, job = await bot.asked()
    assert call.message is not None
    await react(bot, call.message, "❌")
    await bot.until(job.id, Status.CANCELLED)
    await bot.discord.wait_until(lambda: call.message is not None and "nothing was charged" in call.message.content)


async def test_a_cross_on_what_is_under_way_is_explained(bot: Bot) -> None:
    call, job = await bot.asked()
    await bot.until(job.id, Status.RUNNING)
    assert call.message is not None
    await react(bot, call.message, "❌")
    assert "still under way" in await told(bot, bot.discord.world.member)
    assert (await bot.job(job.id)).status is Status.RUNNING


async def test_a_star_makes_a_favorite_until_it_is_taken_off(bot: Bot) -> None:
    grid = await bot.grid()
    await react(bot, grid, "⭐")
    await favorite(bot, grid)
    await react(bot, grid, "⭐", on=False)
    await favorite(bot, grid, wanted=False)


async def test_a_reaction_from_after_a_restart_counts(bot: Bot) -> None:
    grid = await bot.grid()
    await bot.restart()
    await react(bot, grid, "⭐")
    await favorite(bot, grid)


async def test_what_means_nothing_is_not_even_looked_up(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    grid = await bot.grid()
    world = bot.discord.world
    words = await bot.discord.person(world.member).say(world.general, "look at that")
    looked: list[int] = []
    find = bot.store.of_message

    async def look(message_id: int) -> Job | None:
        looked.append(message_id)
        return await find(message_id)

    monkeypatch.setattr(bot.store, "of_message", look)
    await react(bot, words, "❌")
    await react(bot, grid, "🎉")
    await react(bot, grid, "✉️", on=False)
    await bot.client.http.add_reaction(grid.channel.id, grid.id, "❌")  # the bot's own
    await react(bot, grid, "⭐")
    await favorite(bot, grid)
    assert looked == [grid.id]


async def test_a_message_of_ours_that_is_about_no_job_takes_any_reaction(bot: Bot) -> None:
    grid = await bot.grid()
    world = bot.discord.world
    other = await bot.client.get_partial_messageable(world.general.id).send("Hello.")
    hello = bot.discord.message(other.id)
    assert hello is not None
    await react(bot, hello, "❌")
    await react(bot, grid, "⭐")
    await favorite(bot, grid)
    assert not hello.deleted
    assert bot.discord.messages(world.dm(world.member)) == []


async def test_where_direct_messages_are_closed_the_channel_tells_for_a_short_while(bot: Bot) -> None:
    world = bot.discord.world
    slept: list[float] = []
    enough = asyncio.Event()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await enough.wait()

    bot.client.reacted = Reactions(bot.client, sleep)
    crown = await owners_grid(bot)
    bot.discord.close_dms(world.member)
    await react(bot, crown, "❌")
    word = await bot.discord.wait_message(lambda m: m.author is world.bot and "or a moderator" in m.content)
    assert word.channel is world.general
    assert word.mentions == [world.member.id]
    enough.set()
    await bot.discord.wait_until(lambda: word.deleted)
    assert slept == [20.0]
    assert not crown.deleted


async def test_a_reaction_that_cannot_be_done_is_told_and_logged(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    grid = await bot.grid()

    async def full(*_: object, **__: object) -> bool:
        raise StorageError("disk full")

    monkeypatch.setattr(bot.memory.people, "set_favorite", full)
    await react(bot, grid, "⭐")
    assert "could not be saved" in await told(bot, bot.discord.world.member)
    assert "disk full" in caplog.text


async def test_nobody_within_reach_is_no_fault(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    crown = await owners_grid(bot)
    world = bot.discord.world
    bot.discord.close_dms(world.member)
    bot.discord.faults.set(DiscordFault.FORBIDDEN, "POST /channels/{channel_id}/messages", times=None)
    with caplog.at_level("INFO", "cogs.components.reactions"):
        await react(bot, crown, "❌")

        async def tried() -> bool:
            return "in the channel either" in caplog.text

        await eventually(tried)
    assert not crown.deleted
