"""Everybody is written to in a language that they read: in public that of the place, in private their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.jobs.ports import Parcel
from bot.language import Language
from bot.model import Media, Status
from tests.fakes import GRID, PNG
from tests.languages import pseudo, unsaid, widened
from tests.unit.render_builders import job

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.model import Job
    from sandbox.discord import Message
    from tests.discord.conftest import Bot

PROMPT = "雪の中の狐"
#: Midjourney's buttons, and the prompt that the API says it used.
FROM_OUTSIDE = (*(f"{letter}{n}" for letter in "UV" for n in range(1, 5)), "a fox")
DETAILS = f"⟦{widened('Details')}⟧"


@pytest.fixture(autouse=True)
def _japanese() -> Iterator[None]:
    """Let Japanese be seen, and all other languages be English."""
    with pseudo(Language.JAPANESE):
        yield


def read(message: Message) -> list[str]:
    """Return the words of a message that were not said in Japanese."""
    labels = [button.label or "" for button in message.buttons()]
    return unsaid("\n".join([message.content, *labels]), *FROM_OUTSIDE)


def asked_in(bot: Bot, locale: str) -> Job:
    """Return a finished job of the member's in #general, asked for in a language."""
    world, now = bot.discord.world, datetime.now(UTC)
    made = job(
        prompt=PROMPT,
        status=Status.SUCCEEDED,
        created_at=now,
        finished_at=now,
        user_id=world.member.id,
        guild_id=world.guild.id,
        channel_id=world.general.id,
    )
    return replace(made, delivery=replace(made.delivery, locale=locale, nonce=f"{locale}-0"))


async def test_what_all_can_see_is_in_the_language_of_the_place_and_what_one_sees_in_theirs(bot: Bot) -> None:
    bot.discord.world.guild.locale = "ja"
    call = await bot.imagine(PROMPT)
    answer = await call.answer()
    assert answer.message is not None
    assert read(answer.message) == []
    assert "⟦" in answer.message.content
    bot.api.finish(await bot.submitted())
    grid = await bot.picture(PROMPT)
    assert read(grid) == []
    assert unsaid(grid.attachments[0].description or "", *FROM_OUTSIDE) == []
    details = await bot.discord.person(bot.discord.world.member).click(grid, label=DETAILS)
    told = await details.answer()
    assert told.message is not None
    assert f"**Prompt:** {PROMPT}" in told.message.content


async def test_who_reads_another_language_than_the_place_is_told_in_theirs_alone(bot: Bot) -> None:
    grid = await bot.grid(PROMPT)
    assert "fast" in read(grid)
    bot.discord.world.member.locale = "ja"
    details = await bot.discord.person(bot.discord.world.member).click(grid, label="Details")
    told = await details.answer()
    assert told.message is not None
    assert read(told.message) == []
    again = await bot.discord.person(bot.discord.world.member).click(grid, label="U1")
    progress = await again.answer()
    assert progress.message is not None
    assert "fast" in read(progress.message)


@pytest.mark.parametrize("locale", ["ja", "en-US"])
async def test_whatever_the_engine_delivers_is_in_the_language_of_its_job(
    bot: Bot, tmp_path: Path, locale: str
) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(PNG)
    media = Media(path=path, media_type="image/png", size=len(PNG))
    made = asked_in(bot, locale)
    reads_japanese = locale == "ja"
    posted = await bot.delivery.post(Parcel(job=made, media=media, actions=GRID))
    (message,) = bot.discord.messages(bot.discord.world.general)
    assert (read(message) == []) is reads_japanese
    assert (unsaid(message.attachments[0].description or "") == []) is reads_japanese
    failed = replace(made, status=Status.FAILED)
    await bot.delivery.edit_post(posted, Parcel(job=failed))
    assert (read(message) == []) is reads_japanese
    await bot.delivery.redraw(posted, made, GRID)
    assert [button.label for button in message.buttons()][-1] == (DETAILS if reads_japanese else "Details")
    direct = await bot.delivery.send_dm(Parcel(job=failed))
    sent = bot.discord.message(direct.message_id)
    assert sent is not None
    assert (read(sent) == []) is reads_japanese


async def test_what_is_delivered_as_an_answer_is_in_the_language_of_its_job_or_batch(bot: Bot) -> None:
    call, made = await bot.asked(PROMPT)
    await bot.submitted()
    await bot.engine.stop()  # this test alone moves the answer
    message = call.message
    assert message is not None
    japanese = replace(made, delivery=replace(made.delivery, locale="ja"), status=Status.RUNNING, progress=20)
    await bot.delivery.show_progress(japanese)
    assert read(message) == []
    await bot.delivery.edit_answer(Parcel(job=replace(made, status=Status.FAILED)))
    assert "Midjourney" in read(message)
    await bot.delivery.edit_answer(Parcel(job=replace(japanese, status=Status.FAILED)))
    assert read(message) == []


async def test_a_batch_is_asked_about_in_ones_own_language_and_told_in_that_of_the_place(bot: Bot) -> None:
    bot.discord.world.guild.locale = "ja"
    question = await (await bot.imagine("{赤い, 青い}狐")).answer()
    assert question.message is not None
    assert "This makes **2 pictures** at fast speed" in question.message.content
    await bot.discord.person(bot.discord.world.member).click(question.message, label="Make 2 pictures (about $0.12)")
    await bot.submitted(2)
    message = await bot.discord.wait_message(lambda message: "▱" in message.content)
    for charge in list(bot.api.charges):
        bot.api.finish(charge.task_id)
    await bot.discord.wait_until(lambda: "▱" not in message.content)
    assert "⟦2 " in message.content
    assert read(message) == []


async def test_what_one_person_cancels_all_others_can_still_read(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never_due(*_: object) -> list[Job]:
        return []

    monkeypatch.setattr(bot.store, "due_submits", never_due)
    bot.discord.world.guild.locale = "ja"
    call, _ = await bot.asked(PROMPT)
    message = call.message
    assert message is not None
    cancel = f"⟦{widened('Cancel')}⟧"
    await (await bot.discord.person(bot.discord.world.member).click(message, label=cancel)).answer()
    assert [button.label for button in message.buttons()] == [DETAILS]
    assert read(message) == []


async def test_a_reaction_is_answered_in_the_language_of_the_place(bot: Bot) -> None:
    world = bot.discord.world
    await bot.discord.person(world.owner).slash("imagine", {"prompt": PROMPT}, channel=world.general)
    bot.api.finish(await bot.submitted())
    grid = await bot.picture(PROMPT)
    bot.discord.speak("ja")
    await bot.discord.person(world.member).react(grid, "✉️")
    await bot.discord.wait_until(lambda: bool(bot.discord.messages(world.dm(world.member))))
    assert read(bot.discord.messages(world.dm(world.member))[0]) == []
