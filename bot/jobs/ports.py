"""What the job engine needs from the world, as Protocols.

Implemented by `storage.jobs.SqliteJobStore`, `bot.cometapi.client.CometClient`, `cogs.delivery.DiscordDelivery` and
`bot.jobs.clock.SystemClock`; by fakes with behavior in the tests. Imports only the model: never discord, aiohttp or
aiosqlite.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypedDict, final

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from bot.model import (
        Accepted,
        Action,
        DeliveryStatus,
        Entry,
        Failure,
        Job,
        Media,
        NewJob,
        Speed,
        Status,
        Task,
        Waiting,
    )


class Clock(Protocol):
    """Time, as the engine sees it; a test drives its own."""

    def now(self) -> datetime:
        """Return the time of day: aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that only ever grow, for measuring waits."""
        ...

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        """Wait until `event` is set or `seconds` have passed; tell whether it was set. The event is not cleared."""
        ...


class JobChanges(TypedDict, total=False):
    """Columns of a job that may be written together with, or without, a change of status. Meanings as in `Job`."""

    answered_at: datetime
    due_at: datetime | None
    give_up_at: datetime
    waiting: Waiting | None
    submitted_at: datetime
    task_id: str
    queue_ahead: int | None
    progress: int | None
    preview_url: str | None
    modal_sent_at: datetime
    finished_at: datetime
    final_prompt: str
    result_text: str
    media_url: str | None
    picture: str | None
    media_type: str | None
    failure: Failure | None
    failure_detail: str


class DeliveryChanges(TypedDict, total=False):
    """Columns of a delivery that may be written. Meanings as in `DeliveryRow`."""

    attempts: int
    due_at: datetime | None
    channel_id: int | None
    message_id: int | None
    answer_message_id: int | None


@final
class Step(StrEnum):
    """Which physical POST an attempt is."""

    SUBMIT = "submit"
    ACTION = "action"
    MODAL = "modal"


@final
class Outcome(StrEnum):
    """How an attempt ended (reliability B.2)."""

    ACCEPTED = "accepted"
    NOT_SENT = "not_sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class JobStore(Protocol):
    """The durable memory. Every method is one transaction; when it returns, the change is on disk.

    Methods that write raise `StorageError` when the database refuses. A caller that is cancelled while it waits loses
    only its wait: the transaction is carried through or rolled back as a whole.
    """

    async def add(self, new: NewJob) -> tuple[Entry, Job]:
        """Write a job down as `queued`, with its delivery row, unless it exists already in the sense of `Entry`.

        With `retry_of`: that job must be `unknown`; the new one takes over its `single_key`. A second retry of the same
        job is `repeated` while the first has neither failed nor been cancelled.

        Raises
        ------
        TransitionLost
            The job named by `retry_of` is not `unknown` any more.
        """
        ...

    async def get(self, job_id: str) -> Job | None:
        """Return the job, or None."""
        ...

    async def actions(self, job_id: str) -> tuple[Action, ...]:
        """Return the stored buttons of a job, in the order of their index."""
        ...

    async def begin_submit(self, job_id: str, source: Status, step: Step, at: datetime) -> Job:
        """Move `source` to `submitting` and open an attempt row, both before any socket is opened.

        Raises
        ------
        TransitionLost
            The job was not in `source`, so somebody else has it.
        """
        ...

    async def transition(  # noqa: PLR0913 - one statement carries the whole step, so that no part of it can be lost
        self,
        job_id: str,
        source: Status,
        target: Status,
        *,
        at: datetime,
        changes: JobChanges | None = None,
        outcome: Outcome | None = None,
        actions: Sequence[Action] | None = None,
    ) -> Job:
        """Compare-and-set the status and return the job as it is afterwards.

        In the same transaction: `changes` are written; `outcome` closes the open attempt; `actions` are stored; a
        move into a settled status makes the delivery `due`, a move into `running` out of `unknown` makes it `waiting`;
        a move into `failed` or `cancelled` gives the `single_key` back.

        Raises
        ------
        TransitionLost
            The job was not in `source`.
        ValueError
            The move is not in `TRANSITIONS`.
        """
        ...

    async def note(self, job_id: str, changes: JobChanges, at: datetime) -> None:
        """Write `changes` without touching the status."""
        ...

    async def answered(self, job_id: str, message_id: int | None, at: datetime) -> Job | None:
        """Record that the person saw our answer (once); return the job, or None if there is no such job."""
        ...

    async def move_delivery(
        self,
        job_id: str,
        source: Collection[DeliveryStatus],
        target: DeliveryStatus,
        changes: DeliveryChanges | None = None,
        *,
        of: Status | None = None,
    ) -> bool:
        """Compare-and-set the delivery status; tell whether this caller did it.

        With `of`: only while the job itself has that status, so that whoever brought one word cannot call another
        delivered that has become due meanwhile.
        """
        ...

    async def note_delivery(self, job_id: str, changes: DeliveryChanges) -> None:
        """Write `changes` without touching the delivery status."""
        ...

    async def due_submits(self, now: datetime, limit: int) -> list[Job]:
        """Return queued jobs that are answered and due, longest waiting first."""
        ...

    async def unanswered(self, before: datetime) -> list[Job]:
        """Return queued jobs older than `before` of which we do not know that the person saw the answer."""
        ...

    async def open_tasks(self, swept_since: datetime) -> list[Job]:
        """Return the jobs with a task to follow, oldest first.

        These are the `running` and `needs_input` ones and, created after that time, the `expired` ones and those
        `unknown` ones whose task is known.
        """
        ...

    async def due_deliveries(self, now: datetime, limit: int) -> list[Job]:
        """Return settled jobs whose delivery is `due`, `posting` or `linked` and due by now, oldest first."""
        ...

    async def recover(self, at: datetime) -> Mapping[Status, int]:
        """Make `submitting` rows of a former process honest: `unknown`, or, with an open modal attempt, `needs_input`.

        Run once at start, before anything else. Never makes anything be sent again.

        Returns
        -------
        Mapping
            How many rows went to which status.
        """
        ...

    async def erase_tokens(self, before: datetime) -> int:
        """Forget the interaction tokens of jobs created before that time; return how many there were."""
        ...

    async def page(self, user_id: int, before: str | None, limit: int) -> list[Job]:
        """Return a person's jobs, newest first, those older than the job id `before` if given."""
        ...


class Midjourney(Protocol):
    """The Midjourney API. All methods raise `CometError`; a submit that raises one with `sent == "no"` cost nothing."""

    async def imagine(self, prompt: str, *, speed: Speed, echo: str) -> Accepted:
        """Submit a prompt. `echo` comes back in the task; at most 255 characters."""
        ...

    async def act(self, task_id: str, action_id: str, *, speed: Speed, echo: str) -> Accepted:
        """Press a button of a finished task."""
        ...

    async def answer_modal(self, task_id: str, prompt: str, *, speed: Speed, mask: bytes | None = None) -> Accepted:
        """Give a waiting task its prompt and, for a region, a PNG mask (white = repaint)."""
        ...

    async def fetch(self, task_id: str) -> Task | None:
        """Look at one task; None where the API does not know it (which it may say of a task it has, contract 8)."""
        ...

    async def list_tasks(self, task_ids: Sequence[str]) -> dict[str, Task]:
        """Look at up to 100 tasks in one request; unknown ones are missing from the answer."""
        ...

    async def download(self, url: str, destination: Path) -> Media:
        """Fetch a picture or video into a new file, whole or not at all.

        Raises
        ------
        MediaUnavailable, MediaRefused
            It could not be had, or may not be.
        """
        ...

    async def check_key(self) -> None:
        """Ask the API something free of charge that needs the key; return if it answered and accepted the key."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """All that is needed to show a settled job.

    Attributes
    ----------
    media
        The file to attach; None where the job has none, or where it could not be fetched (then its link is shown).
    parent
        The job this one came from, for "Variation 2 of …".
    original_url
        Set where `media` is a smaller copy: where the original can be had.
    """

    job: Job
    actions: tuple[Action, ...] = ()
    media: Media | None = None
    parent: Job | None = None
    original_url: str | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Where a message of ours stands."""

    channel_id: int
    message_id: int


class Delivery(Protocol):
    """The way to the people. All methods raise `DeliveryError`.

    The adapter repeats what is safe to repeat (the same nonce, the file rewound) and tells the rest apart: a closed way
    (`ChannelGone`, `NotAllowed`, `AnswerGone`), a file too large (`TooLarge`), a passing fault (`DiscordUnavailable`).
    """

    async def show_progress(self, job: Job, parent: Job | None = None) -> None:
        """Edit the answer to the interaction so that it tells where the job stands, and what it came from."""
        ...

    async def find_answer(self, job: Job) -> int | None:
        """Look whether the interaction was answered: the message id, or None if the person saw a failure."""
        ...

    async def post(self, parcel: Parcel) -> Posted:
        """Post a new message in the job's channel, mentioning the person.

        The nonce is the job's for a result, and another deterministic one for any other word: a late success may
        follow "expired" within the minutes in which Discord drops a repeated nonce.
        """
        ...

    async def find_post(self, job: Job) -> Posted | None:
        """Look for the job's last word in its channel's messages since it was settled, by our own button on it."""
        ...

    async def edit_post(self, posted: Posted, parcel: Parcel) -> None:
        """Replace what a message of ours shows."""
        ...

    async def edit_answer(self, parcel: Parcel) -> Posted:
        """Show the parcel in the answer to the interaction instead of in a message of its own."""
        ...

    async def send_dm(self, parcel: Parcel) -> Posted:
        """Send the parcel to the person directly."""
        ...

    async def remove_answer(self, job: Job) -> None:
        """Take the progress message away; one that is gone already is no error."""
        ...
