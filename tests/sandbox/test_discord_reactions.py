"""Reactions: by people and by the bot, what discord.py hears of them, and what a page is told."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import discord
import pytest

from sandbox.discord import ClientRefused, DiscordOptions, DiscordSandbox, Permission
from sandbox.discord.world import ROLE_OVERWRITE, Overwrite
from tests.sandbox.discord_ground import bare, connected, new_client

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.sandbox.discord_ground import Api

Json = dict[str, Any]
FOX, FIRE = "🦊", "🔥"


@pytest.fixture
async def sandbox() -> AsyncIterator[DiscordSandbox]:
    async with DiscordSandbox(DiscordOptions()) as running:
        yield running


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with bare() as running:
        yield running


def listening(intents: discord.Intents) -> tuple[discord.Client, asyncio.Queue[str]]:
    """Return a client and what it hears of reactions."""
    client = new_client(intents)
    heard: asyncio.Queue[str] = asyncio.Queue()

    def told(event: discord.RawReactionActionEvent) -> None:
        who = event.member.name if event.member else event.user_id
        place = f"{event.guild_id} {event.message_author_id} {event.burst}"
        heard.put_nowait(f"{event.event_type} {event.emoji} {who} {place}")

    @client.event
    async def on_raw_reaction_add(event: discord.RawReactionActionEvent) -> None:
        told(event)

    @client.event
    async def on_raw_reaction_remove(event: discord.RawReactionActionEvent) -> None:
        told(event)

    assert on_raw_reaction_add.__name__ != on_raw_reaction_remove.__name__
    return client, heard


async def heard_of(heard: asyncio.Queue[str], number: int) -> list[str]:
    """Wait for so many reactions, and return what was heard of each."""
    async with asyncio.timeout(5):
        return [await heard.get() for _ in range(number)]


async def test_the_bot_hears_who_reacted_in_a_guild_and_in_a_direct_conversation(sandbox: DiscordSandbox) -> None:
    client, heard = listening(discord.Intents.default())
    world = sandbox.world
    mateo = sandbox.person(world.member)
    async with connected(sandbox, client):
        said = await mateo.say(world.general, "a fox")
        await mateo.react(said, FOX)
        await mateo.react(said, FOX)  # once is enough
        await mateo.react(said, FOX, on=False)
        direct = await mateo.say(world.dm(world.member), "hello")
        await mateo.react(direct, FIRE)
        told = await heard_of(heard, 3)
        message = await client.get_partial_messageable(direct.channel.id).fetch_message(direct.id)
    me, guild = world.member.id, world.guild.id
    assert told == [
        f"REACTION_ADD {FOX} mateo_r {guild} {me} False",
        f"REACTION_REMOVE {FOX} {me} {guild} None False",
        f"REACTION_ADD {FIRE} {me} None {me} False",
    ]
    assert [(str(reaction.emoji), reaction.count, reaction.me) for reaction in message.reactions] == [(FIRE, 1, False)]
    assert said.reactions == {}


async def test_only_a_bot_that_asked_for_reactions_hears_of_them(sandbox: DiscordSandbox) -> None:
    client, heard = listening(discord.Intents(guilds=True, guild_messages=True, dm_reactions=True))

    @client.event
    async def on_message(message: discord.Message) -> None:
        heard.put_nowait(f"MESSAGE {message.id}")

    assert on_message.__name__ == "on_message"
    world = sandbox.world
    mateo = sandbox.person(world.member)
    async with connected(sandbox, client):
        said = await mateo.say(world.general, "a fox")
        await mateo.react(said, FOX)
        direct = await mateo.say(world.dm(world.member), "hello")
        await mateo.react(direct, FOX)
        last = await mateo.say(world.general, "that was it")
        told = await heard_of(heard, 3)
    me = world.member.id
    assert told == [f"MESSAGE {said.id}", f"REACTION_ADD {FOX} {me} None {me} False", f"MESSAGE {last.id}"]


async def test_the_bot_reacts_and_hears_itself(sandbox: DiscordSandbox) -> None:
    client, heard = listening(discord.Intents.default())
    world = sandbox.world
    async with connected(sandbox, client):
        message = await client.get_partial_messageable(world.general.id).send("a fox")
        await sandbox.person("Mateo").react(sandbox.messages(world.general)[0], FOX)
        await message.add_reaction(FOX)
        again = await client.get_partial_messageable(world.general.id).fetch_message(message.id)
        assert client.user is not None
        await message.remove_reaction(FOX, client.user)
        told = await heard_of(heard, 3)
    assert [(reaction.count, reaction.me) for reaction in again.reactions] == [(2, True)]
    assert [line.split()[2] for line in told] == ["mateo_r", "Easel", str(world.bot.id)]


async def test_a_page_is_told_who_reacted(api: Api) -> None:
    await api.send({"content": "a fox"})
    world = api.sandbox.world
    message = api.sandbox.messages(world.general)[0]
    path = f"/channels/{world.general.id}/messages/{message.id}"
    events: list[Json] = []
    stop = api.sandbox.subscribe(events.append)
    await api.sandbox.person("Mateo").react(message, FOX)
    assert (await api.call("PUT", f"{path}/reactions/%F0%9F%A6%8A/@me")).status == 204
    await api.sandbox.person("Mateo").react(message, FOX, on=False)
    await api.patch(path, {"content": "an old fox"})
    stop()
    told = [event for event in events if event["type"] == "reaction"]
    mateo, easel = str(world.member.id), str(world.bot.id)
    assert [(event["emoji"], event["added"], event["user_id"]) for event in told] == [
        (FOX, True, mateo),
        (FOX, True, easel),
        (FOX, False, mateo),
    ]
    assert {(event["message_id"], event["channel_id"], event["ephemeral_to"]) for event in told} == {
        (str(message.id), str(world.general.id), None)
    }
    people = [event["message"]["reactions"][0]["user_ids"] for event in told]
    assert [sorted(ids) for ids in people] == [[mateo], sorted([mateo, easel]), [easel]]
    assert next(e for e in events if e["type"] == "message_update")["message"]["reactions"][0]["user_ids"] == [easel]
    assert api.sandbox.message_json(message)["reactions"][0]["user_ids"] == [easel]
    assert "user_ids" not in (await api.get(path)).body["reactions"][0]


async def test_who_may_react(api: Api) -> None:
    world, person = api.sandbox.world, api.sandbox.person
    said = await person(world.member).say(world.general, "a fox")
    with pytest.raises(ClientRefused):
        await person(world.guest).react(said, FOX)  # may not bring a new emoji
    await person(world.member).react(said, FOX)
    await person(world.guest).react(said, FOX)  # but join in
    assert said.reactions == {FOX: {world.member.id, world.guest.id}}
    with pytest.raises(ClientRefused):
        await person(world.member).react(said, "fox")
    other = await person(world.member).say(world.other_channel, "hidden")
    with pytest.raises(ClientRefused):
        await person(world.guest).react(other, FOX)
    world.general.overwrites[world.guild.id] = Overwrite(ROLE_OVERWRITE, deny=Permission.READ_MESSAGE_HISTORY)
    with pytest.raises(ClientRefused):
        await person(world.guest).react(said, FOX)


async def test_no_reactions_to_what_only_one_person_sees_nor_to_what_is_put_away(api: Api) -> None:
    world = api.sandbox.world
    call = await api.slash()
    await api.respond(call, {"type": 4, "data": {"content": "psst", "flags": 64}})
    message = (await call.answer()).message
    assert message is not None
    mateo = api.sandbox.person(world.member)
    with pytest.raises(ClientRefused):
        await mateo.react(message, FOX)
    said = await mateo.say(world.thread, "a poster")
    api.sandbox.archive(world.thread)
    with pytest.raises(ClientRefused):
        await mateo.react(said, FOX)


async def test_twenty_emojis_at_most_and_the_bots_own_permission(api: Api) -> None:
    world = api.sandbox.world
    mateo = api.sandbox.person(world.member)
    said = await mateo.say(world.general, "a fox")
    api.sandbox.deny(world.general, "ADD_REACTIONS")
    path = f"/channels/{world.general.id}/messages/{said.id}/reactions/%F0%9F%A6%8A/@me"
    assert (await api.call("PUT", path)).refusal == (403, 50013)
    for number in range(20):
        await mateo.react(said, chr(ord(FOX) + number))
    assert (await api.call("PUT", path)).status == 204  # joins in
    with pytest.raises(ClientRefused):
        await mateo.react(said, FIRE)
    api.sandbox.allow(world.general, "ADD_REACTIONS")
    fire = f"/channels/{world.general.id}/messages/{said.id}/reactions/%F0%9F%94%A5/@me"
    assert (await api.call("PUT", fire)).refusal == (400, 30010)
