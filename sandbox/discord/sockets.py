"""The websocket end of the gateway: HELLO, IDENTIFY, RESUME, heartbeats, zlib-stream, and closing for a reason."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections import deque
from typing import TYPE_CHECKING, final

from aiohttp import WSMsgType, web

from .fields import as_id, as_list, as_object
from .gateway import (
    GUILDS,
    HEARTBEAT,
    HEARTBEAT_ACK,
    HELLO,
    IDENTIFY,
    INVALID_SESSION,
    MEMBERS,
    PRIVILEGED,
    RECONNECT,
    RESUME,
)
from .wire import guild_json, member_json, user_json

if TYPE_CHECKING:
    from .gateway import (
        Session,
    )
    from .refusals import Json
    from .state import State

UNKNOWN_OP, BAD_PAYLOAD, NOT_IDENTIFIED, BAD_TOKEN, TWICE, TOO_FAST = 4001, 4002, 4003, 4004, 4005, 4008
BAD_INTENTS, FORBIDDEN_INTENTS = 4013, 4014
MAX_PAYLOAD, MAX_SENDS, SEND_WINDOW = 4096, 120, 60.0
IDENTIFY_WINDOW = 86_400.0
ROUND_TRIP_SECONDS = 0.1
"""How long the answer to a heartbeat takes. On loopback it would come before discord.py's thread has noted when it sent
the heartbeat, which then warns of being "41.3s behind"; no real network is that fast."""


@final
class Socket:
    """One websocket of the bot."""

    def __init__(self, state: State, ws: web.WebSocketResponse, *, compressed: bool) -> None:
        self._state = state
        self._ws = ws
        self._zlib = zlib.compressobj() if compressed else None
        self._queue: asyncio.Queue[str | int | None] = asyncio.Queue()
        self._muted = False
        self._session: Session | None = None
        self._sends: deque[float] = deque()
        self._cut = False

    def put(self, text: str) -> None:
        """Queue a payload, unless this socket plays dead."""
        if not self._muted:
            self._queue.put_nowait(text)

    def finish(self, code: int | None) -> None:
        """Close with `code` after what is queued; None cuts the line."""
        self._queue.put_nowait(code)
        self._muted = True
        if self._session is not None:
            self._state.hub.detach(self._session, self, None)

    def mute(self) -> None:
        """Play dead from now on."""
        self._muted = True

    def reconnect(self) -> None:
        """Ask the client to connect anew (op 7)."""
        self.put(json.dumps({"op": RECONNECT, "d": None}))

    def invalidate(self, *, resumable: bool) -> None:
        """Tell the client that its session is over (op 9)."""
        self.put(json.dumps({"op": INVALID_SESSION, "d": resumable}))

    async def run(self, request: web.Request) -> None:
        """Speak with the client until one side goes."""
        writer = asyncio.create_task(self._write(request))
        interval = int(self._state.options.heartbeat_seconds * 1000)
        self.put(json.dumps({"op": HELLO, "d": {"heartbeat_interval": interval, "_trace": ["sandbox"]}}))
        try:
            async for message in self._ws:
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    self._receive(message.data)
        finally:
            if self._session is not None:
                code = None if self._cut or self._muted else self._ws.close_code
                self._state.hub.detach(self._session, self, code)
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    async def _write(self, request: web.Request) -> None:
        while True:
            item = await self._queue.get()
            if item is None:
                self._cut = True
                if request.transport is not None:
                    request.transport.abort()
                return
            if isinstance(item, int):
                await self._ws.close(code=item)
                return
            try:
                await self._send(item)
            except ConnectionError:
                return

    async def _send(self, text: str) -> None:
        if self._zlib is None:
            await self._ws.send_str(text)
        else:
            await self._ws.send_bytes(self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH))

    def _receive(self, raw: str | bytes) -> None:
        if self._muted:
            return
        try:
            payload = as_object(json.loads(raw))
        except ValueError:
            payload = {}
        operation = payload.get("op")
        if len(raw) > MAX_PAYLOAD or not isinstance(operation, int):
            self.finish(BAD_PAYLOAD)
        elif self._too_fast():
            self.finish(TOO_FAST)
        elif operation == HEARTBEAT:
            ack = json.dumps({"op": HEARTBEAT_ACK, "d": None})
            asyncio.get_running_loop().call_later(ROUND_TRIP_SECONDS, self.put, ack)
        elif operation in (IDENTIFY, RESUME):
            self._log_in(operation, as_object(payload.get("d")))
        elif self._session is None:
            self.finish(NOT_IDENTIFIED)
        else:
            self._ask(self._session, operation, as_object(payload.get("d")))

    def _too_fast(self) -> bool:
        now = self._state.clock.now()
        self._sends.append(now)
        while self._sends[0] <= now - SEND_WINDOW:
            self._sends.popleft()
        return len(self._sends) > MAX_SENDS

    def _log_in(self, operation: int, data: Json) -> None:
        if self._session is not None:
            self.finish(TWICE)
        elif data.get("token") != self._state.token or self._state.token_reset:
            self.finish(BAD_TOKEN)
        elif operation == IDENTIFY:
            self._identify(data)
        else:
            self._resume(data)

    def _identify(self, data: Json) -> None:
        state = self._state
        state.counters.identifies += 1
        intents = data.get("intents")
        if not state.may_identify():
            state.token_reset = True
            self.finish(BAD_TOKEN)
        elif not isinstance(intents, int) or intents < 0:
            self.finish(BAD_INTENTS)
        elif intents & PRIVILEGED & ~state.options.privileged_intents:
            self.finish(FORBIDDEN_INTENTS)
        else:
            self._session = session = state.hub.open(intents, self)
            session.dispatch("READY", self._ready(session, as_list(data.get("shard")) or [0, 1]))
            if intents & GUILDS:
                for guild in state.world.guilds.values():
                    if state.world.bot_in(guild):
                        session.dispatch("GUILD_CREATE", guild_json(guild, state.world.bot))
            state.changes.publish({"type": "bot", "online": True})

    def _ready(self, session: Session, shard: list[object]) -> Json:
        world = self._state.world
        guilds = [guild for guild in world.guilds.values() if world.bot_in(guild)]
        return {
            "v": 10,
            "user": user_json(world.bot) | {"verified": True, "mfa_enabled": True, "email": None, "flags": 0},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self._state.gateway_url,
            "shard": shard,
            "application": {"id": str(world.application_id), "flags": 0},
            "private_channels": [],
            "user_settings": {},
            "relationships": [],
            "_trace": ["sandbox"],
        }

    def _resume(self, data: Json) -> None:
        sequence = as_id(data.get("seq"))
        session = self._state.hub.resumable(str(data.get("session_id")), -1 if sequence is None else sequence)
        if session is None or sequence is None:
            self.invalidate(resumable=False)
            return
        self._state.counters.resumes += 1
        self._session = session
        self._state.hub.attach(session, self)
        session.replay(sequence)
        session.dispatch("RESUMED", {"_trace": ["sandbox"]})
        self._state.changes.publish({"type": "bot", "online": True})

    def _ask(self, session: Session, operation: int, data: Json) -> None:
        if operation in (3, 4, 31):
            return
        if operation != MEMBERS:
            self.finish(UNKNOWN_OP)
            return
        guild = self._state.world.guilds.get(as_id(data.get("guild_id")) or 0)
        if guild is None:
            return
        wanted = {as_id(key) for key in as_list(data.get("user_ids"))}
        members = [member for key, member in guild.members.items() if not wanted or key in wanted]
        chunk: Json = {
            "guild_id": str(guild.id),
            "members": [member_json(member) for member in members],
            "chunk_index": 0,
            "chunk_count": 1,
        }
        session.dispatch("GUILD_MEMBERS_CHUNK", chunk | ({"nonce": data["nonce"]} if data.get("nonce") else {}))


async def serve_gateway(state: State, request: web.Request) -> web.StreamResponse:
    """Answer a websocket upgrade."""
    if state.faults.take_gateway(connecting=True) is not None:
        return web.Response(status=503, text="upstream connect error or disconnect/reset before headers")
    ws = web.WebSocketResponse(compress=False, max_msg_size=1 << 20, autoclose=True)
    await ws.prepare(request)
    socket = Socket(state, ws, compressed=request.query.get("compress") == "zlib-stream")
    state.sockets.add(socket)
    try:
        await socket.run(request)
    finally:
        state.sockets.discard(socket)
    return ws
