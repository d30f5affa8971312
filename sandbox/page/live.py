"""The line to each open page: one WebSocket that is asked, answers and pushes.

Every ask runs by itself, so that one that waits for the bot holds up nobody. Knows nothing of what is asked and told.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from typing import TYPE_CHECKING, final

from aiohttp import WSCloseCode, WSMsgType, web

from sandbox.page.asks import Ask
from sandbox.page.sentences import UNEXPECTED, sentence_for

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sandbox.page.asks import Json

_log = logging.getLogger(__name__)

_MOST_ASKED_BYTES = 256 * 1024
_MOST_UNDER_WAY = 64
_MOST_WAITING_BYTES = 16 * 1024 * 1024
_HEARTBEAT_SECONDS = 20.0
_CLOSING_SECONDS = 1.0


@final
class Lines:
    """All open pages.

    Parameters
    ----------
    answer
        Does what an ask wants and returns what is answered.
    """

    def __init__(self, answer: Callable[[Ask], Awaitable[Json]]) -> None:
        self._answer = answer
        self._open: set[_Line] = set()
        self._asks: set[asyncio.Task[None]] = set()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Speak with one page until it goes away."""
        socket = web.WebSocketResponse(
            heartbeat=_HEARTBEAT_SECONDS, max_msg_size=_MOST_ASKED_BYTES, timeout=_CLOSING_SECONDS
        )
        await socket.prepare(request)
        line = _Line(request, socket)
        self._open.add(line)
        try:
            await self._read(line)
        finally:
            self._open.discard(line)
            await line.stop_writing()
        return socket

    async def _read(self, line: _Line) -> None:
        async for frame in line.socket:
            if frame.type is not WSMsgType.TEXT:
                await line.socket.close(code=WSCloseCode.UNSUPPORTED_DATA)
                return
            try:
                ask = Ask.parse(frame.data)
            except ValueError:
                await line.socket.close(code=WSCloseCode.POLICY_VIOLATION)
                return
            if line.under_way >= _MOST_UNDER_WAY:
                line.send({"answer": ask.number, "refused": "Too much at once. Wait a moment."})
                continue
            line.under_way += 1
            # What is under way goes on when the page goes away: a bot that is being restarted must come up.
            task = asyncio.create_task(self._do(ask, line))
            self._asks.add(task)
            task.add_done_callback(self._asks.discard)

    async def _do(self, ask: Ask, line: _Line) -> None:
        try:
            line.send({"answer": ask.number, "ok": await self._answer(ask)})
        except Exception as error:  # noqa: BLE001 - whatever goes wrong, the page must not wait for ever
            text = sentence_for(error, ask.verb)
            if text is None:
                _log.error("the page's %r went wrong", ask.verb, exc_info=error)
            line.send({"answer": ask.number, "refused": text or UNEXPECTED})
        finally:
            line.under_way -= 1

    def push(self, event: Json) -> None:
        """Tell every page."""
        if self._open:
            text = json.dumps(event)
            for line in tuple(self._open):
                line.send_text(text)

    async def close(self) -> None:
        """Say good-bye to every page, and give up what is under way."""
        closing = [line.hang_up() for line in tuple(self._open)]
        for task in tuple(self._asks):
            task.cancel()
        await asyncio.gather(*closing, *self._asks, return_exceptions=True)


@final
class _Line:
    """One page: what it still has to be told waits here, within bounds."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self.under_way = 0
        self._request = request
        self._waiting: deque[str] = deque()
        self._waiting_bytes = 0
        self._woken = asyncio.Event()
        self._writer = asyncio.create_task(self._write())

    async def stop_writing(self) -> None:
        """Send nothing more."""
        self._writer.cancel()
        await asyncio.gather(self._writer, return_exceptions=True)

    async def hang_up(self) -> None:
        """Say good-bye, as the last thing: browsers complain of whatever comes after that."""
        await self.stop_writing()
        await self.socket.close(code=WSCloseCode.GOING_AWAY)

    def send(self, told: Json) -> None:
        """Tell the page something, after all that waits already."""
        self.send_text(json.dumps(told))

    def send_text(self, text: str) -> None:
        """Tell the page something that is JSON already. A page that has stopped reading is dropped."""
        if self.socket.closed:
            return
        self._waiting.append(text)
        self._waiting_bytes += len(text)
        self._woken.set()
        if self._waiting_bytes > _MOST_WAITING_BYTES and self._request.transport is not None:
            _log.warning("a page does not read what it is told: its line is cut")
            self._waiting.clear()
            self._waiting_bytes = 0
            self._request.transport.abort()

    async def _write(self) -> None:
        """Send what waits, for as long as the line is there."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            while self._waiting:
                text = self._waiting.popleft()
                self._waiting_bytes -= len(text)
                try:
                    await self.socket.send_str(text)
                except ConnectionError:
                    return
