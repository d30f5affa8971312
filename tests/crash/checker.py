"""The promises as a checker: the invariants of reliability B.3, judged by what the API charged and what Discord shows.

The truth is in the two sandboxes, whose charges and messages the bot cannot touch; the bot's own file is only asked
what it believes. I4 waits for a ledger. What stands beside them as `never silent` is promise 3 of the design.
"""

from __future__ import annotations

import re
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from tests.crash.records import OPEN, Records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.discord import Message
    from sandbox.scenario import Scenario
    from tests.crash.records import JobRecord

#: On what belongs to a job there is always one of our controls.
_OF_JOB: Final = re.compile(r"mj1:([0-9A-HJKMNP-TV-Z]{26}):")
_TOLD: Final = "may have been charged"
_HAS_TASK: Final = frozenset({"running", "needs_input", "succeeded", "expired"})
#: How far a status is on its way; it never becomes less. Within a rank all may follow all.
_RANKS: Final = {"queued": 0, "submitting": 0, "running": 1, "needs_input": 1, "unknown": 1, "expired": 2}
_LAST: Final = 3
#: Milliseconds that a job may be open beyond its deadline: the parts look about once a second.
_LENIENCE: Final = 30_000


@final
@dataclass(frozen=True, slots=True)
class Broken:
    """A promise that was not kept: which, about which job, and how."""

    invariant: str
    job_id: str
    what: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What came of everything, in numbers."""

    jobs: int
    delivered: int
    charges: int
    refunds: int
    duplicate_charges: int
    duplicate_posts: int
    lost_pictures: int
    unknown_charged: int
    unknown_not_charged: int
    unknown_unnamed: int
    unknown_told: int
    in_doubt: int


@final
class Checker:
    """Compares what the bot believes with what is true, again and again.

    Parameters
    ----------
    scenario
        Running; its bot may be up, or dead.
    has_receiver
        Whether something takes the API's callbacks all the time: then no charged job may stay unknown.
    """

    def __init__(self, scenario: Scenario, *, has_receiver: bool = False) -> None:
        self._scenario = scenario
        self._has_receiver = has_receiver
        self._records = Records(scenario.folder / "easel.db")
        self._seen: dict[str, JobRecord] = {}

    @property
    def jobs(self) -> dict[str, JobRecord]:
        """What the bot has written down by now."""
        return self._records.jobs()

    def is_quiet(self) -> bool:
        """Whether the bot has nothing more to do, but for waiting for what may have become of a modal."""
        now, jobs = time.time() * 1000, self.jobs
        return (
            not any(job.is_open and (not job.is_in_doubt(now) or self._has_ended(job)) for job in jobs.values())
            and all(batch.closed_at is not None for batch in self._records.batches())
            and not any(self._not_adopted(jobs))
        )

    def _has_ended(self, job: JobRecord) -> bool:
        """Whether the API has an end for a job, which the bot will see at its next look."""
        task = self._scenario.comet.tasks.get(job.task_id or "")
        return task is not None and task.status in {"SUCCESS", "FAILURE"}

    def look(self) -> list[Broken]:
        """Return what is broken at this moment, whatever the bot is in the middle of."""
        jobs = self.jobs
        pictures = self._pictures()
        broken = [
            *self._charged_twice(),
            *self._charged_unknown_to_us(jobs),
            *self._shown_twice(pictures),
            *self._ids(jobs),
            *self._backwards(jobs),
            *self._refunded_twice(),
            *self._seen_by_others(jobs),
            *self._overdue(jobs),
        ]
        self._seen = jobs
        return broken

    def conclude(self) -> list[Broken]:
        """Return what is broken now that the bot has had all the time it wants."""
        jobs = self.jobs
        return [
            *self.look(),
            *self._stuck(jobs),
            *self._lost(jobs),
            *self._silent(jobs),
            *self._not_adopted(jobs),
        ]

    def count(self) -> Sum:
        """Return the numbers."""
        jobs, charged = self.jobs, self._charged_jobs()
        unknown = [job for job in jobs.values() if job.status == "unknown"]
        return Sum(
            jobs=len(jobs),
            delivered=sum(job.status == "succeeded" and job.delivery == "delivered" for job in jobs.values()),
            charges=len(self._scenario.comet.ledger),
            refunds=sum(charge.refunded for charge in self._scenario.comet.ledger),
            duplicate_charges=sum(1 for _ in self._charged_twice()),
            duplicate_posts=sum(1 for _ in self._shown_twice(self._pictures())),
            lost_pictures=sum(1 for _ in self._lost(jobs)),
            unknown_charged=sum(job.id in charged for job in unknown),
            unknown_not_charged=sum(job.id not in charged for job in unknown),
            unknown_unnamed=sum(job.id in charged & self._unnamed() for job in unknown),
            unknown_told=sum(self._is_told(job) for job in unknown),
            in_doubt=sum(job.is_in_doubt(time.time() * 1000) for job in jobs.values()),
        )

    # Money -----------------------------------------------------------------------------------------------------------

    def _charged_jobs(self) -> set[str]:
        return {_job_of(charge.echo) for charge in self._scenario.comet.ledger}

    def _charged_twice(self) -> Iterator[Broken]:
        """I1: a submit or an action once, and its modal step once."""
        counts = Counter((_job_of(each.echo), each.action == "MODAL") for each in self._scenario.comet.ledger)
        for (job_id, is_modal), count in counts.items():
            if count > 1:
                yield Broken("I1", job_id, f"charged {count} times" + " for its modal" * is_modal)

    def _charged_unknown_to_us(self, jobs: dict[str, JobRecord]) -> Iterator[Broken]:
        """I1 as well: nothing is bought that is not written down."""
        for job_id in self._charged_jobs() - jobs.keys():
            yield Broken("I1", job_id, "charged, and there is no such job")

    def _not_adopted(self, jobs: dict[str, JobRecord]) -> Iterator[Broken]:
        """What a callback has named is somebody's picture, and not a riddle (reliability B.5)."""
        named = self._charged_jobs() - self._unnamed() if self._has_receiver else set[str]()
        for job in jobs.values():
            if job.status == "unknown" and job.id in named:
                yield Broken("adoption", job.id, "charged, and still unknown")

    def _unnamed(self) -> set[str]:
        """Return the jobs whose task waits for its modal: no callback ever tells of that (contract 5)."""
        return {_job_of(task.echo) for task in self._scenario.comet.tasks.values() if task.awaits_modal}

    def _refunded_twice(self) -> Iterator[Broken]:
        """I8: what was paid for a job comes back once at most."""
        refunded = (each for each in self._scenario.comet.ledger if each.refunded)
        counts = Counter((_job_of(each.echo), each.action == "MODAL") for each in refunded)
        for (job_id, _), count in counts.items():
            if count > 1:
                yield Broken("I8", job_id, f"refunded {count} times")

    # Pictures --------------------------------------------------------------------------------------------------------

    def _pictures(self) -> dict[str, list[Message]]:
        """Return the messages in which a job's picture was delivered, also those that were deleted since.

        A further answer to somebody who pressed what was pressed before is none of them: it was asked for.
        """
        answers = {job.answer_message_id for job in self.jobs.values()}
        shown: dict[str, list[Message]] = defaultdict(list)
        for message in self._messages():
            job_id = _about(message)
            if job_id is not None and message.attachments and (message.interaction is None or message.id in answers):
                shown[job_id].append(message)
        return shown

    def _shown_twice(self, pictures: dict[str, list[Message]]) -> Iterator[Broken]:
        """I3: one message with the picture of a job."""
        for job_id, messages in pictures.items():
            if len(messages) > 1:
                yield Broken("I3", job_id, f"shown in the messages {[message.id for message in messages]}")

    def _lost(self, jobs: dict[str, JobRecord]) -> Iterator[Broken]:
        """I2: a task that ended well and whose id we know is shown, or kept with its picture."""
        pictures = self._pictures()
        for job in jobs.values():
            task = self._scenario.comet.tasks.get(job.task_id or "")
            if task is None or task.status != "SUCCESS":
                continue
            is_shown = any(not message.deleted for message in pictures.get(job.id, ()))
            is_kept = job.delivery == "kept" and job.picture is not None and self._is_on_disk(job.picture)
            if job.status != "succeeded" or not (is_shown or is_kept):
                yield Broken("I2", job.id, f"made, but {job.status}, {job.delivery}, {'' if is_shown else 'not '}shown")

    def _is_on_disk(self, picture: str) -> bool:
        return (self._scenario.folder / "pictures" / picture).exists()

    # States ----------------------------------------------------------------------------------------------------------

    def _ids(self, jobs: dict[str, JobRecord]) -> Iterator[Broken]:
        """I6: a task is known exactly of what was sent, and it is the task that was made of this very job."""
        for job in jobs.values():
            task = self._scenario.comet.tasks.get(job.task_id or "")
            if job.status in _HAS_TASK and task is None:
                yield Broken("I6", job.id, f"{job.status} with the task {job.task_id}")
            elif task is not None and _job_of(task.echo) != job.id:
                yield Broken("I6", job.id, f"has the task of {task.echo}")
            elif job.task_id is not None and not job.attempts:
                yield Broken("I6", job.id, "has a task and was never sent")

    def _backwards(self, jobs: dict[str, JobRecord]) -> Iterator[Broken]:
        """I7: no way leads back, as far as can be seen from one look to the next."""
        for job_id, old in self._seen.items():
            new = jobs.get(job_id)
            if new is None:
                yield Broken("I7", job_id, f"was {old.status} and is gone")
                continue
            before, after = _rank(old), _rank(new)
            if after < before or (before == _LAST and new.status != old.status):
                yield Broken("I7", job_id, f"was {old.status} and is {new.status}")
            elif old.task_id is not None and new.task_id != old.task_id:
                yield Broken("I7", job_id, f"had the task {old.task_id} and has {new.task_id}")
            elif old.delivery in {"delivered", "kept"} and old.status == new.status != "cancelled" and new.is_open:
                yield Broken("I7", job_id, f"was {old.delivery} and is {new.delivery}")

    def _overdue(self, jobs: dict[str, JobRecord]) -> Iterator[Broken]:
        """I5: nothing is open beyond its deadline."""
        now = time.time() * 1000
        for job in jobs.values():
            if job.status in OPEN and job.give_up_at is not None and job.give_up_at + _LENIENCE < now:
                yield Broken("I5", job.id, f"{job.status} beyond its deadline")

    def _stuck(self, jobs: dict[str, JobRecord]) -> Iterator[Broken]:
        """I5 as well: with all the time it wants and nothing in its way, every job comes to an end."""
        now = time.time() * 1000
        for job in jobs.values():
            if job.is_open and not job.is_in_doubt(now):
                yield Broken("I5", job.id, f"stays {job.status}, {job.delivery}")
        for batch in self._records.batches():
            if batch.closed_at is None:
                yield Broken("I5", batch.id, "a batch without its last word")

    # People ----------------------------------------------------------------------------------------------------------

    def _messages(self) -> Iterator[Message]:
        discord = self._scenario.discord
        for channel in tuple(discord.world.channels.values()):
            yield from discord.messages(channel, deleted=True)

    def _seen_by_others(self, jobs: dict[str, JobRecord]) -> Iterator[Broken]:
        """I9: a job is seen in its own channel and by its person, a private one by its person alone."""
        bot_id = self._scenario.discord.bot_id
        for message in self._messages():
            job = jobs.get(_about(message) or "")
            if job is None or message.ephemeral_to == job.user_id:
                continue
            if {party.id for party in message.channel.parties} == {bot_id, job.user_id}:
                continue
            if job.is_private or message.channel_id != job.channel_id:
                yield Broken("I9", job.id, f"seen by others in the message {message.id}")

    def _silent(self, jobs: dict[str, JobRecord]) -> Iterator[Broken]:
        """Promise 3: what a person was shown has come to a picture or a sentence, and nothing is left half said."""
        for job in jobs.values():
            if job.status == "unknown" and not self._is_told(job):
                yield Broken("never silent", job.id, "unknown, and its person was not told")
        pictures = self._pictures()
        for message in self._messages():
            job = jobs.get(_about(message) or "")
            if message.deleted or job is None or message.id != job.answer_message_id or message.attachments:
                continue
            if job.status == "succeeded" and pictures.get(job.id):
                yield Broken("never silent", job.id, "its progress message is still there")
            elif message.ephemeral_to is not None:
                continue  # once its token has expired, nobody can change it: they were told directly, as seen above
            elif job.status not in OPEN and any(_is_cancel(button.custom_id) for button in message.buttons()):
                yield Broken("never silent", job.id, f"{job.status}, and its message still says that it waits")
        yield from self._orphans(jobs)

    def _orphans(self, jobs: dict[str, JobRecord]) -> Iterator[Broken]:
        """What stands in a channel and speaks of a job or a batch that nobody knows any more."""
        batches = {batch.answer_message_id for batch in self._records.batches()}
        for message in self._messages():
            if message.deleted or message.author.id != self._scenario.discord.bot_id:
                continue
            about = _about(message)
            if about is not None and about not in jobs:
                yield Broken("never silent", about, f"the message {message.id} is about no job")
            is_batch = any("mjb1:" in (button.custom_id or "") for button in message.buttons())
            if message.ephemeral_to is not None:
                continue  # its id died with the process that sent it, and without that nobody finds or changes it
            if is_batch and message.id not in batches:
                yield Broken("never silent", str(message.id), "the message of a batch that waits for ever")

    def _is_told(self, job: JobRecord) -> bool:
        """Whether the person of a job of unknown outcome can read so, or found it in the message of their batch."""
        if job.batch_id is not None:
            return job.delivery == "delivered"
        told = (message for message in self._messages() if not message.deleted and _about(message) == job.id)
        return any(_TOLD in message.text() for message in told)


def _job_of(echo: str) -> str:
    """Return the job that a submit's `state` names; a signature may follow it."""
    return echo.partition(".")[0]


def _rank(job: JobRecord) -> int:
    is_modal = job.status == "submitting" and job.task_id is not None
    return _RANKS["needs_input"] if is_modal else _RANKS.get(job.status, _LAST)


def _is_cancel(custom_id: str | None) -> bool:
    return (custom_id or "").endswith(":cancel")


def _about(message: Message) -> str | None:
    """Return the job whose controls are on a message."""
    for control in (*message.buttons(), *message.selects()):
        match = _OF_JOB.match(control.custom_id or "")
        if match is not None:
            return match[1]
    return None
