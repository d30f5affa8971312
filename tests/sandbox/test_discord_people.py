"""What people see and may do, what their clients refuse, and what the sandbox tells about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from sandbox.discord import ClientRefused, DiscordOptions, InteractionFailed, Permission, Upload
from sandbox.discord.world import ROLE_OVERWRITE, Overwrite
from tests.sandbox.discord_ground import bare, button, row

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sandbox.discord import Channel
    from tests.sandbox.discord_ground import Api


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with bare(DiscordOptions(ack_seconds=0.05)) as running:
        yield running


async def test_people_are_found_by_every_name_they_have(api: Api) -> None:
    sandbox, world = api.sandbox, api.sandbox.world
    for name in (world.member, world.member.id, str(world.member.id), "mateo_r", "Mateo"):
        assert sandbox.person(name).user is world.member
    assert sandbox.channel("#general") is sandbox.channel(world.general.id) is world.general
    with pytest.raises(LookupError):
        sandbox.person("nobody")
    with pytest.raises(LookupError):
        sandbox.channel("nowhere")


async def test_silence_fails_for_each_kind_of_interaction_in_its_own_words(api: Api) -> None:
    events: list[dict[str, Any]] = []
    stop = api.sandbox.subscribe(events.append)
    call = await api.slash()
    with pytest.raises(InteractionFailed):
        await call.answer()
    await api.send({"content": "x", "components": [row(button())]})
    message = api.sandbox.messages(api.sandbox.world.general)[0]
    pressed = await api.sandbox.person("Mateo").click(message, label="U1")
    with pytest.raises(InteractionFailed, match="This interaction failed"):
        await pressed.answer()
    stop()
    await api.send({"content": "unheard"})
    failures = [event["text"] for event in events if event["type"] == "interaction_failed"]
    assert failures == ["The application did not respond", "This interaction failed"]
    assert [e["message"]["content"] for e in events if e["type"] == "message_create"] == ["x"]
    assert call.acknowledged_after is None


async def test_only_buttons_that_are_there_can_be_pressed_by_those_who_see_them(api: Api) -> None:
    link = {"type": 2, "style": 5, "label": "Open", "url": "https://example.org"}
    buttons = [button(), button(custom_id="off", label="Off", disabled=True), link]
    await api.send({"content": "x", "components": [row(*buttons)]})
    message = api.sandbox.messages(api.sandbox.world.general)[0]
    mateo = api.sandbox.person("Mateo")
    for wanted in ({"label": "U9"}, {"label": "Off"}, {"label": "Open"}, {"custom_id": "u9"}, {"emoji": "🦊"}, {}):
        with pytest.raises(ClientRefused):
            await mateo.click(message, **wanted)
    call = await mateo.click(message, custom_id="u1")
    assert call.payload["message"]["id"] == str(message.id)
    assert call.payload["data"] == {"component_type": 2, "custom_id": "u1", "id": 2}
    api.sandbox.delete_message(message)
    with pytest.raises(ClientRefused):
        await mateo.click(message, custom_id="u1")


async def test_an_ephemeral_message_belongs_to_one_person(api: Api) -> None:
    call = await api.slash()
    data = {"content": "psst", "flags": 64, "components": [row(button())]}
    await api.respond(call, {"type": 4, "data": data})
    world = api.sandbox.world
    message = (await call.answer()).message
    assert message is not None
    assert message.ephemeral_to == world.member.id
    assert api.sandbox.messages(world.general, world.owner) == []
    with pytest.raises(ClientRefused):
        await api.sandbox.person(world.owner).click(message, label="U1")
    pressed = await api.sandbox.person(world.member).click(message, label="U1")
    answer = await api.respond(pressed, {"type": 7, "data": {"content": "still psst"}})
    assert answer.body["resource"]["message"]["flags"] == 64
    assert (await pressed.answer()).ephemeral
    await api.sandbox.person(world.member).delete(message)
    assert api.sandbox.messages(world.general) == []
    assert api.sandbox.messages(world.general, deleted=True) == [message]


async def test_who_may_write_attach_and_delete(api: Api) -> None:
    world, person = api.sandbox.world, api.sandbox.person
    with pytest.raises(ClientRefused):
        await person(world.guest).say(world.general, "hello")
    with pytest.raises(ClientRefused):
        await person(world.guest).say(world.other_channel, "hello")
    said = await person(world.member).say(world.general, "hello", files=[Upload("a.txt", b"x")])
    with pytest.raises(ClientRefused):
        await person(world.guest).delete(said)
    reply = await person(world.owner).say(world.general, "welcome", reply_to=said)
    assert reply.mentions == [world.member.id]
    await person(world.owner).delete(said)
    assert said.deleted


async def test_the_payload_of_an_interaction_tells_who_where_and_what_is_allowed(api: Api) -> None:
    world = api.sandbox.world
    world.member.locale = "de"
    api.sandbox.deny(world.general, "ATTACH_FILES")
    payload = (await api.slash()).payload
    assert payload["member"]["user"]["username"] == "mateo_r"
    assert (payload["locale"], payload["guild_locale"]) == ("de", "en-US")
    assert int(payload["app_permissions"]) & (1 << 15) == 0
    assert int(payload["app_permissions"]) & (1 << 11)
    assert int(payload["member"]["permissions"]) & (1 << 15)
    assert payload["channel"]["name"] == "general"
    assert payload["authorizing_integration_owners"] == {"0": str(world.guild.id)}
    assert (payload["context"], payload["attachment_size_limit"]) == (0, 10 << 20)


async def test_waiting_ends_with_the_event_or_says_what_did_not_come(api: Api) -> None:
    await api.send({"content": "a fox"})
    found = await api.sandbox.wait_message(lambda message: "fox" in message.content, timeout=1)
    assert found.content == "a fox"
    with pytest.raises(TimeoutError, match="a message: not within"):
        await api.sandbox.wait_message(lambda message: "bear" in message.content, timeout=0.02)
    with pytest.raises(TimeoutError, match="a bot that is ready"):
        await api.sandbox.ready(timeout=0.02)


async def test_two_sandboxes_know_nothing_of_each_other(api: Api) -> None:
    async with bare() as other:
        await api.send({"content": "here"})
        assert other.sandbox.messages(other.sandbox.world.general) == []
        assert other.sandbox.url != api.sandbox.url
        assert other.sandbox.token == api.sandbox.token


async def test_a_person_is_offered_what_they_may_use(api: Api) -> None:
    world, person = api.sandbox.world, api.sandbox.person
    await api.register(
        {"name": "imagine"},
        {"name": "Upscale", "type": 3, "description": ""},
        {"name": "Jobs", "type": 2, "description": ""},
        {"name": "settings", "default_member_permissions": str(1 << 5)},
        {"name": "wild", "nsfw": True},
        {"name": "server", "contexts": [0]},
        {"name": "private", "contexts": [1]},
    )
    path = f"/applications/{api.sandbox.application_id}/guilds/{world.guild.id}/commands"
    await api.call("PUT", path, [{"type": 1, "name": "imagine", "description": "This guild's own."}])

    def offered(who: str, channel: Channel) -> set[str]:
        return {command["name"] for command in person(who).commands(channel)}

    plain = {"imagine", "Upscale", "Jobs", "server"}
    assert offered("Mateo", world.general) == plain
    assert offered("Hanna Lind", world.general) == plain | {"settings"}
    assert offered("Mateo", world.nsfw) == plain | {"wild"}
    assert offered("Priya", world.other_channel) == set()
    assert offered("Priya", world.dm(world.guest)) == {"imagine", "Upscale", "Jobs", "settings", "private"}
    imagines = [c for c in person("Mateo").commands(world.general) if c["name"] == "imagine"]
    assert [command["description"] for command in imagines] == ["This guild's own."]
    world.general.overwrites[world.guild.id] = Overwrite(ROLE_OVERWRITE, deny=Permission.USE_APPLICATION_COMMANDS)
    assert offered("Mateo", world.general) == set()
    assert not person("Mateo").rights(world.general) & Permission.USE_APPLICATION_COMMANDS


async def test_files_by_their_signed_address_and_avatars_of_everybody(api: Api) -> None:
    world = api.sandbox.world
    said = await api.sandbox.person(world.member).say(world.general, files=[Upload("a fox.txt", b"red")])
    address = urlsplit(said.attachments[0].url)
    found = api.sandbox.file(address.path, address.query)
    assert found is not None
    assert (found.filename, found.data) == ("a_fox.txt", b"red")
    assert api.sandbox.file(address.path, address.query.replace("hm=", "hm=0")) is None
    api.sandbox.advance(90_000)
    assert api.sandbox.file(address.path, address.query) is None
    avatars = {api.sandbox.avatar(user) for user in world.users}
    assert len(avatars) == len(world.users)
    assert all(avatar.startswith(b"\x89PNG") for avatar in avatars)
    with pytest.raises(KeyError):
        api.sandbox.avatar(1)


async def test_what_a_client_does_not_write(api: Api) -> None:
    world = api.sandbox.world
    mateo = api.sandbox.person(world.member)
    elsewhere = await mateo.say(world.gallery, "elsewhere")
    for content, files in (("  ", 0), ("x" * 2001, 0), ("", 11)):
        with pytest.raises(ClientRefused):
            await mateo.say(world.general, content, files=[Upload("a.txt", b"x")] * files)
    with pytest.raises(ClientRefused):
        await mateo.say(world.general, "what?", reply_to=elsewhere)
    assert api.sandbox.messages(world.general) == []
