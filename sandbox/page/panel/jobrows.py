"""The API's tasks as the side panel shows them: what each one does, what it cost, and which message is about it.

Reads only; changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, final

if TYPE_CHECKING:
    from sandbox.comet import Charge, CometSandbox
    from sandbox.comet.tasks import Task
    from sandbox.page.panel.traces import Traces

Json = dict[str, Any]

MOST_TASKS: Final = 100
"""Of these, the newest ones; nobody looks at more, and all of them go over the line at each change."""


@final
@dataclass
class _Bill:
    """What a task has cost."""

    charged: float = 0.0
    refunded: float = 0.0

    def add(self, charge: Charge) -> None:
        self.charged += charge.amount_usd
        self.refunded += charge.amount_usd if charge.refunded else 0.0

    def as_json(self) -> Json:
        return {"charged_usd": _dollars(self.charged), "refunded_usd": _dollars(self.refunded)}


@final
@dataclass
class Bills:
    """All charges, added up by task and altogether."""

    by_task: defaultdict[str, _Bill] = field(default_factory=lambda: defaultdict[str, _Bill](_Bill))
    total: _Bill = field(default_factory=_Bill)
    count: int = 0

    @classmethod
    def of(cls, comet: CometSandbox) -> Bills:
        """Add up the ledger."""
        bills = cls()
        for charge in comet.ledger:
            bills.by_task[charge.task_id].add(charge)
            bills.total.add(charge)
            bills.count += 1
        return bills

    def as_json(self) -> Json:
        """Return the sums: what was spent in the end, and what came back."""
        spent = _dollars(self.total.charged - self.total.refunded)
        return {"spent_usd": spent, "refunded_usd": _dollars(self.total.refunded), "charges": self.count}


def task_rows(comet: CometSandbox, bills: Bills, traces: Traces) -> list[Json]:
    """Return the newest tasks, newest first."""
    now = comet.timeline.now()
    newest = islice(reversed(list(comet.tasks.values())), MOST_TASKS)
    return [_row(task, now, bills.by_task[task.id], traces) for task in newest]


def _row(task: Task, now: float, bill: _Bill, traces: Traces) -> Json:
    step = task.step_at(now)
    job = task.echo.partition(".")[0]  # what is behind a dot is a signature
    return {
        "id": task.id,
        "action": task.action,
        "prompt": task.prompt,
        "status": step.status,
        "progress": step.percent,
        "speed": task.speed,
        "job": job,
        "reason": step.reason,
        "age_seconds": round(now - task.rows[0].added, 1),
        "message": traces.about(job),
        **bill.as_json(),
    }


def _dollars(amount: float) -> float:
    """Return an amount without the dust of adding up."""
    return round(amount, 6)
