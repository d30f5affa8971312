"""Where the bot is not: what people who installed it for themselves can do there, and what it can answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest
from discord import app_commands

from sandbox.discord import ClientRefused, DiscordOptions, DiscordSandbox, Permission
from tests.sandbox.discord_ground import bare, button, connected, new_client, new_tree, row

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sandbox.discord import Call, Channel, User
    from tests.sandbox.discord_ground import Api, Interaction

Json = dict[str, Any]
EVERYWHERE: Json = {"name": "ping", "integration_types": [0, 1], "contexts": [0, 1, 2]}
PUBLIC, PRIVATE = {"content": "hello"}, {"content": "hello", "flags": 64}


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with bare(DiscordOptions(ack_seconds=0.3)) as running:
        await running.register(EVERYWHERE)
        yield running


async def use(api: Api, channel: Channel, user: User | None = None) -> Call:
    return await api.sandbox.person(user or api.sandbox.world.member).slash("ping", channel=channel)


def owners(call: Call) -> Json:
    return call.payload["authorizing_integration_owners"]


async def test_by_whose_installation_a_command_is_used(api: Api) -> None:
    world = api.sandbox.world
    member, guest = str(world.member.id), str(world.guild.id)
    assert owners(await use(api, world.general)) == {"0": guest, "1": member}
    assert owners(await use(api, world.general, world.guest)) == {"0": guest}
    assert owners(await use(api, world.dm(world.member))) == {"0": "0", "1": member}
    for channel in (world.far_channel, world.private, world.group):
        assert owners(await use(api, channel)) == {"1": member}
        with pytest.raises(ClientRefused):
            await use(api, channel, world.guest)
    api.sandbox.install_for(world.guest)
    assert owners(await use(api, world.group, world.guest)) == {"1": str(world.guest.id)}
    api.sandbox.install_for(world.guest, installed=False)
    with pytest.raises(ClientRefused):
        await use(api, world.group, world.guest)
    await api.register({"name": "ping", "integration_types": [1], "contexts": [0]})
    assert owners(await use(api, world.general)) == {"1": member}


@pytest.mark.parametrize(
    ("fields", "places"),
    [
        ({}, {"general", "dm"}),
        ({"integration_types": [0, 1]}, {"general", "far_channel", "dm"}),
        ({"integration_types": [1]}, {"general", "far_channel", "dm"}),
        ({"integration_types": [0, 1], "contexts": [2]}, {"private", "group"}),
        ({"integration_types": [0], "contexts": [0, 1, 2]}, {"general", "dm"}),
        ({"integration_types": [0, 1], "dm_permission": False}, {"general", "far_channel"}),
    ],
)
async def test_where_a_command_is_offered(api: Api, fields: Json, places: set[str]) -> None:
    world = api.sandbox.world
    await api.register({"name": "ping"} | fields)
    mateo = api.sandbox.person(world.member)
    channels = {name: getattr(world, name) for name in ("general", "far_channel", "private", "group")}
    channels["dm"] = world.dm(world.member)
    assert {name for name, channel in channels.items() if mateo.commands(channel)} == places


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"contexts": [3]}, ("contexts", "0")),
        ({"contexts": [0, 0]}, ("contexts",)),
        ({"integration_types": [2]}, ("integration_types", "0")),
        ({"integration_types": []}, ("integration_types",)),
    ],
)
async def test_places_that_there_are_not(api: Api, fields: Json, path: tuple[str, ...]) -> None:
    body = [{"type": 1, "name": "ping", "description": "A command."} | fields]
    reply = await api.call("PUT", f"/applications/{api.sandbox.application_id}/commands", body)
    assert reply.refusal == (400, 50035)
    assert reply.errors("0", *path)


async def test_what_an_interaction_says_of_a_place_without_the_bot(api: Api) -> None:
    world = api.sandbox.world
    world.far_guild.locale = "ja"
    far = (await use(api, world.far_channel)).payload
    assert (far["context"], far["guild_locale"]) == (0, "ja")
    assert far["guild"] == {"id": str(world.far_guild.id), "locale": "ja", "features": []}
    assert far["member"]["user"]["id"] == str(world.member.id)
    theirs = api.sandbox.person(world.member).rights(world.far_channel)
    assert int(far["app_permissions"]) == theirs | Permission.ATTACH_FILES | Permission.EMBED_LINKS
    private, group = (await use(api, world.private)).payload, (await use(api, world.group)).payload
    assert (private["context"], group["context"], "guild" in private, "member" in group) == (2, 2, False, False)
    assert private["user"]["id"] == str(world.member.id)
    assert [user["username"] for user in private["channel"]["recipients"]] == ["hanna.lind"]
    assert (group["channel"]["type"], group["channel"]["name"]) == (3, "Weekend trip")
    assert int(private["app_permissions"]) == 180_224  # attach files, embed links, mention everyone
    direct = (await use(api, world.dm(world.member))).payload
    assert (direct["context"], int(direct["app_permissions"])) == (1, 442_368)  # external emojis as well


@pytest.mark.parametrize("place", ["far_channel", "private", "group"])
async def test_the_bots_token_opens_nothing_where_it_is_not(api: Api, place: str) -> None:
    channel: Channel = getattr(api.sandbox.world, place)
    call = await use(api, channel)
    answered = await api.respond(call, {"type": 4, "data": PUBLIC})
    messages = f"/channels/{channel.id}/messages"
    message = f"{messages}/{answered.body['resource']['message']['id']}"
    for method, path, body in (
        ("POST", messages, PUBLIC),
        ("GET", messages, None),
        ("GET", message, None),
        ("PATCH", message, PUBLIC),
        ("DELETE", message, None),
        ("POST", f"/channels/{channel.id}/typing", {}),
        ("GET", f"/channels/{channel.id}", None),
    ):
        assert (await api.call(method, path, body)).refusal == (403, 50001), (method, path)
    edited = await api.patch(f"{api.hook(call)}/messages/@original", {"content": "by the token"})
    assert (edited.status, edited.body["content"]) == (200, "by the token")


async def test_five_follow_ups_and_then_no_more(api: Api) -> None:
    for place in (api.sandbox.world.far_channel, api.sandbox.world.group):
        call = await use(api, place)
        await api.respond(call, {"type": 5})
        deferred = await api.post(api.hook(call), PUBLIC)
        assert deferred.body["id"] == str(call.message.id if call.message else 0)
        for payload in (PUBLIC, PRIVATE, PUBLIC, PUBLIC, PUBLIC):
            assert (await api.post(api.hook(call), payload)).status == 200
        assert (await api.post(api.hook(call), PUBLIC)).refusal == (400, 40094)
        assert (await api.patch(f"{api.hook(call)}/messages/@original", PUBLIC)).status == 200
    at_home = await use(api, api.sandbox.world.general)
    await api.respond(at_home, {"type": 4, "data": PUBLIC})
    assert {(await api.post(api.hook(at_home), PUBLIC)).status for _ in range(7)} == {200}


@pytest.mark.parametrize("kind", [4, 5])
async def test_without_the_permission_every_answer_is_for_one_person_alone(api: Api, kind: int) -> None:
    world = api.sandbox.world
    call = await use(api, world.hushed)
    answered = await api.respond(call, {"type": kind, "data": PUBLIC if kind == 4 else {}})
    assert answered.body["interaction"]["response_message_ephemeral"] is True
    if kind == 5:
        await api.post(api.hook(call), PUBLIC)
    more = await api.post(api.hook(call), PUBLIC)
    assert more.body["flags"] & 64
    assert [message.ephemeral_to for message in api.sandbox.messages(world.hushed)] == [world.member.id] * 2
    assert api.sandbox.messages(world.hushed, world.owner) == []
    api.sandbox.add_bot(world.far_guild)
    at_home = await use(api, world.hushed)
    await api.respond(at_home, {"type": 4, "data": PUBLIC})
    assert at_home.message is not None
    assert at_home.message.ephemeral_to is None


async def test_who_presses_a_button_there_needs_no_installation(api: Api) -> None:
    world = api.sandbox.world
    call = await use(api, world.far_channel)
    await api.respond(call, {"type": 4, "data": {"content": "x", "components": [row(button())]}})
    assert call.message is not None
    pressed = await api.sandbox.person(world.guest).click(call.message, label="U1")
    assert (owners(pressed), pressed.user) == ({"1": str(world.member.id)}, world.guest)
    await api.respond(pressed, {"type": 9, "data": modal()})
    opened = (await pressed.answer()).modal
    assert opened is not None
    sent = await api.sandbox.person(world.guest).submit_modal(opened)
    assert owners(sent) == {"1": str(world.member.id)}
    await api.respond(sent, {"type": 7, "data": {"content": "changed"}})
    assert {(await api.post(api.hook(sent), PUBLIC)).status for _ in range(5)} == {200}
    assert (await api.post(api.hook(sent), PUBLIC)).refusal == (400, 40094)


def modal() -> Json:
    field = {"type": 4, "custom_id": "f", "style": 1, "label": "L", "required": False}
    return {"title": "T", "custom_id": "m", "components": [row(field)]}


async def test_direct_messages_need_a_server_in_common_or_an_installation(api: Api) -> None:
    world = api.sandbox.world
    path = f"/channels/{(await api.post('/users/@me/channels', {'recipient_id': str(world.guest.id)})).body['id']}"
    assert (await api.post(f"{path}/messages", PUBLIC)).status == 200
    api.sandbox.remove_bot(world.guild)
    assert (await api.post(f"{path}/messages", PUBLIC)).refusal == (403, 50278)
    api.sandbox.install_for(world.guest)
    assert (await api.post(f"{path}/messages", PUBLIC)).status == 200


async def test_the_guilds_of_the_bot(api: Api) -> None:
    world = api.sandbox.world
    mine = (await api.get("/users/@me/guilds")).body
    assert [guild["name"] for guild in mine] == ["Northlight Studio", "Paper Lantern"]
    assert int(mine[0]["permissions"]) & Permission.SEND_MESSAGES
    assert mine[0]["owner"] is False
    assert [guild["id"] for guild in (await api.get("/users/@me/guilds?limit=1")).body] == [str(world.guild.id)]
    after = (await api.get(f"/users/@me/guilds?after={world.guild.id}")).body
    assert [guild["name"] for guild in after] == ["Paper Lantern"]
    before = (await api.get(f"/users/@me/guilds?before={world.other_guild.id}&limit=1")).body
    assert [guild["name"] for guild in before] == ["Northlight Studio"]
    assert (await api.get("/users/@me/guilds?limit=201")).refusal == (400, 50035)
    api.sandbox.add_bot(world.far_guild)
    assert len((await api.get("/users/@me/guilds")).body) == 3


async def test_discord_py_sees_the_place_and_hears_of_another_language() -> None:
    client = new_client()
    tree = new_tree(client)
    told: list[str] = []

    @tree.command(description="Tell where it was used.")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def where(interaction: Interaction) -> None:
        kind = type(interaction.channel).__name__
        told.append(f"{kind} {interaction.is_user_integration()} {interaction.is_guild_integration()}")
        await interaction.response.send_message("x")

    assert where.name == "where"
    async with DiscordSandbox() as sandbox, connected(sandbox, client, tree):
        world, mateo = sandbox.world, sandbox.person("Mateo")
        places = (world.general, world.far_channel, world.private, world.group, world.dm(world.member))
        for channel in places:
            await (await mateo.slash("where", channel=channel)).answer()
        changed = discord.utils.find(lambda guild: guild.id == world.guild.id, client.guilds)
        assert changed is not None
        sandbox.speak("ja")
        latest = await mateo.slash("where", channel=world.general)
        await latest.answer()
        assert changed.preferred_locale is discord.Locale.japanese
        assert (latest.payload["locale"], latest.payload["guild_locale"]) == ("ja", "ja")
        assert len(client.guilds) == 2
    assert told[:5] == [
        "TextChannel True True",
        "TextChannel True False",
        "DMChannel True False",
        "GroupChannel True False",
        "DMChannel True False",  # discord.py knows a guild's installation only inside that guild
    ]
