"""Pages shown to others: what is on them, who may open what there, what never gets there, and how they go again."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import discord
import pytest

from bot.model import HistoryFilter, Status
from cogs.custom_ids import SHARE_REMOVE, Verb, history_open, job_button
from cogs.places import Place, Turn, Wanted
from sandbox.discord import Modal
from tests.discord.conftest import eventually
from tests.discord.given import png
from tests.discord.pages import made, media, open_job, opened, titles
from tests.discord.places import result, told

if TYPE_CHECKING:
    from sandbox.discord import Call, Channel, Message, User
    from tests.discord.conftest import Bot

pytestmark = pytest.mark.usefixtures("hurried")

UNKNOWN = "I know no such job here"


@pytest.fixture(autouse=True)
def _pictures_are_pictures(bot: Bot) -> None:
    """Let the API paint what thumbnails can be made of."""
    bot.api.picture = png()


async def share(bot: Bot, panel: Message, who: User | None = None) -> Call:
    """Have somebody, the member unless named, share what they see."""
    call = await bot.discord.person(who or bot.discord.world.member).click(panel, label="Share")
    await call.answer()
    await bot.discord.wait_until(lambda: bool(call.followups))
    return call


async def shared(bot: Bot, channel: Channel | None = None) -> Message:
    """Have the member share the newest page of their history; return what everybody sees."""
    (page, *_) = (await share(bot, await opened(bot, channel=channel))).followups
    assert page.is_v2
    assert page.ephemeral_to is None
    await eventually(lambda: bot.memory.shares.of_message(page.id))
    return page


def everybodys(bot: Bot, channel: Channel) -> list[Message]:
    """Return the panels that all in a channel see."""
    seen = bot.discord.messages(channel, bot.discord.world.owner)
    return [message for message in seen if message.is_v2 and message.ephemeral_to is None]


async def lost(bot: Bot, job_id: str) -> None:
    """Take a job's file off our disk, as the upkeep does for want of room."""
    job = await bot.job(job_id)
    await bot.engine.pictures.keeper.forget([job.picture or ""])


async def test_a_page_is_shared_with_all(bot: Bot) -> None:
    world = bot.discord.world
    await made(bot, 1, channel_id=world.gallery.id)
    await bot.grid()
    panel = await opened(bot)
    await made(bot, 2)
    call = await share(bot, panel)
    (page,) = call.followups
    assert page.ephemeral_to is None
    assert page.text().startswith(f"### Made by {world.member.mention}\n**1.** **a fox**")
    assert titles(page) == ["a fox", "fox 01"]
    assert len(page.attachments) == 1
    assert page.mentions == []
    assert [button.label for button in page.buttons()] == ["Open", "Open", "Remove"]


async def test_everybody_there_may_open_what_is_shared_and_use_its_buttons(bot: Bot) -> None:
    world = bot.discord.world
    await result(bot, world.other_channel)
    (job,) = await bot.jobs()
    page = await shared(bot)

    seen = (await open_job(bot, page, who=world.guest)).message
    assert seen is not None
    assert len(seen.attachments) == 1
    assert seen.attachments[0].filename == f"easel-{job.id.lower()}.png"  # whole, and no thumbnail
    assert job.id in await words(await bot.discord.person(world.guest).click(seen, label="Details"))
    seen = (await open_job(bot, page, who=world.owner)).message
    assert seen is not None
    await (await bot.discord.person(world.owner).click(seen, label="U1")).answer()
    await bot.submitted(2)
    assert bot.api.charges[-1].what.endswith("upsample::1::u")


async def words(call: Call) -> str:
    """Return what an interaction came to say."""
    message = await told(call)
    return "" if isinstance(message, Modal) else message.text()


async def test_elsewhere_it_opens_for_nobody_else(bot: Bot) -> None:
    world = bot.discord.world
    await result(bot, world.other_channel)
    (job,) = await bot.jobs()
    await shared(bot)
    for channel in (world.gallery, world.thread):
        call = await bot.discord.person(world.guest).slash("show", {"job": job.id}, channel=channel)
        assert UNKNOWN in await words(call)
    call = await bot.discord.person(world.guest).slash("show", {"job": job.id}, channel=world.general)
    assert (await words(call)).startswith("**a fox**")


async def forged(bot: Bot, *custom_ids: str) -> Message:
    """Return a message of the bot's in #general with buttons that it never made."""
    view = discord.ui.LayoutView(timeout=None)
    row = discord.ui.ActionRow[discord.ui.LayoutView]()
    for number, custom_id in enumerate(custom_ids):
        row.add_item(discord.ui.Button(label=str(number), custom_id=custom_id))
    view.add_item(discord.ui.TextDisplay(f"forged {len(custom_ids)}"))
    view.add_item(row)
    view.stop()
    channel = bot.client.get_channel(bot.discord.world.general.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.send(view=view)
    return await bot.discord.wait_message(lambda message: message.text().startswith(f"forged {len(custom_ids)}"))


async def test_a_forged_button_opens_shows_and_removes_nothing(bot: Bot) -> None:
    world = bot.discord.world
    await result(bot, world.other_channel)
    (job,) = await bot.jobs()
    share_page = Place(wanted=Wanted()).custom_id(Turn.SHARE)
    message = await forged(
        bot, history_open(job.id), job_button(job.id, Verb.SHOW), job_button(job.id, Verb.PUBLISH), SHARE_REMOVE
    )
    for label in "012":
        reply = await private_word(bot, message, label, world.owner)
        assert UNKNOWN in reply, label
    assert "Only the person who showed this here" in await private_word(bot, message, "3", world.member)
    assert not message.deleted
    other = await forged(bot, history_open(job.id), share_page)
    assert "so nothing was shared" in await private_word(bot, other, "1", world.owner)
    assert everybodys(bot, world.general) == [message, other]
    assert await bot.memory.shares.of_job(job.id) == []


async def private_word(bot: Bot, message: Message, label: str, who: User) -> str:
    """Have somebody press a button; return what they alone are told."""
    call = await bot.discord.person(who).click(message, label=label)
    await call.answer()
    await bot.discord.wait_until(lambda: call.message is not message or bool(call.followups))
    replies = call.followups or [message for message in [call.message] if message is not None]
    await bot.discord.wait_until(lambda: bool(replies) and bool(replies[-1].text()))
    reply = replies[-1]
    assert reply.ephemeral_to == who.id
    return reply.text()


async def test_what_is_private_is_never_shared_and_that_is_said(bot: Bot) -> None:
    private = await made(bot, 1, is_private=True)
    await made(bot, 2)
    call = await share(bot, await opened(bot))
    await bot.discord.wait_until(lambda: len(call.followups) == 2)
    page, note = call.followups
    assert titles(page) == ["fox 02"]
    assert note.ephemeral_to == bot.discord.world.member.id
    assert note.content == "1 picture is for you alone and was left out."
    assert await bot.memory.shares.of_job(private) == []


async def test_a_page_that_nobody_else_may_see_is_not_shared(bot: Bot) -> None:
    await made(bot, 1, is_private=True)
    (word,) = (await share(bot, await opened(bot))).followups
    assert word.ephemeral_to is not None
    assert "so nothing was shared" in word.content


async def test_what_is_age_restricted_is_shared_only_in_such_channels_and_that_is_said(bot: Bot) -> None:
    world = bot.discord.world
    await made(bot, 1, channel_id=world.nsfw.id)
    await made(bot, 2, channel_id=1)  # a channel that is gone
    await made(bot, 3)
    call = await share(bot, await opened(bot))
    await bot.discord.wait_until(lambda: len(call.followups) == 2)
    page, note = call.followups
    assert titles(page) == ["fox 03"]
    assert note.content.startswith("2 pictures come from age-restricted channels")
    assert titles(await shared(bot, world.nsfw)) == ["fox 03", "fox 02", "fox 01"]


async def test_favorites_are_those_of_others_too_and_are_shared_only_where_they_are(bot: Bot) -> None:
    world = bot.discord.world
    job = await bot.job_of(await bot.grid())
    await bot.memory.people.set_favorite(world.owner.id, job.id, datetime.now(UTC), on=True)
    panel = await opened(bot, command="favorites", channel=world.other_channel, who=world.owner)
    assert "### Your favorites" in panel.text()
    assert f"{world.member.mention} · <t:" in panel.text()
    seen = (await open_job(bot, panel, who=world.owner)).message
    assert seen is not None
    assert len(seen.attachments) == 1
    assert Verb.SHOW.value not in [option.value for option in seen.select().options]

    owner = bot.discord.person(world.owner)  # who moderates there, too
    answer = await (await owner.choose(seen, Verb.DELETE.value)).answer()
    assert answer.message is not None
    assert "Only the person who asked for it" in answer.message.content

    (word,) = (await share(bot, panel, world.owner)).followups
    assert "1 picture by somebody else belongs to another channel" in word.content
    (page,) = (await share(bot, await opened(bot, command="favorites", who=world.owner), world.owner)).followups
    assert "### Favorites of" in page.text()


async def test_where_the_bot_is_not_a_page_is_shared_and_removed_as_an_answer_or_not_at_all(bot: Bot) -> None:
    world = bot.discord.world
    await made(bot, 1)
    page = await shared(bot, world.far_channel)
    assert titles(page) == ["fox 01"]
    assert "[message]" not in page.text()
    (again,) = (await share(bot, await opened(bot, channel=world.far_channel))).followups
    assert "It is shown here already." in again.content
    await removed(bot, page, world.member)
    for channel in (world.dm(world.member), world.hushed):
        panel = await opened(bot, channel=channel)
        assert "Share" not in [button.label for button in panel.buttons()]
    panel = await opened(bot, channel=world.far_channel)
    world.far_channel.overwrites = world.hushed.overwrites
    call = await bot.discord.person(world.member).click(panel, label="Share")
    assert "nobody but you can see what I answer" in await words(call)
    assert bot.discord.counters.invalid_requests == 0


async def removed(bot: Bot, page: Message, who: User) -> None:
    """Have somebody press *Remove*, and see the page go with all that is known of it."""
    await (await bot.discord.person(who).click(page, label="Remove")).answer()
    await bot.discord.wait_until(lambda: page.deleted)
    assert await bot.memory.shares.of_message(page.id) is None


async def test_who_may_not_write_there_shows_nothing_there(bot: Bot) -> None:
    world = bot.discord.world
    await made(bot, 1, user_id=world.guest.id)
    panel = await opened(bot, who=world.guest)
    call = await bot.discord.person(world.guest).click(panel, label="Share")
    assert "You may not write here" in await words(call)
    assert everybodys(bot, world.general) == []


async def test_who_shared_it_removes_it_and_then_it_opens_no_more(bot: Bot) -> None:
    world = bot.discord.world
    await result(bot, world.other_channel)
    (job,) = await bot.jobs()
    page = await shared(bot)
    assert "Only the person who showed this here, or a moderator" in await private_word(
        bot, page, "Remove", world.guest
    )
    assert not page.deleted
    await removed(bot, page, world.member)
    call = await bot.discord.person(world.guest).slash("show", {"job": job.id}, channel=world.general)
    assert UNKNOWN in await words(call)


async def test_a_moderator_removes_it_and_whoever_shared_it_also_once_nothing_is_known_of_it(bot: Bot) -> None:
    world = bot.discord.world
    await made(bot, 1)
    await removed(bot, await shared(bot), world.owner)
    page = await shared(bot)
    await bot.engine.services.privacy.leaving.erase(world.member.id)
    assert await bot.memory.shares.of_message(page.id) is None
    assert "Only the person who showed this here" in await private_word(bot, page, "Remove", world.guest)
    await removed(bot, page, world.member)


async def test_the_same_page_is_shown_once_in_ten_minutes_also_if_it_is_pressed_twice_at_once(bot: Bot) -> None:
    world = bot.discord.world
    await made(bot, 1)
    panel = await opened(bot)
    calls = await asyncio.gather(share(bot, panel), share(bot, panel))
    (page,) = everybodys(bot, world.general)
    (word,) = [message for call in calls for message in call.followups if message is not page]
    assert word.ephemeral_to == world.member.id
    assert word.content == "It is shown here already."
    assert [button.url for button in word.buttons()] == [
        f"https://discord.com/channels/{world.guild.id}/{world.general.id}/{page.id}"
    ]
    assert await shared(bot, world.gallery) is not page


async def test_a_page_that_was_removed_by_hand_or_has_something_new_on_it_is_shown_anew(bot: Bot) -> None:
    world = bot.discord.world
    await made(bot, 1)
    page = await shared(bot)
    await bot.discord.person(world.owner).delete(page)
    second = await shared(bot)
    assert await bot.memory.shares.of_message(page.id) is None
    await made(bot, 2)
    third = await shared(bot)
    assert everybodys(bot, world.general) == [second, third]


async def test_the_pages_that_show_a_deleted_job_go_with_it(bot: Bot) -> None:
    world = bot.discord.world
    await bot.grid()
    await made(bot, 1)
    pages = [await shared(bot), await shared(bot, world.gallery)]
    job = next(job for job in await bot.jobs() if job.status is Status.SUCCEEDED)
    seen = (await open_job(bot, await opened(bot, {"search": "a fox"}))).message
    assert seen is not None
    member = bot.discord.person(world.member)
    asked = (await (await member.choose(seen, Verb.DELETE.value)).answer()).message
    assert asked is not None
    await (await member.click(asked, label="Delete for good")).answer()
    await bot.discord.wait_until(lambda: all(page.deleted for page in pages))
    assert await eventually(lambda: gone(bot, job.id))


async def gone(bot: Bot, job_id: str) -> bool:
    """Whether no message is known that shows a job, and none is still to be taken away."""
    open_ = await bot.memory.takedowns.open(datetime.max.replace(tzinfo=UTC, year=3000), 10)
    return not open_ and not await bot.memory.shares.of_job(job_id)


async def test_what_is_not_on_our_disk_is_fetched_and_never_linked(bot: Bot) -> None:
    world = bot.discord.world
    await result(bot, world.dm(world.member))
    (job,) = await bot.jobs()
    await lost(bot, job.id)
    page = await shared(bot)
    [(address, about)] = media(page)
    assert about == "1. Imagine: a fox"
    assert address == f"attachment://{page.attachments[0].filename}"
    assert "[message]" not in page.text()

    await lost(bot, job.id)
    bot.api.is_down = True
    page = await shared(bot, world.gallery)
    assert (media(page), page.attachments) == ([], [])
    assert titles(page) == ["a fox"]
    page = await bot.memory.history.page(world.member.id, HistoryFilter(), limit=1)
    assert page.jobs[0].picture is None
