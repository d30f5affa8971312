"""`SqliteJobStore`: the durable memory behind the engine's `JobStore` port.

Every write is one transaction of `Database.write`; its parts by topic are in `entry`, `moves` and `deliveries`. Imports
nothing of discord or aiohttp, and of the engine only the types of the port.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Final, final

from typing_extensions import override

from bot.model import Status
from storage import queries
from storage.rows import action_of, job_of, milliseconds
from storage.stores.chronicle import Chronicle
from storage.transactions import deliveries, moves, removal
from storage.transactions.deliveries import DeliveryMove
from storage.transactions.entry import enter
from storage.transactions.moves import Move

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from sqlite3 import Row

    from bot.jobs.ports import DeliveryChanges, Headway, JobChanges, JobStore, Outcome, Step
    from bot.model import Action, DeliveryStatus, Entry, Job, NewJob
    from storage.database import Database
    from storage.rows import Stored
else:
    # Storage stands below the engine and must not import it at run time; the type checker holds us to the port.
    JobStore = object

#: Rows turned into values before the event loop gets a turn: some milliseconds' worth.
_CHUNK: Final = 100


@final
class SqliteJobStore(JobStore):
    """Jobs in an SQLite file.

    Parameters
    ----------
    database
        Open; not closed here.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._chronicle = Chronicle(database.metrics.jobs)

    @override
    async def add(self, new: NewJob) -> tuple[Entry, Job]:
        self._database.require_room()
        entry, job = await self._database.write(lambda connection: enter(connection, new))
        self._chronicle.entered(entry, job)
        return entry, job

    @override
    async def get(self, job_id: str) -> Job | None:
        rows = await self._database.read(queries.JOB_BY_ID, (job_id,))
        return job_of(rows[0]) if rows else None

    @override
    async def actions(self, job_id: str) -> tuple[Action, ...]:
        return tuple(action_of(row) for row in await self._database.read(queries.ACTIONS, (job_id,)))

    @override
    async def begin_submit(self, job_id: str, source: Status, step: Step, at: datetime) -> Job:
        move = Move(job_id=job_id, source=source, target=Status.SUBMITTING, at=at)
        job = await self._database.write(lambda connection: moves.begin_submit(connection, move, step))
        self._chronicle.moved(move, job)
        return job

    @override
    async def transition(
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
        move = Move(
            job_id=job_id,
            source=source,
            target=target,
            at=at,
            changes=changes or {},
            outcome=outcome,
            actions=actions or (),
        )
        job = await self._database.write(lambda connection: moves.carry_out(connection, move))
        self._chronicle.moved(move, job)
        return job

    @override
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
        adopting = {**changes, "task_id": task_id}
        move = Move(job_id=job_id, source=source, target=Status.RUNNING, at=at, changes=adopting)
        job = await self._database.write(lambda connection: moves.adopt(connection, move, may_share=may_share))
        if job is not None:
            self._chronicle.moved(move, job)
        return job

    @override
    async def note(self, job_id: str, changes: JobChanges, at: datetime) -> None:
        await self._database.write(lambda connection: moves.note(connection, job_id, changes, at))

    @override
    async def note_headway(self, made: Collection[Headway], at: datetime) -> None:
        await self._database.write(lambda connection: moves.note_headway(connection, made, at))

    @override
    async def answered(self, job_id: str, message_id: int | None, at: datetime) -> Job | None:
        return await self._database.write(lambda connection: deliveries.answered(connection, job_id, message_id, at))

    @override
    async def move_delivery(
        self,
        job_id: str,
        source: Collection[DeliveryStatus],
        target: DeliveryStatus,
        changes: DeliveryChanges | None = None,
        *,
        of: Status | None = None,
    ) -> bool:
        move = DeliveryMove(job_id=job_id, source=source, target=target, changes=changes or {}, of=of)
        return await self._database.write(lambda connection: deliveries.move(connection, move))

    @override
    async def note_delivery(self, job_id: str, changes: DeliveryChanges) -> None:
        await self._database.write(lambda connection: deliveries.note(connection, job_id, changes))

    @override
    async def due_submits(self, now: datetime, limit: int) -> list[Job]:
        return await self._jobs(queries.DUE_SUBMITS, milliseconds(now), limit)

    @override
    async def unanswered(self, before: datetime) -> list[Job]:
        return await self._jobs(queries.UNANSWERED, milliseconds(before))

    @override
    async def open_tasks(self, swept_since: datetime) -> list[Job]:
        return await self._jobs(queries.OPEN_TASKS, milliseconds(swept_since))

    @override
    async def swept(self, since: datetime) -> list[Job]:
        return await self._jobs(queries.SWEPT, milliseconds(since))

    @override
    async def due_deliveries(self, now: datetime, limit: int) -> list[Job]:
        return await self._jobs(queries.DUE_DELIVERIES, milliseconds(now), limit)

    @override
    async def recover(self, at: datetime) -> Mapping[Status, int]:
        recovered = await self._database.write(lambda connection: moves.recover(connection, at))
        for job in recovered:
            self._chronicle.recovered(job)
        return Counter(job.status for job in recovered)

    @override
    async def erase_tokens(self, before: datetime) -> int:
        erased = await self._database.write(lambda connection: deliveries.erase_tokens(connection, before))
        if erased:
            await self._database.checkpoint()  # until then the log beside the file still has them
        return erased

    @override
    async def children(self, job_id: str, limit: int) -> list[Job]:
        return await self._jobs(queries.CHILDREN, job_id, limit)

    @override
    async def family(self, job_id: str, limit: int) -> list[Job]:
        return await self._jobs(queries.FAMILY, job_id, limit)

    @override
    async def of_message(self, message_id: int) -> Job | None:
        jobs = await self._jobs(queries.OF_MESSAGE, *[message_id] * 5)
        return jobs[0] if jobs else None

    @override
    async def delete(self, job_id: str, at: datetime) -> Job | None:
        return await self._database.write(lambda connection: removal.delete(connection, job_id, at))

    @override
    async def kill_actions(self, job_id: str, indexes: Collection[int]) -> None:
        await self._database.write(lambda connection: removal.kill_actions(connection, job_id, indexes))

    async def _jobs(self, sql: str, *parameters: Stored) -> list[Job]:
        return await jobs_of(await self._database.read(sql, parameters))


async def jobs_of(rows: Sequence[Row]) -> list[Job]:
    """Return the jobs of rows that `SELECT_JOB` yielded, without holding up the event loop."""
    jobs: list[Job] = []
    for start in range(0, len(rows), _CHUNK):
        jobs.extend(map(job_of, rows[start : start + _CHUNK]))
        await asyncio.sleep(0)  # ten thousand jobs at a start must not hold up the heartbeat
    return jobs
