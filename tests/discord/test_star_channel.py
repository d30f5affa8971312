"""A picture with enough stars, from the reactions under it to the star channel of its server."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import discord
import pytest

from bot.jobs.requests import Origin
from cogs.custom_ids import setting
from tests.discord.conftest import eventually
from tests.discord.settings_ground import Panel

if TYPE_CHECKING:
    from bot.model import Server
    from sandbox.discord import Channel, Message, User
    from tests.discord.conftest import Bot


async def made(bot: Bot, channel: Channel) -> Message:
    """Have a picture made in a channel of a server that shows pictures with two stars in #gallery."""
    world = bot.discord.world

    def change(server: Server) -> Server:
        return replace(server, star_channel_id=world.gallery.id, stars=2)

    await bot.engine.services.preferences.change_server(world.guild.id, change)
    await bot.discord.person(world.member).slash("imagine", {"prompt": "a fox"}, channel=channel)
    bot.api.finish(await bot.submitted())
    return await bot.discord.wait_message(lambda message: message.channel is channel and bool(message.attachments))


async def test_it_is_shown_there_and_calls_nobody(bot: Bot) -> None:
    world = bot.discord.world
    picture = await made(bot, world.general)
    for person in (world.member, world.owner):
        await bot.discord.person(person).react(picture, "⭐", on=True)

    shown = await bot.discord.wait_message(lambda message: message.channel is world.gallery)
    assert shown.attachments
    assert shown.mentions == []
    assert "⭐ shown again for its stars" in shown.content
    assert f"/{world.general.id}/{picture.id}>" in shown.content


@pytest.mark.parametrize("for_adults", [False, True], ids=["for all", "for adults"])
async def test_what_is_for_adults_is_not_shown_to_all(bot: Bot, *, for_adults: bool) -> None:
    world = bot.discord.world
    gallery = bot.client.get_channel(world.gallery.id)
    assert isinstance(gallery, discord.TextChannel)
    gallery.nsfw = for_adults
    job = await bot.job_of(await made(bot, world.nsfw))
    for person in (world.member, world.owner):
        origin = Origin(
            user_id=person.id,
            guild_id=world.guild.id,
            channel_id=world.nsfw.id,
            interaction_id=0,
            interaction_token="",
            application_id=world.application_id,
            attachment_size_limit=world.guild.attachment_size_limit,
            locale="en-US",
        )
        await bot.engine.services.stars.star(origin, job.id, on=True)

    assert len(bot.discord.messages(world.gallery, world.owner)) == for_adults


async def starred_while_away(bot: Bot, picture: Message, *people: User) -> None:
    """Have people star a picture while the bot is not there."""
    await bot.stop()
    for person in people:
        await bot.discord.person(person).react(picture, "⭐", on=True)
    await bot.start()


def asked(bot: Bot) -> int:
    """Return how often a message was asked for."""
    return bot.discord.counters.requests.get("GET /channels/{channel_id}/messages/{message_id}", 0)


async def test_stars_from_while_the_bot_was_away_count_with_the_next_one(bot: Bot) -> None:
    world = bot.discord.world
    picture = await made(bot, world.general)
    await starred_while_away(bot, picture, world.member)
    before = asked(bot)
    await bot.discord.person(world.owner).react(picture, "⭐", on=True)

    shown = await bot.discord.wait_message(lambda message: message.channel is world.gallery)
    assert shown.attachments
    assert asked(bot) == before + 1
    job = await bot.job_of(picture)
    assert await bot.memory.stars.set_star(job.id, world.owner.id, job.created_at, on=True) == 1


async def test_a_star_of_the_bot_itself_does_not_count(bot: Bot) -> None:
    world = bot.discord.world
    picture = await made(bot, world.general)
    await bot.client.http.add_reaction(picture.channel.id, picture.id, "⭐")
    await bot.discord.person(world.member).react(picture, "⭐", on=True)
    await bot.discord.wait_until(lambda: asked(bot) == 1)
    await bot.discord.person(world.guest).react(picture, "⭐", on=True)

    await bot.discord.wait_message(lambda message: message.channel is world.gallery)
    assert asked(bot) == 1
    job = await bot.job_of(picture)
    assert await bot.delivery.count_stars(job) == 2


async def test_where_the_bot_may_not_read_back_its_own_count_stays_and_nobody_is_bothered(bot: Bot) -> None:
    world = bot.discord.world
    picture = await made(bot, world.general)
    bot.discord.deny(world.general, "READ_MESSAGE_HISTORY")
    await starred_while_away(bot, picture, world.member)
    await bot.discord.person(world.owner).react(picture, "⭐", on=True)
    await bot.discord.wait_until(lambda: asked(bot) == 1)
    await bot.discord.person(world.member).react(picture, "⭐", on=False)
    await bot.discord.person(world.member).react(picture, "⭐", on=True)

    await bot.discord.wait_message(lambda message: message.channel is world.gallery)
    assert bot.discord.messages(world.dm(world.owner)) == []


@pytest.mark.parametrize(
    ("denied", "named"),
    [
        (["VIEW_CHANNEL"], "View Channel, Send Messages, Embed Links, and Attach Files"),
        (["SEND_MESSAGES"], "Send Messages, Embed Links, and Attach Files"),  # the others mean nothing without it
        (["EMBED_LINKS", "ATTACH_FILES"], "Embed Links and Attach Files"),
        (["ATTACH_FILES"], "Attach Files"),
    ],
)
async def test_a_star_channel_in_which_nothing_can_be_posted_says_so_on_the_panel(
    bot: Bot, denied: list[str], named: str
) -> None:
    world = bot.discord.world
    await made(bot, world.general)
    panel = Panel(bot, world.owner, server=True)
    assert "I may not" not in (await panel.open()).text()
    bot.discord.deny(world.gallery, *denied)
    lacking = f"⚠️ I may not show pictures in <#{world.gallery.id}>: there I lack {named}. Give me that, or choose"

    async def told() -> bool:
        return lacking in (await panel.open()).text()

    await eventually(told)
    await bot.discord.person(world.owner).click(panel.message, custom_id=setting("channel", "open", server=True))
    await bot.discord.wait_until(lambda: "Where a picture that has got enough" in panel.text())
    assert lacking in panel.text()
    assert "I may not" not in (await Panel(bot).open()).text()

    bot.discord.allow(world.gallery, *denied)

    async def well() -> bool:
        return "I may not" not in (await panel.open()).text()

    await eventually(well)


async def test_a_star_channel_that_was_deleted_says_so_on_the_panel(bot: Bot) -> None:
    world = bot.discord.world
    await made(bot, world.general)
    bot.discord.delete_channel(world.gallery)
    panel = Panel(bot, world.owner, server=True)

    async def told() -> bool:
        return "⚠️ I cannot find this channel" in (await panel.open()).text()

    await eventually(told)
    await panel.page("channel", "clear", shows="**Star channel:** none")
    assert "I cannot find" not in panel.text()
