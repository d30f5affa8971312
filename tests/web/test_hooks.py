"""Callbacks: written down before they are answered, hints and nothing more, from nobody but who knows the address."""

from __future__ import annotations

import asyncio
import json
import socket
from argparse import Namespace
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web

from bot.config import ExitCode, Listen, Settings
from bot.errors import ConfigurationInvalid
from bot.jobs.adopting.echoes import Echoes
from bot.jobs.adopting.spool import Hint, Spool
from bot.metrics import CONTENT_TYPE, ReceiverMetrics
from bot.owner import receive
from bot.web.hooks import HookReceiver, hook_path
from bot.web.listening import Listener
from bot.web.server import WebServer
from tests.fakes import FakeClock
from tests.web.conftest import KEY, LOOPBACK, FakeArchives, FakeDrawings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

JOB = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
SECRET = bytes(range(32, 64))
ECHOES = Echoes(KEY)
MARK = ECHOES.of(JOB)


def task(**fields: object) -> bytes:
    """Return a callback's body, as the API sends it."""
    return json.dumps({"id": "1773314942177684", "state": MARK, "status": "SUCCESS", **fields}).encode()


class Door:
    """The receiver, and whoever knocks."""

    def __init__(self, folder: Path, http: aiohttp.ClientSession, *, most: int = 10_000) -> None:
        self.folder = folder
        self.spool = Spool(folder, most=most)
        self.http = http
        self.url = ""

    async def knock(self, body: bytes, path: str | None = None, **headers: str) -> int:
        """Send a callback; return the status of the answer, which is empty."""
        url = self.url + (hook_path(SECRET) if path is None else path)
        async with self.http.post(url, data=body, headers=headers) as answer:
            assert await answer.read() == b""
            return answer.status

    def hints(self) -> list[Hint]:
        return list(self.spool.read((), 100_000).values())

    def clear(self) -> None:
        self.spool.drop(self.spool.read((), 100_000))


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def opened(stack: AsyncExitStack, folder: Path, *, most: int = 10_000) -> Door:
    door = Door(folder, await stack.enter_async_context(aiohttp.ClientSession()), most=most)
    app = web.Application()
    app.add_routes(HookReceiver(door.spool, ECHOES, SECRET).routes())
    listener = Listener(app, Listen("127.0.0.1", 0))
    door.url = await listener.open()
    stack.push_async_callback(listener.close)
    return door


@pytest.fixture
async def door(stack: AsyncExitStack, tmp_path: Path) -> Door:
    return await opened(stack, tmp_path)


async def test_a_callback_is_in_the_spool_when_it_is_answered(door: Door) -> None:
    assert await door.knock(task()) == 200
    assert door.hints() == [Hint("1773314942177684", MARK)]


async def test_an_id_may_be_a_number(door: Door) -> None:
    assert await door.knock(task(id=1773314942177684)) == 200
    assert door.hints() == [Hint("1773314942177684", MARK)]


async def test_nothing_of_a_body_is_kept_but_the_task_and_the_mark(door: Door) -> None:
    await door.knock(task(imageUrl="https://evil.example/x.png", failReason="canary", buttons=["x"]))
    (file,) = door.folder.iterdir()
    assert json.loads(file.read_bytes()) == {"task": "1773314942177684", "state": MARK}


async def test_the_same_callback_again_is_written_once_and_a_later_state_anew(door: Door) -> None:
    for status in ("IN_PROGRESS", "SUCCESS", "SUCCESS", "success", "invented", "other"):
        assert await door.knock(task(status=status)) == 200
    assert len(door.hints()) == 3, "running, done, and whatever else"
    door.clear()
    assert await door.knock(task(status="SUCCESS")) == 200
    assert door.hints() == [], "it was dealt with"


@pytest.mark.parametrize(
    "fields",
    [
        {"state": ""},
        {"state": "job-42"},
        {"state": JOB},
        {"state": f"{JOB}.{'a' * 16}"},
        {"state": MARK + "::1"},
        {"id": "../../etc/passwd"},
        {"id": "x" * 65},
        {"id": ""},
    ],
)
async def test_what_looks_like_a_callback_but_is_none_of_ours_is_answered_alike_and_dropped(
    door: Door, fields: dict[str, object]
) -> None:
    assert await door.knock(task(**fields)) == 200
    assert door.hints() == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"{",
        b"\xff\xfe",
        task(id=None),
        task(id=True),
        task(id=1.5),
        task(state=None),
        task(state=7),
        b'{"id":' + b"9" * 5000 + b',"state":"x"}',
        b"[" * 100_000,
        task(properties=json.loads("[" * 20 + "]" * 20)),
        task(prompt="x" * (256 * 1024)),
    ],
    ids=range(15),
)
async def test_everything_else_finds_nothing_here(door: Door, body: bytes) -> None:
    assert await door.knock(body) == 404
    assert door.hints() == []


async def test_a_body_as_deep_as_may_be_is_taken(door: Door) -> None:
    assert await door.knock(task(properties=json.loads("[" * 19 + "]" * 19))) == 200
    assert len(door.hints()) == 1


async def test_a_packed_body_is_not_unpacked(door: Door) -> None:
    assert await door.knock(task(), **{"Content-Encoding": "gzip"}) in {400, 404}
    assert door.hints() == []


async def test_who_does_not_know_the_address_finds_nothing(door: Door) -> None:
    wrong = ["/hook/", "/hook/a", "/hook/" + "A" * 43, "/hook/%C3%A4", "/", hook_path(KEY), hook_path(SECRET) + "x"]
    for path in wrong:
        async with door.http.post(door.url + path, data=task()) as answer:
            assert answer.status == 404
    async with door.http.get(door.url + hook_path(SECRET)) as answer:
        assert answer.status == 404
    assert door.hints() == []


async def test_a_body_that_never_ends_is_cut_off(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.hooks._READ_SECONDS", 0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", int(door.url.rpartition(":")[2]))
    writer.write(f"POST {hook_path(SECRET)} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{{".encode())
    assert b" 404 " in await reader.readline()
    writer.close()


async def test_a_spool_without_room_says_so_and_loses_nothing_that_it_has(
    stack: AsyncExitStack, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    door = await opened(stack, tmp_path, most=3)
    answers = [await door.knock(task(id=str(number))) for number in range(5)]
    assert answers == [200, 200, 200, 503, 503]
    assert caplog.text.count("The spool is full") == 1
    door.clear()
    assert await door.knock(task(id="4")) == 200


async def test_a_disk_that_refuses_is_not_answered_with_success(
    door: Door, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_: object) -> frozenset[str]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(door.spool, "put", refuse)
    assert await door.knock(task()) == 503
    monkeypatch.undo()
    assert await door.knock(task()) == 200
    assert "No space left" in caplog.text


async def test_callbacks_at_once_are_all_written_down(door: Door) -> None:
    answers = await asyncio.gather(*(door.knock(task(id=str(number))) for number in range(60)))
    assert set(answers) == {200}
    assert {hint.task_id for hint in door.hints()} == {str(number) for number in range(60)}


async def test_the_bot_takes_them_itself_where_no_receiver_does(stack: AsyncExitStack, tmp_path: Path) -> None:
    door = Door(tmp_path / "spool", await stack.enter_async_context(aiohttp.ClientSession()))
    hooks = HookReceiver(door.spool, ECHOES, SECRET)
    for taken, status in ((hooks, 200), (None, 404)):
        server = WebServer(listen=LOOPBACK, public_url=None, key=KEY, clock=FakeClock(), hooks=taken)
        await server.start(FakeDrawings(tmp_path), FakeArchives(tmp_path))
        async with door.http.post(server.url + hook_path(SECRET), data=task()) as answer:
            assert answer.status == status
        await server.close()
    assert len(door.hints()) == 1


async def test_the_receiver_counts_what_became_of_callbacks_and_tells_only_who_is_near(
    stack: AsyncExitStack, tmp_path: Path
) -> None:
    door = Door(tmp_path / "spool", await stack.enter_async_context(aiohttp.ClientSession()))
    metrics = ReceiverMetrics()
    hooks = HookReceiver(door.spool, ECHOES, SECRET, metrics.process.called_back)
    listener = Listener(receive.pages(hooks, metrics), LOOPBACK)
    stack.push_async_callback(listener.close)
    door.url = await listener.open()
    for body in (task(), task(), task(state="not ours"), b"nonsense"):
        await door.knock(body)
    async with door.http.get(f"{door.url}/metrics") as answer:
        assert (answer.status, answer.headers["Content-Type"]) == (200, CONTENT_TYPE)
        said = await answer.text()
    counted = {line for line in said.splitlines() if line.startswith("easel_webhook_total")}
    assert counted == {
        f'easel_webhook_total{{result="{fate}"}} 1.0' for fate in ("kept", "repeated", "unmarked", "unreadable")
    }
    assert "easel_gateway_up" not in said, "what it does not know would raise alarms"
    assert SECRET.hex() not in said
    async with door.http.get(f"{door.url}/metrics", headers={"X-Forwarded-For": "203.0.113.9"}) as answer:
        assert answer.status == 404


def test_the_receiver_says_what_it_lacks_and_needs_neither_token_nor_key() -> None:
    settings = Settings.load(None, {}, with_secrets=False)
    with pytest.raises(ConfigurationInvalid, match="WEBHOOK_LISTEN is not set"):
        receive.main(settings, Namespace())


def test_a_receiver_whose_place_is_taken_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        environ = {"WEBHOOK_URL": f"http://{place}", "WEBHOOK_LISTEN": place}
        database = {"DATABASE_URL": f"sqlite:///{tmp_path}/data/easel.db"}
        settings = Settings.load(None, environ | database, with_secrets=False)
        assert receive.main(settings, Namespace()) is ExitCode.CONFIGURATION
    assert "another program listens there" in caplog.text
