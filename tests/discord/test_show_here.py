"""*Show here* on an opened result of one's own: everybody there sees it whole, can use it, and it goes again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.model import Status
from cogs.custom_ids import Verb, job_button
from sandbox.discord import Modal
from sandbox.discord.messages import walk
from tests.discord.conftest import eventually
from tests.discord.given import png
from tests.discord.places import arrived, ask, finish, posts, result, told

if TYPE_CHECKING:
    from bot.model import Job, Person
    from sandbox.discord import Call, Channel, Message, User
    from tests.discord.conftest import Bot

pytestmark = pytest.mark.usefixtures("hurried")


@pytest.fixture(autouse=True)
def _pictures_are_pictures(bot: Bot) -> None:
    """Let the API paint what can be made smaller."""
    bot.api.picture = png()


async def mine_alone(bot: Bot, channel: Channel) -> Job:
    """Have the member make something there that only they see."""

    def change(person: Person) -> Person:
        return replace(person, private=True)

    await bot.engine.services.preferences.change(bot.discord.world.member.id, change)
    await ended(bot, channel)
    (job,) = await bot.jobs()
    return await bot.until(job.id, Status.SUCCEEDED)


async def ended(bot: Bot, channel: Channel) -> None:
    """Have the member ask there, and let the picture arrive in the answer that only they see."""
    call = await ask(bot, channel)
    finish(bot, await bot.submitted())
    await bot.discord.wait_until(lambda: call.message is not None and bool(call.message.attachments))


async def shown(bot: Bot, job: Job, channel: Channel, who: User | None = None) -> Message:
    """Have somebody, the member unless named, bring a job back there; return what they alone see."""
    person = bot.discord.person(who or bot.discord.world.member)
    message = await told(await person.slash("show", {"job": job.id}, channel=channel))
    assert not isinstance(message, Modal)
    assert message.ephemeral_to is not None
    return message


async def show_here(bot: Bot, message: Message) -> Message:
    """Have the member choose *Show here*; return what came of it."""
    call = await bot.discord.person(bot.discord.world.member).choose(message, Verb.SHOW.value)
    await call.answer()
    return await following(bot, call)


async def following(bot: Bot, call: Call) -> Message:
    """Return what was said after a press."""
    await bot.discord.wait_until(lambda: bool(call.followups))
    return call.followups[-1]


def offered(message: Message) -> list[str]:
    """Return what its *More …* offers."""
    return [option.label for select in message.selects() for option in select.options]


async def words(call: Call) -> str:
    """Return what an interaction came to say."""
    message = await told(call)
    return "" if isinstance(message, Modal) else message.text()


async def refusal(bot: Bot, message: Message) -> str:
    """Have the member choose *Show here*, which is refused; return what they alone are told."""
    word = await show_here(bot, message)
    assert word.ephemeral_to == bot.discord.world.member.id
    return word.content


async def test_everybody_sees_it_whole_with_its_buttons_and_nobody_is_called(bot: Bot) -> None:
    world = bot.discord.world
    await result(bot, world.dm(world.member))
    (job,) = await bot.jobs()
    post = await show_here(bot, await shown(bot, job, world.general))
    assert post.ephemeral_to is None
    assert post.content.startswith("**a fox**")
    assert "discord.com/channels" not in post.content
    assert [file.filename for file in post.attachments] == [f"easel-{job.id.lower()}.png"]
    assert post.mentions == []
    assert [button.label for button in post.buttons()][-2:] == ["Details", "Remove"]
    assert "Show here" not in offered(post)

    await eventually(lambda: bot.memory.shares.of_message(post.id))
    await (await bot.discord.person(world.owner).click(post, label="U1")).answer()
    await bot.submitted(2)
    assert bot.api.charges[-1].what.endswith("upsample::1::u")


async def test_where_it_came_from_is_linked_only_if_all_there_may_follow(bot: Bot) -> None:
    world = bot.discord.world
    for channel, is_linked in ((world.dm(world.member), False), (world.other_channel, False), (world.general, True)):
        count = len(bot.api.charges)
        grid = await result(bot, channel)
        pressed = await bot.discord.person(world.member).click(grid, label="U1")
        finish(bot, await bot.submitted(count + 2))
        upscale = await bot.job_of(await arrived(bot, pressed))
        post = await show_here(bot, await shown(bot, upscale, world.gallery))
        assert "Upscale of picture 1 of " in post.content
        assert (f"/{channel.id}/{grid.id}>" in post.content) is is_linked
        assert ("discord.com/channels" in post.content) is is_linked


async def test_what_stands_there_already_is_linked(bot: Bot) -> None:
    world = bot.discord.world
    grid = await result(bot, world.general)
    job = await bot.job_of(grid)
    post = await show_here(bot, await shown(bot, job, world.gallery))
    for channel, first in ((world.general, grid), (world.gallery, post)):
        word = await show_here(bot, await shown(bot, job, channel))
        assert (word.ephemeral_to, word.content) == (world.member.id, "It is shown here already.")
        assert [button.url for button in word.buttons()] == [
            f"https://discord.com/channels/{world.guild.id}/{channel.id}/{first.id}"
        ]
    await bot.discord.person(world.owner).delete(grid)
    anew = await show_here(bot, await shown(bot, job, world.general))
    assert anew.ephemeral_to is None


async def test_what_is_mine_alone_is_asked_about_first_and_is_that_no_more(bot: Bot) -> None:
    world = bot.discord.world
    job = await mine_alone(bot, world.general)
    question = await show_here(bot, await shown(bot, job, world.general))
    assert question.ephemeral_to == world.member.id
    assert "Everybody here will see it and can use its buttons." in question.content
    assert bot.discord.messages(world.general, world.owner) == []
    assert (await bot.job(job.id)).is_private

    call = await bot.discord.person(world.member).click(question, label="Show it to everybody")
    post = await following(bot, call)
    await bot.discord.wait_until(lambda: question.content == "Everybody here sees it now.")
    assert bot.discord.messages(world.general, world.owner) == [post]
    job = await bot.job(job.id)
    assert (job.is_private, job.delivery.message_id, job.delivery.answer_message_id) == (False, post.id, None)
    seen = await shown(bot, job, world.general, world.owner)
    assert seen.attachments
    elsewhere = await bot.discord.person(world.owner).slash("show", {"job": job.id}, channel=world.gallery)
    assert "I know no such job here" in await words(elsewhere)

    await (await bot.discord.person(world.member).click(post, label="Remove")).answer()
    await bot.discord.wait_until(lambda: post.deleted)
    assert (await bot.job(job.id)).delivery.message_id is None


async def test_reactions_mean_there_what_they_mean_elsewhere_but_a_cross_takes_only_the_message(bot: Bot) -> None:
    world = bot.discord.world
    job = await bot.job_of(await result(bot, world.general))
    post = await show_here(bot, await shown(bot, job, world.gallery))
    await eventually(lambda: bot.memory.shares.of_message(post.id))
    await bot.discord.person(world.owner).react(post, "⭐")
    await eventually(lambda: bot.memory.people.is_favorite(world.owner.id, job.id))
    await bot.discord.person(world.member).react(post, "❌")
    await bot.discord.wait_until(lambda: post.deleted)
    assert (await bot.job(job.id)).deleted_at is None


async def test_a_result_for_ones_eyes_alone_can_be_shown_from_where_it_stands(bot: Bot) -> None:
    world = bot.discord.world
    await bot.engine.services.preferences.change(world.member.id, lambda person: replace(person, private=True))
    call = await ask(bot, world.general)
    finish(bot, await bot.submitted())
    await bot.discord.wait_until(lambda: call.message is not None and bool(call.message.attachments))
    assert call.message is not None
    assert "Show here" in offered(call.message)


async def test_nobody_else_shows_what_is_not_theirs(bot: Bot) -> None:
    world = bot.discord.world
    grid = await result(bot, world.general)
    job = await bot.job_of(grid)
    seen = await shown(bot, job, world.general, world.owner)
    assert "Show here" not in offered(seen)
    origin = await forged_origin(bot, grid)
    assert "Only the person who asked for it can show it" in origin


async def forged_origin(bot: Bot, grid: Message) -> str:
    """Have the owner press what was never offered to them, under a message of the member's; return what they read."""
    job = await bot.job_of(grid)
    button = next(node for node in walk(grid.components) if node.get("custom_id") == job_button(job.id, Verb.DETAILS))
    button["custom_id"] = job_button(job.id, Verb.SHOW)
    call = await bot.discord.person(bot.discord.world.owner).click(grid, custom_id=button["custom_id"])
    await call.answer()
    return (await following(bot, call)).content


async def test_where_nobody_else_is_or_may_read_it_is_not_offered(bot: Bot) -> None:
    world = bot.discord.world
    job = await bot.job_of(await result(bot, world.general))
    for channel, is_offered in (
        (world.dm(world.member), False),
        (world.hushed, False),
        (world.far_channel, True),
        (world.group, True),
    ):
        assert ("Show here" in offered(await shown(bot, job, channel))) is is_offered, channel


async def test_where_the_bot_is_not_it_is_a_further_answer(bot: Bot) -> None:
    world = bot.discord.world
    job = await bot.job_of(await result(bot, world.general))
    before = posts(bot)
    for channel in (world.far_channel, world.group):
        post = await show_here(bot, await shown(bot, job, channel))
        assert post.ephemeral_to is None
        assert post.attachments
        assert (await shown(bot, job, channel, world.owner)).attachments
        assert "shown here already" in (await show_here(bot, await shown(bot, job, channel))).content
        await (await bot.discord.person(world.member).click(post, label="Remove")).answer()
        await bot.discord.wait_until(lambda post=post: post.deleted)
    assert (posts(bot), bot.discord.counters.invalid_requests) == (before, 0)


async def test_what_is_age_restricted_or_cannot_be_had_is_not_shown(bot: Bot) -> None:
    world = bot.discord.world
    job = await bot.job_of(await result(bot, world.nsfw))
    assert "age-restricted" in await refusal(bot, await shown(bot, job, world.general))
    bot.api.is_down = True
    message = await shown(bot, job, world.gallery)
    assert "age-restricted" in await refusal(bot, message)
    bot.api.is_down = False

    job = await bot.job_of(await result(bot, world.dm(world.member)))
    message = await shown(bot, job, world.general)
    await bot.engine.pictures.keeper.forget([(await bot.job(job.id)).picture or ""])
    bot.api.is_down = True
    assert "cannot be fetched just now" in await refusal(bot, message)
    assert await bot.memory.shares.of_job(job.id) == []
    bot.api.is_down = False
    assert (await show_here(bot, message)).attachments


async def test_it_goes_when_its_job_is_deleted(bot: Bot) -> None:
    world = bot.discord.world
    grid = await result(bot, world.general)
    job = await bot.job_of(grid)
    post = await show_here(bot, await shown(bot, job, world.gallery))
    member = bot.discord.person(world.member)
    asked = (await (await member.choose(await shown(bot, job, world.general), Verb.DELETE.value)).answer()).message
    assert asked is not None
    await (await member.click(asked, label="Delete for good")).answer()
    await bot.discord.wait_until(lambda: post.deleted and grid.deleted)
