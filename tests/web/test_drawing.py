"""The drawing page's addresses: what a link opens, what it does not, and in which words."""

from __future__ import annotations

import asyncio
import itertools
import logging
import socket
from typing import TYPE_CHECKING

import pytest

from bot.config import Listen
from bot.errors import StorageError
from bot.web.drawing import MOST_BYTES
from bot.web.files import FOLDER
from bot.web.links import LIFETIME
from bot.web.listening import explain
from bot.web.server import WebServer
from tests.fakes import FakeClock
from tests.web.conftest import DRAFT, KEY, LOOPBACK, NAVIGATION, OTHER, FakeArchives, FakeDrawings, open_desk, png

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.web.conftest import Desk


async def test_health_is_one_word(desk: Desk) -> None:
    assert await desk.get(f"{desk.server.url}/healthz") == (200, "ok")


async def test_a_link_opens_the_page_its_parts_and_the_picture(desk: Desk) -> None:
    status, page = await desk.get(desk.link, **NAVIGATION)
    assert (status, "Use this" in page) == (200, True)
    for path in FOLDER.glob("*.[cjs][sv]*"):
        async with desk.http.get(f"{desk.server.url}/page/{path.name}") as part:
            assert (part.status, path.suffix == ".json") in ((200, False), (404, True)), path.name
    async with desk.http.get(f"{desk.link}/picture") as picture:
        assert picture.content_type == "image/png"
        assert await picture.read() == png(color=120)


async def test_a_drawing_is_taken_once(desk: Desk) -> None:
    assert await desk.post(desk.link, png()) == (204, "")
    assert desk.drawings.taken == {DRAFT: png()}
    status, said = await desk.post(desk.link, png(color=0))
    assert (status, said) == (410, "That link has been used. Press Use my drawing in Discord.")
    assert desk.drawings.taken == {DRAFT: png()}


async def test_of_two_drawings_at_once_one_is_taken(desk: Desk) -> None:
    answers = await asyncio.gather(*[desk.post(desk.link, png()) for _ in range(2)])
    assert sorted(status for status, _ in answers) == [204, 410]


async def test_one_link_does_not_fill_the_memory_however_often_it_is_used_at_once(desk: Desk) -> None:
    arriving = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield png()[:20]
        await arriving.wait()
        yield png()[20:]

    async def send() -> int:
        async with desk.http.post(desk.link, data=slowly(), headers={"Content-Type": "image/png"}) as answer:
            return answer.status

    sent = [asyncio.create_task(send()) for _ in range(8)]
    refused = [await answer for answer in itertools.islice(asyncio.as_completed(sent), 5)]
    assert refused == [429] * 5
    assert await desk.post(desk.server.link(OTHER), png()) == (204, "")
    arriving.set()
    assert sorted(await asyncio.gather(*sent)) == [204, 410, 410, *refused]


async def test_a_link_opens_its_own_draft_alone(desk: Desk) -> None:
    await desk.post(desk.server.link(OTHER), png())
    assert list(desk.drawings.taken) == [OTHER]


@pytest.mark.parametrize("path", ["", "/picture"])
async def test_an_expired_link_says_so(desk: Desk, path: str) -> None:
    link = desk.link
    desk.clock.advance(LIFETIME.total_seconds() + 1)
    status, said = await desk.get(link + path)
    assert status == 410
    assert "has expired" in said
    assert (await desk.post(link, png()))[0] == 410
    assert desk.drawings.taken == {}


@pytest.mark.parametrize("token", ["x", "a.b.c", DRAFT, "." * 200, "IjAx.awPPtw.AAAA"])
async def test_a_forged_link_opens_nothing(desk: Desk, token: str) -> None:
    link = f"{desk.server.url}/draw/{token}"
    assert (await desk.get(link))[0] == 404
    assert (await desk.get(f"{link}/picture"))[0] == 404
    assert (await desk.post(link, png()))[0] == 404
    assert desk.drawings.taken == {}


@pytest.mark.parametrize(
    "path",
    [
        "",
        "draw",
        "draw/",
        "page",
        "page/",
        "page/notice.html",
        "page/jsconfig.json",
        "page/..%2Fserver.py",
        "page/%2e%2e/server.py",
        "web.key",
    ],
)
async def test_everything_else_is_not_there(desk: Desk, path: str) -> None:
    assert await desk.get(f"{desk.server.url}/{path}") == (404, "There is nothing here.")


async def test_a_browser_gets_the_sentence_as_a_page(desk: Desk) -> None:
    desk.drawings.gone.add(DRAFT)
    status, page = await desk.get(desk.link, **NAVIGATION)
    assert status == 410
    assert '<p class="notice">That choice is more than a day old. Press Vary (Region) again.</p>' in page


async def test_what_is_said_cannot_become_markup(desk: Desk) -> None:
    desk.drawings.failures.append(StorageError("<script>"))
    _, page = await desk.get(desk.link, **NAVIGATION)
    assert "<script>" not in page
    assert "Try again in a minute" in page


async def test_a_huge_drawing_is_refused_in_words(desk: Desk) -> None:
    status, said = await desk.post(desk.link, bytes(MOST_BYTES + 1))
    assert (status, said) == (413, "That drawing is too large: at most 8 MiB can be taken.")
    assert desk.drawings.taken == {}


async def test_a_drawing_of_another_size_or_type_is_refused_in_words(desk: Desk) -> None:
    assert await desk.post(desk.link, png((54, 96))) == (422, "That drawing does not fit the picture.")
    assert await desk.post(desk.link, png(), "image/jpeg") == (415, "Only a PNG picture can be taken here.")
    assert await desk.post(desk.link, png()) == (204, "")  # nothing of that used the link up


async def test_other_methods_are_refused(desk: Desk) -> None:
    async with desk.http.delete(desk.link) as answer:
        assert (answer.status, await answer.text()) == (405, "This address does not work that way.")


async def test_every_answer_forbids_what_the_page_does_not_need(desk: Desk) -> None:
    for path in (desk.link, f"{desk.link}/picture", f"{desk.server.url}/page/drawing.js", f"{desk.server.url}/nothing"):
        async with desk.http.get(path) as answer:
            headers = answer.headers
            policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
            assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
            assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
            assert headers["Referrer-Policy"] == "no-referrer"
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["X-Frame-Options"] == "DENY"
            assert headers["Cache-Control"] == "no-store"
            assert headers["Server"] == "Easel"
            assert "Set-Cookie" not in headers


async def test_the_log_names_no_link(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = desk.link.rsplit("/", 1)[1]
    desk.drawings.failures.append(RuntimeError("a bug"))
    status, said = await desk.get(desk.link)
    assert status == 500
    assert "give the bot's owner this code" in said
    await desk.post(desk.link, png())
    await desk.post(desk.link, png())
    assert "a bug" in caplog.text
    assert token not in caplog.text


async def test_a_browser_that_leaves_while_it_sends_is_no_error(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    host, port = desk.server.url.removeprefix("http://").split(":")
    path = desk.link.removeprefix(desk.server.url)
    for _ in range(3):
        _, writer = await asyncio.open_connection(host, int(port))
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: 5000\r\n\r\n"
        writer.write(head.encode() + b"half")
        await writer.drain()
        writer.close()
        await writer.wait_closed()
    await desk.server.close()
    assert desk.drawings.taken == {}
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_path_before_the_public_address_reaches_every_part(tmp_path: Path) -> None:
    async with open_desk(tmp_path, public_url="https://example.com/easel") as desk:
        assert desk.link.startswith("https://example.com/easel/draw/")
        _, page = await desk.get(desk.link.replace("https://example.com/easel", desk.server.url))
        assert 'src="../page/drawing.js"' in page
        assert '="/' not in page


@pytest.mark.parametrize(
    ("listen", "public_url", "reachable"),
    [
        (LOOPBACK, None, True),
        (Listen("::1", 8080), None, True),
        (Listen("localhost", 8080), None, True),
        (Listen("0.0.0.0", 8080), None, False),  # noqa: S104 - what an owner may write
        (Listen("0.0.0.0", 8080), "https://easel.example.com", True),  # noqa: S104
    ],
)
def test_links_are_offered_where_people_can_follow_them(
    listen: Listen, public_url: str | None, *, reachable: bool
) -> None:
    server = WebServer(listen=listen, public_url=public_url, key=KEY, clock=FakeClock())
    assert server.is_reachable is reachable


async def test_a_port_that_is_taken_is_explained(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        listen = Listen("127.0.0.1", holder.getsockname()[1])
        server = WebServer(listen=listen, public_url=None, key=KEY, clock=FakeClock())
        with pytest.raises(OSError, match="address") as caught:
            await server.start(FakeDrawings(tmp_path), FakeArchives(tmp_path))
        assert explain(caught.value) == "another program listens there"
        await server.close()
