"""`/show`, on the wire: any job that somebody may see, with its picture and its live buttons."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.model import Status
from cogs.custom_ids import find_job_id
from tests.discord.given import refused

if TYPE_CHECKING:
    from sandbox.discord import Call
    from tests.discord.conftest import Bot


async def show(bot: Bot, text: str, *, guest: bool = False, elsewhere: bool = False) -> Call:
    """Have somebody type `/show`, and wait for the picture or the sentence."""
    world = bot.discord.world
    person = bot.discord.person(world.guest if guest else world.member)
    channel = world.gallery if elsewhere else world.general
    call = await person.slash("show", {"job": text}, channel=channel)
    assert (await call.answer()).ephemeral
    await bot.discord.wait_until(lambda: call.message is not None and bool(call.message.content))
    return call


async def test_a_job_is_shown_by_id_custom_id_and_file_name(bot: Bot) -> None:
    grid = await bot.grid()
    job = await bot.job_of(grid)
    for pasted in (job.id, grid.buttons()[0].custom_id or "", grid.attachments[0].filename):
        call = await show(bot, pasted)
        assert call.message is not None
        assert len(call.message.attachments) == 1
        assert call.message.buttons() == grid.buttons()


@pytest.mark.parametrize("host", ["discord.com", "ptb.discord.com", "canary.discord.com", "discordapp.com"])
async def test_a_job_is_shown_by_the_link_to_its_message(bot: Bot, host: str) -> None:
    grid = await bot.grid()
    world = bot.discord.world
    link = f"https://{host}/channels/{world.guild.id}/{grid.channel.id}/{grid.id}"
    call = await show(bot, f"here: {link}", elsewhere=True)
    assert call.message is not None
    assert len(call.message.attachments) == 1
    assert call.message.buttons() == grid.buttons()


async def test_a_link_to_something_else_is_refused_with_a_hint(bot: Bot) -> None:
    world = bot.discord.world
    words = await bot.discord.person(world.member).say(world.general, "hello")
    call = await show(bot, f"https://discord.com/channels/{world.guild.id}/{world.general.id}/{words.id}")
    assert call.message is not None
    assert "no job of mine in that message" in call.message.content


async def test_ones_own_jobs_are_suggested_by_words_and_can_be_picked(bot: Bot) -> None:
    for prompt in ("a red fox", "a green frog", "a red crab"):
        await (await bot.imagine(prompt)).answer()
    world = bot.discord.world
    member, guest = bot.discord.person(world.member), bot.discord.person(world.guest)
    choices = await member.autocomplete("show", "job", " red", channel=world.gallery)
    assert [choice.name for choice in choices] == [
        "a red crab · Imagine · just now",
        "a red fox · Imagine · just now",
    ]
    assert await guest.autocomplete("show", "job", "red", channel=world.general) == []
    call = await show(bot, str(choices[1].value), elsewhere=True)
    assert call.message is not None
    assert "a red fox" in call.message.content


async def test_a_batch_of_videos_is_shown_with_all_of_them(bot: Bot) -> None:
    urls = tuple(f"https://cdn.example/{number}.mp4" for number in range(1, 5))
    bot.api.files = {url: b"\0\0\0\x18ftypmp42" + url.encode() for url in urls}
    _, job = await bot.asked("a running fox")
    task_id = await bot.submitted()
    bot.api.finish(task_id, picture_url=None)
    bot.api.tasks[task_id] = replace(bot.api.tasks[task_id], video_urls=urls)
    result = await bot.picture("a running fox")
    call = await show(bot, job.id)
    assert call.message is not None
    for message in (result, call.message):
        assert [file.data for file in message.attachments] == list(bot.api.files.values())


async def test_its_author_sees_a_job_anywhere_and_others_only_where_it_is(bot: Bot) -> None:
    job = await bot.job_of(await bot.grid())
    for guest, elsewhere, seen in ((False, True, True), (True, False, True), (True, True, False)):
        call = await show(bot, job.id, guest=guest, elsewhere=elsewhere)
        assert call.message is not None
        assert bool(call.message.attachments) is seen


async def test_a_job_that_is_under_way_is_shown_as_it_stands(bot: Bot) -> None:
    _, job = await bot.asked()
    await bot.until(job.id, Status.RUNNING)
    call = await show(bot, job.id)
    assert call.message is not None
    assert "Midjourney has it" in call.message.content


async def test_what_holds_no_job_id_is_refused_with_a_hint(bot: Bot) -> None:
    assert find_job_id("my nice fox") is None
    call = await show(bot, "my nice fox")
    assert call.message is not None
    assert "`/history`" in call.message.content


async def test_a_picture_lost_from_our_disk_is_fetched_again(bot: Bot) -> None:
    job = await bot.job_of(await bot.grid())
    for file in (bot.folder / "pictures").glob("*/*"):
        file.unlink()
    call = await show(bot, job.id)
    assert call.message is not None
    assert len(call.message.attachments) == 1
    assert len(bot.api.downloads) == 2


async def test_a_finished_u_pressed_in_a_private_message_stays_private(bot: Bot) -> None:
    grid = await bot.grid()
    member = bot.discord.person(bot.discord.world.member)
    await member.click(grid, label="U2")
    bot.api.finish(await bot.submitted(2))
    await bot.picture("Upscale of picture 2")
    opened = await show(bot, (await bot.job_of(grid)).id)
    assert opened.message is not None
    call = await member.click(opened.message, label="U2")
    answer = await call.answer()
    assert answer.ephemeral
    await bot.discord.wait_until(lambda: call.message is not None and bool(call.message.attachments))


async def test_a_link_with_an_impossible_number_names_no_job(bot: Bot) -> None:
    link = f"https://discord.com/channels/1/2/{10**20 - 1}"
    assert "names no job" in await refused(bot, "show", job=link)
