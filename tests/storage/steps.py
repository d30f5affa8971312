"""Ways to bring a stored job to where a test needs it, and to cancel a caller exactly where it waits."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from bot.jobs.ports import Outcome, Step
from bot.model import Status
from tests.builders import START, job_id, new_job

if TYPE_CHECKING:
    from collections.abc import Coroutine, Generator
    from pathlib import Path

    from bot.jobs.ports import JobStore
    from bot.model import Job
    from storage.database import Database

T = TypeVar("T")


class CancelledAt(Generic[T]):
    """Awaits a coroutine and cancels its own task at the given wait, counted from 0: the same place every time."""

    def __init__(self, coroutine: Coroutine[Any, Any, T], wait: int) -> None:
        self._coroutine = coroutine
        self._wait = wait

    def __await__(self) -> Generator[Any, Any, T]:
        inner = self._coroutine.__await__()
        waits = 0
        try:
            awaited = next(inner)
            while True:
                task = asyncio.current_task()
                if waits == self._wait and task is not None:
                    task.cancel()
                waits += 1
                try:
                    yield awaited
                except BaseException as error:  # noqa: BLE001 - handed on to the coroutine, whatever it is
                    awaited = inner.throw(error)
                else:
                    awaited = next(inner)
        except StopIteration as end:
            return end.value


async def was_cancelled(coroutine: Coroutine[Any, Any, object], wait: int) -> bool:
    """Cancel `coroutine` at its numbered wait; tell whether it had that many."""

    async def run() -> object:
        return await CancelledAt(coroutine, wait)

    try:
        await asyncio.create_task(run())
    except asyncio.CancelledError:
        return True
    return False


def is_free(path: Path) -> bool:
    """Tell, from outside, whether nobody has a transaction open on the file."""
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True


async def count(database: Database, table: str) -> int:
    """Return how many rows a table has."""
    return (await database.read(f"SELECT count(*) AS n FROM {table}"))[0]["n"]  # noqa: S608 - named by the test


async def put(database: Database, number: int, status: Status, *, task_id: str | None = "task") -> None:
    """Put the numbered job into a status, whatever way leads there."""

    def change(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE jobs SET status = ?, task_id = ? WHERE id = ?", (status, task_id, job_id(number)))

    await database.write(change)


async def submitted(store: JobStore, number: int, step: Step = Step.SUBMIT) -> Job:
    """Write the numbered job down and bring it to `submitting`."""
    await store.add(new_job(number))
    return await store.begin_submit(job_id(number), Status.QUEUED, step, START)


async def running(store: JobStore, number: int) -> Job:
    """Write the numbered job down and bring it to `running`."""
    await submitted(store, number)
    return await store.transition(
        job_id(number),
        Status.SUBMITTING,
        Status.RUNNING,
        at=START,
        changes={"task_id": f"task-{number}", "submitted_at": START},
        outcome=Outcome.ACCEPTED,
    )


async def settled(store: JobStore, number: int, target: Status = Status.SUCCEEDED) -> Job:
    """Write the numbered job down and bring it to a status that can be reached from `running`."""
    await running(store, number)
    return await store.transition(job_id(number), Status.RUNNING, target, at=START)
