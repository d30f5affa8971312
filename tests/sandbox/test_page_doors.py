"""Who may speak with the page's server, what it serves of its folder, and what it tells browsers to forbid."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import aiohttp
import pytest

from sandbox.discord import DiscordSandbox
from sandbox.page import PageOptions, PageServer
from sandbox.page.doors import Doorkeeper
from tests.sandbox.page_ground import NotedPanel, ground

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.sandbox.page_ground import Ground


@pytest.fixture
async def page(tmp_path: Path) -> AsyncIterator[Ground]:
    web = tmp_path / "web"
    (web / "core").mkdir(parents=True)
    (web / "index.html").write_text("<!doctype html><title>Easel</title>")
    (web / "core" / "store.js").write_text("export const x = 1;")
    (web / "icons.svg").write_text("<svg/>")
    (web / ".env").write_text("SECRET=1")
    (web / "notes.py").write_text("secret = 1")
    (tmp_path / "outside.js").write_text("secret")
    (web / "link.js").symlink_to(tmp_path / "outside.js")
    async with ground(options=PageOptions(web=web)) as running:
        yield running


async def test_the_page_and_its_files(page: Ground) -> None:
    for path, kind, text in (
        ("/", "text/html; charset=utf-8", b"<title>Easel"),
        ("/index.html", "text/html; charset=utf-8", b"<title>Easel"),
        ("/core/store.js", "text/javascript; charset=utf-8", b"export"),
        ("/icons.svg", "image/svg+xml", b"<svg"),
    ):
        status, body, headers = await page.get(path)
        assert (status, headers["Content-Type"]) == (200, kind)
        assert text in body
        assert headers["Cache-Control"] == "no-cache"


async def test_where_nobody_edits_them_a_browser_need_not_ask_again(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<title>Easel</title>")
    async with ground(options=PageOptions(web=tmp_path, keep_seconds=60)) as running:
        assert (await running.get("/"))[2]["Cache-Control"] == "max-age=60"


async def test_an_edited_file_is_seen_and_an_unchanged_one_is_not_sent_again(page: Ground, tmp_path: Path) -> None:
    etag = (await page.get("/core/store.js"))[2]["ETag"]
    assert (await page.get("/core/store.js", {"If-None-Match": etag}))[:2] == (304, b"")
    (tmp_path / "web" / "core" / "store.js").write_text("export const x = 12;")
    assert (await page.get("/core/store.js", {"If-None-Match": etag}))[:2] == (200, b"export const x = 12;")


@pytest.mark.parametrize(
    "path",
    [
        "/core",
        "/core/",
        "/nothing.js",
        "/.env",
        "/notes.py",
        "/link.js",
        "/../outside.js",
        "/%2e%2e/outside.js",
        "/core/..%2f..%2foutside.js",
        "/..%5coutside.js",
        "//outside.js",
        "/%00.js",
        "/core/store.js%00",
    ],
)
async def test_nothing_else_is_served(page: Ground, path: str) -> None:
    port = int(page.page.url.rpartition(":")[2])
    raw = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    assert (await said(port, raw)).startswith(b"HTTP/1.1 404")


async def said(port: int, raw: str) -> bytes:
    """Send exactly this, which no client would, and return what comes back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw.encode())
    await writer.drain()
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


@pytest.mark.parametrize("path", ["/", "/nothing", "/avatars/5.png", "/media/mj/image/5", "/attachments/1", "/live"])
async def test_every_answer_carries_the_headers(page: Ground, path: str) -> None:
    headers = (await page.get(path))[2]
    policy = headers["Content-Security-Policy"].split("; ")
    for rule in (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "style-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ):
        assert rule in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


async def test_another_name_for_this_machine_leads_nowhere(page: Ground) -> None:
    port = page.page.url.rpartition(":")[2]
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1", "127.0.0.1:1", f"127.0.0.1.evil.example:{port}"):
        for path in ("/", "/live", f"/avatars/{page.member}.png"):
            status, body, _ = await page.get(path, {"Host": host})
            assert (status, b"address" in body) == (403, True)
    assert (await page.get("/", {"Host": f"localhost:{port}"}))[0] == 200
    assert (await page.get("/", {"Host": f"LOCALHOST:{port}"}))[0] == 200


async def test_only_its_own_page_gets_a_line(page: Ground) -> None:
    port = page.page.url.rpartition(":")[2]
    url = f"{page.page.url}/live"
    for origin in (None, "null", "http://evil.example", f"https://127.0.0.1:{port}", f"http://localhost:{port}"):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await page.session.ws_connect(url, origin=origin)
        assert refused.value.status == 403
    local = f"http://localhost:{port}"
    host = {"Host": f"localhost:{port}"}
    async with page.session.ws_connect(url, origin=local, headers=host) as line:
        await line.send_json({"ask": 1, "verb": "hello"})
        assert "ok" in await line.receive_json(timeout=5)


async def test_only_its_own_page_may_send_files(page: Ground) -> None:
    url = f"{page.page.url}/files?name=a"
    for headers in ({}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
        async with page.session.post(url, data=b"x", headers=headers) as answer:
            assert answer.status == 403
    async with page.session.post(url, data=b"x", headers={"Origin": page.page.url}) as answer:
        assert answer.status == 200


async def test_a_plain_get_of_the_line_is_refused(page: Ground) -> None:
    assert (await page.get("/live"))[0] == 400


def test_port_80_is_not_written_and_ipv6_is_in_brackets() -> None:
    doorkeeper = Doorkeeper()
    doorkeeper.listen_to("::1", 80)
    assert doorkeeper.names == {"[::1]", "[::1]:80", "localhost", "localhost:80"}
    doorkeeper.listen_to("10.0.0.1", 8080)
    assert doorkeeper.names == {"10.0.0.1:8080"}


async def test_a_taken_port_is_an_os_error_and_leaves_nothing_behind(page: Ground) -> None:
    panel = NotedPanel()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        options = PageOptions(port=taken.getsockname()[1])
        async with DiscordSandbox() as discord:
            with pytest.raises(OSError, match="in use"):
                await PageServer(discord, page.comet, panel, options).__aenter__()
    assert panel.callbacks == []
