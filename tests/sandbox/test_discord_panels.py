"""Panels of Components V2 with files: sent, edited, kept, taken away, for one person alone; and how links die."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from sandbox.discord import DiscordOptions
from tests.sandbox.discord_ground import bare, button, row, select
from tests.sandbox.page_ground import PNG

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.sandbox.discord_ground import Api

Json = dict[str, Any]
V2 = 1 << 15
NOT_FOUND = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with bare(DiscordOptions(ack_seconds=0.3)) as running:
        yield running


def gallery(*names: str, **fields: object) -> Json:
    items = [{"media": {"url": f"attachment://{name}"}, "description": f"{name} by Mateo"} | fields for name in names]
    return {"type": 12, "items": items}


def panel(*components: Json) -> Json:
    return {"flags": V2, "components": list(components)}


def urls(message: Json) -> list[str]:
    return [item["media"]["url"] for node in message["components"] if node["type"] == 12 for item in node["items"]]


async def status(url: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status


async def test_an_edited_panel_keeps_adds_and_drops_files(api: Api) -> None:
    sent = await api.send(panel(gallery("a.png", "b.png")), {"a.png": PNG, "b.png": PNG})
    path = f"/channels/{api.sandbox.world.general.id}/messages/{sent.body['id']}"
    old_a, old_b = urls(sent.body)
    ids = [item["media"]["attachment_id"] for item in sent.body["components"][0]["items"]]
    more = await api.patch(path, panel(gallery("a.png", "b.png", "c.png")), {"c.png": PNG})
    assert more.status == 200
    assert len(urls(more.body)) == 3
    fewer = {"attachments": [{"id": ids[1]}, {"id": 0}]}
    kept = await api.patch(path, panel(gallery("b.png", "d.png")) | fewer, {"d.png": PNG})
    assert [urlsplit(url).path.rpartition("/")[2] for url in urls(kept.body)] == ["b.png", "d.png"]
    assert urlsplit(urls(kept.body)[0]).path == urlsplit(old_b).path
    assert (await status(old_a), await status(urls(kept.body)[0])) == (404, 200)
    renewed = panel(gallery("e.png")) | {"attachments": [{"id": 0, "filename": "e.png"}]}
    last = await api.patch(path, renewed, {"e.png": PNG})
    assert [item.filename for item in api.sandbox.messages(api.sandbox.world.general)[0].attachments] == ["e.png"]
    assert await status(urls(last.body)[0]) == 200


async def test_an_edit_may_not_show_what_is_not_there(api: Api) -> None:
    sent = await api.send(panel(gallery("a.png")), {"a.png": PNG})
    path = f"/channels/{api.sandbox.world.general.id}/messages/{sent.body['id']}"
    without: Json = {"attachments": []}
    gone = await api.patch(path, panel(gallery("a.png")) | without)
    assert gone.errors("components", "0", "items", "0", "media", "url") == [NOT_FOUND]
    assert (await api.patch(path, without)).errors("components") == [NOT_FOUND]
    assert (await api.patch(path, {"components": []})).refusal == (400, 50006)
    assert await status(urls(sent.body)[0]) == 200


async def test_a_panel_for_one_person_has_files_too(api: Api) -> None:
    call = await api.slash()
    await api.respond(call, {"type": 5, "data": {"flags": 64}})
    original = f"{api.hook(call)}/messages/@original"
    shown = await api.patch(original, panel(gallery("a.png"), section(button())), {"a.png": PNG})
    assert shown.body["flags"] & (V2 | 64) == V2 | 64
    assert "/ephemeral-attachments/" in urls(shown.body)[0]
    assert await status(urls(shown.body)[0]) == 200
    assert call.message is not None
    pressed = await api.sandbox.person("Mateo").click(call.message, label="U1")
    updated = panel(gallery("b.png")) | {"attachments": [{"id": 0}]}
    path = f"/interactions/{pressed.id}/{pressed.token}/callback?with_response=true"
    answered = await api.post(path, {"type": 7, "data": updated}, {"b.png": PNG})
    message = answered.body["resource"]["message"]
    assert (message["id"], len(urls(message))) == (shown.body["id"], 1)
    assert (await status(urls(shown.body)[0]), await status(urls(message)[0])) == (404, 200)
    assert api.sandbox.messages(api.sandbox.world.general, api.sandbox.world.owner) == []


async def test_a_panel_is_an_answer_and_a_follow_up_at_once(api: Api) -> None:
    call = await api.slash()
    path = f"/interactions/{call.id}/{call.token}/callback?with_response=true"
    body = {"type": 4, "data": panel(gallery("a.png")) | {"attachments": [{"id": 0, "description": "A fox."}]}}
    answered = await api.post(path, body, {"a.png": PNG})
    assert answered.status == 200
    more = await api.post(api.hook(call), panel(gallery("b.png")), {"b.png": PNG})
    assert len(urls(more.body)) == 1


def section(accessory: Json, *texts: str) -> Json:
    displays = [{"type": 10, "content": text} for text in texts or ("A fox.",)]
    return {"type": 9, "components": displays, "accessory": accessory}


@pytest.mark.parametrize(
    ("component", "path", "code"),
    [
        (gallery(*["a.png"] * 11), ("items",), "BASE_TYPE_BAD_LENGTH"),
        (gallery("a.png", description="x" * 1025), ("items", "0", "description"), "BASE_TYPE_MAX_LENGTH"),
        (gallery("a.png", spoiler="yes"), ("items", "0", "spoiler"), "BOOLEAN_TYPE_CONVERT"),
        (section(select()), ("accessory", "type"), "BASE_TYPE_CHOICES"),
        (section({"type": 11, "media": {"url": "ftp://x"}}), ("accessory", "media", "url"), "URL_TYPE_INVALID_SCHEME"),
        ({"type": 13, "file": {"url": "https://example.org/a.zip"}}, ("file", "url"), "URL_TYPE_INVALID_SCHEME"),
        ({"type": 14, "spacing": 3}, ("spacing",), "NUMBER_TYPE_MAX"),
        ({"type": 17, "accent_color": 1 << 24, "components": [row(button())]}, ("accent_color",), "NUMBER_TYPE_MAX"),
        ({"type": 17, "components": []}, ("components",), "BASE_TYPE_BAD_LENGTH"),
    ],
)
async def test_what_a_panel_may_not_have(api: Api, component: Json, path: tuple[str, ...], code: str) -> None:
    reply = await api.send(panel(component), {"a.png": PNG})
    assert reply.refusal == (400, 50035)
    assert reply.errors("components", "0", *path) == [code]


async def test_a_channel_is_picked_in_a_panel(api: Api) -> None:
    world = api.sandbox.world
    wanted: Json = {"type": 8, "custom_id": "star", "channel_types": [0]}
    await api.send(panel({"type": 17, "components": [row(wanted)]}))
    message = api.sandbox.messages(world.general)[0]
    call = await api.sandbox.person(world.member).choose(message, str(world.gallery.id), "star")
    data = call.payload["data"]
    assert (data["component_type"], data["values"]) == (8, [str(world.gallery.id)])
    picked = data["resolved"]["channels"][str(world.gallery.id)]
    assert (picked["name"], picked["type"]) == ("gallery", 0)
    assert picked["permissions"].isdecimal()


async def test_links_die_and_a_message_that_is_read_again_has_live_ones(api: Api) -> None:
    sent = (await api.send(panel(gallery("a.png")), {"a.png": PNG})).body
    classic = (await api.send({"content": "x"}, {"b.png": PNG})).body
    old = [*urls(sent), classic["attachments"][0]["url"]]
    assert {await status(url) for url in old} == {200}
    api.sandbox.advance(api.sandbox.options.cdn_seconds + 1)
    assert {await status(url) for url in old} == {404}
    messages = f"/channels/{api.sandbox.world.general.id}/messages"
    fresh = urls((await api.get(f"{messages}/{sent['id']}")).body)
    fresh.append((await api.get(f"{messages}/{classic['id']}")).body["attachments"][0]["url"])
    assert {await status(url) for url in fresh} == {200}
    listed = (await api.get(messages)).body
    assert {await status(url) for message in listed for url in urls(message)} == {200}


async def test_an_export_goes_into_a_direct_message_up_to_the_limit_of_the_place(api: Api) -> None:
    dm = (await api.post("/users/@me/channels", {"recipient_id": str(api.sandbox.world.member.id)})).body["id"]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("jobs.jsonl", "{}\n")
    limit = api.sandbox.options.attachment_size_limit
    largest = archive.getvalue() + bytes(limit - len(archive.getvalue()))
    path = f"/channels/{dm}/messages"
    sent = await api.post(path, {"content": "Your export"}, {"easel-export.zip": largest})
    file = sent.body["attachments"][0]
    assert (file["filename"], file["content_type"], file["size"]) == ("easel-export.zip", "application/zip", limit)
    assert await status(file["url"]) == 200
    assert (await api.post(path, {}, {"easel-export.zip": largest + b"x"})).refusal == (413, 40005)
