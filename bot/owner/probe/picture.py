"""The one picture that is paid for: every other check looks at how it was made. Knows no analysis."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from bot.cometapi import bodies
from bot.errors import CometError
from bot.model import Kind, Phase, Speed
from bot.owner.probe.findings import Card, Check, Finding, Place, Skipped
from bot.owner.probe.looking import pause
from bot.prompt.prices import price

if TYPE_CHECKING:
    from datetime import datetime

    from bot.jobs.ports import Clock
    from bot.model import Task
    from bot.owner.probe.book import Book
    from bot.owner.probe.cashier import Cashier, Receipt
    from bot.owner.probe.findings import Result
    from bot.owner.probe.hooks import HookDoor
    from bot.owner.probe.looking import Looker

#: Harmless, cheap, and without a parameter.
PROMPT: Final = "a paper boat floating on calm water at sunrise"
#: Between two looks at the picture, in seconds. Far more often than Easel looks; for one task, for a minute.
STEP: Final = 1.0
_WITHIN: Final = 20 * 60.0
_ENDS: Final = frozenset({Phase.SUCCEEDED, Phase.FAILED})


@final
@dataclass(frozen=True, slots=True)
class Sight:
    """A look at a task: when (by the clock's `monotonic`, and by the time of day), and what was seen."""

    moment: float
    at: datetime
    task: Task


@final
@dataclass(frozen=True, slots=True)
class Watch:
    """A task from its submit to its end.

    Attributes
    ----------
    sights
        The first look, and each that showed something new; never empty.
    """

    receipt: Receipt
    echo: str
    sights: list[Sight]

    @property
    def end(self) -> Task | None:
        """The task as it ended; None if it was still under way when we stopped looking."""
        return self.sights[-1].task if self.sights and self.sights[-1].task.phase in _ENDS else None


@final
@dataclass(slots=True)
class Evidence:
    """What checks leave for those after them.

    Attributes
    ----------
    watch
        How the picture was made.
    grid
        The finished picture.
    upscale
        The action that was pressed first, and the task it made.
    """

    watch: Watch | None = None
    grid: Task | None = None
    upscale: tuple[str, str] | None = None


async def follow(looker: Looker, clock: Clock, receipt: Receipt, echo: str, within: float = _WITHIN) -> Watch:
    """Look at a task every second until it has ended, at most `within` seconds. Looks that fail are left out."""
    watch = Watch(receipt, echo, [])
    while clock.monotonic() - receipt.answered < within:
        try:
            task = await looker.fetch(receipt.task_id)
        except CometError:
            task = None
        if task is not None and (not watch.sights or visible(task) != visible(watch.sights[-1].task)):
            watch.sights.append(Sight(clock.monotonic(), clock.now(), task))
            if task.phase in _ENDS:
                break
        await pause(clock, STEP)
    return watch


def visible(task: Task) -> tuple[object, ...]:
    """Return what of a task changes only when the API has learned something; addresses of previews always change."""
    return task.phase, task.progress, task.echo, task.started_at, len(task.actions)


def new_echo() -> str:
    """Make a `state` that is ours and says nothing."""
    return f"probe-{secrets.token_hex(6)}"


@final
class Picture(Check):
    """Buys the picture and watches it."""

    def __init__(
        self, cashier: Cashier, looker: Looker, *, door: HookDoor, evidence: Evidence, book: Book, clock: Clock
    ) -> None:
        self.card = Card(
            name="picture",
            place=Place.API,
            question="Make one picture in fast mode, and watch it. Most other checks need it.",
            price=price(Kind.IMAGINE, Speed.FAST),
            submits=1,
            needs=("unknown-id",),
        )
        self._cashier = cashier
        self._looker = looker
        self._door = door
        self._evidence = evidence
        self._book = book
        self._clock = clock

    async def run(self) -> Result:
        """Submit one prompt and look until it is done.

        Raises
        ------
        CometError
            The submit got no answer.
        """
        echo = new_echo()
        submit = bodies.imagine(PROMPT, (), echo)
        hook = await self._door.open()
        if hook:
            submit = submit.calling(hook)
        receipt = await self._cashier.submit(submit, Speed.FAST)
        if not receipt.task_id:
            return Skipped(f"the API refused it: {receipt.refusal}")
        watch = await follow(self._looker, self._clock, receipt, echo)
        return self._judged(watch)

    def _judged(self, watch: Watch) -> Result:
        end = watch.end
        if end is None:
            return Skipped(f"task {watch.receipt.task_id} was not over after {_WITHIN / 60:.0f} minutes")
        if end.phase is Phase.FAILED:
            return Skipped(f"the task failed: {end.fail_reason or 'the API does not say why'}")
        self._evidence.watch = watch
        self._evidence.grid = end
        self._book.keep_picture(Place.API, end.task_id, end.picture_url or "")
        seconds = watch.sights[-1].moment - watch.receipt.answered
        facts = {"task_id": end.task_id, "seconds": round(seconds, 1), "code": watch.receipt.code}
        return Finding(f"Done {seconds:.0f} s after it was accepted, with {len(end.actions)} buttons.", "", facts)
