"""What can be done with a result besides Midjourney's buttons, on the wire: who may, what comes of it, what is said."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from bot.errors import CometTaskMissing
from bot.model import Status
from cogs.custom_ids import Verb
from sandbox.discord import DiscordFault
from tests.discord.conftest import eventually

if TYPE_CHECKING:
    from sandbox.discord import Answer, Call, Message, User
    from tests.discord.conftest import Bot

COLORS = ("red", "green", "blue", "white")
SIDE = 64


@pytest.fixture(autouse=True)
def _pictures_are_grids(bot: Bot) -> None:
    """Let the API paint four squares, each in a color of its own."""
    grid = Image.new("RGB", (2 * SIDE, 2 * SIDE))
    for number, color in enumerate(COLORS):
        row, column = divmod(number, 2)
        grid.paste(Image.new("RGB", (SIDE, SIDE), color), (column * SIDE, row * SIDE))
    data = io.BytesIO()
    grid.save(data, "PNG")
    bot.api.picture = data.getvalue()


async def choose(bot: Bot, message: Message, verb: Verb, who: User | None = None) -> Call:
    """Have somebody, the member unless named, choose one of our verbs under a message."""
    return await bot.discord.person(who or bot.discord.world.member).choose(message, verb.value)


async def said(call: Call) -> str:
    """Return what an interaction was answered with, privately."""
    answer = await call.answer()
    assert answer.ephemeral
    await call.changes.until(lambda: call.message is not None and call.message.content, 5, "words")
    assert call.message is not None
    return call.message.content


async def question(bot: Bot, message: Message, who: User | None = None) -> Answer:
    """Have somebody choose *Delete*, and return what they are asked."""
    answer = await (await choose(bot, message, Verb.DELETE, who)).answer()
    assert answer.ephemeral
    return answer


async def test_a_grid_is_cut_into_four_files_for_whoever_asks(bot: Bot) -> None:
    grid = await bot.grid()
    call = await choose(bot, grid, Verb.QUARTERS, bot.discord.world.guest)
    assert "free of charge" in await said(call)
    assert call.message is not None
    job = await bot.job_of(grid)
    attached = call.message.attachments
    assert [one.filename for one in attached] == [f"easel-{job.id.lower()}-{n}.png" for n in (1, 2, 3, 4)]
    assert [one.description for one in attached] == [f"Imagine, picture {n} of the grid: a fox" for n in (1, 2, 3, 4)]
    for one, color in zip(attached, COLORS, strict=True):
        with Image.open(io.BytesIO(one.data)) as picture:
            assert picture.size == (SIDE, SIDE)
            assert picture.convert("RGB").getpixel((5, 5)) == Image.new("RGB", (1, 1), color).getpixel((0, 0))
    assert len(bot.api.charges) == 1


async def test_a_picture_that_cannot_be_cut_is_told_so(bot: Bot) -> None:
    bot.api.picture = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
    assert "could not cut" in await said(await choose(bot, await bot.grid(), Verb.QUARTERS))


async def test_a_favorite_is_ones_own_and_can_be_taken_out_again(bot: Bot) -> None:
    grid = await bot.grid()
    job = await bot.job_of(grid)
    world = bot.discord.world
    assert "one of your favorites now" in await said(await choose(bot, grid, Verb.LIKE))
    assert await bot.memory.people.is_favorite(world.member.id, job.id)
    assert not await bot.memory.people.is_favorite(world.guest.id, job.id)
    assert "no longer" in await said(await choose(bot, grid, Verb.LIKE))
    assert not await bot.memory.people.is_favorite(world.member.id, job.id)


async def test_what_was_picked_under_a_picture_can_be_picked_again(bot: Bot) -> None:
    grid = await bot.grid()
    before = (grid.content, grid.components, grid.attachments)
    await said(await choose(bot, grid, Verb.LIKE))
    await bot.discord.wait_until(lambda: grid.edited_count > 0)  # else a client keeps it as chosen and sends nothing
    assert (grid.content, grid.components, grid.attachments) == before


async def test_its_author_gets_a_copy_with_all_pictures_and_live_buttons(bot: Bot) -> None:
    grid = await bot.grid()
    world = bot.discord.world
    assert "sent it to you directly" in await said(await choose(bot, grid, Verb.SEND))
    (copy,) = bot.discord.messages(world.dm(world.member))
    assert [one.filename.rpartition("-")[2] for one in copy.attachments[1:]] == ["1.png", "2.png", "3.png", "4.png"]
    assert copy.attachments[0].data == bot.api.picture
    job = await bot.job_of(grid)
    assert f"`{job.id}`" in copy.content
    assert f"/{grid.channel.id}/{grid.id}" in copy.content
    await (await bot.discord.person(world.member).click(copy, label="V2")).answer()
    await bot.submitted(2)
    assert bot.api.charges[1].what.endswith("variation::2::u")


async def test_somebody_else_gets_a_copy_with_nothing_to_press_but_the_way_back(bot: Bot) -> None:
    grid = await bot.grid()
    world = bot.discord.world
    await said(await choose(bot, grid, Verb.SEND, world.guest))
    (copy,) = bot.discord.messages(world.dm(world.guest))
    assert len(copy.attachments) == 5
    assert copy.mentions == []
    assert [button.label for button in copy.buttons()] == ["Show me"]
    assert copy.selects() == []


async def test_where_direct_messages_are_closed_the_next_step_is_told(bot: Bot) -> None:
    grid = await bot.grid()
    bot.discord.close_dms(bot.discord.world.member)
    assert "Privacy Settings" in await said(await choose(bot, grid, Verb.SEND))


async def test_a_copy_whose_files_are_too_large_comes_with_the_link(bot: Bot) -> None:
    grid = await bot.grid()
    world = bot.discord.world
    bot.discord.faults.set(DiscordFault.TOO_LARGE, "POST /channels/{channel_id}/messages", times=1)
    await said(await choose(bot, grid, Verb.SEND))
    (copy,) = bot.discord.messages(world.dm(world.member))
    assert copy.attachments == []
    assert "https://cdn.example/grid.png" in copy.content


@pytest.mark.parametrize("moderates", [False, True])
async def test_its_author_or_a_moderator_deletes_a_job_after_a_question(
    bot: Bot,
    moderates: bool,  # noqa: FBT001 - a table's column
) -> None:
    grid = await bot.grid()
    job = await bot.job_of(grid)
    world = bot.discord.world
    who = world.owner if moderates else world.member
    answer = await question(bot, grid, who)
    assert answer.message is not None
    assert "cannot be undone" in answer.message.content
    assert not grid.deleted
    await bot.discord.person(who).click(answer.message, label="Delete for good")
    await bot.discord.wait_until(lambda: answer.message is not None and answer.message.content == "It is deleted.")
    assert answer.message.buttons() == []
    assert grid.deleted
    assert (await bot.job(job.id)).deleted_at is not None
    assert await bot.made() == []
    assert list((bot.folder / "pictures").iterdir()) == []


async def test_a_result_that_is_an_answer_is_deleted_where_the_bot_itself_may_do_nothing(bot: Bot) -> None:
    world = bot.discord.world
    call, _ = await bot.asked()
    bot.discord.deny(world.general, "VIEW_CHANNEL", "SEND_MESSAGES")
    bot.api.finish(await bot.submitted())
    answer = await question(bot, await bot.picture("a fox"))
    assert answer.message is not None
    await bot.discord.person(world.member).click(answer.message, label="Delete for good")
    await bot.discord.wait_until(lambda: call.message is None)


async def test_a_stranger_is_not_even_asked(bot: Bot) -> None:
    grid = await bot.grid()
    answer = await question(bot, grid, bot.discord.world.guest)
    assert answer.message is not None
    assert "or a moderator" in answer.message.content
    assert answer.message.buttons() == []


async def test_a_deleted_job_is_gone_for_every_old_button(bot: Bot) -> None:
    grid = await bot.grid()
    member = bot.discord.person(bot.discord.world.member)
    first, second = await question(bot, grid), await question(bot, grid)
    assert first.message is not None
    assert second.message is not None
    await (await member.click(first.message, label="Delete for good")).answer()
    answer = await (await member.click(second.message, label="Delete for good")).answer()
    assert answer.ephemeral
    assert answer.message is not None
    assert "was deleted" in answer.message.content


async def test_a_rerun_is_a_new_job_of_whoever_pressed_and_names_its_beginning(bot: Bot) -> None:
    grid = await bot.grid()
    call = await choose(bot, grid, Verb.RERUN, bot.discord.world.guest)
    answer = await call.answer()
    assert not answer.ephemeral
    bot.api.finish(await bot.submitted(2))
    again = await bot.picture("Run again, from [this picture]")
    assert again.mentions == [bot.discord.world.guest.id]
    assert bot.api.charges[1].what == bot.api.charges[0].what


async def test_a_button_whose_picture_is_unknown_to_midjourney_offers_the_prompt_anew(bot: Bot) -> None:
    grid = await bot.grid("a lost fox")
    world = bot.discord.world
    bot.api.refusals.append(CometTaskMissing("关联任务不存在或已失效"))
    call = await bot.discord.person(world.member).click(grid, label="V1")
    await call.answer()
    await bot.discord.wait_until(lambda: call.message is not None and "no longer known" in call.message.content)
    assert call.message is not None
    failed = await bot.job_of(call.message)
    assert failed.status is Status.FAILED
    await (await bot.discord.person(world.member).click(call.message, label="Re-run with the same prompt")).answer()

    async def submitted() -> bool:
        return len(bot.api.charges) == 2

    await eventually(submitted)
    assert bot.api.charges[1].what == "a lost fox"
