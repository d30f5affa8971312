"""Pure decisions of the engine: what an error means, when to try again, when to give up.

No I/O, no clock, no state: values in, values out. Imports only the model, the errors and the ports' vocabulary.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, final

from bot.errors import (
    CometActionRefused,
    CometAuth,
    CometBanned,
    CometBusy,
    CometInvalid,
    CometMisrouted,
    CometNotOffered,
    CometNotReady,
    CometQueueFull,
    CometQuota,
    CometTaskMissing,
    CometUnreachable,
)
from bot.jobs.ports import Outcome
from bot.model import Failure, Kind, Speed, Status, Waiting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.errors import CometError
    from bot.model import Action

#: How long a job may wait to be sent before it fails, free of charge (design 6, "API unreachable").
QUEUE_PATIENCE: Final = timedelta(minutes=30)
#: How long a sent job may run before it is called expired; more than the gateway's own hour (reliability, finding 5).
RUN_PATIENCE: Final = timedelta(minutes=75)
#: An outage calls no job expired, unless looks at its task have failed for so long: its person is owed a word.
BLIND_PATIENCE: Final = timedelta(hours=24)
#: How long an expired job is still looked at now and then: a late success is delivered (design 3).
SWEEP_PATIENCE: Final = timedelta(hours=24)
#: How long a process looks at a task that is new to it before it calls its job expired, and before it lets it go:
#: whatever the wall clock says of the time before, it may have been set since (reliability B.4, 18).
FRESH_PATIENCE: Final = timedelta(minutes=10)
FRESH_SWEEP_PATIENCE: Final = timedelta(hours=2)
#: How long a modal step without a certain answer may show nothing but MODAL before its outcome is called unknown.
MODAL_PATIENCE: Final = timedelta(minutes=10)
#: How long after its end a job's picture is still tried behind a posted link (design 6, "picture cannot be fetched").
PICTURE_PATIENCE: Final = timedelta(minutes=10)
#: Life of an interaction token (Discord: receiving and responding).
TOKEN_LIFE: Final = timedelta(minutes=15)
#: How long a queued job may go without our knowing that the person saw the answer, before we look.
ANSWER_PATIENCE: Final = timedelta(seconds=60)
#: How long a success without picture, video or text is asked for again (contract 12.4).
EMPTY_PATIENCE: Final = timedelta(seconds=30)
#: How long IN_PROGRESS at 100 % may stand still before it counts as a frozen row (contract 4.3).
FROZEN_PATIENCE: Final = timedelta(seconds=60)
#: Waits before a refused action is tried again because its parent was not ready (reliability B.2).
NOT_READY_WAITS: Final = (2.0, 5.0)
#: How long after its end an API may still call a task not ready that it takes actions for later: its copy of the task
#: is up to 15 s old, and after a modal step the oldest of two rows is the last to be right (contract 4.3).
SETTLING: Final = timedelta(minutes=1)
#: How long what people have filled in and not sent is kept.
DRAFT_LIFE: Final = timedelta(days=1)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What to do with a job whose submit raised an error.

    Attributes
    ----------
    wait_seconds
        For `queued`: how long to wait before the next attempt.
    """

    status: Status
    outcome: Outcome
    failure: Failure | None = None
    detail: str = ""
    waiting: Waiting | None = None
    wait_seconds: float = 0.0


_FINAL: Final[Mapping[type[CometError], Failure]] = {
    CometAuth: Failure.BAD_KEY,
    CometQuota: Failure.NO_BALANCE,
    CometMisrouted: Failure.MISROUTED,
    CometBanned: Failure.BANNED,
    CometInvalid: Failure.INVALID,
    CometTaskMissing: Failure.PARENT_GONE,
    CometNotOffered: Failure.NOT_OFFERED,
    CometActionRefused: Failure.ACTION_REFUSED,
}

_LATER: Final[Mapping[type[CometError], Waiting]] = {
    CometUnreachable: Waiting.UNREACHABLE,
    CometBusy: Waiting.BUSY,
    CometQueueFull: Waiting.QUEUE_FULL,
    CometNotReady: Waiting.PARENT_NOT_READY,
}

#: What a job that waited in vain failed of.
GAVE_UP: Final[Mapping[Waiting | None, Failure]] = {
    Waiting.UNREACHABLE: Failure.UNREACHABLE,
    Waiting.BUSY: Failure.QUEUE_FULL,
    Waiting.QUEUE_FULL: Failure.QUEUE_FULL,
    Waiting.BAD_KEY: Failure.BAD_KEY,
    Waiting.MISROUTED: Failure.MISROUTED,
    Waiting.NO_BALANCE: Failure.NO_BALANCE,
    Waiting.PARENT_NOT_READY: Failure.PARENT_GONE,
    None: Failure.UNREACHABLE,
}


def judge_submit(error: CometError, *, waited: timedelta, refusals: int, jitter: float) -> Verdict:
    """Decide what a failed submit means for its job (reliability B.2).

    Parameters
    ----------
    waited
        How long the job has been queued; later attempts come further apart.
    refusals
        How often this action was refused as not ready before, in this process.
    jitter
        0 ≤ jitter < 1.

    Returns
    -------
    Verdict
        Never `queued` for an error after which the request may have been accepted.
    """
    if error.sent != "no":
        return Verdict(status=Status.UNKNOWN, outcome=Outcome.UNKNOWN, detail=error.detail)
    outcome = Outcome.NOT_SENT if isinstance(error, CometUnreachable) else Outcome.REFUSED
    waiting = _LATER.get(type(error))
    if waiting is None or (waiting is Waiting.PARENT_NOT_READY and refusals >= len(NOT_READY_WAITS)):
        failure = Failure.PARENT_GONE if waiting else _FINAL.get(type(error), Failure.INVALID)
        detail = error.word if isinstance(error, CometBanned) else error.detail
        return Verdict(status=Status.FAILED, outcome=outcome, failure=failure, detail=detail)
    return Verdict(
        status=Status.QUEUED,
        outcome=outcome,
        waiting=waiting,
        wait_seconds=_wait_before_retry(error, waited, refusals, jitter),
    )


def _wait_before_retry(error: CometError, waited: timedelta, refusals: int, jitter: float) -> float:
    """Seconds until the next attempt: what the API asked for, else growing with the time waited so far, 2–30 s."""
    if isinstance(error, CometNotReady):
        return NOT_READY_WAITS[refusals]
    if isinstance(error, CometBusy) and error.retry_after is not None:
        return error.retry_after.total_seconds() + jitter
    return min(30.0, max(2.0, 0.4 * waited.total_seconds())) * (1 + 0.25 * jitter)


def dead_buttons(
    error: CometError, pressed: int, actions: Iterable[Action], *, is_known: bool, ended_ago: timedelta
) -> frozenset[int]:
    """Return the numbers of those buttons of a parent that the final refusal of one of them shows to be dead.

    Parameters
    ----------
    pressed
        The number of the one that was refused.
    actions
        All of them.
    is_known
        Whether the API, asked by itself, knows the parent's task.
    ended_ago
        How long ago that task ended.
    """
    if isinstance(error, CometNotReady) and ended_ago < SETTLING:
        return frozenset()
    if isinstance(error, CometTaskMissing) or (isinstance(error, CometNotReady) and not is_known):
        return frozenset(action.index for action in actions if not _is_ours(action))
    return frozenset({pressed}) if isinstance(error, (CometActionRefused, CometNotReady)) else frozenset()


def _is_ours(action: Action) -> bool:
    """Whether what a button does is done on our side: favorites, and all suggestions at once (design 6)."""
    return action.kind is Kind.BOOKMARK or (
        action.needs_input and action.kind is Kind.IMAGINE and action.quadrant is None
    )


def backoff_seconds(failures: int, jitter: float) -> float:
    """Seconds to leave the API (or Discord) alone after so many failures in a row: 1, 2, 4 … 30."""
    return min(30.0, 2.0 ** min(failures - 1, 5)) * (0.75 + 0.5 * jitter)


_BANNED_WORDS: Final = ("banned prompt", "sensitive", "敏感词", "moderat", "output filter", "image denied")
_INVALID_WORDS: Final = ("invalid parameter", "invalid prompt", "invalid link", "invalid value", "unrecognized")


def judge_failure(reason: str) -> tuple[Failure, str]:
    """Sort a task's `failReason` (contract 4.3) into ours; the detail is the reason itself, shortened."""
    lowered = reason.casefold()
    detail = reason.strip()[:300]
    if any(word in lowered for word in _BANNED_WORDS):
        return Failure.BANNED, ""
    if any(word in lowered for word in _INVALID_WORDS):
        return Failure.INVALID, detail
    return Failure.GENERATION, detail


def speed_for(kind: Kind, parent: Speed) -> Speed:
    """Return the speed of an action: its parent's, but video has no turbo (contract 1, prices)."""
    return Speed.FAST if kind is Kind.ANIMATE and parent is Speed.TURBO else parent
