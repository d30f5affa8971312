"""The message menus about jobs, on our messages and on anybody's: pictures are saved, posted again and forwarded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import Status
from sandbox.discord import Upload, people
from tests.discord.pages import made, opened

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

    from sandbox.discord import Call, Message, User
    from tests.discord.conftest import Bot

SHOW = "Show job"
REMOVE = "Cancel or delete job"


async def menu(bot: Bot, name: str, message: Message, who: User | None = None) -> Call:
    """Have somebody, the member unless named, use a menu, and wait for the words."""
    person = bot.discord.person(who or bot.discord.world.member)
    call = await person.context_menu(name, message, channel=message.channel)
    assert (await call.answer()).ephemeral
    await bot.discord.wait_until(lambda: call.message is not None and bool(call.message.content))
    return call


async def reposted(bot: Bot, grid: Message, filename: str | None = None) -> Message:
    """Have the member save a picture of ours and post it again, elsewhere."""
    file = grid.attachments[0]
    upload = Upload(filename or file.filename, file.data, "image/png")
    world = bot.discord.world
    return await bot.discord.person(world.member).say(world.gallery, "made by me", files=[upload])


async def test_a_result_is_shown_with_its_picture_and_live_buttons(bot: Bot) -> None:
    grid = await bot.grid()
    call = await menu(bot, SHOW, grid, bot.discord.world.guest)
    assert call.message is not None
    assert len(call.message.attachments) == 1
    assert call.message.buttons() == grid.buttons()


async def test_a_picture_that_was_posted_again_leads_to_its_job(bot: Bot) -> None:
    grid = await bot.grid()
    for filename in (None, f"Copy of {grid.attachments[0].filename.replace('.png', '-2.png')}"):
        call = await menu(bot, SHOW, await reposted(bot, grid, filename))
        assert call.message is not None
        assert call.message.buttons() == grid.buttons()


async def test_a_forwarded_picture_leads_to_its_job(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    grid = await bot.grid()
    world = bot.discord.world
    wrapper = await bot.discord.person(world.member).say(world.gallery, "forwarded")
    wire = people.message_payload

    def with_snapshot(state: people.State, message: Message) -> Mapping[str, object]:
        snapshot = wire(state, grid)
        kept = {key: snapshot[key] for key in ("content", "embeds", "attachments", "timestamp", "flags", "type")}
        kept |= {"edited_timestamp": None, "mentions": [], "mention_roles": []}
        return wire(state, message) | {"content": "", "message_snapshots": [{"message": kept}]}

    monkeypatch.setattr(people, "message_payload", with_snapshot)
    call = await menu(bot, SHOW, wrapper)
    assert call.message is not None
    assert call.message.buttons() == grid.buttons()


async def test_the_name_of_a_file_opens_nothing_that_one_may_not_see(bot: Bot) -> None:
    grid = await bot.grid()
    copy = await reposted(bot, grid)
    call = await menu(bot, SHOW, copy, bot.discord.world.guest)
    assert call.message is not None
    assert "no such job" in call.message.content
    assert call.message.attachments == []


async def test_a_page_leads_to_its_job_unless_it_stands_among_others(bot: Bot) -> None:
    await made(bot, 1)
    call = await menu(bot, SHOW, await opened(bot))
    assert call.message is not None
    assert "fox 01" in call.message.content
    await made(bot, 2)
    call = await menu(bot, SHOW, await opened(bot))
    assert call.message is not None
    assert "no job of mine in that message" in call.message.content


async def test_a_message_about_nothing_of_ours_is_answered(bot: Bot) -> None:
    world = bot.discord.world
    words = await bot.discord.person(world.member).say(world.general, "just words")
    for name in (SHOW, REMOVE):
        call = await menu(bot, name, words)
        assert call.message is not None
        assert "no job of mine in that message" in call.message.content


async def test_what_waits_is_cancelled_at_once(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never_due(*_: object) -> list[object]:
        return []

    monkeypatch.setattr(bot.store, "due_submits", never_due)
    asked, job = await bot.asked()
    assert asked.message is not None
    call = await menu(bot, REMOVE, asked.message)
    assert call.message is not None
    assert "nothing was charged" in call.message.content
    assert (await bot.job(job.id)).status is Status.CANCELLED


async def test_what_is_done_is_deleted_after_a_question_only(bot: Bot) -> None:
    grid = await bot.grid()
    world = bot.discord.world
    stranger = await menu(bot, REMOVE, grid, world.guest)
    assert stranger.message is not None
    assert "or a moderator" in stranger.message.content
    call = await menu(bot, REMOVE, await reposted(bot, grid))
    assert call.message is not None
    assert not grid.deleted
    await bot.discord.person(world.member).click(call.message, label="Delete for good")
    await bot.discord.wait_until(lambda: grid.deleted)


async def test_what_is_under_way_can_be_neither(bot: Bot) -> None:
    asked, job = await bot.asked()
    await bot.until(job.id, Status.RUNNING)
    assert asked.message is not None
    call = await menu(bot, REMOVE, asked.message)
    assert call.message is not None
    assert "still under way" in call.message.content
