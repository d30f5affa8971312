"""Rate limits, the count of invalid requests, and the fault switches."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Literal

import aiohttp
import discord
import pytest

from sandbox.discord import DiscordFault, DiscordOptions, DiscordSandbox
from tests.sandbox.discord_ground import bare, connected, new_client

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.sandbox.discord_ground import Api

POST = "POST /channels/{channel_id}/messages"
HELLO = {"type": 4, "data": {"content": "hello"}}


class Hands:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = 1_790_000_000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with bare(DiscordOptions(rate_limits=True, clock=Hands(), invalid_request_limit=20)) as running:
        yield running


@pytest.fixture
async def sandbox() -> AsyncIterator[DiscordSandbox]:
    async with DiscordSandbox() as running:
        yield running


async def test_five_posts_in_five_seconds_and_channel(api: Api) -> None:
    left = [(await api.send({"content": "x"})).headers["X-RateLimit-Remaining"] for _ in range(5)]
    assert left == ["4", "3", "2", "1", "0"]
    refused = await api.send({"content": "x"})
    assert (refused.status, refused.body["retry_after"], refused.body["global"]) == (429, 5.0, False)
    assert refused.headers["Via"]
    assert refused.headers["X-RateLimit-Scope"] == "user"
    other = f"/channels/{api.sandbox.world.gallery.id}/messages"
    assert (await api.post(other, {"content": "x"})).status == 200
    api.sandbox.advance(5)
    assert (await api.send({"content": "x"})).status == 200
    assert api.sandbox.counters.invalid_requests == api.sandbox.counters.rate_limited == 1
    assert len(api.sandbox.messages(api.sandbox.world.general)) == 6


async def test_five_follow_ups_in_two_seconds(api: Api) -> None:
    call = await api.slash()
    await api.respond(call, HELLO)
    seen = [(await api.post(api.hook(call), {"content": "x"})).status for _ in range(6)]
    assert seen == [200] * 5 + [429]


async def test_fifty_requests_a_second_save_for_interactions(api: Api) -> None:
    call = await api.slash()
    used = sum(api.sandbox.counters.requests.values())
    seen = [(await api.get("/users/@me")).status for _ in range(50 - used)]
    assert seen == [200] * (50 - used)
    refused = await api.get("/users/@me")
    assert refused.body["global"] is True
    assert refused.headers["X-RateLimit-Global"] == "true"
    assert (await api.respond(call, HELLO)).status == 200
    api.sandbox.advance(1)
    assert (await api.get("/users/@me")).status == 200


async def test_messages_older_than_an_hour_take_three_edits_in_six_seconds(api: Api) -> None:
    message = (await api.send({"content": "x"})).body
    path = f"/channels/{message['channel_id']}/messages/{message['id']}"
    api.sandbox.advance(3601)
    assert [(await api.patch(path, {"content": str(n)})).status for n in range(3)] == [200] * 3
    refused = await api.patch(path, {"content": "3"})
    assert refused.refusal == (429, 30046)
    assert refused.body["retry_after"] == 6.0
    api.sandbox.advance(6)
    assert (await api.patch(path, {"content": "4"})).status == 200


async def test_too_many_invalid_requests_are_banned_by_cloudflare_for_ten_minutes(api: Api) -> None:
    api.token = api.token[:-1]
    assert {(await api.get("/users/@me")).status for _ in range(20)} == {401}
    api.token = api.sandbox.token
    banned = await api.get("/users/@me")
    assert banned.status == 429
    assert "Via" not in banned.headers
    assert "Cloudflare" in banned.body
    api.sandbox.advance(601)
    assert (await api.get("/users/@me")).status == 200


@pytest.mark.parametrize(
    ("scope", "counted", "header"), [("user", 1, None), ("global", 1, "true"), ("shared", 0, None)]
)
async def test_a_refusal_says_whose_limit_it_is_and_counts_only_for_the_bots_own(
    api: Api, scope: Literal["user", "global", "shared"], counted: int, header: str | None
) -> None:
    api.sandbox.faults.set(DiscordFault.RATE_LIMITED, seconds=0.5, scope=scope)
    refused = await api.get("/users/@me")
    assert (refused.status, refused.headers["X-RateLimit-Scope"]) == (429, scope)
    assert refused.headers.get("X-RateLimit-Global") == header
    assert (refused.body["global"], refused.body["retry_after"]) == (scope == "global", 0.5)
    assert api.sandbox.counters.invalid_requests == counted


@pytest.mark.parametrize(("seconds", "said"), [(0.0, None), (299.0, "300")])
async def test_a_ban_says_how_long_it_lasts_or_does_not(api: Api, seconds: float, said: str | None) -> None:
    api.sandbox.faults.set(DiscordFault.CLOUDFLARE, seconds=seconds)
    banned = await api.get("/users/@me")
    assert (banned.status, banned.headers.get("Retry-After")) == (429, said)


async def test_limits_that_are_not_enforced_never_slow_a_client_down(sandbox: DiscordSandbox) -> None:
    client = new_client()
    async with connected(sandbox, client):
        channel = client.get_partial_messageable(sandbox.world.general.id)
        async with asyncio.timeout(3):
            await asyncio.gather(*(channel.send(str(number)) for number in range(60)))
    assert sandbox.counters.requests[POST] == len(sandbox.messages(sandbox.world.general)) == 60


@pytest.mark.parametrize(
    ("fault", "status", "applied"),
    [
        (DiscordFault.ERROR_BEFORE, 500, 0),
        (DiscordFault.ERROR_AFTER, 502, 1),
        (DiscordFault.UNAVAILABLE, 503, 0),
        (DiscordFault.RATE_LIMITED, 429, 0),
        (DiscordFault.CLOUDFLARE, 429, 0),
        (DiscordFault.UNAUTHORIZED, 401, 0),
        (DiscordFault.FORBIDDEN, 403, 0),
        (DiscordFault.NO_ACCESS, 403, 0),
        (DiscordFault.TOO_LARGE, 413, 0),
        (DiscordFault.SLOW, 200, 1),
    ],
)
async def test_a_fault_strikes_its_route_as_often_as_it_was_told(
    fault: DiscordFault, status: int, applied: int
) -> None:
    async with bare() as api:
        api.sandbox.faults.set(fault, route="POST /channels/{id}/messages", times=1, seconds=0.05)
        assert (await api.get("/users/@me")).status == 200
        assert (await api.send({"content": "x"})).status == status
        assert len(api.sandbox.messages(api.sandbox.world.general)) == applied
        assert (await api.send({"content": "y"})).status == 200


@pytest.mark.parametrize(("fault", "applied"), [(DiscordFault.DROP_BEFORE, 0), (DiscordFault.DROP_AFTER, 1)])
async def test_a_dropped_connection_before_and_after_the_effect(fault: DiscordFault, applied: int) -> None:
    async with bare() as api:
        api.sandbox.faults.set(fault, route=POST)
        with pytest.raises(aiohttp.ClientConnectionError):
            await api.send({"content": "x"}, {"a.png": b"x" * 100_000})
        assert len(api.sandbox.messages(api.sandbox.world.general)) == applied


async def test_a_fault_without_end_goes_with_clear(sandbox: DiscordSandbox) -> None:
    async with aiohttp.ClientSession() as session:
        sandbox.faults.set(DiscordFault.UNAVAILABLE, times=None)
        seen: list[int] = []
        for round_number in range(4):
            if round_number == 3:
                sandbox.faults.clear()
            async with session.get(f"{sandbox.api_url}/gateway") as response:
                seen.append(response.status)
    assert seen == [503, 503, 503, 200]


async def test_discord_py_repeats_a_post_that_failed_after_its_effect_without_a_second_message(
    sandbox: DiscordSandbox,
) -> None:
    client = new_client()
    async with connected(sandbox, client):
        channel = client.get_partial_messageable(sandbox.world.general.id)
        sandbox.faults.set(DiscordFault.ERROR_AFTER, route=POST)
        sent = await channel.send("once", file=discord.File(io.BytesIO(b"x"), "a.png"))
        sandbox.faults.set(DiscordFault.DROP_AFTER, route=POST)
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await channel.send("cut", nonce="cut")
        repeated = await channel.send("cut", nonce="cut")
    messages = sandbox.messages(sandbox.world.general)
    assert [message.id for message in messages] == [sent.id, repeated.id]
    assert sandbox.counters.requests[POST] == 4


async def test_discord_py_gives_up_at_once_before_cloudflare(sandbox: DiscordSandbox) -> None:
    client = new_client()
    async with connected(sandbox, client):
        sandbox.faults.set(DiscordFault.CLOUDFLARE, route=POST)
        with pytest.raises(discord.HTTPException) as refused:
            await client.get_partial_messageable(sandbox.world.general.id).send("x")
    assert refused.value.status == 429
    assert sandbox.counters.requests[POST] == 1
