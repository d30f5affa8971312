"""What the page shows besides words: files of messages, people's pictures, and pictures of the API's server."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from sandbox.comet import CometOptions, Fault
from sandbox.page.pictures import PictureProxy
from sandbox.page.uploads import MIB, PickedFiles
from tests.sandbox.page_ground import PNG, ground

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.sandbox.page_ground import Ground, Json


@pytest.fixture
async def page() -> AsyncIterator[Ground]:
    async with ground(CometOptions(pace=0.0, sync_seconds=0.0)) as running:
        yield running


async def posted(page: Ground, name: str, data: bytes, payload: Json | None = None) -> Json:
    """Let the bot post a file; return the message as the page gets it."""
    await page.api.send(payload or {"content": "x"}, {name: data})
    return (await page.line.event("message"))["message"]


async def test_addresses_are_relative_and_lead_to_the_files(page: Ground) -> None:
    embed = {"title": "T", "url": f"{page.comet.url}/somewhere", "image": {"url": "attachment://b.png"}}
    await page.api.send({"content": "x", "embeds": [embed]}, {"a.png": PNG, "b.png": PNG})
    message = (await page.line.event("message"))["message"]
    shown = message["embeds"][0]
    assert [item["filename"] for item in message["attachments"]] == ["a.png"]
    for url in (message["attachments"][0]["url"], message["attachments"][0]["proxy_url"], shown["image"]["url"]):
        assert url.startswith("/attachments/")
        assert (await page.get(url))[:2] == (200, PNG)
    assert shown["url"] == f"{page.comet.url}/somewhere"


async def test_components_and_icons_have_relative_addresses_and_links_stay(page: Ground) -> None:
    gallery = {"type": 12, "items": [{"media": {"url": "attachment://a.png"}}]}
    thumbnail = {"type": 11, "media": {"url": f"{page.comet.url}/mj/image/1?rand=2"}}
    section = {"type": 9, "components": [{"type": 10, "content": "text"}], "accessory": thumbnail}
    link = {"type": 1, "components": [{"type": 2, "style": 5, "label": "Open", "url": f"{page.comet.url}/x"}]}
    foreign = {"type": 12, "items": [{"media": {"url": "https://example.org/a.png"}}]}
    file = {"type": 13, "file": {"url": "attachment://a.png"}}
    payload = {"flags": 1 << 15, "components": [gallery, section, link, foreign, file]}
    parts = (await posted(page, "a.png", PNG, payload))["components"]
    assert parts[0]["items"][0]["media"]["url"].startswith("/attachments/")
    assert parts[1]["accessory"]["media"]["url"] == "/media/mj/image/1?rand=2"
    assert parts[2]["components"][0]["url"] == f"{page.comet.url}/x"
    assert parts[3]["items"][0]["media"]["url"] == "https://example.org/a.png"
    assert parts[4]["file"]["url"].startswith("/attachments/")
    icon = f"{page.discord.url}/avatars/{page.guest}.png"
    await page.api.send({"embeds": [{"author": {"name": "P", "icon_url": icon}, "title": "x"}]})
    author = (await page.line.event("message"))["message"]["embeds"][0]["author"]
    assert author["icon_url"] == f"/avatars/{page.guest}.png"


async def test_a_file_of_an_ephemeral_message_is_served_too(page: Ground) -> None:
    await page.api.register({"name": "ping"})
    opener = await page.line.ok("slash", **page.here, name="ping")
    call = page.call(opener["interaction_id"])
    await page.api.respond(call, {"type": 5, "data": {"flags": 64}})
    await page.api.patch(f"{page.api.hook(call)}/messages/@original", {"content": "psst"}, {"a.png": PNG})
    while not (message := (await page.line.event("message"))["message"])["attachments"]:
        pass
    url = message["attachments"][0]["url"]
    assert url.startswith("/ephemeral-attachments/")
    assert (await page.get(url))[:2] == (200, PNG)


@pytest.mark.parametrize(
    ("name", "data", "kind", "way"),
    [
        ("a.png", PNG, "image/png", "inline"),
        ("a.mp4", b"\0\0\0\x18ftypmp42", "video/mp4", "inline"),
        ("a.txt", b"hello", "text/plain; charset=utf-8", "inline"),
        ("a.svg", b"<svg onload='alert(1)'/>", "application/octet-stream", "attachment"),
        ("a.html", b"<script>alert(1)</script>", "application/octet-stream", "attachment"),
        ("a.pdf", b"%PDF-1.7", "application/octet-stream", "attachment"),
    ],
)
async def test_only_what_cannot_run_is_shown_in_place(
    page: Ground, name: str, data: bytes, kind: str, way: str
) -> None:
    claimed = {"a.svg": "image/svg+xml", "a.html": "text/html", "a.txt": "text/plain"}
    file_id = await page.pick(name, data, claimed.get(name, "application/octet-stream"))
    await page.line.ok("say", **page.here, content="", files=[file_id])
    url = (await page.line.event("message"))["message"]["attachments"][0]["url"]
    status, body, headers = await page.get(url)
    assert (status, body, headers["Content-Type"]) == (200, data, kind)
    assert headers["Content-Disposition"].startswith(f'{way}; filename="{name}"')
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["..", ".", "_._"])
async def test_a_name_that_is_a_step_in_a_path_is_none(page: Ground, name: str) -> None:
    file_id = await page.pick(name, PNG)
    await page.line.ok("say", **page.here, content="", files=[file_id])
    message = (await page.line.event("message"))["message"]
    status, data, _ = await page.get(message["attachments"][0]["url"])
    assert (status, data) == (200, PNG)


async def test_names_in_any_script_survive(page: Ground) -> None:
    file_id = await page.pick('狐 "fox"\r\n.png', PNG)
    await page.line.ok("say", **page.here, files=[file_id])
    url = (await page.line.event("message"))["message"]["attachments"][0]["url"]
    status, _, headers = await page.get(url)
    assert status == 200
    assert "filename*=UTF-8''%E7%8B%90" in headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("asked", "status", "part", "told"),
    [
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=5-2", 416, b"", "bytes */10"),
        ("lines=1-2", 416, b"", "bytes */10"),
    ],
)
async def test_a_part_of_a_file(page: Ground, asked: str, status: int, part: bytes, told: str) -> None:
    url = (await posted(page, "a.txt", b"0123456789"))["attachments"][0]["url"]
    got, body, headers = await page.get(url, {"Range": asked})
    assert (got, body, headers["Content-Range"]) == (status, part, told)
    assert (await page.get(url))[2]["Accept-Ranges"] == "bytes"


async def test_addresses_that_are_wrong_or_too_old_lead_nowhere(page: Ground) -> None:
    message = await posted(page, "a.png", PNG)
    url = message["attachments"][0]["url"]
    path, _, query = url.partition("?")
    for wrong in (
        path,
        url.replace("hm=", "hm=0"),
        f"{path}x?{query}",
        "/attachments/?hm=%C3%A9",
        "/attachments/1/2/3",
    ):
        assert (await page.get(wrong))[0] == 404
    page.discord.advance(100_000)
    assert (await page.get(url))[0] == 404
    fresh = (await page.line.ok("history", **page.here))["messages"][0]["attachments"][0]["url"]
    assert (await page.get(fresh))[0] == 200
    found = page.discord.message(int(message["id"]))
    assert found is not None
    page.discord.delete_message(found)
    assert (await page.get(fresh))[0] == 404


async def test_everybody_has_a_picture(page: Ground) -> None:
    pictures = {(await page.get(f"/avatars/{key}.png"))[1] for key in (page.member, page.guest, page.discord.bot_id)}
    assert len(pictures) == 3
    status, body, headers = await page.get(f"/avatars/{page.member}/anything.png")
    assert (status, body[:4], headers["Content-Type"]) == (200, b"\x89PNG", "image/png")
    for nobody in ("/avatars/5.png", "/avatars/x.png", "/embed/avatars/0.png"):
        assert (await page.get(nobody))[0] == 404


async def test_picked_files_are_forgotten_when_they_are_old_or_too_many() -> None:
    now = 0.0
    picked = PickedFiles(lambda: now)
    first = picked.keep("a", bytes(90 * MIB), "")
    second = picked.keep("b", bytes(90 * MIB), "")
    third = picked.keep("c", bytes(90 * MIB), "")
    with pytest.raises(LookupError, match="pick it again"):
        picked.find(first)
    assert (picked.find(second).name, picked.find(third).name) == ("b", "c")
    picked.forget([second])
    now = 16 * 60.0
    for file_id in (second, third):
        with pytest.raises(LookupError):
            picked.find(file_id)


async def test_a_file_beyond_all_bounds_is_not_even_read(page: Ground) -> None:
    url, headers = f"{page.page.url}/files?name=big.bin", {"Origin": page.page.url}
    async with page.session.post(url, data=io.BytesIO(bytes(50 * MIB + 1)), headers=headers) as answer:
        assert answer.status == 413
        assert await answer.json() == {"refused": "“big.bin” is too large: at most 50 MB fit."}


async def finished(page: Ground) -> str:
    """Let the API make a picture; return its path."""
    headers = {"Authorization": f"Bearer {page.comet.key}"}
    url = f"{page.comet.url}/mj/submit/imagine"
    async with page.session.post(url, json={"prompt": "a fox"}, headers=headers) as answer:
        task_id = (await answer.json(content_type=None))["result"]
    page.comet.finish(task_id)
    return f"/mj/image/{task_id}"


async def test_pictures_of_the_api_come_by_way_of_the_page(page: Ground) -> None:
    path = await finished(page)
    status, body, headers = await page.get(f"/media{path}?rand=1")
    assert (status, body[:4]) == (200, b"\x89PNG")
    assert headers["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault.IMAGE_404, 404),
        (Fault.IMAGE_403, 404),
        (Fault.IMAGE_HTML, 415),
        (Fault.IMAGE_REDIRECT_PRIVATE, 404),
        (Fault.IMAGE_HUGE, 502),
        (Fault.IMAGE_TRUNCATED, 502),
    ],
)
async def test_pictures_break_as_the_api_breaks_them(page: Ground, fault: Fault, status: int) -> None:
    path = await finished(page)
    page.comet.faults.set(fault)
    assert (await page.get(f"/media{path}"))[0] == status
    assert (await page.get(f"/media{path}"))[0] == 200


async def test_nothing_but_pictures_comes_out_of_the_api(page: Ground) -> None:
    for path in (
        "/media/mj/image/5",
        "/media/mj/task/5/fetch",
        "/media/",
        "/media//example.org/x",
        "/media/@example.org/",
    ):
        assert (await page.get(path))[0] in (404, 415)
    await page.comet.stop_listening()
    assert (await page.get("/media/mj/image/5"))[0] == 502


async def test_a_picture_that_takes_too_long_is_given_up(page: Ground) -> None:
    path = await finished(page)
    page.comet.faults.set(Fault.IMAGE_SLOW, seconds=30)
    async with PictureProxy(lambda: page.comet.url, seconds=0.05) as proxy:
        app = web.Application()
        app.router.add_get("/media/{tail:.*}", proxy.serve)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = int(runner.addresses[0][1])
        async with page.session.get(f"http://127.0.0.1:{port}/media{path}") as answer:
            assert answer.status == 504
        await runner.cleanup()
