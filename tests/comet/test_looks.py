"""Looking at tasks: free, repeated once where that may help, and prompt about a 429."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from bot.errors import CometAuth, CometBusy, CometError, CometInvalid, CometMisrouted, CometUncertain, CometUnreachable
from bot.model import Phase, Speed
from sandbox.comet import Fault

if TYPE_CHECKING:
    from bot.cometapi.client import CometClient
    from sandbox.comet import CometSandbox
    from tests.comet.conftest import Connect, Naps, Serve


async def submitted(client: CometClient, count: int = 1) -> list[str]:
    return [(await client.imagine(f"fox {n}", speed=Speed.FAST, echo=f"job-{n}")).task_id for n in range(count)]


async def test_the_first_look_and_the_last_agree_with_the_emulator(comet: CometSandbox, client: CometClient) -> None:
    comet.hold()
    (task_id,) = await submitted(client)
    first = await client.fetch(task_id)
    assert first is not None
    assert (first.phase, first.progress, first.echo) == (Phase.QUEUED, 0, "")
    comet.set_progress(task_id, 62)
    running = await client.fetch(task_id)
    assert running is not None
    assert (running.phase, running.progress, running.echo) == (Phase.RUNNING, 62, "job-0")
    comet.fail(task_id, "Blocked")
    failed = await client.fetch(task_id)
    assert failed is not None
    assert (failed.phase, failed.fail_reason, failed.progress) == (Phase.FAILED, "Blocked", None)


async def test_an_unknown_task_is_none_or_missing_and_proves_the_key(either: CometSandbox, connect: Connect) -> None:
    client = connect(either.url)
    assert await client.fetch("1700000000000000") is None
    assert await client.list_tasks(["1700000000000000"]) == {}
    await client.check_key()
    with pytest.raises(CometAuth):
        await connect(either.url, key="sk-wrong-key").check_key()


async def test_a_hundred_tasks_are_one_request(comet: CometSandbox, client: CometClient) -> None:
    task_ids = await submitted(client, 100)
    found = await client.list_tasks([*task_ids, "1700000000000000"])
    assert found.keys() == set(task_ids)
    assert comet.requests.lists == 1


async def test_asking_for_nothing_asks_nobody(comet: CometSandbox, client: CometClient) -> None:
    assert await client.list_tasks([]) == {}
    assert comet.requests.lists == 0


async def test_a_429_comes_out_at_once_with_its_wait(comet: CometSandbox, client: CometClient, naps: Naps) -> None:
    (task_id,) = await submitted(client)
    for place in ("fetch", "list"):
        comet.faults.set(Fault.RATE_LIMITED, times=None, seconds=7, on=place)
    for look in (client.fetch(task_id), client.list_tasks([task_id])):
        with pytest.raises(CometBusy) as caught:
            await look
        assert caught.value.retry_after == timedelta(seconds=7)
    assert (comet.requests.fetches, comet.requests.lists, naps.taken) == (1, 1, [])


@pytest.mark.parametrize("fault", [Fault.FETCH_OUTAGE, Fault.OUTAGE])
async def test_a_short_outage_is_bridged_and_a_longer_one_is_not(
    comet: CometSandbox, client: CometClient, naps: Naps, fault: Fault
) -> None:
    (task_id,) = await submitted(client)
    comet.faults.set(fault, times=1)
    assert await client.fetch(task_id) is not None
    comet.faults.set(fault, times=None)
    with pytest.raises(CometUncertain):
        await client.list_tasks([task_id])
    assert (comet.requests.fetches, comet.requests.lists) == (2, 2)
    assert naps.taken  # a GET over a connection that was kept alive is repeated by aiohttp itself, without a nap
    assert all(nap <= 1 for nap in naps.taken)


async def test_a_closed_door_is_told_from_a_broken_answer(comet: CometSandbox, client: CometClient) -> None:
    (task_id,) = await submitted(client)
    await comet.stop_listening()
    with pytest.raises(CometUnreachable):
        await client.fetch(task_id)
    with pytest.raises(CometUnreachable):
        await client.check_key()


@pytest.mark.parametrize("fault", [Fault.LIST_REFUSED, Fault.LIST_MALFORMED])
async def test_a_list_that_is_refused_or_malformed_is_an_error(
    comet: CometSandbox, client: CometClient, fault: Fault
) -> None:
    task_ids = await submitted(client, 2)
    comet.faults.set(fault, times=None)
    with pytest.raises(CometError):
        await client.list_tasks(task_ids)
    assert await client.fetch(task_ids[0]) is not None


async def test_a_list_that_leaves_ids_out_gives_the_rest(comet: CometSandbox, client: CometClient) -> None:
    task_ids = await submitted(client, 4)
    comet.faults.set(Fault.LIST_MISSING_IDS)
    assert len(await client.list_tasks(task_ids)) == 2


@pytest.mark.parametrize("fault", [Fault.NULL_BODY, Fault.EMPTY_BODY])
async def test_an_empty_look_means_that_the_task_is_not_known(
    comet: CometSandbox, client: CometClient, fault: Fault
) -> None:
    (task_id,) = await submitted(client)
    comet.faults.set(fault, on="fetch")
    assert await client.fetch(task_id) is None
    assert await client.fetch(task_id) is not None


@pytest.mark.parametrize("fault", [Fault.HTML_200, Fault.INVALID_JSON, Fault.HALF_BODY, Fault.TIMEOUT_524])
async def test_a_garbled_look_is_repeated_once(comet: CometSandbox, client: CometClient, fault: Fault) -> None:
    (task_id,) = await submitted(client)
    comet.faults.set(fault, times=1, on="fetch")
    assert await client.fetch(task_id) is not None
    assert comet.requests.fetches == 2


async def test_a_time_out_is_not_waited_for_twice(comet: CometSandbox, connect: Connect) -> None:
    client = connect(comet.url, look_timeout=timedelta(seconds=0.2))
    (task_id,) = await submitted(client)
    comet.faults.set(Fault.HANG, times=None, on="fetch")
    with pytest.raises(CometUncertain):
        await client.fetch(task_id)
    assert comet.requests.fetches == 1


async def test_an_id_cannot_lead_to_another_path(connect: Connect, serve: Serve) -> None:
    paths: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        paths.append(request.raw_path)
        return web.Response(text="null")

    client = connect(await serve(handle))
    assert await client.fetch("../../submit/imagine?x=1#y") is None
    assert paths == ["/mj/task/..%2F..%2Fsubmit%2Fimagine%3Fx%3D1%23y/fetch"]


async def test_a_path_before_mj_is_kept(connect: Connect, serve: Serve) -> None:
    paths: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        paths.append(request.path)
        return web.Response(text="null")

    await connect(f"{await serve(handle)}/proxy/").fetch("17")
    assert paths == ["/proxy/mj/task/17/fetch"]


async def test_a_list_beyond_all_measure_is_refused_and_memory_is_not_spent(connect: Connect, serve: Serve) -> None:
    async def handle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(40):
            await response.write(b" " * 1024 * 1024)
        return response

    with pytest.raises(CometUncertain, match="larger than"):
        await connect(await serve(handle)).list_tasks(["17"])


async def test_a_wrong_address_is_told_when_the_key_is_checked(connect: Connect, serve: Serve) -> None:
    async def handle(_: web.Request) -> web.Response:
        return web.Response(status=404, text="<html>nginx</html>", content_type="text/html")

    with pytest.raises(CometMisrouted):
        await connect(await serve(handle)).check_key()


async def test_any_words_for_a_wrong_id_prove_the_key(connect: Connect, serve: Serve) -> None:
    async def handle(_: web.Request) -> web.Response:
        return web.json_response({"description": "no such thing"}, status=400)

    client = connect(await serve(handle))
    await client.check_key()
    with pytest.raises(CometInvalid):
        await client.fetch("17")


async def test_a_client_closes_what_it_opened_and_may_be_closed_unused(comet: CometSandbox, connect: Connect) -> None:
    async with connect(comet.url) as client:
        await client.check_key()
    await connect(comet.url).close()
