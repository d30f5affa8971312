"""Clients that hang up in the middle: nothing of it may reach the terminal, and the servers go on."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from sandbox.hangups import bear_hang_ups
from tests.sandbox.page_ground import ground

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.sandbox.page_ground import Ground

UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {}==\r\n"
#: Close with a reset instead of a good-bye.
RESET = struct.pack("ii", 1, 0)


@pytest.fixture
async def page() -> AsyncIterator[Ground]:
    async with ground() as running:
        yield running


def complaints(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.levelno >= logging.ERROR]


def place(url: str) -> tuple[str, int]:
    host, _, port = url.removeprefix("http://").rpartition(":")
    return host, int(port)


async def test_in_the_middle_of_what_is_sent(page: Ground, caplog: pytest.LogCaptureFixture) -> None:
    channel = page.discord.world.general.id
    ways = [
        (page.page.url, "/files?name=cat.png", f"Origin: {page.page.url}"),
        (page.discord.url, f"/api/v10/channels/{channel}/messages", f"Authorization: Bot {page.discord.token}"),
        (page.comet.url, "/mj/submit/imagine", f"Authorization: Bearer {page.comet.key}"),
    ]
    for url, path, header in ways:
        host, port = place(url)
        reader, writer = await asyncio.open_connection(host, port)
        head = f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\n{header}\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n".encode())
        assert b"100 Continue" in await reader.readline(), url  # from here on it is being read
        writer.write(b'{"content": ')
        await writer.drain()
        writer.transport.abort()
    await page.line.ok("history", **page.here)
    assert complaints(caplog) == []


async def test_before_the_line_stands(page: Ground, caplog: pytest.LogCaptureFixture) -> None:
    for url, path in ((page.page.url, "/live"), (page.discord.url, "/gateway/?v=10&encoding=json")):
        host, port = place(url)
        head = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {url}\r\n" + UPGRADE.format("A" * 22)
        for _ in range(30):
            with socket.create_connection((host, port)) as knocking:  # blocks: it is gone before the server looks
                knocking.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                knocking.sendall(f"{head}\r\n".encode())
                await asyncio.sleep(0)
            await page.line.ok("history", **page.here)
    assert complaints(caplog) == []


async def test_what_breaks_while_the_client_waits_is_told(caplog: pytest.LogCaptureFixture) -> None:
    async def break_down(_: web.Request) -> web.Response:
        raise ConnectionResetError("somebody else's line")

    app = web.Application(middlewares=[bear_hang_ups])
    app.router.add_get("/", break_down)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        reader, writer = await asyncio.open_connection(*runner.addresses[0])
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b" 500 " in await reader.readline()
        writer.close()
    finally:
        await runner.cleanup()
    assert len(complaints(caplog)) == 1
