"""What is remembered beside jobs: batches, drafts, favorites, what people set for themselves; and all of it together.

Imports only the model and its neighbors. As in `JobStore`, every method is one transaction, and those that write raise
`StorageError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from bot.jobs.ports.files import FileStore
    from bot.jobs.ports.history import HistoryStore
    from bot.jobs.ports.jobstore import JobStore
    from bot.jobs.ports.presets import PresetStore
    from bot.jobs.ports.privacy import ExportStore, PrivacyStore
    from bot.jobs.ports.shares import ShareStore
    from bot.jobs.ports.stars import StarStore
    from bot.jobs.ports.takedowns import TakedownStore
    from bot.jobs.ports.usage import UsageStore
    from bot.model import Batch, Draft, NewJob, Person, Server


class BatchStore(Protocol):
    """Several jobs that were asked for at once."""

    async def add(self, batch: Batch, jobs: Sequence[NewJob], draft_id: str) -> Batch | None:
        """Write a batch and its jobs down, and use up the draft that was confirmed; None if that was used up before."""
        ...

    async def get(self, batch_id: str) -> Batch | None:
        """Return a batch with its jobs."""
        ...

    async def open(self) -> list[Batch]:
        """Return the batches that are not closed, oldest first, with their jobs."""
        ...

    async def answered(self, batch_id: str, message_id: int, at: datetime) -> Batch | None:
        """Record that the person saw the answer: all its jobs may be sent. None if there is no such batch."""
        ...

    async def close(self, batch_id: str, at: datetime) -> None:
        """Record that the last word about it was shown."""
        ...


class DraftStore(Protocol):
    """What people have filled in and not sent yet."""

    async def put(self, draft: Draft) -> None:
        """Write a draft down, in the place of the one with the same id."""
        ...

    async def get(self, draft_id: str) -> Draft | None:
        """Return a draft, or None."""
        ...

    async def change(
        self, draft_id: str, fields: Mapping[str, str], *, where: Mapping[str, str] | None = None
    ) -> Draft | None:
        """Set some fields of a draft in one step and return it as it is then; None if there is no such draft.

        With `where`: None also unless these fields are as given there, so that only one of several callers does it.
        """
        ...

    async def take(self, draft_id: str) -> Draft | None:
        """Return a draft and forget it: only one caller ever gets it."""
        ...

    async def forget(self, before: datetime) -> int:
        """Forget the drafts made before that time; return how many there were."""
        ...


class PeopleStore(Protocol):
    """What people and servers prefer, and what people like."""

    async def get(self, user_id: int) -> Person:
        """Return a person; with all the defaults if they have set nothing."""
        ...

    async def put(self, person: Person) -> None:
        """Write down what a person has set."""
        ...

    async def server(self, guild_id: int) -> Server:
        """Return what is set for a server; all the defaults if nothing is."""
        ...

    async def put_server(self, server: Server) -> None:
        """Write down what is set for a server."""
        ...

    async def set_favorite(self, user_id: int, job_id: str, at: datetime, *, on: bool) -> bool:
        """Make a job a favorite of a person, or no longer; tell whether that changed anything."""
        ...

    async def is_favorite(self, user_id: int, job_id: str) -> bool:
        """Tell whether a job is a favorite of a person."""
        ...

    async def favorites_among(self, user_id: int, job_ids: Collection[str]) -> frozenset[str]:
        """Return those of these jobs, by id, that are favorites of a person."""
        ...


class Memory(Protocol):
    """Everything that Easel remembers, on one database."""

    @property
    def jobs(self) -> JobStore:
        """The jobs."""
        ...

    @property
    def batches(self) -> BatchStore:
        """The batches."""
        ...

    @property
    def drafts(self) -> DraftStore:
        """The drafts."""
        ...

    @property
    def people(self) -> PeopleStore:
        """The people."""
        ...

    @property
    def history(self) -> HistoryStore:
        """What each person has made."""
        ...

    @property
    def presets(self) -> PresetStore:
        """What people keep under names."""
        ...

    @property
    def usage(self) -> UsageStore:
        """What people have used."""
        ...

    @property
    def exports(self) -> ExportStore:
        """What is being put together for people."""
        ...

    @property
    def privacy(self) -> PrivacyStore:
        """People's data as a whole."""
        ...

    @property
    def files(self) -> FileStore:
        """The kept files."""
        ...

    @property
    def shares(self) -> ShareStore:
        """Where jobs are shown again."""
        ...

    @property
    def stars(self) -> StarStore:
        """The stars."""
        ...

    @property
    def takedowns(self) -> TakedownStore:
        """The messages of deleted jobs."""
        ...

    async def needed_inputs(self, since: datetime | None = None) -> set[str]:
        """Return the names of the inputs that an open or unknown job, or a draft, may still be sent with.

        With `since`, also those of all jobs that were made from then on: they may be run again.
        """
        ...
