"""The pace of looking at tasks: pure decisions about when the next look is due.

No I/O, no clock, no state: values in, values out. Imports only the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

from bot.model import Kind


def first_look_seconds(kind: Kind, *, scale: float) -> float:
    """Seconds from the accepted submit to the first look: an upscale can be done at once, a grid never is."""
    return (2.0 if kind is Kind.UPSCALE else 6.0) * scale


@final
@dataclass(frozen=True, slots=True)
class Pace:
    """What is known of a task's speed.

    Attributes
    ----------
    age
        Seconds since it was accepted.
    progress
        0–100; 0 where unknown.
    """

    age: float
    progress: int


#: Seconds to the next look by progress, and the cap of the first ten minutes (design 3, performance 2.2).
_NEAR_END, _LATE, _NOT_STARTED, _SHORTEST, _LONGEST = 1.0, 1.5, 4.0, 1.5, 5.0
_NEAR_END_FROM, _LATE_FROM = 90, 60  # percent
_PATIENT_AFTER, _PATIENT = 600.0, 20.0


def next_look_seconds(pace: Pace, *, scale: float, jitter: float) -> float:
    """Seconds to the next look at a running task.

    Sooner near the end, by the slope so far in between, never more than 5 s apart in the first ten minutes, 20 s later;
    all times `scale` (`POLL_INTERVAL_SECONDS` / 5).
    """
    if pace.age > _PATIENT_AFTER:
        seconds = _PATIENT
    elif pace.progress >= _NEAR_END_FROM:
        seconds = _NEAR_END
    elif pace.progress >= _LATE_FROM:
        seconds = _LATE
    elif pace.progress > 0:
        remaining = pace.age * (100 - pace.progress) / pace.progress
        seconds = min(_LONGEST, max(_SHORTEST, 0.4 * remaining))
    else:
        seconds = _NOT_STARTED
    return seconds * scale * (0.9 + 0.1 * jitter)


#: An id missing from the answer: looked for again soon, by itself after five times, and then rarely.
MISSES_BEFORE_SINGLE: Final = 5
_MISSING_SOON, _MISSING_LATER, _SWEEP_EVERY = 2.0, 20.0, 300.0
#: A task whose look failed comes after those that were not looked at because of that, so that it bars none of them.
FAILED_LOOK_SECONDS: Final = _MISSING_SOON + 0.25


def missing_look_seconds(misses: int, *, scale: float) -> float:
    """Seconds to the next look at a task that the API did not mention."""
    return (_MISSING_SOON if misses <= MISSES_BEFORE_SINGLE else _MISSING_LATER) * scale


def sweep_look_seconds(jitter: float) -> float:
    """Seconds to the next look at an expired job's task."""
    return _SWEEP_EVERY * (0.8 + 0.4 * jitter)
