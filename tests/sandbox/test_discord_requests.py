"""Reading channels, and bodies that are malformed in every way a client may manage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import pytest

from tests.sandbox.discord_ground import bare, button, row, select

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.sandbox.discord_ground import Api, Json


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with bare() as running:
        yield running


async def test_the_history_before_after_around_and_by_the_number(api: Api) -> None:
    sent = [(await api.send({"content": str(number)})).body["id"] for number in range(7)]
    path = f"/channels/{api.sandbox.world.general.id}/messages"

    async def read(query: str) -> str:
        return "".join(message["content"] for message in (await api.get(path + query)).body)

    assert await read("") == "6543210"
    assert await read("?limit=2") == "65"
    assert await read(f"?before={sent[3]}&limit=2") == "21"
    assert await read(f"?after={sent[3]}&limit=2") == "54"
    assert await read(f"?around={sent[3]}&limit=3") == "432"
    for limit in (0, 101):
        assert (await api.get(f"{path}?limit={limit}")).errors("limit") == ["NUMBER_TYPE_MAX"]


async def test_a_thread_is_opened_again_and_a_channel_renamed_only_with_permission(api: Api) -> None:
    world = api.sandbox.world
    api.sandbox.archive(world.thread)
    path = f"/channels/{world.thread.id}"
    assert (await api.patch(path, {"archived": False})).body["thread_metadata"]["archived"] is False
    assert (await api.patch(path, {"name": "posters"})).refusal == (403, 50013)
    api.sandbox.allow(world.general, "MANAGE_CHANNELS")
    assert (await api.patch(f"/channels/{world.general.id}", {"name": "lounge"})).body["name"] == "lounge"


async def test_what_is_known_of_guilds_channels_and_members(api: Api) -> None:
    world = api.sandbox.world
    assert (await api.get(f"/guilds/{world.guild.id}")).body["owner_id"] == str(world.owner.id)
    names = {channel["name"] for channel in (await api.get(f"/guilds/{world.guild.id}/channels")).body}
    assert names == {"general", "gallery", "after-dark", "announcements"}
    member = await api.get(f"/guilds/{world.guild.id}/members/{world.guest.id}")
    assert member.body["user"]["global_name"] == "Priya"
    nsfw = await api.get(f"/channels/{world.nsfw.id}")
    assert (nsfw.body["nsfw"], nsfw.body["type"]) == (True, 0)


@pytest.mark.parametrize(
    ("payload", "path", "code"),
    [
        ({"content": 5}, ("content",), "STRING_TYPE_CONVERT"),
        ({"content": "x", "flags": "64"}, ("flags",), "NUMBER_TYPE_COERCE"),
        ({"content": "x", "enforce_nonce": "yes"}, ("enforce_nonce",), "BOOLEAN_TYPE_CONVERT"),
        ({"content": "x", "components": {}}, ("components",), "LIST_TYPE_CONVERT"),
        ({"content": "x", "components": ["row"]}, ("components", "0", "type"), "BASE_TYPE_CHOICES"),
        (
            {"content": "x", "allowed_mentions": {"parse": ["all"]}},
            ("allowed_mentions", "parse", "0"),
            "BASE_TYPE_CHOICES",
        ),
        (
            {"content": "x", "allowed_mentions": {"users": ["1"] * 101}},
            ("allowed_mentions", "users"),
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            {"content": "x", "components": [row(button(url="https://example.org"))]},
            ("components", "0", "components", "0", "url"),
            "BUTTON_COMPONENT_CUSTOM_ID_AND_URL",
        ),
        (
            {"content": "x", "components": [row({"type": 2, "style": 6, "sku_id": "5"})]},
            ("components", "0", "components", "0", "sku_id"),
            "BUTTON_COMPONENT_INVALID_SKU",
        ),
        (
            {"content": "x", "components": [row(select(type=5))]},
            ("components", "0", "components", "0", "options"),
            "COMPONENT_INVALID",
        ),
        (
            {
                "content": "x",
                "components": [row(select(options=[{"label": c, "value": c, "default": True} for c in "ab"]))],
            },
            ("components", "0", "components", "0", "options"),
            "SELECT_COMPONENT_TOO_MANY_DEFAULTS",
        ),
    ],
)
async def test_fields_of_the_wrong_type(api: Api, payload: Json, path: tuple[str, ...], code: str) -> None:
    assert (await api.send(payload)).errors(*path) == [code]


@pytest.mark.parametrize(
    ("body", "kind", "refusal"),
    [
        (b"{", "application/json", (400, 50109)),
        (b"[]", "application/json", (400, 50035)),
        (b"", "application/json", (400, 50006)),
        (
            b'--b\r\nContent-Disposition: form-data; name="other"\r\n\r\nx\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
            (400, 50035),
        ),
    ],
)
async def test_bodies_that_are_none(api: Api, body: bytes, kind: str, refusal: tuple[int, int]) -> None:
    url = f"{api.sandbox.api_url}/channels/{api.sandbox.world.general.id}/messages"
    headers = {"Authorization": f"Bot {api.token}", "Content-Type": kind}
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as response:
        assert (response.status, (await response.json())["code"]) == refusal


@pytest.mark.parametrize(
    ("data", "kind", "size"),
    [
        (b"GIF89a" + (8).to_bytes(2, "little") + (6).to_bytes(2, "little"), "image/gif", (8, 6)),
        (
            b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08" + (6).to_bytes(2, "big") + (8).to_bytes(2, "big"),
            "image/jpeg",
            (8, 6),
        ),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp", None),
        (b"\0\0\0\x18ftypmp42", "video/mp4", None),
        (b"anything", "application/octet-stream", None),
    ],
)
async def test_files_are_told_by_their_content(api: Api, data: bytes, kind: str, size: tuple[int, int] | None) -> None:
    file = (await api.send({}, {"file": data})).body["attachments"][0]
    assert file["content_type"] == kind
    assert (file.get("width"), file.get("height")) == (size or (None, None))


async def test_a_v2_message_with_every_kind_of_component_can_be_read(api: Api) -> None:
    media = {"url": "attachment://a.png"}
    accessory = {"type": 11, "media": media, "description": "Small."}
    components: list[Json] = [
        {"type": 9, "components": [{"type": 10, "content": "# One"}], "accessory": accessory},
        {"type": 14, "spacing": 2},
        {"type": 13, "file": media},
        {"type": 17, "accent_color": 255, "components": [{"type": 12, "items": [{"media": media}]}, row(select())]},
    ]
    sent = await api.send({"flags": 1 << 15, "components": components}, {"a.png": b"x"})
    assert sent.status == 200, sent.body
    thumbnail, file = sent.body["components"][0]["accessory"]["media"], sent.body["components"][2]["file"]
    assert thumbnail["attachment_id"] == file["attachment_id"]
    assert file["url"].startswith(api.sandbox.url)
    message = api.sandbox.messages(api.sandbox.world.general)[0]
    assert message.text() == "# One"
    assert message.select("pick").options[0].label == "One"
    with pytest.raises(LookupError):
        message.select("other")
    with pytest.raises(LookupError):
        message.button("U1")


async def test_a_picture_inside_an_embed_is_not_shown_beside_it(api: Api) -> None:
    payload = {"embeds": [{"title": "Fox", "image": {"url": "attachment://a.png"}, "footer": {"text": "soon"}}]}
    sent = await api.send(payload, {"a.png": b"x"})
    assert sent.body["attachments"] == []
    assert sent.body["embeds"][0]["image"]["url"].startswith(api.sandbox.url)
    assert api.sandbox.messages(api.sandbox.world.general)[0].text() == "Fox\nsoon"
