"""Looking at tasks: fetch and list-by-condition (contract 2.1), with the faults of looking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from aiohttp import web

from sandbox.comet import phrases
from sandbox.comet.answers import Answer, envelope, gateway_error, proxy_code, text
from sandbox.comet.breakage import response
from sandbox.comet.faults import Fault, Stage
from sandbox.comet.fields import Fields
from sandbox.comet.script import ENDS, FAILURE, standing
from sandbox.comet.switches import Scene

if TYPE_CHECKING:
    from sandbox.comet.options import CometOptions
    from sandbox.comet.switches import FaultSwitches
    from sandbox.comet.tasks import Task, TaskBook
    from sandbox.comet.wire import Payload, Wire

_FETCH: Final = Scene(frozenset({"fetch", "look", "any"}))
_LIST: Final = Scene(frozenset({"list", "look", "any"}))


@final
class Looks:
    """Answer how tasks are."""

    def __init__(self, options: CometOptions, book: TaskBook, wire: Wire, faults: FaultSwitches) -> None:
        self._options = options
        self._book = book
        self._wire = wire
        self._faults = faults

    async def fetch(self, request: web.Request) -> web.StreamResponse:
        """Answer ``GET /mj/task/{id}/fetch``."""
        if self._faults.take(Stage.LOOK, _FETCH):
            return response(envelope(503, "service unavailable"))
        task = self._book.get(request.match_info["id"])
        found = None if task is None else self._wire.one(task)
        self._count([] if task is None else [task])
        if found is not None:
            return response(Answer(found))
        return response(gateway_error("task_no_found") if self._options.is_gateway else Answer(None))

    async def list(self, request: web.Request) -> web.StreamResponse:
        """Answer ``POST /mj/task/list-by-condition``: known ids only, newest first, both rows of a modal task."""
        trigger = self._faults.take(Stage.LOOK, _LIST)
        fault = trigger.fault if trigger else None
        if fault is Fault.FETCH_OUTAGE:
            return response(envelope(503, "service unavailable"))
        if fault is Fault.LIST_REFUSED:
            return response(gateway_error("do_request_failed"))
        try:
            ids = Fields.parse(await request.read()).texts("ids")
        except ValueError:
            return response(gateway_error("do_request_failed") if self._options.is_gateway else text(400, ""))
        found = self._rows(ids[1::2] if fault is Fault.LIST_MISSING_IDS else ids)
        return response(Answer({"data": found, "total": len(found)} if fault is Fault.LIST_MALFORMED else found))

    def _rows(self, ids: list[str]) -> list[Payload]:
        tasks = [self._book[task_id] for task_id in reversed(dict.fromkeys(ids)) if task_id in self._book]
        self._count(tasks)
        return [row for task in tasks for row in self._wire.every(task)]

    def _count(self, tasks: list[Task]) -> None:
        for task in tasks:
            task.looks += 1

    async def cancel(self, request: web.Request) -> web.StreamResponse:
        """Answer the proxy's own cancel, which the gateway does not route (contract 2.2)."""
        task = self._book.get(request.match_info["id"])
        if task is None:
            return response(proxy_code(3, phrases.NOT_FOUND, 404))
        if task.status not in ENDS:
            task.force(standing(FAILURE, None, phrases.CANCELED_REASON))
        return web.Response(status=200)
