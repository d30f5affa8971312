"""Paid requests: sent exactly once, whatever happens, and told apart by whether they may have been charged."""

from __future__ import annotations

import asyncio
import logging
import socket
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest
from aiohttp import web

from bot.errors import (
    CometActionRefused,
    CometAuth,
    CometBanned,
    CometBusy,
    CometError,
    CometInvalid,
    CometMisrouted,
    CometNotReady,
    CometQueueFull,
    CometQuota,
    CometTaskMissing,
    CometUncertain,
    CometUnreachable,
)
from bot.model import Dimensions, Kind, Phase, Speed
from sandbox.comet import Fault
from tests.comet.conftest import finished, picture_in

if TYPE_CHECKING:
    from pathlib import Path

    from bot.cometapi.client import CometClient
    from sandbox.comet import CometSandbox
    from tests.comet.conftest import Connect, Serve

NOT_CREATED: Final[list[tuple[Fault, type[CometError]]]] = [
    (Fault.BANNED, CometBanned),
    (Fault.QUEUE_FULL, CometQueueFull),
    (Fault.QUEUE_REJECTED, CometQueueFull),
    (Fault.UNAUTHORIZED, CometAuth),
    (Fault.QUOTA, CometQuota),
    (Fault.RATE_LIMITED, CometBusy),
    (Fault.RATE_LIMITED_BARE, CometBusy),
    (Fault.SERVER_ERROR, CometUncertain),
    (Fault.INVALID_REQUEST, CometInvalid),
    (Fault.UNAVAILABLE, CometUncertain),
    (Fault.ACCOUNT_DISABLED, CometTaskMissing),
    (Fault.HTML_200, CometUncertain),
    (Fault.REDIRECT, CometMisrouted),
    (Fault.UNKNOWN_CODE, CometUncertain),
    (Fault.RESET_BEFORE, CometUncertain),
]

#: The job exists and is paid, and the answer does not say so.
CREATED: Final = [
    Fault.RESET_AFTER,
    Fault.TIMEOUT_524,
    Fault.HALF_BODY,
    Fault.NULL_BODY,
    Fault.EMPTY_BODY,
    Fault.INVALID_JSON,
    Fault.NO_RESULT,
]


@pytest.mark.parametrize("speed", Speed)
async def test_an_imagine_is_sent_at_its_speed_and_charged_once(
    comet: CometSandbox, client: CometClient, speed: Speed
) -> None:
    accepted = await client.imagine("a fox", speed=speed, echo="job-1")
    (charge,) = comet.charges(echo="job-1")
    assert (charge.task_id, charge.speed, charge.prompt) == (accepted.task_id, speed.value, "a fox")
    assert not accepted.needs_input


async def test_the_ancestor_is_understood_too(ancestor: CometSandbox, connect: Connect) -> None:
    client = connect(ancestor.url)
    accepted = await client.imagine("a fox --niji 6", speed=Speed.FAST, echo="job-1")
    ancestor.finish(accepted.task_id)
    task = await client.fetch(accepted.task_id)
    assert task is not None
    assert (task.phase, task.echo, len(task.actions)) == (Phase.SUCCEEDED, "job-1", 9)


@pytest.mark.parametrize(("fault", "error"), NOT_CREATED)
async def test_a_submit_that_made_no_job_is_told_as_such_and_sent_once(
    comet: CometSandbox, client: CometClient, fault: Fault, error: type[CometError]
) -> None:
    comet.faults.set(fault, times=None)
    with pytest.raises(CometError) as caught:
        await client.imagine("a fox", speed=Speed.FAST, echo="job-1")
    assert type(caught.value) is error
    assert comet.requests.submits == 1
    assert comet.charges() == []


@pytest.mark.parametrize("fault", CREATED)
async def test_a_paid_submit_whose_answer_is_lost_is_uncertain_and_never_sent_again(
    comet: CometSandbox, client: CometClient, fault: Fault
) -> None:
    comet.faults.set(fault, times=None)
    with pytest.raises(CometUncertain):
        await client.imagine("a fox", speed=Speed.FAST, echo="job-1")
    assert (comet.requests.submits, len(comet.charges())) == (1, 1)


async def test_an_answer_that_comes_too_late_is_uncertain(comet: CometSandbox, connect: Connect) -> None:
    comet.faults.set(Fault.HANG)
    client = connect(comet.url, submit_timeout=timedelta(seconds=0.3))
    with pytest.raises(CometUncertain):
        await client.imagine("a fox", speed=Speed.FAST, echo="job-1")
    assert (comet.requests.submits, len(comet.charges())) == (1, 1)


@pytest.mark.parametrize("fault", [Fault.INTEGER_RESULT, Fault.LIST_RESULT, Fault.COMMA_RESULT, Fault.QUEUED])
async def test_a_result_in_an_odd_shape_still_names_the_task(
    comet: CometSandbox, client: CometClient, fault: Fault
) -> None:
    comet.faults.set(fault)
    accepted = await client.imagine("a fox", speed=Speed.FAST, echo="job-1")
    assert accepted.task_id in comet.tasks
    assert fault is Fault.COMMA_RESULT or not accepted.other_task_ids
    assert accepted.queue_ahead == (1 if fault is Fault.QUEUED else None)


async def test_a_refused_connection_proves_that_nothing_was_sent(comet: CometSandbox, client: CometClient) -> None:
    await comet.stop_listening()
    with pytest.raises(CometUnreachable) as caught:
        await client.imagine("a fox", speed=Speed.FAST, echo="job-1")
    assert caught.value.sent == "no"
    await comet.listen_again()
    await client.imagine("a fox", speed=Speed.FAST, echo="job-1")
    assert len(comet.charges()) == 1


@pytest.mark.parametrize("host", ["api.invalid", f"{'a' * 70}.invalid", "127.1"])
async def test_a_name_that_does_not_resolve_proves_that_nothing_was_sent(connect: Connect, host: str) -> None:
    with pytest.raises(CometUnreachable):
        await connect(f"http://{host}").imagine("a fox", speed=Speed.FAST, echo="job-1")


async def test_a_failed_tls_handshake_proves_that_nothing_was_sent(comet: CometSandbox, connect: Connect) -> None:
    client = connect(comet.url.replace("http://", "https://"))
    with pytest.raises(CometUnreachable):
        await client.imagine("a fox", speed=Speed.FAST, echo="job-1")
    assert comet.requests.submits == 0


async def test_every_submit_has_a_connection_of_its_own_and_looks_share_one(connect: Connect, serve: Serve) -> None:
    ports: dict[str, set[object]] = {"POST": set(), "GET": set()}
    authorized: set[str | None] = set()

    async def handle(request: web.Request) -> web.Response:
        assert request.transport is not None
        ports[request.method].add(request.transport.get_extra_info("peername"))
        authorized.add(request.headers.get("Authorization"))
        return web.Response(text='{"code":1,"result":"17"}' if request.method == "POST" else '{"id":"17"}')

    client = connect(await serve(handle))
    for _ in range(4):
        await client.imagine("a fox", speed=Speed.FAST, echo="job-1")
        await client.fetch("17")
    assert (len(ports["POST"]), len(ports["GET"])) == (4, 1)
    assert authorized == {"Bearer sk-sandbox-key"}


async def test_a_redirect_is_not_followed_and_cookies_are_not_kept(connect: Connect, serve: Serve) -> None:
    paths: list[str] = []
    cookies: list[str | None] = []

    async def handle(request: web.Request) -> web.Response:
        paths.append(request.path)
        cookies.append(request.headers.get("Cookie"))
        return web.Response(status=307, headers={"Location": "/elsewhere", "Set-Cookie": "a=b"})

    client = connect(await serve(handle))
    for _ in range(2):
        with pytest.raises(CometMisrouted):
            await client.imagine("a fox", speed=Speed.FAST, echo="job-1")
    assert paths == ["/mj-fast/mj/submit/imagine"] * 2
    assert cookies == [None, None]


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"garbage\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 20_000,
    ],
)
async def test_an_answer_that_is_no_http_is_uncertain(connect: Connect, sent: bytes) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"}")
        writer.write(sent)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, family=socket.AF_INET)
    async with server:
        client = connect(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        with pytest.raises(CometUncertain) as caught:
            await client.imagine("a fox", speed=Speed.FAST, echo="job-1")
    assert "sk-sandbox-key" not in repr(caught.value.__cause__)


async def test_an_endless_or_broken_answer_is_uncertain(connect: Connect, serve: Serve) -> None:
    async def handle(request: web.Request) -> web.StreamResponse:
        if request.headers.get("Accept-Encoding") and b"broken" in await request.read():
            return web.Response(body=b"not gzip at all", headers={"Content-Encoding": "gzip"})
        response = web.Response(body=b" " * 5_000_000)
        response.enable_compression(web.ContentCoding.gzip)
        return response

    client = connect(await serve(handle))
    for prompt in ("a fox", "a broken fox"):
        with pytest.raises(CometUncertain):
            await client.imagine(prompt, speed=Speed.FAST, echo="job-1")


async def test_a_button_is_pressed_and_its_result_has_buttons_of_its_own(
    comet: CometSandbox, client: CometClient
) -> None:
    grid = await client.imagine("a fox --v 7", speed=Speed.FAST, echo="job-1")
    parent = await finished(comet, client, grid.task_id)
    second = next(action for action in parent.actions if action.label == "U2")
    pressed = await client.act(grid.task_id, second.action_id, speed=Speed.TURBO, echo="job-2")
    single = await finished(comet, client, pressed.task_id)
    assert {action.kind for action in single.actions} >= {Kind.UPSCALE, Kind.ZOOM, Kind.PAN, Kind.REGION, Kind.ANIMATE}
    (charge,) = comet.charges(echo="job-2")
    assert (charge.custom_id, charge.speed) == (second.action_id, "turbo")


@pytest.mark.parametrize("fault", [Fault.CODE_3, Fault.CODE_4])
async def test_a_parent_that_is_not_ready_is_told_as_such(
    comet: CometSandbox, client: CometClient, fault: Fault
) -> None:
    grid = await client.imagine("a fox", speed=Speed.FAST, echo="job-1")
    parent = await finished(comet, client, grid.task_id)
    comet.faults.set(fault)
    with pytest.raises(CometNotReady):
        await client.act(grid.task_id, parent.actions[0].action_id, speed=Speed.FAST, echo="job-2")
    await client.act(grid.task_id, parent.actions[0].action_id, speed=Speed.FAST, echo="job-2")
    assert len(comet.charges(echo="job-2")) == 1


async def test_actions_on_what_is_not_there_are_refused_in_both_dialects(
    either: CometSandbox, connect: Connect
) -> None:
    client = connect(either.url)
    with pytest.raises(CometNotReady):
        await client.act("1700000000000000", "MJ::JOB::upsample::1::x", speed=Speed.FAST, echo="job-2")
    either.hold()
    grid = await client.imagine("a fox", speed=Speed.FAST, echo="job-1")
    with pytest.raises(CometNotReady):
        await client.act(grid.task_id, "MJ::JOB::upsample::1::x", speed=Speed.FAST, echo="job-2")
    either.release()
    await finished(either, client, grid.task_id)
    for unknown in ("MJ::Unheard::of", "MJ::BOOKMARK::x"):
        with pytest.raises(CometActionRefused):
            await client.act(grid.task_id, unknown, speed=Speed.FAST, echo="job-2")
    assert either.charges(echo="job-2") == []


async def test_neither_key_nor_pictures_nor_prompts_are_logged(
    comet: CometSandbox, connect: Connect, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    client = connect(comet.url)
    images = [picture_in(tmp_path / f"secret-{number}.png") for number in range(2)]
    accepted = await client.blend(images, Dimensions.SQUARE, speed=Speed.FAST, echo="job-1")
    await client.imagine("a secret fox", speed=Speed.FAST, echo="job-2")
    await client.list_tasks([accepted.task_id])
    comet.faults.set(Fault.UNAUTHORIZED)
    with pytest.raises(CometAuth) as caught:
        await client.imagine("a secret fox", speed=Speed.FAST, echo="job-3")
    written = caplog.text + repr(client) + repr(caught.value) + str(caught.value)
    assert "POST /mj-fast/mj/submit/blend: 200 in" in written
    assert not any(secret in written for secret in ("sk-sandbox", "base64,", "secret"))


async def test_an_api_that_quotes_the_key_does_not_spread_it(connect: Connect, serve: Serve) -> None:
    async def handle(request: web.Request) -> web.Response:
        return web.json_response(
            {"error": {"message": f"invalid token {request.headers['Authorization']}"}}, status=401
        )

    client = connect(await serve(handle), key="canary-0123456789")
    with pytest.raises(CometAuth) as caught:
        await client.imagine("a fox", speed=Speed.FAST, echo="job-1")
    assert "canary" not in caught.value.detail


@pytest.mark.parametrize(
    ("url", "key"),
    [("api.cometapi.com", "k"), ("ftp://x", "k"), ("https://", "k"), ("https://x", "a\nb"), ("https://x", "ключ")],
)
def test_an_address_or_key_that_cannot_work_is_refused_at_once(connect: Connect, url: str, key: str) -> None:
    with pytest.raises(ValueError, match="the API"):
        connect(url, key=key)
