"""The tasks of the upstream and when they are in which state.

No task has a coroutine of its own: its state is computed from its scripts and the timeline when somebody looks, so that
10,000 of them cost nothing while nobody does.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, final

from typing_extensions import override

from sandbox.comet.buttons import Subject, buttons_for
from sandbox.comet.script import GONE, IN_PROGRESS, MODAL, SUBMITTED, SUCCESS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sandbox.comet.buttons import Button
    from sandbox.comet.orders import Order
    from sandbox.comet.script import Script, Step
    from sandbox.comet.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Run:
    """A script and when it was started."""

    real: float
    zero: float
    script: Script


@dataclass(frozen=True, slots=True)
class Row:
    """What the gateway wrote down at a submit; a modal adds a second one with the same id (contract 4.3)."""

    action: str
    prompt: str
    description: str
    added: float


@final
@dataclass(slots=True)
class Task:
    """A task as the upstream knows it; `status`, `progress` and so on tell its state now, without the gateway's lag.

    Attributes
    ----------
    looks
        How often somebody asked how it is.
    """

    id: str
    order: Order
    timeline: Timeline
    rows: list[Row] = field(default_factory=list[Row])
    runs: list[Run] = field(default_factory=list[Run])
    published: float = -1.0
    mask: bytes = b""
    pressed: set[str] = field(default_factory=set[str])
    looks: int = 0
    _buttons: list[Button] | None = None

    def start(self, script: Script) -> None:
        """Begin a script now; the state follows it from here on."""
        now = self.timeline.now()
        self.runs.append(Run(now, self.timeline.script_time(now), script))

    def force(self, script: Script) -> None:
        """Begin a script now and let the gateway copy this task at once."""
        self.start(script)
        self.published = self.timeline.now()

    def run_at(self, real: float) -> Run:
        """Return the script that was under way at a time."""
        return next((run for run in reversed(self.runs) if run.real <= real), self.runs[0])

    def step_at(self, real: float) -> Step:
        """Return the state at a time."""
        run = self.run_at(real)
        return run.script.step_at(self.timeline.script_time(real) - run.zero)

    @property
    def step(self) -> Step:
        """The state now."""
        return self.step_at(self.timeline.now())

    @property
    def status(self) -> str:
        """The status now, as the upstream knows it; ``GONE`` if it has forgotten the task."""
        return self.step.status

    @property
    def progress(self) -> int | None:
        """The percentage now."""
        return self.step.percent

    @property
    def fail_reason(self) -> str:
        """Why it has failed, or empty."""
        return self.step.reason

    @property
    def prompt(self) -> str:
        """The prompt as it was sent, or that of the parent."""
        return self.order.prompt

    @property
    def action(self) -> str:
        """What the gateway calls it."""
        return self.order.action

    @property
    def custom_id(self) -> str:
        """The button that made it, or empty."""
        return self.order.custom_id

    @property
    def echo(self) -> str:
        """The `state` it was submitted with."""
        return self.order.echo

    @property
    def speed(self) -> str:
        """``fast``, ``turbo`` or ``relax``."""
        return self.order.speed

    @property
    def parent_id(self) -> str:
        """The task whose button made it, or empty."""
        return self.order.parent_id

    @property
    def buttons(self) -> list[Button]:
        """The buttons it has; none before SUCCESS."""
        return self.buttons_at(self.timeline.now())

    def buttons_at(self, real: float) -> list[Button]:
        """Return the buttons it had at a time."""
        if self.step_at(real).status != SUCCESS:
            return []
        if self._buttons is None:
            self._buttons = buttons_for(self._subject())
        return [button | {"style": 1} if button["customId"] in self.pressed else button for button in self._buttons]

    def _subject(self) -> Subject:
        order = self.order
        return Subject(
            makes=order.makes,
            uuid=order.uuid,
            version=order.reading.version,
            is_square=order.picture.aspect[0] == order.picture.aspect[1],
            choices=order.choices,
            number=order.picture.number + 1,
            is_official=order.is_official,
            has_manual_video=order.has_manual_video,
            has_future_button=order.has_future_button,
        )

    def started_at(self, real: float) -> float | None:
        """Return when work on it began, as seen at a time."""
        run = self.run_at(real)
        at = next((step.at for step in run.script.steps if step.status in {SUBMITTED, IN_PROGRESS, SUCCESS}), None)
        began = None if at is None else self._moment(run, at)
        return began if began is not None and began <= real else None

    def ended_at(self) -> float | None:
        """Return when it ended or will end, or None if nobody can tell."""
        run = self.runs[-1]
        end = run.script.end
        return None if end is None else self._moment(run, end.at)

    def _moment(self, run: Run, at: float) -> float | None:
        """Return when a script came to a step; never before it was begun, as when the scripts' time stood still."""
        real = self.timeline.real_time(run.zero + at)
        return None if real is None else max(real, run.real)

    @property
    def awaits_modal(self) -> bool:
        """Whether it is in MODAL now."""
        return self.status == MODAL

    def answer_modal(self, order: Order, script: Script) -> None:
        """Go on after the modal, with what was supplied."""
        self.order = order
        self.start(script)

    def knows_itself(self, real: float) -> bool:
        """Whether the upstream still knew it at a time."""
        return self.step_at(real).status != GONE


@final
class TaskBook(Mapping[str, Task]):
    """All tasks by id, oldest first.

    Parameters
    ----------
    timeline
        Whose milliseconds the ids are made of.
    """

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._tasks: dict[str, Task] = {}
        self.on_add: Callable[[Task], None] | None = None
        """Told about each new task."""
        self._random = random.Random()  # noqa: S311 - ids need to differ, not to be secret

    def add(self, order: Order, script: Script, description: str) -> Task:
        """Write down a new task and begin its script."""
        now = self._timeline.now()
        task = Task(self._free_id(now), order, self._timeline)
        task.rows.append(Row(order.action, order.prompt, description, now))
        task.start(script)
        self._tasks[task.id] = task
        if self.on_add is not None:
            self.on_add(task)
        return task

    def put(self, task: Task) -> None:
        """Take up a task of an earlier sandbox, the oldest first."""
        self._tasks[task.id] = task

    def _free_id(self, now: float) -> str:
        """Return the milliseconds and three random digits (contract 0)."""
        while True:
            task_id = f"{self._timeline.epoch_ms(now)}{self._random.randrange(1000):03d}"
            if task_id not in self._tasks:
                return task_id
            now += 0.001

    @override
    def __getitem__(self, key: str) -> Task:
        return self._tasks[key]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._tasks)

    @override
    def __len__(self) -> int:
        return len(self._tasks)
