"""What will become of an order: the script of its task, honest or as a fault will have it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, final

from sandbox.comet import phrases
from sandbox.comet.families import Makes
from sandbox.comet.faults import Fault, Stage
from sandbox.comet.script import (
    FACTORS,
    GONE,
    SUCCESS,
    factor_for_seconds,
    failing,
    frozen,
    ordinary,
    standing,
    stuck,
    waiting,
)
from sandbox.comet.switches import Scene

if TYPE_CHECKING:
    from sandbox.comet.options import CometOptions
    from sandbox.comet.orders import Order
    from sandbox.comet.script import (
        Script,
    )
    from sandbox.comet.switches import FaultSwitches

_FAILURES: Final = {
    Fault.BANNED_LATER: phrases.BANNED_REASON,
    Fault.INVALID_PARAMETER: phrases.INVALID_REASON,
    Fault.FAILED: phrases.FAILED_REASON,
}
_BANNED_WORDS: Final = frozenset({"nude", "naked", "gore"})
"""A few words that Midjourney does not draw, so that moderation can be met without a marker."""

_LENGTHS: Final = {Makes.SINGLE: 0.4, Makes.DESCRIBE: 0.3, Makes.SHORTEN: 0.3, Makes.VIDEO_BATCH: 2.0}
"""How long a kind takes beside an ordinary grid (contract 8, latency)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The script of a task, the order as the fault changed it, and the fault."""

    order: Order
    script: Script
    fault: Fault | None


@final
class Planner:
    """Decide how jobs go, how long they take and how they end."""

    def __init__(self, options: CometOptions, faults: FaultSwitches) -> None:
        self._options = options
        self._faults = faults

    def window(self) -> Script:
        """Return the script of a task that waits for its modal."""
        return waiting(self._options.task_timeout_seconds, self._timeout_reason())

    def plan(self, names: frozenset[str], order: Order) -> Plan:
        """Return what will become of an order.

        Parameters
        ----------
        names
            What fault switches may call its submit.
        """
        scene = Scene(names, order.scene.prompt, on_action=order.scene.on_action, counted_as=order.echo)
        trigger = self._faults.take(Stage.SCRIPT, scene)
        factor = self._factor(order)
        fault = trigger.fault if trigger else None
        script = self._faulty(fault, factor) if fault else None
        if fault is Fault.NO_IMAGE:
            order = replace(order, has_picture=False)
        if fault is Fault.FUTURE_BUTTON or self._options.future_button:
            order = replace(order, has_future_button=True)
        return Plan(order, script or self._honest(order, factor), fault)

    def _honest(self, order: Order, factor: float) -> Script:
        if order.makes is not Makes.SINGLE and order.reading.complaint:
            return failing(factor, order.reading.complaint)
        if _BANNED_WORDS & set(order.reading.text.lower().split()):
            return failing(factor, phrases.BANNED_REASON)
        if order.makes is Makes.SINGLE and self._options.instant_upscale:
            return standing(SUCCESS, 100)
        return ordinary(factor)

    def _faulty(self, fault: Fault, factor: float) -> Script | None:
        if fault in _FAILURES:
            return failing(factor, _FAILURES[fault])
        makers = {
            Fault.STUCK_SUBMITTED: lambda: stuck(factor, self._options.task_timeout_seconds, self._timeout_reason()),
            Fault.STUCK_AT_100: lambda: frozen(factor),
            Fault.PROGRESS_BACK: lambda: ordinary(factor, backwards=True),
            Fault.LOST: lambda: standing(GONE),
        }
        return makers[fault]() if fault in makers else None

    def _timeout_reason(self) -> str:
        if self._options.is_gateway:
            return phrases.GATEWAY_TIMEOUT_REASON
        return phrases.PROXY_TIMEOUT_REASON.format(minutes=round(self._options.task_timeout_seconds / 60))

    def _factor(self, order: Order) -> float:
        if self._options.job_seconds is not None:
            return factor_for_seconds(self._options.job_seconds)
        return self._options.pace * FACTORS[order.speed] * _LENGTHS.get(order.makes, 1.0)
