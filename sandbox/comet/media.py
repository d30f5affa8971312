"""Pictures and videos as they are fetched: the public image route and the stand-in for a CDN (contract 2.1, 4.4)."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, final

from aiohttp import web

from sandbox.comet.answers import Answer, page
from sandbox.comet.breakage import response
from sandbox.comet.drawing import draw, preview
from sandbox.comet.families import Makes
from sandbox.comet.faults import Fault, Stage
from sandbox.comet.film import film_bytes
from sandbox.comet.script import SUCCESS
from sandbox.comet.switches import Scene
from sandbox.comet.wire import shows_picture

if TYPE_CHECKING:
    from sandbox.comet.breakage import Breakage
    from sandbox.comet.options import CometOptions
    from sandbox.comet.pictures import Picture
    from sandbox.comet.script import Step
    from sandbox.comet.switches import FaultSwitches, Trigger
    from sandbox.comet.tasks import Task, TaskBook
    from sandbox.comet.wire import Wire

_KEPT: Final = 64
_ENDLESS_CHUNK: Final = bytes(64 * 1024)
_PRIVATE: Final = "http://10.0.0.1/picture.png"
_VIDEO_NAME: Final = re.compile(r"0_([0-9]{1,2})\.mp4")
_SIGNATURES: Final = (
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"RIFF", "image/webp"),
    (b"\x00\x00\x00", "video/mp4"),
)


@dataclass(frozen=True, slots=True)
class _Shot:
    """All that the bytes of a picture depend on; what is equal is drawn once.

    Attributes
    ----------
    percent
        Of a preview; None when it is finished.
    """

    picture: Picture
    percent: int | None
    is_film: bool = False
    loops: bool = False


@final
class Media:
    """Draw what is asked for, keep the last few, and break as told."""

    def __init__(
        self,
        options: CometOptions,
        book: TaskBook,
        wire: Wire,
        faults: FaultSwitches,
        breakage: Breakage,
    ) -> None:
        self._options = options
        self._book = book
        self._wire = wire
        self._faults = faults
        self._breakage = breakage
        self._kept: OrderedDict[_Shot, bytes] = OrderedDict()

    async def image(self, request: web.Request) -> web.StreamResponse:
        """Answer ``GET /mj/image/{id}``: the oldest row's picture, without a key."""
        task = self._book.get(request.match_info["id"])
        if task is None:
            return web.json_response({"error": "midjourney_task_not_found"}, status=400)
        seen = self._wire.seen_at(task, 0)
        step = None if seen is None else task.step_at(seen)
        if step is None or not shows_picture(task, step):
            return web.json_response({"error": "request blocked: no image yet"}, status=403)
        return await self._deliver(request, task, step, task.order.picture.number)

    async def cdn(self, request: web.Request) -> web.StreamResponse:
        """Answer the direct address of a picture or video."""
        task = self._book.get(request.match_info["id"])
        if task is None or not shows_picture(task, task.step):
            return web.json_response({"message": "not found"}, status=404)
        found = _VIDEO_NAME.fullmatch(request.match_info["name"])
        return await self._deliver(request, task, task.step, int(found[1]) if found else task.order.picture.number)

    async def _deliver(self, request: web.Request, task: Task, step: Step, number: int) -> web.StreamResponse:
        scene = Scene(frozenset({"image"}), task.order.scene.prompt, task.order.scene.on_action, task.id)
        trigger = self._faults.take(Stage.MEDIA, scene) if step.status == SUCCESS else None
        if trigger and trigger.fault in {Fault.IMAGE_403, Fault.IMAGE_404, Fault.IMAGE_HTML}:
            return response(_instead(trigger.fault))
        if trigger and trigger.fault is Fault.IMAGE_REDIRECT_PRIVATE:
            return web.Response(status=302, headers={"Location": _PRIVATE})
        if trigger and trigger.fault is Fault.IMAGE_HUGE:
            return await self._endless(request)
        body = await self.bytes_of(task, step, number)
        return await self._sent(request, body, trigger)

    async def _sent(self, request: web.Request, body: bytes, trigger: Trigger | None) -> web.StreamResponse:
        label = next((name for magic, name in _SIGNATURES if body.startswith(magic)), "application/octet-stream")
        fault = trigger.fault if trigger else None
        if fault is Fault.IMAGE_MISLABELED:
            label = "image/jpeg"
        honest = web.Response(body=body, content_type=label)
        if fault is Fault.IMAGE_TRUNCATED:
            return await self._breakage.cut(request, honest, len(body) // 2)
        if trigger and fault is Fault.IMAGE_SLOW:
            await self._breakage.wait(trigger.seconds)
        return honest

    async def _endless(self, request: web.Request) -> web.StreamResponse:
        """Send a picture that goes on until the client has had enough."""
        stream = web.StreamResponse(headers={"Content-Type": "image/png"})
        await stream.prepare(request)
        await stream.write(b"\x89PNG\r\n\x1a\n")
        while request.transport is not None and not request.transport.is_closing():
            try:
                await stream.write(_ENDLESS_CHUNK)
            except ConnectionError:
                break
            await asyncio.sleep(0)
        return stream

    async def bytes_of(self, task: Task, step: Step, number: int) -> bytes:
        """Return what a task shows in a state, of several videos the one with that number; the last few are kept."""
        if task.order.source:
            return task.order.source
        shot = _shot(task, step, number)
        if shot in self._kept:
            self._kept.move_to_end(shot)
            return self._kept[shot]
        body = await asyncio.to_thread(self._drawn, shot)
        self._kept[shot] = body
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return body

    def _drawn(self, shot: _Shot) -> bytes:
        longer = self._options.picture_size
        if shot.percent is not None:
            return preview(shot.picture, longer, shot.percent)
        if shot.is_film:
            return film_bytes(shot.picture, longer, loops=shot.loops)
        return draw(shot.picture, longer, self._options.picture_format)


def _shot(task: Task, step: Step, number: int) -> _Shot:
    order = task.order
    percent = None if step.status == SUCCESS else step.percent or 0
    if order.makes not in {Makes.VIDEO, Makes.VIDEO_BATCH}:
        return _Shot(order.picture, percent)
    # Nothing is written on a film, so that those of one tile are the same whatever their prompts say.
    picture = replace(order.picture, number=number, caption="")
    return _Shot(picture, percent, is_film=True, loops=order.given.loop)


def _instead(fault: Fault) -> Answer:
    if fault is Fault.IMAGE_HTML:
        return page(200, "Just a moment…")
    status = 403 if fault is Fault.IMAGE_403 else 404
    return Answer({"error": "forbidden" if fault is Fault.IMAGE_403 else "not found"}, status)
