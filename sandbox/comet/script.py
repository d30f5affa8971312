"""What the upstream does with a job, as a list of steps in time (contract 11).

Pure: a script is made once at submit, the state at any moment is looked up in it. Imports nothing of this package.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Final, final

NOT_START: Final = "NOT_START"
SUBMITTED: Final = "SUBMITTED"
MODAL: Final = "MODAL"
IN_PROGRESS: Final = "IN_PROGRESS"
SUCCESS: Final = "SUCCESS"
FAILURE: Final = "FAILURE"
GONE: Final = "GONE"
"""Not a word of the API: the task is not known any more."""

ENDS: Final = frozenset({SUCCESS, FAILURE})
FACTORS: Final = {"turbo": 0.5, "fast": 1.0, "relax": 5.0}
"""How much longer a job takes by its speed (contract 11)."""

_LENGTH: Final = 20.0
_STEPS: Final = ((3.0, 15), (6.0, 31), (9.0, 46), (12.0, 62), (15.0, 78), (18.0, 93))
_BACKWARDS: Final = ((3.0, 15), (6.0, 46), (9.0, 31), (12.0, 78), (15.0, 15), (18.0, 93))


@dataclass(frozen=True, slots=True)
class Step:
    """From `at` seconds on (in the scripts' time, counted from the script's start) the task is in this state."""

    at: float
    status: str
    percent: int | None = None
    reason: str = ""


@final
class Script:
    """An ordered list of steps, the first at 0."""

    __slots__ = ("_starts", "steps")

    def __init__(self, steps: tuple[Step, ...]) -> None:
        self.steps = steps
        self._starts = [step.at for step in steps]

    def step_at(self, elapsed: float) -> Step:
        """Return the step that is under way after `elapsed` seconds."""
        return self.steps[max(0, bisect_right(self._starts, elapsed) - 1)]

    @property
    def end(self) -> Step | None:
        """The step that ends the task, if the script has one."""
        return next((step for step in self.steps if step.status in ENDS), None)


def standing(status: str, percent: int | None = None, reason: str = "") -> Script:
    """Return a script that is in one state for ever."""
    return Script((Step(0.0, status, percent, reason),))


def ordinary(factor: float, *, backwards: bool = False) -> Script:
    """Return the usual course of a job, `factor` times its 20 s; `backwards` lets the percentage fall now and then."""
    running = tuple(Step(at * factor, IN_PROGRESS, percent) for at, percent in (_BACKWARDS if backwards else _STEPS))
    start = (Step(0.0, NOT_START, 0), Step(1.0 * factor, SUBMITTED, 0))
    return Script((*start, *running, Step(_LENGTH * factor, SUCCESS, 100)))


def factor_for_seconds(seconds: float) -> float:
    """Return the factor that makes the usual course last `seconds`."""
    return seconds / _LENGTH


def failing(factor: float, reason: str) -> Script:
    """Return a job that Midjourney refuses shortly after it was submitted."""
    return Script(
        (Step(0.0, NOT_START, 0), Step(1.0 * factor, SUBMITTED, 0), Step(2.0 * factor, FAILURE, None, reason)),
    )


def stuck(factor: float, timeout: float, reason: str) -> Script:
    """Return a job that stays SUBMITTED until it is timed out."""
    return Script((Step(0.0, NOT_START, 0), Step(1.0 * factor, SUBMITTED, 0), Step(timeout, FAILURE, None, reason)))


def frozen(factor: float) -> Script:
    """Return a job that never gets beyond IN_PROGRESS with 100 % (contract 4.3)."""
    steps = [step for step in ordinary(factor).steps if step.status != SUCCESS]
    return Script((*steps, Step(_LENGTH * factor, IN_PROGRESS, 100)))


def waiting(timeout: float, reason: str) -> Script:
    """Return a task that waits for its modal until it is timed out."""
    return Script((Step(0.0, MODAL), Step(timeout, FAILURE, None, reason)))


def resumed(script: Script, percent: int) -> Script:
    """Return `script` from the moment on at which it has `percent`, to be started now."""
    later = [step for step in script.steps if step.status in ENDS or (step.percent or 0) > percent]
    before = [step.at for step in script.steps if step not in later]
    zero = before[-1] if before else 0.0
    rest = (Step(max(0.0, step.at - zero), step.status, step.percent, step.reason) for step in later)
    return Script((Step(0.0, IN_PROGRESS, percent), *rest))
