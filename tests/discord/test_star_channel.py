"""A picture with enough stars, from the reactions under it to the star channel of its server."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import discord
import pytest

from bot.jobs.requests import Origin

if TYPE_CHECKING:
    from bot.model import Server
    from sandbox.discord import Channel, Message
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
