"""What the sandbox refuses, with Discord's codes: tokens, callbacks, permissions, sizes, empty and foreign messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import pytest

from sandbox.discord import DiscordOptions, Upload
from tests.sandbox.discord_ground import bare

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.sandbox.discord_ground import Api, Json

HELLO = {"type": 4, "data": {"content": "hello"}}


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with bare(DiscordOptions(attachment_size_limit=1000)) as running:
        yield running


async def test_a_wrong_token_is_refused_and_counted(api: Api) -> None:
    api.token = api.token[:-1]
    assert (await api.get("/users/@me")).body == {"message": "401: Unauthorized", "code": 0}
    assert api.sandbox.counters.invalid_requests == 1


async def test_json_comes_with_exactly_that_content_type(api: Api) -> None:
    reply = await api.get("/users/@me")
    assert reply.headers["Content-Type"] == "application/json"
    assert reply.body["id"] == str(api.sandbox.bot_id)


@pytest.mark.parametrize("path", ["/channels/1", "/channels/1/messages", "/channels/1/messages/2"])
async def test_an_unknown_channel(api: Api, path: str) -> None:
    assert (await api.get(path)).refusal == (404, 10003)


async def test_an_unknown_message_guild_user_member_and_address(api: Api) -> None:
    world = api.sandbox.world
    assert (await api.get(f"/channels/{world.general.id}/messages/5")).refusal == (404, 10008)
    assert (await api.get("/guilds/5")).refusal == (404, 10004)
    assert (await api.get("/users/5")).refusal == (404, 10013)
    assert (await api.get(f"/guilds/{world.other_guild.id}/members/{world.guest.id}")).refusal == (404, 10007)
    assert (await api.get("/no/such/place")).refusal == (404, 0)


async def test_a_deleted_channel_is_unknown_and_its_interactions_too(api: Api) -> None:
    call = await api.slash()
    await api.respond(call, HELLO)
    api.sandbox.delete_channel(api.sandbox.world.general)
    assert (await api.send({"content": "hello"})).refusal == (404, 10003)
    assert (await api.patch(f"{api.hook(call)}/messages/@original", {"content": "x"})).refusal == (404, 10003)


async def test_permissions_of_the_bot(api: Api) -> None:
    sandbox, world = api.sandbox, api.sandbox.world
    assert (await api.post(f"/channels/{world.locked.id}/messages", {"content": "x"})).refusal == (403, 50013)
    sandbox.deny(world.general, "ATTACH_FILES")
    assert (await api.send({"content": "x"}, {"a.png": b"x"})).refusal == (403, 50013)
    assert (await api.send({"content": "x"})).status == 200
    sandbox.deny(world.general, "VIEW_CHANNEL")
    assert (await api.send({"content": "x"})).refusal == (403, 50001)
    sandbox.allow(world.general, "VIEW_CHANNEL", "ATTACH_FILES")
    assert (await api.send({"content": "x"}, {"a.png": b"x"})).status == 200
    assert sandbox.counters.invalid_requests == 3


async def test_a_bot_that_was_thrown_out_has_no_access(api: Api) -> None:
    api.sandbox.remove_bot(api.sandbox.world.guild)
    assert (await api.send({"content": "x"})).refusal == (403, 50001)
    api.sandbox.add_bot(api.sandbox.world.guild)
    assert (await api.send({"content": "x"})).status == 200


async def test_without_the_history_the_list_is_empty_and_replies_are_refused(api: Api) -> None:
    first = await api.send({"content": "x"})
    general = api.sandbox.world.general
    reply: Json = {"content": "y", "message_reference": {"message_id": first.body["id"]}}
    assert (await api.send(reply)).body["message_reference"]["message_id"] == first.body["id"]
    api.sandbox.deny(general, "READ_MESSAGE_HISTORY")
    assert (await api.get(f"/channels/{general.id}/messages")).body == []
    assert (await api.get(f"/channels/{general.id}/messages/{first.body['id']}")).refusal == (403, 50013)
    assert (await api.send(reply)).refusal == (400, 160002)


async def test_a_reply_to_nothing_is_refused_unless_that_is_allowed(api: Api) -> None:
    refused = await api.send({"content": "x", "message_reference": {"message_id": "5"}})
    assert refused.errors("message_reference") == ["REPLIES_UNKNOWN_MESSAGE"]
    lenient = {"message_id": "5", "fail_if_not_exists": False}
    assert (await api.send({"content": "x", "message_reference": lenient})).status == 200


@pytest.mark.parametrize(
    "payload", [{}, {"content": "  \n"}, {"content": None, "embeds": []}, {"flags": 1 << 15, "components": []}]
)
async def test_an_empty_message(api: Api, payload: Json) -> None:
    assert (await api.send(payload)).refusal == (400, 50006)


async def test_an_edit_may_not_leave_nothing(api: Api) -> None:
    message = (await api.send({"content": "x"}, {"a.png": b"x"})).body
    path = f"/channels/{message['channel_id']}/messages/{message['id']}"
    assert (await api.patch(path, {"content": None})).body["content"] == ""
    assert (await api.patch(path, {"attachments": []})).refusal == (400, 50006)


async def test_somebody_elses_message_cannot_be_edited_nor_deleted(api: Api) -> None:
    world = api.sandbox.world
    said = await api.sandbox.person(world.member).say(world.general, "mine")
    path = f"/channels/{world.general.id}/messages/{said.id}"
    assert (await api.patch(path, {"content": "x"})).refusal == (403, 50005)
    assert (await api.call("DELETE", path)).refusal == (403, 50013)
    api.sandbox.allow(world.general, "MANAGE_MESSAGES")
    assert (await api.call("DELETE", path)).status == 204
    assert (await api.call("DELETE", path)).refusal == (404, 10008)


async def test_a_file_above_the_limit_of_the_place(api: Api) -> None:
    assert (await api.send({}, {"a.png": b"x" * 1000})).status == 200
    assert (await api.send({}, {"a.png": b"x" * 1001})).refusal == (413, 40005)
    api.sandbox.world.guild.attachment_size_limit = 2000
    assert (await api.send({}, {"a.png": b"x" * 2000})).status == 200
    call = await api.slash()
    assert call.payload["attachment_size_limit"] == 2000
    await api.respond(call, HELLO)
    big = {"a.png": b"x" * 2001}
    assert (await api.patch(f"{api.hook(call)}/messages/@original", {}, big)).refusal == (413, 40005)


async def test_a_request_above_25_mib(api: Api) -> None:
    api.sandbox.world.guild.attachment_size_limit = 1 << 30
    assert (await api.send({}, {"a.png": bytes(26 << 20)})).refusal == (413, 40005)


async def test_direct_messages_that_are_closed_or_go_to_a_bot(api: Api) -> None:
    world = api.sandbox.world
    opened = await api.post("/users/@me/channels", {"recipient_id": str(world.member.id)})
    path = f"/channels/{opened.body['id']}/messages"
    assert (await api.post(path, {"content": "x"})).status == 200
    api.sandbox.close_dms(world.member)
    assert (await api.post(path, {"content": "x"})).refusal == (403, 50007)
    to_itself = await api.post("/users/@me/channels", {"recipient_id": str(world.bot.id)})
    assert to_itself.refusal == (403, 50007)


async def test_an_archived_thread(api: Api) -> None:
    thread = api.sandbox.world.thread
    path = f"/channels/{thread.id}/messages"
    message = (await api.post(path, {"content": "x"})).body
    api.sandbox.archive(thread)
    assert (await api.patch(f"{path}/{message['id']}", {"content": "y"})).refusal == (400, 50083)
    assert (await api.post(path, {"content": "z"})).status == 200
    assert not thread.archived
    api.sandbox.archive(thread, locked=True)
    assert (await api.post(path, {"content": "z"})).refusal == (400, 50083)


async def test_a_second_callback(api: Api) -> None:
    call = await api.slash()
    assert (await api.respond(call, HELLO)).status == 200
    assert (await api.respond(call, HELLO)).refusal == (400, 40060)
    assert len(api.sandbox.messages(api.sandbox.world.general)) == 1


async def test_a_late_callback_and_one_for_nothing(api: Api) -> None:
    call = await api.slash()
    api.sandbox.advance(3.5)
    assert (await api.respond(call, HELLO)).refusal == (404, 10062)
    assert (await api.post("/interactions/5/token/callback", HELLO)).refusal == (404, 10062)


async def test_a_token_lives_fifteen_minutes(api: Api) -> None:
    call = await api.slash()
    await api.respond(call, HELLO)
    original = f"{api.hook(call)}/messages/@original"
    api.sandbox.advance(890)
    assert (await api.patch(original, {"content": "in time"})).status == 200
    api.sandbox.advance(11)
    for method, path in (("PATCH", original), ("GET", original), ("DELETE", original), ("POST", api.hook(call))):
        assert (await api.call(method, path, {"content": "late"})).refusal == (401, 50027)
    assert api.sandbox.counters.invalid_requests == 4
    public = f"/channels/{api.sandbox.world.general.id}/messages/{call.message.id if call.message else 0}"
    assert (await api.patch(public, {"content": "with the bot token"})).status == 200


async def test_the_hook_works_only_after_an_answer(api: Api) -> None:
    call = await api.slash()
    assert (await api.post(api.hook(call), {"content": "x"})).refusal == (404, 10015)
    assert (await api.post("/webhooks/5/token", {"content": "x"})).refusal == (404, 10015)
    await api.respond(call, HELLO)
    api.token = api.token[:-1]
    assert (await api.post(api.hook(call), {"content": "x"})).status == 200


async def test_an_ephemeral_answer_is_out_of_reach_for_the_bot_token(api: Api) -> None:
    call = await api.slash()
    answer = await api.respond(call, {"type": 4, "data": {"content": "psst", "flags": 64}})
    assert answer.body["interaction"]["response_message_ephemeral"] is True
    path = f"/channels/{api.sandbox.world.general.id}/messages/{answer.body['resource']['message']['id']}"
    assert (await api.get(path)).refusal == (404, 10008)
    assert (await api.patch(path, {"content": "x"})).refusal == (404, 10008)
    assert (await api.patch(f"{api.hook(call)}/messages/@original", {"content": "x", "flags": 0})).body["flags"] == 64


async def test_a_deleted_answer_is_unknown(api: Api) -> None:
    call = await api.slash()
    await api.respond(call, HELLO)
    original = f"{api.hook(call)}/messages/@original"
    assert (await api.call("DELETE", original)).status == 204
    assert (await api.patch(original, {"content": "x"})).refusal == (404, 10008)
    assert call.message is None


async def test_callbacks_that_do_not_fit_the_interaction(api: Api) -> None:
    call = await api.slash()
    for kind in (1, 6, 7, 8, 10):
        assert (await api.respond(call, {"type": kind, "data": {}})).errors("type") == ["BASE_TYPE_CHOICES"]
    assert (await api.respond(call, HELLO, query="")).status == 204


async def test_the_sixth_follow_up_of_a_user_installed_application(api: Api) -> None:
    await api.register({"name": "ping", "integration_types": [0, 1]})
    api.sandbox.remove_bot(api.sandbox.world.guild)
    call = await api.slash()
    assert call.payload["authorizing_integration_owners"] == {"1": str(api.sandbox.world.member.id)}
    await api.respond(call, HELLO)
    for number in range(5):
        assert (await api.post(api.hook(call), {"content": str(number)})).status == 200
    assert (await api.post(api.hook(call), {"content": "5"})).refusal == (400, 40094)


async def test_the_nonce_holds_for_its_window_and_per_author(api: Api) -> None:
    body = {"content": "x", "nonce": "n" * 25, "enforce_nonce": True}
    first = await api.send(body)
    assert first.body["nonce"] == "n" * 25
    assert (await api.send(body | {"content": "other"})).body["id"] == first.body["id"]
    assert (await api.send(body | {"enforce_nonce": False})).body["id"] != first.body["id"]
    api.sandbox.advance(181)
    assert (await api.send(body)).body["id"] != first.body["id"]
    assert (await api.send(body | {"nonce": "n" * 26})).errors("nonce") == ["NONCE_TYPE_TOO_LONG"]
    assert len(api.sandbox.messages(api.sandbox.world.general)) == 3


async def test_a_nonce_whose_message_was_deleted_is_unknown(api: Api) -> None:
    body = {"content": "x", "nonce": "a", "enforce_nonce": True}
    await api.send(body)
    api.sandbox.delete_message(api.sandbox.messages(api.sandbox.world.general)[0])
    assert (await api.send(body)).refusal == (404, 10008)


@pytest.mark.parametrize(
    ("allowed", "pinged"),
    [
        (None, ["member", "guest"]),
        ({"parse": []}, []),
        ({"parse": ["users"]}, ["member", "guest"]),
        ({"users": ["991340278452031588"]}, ["guest"]),
    ],
)
async def test_allowed_mentions_decide_who_is_pinged(api: Api, allowed: Json | None, pinged: list[str]) -> None:
    world = api.sandbox.world
    body: Json = {"content": f"{world.member.mention} {world.guest.mention} @everyone"}
    await api.send(body if allowed is None else body | {"allowed_mentions": allowed})
    message = api.sandbox.messages(world.general)[0]
    assert message.mentions == [getattr(world, name).id for name in pinged]
    assert message.mention_everyone is False


async def test_allowed_mentions_that_contradict_themselves(api: Api) -> None:
    allowed = {"parse": ["users"], "users": ["5"]}
    reply = await api.send({"content": "x", "allowed_mentions": allowed})
    assert reply.errors("allowed_mentions") == ["MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"]


@pytest.mark.parametrize(
    ("payload", "path"),
    [
        ({"content": "x" * 2001}, ("content",)),
        ({"embeds": [{"title": "x" * 257}]}, ("embeds", "0", "title")),
        ({"embeds": [{"description": "x" * 4097}]}, ("embeds", "0", "description")),
        ({"embeds": [{"fields": [{"name": "a", "value": "b"}] * 26}]}, ("embeds", "0", "fields")),
        ({"embeds": [{"footer": {"text": "x" * 2049}}]}, ("embeds", "0", "footer", "text")),
        ({"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]}, ("embeds",)),
        ({"embeds": [{"title": "x"}] * 11}, ("embeds",)),
        ({"attachments": [{"id": 0, "filename": "a.png"}]}, ("attachments", "0", "id")),
        ({"content": "x", "nonce": 1.5}, ("nonce",)),
    ],
)
async def test_limits_of_a_message_are_named_where_they_are_broken(
    api: Api, payload: Json, path: tuple[str, ...]
) -> None:
    reply = await api.send(payload)
    assert reply.refusal == (400, 50035)
    assert len(reply.errors(*path)) == 1


async def test_eleven_files_and_a_long_alt_text(api: Api) -> None:
    files = {f"{number}.png": b"x" for number in range(11)}
    assert (await api.send({}, files)).errors("attachments") == ["BASE_TYPE_BAD_LENGTH"]
    described = {"attachments": [{"id": 0, "description": "x" * 1025}]}
    assert (await api.send(described, {"a.png": b"x"})).errors("attachments", "0", "description")


async def test_attachments_are_signed_expire_and_can_be_refreshed(api: Api) -> None:
    data = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (40).to_bytes(4, "big") + (30).to_bytes(4, "big")
    payload = {"attachments": [{"id": 0, "description": "A fox."}]}
    file = (await api.send(payload, {"a fox.png": data})).body["attachments"][0]
    assert (file["filename"], file["description"], file["width"], file["height"]) == ("a_fox.png", "A fox.", 40, 30)
    async with aiohttp.ClientSession() as session:

        async def fetch(url: str) -> int:
            async with session.get(url) as response:
                return response.status

        assert await fetch(file["url"]) == 200
        assert await fetch(file["url"].replace("ex=", "ex=f")) == 404
        assert await fetch(file["url"].partition("?")[0]) == 404
        api.sandbox.advance(86_401)
        assert await fetch(file["url"]) == 404
        fresh = await api.post("/attachments/refresh-urls", {"attachment_urls": [file["url"], f"{api.sandbox.url}/x"]})
        refreshed = [entry["refreshed"] for entry in fresh.body["refreshed_urls"]]
        assert refreshed[1] is None
        assert await fetch(refreshed[0]) == 200
        api.sandbox.delete_message(api.sandbox.messages(api.sandbox.world.general)[0])
        assert await fetch(refreshed[0]) == 404


async def test_reactions_and_typing(api: Api) -> None:
    world = api.sandbox.world
    said = await api.sandbox.person(world.member).say(world.general, "look", files=[Upload("a.txt", b"x")])
    path = f"/channels/{world.general.id}/messages/{said.id}"
    assert (await api.call("PUT", f"{path}/reactions/%F0%9F%A6%8A/@me")).status == 204
    assert (await api.get(path)).body["reactions"][0]["emoji"]["name"] == "🦊"
    assert (await api.call("DELETE", f"{path}/reactions/%F0%9F%A6%8A/@me")).status == 204
    assert said.reactions == {}
    assert (await api.call("PUT", f"{path}/reactions/upscale/@me")).refusal == (400, 10014)
    assert (await api.post(f"/channels/{world.general.id}/typing", {})).status == 204
    assert (await api.post(f"/channels/{world.locked.id}/typing", {})).refusal == (403, 50013)
