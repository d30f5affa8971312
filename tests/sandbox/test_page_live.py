"""The line to the page: what it is told to begin with, what is pushed to it, and what it is answered."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import aiohttp
import pytest

from sandbox.discord import DiscordOptions
from sandbox.page.sentences import UNEXPECTED
from tests.sandbox.discord_ground import button, row
from tests.sandbox.page_ground import ground, is_plain

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.sandbox.page_ground import Ground, Json


@pytest.fixture
async def page() -> AsyncIterator[Ground]:
    async with ground() as running:
        yield running


def channel_of(world: Json, channel_id: int) -> Json:
    every = [channel for guild in world["guilds"] for channel in guild["channels"]]
    return next(channel for channel in every if channel["id"] == str(channel_id))


async def test_hello_tells_everything_and_sets_the_language_of_all_people(page: Ground) -> None:
    hello = await page.line.ok("hello", locale="de")
    assert (hello["catalog"], hello["panel"]) == ({"faults": []}, {"tasks": []})
    assert (hello["bot"], hello["log"]) == ({"online": False}, ["a line"])
    world = hello["world"]
    assert [person["display_name"] for person in world["people"]] == ["Hanna Lind", "Mateo", "Priya"]
    assert [guild["name"] for guild in world["guilds"]] == ["Northlight Studio", "Paper Lantern", "Harbor Book Club"]
    assert (world["me"], world["start"]) == (page.member, page.general)
    assert {person.locale for person in (page.discord.world.owner, page.discord.world.guest)} == {"de"}
    assert {guild.locale for guild in page.discord.world.guilds.values()} == {"de"}
    again = await page.line.ok("hello", locale="klingon")
    assert again["world"]["run"] == world["run"]
    assert page.discord.world.member.locale == "en-US"


async def test_the_world_tells_who_may_do_what_where(page: Ground) -> None:
    real = page.discord.world
    world = (await page.line.ok("hello", locale="en-US"))["world"]
    general, locked = channel_of(world, real.general.id), channel_of(world, real.locked.id)
    assert general["access"][page.member] == ["view", "send", "attach", "commands"]
    assert general["access"][page.owner] == ["view", "send", "attach", "commands", "manage"]
    assert general["access"][page.guest] == ["view", "commands"]
    assert (general["kind"], general["note"], general["denied"]) == ("text", None, [])
    assert (locked["note"], locked["denied"]) == ("Easel may not post here", ["SEND_MESSAGES"])
    thread = channel_of(world, real.thread.id)
    assert (thread["kind"], thread["parent_id"]) == ("thread", str(real.gallery.id))
    assert channel_of(world, real.nsfw.id)["nsfw"]
    assert page.guest not in channel_of(world, real.other_channel.id)["access"]
    dm = world["dms"][page.guest]
    assert (dm["name"], dm["kind"], dm["guild_id"]) == ("Easel", "dm", None)
    assert dm["access"] == {page.guest: ["view", "send", "attach", "commands"]}
    assert (dm["away"], general["away"], dm["parties"]) == (False, False, [page.guest, str(real.bot.id)])


async def test_the_world_tells_where_the_bot_is_not(page: Ground) -> None:
    real = page.discord.world
    world = (await page.line.ok("hello", locale="en-US"))["world"]
    far = channel_of(world, real.far_channel.id)
    assert (far["away"], far["note"]) == (True, "Easel is not in this server")
    private, group = world["conversations"]
    assert (private["kind"], private["parties"], private["guild_id"]) == ("private", [page.owner, page.member], None)
    assert (group["kind"], group["name"], group["note"]) == (
        "group",
        "Weekend trip",
        "Easel is not in this conversation",
    )
    assert (set(private["access"]), len(group["access"])) == ({page.owner, page.member}, 3)
    notes = {person["id"]: person["note"] for person in world["people"]}
    assert (notes[page.member], "installed" in notes[page.guest]) == ("In three servers, has Easel installed", False)
    page.discord.install_for(real.guest)
    world = (await page.line.event("world"))["world"]
    assert next(person["note"] for person in world["people"] if person["id"] == page.guest).endswith("installed")
    page.discord.add_bot(real.far_guild)
    assert not channel_of((await page.line.event("world"))["world"], real.far_channel.id)["away"]


async def test_a_changed_permission_or_channel_is_pushed_as_the_world(page: Ground) -> None:
    real = page.discord.world
    page.discord.deny(real.general, "ATTACH_FILES")
    general = channel_of((await page.line.event("world"))["world"], real.general.id)
    assert (general["denied"], general["note"]) == (["ATTACH_FILES"], "Easel may not do everything here")
    page.discord.deny(real.general, "VIEW_CHANNEL")
    general = channel_of((await page.line.event("world"))["world"], real.general.id)
    assert general["note"] == "Easel does not see this channel"
    page.discord.allow(real.general, "ATTACH_FILES", "VIEW_CHANNEL")
    assert channel_of((await page.line.event("world"))["world"], real.general.id)["denied"] == []
    page.discord.archive(real.thread)
    thread = channel_of((await page.line.event("world"))["world"], real.thread.id)
    assert (thread["archived"], thread["note"]) == (True, "This thread is archived")
    assert "send" not in thread["access"][page.owner]
    page.discord.delete_channel(real.gallery)
    world = (await page.line.event("world"))["world"]
    names = [channel["name"] for guild in world["guilds"] for channel in guild["channels"]]
    assert names == ["general", "after-dark", "announcements", "lobby", "book-talk", "reading-room"]


async def test_messages_are_pushed_as_they_come_change_and_go(page: Ground) -> None:
    sent = (await page.api.send({"content": f"<@{page.guest}> look", "components": [row(button())]})).body
    new = (await page.line.event("message"))["message"]
    assert (new["id"], new["content"], new["ephemeral_to"]) == (sent["id"], f"<@{page.guest}> look", None)
    assert new["pings"] == [page.guest]
    path = f"/channels/{page.general}/messages/{sent['id']}"
    await page.api.patch(path, {"content": "changed"})
    changed = (await page.line.event("message"))["message"]
    assert (changed["content"], bool(changed["edited_timestamp"])) == ("changed", True)
    await page.api.call("DELETE", path)
    assert await page.line.event("message_gone") == {
        "event": "message_gone",
        "channel_id": page.general,
        "message_id": sent["id"],
    }


async def test_everyone_is_everybody_who_sees_the_channel_but_the_author(page: Ground) -> None:
    await page.line.ok("say", **page.here | {"person_id": page.owner}, content="@everyone here")
    assert set((await page.line.event("message"))["message"]["pings"]) == {
        page.member,
        page.guest,
        str(page.discord.bot_id),
    }


async def test_typing_commands_and_the_panel_are_pushed(page: Ground) -> None:
    await page.api.post(f"/channels/{page.general}/typing", None)
    assert (await page.line.event("typing"))["channel_id"] == page.general
    await page.api.register({"name": "ping"})
    assert await page.line.event("commands") == {"event": "commands"}
    page.panel.callbacks[0]({"event": "log", "lines": ["Ready."]})
    assert (await page.line.event("log"))["lines"] == ["Ready."]


async def test_the_answer_and_the_failure_of_an_interaction_are_pushed(page: Ground) -> None:
    await page.api.register({"name": "ping"}, {"name": "form"})
    page.answers["form"] = {
        "type": 9,
        "data": {
            "title": "A form",
            "custom_id": "f",
            "components": [row({"type": 4, "custom_id": "t", "style": 1, "label": "Text"})],
        },
    }
    opened = await page.line.ok("slash", **page.here, name="form", options={})
    answered = await page.line.event("answered")
    assert (answered["interaction_id"], answered["user_id"]) == (opened["interaction_id"], page.member)
    assert (answered["callback"], answered["modal"]["title"]) == (9, "A form")
    silent = await page.line.ok("slash", **page.here, name="ping", options={})
    assert await page.line.event("failed") == {
        "event": "failed",
        "interaction_id": silent["interaction_id"],
        "user_id": page.member,
        "channel_id": page.general,
        "text": "The application did not respond",
    }


async def test_history_comes_in_pages_and_knows_nothing_of_ephemeral_messages(page: Ground) -> None:
    for number in range(5):
        await page.api.send({"content": f"number {number}"})
    await page.api.register({"name": "ping"})
    page.answers["ping"] = {"type": 4, "data": {"content": "psst", "flags": 64}}
    await page.line.ok("slash", **page.here, name="ping", options={})
    secret = await page.line.event("answered")
    shown = [event["message"] for event in page.line.events if event["event"] == "message"][-1]
    assert (shown["content"], shown["ephemeral_to"]) == ("psst", page.member)
    assert secret["user_id"] == page.member
    newest = await page.line.ok("history", **page.here, before=None, limit=3)
    assert [message["content"] for message in newest["messages"]] == ["number 2", "number 3", "number 4"]
    assert newest["more"]
    older = await page.line.ok("history", **page.here, before=newest["messages"][0]["id"], limit=3)
    assert [message["content"] for message in older["messages"]] == ["number 0", "number 1"]
    assert not older["more"]


async def test_a_public_reply_to_a_secret_does_not_carry_it(page: Ground) -> None:
    await page.api.register({"name": "ping"})
    page.answers["ping"] = {"type": 4, "data": {"content": "psst", "flags": 64, "components": [row(button())]}}
    await page.line.ok("slash", **page.here, name="ping", options={})
    secret = (await page.line.event("message"))["message"]
    page.answers["U1"] = {"type": 4, "data": {"content": "Look, everybody"}}
    await page.line.ok("click", person_id=page.member, message_id=secret["id"], custom_id="u1")
    public = (await page.line.event("message"))["message"]
    assert (public["content"], public["referenced_message"]) == ("Look, everybody", None)
    told = await page.line.ok("history", **page.here | {"person_id": page.guest})
    assert "psst" not in json.dumps(told)


async def test_what_one_does_not_see_has_no_history_and_no_commands(page: Ground) -> None:
    there = {"person_id": page.guest, "channel_id": str(page.discord.world.other_channel.id)}
    mateos = {"person_id": page.guest, "channel_id": str(page.discord.world.dm(page.discord.world.member).id)}
    for verb in ("history", "commands"):
        assert await page.line.refused(verb, **there) == "You do not see this channel any more."
        assert await page.line.refused(verb, **mateos) == "You do not see this channel any more."


async def test_commands_are_those_that_this_person_may_use_here(page: Ground) -> None:
    await page.api.register(
        {"name": "ping"},
        {"name": "tidy", "default_member_permissions": str(1 << 13)},
        {"name": "Describe", "type": 3, "description": ""},
        {"name": "adult", "nsfw": True},
    )

    async def names(person_id: str, channel_id: int) -> list[str]:
        found = await page.line.ok("commands", person_id=person_id, channel_id=str(channel_id))
        return [command["name"] for command in found["commands"]]

    world = page.discord.world
    assert await names(page.member, world.general.id) == ["ping", "Describe"]
    assert await names(page.owner, world.general.id) == ["ping", "tidy", "Describe"]
    assert await names(page.member, world.nsfw.id) == ["ping", "Describe", "adult"]


async def test_the_panels_verbs_go_to_the_panel(page: Ground) -> None:
    assert await page.line.ok("speed", rate=3) == {}
    assert page.panel.done == [("speed", {"rate": 3})]
    assert await page.line.refused("speed", rate="warp") == "The pace goes from 0 to 20."
    assert await page.line.refused("launch") == "The page asked for something unknown. Reload it."


async def test_one_who_waits_for_the_bot_holds_up_nobody() -> None:
    async with ground(discord=DiscordOptions(ack_seconds=0.4)) as page:
        await page.api.register(
            {"name": "ping", "options": [{"type": 3, "name": "q", "description": "Query.", "autocomplete": True}]}
        )
        slow = await page.line.send("autocomplete", **page.here, name="ping", option="q", typed="a", options={})
        assert await page.line.ok("history", **page.here) == {"messages": [], "more": False}
        assert (await page.line.answer(slow))["refused"] == "Loading options failed."
        assert all(event["event"] == "commands" for event in page.line.events)


async def test_only_so_much_can_be_asked_at_once() -> None:
    async with ground(discord=DiscordOptions(ack_seconds=0.4)) as page:
        await page.api.register(
            {"name": "ping", "options": [{"type": 3, "name": "q", "description": "Query.", "autocomplete": True}]}
        )
        fields: Json = page.here | {"name": "ping", "option": "q", "typed": "a"}
        numbers = [await page.line.send("autocomplete", **fields) for _ in range(70)]
        early = [await page.line.answer(number) for number in numbers[64:]]
        assert {answer["refused"] for answer in early} == {"Too much at once. Wait a moment."}
        assert (await page.line.answer(numbers[0]))["refused"] == "Loading options failed."


async def test_what_nobody_meant_is_logged_and_still_answered(
    page: Ground, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> list[str]:
        raise KeyError("oops")

    monkeypatch.setattr(page.panel, "log", broken)
    assert await page.line.refused("hello", locale="en-US") == UNEXPECTED
    assert "KeyError: 'oops'" in caplog.text


@pytest.mark.parametrize("text", ["{", "[]", '{"ask": 1}', '{"verb": "hello"}', '{"ask": true, "verb": "hello"}'])
async def test_what_is_no_ask_ends_the_line(page: Ground, text: str) -> None:
    await page.line.socket.send_str(text)
    assert (await page.line.socket.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE
    assert page.line.socket.close_code == aiohttp.WSCloseCode.POLICY_VIOLATION


async def test_bytes_and_endless_texts_end_the_line(page: Ground) -> None:
    await page.line.socket.send_bytes(b"x")
    assert (await page.line.socket.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE
    async with page.session.ws_connect(f"{page.page.url}/live", origin=page.page.url) as socket:
        await socket.send_str("x" * 300_000)
        await socket.receive(timeout=5)
        assert socket.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG


@pytest.mark.parametrize(
    "fields",
    [
        {"channel_id": "1", "person_id": "nobody"},
        {"channel_id": 5},
        {"channel_id": None},
        {"limit": "all"},
        {"before": "yesterday"},
        {"before": "9" * 40},
    ],
)
async def test_wrong_fields_are_refused_with_a_sentence(page: Ground, fields: Json) -> None:
    refused = await page.line.refused("history", **page.here | fields)
    assert refused.startswith("The page sent something that the sandbox does not understand")


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("say", {"content": 5}),
        ("say", {"files": "a"}),
        ("say", {"files": [5]}),
        ("say", {"files": ["a"] * 101}),
        ("slash", {"name": ""}),
        ("slash", {"name": "ping", "options": []}),
        ("slash", {"name": "ping", "options": {str(number): 1 for number in range(101)}}),
        ("slash", {"name": "x" * 200}),
        ("menu", {"name": "x", "user_id": 5}),
    ],
)
async def test_wrong_fields_of_what_a_person_does_too(page: Ground, verb: str, fields: Json) -> None:
    await page.api.register({"name": "ping"})
    assert is_plain((await page.line.refused(verb, **page.here | fields)).replace("_", " "))
    assert page.discord.calls == []


async def test_nobody_can_be_the_bot_or_somebody_unknown(page: Ground) -> None:
    bot = {"person_id": str(page.discord.bot_id)}
    assert await page.line.refused("history", **page.here | bot) == "Nobody can be Easel: that is the bot."
    assert await page.line.refused("history", **page.here | {"person_id": "5"}) == "There is no such person."


async def test_a_page_that_does_not_read_is_dropped_and_the_others_go_on(page: Ground) -> None:
    async with page.session.ws_connect(f"{page.page.url}/live", origin=page.page.url) as deaf:
        for number in range(40):
            page.panel.callbacks[0]({"event": "log", "lines": ["x" * 1_000_000, number]})
            assert (await page.line.event("log"))["lines"][1] == number
        heard = 0
        while (await deaf.receive(timeout=5)).type is aiohttp.WSMsgType.TEXT:
            heard += 1
        assert 0 < heard < 40


async def test_the_server_says_good_bye_when_it_stops() -> None:
    async with ground() as page:
        stopping = asyncio.create_task(page.page.__aexit__(None, None, None))
        assert (await page.line.socket.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE
        assert page.line.socket.close_code == aiohttp.WSCloseCode.GOING_AWAY
        await stopping
        with pytest.raises(aiohttp.ClientConnectionError):
            await page.get("/")
        assert page.panel.callbacks == []
