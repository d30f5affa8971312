from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.errors import StorageError
from bot.model import Status
from sandbox.discord import DiscordFault
from tests.discord.conftest import eventually

if TYPE_CHECKING:
    from sandbox.discord import Call, Message
    from tests.discord.conftest import Bot

FOLLOW_UP = "POST /webhooks/{application_id}/{token}"
CALLBACK = "POST /interactions/{interaction_id}/{token}/callback"


async def asked(bot: Bot, prompt: str = "a {red, blue} fox") -> Message:
    """Have somebody ask for several pictures, and return the question."""
    answer = await (await bot.imagine(prompt)).answer()
    assert answer.message is not None
    assert answer.ephemeral
    return answer.message


async def confirm(bot: Bot, question: Message) -> Call:
    return await bot.discord.person(bot.discord.world.member).click(question, label="Make 2 pictures (about $0.12)")


async def the_batch(bot: Bot) -> Message:
    return await bot.discord.wait_message(lambda message: "of 2 done" in message.content)


async def test_several_pictures_are_asked_for_with_their_number_and_price(bot: Bot) -> None:
    question = await asked(bot)
    assert "**2 pictures** at fast speed, for about $0.12 in all" in question.content
    assert "1. a red fox\n2. a blue fox" in question.content
    assert bot.api.charges == []


async def test_a_confirmed_batch_is_one_public_message_and_two_pictures(bot: Bot) -> None:
    question = await asked(bot)
    await confirm(bot, question)
    await bot.submitted(2)
    message = await the_batch(bot)
    assert message.ephemeral_to is None
    assert question.buttons() == []
    for charge in list(bot.api.charges):
        bot.api.finish(charge.task_id)
    for prompt in ("a red fox", "a blue fox"):
        await bot.picture(prompt)
    await bot.discord.wait_until(lambda: "2 of 2 done" in message.content)


async def test_two_clicks_at_once_make_one_batch(bot: Bot) -> None:
    question = await asked(bot)
    first = await confirm(bot, question)
    second = await confirm(bot, question)
    answers = [await first.answer(), await second.answer()]
    await bot.submitted(2)
    texts = [answer.message.text() for answer in answers if answer.message is not None]
    assert [text for text in texts if "confirmed already" in text], texts
    assert len(bot.api.charges) == 2


async def test_never_mind_sends_nothing(bot: Bot) -> None:
    question = await asked(bot)
    await bot.discord.person(bot.discord.world.member).click(question, label="Never mind")
    await bot.discord.wait_until(lambda: question.content == "Nothing was sent.")
    assert question.buttons() == []
    assert bot.api.charges == []


async def test_a_batch_that_cannot_be_shown_is_withdrawn(bot: Bot) -> None:
    question = await asked(bot)
    bot.discord.faults.set(DiscordFault.FORBIDDEN, FOLLOW_UP, times=None)
    await confirm(bot, question)

    async def cancelled() -> bool:
        jobs = await bot.jobs()
        return len(jobs) == 2 and {job.status for job in jobs} == {Status.CANCELLED}

    await eventually(cancelled)
    assert bot.api.charges == []


async def test_the_message_of_a_batch_is_found_again_by_its_controls(bot: Bot) -> None:
    await confirm(bot, await asked(bot))
    message = await the_batch(bot)
    await bot.submitted(2)
    batch = await bot.memory.batches.get((await bot.jobs())[0].batch_id or "")
    assert batch is not None
    assert await bot.delivery.find_batch(batch) == message.id
    assert await bot.delivery.find_batch(replace(batch, id=batch.id[::-1])) is None


@pytest.mark.parametrize("fault", [DiscordFault.ERROR_AFTER, DiscordFault.DROP_AFTER])
async def test_a_press_that_discord_took_although_it_said_otherwise_makes_the_batch(
    bot: Bot, fault: DiscordFault
) -> None:
    question = await asked(bot)
    bot.discord.faults.set(fault, CALLBACK)
    await confirm(bot, question)
    await bot.submitted(2)
    assert "of 2 done" in (await the_batch(bot)).content


async def test_a_batch_that_cannot_be_written_down_as_seen_leaves_no_message_that_promises_it(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise StorageError("disk full")

    question = await asked(bot)
    monkeypatch.setattr(bot.memory.batches, "answered", refuse)
    await confirm(bot, question)
    message = await the_batch(bot)
    await bot.discord.wait_message(lambda message: "could not be saved" in message.content)
    assert message.deleted
    assert bot.api.charges == []
