"""The sandbox's own routes, for its page and for people with curl: state, faults, ledger, tasks, clock. JSON only.

======  ========================  ==========================================================================
GET     ``/_sandbox/state``       counters, tasks (newest 200), active faults, money
GET     ``/_sandbox/ledger``      all charges
GET     ``/_sandbox/faults``      what is on, and all there is
POST    ``/_sandbox/faults``      ``{"fault": "queue-full", "times": 2, "after": 0, "seconds": 1, "on": "imagine"}``;
                                  ``times`` 0 or null: until cleared
DELETE  ``/_sandbox/faults``      all off, or ``?fault=queue-full``
POST    ``/_sandbox/clock``       ``{"do": "hold" | "release" | "sync" | "advance", "seconds": 5}``
POST    ``/_sandbox/tasks/{id}``  ``{"do": "finish" | "fail" | "progress", "reason": "…", "percent": 46}``
======  ========================  ==========================================================================
"""

from __future__ import annotations

from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING, Final, final

from aiohttp import web

from sandbox.comet import phrases
from sandbox.comet.faults import Fault
from sandbox.comet.fields import Fields

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.comet.sandbox import CometSandbox

_SHOWN: Final = 200


@final
class Admin:
    """Show and steer a sandbox over HTTP."""

    def __init__(self, comet: CometSandbox) -> None:
        self._comet = comet

    def routes(self) -> Iterable[web.RouteDef]:
        """Return the routes; they need no key."""
        return (
            web.get("/_sandbox/state", self._state),
            web.get("/_sandbox/ledger", self._ledger),
            web.get("/_sandbox/faults", self._faults),
            web.post("/_sandbox/faults", self._set_fault),
            web.delete("/_sandbox/faults", self._clear_faults),
            web.post("/_sandbox/clock", self._clock),
            web.post("/_sandbox/tasks/{id}", self._task),
        )

    async def _state(self, _: web.Request) -> web.Response:
        comet = self._comet
        tasks = [
            {
                "id": task.id,
                "action": task.action,
                "status": task.status,
                "progress": task.progress,
                "prompt": task.prompt,
            }
            for task in islice(map(comet.tasks.__getitem__, reversed(list(comet.tasks))), _SHOWN)
        ]
        counters = comet.requests
        state = {
            "profile": comet.options.profile,
            "faults": sorted(comet.faults.active),
            "spent_usd": comet.ledger.spent_usd,
            "charges": len(comet.ledger),
            "requests": {
                "submits": counters.submits,
                "fetches": counters.fetches,
                "lists": counters.lists,
                "images": counters.images,
                "by_route": dict(counters.by_route),
            },
            "tasks": tasks,
        }
        return web.json_response(state)

    async def _ledger(self, _: web.Request) -> web.Response:
        charges = [asdict(charge) | {"at": charge.at.isoformat()} for charge in self._comet.ledger]
        return web.json_response(charges)

    async def _faults(self, _: web.Request) -> web.Response:
        return web.json_response({"active": sorted(self._comet.faults.active), "all": list(Fault)})

    async def _set_fault(self, request: web.Request) -> web.Response:
        try:
            fields = Fields.parse(await request.read())
            fault = Fault(fields.text("fault"))
        except ValueError:
            return web.json_response({"error": "no such fault", "all": list(Fault)}, status=400)
        self._comet.faults.set(
            fault,
            times=fields.number("times") or None,
            after=fields.number("after") or 0,
            seconds=fields.decimal("seconds"),
            on=fields.text("on") or None,
        )
        return await self._faults(request)

    async def _clear_faults(self, request: web.Request) -> web.Response:
        name = request.query.get("fault")
        try:
            self._comet.faults.clear(Fault(name) if name else None)
        except ValueError:
            return web.json_response({"error": "no such fault", "all": list(Fault)}, status=400)
        return await self._faults(request)

    async def _clock(self, request: web.Request) -> web.Response:
        try:
            fields = Fields.parse(await request.read())
        except ValueError:
            return web.json_response({"error": "not a JSON object"}, status=400)
        moves = {
            "hold": self._comet.hold,
            "release": self._comet.release,
            "sync": self._comet.sync,
            "advance": lambda: self._comet.advance(fields.decimal("seconds") or 0.0),
        }
        move = moves.get(fields.text("do"))
        if move is None:
            return web.json_response({"error": f"do is one of {', '.join(moves)}"}, status=400)
        move()
        return await self._state(request)

    async def _task(self, request: web.Request) -> web.Response:
        comet, task_id = self._comet, request.match_info["id"]
        if task_id not in comet.tasks:
            return web.json_response({"error": "no such task"}, status=404)
        try:
            fields = Fields.parse(await request.read())
        except ValueError:
            return web.json_response({"error": "not a JSON object"}, status=400)
        moves = {
            "finish": lambda: comet.finish(task_id),
            "fail": lambda: comet.fail(task_id, fields.text("reason") or phrases.FAILED_REASON),
            "progress": lambda: comet.set_progress(task_id, fields.number("percent") or 0),
        }
        move = moves.get(fields.text("do"))
        if move is None:
            return web.json_response({"error": f"do is one of {', '.join(moves)}"}, status=400)
        move()
        return await self._state(request)
