"""Which faults are on: switches with their counters, and the markers in prompts (the table is in `faults`)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Final, final

from pydantic import PlainSerializer

from sandbox.comet.faults import STAGES, Fault, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

_TWICE: Final = frozenset({Fault.QUEUE_FULL, Fault.QUEUE_REJECTED, Fault.RATE_LIMITED, Fault.RATE_LIMITED_BARE})
_ONCE: Final = frozenset(
    {
        Fault.CODE_3,
        Fault.CODE_4,
        Fault.RESET_BEFORE,
        Fault.RESET_AFTER,
        Fault.HANG,
        Fault.SLOW,
        Fault.TIMEOUT_524,
        Fault.HALF_BODY,
        Fault.NULL_BODY,
        Fault.EMPTY_BODY,
        Fault.INVALID_JSON,
        Fault.NO_RESULT,
        Fault.WRONG_TYPES,
    },
)
_TIMED: Final = frozenset({Fault.HANG, Fault.SLOW, Fault.IMAGE_SLOW, Fault.RATE_LIMITED})
_ACTIONS_ONLY: Final = frozenset({Fault.CODE_3, Fault.CODE_4})
_SECONDS: Final = {Fault.HANG: 3600.0, Fault.SLOW: 3.0, Fault.IMAGE_SLOW: 3.0, Fault.RATE_LIMITED: 1.0}
_UNMARKED: Final = frozenset({Stage.LOOK, Stage.CONNECTION})
_MARKER: Final = re.compile(r"\[\[(action:)?([a-z0-9-]+?)(?::([0-9.]+|\w+))?\]\]")


@dataclass(frozen=True, slots=True)
class Trigger:
    """A fault that strikes now.

    Attributes
    ----------
    seconds
        How long, for the faults that take time.
    word
        What stood behind the colon of a marker, if that was no number.
    """

    fault: Fault
    seconds: float
    word: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a fault may strike.

    Attributes
    ----------
    names
        What the request is called, such as ``{"submit", "imagine"}``.
    prompt
        Whose markers count; `on_action` says that only those meant for buttons do.
    counted_as
        The counter of the markers' times: the `state` of a submit, else the prompt.
    """

    names: Annotated[frozenset[str], PlainSerializer(sorted)]  # kept in one order: a set has none of its own
    prompt: str = ""
    on_action: bool = False
    counted_as: str = ""


@dataclass(slots=True)
class _Switch:
    fault: Fault
    on: str
    times: int | None
    after: int
    seconds: float

    def strikes(self) -> bool:
        """Count one occasion and say whether the fault strikes."""
        if self.after > 0:
            self.after -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


def _home(fault: Fault) -> str:
    """Return which requests a fault is about if nobody said otherwise."""
    if fault in _ACTIONS_ONLY:
        return "action"
    homes = {Stage.MEDIA: "image", Stage.HOOK: "hook", Stage.LOOK: "look", Stage.CONNECTION: "connection"}
    if fault in {Fault.LIST_REFUSED, Fault.LIST_MALFORMED, Fault.LIST_MISSING_IDS}:
        return "list"
    return homes.get(STAGES[fault], "submit")


@final
@dataclass(slots=True)
class FaultSwitches:
    """The switches that are on, and how often markers have struck.

    Attributes
    ----------
    marked
        How often the marker of a fault was met, by the fault and what its times are counted as.
    """

    _switches: list[_Switch] = field(default_factory=list[_Switch])
    marked: Counter[tuple[Fault, str]] = field(default_factory=Counter[tuple[Fault, str]])

    def set(
        self,
        fault: Fault,
        *,
        times: int | None = 1,
        after: int = 0,
        seconds: float | None = None,
        on: str | None = None,
    ) -> None:
        """Switch a fault on; a second call for the same requests replaces the first.

        Parameters
        ----------
        times
            How often it strikes; None until it is cleared.
        after
            How many occasions pass first.
        seconds
            How long it takes, for the faults that take time; for ``429`` what Retry-After says.
        on
            Other requests than usual: ``submit``, ``imagine``, ``action``, ``modal``, … ``fetch``, ``list``, ``image``.
        """
        place = on or _home(fault)
        self._switches = [switch for switch in self._switches if (switch.fault, switch.on) != (fault, place)]
        wait = _SECONDS.get(fault, 0.0) if seconds is None else seconds
        self._switches.append(_Switch(fault, place, times, after, wait))

    def clear(self, fault: Fault | None = None) -> None:
        """Switch one fault off, or all of them."""
        self._switches = [switch for switch in self._switches if fault is not None and switch.fault is not fault]

    @property
    def active(self) -> frozenset[Fault]:
        """The faults that are switched on and have strikes left."""
        return frozenset(switch.fault for switch in self._switches if switch.times != 0)

    @property
    def left(self) -> dict[Fault, int | None]:
        """How often each fault that is on will still strike, in the order of switching; None is until it is cleared."""
        totals: dict[Fault, int | None] = {}
        for switch in self._switches:
            before = totals.get(switch.fault, 0)
            totals[switch.fault] = None if before is None or switch.times is None else before + switch.times
        return {fault: times for fault, times in totals.items() if times != 0}

    def take(self, stage: Stage, scene: Scene, *, only: Callable[[Fault], bool] | None = None) -> Trigger | None:
        """Return the fault that strikes at this stage of this request, and count it.

        Parameters
        ----------
        only
            Which faults may strike; all of the stage when None.
        """
        return self.take_switched(stage, scene, only=only) or self.take_marked(stage, scene, only=only)

    def take_switched(
        self,
        stage: Stage,
        scene: Scene,
        *,
        only: Callable[[Fault], bool] | None = None,
    ) -> Trigger | None:
        """Do as `take`, but for switches alone."""
        for switch in self._switches:
            if switch.times == 0 or STAGES[switch.fault] is not stage or switch.on not in scene.names:
                continue
            if only is not None and not only(switch.fault):
                continue
            if switch.strikes():
                return Trigger(switch.fault, switch.seconds)
        return None

    def take_marked(
        self,
        stage: Stage,
        scene: Scene,
        *,
        only: Callable[[Fault], bool] | None = None,
    ) -> Trigger | None:
        """Do as `take`, but for markers in the prompt alone."""
        for match in _MARKER.finditer(scene.prompt):
            fault = _named(match[2])
            if fault is None or STAGES[fault] is not stage or (only is not None and not only(fault)):
                continue
            if (bool(match[1]) or fault in _ACTIONS_ONLY) is not scene.on_action:
                continue
            trigger = self._count(fault, match[3] or "", scene.counted_as or scene.prompt)
            if trigger:
                return trigger
        return None

    def _count(self, fault: Fault, word: str, counter: str) -> Trigger | None:
        times = 1 if fault in _ONCE else 2 if fault in _TWICE else None
        seconds = _SECONDS.get(fault, 0.0)
        number = float(word) if word.replace(".", "", 1).isdigit() else None
        if number is not None and fault in _TIMED:
            seconds = number
        elif number is not None:
            times = int(number)
        self.marked[fault, counter] += 1
        if times is not None and self.marked[fault, counter] > times:
            return None
        return Trigger(fault, seconds, "" if number is not None else word)


def _named(marker: str) -> Fault | None:
    """Return the fault of a marker, if there is one that markers may name."""
    try:
        fault = Fault(marker)
    except ValueError:
        return None
    return None if STAGES[fault] in _UNMARKED else fault
