"""Named places at which a test may end the process, stop it or make it stumble; nothing happens there otherwise.

The places are those of reliability B.4, numbered as there. `bot.config.fault_plan` decides whether a plan may be armed;
without one, `reach` is a comparison with None. Imports only the standard library.
"""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from collections.abc import Generator


@final
class Point(StrEnum):
    """Where something could go wrong at the worst moment."""

    BEFORE_ENTRY = "B01.before_entry"
    ENTERED = "B02.entered"
    ANSWERED = "B02.answered"
    RECOVERING = "B02.recovering"
    SUBMITTING = "B03.submitting"
    MODAL = "B03.modal"
    ANSWERING = "B04.answering"
    ANSWER_READ = "B04.answer_read"
    JOURNALED = "B04.journaled"
    RECORDED = "B04.recorded"
    ADOPTED = "B04.adopted"
    LOOKED = "B05.looked"
    SUCCESS_SEEN = "B06.success_seen"
    SUCCEEDED = "B06.succeeded"
    FETCHED = "B06.fetched"
    SHELVED = "B06.shelved"
    KEPT = "B06.kept"
    POSTING = "B07.posting"
    POSTED = "B07.posted"
    NOTED = "B07.noted"
    CLEARED = "B07.cleared"
    BEFORE_COMMIT = "B11.before_commit"
    COMMITTED = "B11.committed"
    STOPPING = "B17.stopping"
    DRAINED = "B17.drained"


@final
class Deed(StrEnum):
    """What happens at a place."""

    KILL = "kill"
    """The process is gone, as with a power cut."""
    TERM = "term"
    """The process is asked to stop, and goes on at this place meanwhile."""
    RAISE = "raise"
    """The place fails in a way that nobody foresaw."""


@final
@dataclass(slots=True)
class FaultPlan:
    """What is to happen where, once.

    Attributes
    ----------
    nth
        At which time that the place is reached; 1 is the first.
    """

    point: Point
    deed: Deed
    nth: int = 1

    @classmethod
    def read(cls, text: str) -> FaultPlan:
        """Read `place:nth:deed`, such as `B03.submitting:1:kill`.

        Raises
        ------
        ValueError
            It is not that.
        """
        place, nth, deed = text.split(":")
        plan = cls(Point(place), Deed(deed), int(nth))
        if plan.nth < 1:
            raise ValueError("counted from 1")
        return plan

    def reach(self, point: Point) -> None:
        """Do the deed if this is the place and the time."""
        if point is not self.point:
            return
        with _counting:
            self.nth -= 1
            is_now = self.nth == 0
        if not is_now:
            return
        match self.deed:
            case Deed.KILL:
                os.kill(os.getpid(), signal.SIGKILL)
            case Deed.TERM:
                os.kill(os.getpid(), signal.SIGTERM)
            case Deed.RAISE:
                raise RuntimeError(f"injected at {point}")


#: Places are reached in the threads of the database and of the pictures too.
_counting: Final = Lock()
# Of the whole process, as what it does is: a constructor argument in every class would be there for tests alone.
_plan: FaultPlan | None = None


def reach(point: Point) -> None:
    """Say that the process is at this place. Does nothing unless a plan is armed.

    Raises
    ------
    RuntimeError
        A test had that happen here.
    """
    if _plan is not None:
        _plan.reach(point)


def arm(plan: FaultPlan | None) -> None:
    """Have a plan carried out from now on; None disarms."""
    global _plan  # noqa: PLW0603 - see `_plan`
    _plan = plan


@contextmanager
def armed(plan: FaultPlan) -> Generator[None]:
    """Have a plan carried out within this block."""
    arm(plan)
    try:
        yield
    finally:
        arm(None)
