"""Where submits are accepted: what a job will come to, what it costs, what is answered.

`submits` and `presses` decide what is asked for; this writes it down once.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, final

from sandbox.comet import phrases
from sandbox.comet.answers import INSTANCE, Answer, refusal
from sandbox.comet.families import Makes
from sandbox.comet.faults import Fault
from sandbox.comet.ledger import Charge, price
from sandbox.comet.parameters import read
from sandbox.comet.plans import Planner

if TYPE_CHECKING:
    from sandbox.comet.fields import Fields
    from sandbox.comet.ledger import Ledger
    from sandbox.comet.options import CometOptions
    from sandbox.comet.orders import Order
    from sandbox.comet.parameters import Reading
    from sandbox.comet.switches import FaultSwitches
    from sandbox.comet.tasks import Task, TaskBook
    from sandbox.comet.timeline import Timeline

_MAX_ECHO: Final = 255
_MAX_HOOK: Final = 2000
_MODES: Final = {"RELAX": "relax", "FAST": "fast", "TURBO": "turbo"}


@dataclass(frozen=True, slots=True)
class Submit:
    """A submit as it came in.

    Attributes
    ----------
    kind
        The last part of its path, such as ``imagine``.
    speed
        Of the path prefix, or None for the bare path.
    """

    kind: str
    speed: str | None
    body: Fields

    @property
    def names(self) -> frozenset[str]:
        """What fault switches may call it."""
        return frozenset({"submit", "any", self.kind})


@final
class Desk:
    """Accept orders: choose the script, take the money, write the task down, answer."""

    def __init__(
        self,
        options: CometOptions,
        timeline: Timeline,
        book: TaskBook,
        ledger: Ledger,
        faults: FaultSwitches,
    ) -> None:
        self.options = options
        self.timeline = timeline
        self.book = book
        self.ledger = ledger
        self.faults = faults
        self.planner = Planner(options, faults)

    @property
    def is_gateway(self) -> bool:
        """Whether the gateway answers."""
        return self.options.is_gateway

    def read(self, prompt: str, bot_type: str) -> Reading:
        """Read a prompt with the account's default version."""
        return read(prompt, bot_type=bot_type or "MID_JOURNEY", default_version=self.options.default_version)

    def speed(self, submit: Submit, reading: Reading) -> str:
        """Return the speed: path prefix, then accountFilter, then prompt flag, then the account's (contract 1)."""
        modes = submit.body.inner("accountFilter").texts("modes")
        named = _MODES.get(modes[0].upper()) if modes else None
        return submit.speed or named or reading.speed or "fast"

    def check_common(self, body: Fields) -> None:
        """Refuse over-long `state` and `notifyHook` (contract 2).

        Raises
        ------
        Refused
            When one of them is too long.
        """
        if len(body.text("state")) > _MAX_ECHO:
            raise self.refused("long state")
        if len(body.text("notifyHook")) > _MAX_HOOK:
            raise self.refused("long hook")

    def refused(self, name: str) -> Exception:
        """Return a refusal in this profile's words."""
        return refusal(name, gateway=self.is_gateway)

    def accept(self, submit: Submit, order: Order) -> tuple[Answer, Task]:
        """Take an order that needs no more input.

        Raises
        ------
        Refused
            When the balance does not suffice.
        """
        plan = self.planner.plan(submit.names, order)
        cost = self._pay(order)
        task = self.book.add(plan.order, plan.script, phrases.ACCEPTED)
        self._charge(task, order, cost)
        return self._accepted(task, is_queued=plan.fault is Fault.QUEUED), task

    def accept_again(self, task: Task) -> Answer:
        """Name a finished task once more: code 21, which the gateway rewrites to 1 and charges (contract 3.1, 3.2).

        Raises
        ------
        Refused
            When the balance does not suffice.
        """
        self._charge(task, task.order, self._pay(task.order))
        properties = {"status": task.status, "discordInstanceId": INSTANCE, "discordChannelId": INSTANCE}
        code = 1 if self.is_gateway else 21
        return Answer({"code": code, "description": phrases.EXISTED, "result": task.id, "properties": properties})

    def open_window(self, order: Order, *, keeps_code: bool) -> tuple[Answer, Task]:
        """Take an order that waits for its modal: code 21, which the gateway mostly rewrites to 1 (contract 3.2).

        Raises
        ------
        Refused
            When the balance does not suffice.
        """
        cost = self._pay(order)
        task = self.book.add(order, self.planner.window(), phrases.WINDOW)
        self._charge(task, order, cost)
        properties = {
            "finalPrompt": "" if order.action == "INPAINT" else order.prompt,
            "remix": True,
            "discordInstanceId": INSTANCE,
            "discordChannelId": INSTANCE,
        }
        code = 1 if self.is_gateway and not keeps_code else 21
        payload = {"code": code, "description": phrases.WINDOW, "result": task.id, "properties": properties}
        return Answer(payload), task

    def charge_modal(self, task: Task, order: Order) -> None:
        """Take the money for a modal.

        Raises
        ------
        Refused
            When the balance does not suffice.
        """
        modal = replace(order, action="MODAL")
        self._charge(task, modal, self._pay(modal))

    def _pay(self, order: Order) -> float:
        is_free_upscale = order.makes is Makes.SINGLE and not self.options.charge_upscale
        cost = 0.0 if is_free_upscale else price(order.action, order.speed)
        if self.is_gateway and not self.ledger.can_pay(cost):
            raise self.refused("no money")
        return cost

    def _charge(self, task: Task, order: Order, cost: float) -> None:
        if not cost:
            return
        charge = Charge(
            task_id=task.id,
            action=order.action,
            custom_id=order.custom_id,
            speed=order.speed,
            prompt=order.prompt,
            echo=order.echo,
            amount_usd=cost,
            refunded=False,
            at=datetime.now(UTC),
        )
        self.ledger.add(charge)

    def _accepted(self, task: Task, *, is_queued: bool) -> Answer:
        properties: dict[str, object] = {"discordChannelId": INSTANCE, "discordInstanceId": INSTANCE}
        if is_queued:
            payload = {
                "code": 1 if self.is_gateway else 22,
                "description": phrases.QUEUED,
                "result": task.id,
                "properties": {"numberOfQueues": 1, "discordInstanceId": INSTANCE},
            }
            return Answer(payload)
        if task.order.custom_id:
            properties |= {"numberOfQueues": 0}
        if task.order.makes is Makes.VIDEO_BATCH and not task.order.custom_id:
            properties |= {"prompt": task.order.prompt}
        return Answer({"code": 1, "description": phrases.ACCEPTED, "result": task.id, "properties": properties})


def new_uuid() -> str:
    """Return a job id as Midjourney's customIds carry it."""
    return str(uuid.uuid4())
