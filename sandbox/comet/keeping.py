"""Saves a sandbox of the API into a folder and loads it again: what outlives a restart of the sandbox, and what not.

Kept is what the real API would still know: tasks with what was ordered and with their scripts, so that those under way
go on and old buttons still work; what was charged; how often markers in prompts have struck. Time goes on for the jobs
while the sandbox is down, at the usual rate. Pictures are drawn anew from what was ordered: they come out the same.

Gone with a restart, and why: fault switches and the rate of the jobs, which belong to whoever watches; the rate limit's
bucket, which is one second deep; requests under way, whose connections are cut; the count of requests, which tells what
this process was asked.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, TypeVar, final

from pydantic import PlainSerializer, TypeAdapter

from sandbox.comet.families import Makes
from sandbox.comet.faults import Fault
from sandbox.comet.ledger import Charge
from sandbox.comet.orders import Given, Order
from sandbox.comet.parameters import Reading
from sandbox.comet.pictures import Picture
from sandbox.comet.script import Script, Step
from sandbox.comet.switches import Scene
from sandbox.comet.tasks import Row, Run, Task
from sandbox.comet.timeline import Course
from sandbox.keptfile import EXACT, Envelope, Lines, Snapshot, damaged, encode, read

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.comet.sandbox import CometSandbox

VERSION = 2
T = TypeVar("T")


@final
@dataclass(frozen=True, kw_only=True)
class KeptRun:
    """A script and when it was started."""

    real: float
    zero: float
    steps: tuple[Step, ...]


@final
@dataclass(frozen=True, kw_only=True)
class KeptTask:
    """A task."""

    __pydantic_config__ = EXACT

    id: str
    order: Order
    rows: list[Row]
    runs: list[KeptRun]
    published: float
    mask: bytes
    pressed: Annotated[set[str], PlainSerializer(sorted)]


@final
@dataclass(frozen=True, kw_only=True)
class KeptHead:
    """Everything but the long lists.

    Attributes
    ----------
    unsettled
        Numbers of the charges that may still be refunded.
    marked
        How often the marker of a fault was met, and what its times are counted as.
    """

    __pydantic_config__ = EXACT

    course: Course
    unsettled: list[int]
    marked: list[tuple[Fault, str, int]]


@final
@dataclass(frozen=True, kw_only=True)
class KeptComet(Envelope):
    """The whole file."""

    __pydantic_config__ = EXACT

    head: KeptHead
    tasks: list[KeptTask]
    charges: list[Charge]


_MEANT = {
    kind.__name__: kind for kind in (datetime, Course, Fault, Given, Makes, Order, Picture, Reading, Row, Scene, Step)
}
"""What the records' annotations mean; many are imported only for type checkers where they stand."""


def _adapter(shape: type[T]) -> TypeAdapter[T]:
    """Return what reads and writes a record."""
    adapter = TypeAdapter(shape)
    adapter.rebuild(_types_namespace=globals() | _MEANT)
    return adapter


@final
class CometKeeper:
    """Saves and loads one sandbox."""

    version = VERSION

    def __init__(self, comet: CometSandbox, folder: Path) -> None:
        self._comet = comet
        self._path = folder / "api.json"
        self._file, self._head = _adapter(KeptComet), _adapter(KeptHead)
        task, charge = _adapter(KeptTask), _adapter(Charge)
        self._tasks = Lines[Task](lambda item: encode(task, _kept_task(item)), _mark_of_task)
        self._charges = Lines[Charge](lambda item: encode(charge, item), lambda _: None)

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    async def prepare(self) -> None:
        """Encode what is new; a snapshot must follow at once."""
        await self._tasks.prepare(self._comet.tasks.values())
        await self._charges.prepare(self._comet.ledger.written()[0])

    def snapshot(self, *, anew: bool = False) -> Snapshot:
        """Return the state now; `anew` trusts nothing that was encoded before."""
        comet = self._comet
        charges, unsettled = comet.ledger.written()
        head = KeptHead(
            course=comet.timeline.course(),
            unsettled=unsettled,
            marked=[(fault, counted_as, times) for (fault, counted_as), times in comet.faults.marked.items()],
        )
        lists = {
            "tasks": self._tasks.of(comet.tasks.values(), anew=anew),
            "charges": self._charges.of(charges, anew=anew),
        }
        return Snapshot(encode(self._head, head), lists)

    def load(self) -> None:
        """Take up what is kept, in a sandbox that was not started yet.

        Raises
        ------
        KeepingFailed
            The file is gone, damaged or of another version.
        """
        comet, kept = self._comet, read(self._path, self._file, VERSION)
        if not kept.head.course.turns:
            raise damaged(self._path, "head.course.turns: its time never began")
        moments = [run.real for task in kept.tasks for run in task.runs] + [r.added for t in kept.tasks for r in t.rows]
        comet.timeline.go_on(kept.head.course, max([kept.saved_at - kept.head.course.epoch, *moments]))
        for task in kept.tasks:
            comet.tasks.put(self._task(task))
        comet.ledger.put(kept.charges, kept.head.unsettled)
        comet.faults.marked = Counter({(fault, counted_as): times for fault, counted_as, times in kept.head.marked})

    def _task(self, kept: KeptTask) -> Task:
        runs = [Run(run.real, run.zero, Script(run.steps)) for run in kept.runs]
        return Task(
            id=kept.id,
            order=kept.order,
            timeline=self._comet.timeline,
            rows=list(kept.rows),
            runs=runs,
            published=kept.published,
            mask=kept.mask,
            pressed=set(kept.pressed),
        )


def _kept_task(task: Task) -> KeptTask:
    return KeptTask(
        id=task.id,
        order=task.order,
        rows=task.rows,
        runs=[KeptRun(real=run.real, zero=run.zero, steps=run.script.steps) for run in task.runs],
        published=task.published,
        mask=task.mask,
        pressed=task.pressed,
    )


_same_in_task = attrgetter("order", "published", "mask")


def _mark_of_task(task: Task) -> object:
    """Return all that may change; rows, runs and pressed buttons only ever grow."""
    return _same_in_task(task), len(task.rows), len(task.runs), len(task.pressed)
