"""What is for one person alone stays so when the first answer has to be "thinking …": that one decides who sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.prompt import value_of
from tests.discord.test_commands_video import grid
from tests.discord.test_private import prefer

if TYPE_CHECKING:
    import pytest

    from tests.discord.conftest import Bot


async def test_a_prompt_picked_from_the_suggestions(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    await prefer(bot, private=True)
    prompt = "a fox and another, " * 8
    _, job = await bot.asked(prompt)
    monkeypatch.setattr("cogs.messages.replies.PATIENCE_S", 0.0)

    call = await bot.imagine(value_of(job.prompt, job.id))
    answer = await call.answer()
    await bot.submitted(2)
    assert (answer.type, answer.ephemeral) == (5, True)


async def test_a_corrected_prompt(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    await prefer(bot, private=True)
    refused = (await (await bot.imagine("a fox --ar nonsense")).answer()).message
    assert refused is not None
    person = bot.discord.person(bot.discord.world.member)
    form = (await (await person.click(refused, label="Edit it")).answer()).modal
    assert form is not None
    monkeypatch.setattr("cogs.messages.replies.PATIENCE_S", 0.0)

    answer = await (await person.submit_modal(form, {"prompt": "a fox --ar 3:2"})).answer()
    await bot.submitted()
    assert (answer.type, answer.ephemeral) == (5, True)


async def test_a_video_from_a_picture_that_was_for_me_alone(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    await prefer(bot, private=True)
    bot.api.picture = grid()
    call, job = await bot.asked()
    bot.api.finish(await bot.submitted())
    await bot.discord.wait_until(lambda: call.message is not None and bool(call.message.attachments))
    await prefer(bot, private=False)
    monkeypatch.setattr("cogs.messages.replies.PATIENCE_S", 0.0)

    world = bot.discord.world
    made = await bot.discord.person(world.member).slash("video", {"job": job.id, "number": 1}, channel=world.general)
    answer = await made.answer()
    await bot.submitted(2)
    assert (answer.type, answer.ephemeral) == (5, True)
