"""The words that jobs and tasks are described with, and the moves that a job may make. Imports nothing of Easel."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from collections.abc import Mapping


@final
class Status(StrEnum):
    """Where a job stands. Ours, never the API's (those are progress)."""

    QUEUED = "queued"
    SUBMITTING = "submitting"
    RUNNING = "running"
    NEEDS_INPUT = "needs_input"
    UNKNOWN = "unknown"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


#: The moves that a job's status may make; every one is a compare-and-set in the store.
TRANSITIONS: Final[Mapping[Status, frozenset[Status]]] = {
    # To `running` without being sent again: it turned out that the API had taken it.
    Status.QUEUED: frozenset({Status.SUBMITTING, Status.RUNNING, Status.CANCELLED, Status.FAILED}),
    Status.SUBMITTING: frozenset(
        {Status.RUNNING, Status.NEEDS_INPUT, Status.QUEUED, Status.FAILED, Status.UNKNOWN},
    ),
    Status.RUNNING: frozenset({Status.SUCCEEDED, Status.FAILED, Status.NEEDS_INPUT, Status.EXPIRED}),
    Status.NEEDS_INPUT: frozenset(
        {Status.SUBMITTING, Status.RUNNING, Status.FAILED, Status.EXPIRED, Status.UNKNOWN},
    ),
    Status.UNKNOWN: frozenset({Status.RUNNING}),
    Status.EXPIRED: frozenset({Status.SUCCEEDED, Status.FAILED}),
    Status.SUCCEEDED: frozenset(),
    Status.FAILED: frozenset(),
    Status.CANCELLED: frozenset(),
}

#: Statuses in which the person waits for nothing more and is owed a last word. `expired` may still turn into success.
SETTLED: Final = frozenset({Status.SUCCEEDED, Status.FAILED, Status.CANCELLED, Status.EXPIRED, Status.UNKNOWN})


@final
class Kind(StrEnum):
    """What a job makes. Decided by what the person asked for, never by the API's `action` field (contract 4.2)."""

    IMAGINE = "imagine"
    UPSCALE = "upscale"
    VARIATION = "variation"
    REROLL = "reroll"
    ZOOM = "zoom"
    PAN = "pan"
    ANIMATE = "animate"
    BLEND = "blend"
    DESCRIBE = "describe"
    SHORTEN = "shorten"
    EDIT = "edit"
    REGION = "region"
    BOOKMARK = "bookmark"
    OTHER = "other"


@final
class Route(StrEnum):
    """Which submit of the API makes a job; the word is the last part of its path (contract 2.1)."""

    IMAGINE = "imagine"
    ACTION = "action"
    BLEND = "blend"
    DESCRIBE = "describe"
    SHORTEN = "shorten"
    EDIT = "edits"
    VIDEO = "video"


@final
class Dimensions(StrEnum):
    """The shape of a blend: 2:3, 1:1 or 3:2 (contract 2.1)."""

    PORTRAIT = "PORTRAIT"
    SQUARE = "SQUARE"
    LANDSCAPE = "LANDSCAPE"


@final
class Motion(StrEnum):
    """How much moves in a video."""

    LOW = "low"
    HIGH = "high"


@final
class Speed(StrEnum):
    """The speed mode of a submit; it decides the path prefix (contract 1) and the price."""

    FAST = "fast"
    TURBO = "turbo"
    RELAX = "relax"


@final
class Waiting(StrEnum):
    """Why a queued job has not been sent yet, when that is more than its turn not having come."""

    QUEUE_FULL = "queue_full"
    BUSY = "busy"
    UNREACHABLE = "unreachable"
    BAD_KEY = "bad_key"
    MISROUTED = "misrouted"
    NO_BALANCE = "no_balance"
    PARENT_NOT_READY = "parent_not_ready"


@final
class Failure(StrEnum):
    """Why a job failed. The sentence that a person reads is made in `cogs`."""

    BANNED = "banned"
    INVALID = "invalid"
    NO_BALANCE = "no_balance"
    BAD_KEY = "bad_key"
    MISROUTED = "misrouted"
    QUEUE_FULL = "queue_full"
    UNREACHABLE = "unreachable"
    ACTION_REFUSED = "action_refused"
    GENERATION = "generation"
    NO_PICTURE = "no_picture"
    PARENT_GONE = "parent_gone"
    NO_ACCOUNT = "no_account"
    INPUT_GONE = "input_gone"
    WORDS_GONE = "words_gone"
    NOT_OFFERED = "not_offered"


@final
class DeliveryStatus(StrEnum):
    """How far the last word about a job has come.

    `waiting`: the job is not settled. `due`: settled, to be posted. `posting`: a send with the stored nonce is under
    way or was when the process died. `linked`: the link was posted because the picture could not be fetched; the
    picture is still tried. `delivered`: the person has it. `kept`: no way was open; `/show` and `/history` have it.
    """

    WAITING = "waiting"
    DUE = "due"
    POSTING = "posting"
    LINKED = "linked"
    DELIVERED = "delivered"
    KEPT = "kept"


@final
class Entry(StrEnum):
    """What became of a `NewJob`.

    `new`: written down. `replayed`: this interaction has its job already. `shared`: the one result of a once-only
    action exists, is under way or is unknown. `repeated`: the same person pressed the same button within three seconds,
    or the same unknown job was submitted again already.
    """

    NEW = "new"
    REPLAYED = "replayed"
    SHARED = "shared"
    REPEATED = "repeated"


@final
class Phase(StrEnum):
    """The API's view of a task, folded from its status words (contract 12.3). Not our `Status`."""

    QUEUED = "queued"
    RUNNING = "running"
    NEEDS_INPUT = "needs_input"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
