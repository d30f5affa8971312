"""The durable memory of jobs, as the engine needs it. Imports only the model."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypedDict, final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from bot.model import Action, DeliveryStatus, Entry, Failure, Job, NewJob, Status, Waiting


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
    seed: str | None
    more_urls: tuple[str, ...]


@final
class Headway(NamedTuple):
    """How far a job's task is. Meanings as in `Job`."""

    job_id: str
    progress: int | None
    preview_url: str | None

    def of(self, job: Job) -> Job:
        """Return the job with that."""
        return replace(job, progress=self.progress, preview_url=self.preview_url)


class DeliveryChanges(TypedDict, total=False):
    """Columns of a delivery that may be written. Meanings as in `DeliveryRow`."""

    attempts: int
    due_at: datetime | None
    channel_id: int | None
    message_id: int | None
    answer_message_id: int | None
    look_first: bool


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

    async def adopt(
        self,
        job_id: str,
        source: Status,
        task_id: str,
        *,
        at: datetime,
        changes: JobChanges,
        may_share: bool = False,
    ) -> Job | None:
        """Move a job without a task from `source` to `running` with this one; None if another job has the task.

        In the same transaction: as for `transition`; the newest attempt that is no modal step counts as accepted.

        Parameters
        ----------
        may_share
            Whether another job may have the task too.

        Raises
        ------
        TransitionLost
            The job was not in `source`, or has a task.
        ValueError
            The move is not in `TRANSITIONS`.
        """
        ...

    async def note(self, job_id: str, changes: JobChanges, at: datetime) -> None:
        """Write `changes` without touching the status."""
        ...

    async def note_headway(self, made: Collection[Headway], at: datetime) -> None:
        """Write how far jobs are, all of them or none."""
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

    async def swept(self, since: datetime) -> list[Job]:
        """Return those of them that are expired or unknown, created after that time, oldest first."""
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

    async def children(self, job_id: str, limit: int) -> list[Job]:
        """Return the jobs that were made from this one, oldest first."""
        ...

    async def family(self, job_id: str, limit: int) -> list[Job]:
        """Return a job, what it was made from, and everything else that was made from any of that, nearest first.

        Deleted ones are among them.
        """
        ...

    async def of_message(self, message_id: int) -> Job | None:
        """Return the job that a message of ours tells about: its result, or the answer to its interaction."""
        ...

    async def delete(self, job_id: str, at: datetime) -> Job | None:
        """Mark a settled job as deleted and forget where its picture lies; return it as it was, None if it is not ours.

        Its `single_key` is given back, its favorites are taken away, and it is in no page, search or look-up any more
        but that of `get` and `children`.
        """
        ...

    async def kill_actions(self, job_id: str, indexes: Collection[int]) -> None:
        """Mark buttons of a job as refused for good."""
        ...
