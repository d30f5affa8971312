"""The gateway, spoken to with a bare websocket: logging in, intents, resuming, closing; then with discord.py."""

from __future__ import annotations

import asyncio
import json
import zlib
from typing import TYPE_CHECKING, Any, final

import aiohttp
import discord
import pytest

from sandbox.discord import DiscordFault, DiscordOptions, DiscordSandbox
from tests.sandbox.discord_ground import connected, new_client

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

GUILDS, GUILD_MESSAGES, CONTENT = 1, 1 << 9, 1 << 15
WRONG = "wrong"


@final
class Wire:
    """A websocket to the gateway."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse, sandbox: DiscordSandbox) -> None:
        self.ws = ws
        self._sandbox = sandbox

    async def send(self, operation: int, data: object) -> None:
        await self.ws.send_str(json.dumps({"op": operation, "d": data}))

    async def next(self) -> dict[str, Any]:
        return json.loads(await self.ws.receive_str(timeout=2))

    async def until(self, name: str) -> dict[str, Any]:
        while True:
            payload = await self.next()
            if payload.get("t") == name:
                return payload

    async def identify(self, intents: int = GUILDS, token: str | None = None) -> None:
        assert (await self.next())["op"] == 10
        await self.send(2, {"token": token or self._sandbox.token, "intents": intents, "properties": {}})

    async def resume(self, session_id: str, sequence: int) -> None:
        assert (await self.next())["op"] == 10
        await self.send(6, {"token": self._sandbox.token, "session_id": session_id, "seq": sequence})

    async def close_code(self) -> int | None:
        while True:
            message = await self.ws.receive(timeout=2)
            if message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSING):
                return self.ws.close_code


@pytest.fixture
async def sandbox() -> AsyncIterator[DiscordSandbox]:
    async with DiscordSandbox(DiscordOptions(identify_limit=3)) as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


async def connect(session: aiohttp.ClientSession, sandbox: DiscordSandbox, query: str = "?v=10&encoding=json") -> Wire:
    return Wire(await session.ws_connect(sandbox.gateway_url + query), sandbox)


async def test_identify_brings_ready_and_the_guilds(session: aiohttp.ClientSession, sandbox: DiscordSandbox) -> None:
    wire = await connect(session, sandbox)
    await wire.identify()
    ready = await wire.next()
    assert ready["t"] == "READY"
    assert ready["d"]["resume_gateway_url"] == sandbox.gateway_url
    assert [guild["unavailable"] for guild in ready["d"]["guilds"]] == [True, True]
    names = [(await wire.until("GUILD_CREATE"))["d"]["name"] for _ in range(2)]
    assert names == ["Northlight Studio", "Paper Lantern"]
    await sandbox.ready(timeout=1)
    await wire.send(1, ready["s"])
    assert (await wire.next())["op"] == 11


async def test_without_the_guilds_intent_there_are_no_guilds(
    session: aiohttp.ClientSession, sandbox: DiscordSandbox
) -> None:
    wire = await connect(session, sandbox)
    await wire.identify(intents=GUILD_MESSAGES)
    assert (await wire.next())["t"] == "READY"
    await wire.send(1, None)
    assert (await wire.next())["op"] == 11


async def test_wrong_tokens_payloads_and_intents_close_with_their_codes(
    session: aiohttp.ClientSession, sandbox: DiscordSandbox
) -> None:
    async def opened() -> Wire:
        return await connect(session, sandbox)

    wrong = await opened()
    await wrong.identify(token=WRONG)
    assert await wrong.close_code() == 4004
    privileged = await opened()
    await privileged.identify(intents=GUILDS | CONTENT)
    assert await privileged.close_code() == 4014
    garbage = await opened()
    await garbage.ws.send_str("{")
    assert await garbage.close_code() == 4002
    long = await opened()
    await long.send(3, "x" * 4096)
    assert await long.close_code() == 4002
    hasty = await opened()
    await hasty.send(3, {})
    assert await hasty.close_code() == 4003
    twice = await opened()
    await twice.identify()
    await twice.until("GUILD_CREATE")
    await twice.send(2, {"token": sandbox.token, "intents": 1})
    assert await twice.close_code() == 4005


async def test_too_many_sends_close_with_4008(session: aiohttp.ClientSession, sandbox: DiscordSandbox) -> None:
    wire = await connect(session, sandbox)
    await wire.identify()
    for _ in range(120):
        await wire.send(1, None)
    assert await wire.close_code() == 4008


async def test_one_identify_too_many_resets_the_token(session: aiohttp.ClientSession, sandbox: DiscordSandbox) -> None:
    for _ in range(3):
        wire = await connect(session, sandbox)
        await wire.identify()
        await wire.until("GUILD_CREATE")
        await wire.ws.close(code=1000)
    assert sandbox.counters.identifies == 3
    headers = {"Authorization": f"Bot {sandbox.token}"}
    async with session.get(f"{sandbox.api_url}/gateway/bot", headers=headers) as response:
        assert (await response.json())["session_start_limit"]["remaining"] == 0
    wire = await connect(session, sandbox)
    await wire.identify()
    assert await wire.close_code() == 4004
    async with session.get(f"{sandbox.api_url}/users/@me", headers=headers) as response:
        assert response.status == 401


async def test_resume_replays_what_was_missed(session: aiohttp.ClientSession, sandbox: DiscordSandbox) -> None:
    wire = await connect(session, sandbox)
    await wire.identify(GUILDS | GUILD_MESSAGES)
    ready = await wire.next()
    last = [(await wire.until("GUILD_CREATE"))["s"] for _ in range(2)][-1]
    await sandbox.disconnect(4000)
    assert await wire.close_code() == 4000
    general = sandbox.world.general
    for text in ("first", "second"):
        await sandbox.person("Mateo").say(general, text)
    again = await connect(session, sandbox)
    await again.resume(ready["d"]["session_id"], last)
    missed = [await again.next() for _ in range(3)]
    assert [payload["t"] for payload in missed] == ["MESSAGE_CREATE", "MESSAGE_CREATE", "RESUMED"]
    assert [payload["s"] for payload in missed] == [last + 1, last + 2, last + 3]
    assert sandbox.counters.resumes == 1


@pytest.mark.parametrize("how", ["goodbye", "invalidated", "too late", "unknown"])
async def test_a_session_that_is_over_cannot_be_resumed(
    session: aiohttp.ClientSession, sandbox: DiscordSandbox, how: str
) -> None:
    wire = await connect(session, sandbox)
    await wire.identify()
    ready = await wire.next()
    session_id = ready["d"]["session_id"]
    if how == "invalidated":
        sandbox.invalidate_session()
        while (await wire.next())["op"] != 9:
            continue
    await wire.ws.close(code=1000 if how == "goodbye" else 4000)
    await sandbox.wait_until(lambda: not sandbox.is_bot_online)
    if how == "too late":
        sandbox.advance(121)
    again = await connect(session, sandbox)
    await again.resume("unknown" if how == "unknown" else session_id, ready["s"])
    assert await again.next() == {"op": 9, "d": False}


async def test_zlib_stream_is_one_stream_of_flushed_chunks(
    session: aiohttp.ClientSession, sandbox: DiscordSandbox
) -> None:
    ws = await session.ws_connect(f"{sandbox.gateway_url}?v=10&encoding=json&compress=zlib-stream")
    inflate = zlib.decompressobj()
    hello = await ws.receive_bytes(timeout=2)
    assert hello.endswith(b"\x00\x00\xff\xff")
    assert json.loads(inflate.decompress(hello))["op"] == 10
    await ws.send_str(json.dumps({"op": 1, "d": None}))
    assert json.loads(inflate.decompress(await ws.receive_bytes(timeout=2)))["op"] == 11


async def test_other_peoples_words_are_hidden_without_the_content_intent(
    session: aiohttp.ClientSession, sandbox: DiscordSandbox
) -> None:
    wire = await connect(session, sandbox)
    await wire.identify(GUILDS | GUILD_MESSAGES | (1 << 12))
    mateo, world = sandbox.person("Mateo"), sandbox.world
    await wire.until("READY")
    for text, channel in (
        ("secret", world.general),
        (f"{world.bot.mention} hello", world.general),
        ("to you", world.dm(world.member)),
    ):
        await mateo.say(channel, text)
    seen = [(await wire.until("MESSAGE_CREATE"))["d"]["content"] for _ in range(3)]
    assert seen == ["", f"{world.bot.mention} hello", "to you"]


async def test_messages_reach_only_those_who_asked_and_may_see(
    session: aiohttp.ClientSession, sandbox: DiscordSandbox
) -> None:
    wire = await connect(session, sandbox)
    await wire.identify(GUILDS | GUILD_MESSAGES)
    await wire.until("READY")
    world, mateo = sandbox.world, sandbox.person("Mateo")
    sandbox.deny(world.gallery, "VIEW_CHANNEL")
    await wire.until("CHANNEL_UPDATE")
    await mateo.say(world.gallery, "unseen")
    await mateo.say(world.dm(world.member), "not asked for")
    said = await mateo.say(world.general, "seen")
    sandbox.delete_message(said)
    assert (await wire.next())["d"]["id"] == str(said.id)
    assert (await wire.next())["t"] == "MESSAGE_DELETE"


async def test_members_are_sent_on_request(session: aiohttp.ClientSession, sandbox: DiscordSandbox) -> None:
    wire = await connect(session, sandbox)
    await wire.identify()
    world = sandbox.world
    await wire.send(8, {"guild_id": str(world.guild.id), "user_ids": [str(world.guest.id)], "limit": 0, "nonce": "n"})
    chunk = (await wire.until("GUILD_MEMBERS_CHUNK"))["d"]
    assert [member["user"]["username"] for member in chunk["members"]] == ["priya.writes"]
    assert chunk["nonce"] == "n"


async def test_a_refused_connection(session: aiohttp.ClientSession, sandbox: DiscordSandbox) -> None:
    sandbox.faults.set(DiscordFault.GATEWAY_REFUSED)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await connect(session, sandbox)
    assert refused.value.status == 503
    await (await connect(session, sandbox)).identify()


async def test_a_zombie_says_nothing_and_its_events_wait(
    session: aiohttp.ClientSession, sandbox: DiscordSandbox
) -> None:
    wire = await connect(session, sandbox)
    await wire.identify(GUILDS | GUILD_MESSAGES)
    ready = await wire.next()
    last = [(await wire.until("GUILD_CREATE"))["s"] for _ in range(2)][-1]
    sandbox.faults.set(DiscordFault.GATEWAY_ZOMBIE)
    await sandbox.person("Mateo").say(sandbox.world.general, "anybody there?")
    await wire.send(1, last)
    with pytest.raises(TimeoutError):
        await wire.ws.receive(timeout=0.1)
    again = await connect(session, sandbox)
    await again.resume(ready["d"]["session_id"], last)
    assert (await again.next())["t"] == "MESSAGE_CREATE"


@pytest.mark.parametrize("how", ["code", "cut", "op 7", "op 9 resumable", "close fault", "reconnect fault"])
async def test_discord_py_resumes_and_gets_the_interaction_it_missed(sandbox: DiscordSandbox, how: str) -> None:
    client = new_client()
    seen: asyncio.Queue[int] = asyncio.Queue()

    @client.event
    async def on_message(message: object) -> None:
        seen.put_nowait(getattr(message, "id", 0))

    assert on_message.__name__ == "on_message"
    async with connected(sandbox, client):
        mateo, general = sandbox.person("Mateo"), sandbox.world.general
        if how == "code":
            await sandbox.disconnect(4000)
        elif how == "cut":
            await sandbox.disconnect()
        elif how == "op 7":
            sandbox.reconnect_request()
        elif how == "op 9 resumable":
            sandbox.invalidate_session(resumable=True)
        elif how == "close fault":
            sandbox.faults.set(DiscordFault.GATEWAY_CLOSE, status=4009)
        else:
            sandbox.faults.set(DiscordFault.GATEWAY_RECONNECT)
        said = await mateo.say(general, "missed?")
        assert await asyncio.wait_for(seen.get(), 5) == said.id
        await sandbox.wait_until(lambda: sandbox.counters.resumes == 1)
    assert sandbox.counters.identifies == 1
    assert seen.empty()


async def test_discord_py_identifies_anew_after_an_invalid_session(sandbox: DiscordSandbox) -> None:
    class Hasty(discord.Client):
        async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
            del shard_id, initial  # discord.py would wait 5 s here

    client = Hasty(intents=discord.Intents.default())
    async with connected(sandbox, client):
        sandbox.invalidate_session()
        await sandbox.wait_until(lambda: sandbox.counters.identifies == 2)
        await sandbox.ready(timeout=2)
    assert sandbox.counters.resumes == 0
    assert not sandbox.is_bot_online
