"""What a picture that was watched tells about the API: `state`, how often its copy is refreshed, how late an end shows.

Free: everything was seen already.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, final

from bot.owner.probe.findings import Card, Check, Finding, Place, Skipped
from bot.owner.probe.picture import STEP

if TYPE_CHECKING:
    from bot.owner.probe.findings import Fact, Result
    from bot.owner.probe.picture import Evidence, Watch

#: An end that shows this soon, of a task whose `state` was there at the first look, was not copied by anybody.
_AT_ONCE: Final = 2 * STEP
#: A change is seen up to a step late, so a gap may be wrong by as much; any gap is a multiple of a period near that.
_BLUR: Final = 1.2 * STEP
_SHORTEST: Final = 4 * STEP
#: A job that changes seldom shows only every second, third … refresh.
_MOST_PARTS: Final = 4
_POLL_SHORTEST, _POLL_LONGEST = 2, 10


@final
@dataclass(frozen=True, slots=True)
class Times:
    """What was measured, in seconds.

    Attributes
    ----------
    state
        From the answer of the submit to the first look that showed our `state`; None if none did.
    lag
        From the task's end, by the API's own times, to the look that showed it; None where it tells no times.
    gaps
        Between looks that showed something new.
    """

    state: float | None
    lag: float | None
    gaps: tuple[float, ...]

    @property
    def is_live(self) -> bool:
        """Whether what we look at is the task itself, and not a copy that is refreshed now and then."""
        return self.state is not None and self.state <= _AT_ONCE and self.lag is not None and self.lag <= _AT_ONCE

    @property
    def period(self) -> float | None:
        """How often a copy is refreshed: the time that all gaps are a multiple of; None if there is no such time."""
        if self.is_live or not self.gaps:
            return None
        shortest = min(self.gaps)
        return next(filter(None, (self._fitted(shortest / parts) for parts in range(1, _MOST_PARTS + 1))), None)

    def _fitted(self, period: float) -> float | None:
        """Return this period, made exact, if all gaps are about a multiple of it; None for one too short to tell."""
        counts = [round(gap / period) for gap in self.gaps]
        fits = all(abs(gap - count * period) <= _BLUR for gap, count in zip(self.gaps, counts, strict=True))
        return sum(self.gaps) / sum(counts) if fits and period >= _SHORTEST else None


def measure(watch: Watch) -> Times:
    """Measure what was watched. The clocks of API and owner may differ: the submit's own time shows by how much."""
    receipt, last = watch.receipt, watch.sights[-1]
    shown = [sight.moment for sight in watch.sights if sight.task.echo == watch.echo]
    lag = None
    if last.task.finished_at is not None and last.task.submitted_at is not None:
        ahead = last.task.submitted_at - (receipt.sent_at + (receipt.answered_at - receipt.sent_at) / 2)
        lag = max(0.0, (last.at - (last.task.finished_at - ahead)).total_seconds())
    moments = [sight.moment for sight in watch.sights[1:]]  # the first look shows what was there before
    gaps = tuple(later - earlier for earlier, later in pairwise(moments))
    return Times(shown[0] - receipt.answered if shown else None, lag, gaps)


@final
class StateKept(Check):
    """Whether `state` comes back."""

    def __init__(self, evidence: Evidence) -> None:
        self.card = Card(
            name="state-kept",
            place=Place.API,
            question="Does a fetch give `state` back, and how soon?",
            needs=("picture",),
        )
        self._evidence = evidence

    async def run(self) -> Result:
        """Look it up in what was watched."""
        if self._evidence.watch is None:
            return Skipped("no picture was watched")
        seconds = measure(self._evidence.watch).state
        facts = {"seconds": None if seconds is None else round(seconds, 1)}
        if seconds is None:
            return Finding(
                "No: `state` was never given back.",
                "A submit whose outcome is unknown cannot be recognized by its task: mark it by hand.",
                facts,
            )
        when = "at the first look" if seconds <= _AT_ONCE else f"{seconds:.0f} s after the submit was answered"
        return Finding(f"Yes, {when}.", "", facts)


@final
class RefreshPeriod(Check):
    """How often what we see of a task changes."""

    def __init__(self, evidence: Evidence) -> None:
        self.card = Card(
            name="refresh-period",
            place=Place.API,
            question="How often does the API refresh what it shows of a task?",
            needs=("picture",),
        )
        self._evidence = evidence

    async def run(self) -> Result:
        """Look it up in what was watched."""
        if self._evidence.watch is None:
            return Skipped("no picture was watched")
        times = measure(self._evidence.watch)
        facts: dict[str, Fact] = {"live": times.is_live, "period": None, "changes": len(times.gaps) + 1}
        if times.is_live:
            return Finding("At once: a look shows the task as it is.", "POLL_INTERVAL_SECONDS=5 (the default)", facts)
        if times.period is None:
            seen = ", ".join(f"{gap:.0f}" for gap in times.gaps) or "none"
            return Finding(
                f"Not at regular times: {seen} s between changes.", "POLL_INTERVAL_SECONDS=5 (the default)", facts
            )
        facts["period"] = round(times.period, 1)
        poll = min(max(round(times.period / 3), _POLL_SHORTEST), _POLL_LONGEST)
        return Finding(
            f"About every {times.period:.0f} s: looking more often than that shows nothing new.",
            f"POLL_INTERVAL_SECONDS={poll}",
            facts,
        )


@final
class FinishToSeen(Check):
    """How late an end shows."""

    def __init__(self, evidence: Evidence) -> None:
        self.card = Card(
            name="finish-to-seen",
            place=Place.API,
            question="How long after a task's end does a look show it?",
            needs=("picture",),
        )
        self._evidence = evidence

    async def run(self) -> Result:
        """Look it up in what was watched."""
        if self._evidence.watch is None:
            return Skipped("no picture was watched")
        lag = measure(self._evidence.watch).lag
        if lag is None:
            return Skipped("the task carries no times")
        answer = f"{lag:.1f} s for this one, looking every {STEP:.0f} s; no polling can make it less."
        return Finding(answer, "", {"seconds": round(lag, 1)})
