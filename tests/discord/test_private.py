"""Results for their person alone, and how somebody learns that theirs is done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.model import Notify, Status

if TYPE_CHECKING:
    from bot.model import Person
    from tests.discord.conftest import Bot


async def prefer(bot: Bot, *, private: bool = False, notify: Notify = Notify.MENTION) -> None:
    def change(person: Person) -> Person:
        return replace(person, private=private, notify=notify)

    await bot.engine.services.preferences.change(bot.discord.world.member.id, change)


async def test_what_is_mine_alone_is_answered_and_shown_to_nobody_else(bot: Bot) -> None:
    await prefer(bot, private=True)
    call, job = await bot.asked()
    assert (await call.answer()).ephemeral

    bot.api.finish(await bot.submitted())
    await bot.discord.wait_until(lambda: call.message is not None and bool(call.message.attachments))
    world = bot.discord.world
    assert bot.discord.messages(world.general, world.owner) == []
    assert (await bot.until(job.id, Status.SUCCEEDED)).is_private


async def test_what_comes_of_it_is_mine_alone_too(bot: Bot) -> None:
    await prefer(bot, private=True)
    call, parent = await bot.asked()
    bot.api.finish(await bot.submitted())
    await bot.discord.wait_until(lambda: call.message is not None and bool(call.message.attachments))
    await prefer(bot, private=False)

    assert call.message is not None
    pressed = await bot.discord.person(bot.discord.world.member).click(call.message, label="V1")
    answer = await pressed.answer()
    assert answer.ephemeral
    child = next(job for job in await bot.jobs() if job.parent_id == parent.id)
    assert child.is_private


async def test_what_is_there_already_is_shown_to_me_alone_too(bot: Bot) -> None:
    grid = await bot.grid()
    world = bot.discord.world
    await bot.discord.person(world.owner).click(grid, label="U1")
    bot.api.finish(await bot.submitted(2))
    await bot.picture("Upscale of picture 1")
    await prefer(bot, private=True)

    assert (await (await bot.discord.person(world.member).click(grid, label="U1")).answer()).ephemeral
    assert len(bot.api.charges) == 2


async def test_nobody_else_finds_it(bot: Bot) -> None:
    await prefer(bot, private=True)
    _, job = await bot.asked()
    world = bot.discord.world

    call = await bot.discord.person(world.owner).slash("show", {"job": job.id}, channel=world.general)
    await bot.discord.wait_until(lambda: call.message is not None and "no such job" in call.message.content)


async def test_a_person_who_wants_a_direct_message_gets_one_and_is_not_called_in_the_channel(bot: Bot) -> None:
    await prefer(bot, notify=Notify.DM)
    posted = await bot.grid()
    assert posted.mentions == []

    notice = await bot.discord.wait_message(lambda message: "It is done." in message.content)
    assert [button.url for button in notice.buttons()] == [
        f"https://discord.com/channels/{bot.discord.world.guild.id}/{bot.discord.world.general.id}/{posted.id}"
    ]
