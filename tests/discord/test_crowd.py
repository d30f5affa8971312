"""When many come at the same moment, each is told something at once, and what they asked for follows, once."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import TYPE_CHECKING, Final

import pytest

from bot.connection.reception import Room
from bot.model import Status
from tests.discord.conftest import Bot

if TYPE_CHECKING:
    from pathlib import Path

    from bot.model import Entry, Job, NewJob
    from sandbox.discord import DiscordSandbox

THINKING: Final = 5  # Discord's callback "thinking …"
#: Half again as many as make a crowd.
MANY: Final = Room().crowd * 3 // 2


def block(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Let nothing be written down until the event is set; and let nobody be told to wait because of that."""
    add, is_free = bot.store.add, asyncio.Event()

    async def slow(new: NewJob) -> tuple[Entry, Job]:
        await is_free.wait()
        return await add(new)

    monkeypatch.setattr("cogs.messages.replies.PATIENCE_S", 3600)
    monkeypatch.setattr(bot.store, "add", slow)
    return is_free


def surround(bot: Bot) -> None:
    """Let a crowd of others wait for their answers, for as long as people wait."""
    for stranger in range(MANY):
        bot.client.reception.came(stranger)


async def test_in_a_crowd_each_is_told_to_wait_before_anything_is_done_for_anybody(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_free = block(bot, monkeypatch)
    surround(bot)
    calls = [await bot.imagine(f"fox {number}") for number in range(MANY)]
    assert Counter([(await call.answer()).type for call in calls]) == {THINKING: MANY}
    assert bot.api.charges == []

    is_free.set()
    await bot.submitted(MANY)
    told = [call.message.text() if call.message is not None else "" for call in calls]
    assert [text for number, text in enumerate(told) if f"fox {number}" not in text] == []
    assert len({charge.what for charge in bot.api.charges}) == len(bot.api.charges) == MANY


async def test_of_a_crowd_at_one_button_all_are_answered_and_one_charge_is_made(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    grid = await bot.grid()
    is_free = block(bot, monkeypatch)
    surround(bot)
    people = [bot.discord.world.member, bot.discord.world.guest, bot.discord.world.owner]
    calls = [await bot.discord.person(people[number % 3]).click(grid, label="U1") for number in range(MANY)]
    assert Counter([(await call.answer()).type for call in calls]) == {THINKING: MANY}

    is_free.set()
    await bot.submitted(2)
    await bot.discord.wait_until(lambda: all(call.message is not None and call.message.text() for call in calls))
    assert len(bot.api.charges) == 2  # the grid's and this


@pytest.mark.parametrize(
    ("prompt", "words"), [("a fox --nonsense 7", "`--nonsense` is not"), ("a {red, blue} fox", "Nothing has been sent")]
)
async def test_in_a_crowd_refusals_and_questions_are_for_nobody_else(bot: Bot, prompt: str, words: str) -> None:
    surround(bot)
    call = await bot.imagine(prompt)
    answer = await call.answer()
    assert answer.ephemeral
    await bot.discord.wait_until(lambda: call.message is not None and words in call.message.text())


@pytest.mark.parametrize("by_menu", [False, True])
async def test_in_a_crowd_a_cancel_is_not_put_off(bot: Bot, monkeypatch: pytest.MonkeyPatch, *, by_menu: bool) -> None:
    async def never_due(*_: object) -> list[Job]:
        return []

    monkeypatch.setattr(bot.store, "due_submits", never_due)
    asked, job = await bot.asked()
    assert asked.message is not None
    for stranger in range(MANY):
        bot.client.reception.came(stranger)
    member = bot.discord.person(bot.discord.world.member)
    call = await (
        member.context_menu("Cancel or delete job", asked.message, channel=asked.message.channel)
        if by_menu
        else member.click(asked.message, label="Cancel")
    )
    await call.answer()
    await bot.until(job.id, Status.CANCELLED)
    assert bot.client.reception.is_crowded


async def test_a_few_are_answered_without_being_told_to_wait(bot: Bot) -> None:
    calls = [await bot.imagine(f"fox {number}") for number in range(Room().crowd // 4)]
    assert THINKING not in [(await call.answer()).type for call in calls]
    await bot.submitted(len(calls))


async def test_what_comes_while_it_stops_is_told_so_and_leaves_no_error(
    world: DiscordSandbox, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bot = Bot(world, tmp_path)
    await bot.start()
    calls = [await bot.imagine(f"fox {number}") for number in range(3 * MANY)]
    stopping = asyncio.create_task(bot.stop())
    while not stopping.done():
        calls.append(await bot.imagine("one more"))
        await asyncio.sleep(0)
    await stopping
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []
    told = [call.message.text() for call in calls[:MANY] if call.message is not None]
    assert len(told) == MANY
    assert [text for text in told if "Easel is restarting" not in text and "fox" not in text] == []
