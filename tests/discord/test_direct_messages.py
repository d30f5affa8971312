"""What goes to a person directly: in their own language, no louder than they wish, or because a channel is closed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.errors import NotAllowed
from bot.jobs.ports import Parcel
from bot.language import Language
from bot.model import Notify
from cogs.messages.delivery import DiscordDelivery
from sandbox.discord import Message
from sandbox.discord.messages import SUPPRESS_NOTIFICATIONS
from tests.discord.places import arrived, ask, is_shown, member, place, posts, result, told
from tests.discord.test_languages import FROM_OUTSIDE, PROMPT, asked_in
from tests.fakes import GRID, FakeClock
from tests.languages import pseudo, unsaid

if TYPE_CHECKING:
    from bot.model import Job, Person
    from tests.discord.conftest import Bot

HOUR = 3600.0

pytestmark = pytest.mark.usefixtures("hurried")


async def prefer(
    bot: Bot, *, private: bool = False, notify: Notify = Notify.MENTION, language: Language | None = None
) -> None:
    """Have the member set something."""

    def change(person: Person) -> Person:
        return replace(person, private=private, notify=notify, language=language)

    await bot.engine.services.preferences.change(bot.discord.world.member.id, change)


def direct(bot: Bot) -> list[Message]:
    """Return what the bot wrote to the member."""
    return bot.discord.messages(place(bot, "dm"))


def reads_japanese(message: Message) -> bool:
    """Tell whether all words of a message were said in Japanese."""
    labels = [button.label or "" for button in message.buttons()]
    alone = [attachment.description or "" for attachment in message.attachments]
    return unsaid("\n".join([message.content, *labels, *alone]), *FROM_OUTSIDE) == []


def of_a_reader_of_japanese(bot: Bot) -> Job:
    """Return a job in a server where English is read, of somebody who reads Japanese."""
    job = asked_in(bot, "en-US")
    return replace(job, delivery=replace(job.delivery, own_locale="ja"))


async def test_what_goes_to_a_person_is_in_their_language_and_what_all_see_in_that_of_the_place(bot: Bot) -> None:
    job = of_a_reader_of_japanese(bot)
    with pseudo(Language.JAPANESE):
        posted = await bot.delivery.post(Parcel(job=job, actions=GRID))
        await bot.delivery.send_notice(job, posted)
        await bot.delivery.send_dm(Parcel(job=replace(job, delivery=replace(job.delivery, nonce="other-0"))))
    (public,) = bot.discord.messages(bot.discord.world.general)
    assert not reads_japanese(public)
    assert [reads_japanese(message) for message in direct(bot)] == [True, True]


@pytest.mark.parametrize("by_setting", [False, True])
async def test_what_is_private_is_in_the_language_of_its_person(bot: Bot, by_setting: bool) -> None:  # noqa: FBT001
    await prefer(bot, private=True, language=Language.JAPANESE if by_setting else None)
    bot.discord.world.member.locale = "en-US" if by_setting else "ja"
    with pseudo(Language.JAPANESE):
        call = await ask(bot, bot.discord.world.general, PROMPT)
        assert call.message is not None
        assert reads_japanese(call.message)
        bot.api.finish(await bot.submitted())
        await bot.discord.wait_until(lambda: call.message is not None and is_shown(call.message))
        assert reads_japanese(call.message)


@pytest.mark.parametrize("notify", Notify)
async def test_nobody_is_called_louder_than_they_wish(bot: Bot, notify: Notify) -> None:
    await prefer(bot, notify=notify)
    shown = await result(bot, bot.discord.world.general)
    assert bool(shown.mentions) is (notify is Notify.MENTION)
    assert bool(shown.flags & SUPPRESS_NOTIFICATIONS) is (notify is Notify.SILENT)


async def test_who_is_told_directly_is_not_told_twice_in_one_place(bot: Bot) -> None:
    await prefer(bot, notify=Notify.DM)
    await result(bot, place(bot, "dm"))
    world = bot.discord.world
    answer = await result(bot, world.far_channel)
    notice = await bot.discord.wait_message(lambda message: "It is done." in message.content)
    (button,) = notice.buttons()
    assert button.url == f"https://discord.com/channels/{world.far_guild.id}/{world.far_channel.id}/{answer.id}"
    assert [is_shown(message) for message in direct(bot)] == [True, False]


async def test_a_notice_of_what_only_its_person_sees_brings_it(bot: Bot) -> None:
    await prefer(bot, notify=Notify.DM)
    await result(bot, place(bot, "hushed"))
    notice = await bot.discord.wait_message(lambda message: "It is done." in message.content)
    shown = await told(await member(bot).click(notice, label="Show me"))
    assert isinstance(shown, Message)
    assert is_shown(shown)


async def test_what_comes_of_something_private_stays_in_the_conversation(bot: Bot) -> None:
    await prefer(bot, private=True)
    call = await ask(bot, bot.discord.world.general)
    assert call.message is not None
    job = await bot.job_of(call.message)
    bot.api.finish(await bot.submitted())
    await bot.discord.wait_until(lambda: call.message is not None and is_shown(call.message))
    shown = await told(await member(bot).slash("show", {"job": job.id}, channel=place(bot, "dm")))
    assert isinstance(shown, Message)
    pressed = await member(bot).click(shown, label="V1")
    bot.api.finish(await bot.submitted(2))
    made = await arrived(bot, pressed)
    assert (made.ephemeral_to, made.channel) == (None, place(bot, "dm"))  # others go when Discord is closed
    assert (await bot.job_of(made)).is_private


async def test_a_channel_that_refuses_is_not_asked_for_every_picture(bot: Bot) -> None:
    world, clock = bot.discord.world, FakeClock()
    delivery = DiscordDelivery(bot.client, clock)
    bot.discord.deny(world.general, "SEND_MESSAGES")
    await refused(delivery, bot, 20)
    assert posts(bot) == 1
    clock.advance(HOUR - 1)
    await refused(delivery, bot)
    assert posts(bot) == 1
    clock.advance(2)
    await refused(delivery, bot)
    assert posts(bot) == 2
    bot.discord.allow(world.general, "SEND_MESSAGES")
    await bot.discord.person(world.member).slash("info", channel=world.general)  # what the gateway sends comes in order
    await bot.discord.wait_until(lambda: any(call.first is not None for call in bot.discord.calls))
    await delivery.post(Parcel(job=asked_in(bot, "en-US")))
    assert len(bot.discord.messages(world.general, world.owner)) == 1


async def refused(delivery: DiscordDelivery, bot: Bot, times: int = 1) -> None:
    """Have the delivery post so often in #general, and be refused."""
    for _ in range(times):
        with pytest.raises(NotAllowed):
            await delivery.post(Parcel(job=asked_in(bot, "en-US")))


async def test_what_was_wrong_with_one_message_closes_no_channel(bot: Bot) -> None:
    job = asked_in(bot, "en-US")
    too_long = replace(job, delivery=replace(job.delivery, nonce="n" * 26))
    with pytest.raises(NotAllowed):
        await bot.delivery.post(Parcel(job=too_long))
    await bot.delivery.post(Parcel(job=job))
    assert len(bot.discord.messages(bot.discord.world.general)) == 1
