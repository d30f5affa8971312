"""The values that travel through Easel: jobs, actions, tasks, pictures, and the statuses a job may move between.

Everything here is frozen and knows nothing of Discord, HTTP or SQL. It imports only the standard library.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta
    from pathlib import Path


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
    Status.QUEUED: frozenset({Status.SUBMITTING, Status.CANCELLED, Status.FAILED}),
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
@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A button of a finished task, as stored with the job.

    Attributes
    ----------
    index
        Its number within the job, from 0; never renumbered. It is what our `custom_id` carries.
    action_id
        Midjourney's own `customId` (contract 4.6); at most a few hundred characters; only unique with the task.
    label, emoji
        At least one is not empty. `emoji` is a single Unicode emoji or empty; custom emoji names are dropped.
    style
        Discord's button style, 1–4; 1 means "was pressed" on some back ends.
    quadrant
        1–4 where the action is about one picture of a grid.
    needs_input
        Whether a window has to be filled in before it can be sent (contract 3.3).
    once
        Whether one result serves everybody: U1–U4 and each upscale (design 6).
    """

    index: int
    action_id: str
    kind: Kind
    label: str
    emoji: str = ""
    style: int = 2
    quadrant: int | None = None
    needs_input: bool = False
    once: bool = False


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A fetched picture or video on our disk.

    Attributes
    ----------
    path
        The file; owned by whoever fetched it.
    media_type
        By magic bytes: `image/png`, `image/jpeg`, `image/webp`, `image/gif` or `video/mp4`.
    size
        In bytes.
    """

    path: Path
    media_type: str
    size: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """What is known about where and how a job's answer and result are shown.

    Attributes
    ----------
    nonce
        At most 25 characters, the same for every send of this job's result: Discord drops a repeat for some minutes.
    channel_id, message_id
        The posted result; the channel differs from the job's when it went to a DM.
    answer_message_id
        The progress message: the answer to the interaction.
    interaction_token
        Secret; None once it has expired (15 minutes) and been erased.
    attachment_size_limit
        Bytes one file may have in this place, from the interaction.
    attempts
        Sends tried so far.
    due_at
        Not to be tried before this time.
    """

    status: DeliveryStatus
    nonce: str
    locale: str
    attachment_size_limit: int
    attempts: int = 0
    due_at: datetime | None = None
    channel_id: int | None = None
    message_id: int | None = None
    answer_message_id: int | None = None
    interaction_token: str | None = field(default=None, repr=False)
    application_id: int = 0


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One thing that a person asked for: our durable row.

    Attributes
    ----------
    id
        ULID text, 26 characters. Not a secret and not a capability.
    prompt
        The text sent to the API, parameters included; for an action, that of the parent.
    parent_id, action_index, action_label, quadrant
        Of the button this job came from; None and empty for `/imagine`.
    single_key
        `<parent id>:<action index>` while this job is the one result of a once-only action, else None.
    retry_of
        The `unknown` job that a person chose to submit again.
    answered_at
        When the person saw our answer. A queued job is not sent before that.
    due_at
        A queued job is not sent before this time.
    give_up_at
        When a queued job fails, or a running one expires.
    progress
        0–100, the highest seen in this run, or None.
    modal_sent_at
        When the API's modal step was sent; from then on a MODAL status is stale (contract 4.3).
    picture
        File name below the picture folder once the picture is safe on our disk, else None.
    failure_detail
        The banned word, or the API's reason, shortened; never a secret.
    """

    id: str
    kind: Kind
    status: Status
    prompt: str
    speed: Speed
    user_id: int
    guild_id: int | None
    channel_id: int
    interaction_id: int
    created_at: datetime
    updated_at: datetime
    delivery: DeliveryRow
    parent_id: str | None = None
    action_index: int | None = None
    action_label: str = ""
    quadrant: int | None = None
    single_key: str | None = None
    retry_of: str | None = None
    answered_at: datetime | None = None
    due_at: datetime | None = None
    give_up_at: datetime | None = None
    waiting: Waiting | None = None
    submitted_at: datetime | None = None
    task_id: str | None = None
    queue_ahead: int | None = None
    progress: int | None = None
    preview_url: str | None = None
    modal_sent_at: datetime | None = None
    finished_at: datetime | None = None
    final_prompt: str = ""
    result_text: str = ""
    media_url: str | None = None
    picture: str | None = None
    media_type: str | None = None
    failure: Failure | None = None
    failure_detail: str = ""

    @property
    def duration(self) -> timedelta | None:
        """Time from the accepted submit to the end, as we saw it; None while either is missing."""
        if self.submitted_at is None or self.finished_at is None:
            return None
        return self.finished_at - self.submitted_at


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """A job about to be written down, with where its answer goes. Field meanings as in `Job` and `DeliveryRow`."""

    id: str
    kind: Kind
    prompt: str
    speed: Speed
    user_id: int
    guild_id: int | None
    channel_id: int
    interaction_id: int
    interaction_token: str = field(repr=False)
    application_id: int
    attachment_size_limit: int
    locale: str
    created_at: datetime
    give_up_at: datetime
    parent_id: str | None = None
    action_index: int | None = None
    action_label: str = ""
    quadrant: int | None = None
    once: bool = False
    retry_of: str | None = None


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


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One look at a task at the API, normalized by contract 12.

    Attributes
    ----------
    progress
        0–100 or None where the API said nothing readable.
    picture_url
        The final picture; only when `phase` is `succeeded`.
    preview_url
        A picture of the running task; its query changes with every look, so never compare it.
    video_urls
        Candidates in the order to try them.
    text
        Describe and shorten: the suggestions, as sent.
    echo
        The `state` we gave at submit; empty for the first seconds.
    """

    task_id: str
    phase: Phase
    progress: int | None = None
    picture_url: str | None = None
    preview_url: str | None = None
    video_urls: tuple[str, ...] = ()
    prompt: str = ""
    final_prompt: str = ""
    text: str = ""
    fail_reason: str = ""
    echo: str = ""
    actions: tuple[Action, ...] = ()
    submitted_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The API took a submit.

    Attributes
    ----------
    task_id
        Of the task to follow.
    other_task_ids
        Further ids of the same submit ("imagine all").
    needs_input
        The API waits for its modal step: code 21, or `properties.remix`.
    queue_ahead
        Tasks in front of it, where the API says so.
    final_prompt
        The prompt the API proposes for the modal step, or empty.
    """

    task_id: str
    other_task_ids: tuple[str, ...] = ()
    needs_input: bool = False
    queue_ahead: int | None = None
    final_prompt: str = ""
