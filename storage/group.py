"""The writer's connection: what waits is carried out as one transaction, each piece of work on its own savepoint.

aiosqlite runs the methods of a connection in the connection's own thread and offers no public way to run anything else
there. So the group travels with the connection, and `commit` means what it says: carry out all that waits, and commit
it. A transaction is a single call in that thread: no cancelled task and no stalled event loop can leave it open.

Imports sqlite3 and asyncio's futures; nothing of jobs.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, final

from typing_extensions import override

from bot.fault_points import Point, reach

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

T = TypeVar("T")

_log = logging.getLogger(__name__)

#: A transaction that takes longer is worth a line in the log.
SLOW_AFTER_S: Final = 1.0

#: Pieces of work in one transaction, at most: bounds how long the first of them waits for its commit.
GROUP_LIMIT: Final = 256


@final
@dataclass(slots=True, eq=False)
class Work(Generic[T]):
    """A whole transaction of one caller.

    Attributes
    ----------
    function
        Synchronous; gets the open connection; neither begins nor commits.
    future
        The caller's. Resolved only after the commit, never from the connection's thread.
    alone
        Carried out by itself and outside a transaction, as what looks after the file has to be.
    value, error
        What came of it; exactly one of them counts once the group is through.
    """

    function: Callable[[sqlite3.Connection], T]
    future: asyncio.Future[T]
    alone: bool = False
    value: T | None = None
    error: Exception | None = None


@final
@dataclass(slots=True)
class Group:
    """Work on its way from the callers to the thread and back.

    Attributes
    ----------
    waiting
        Not begun. Appended by the event loop, taken by the thread.
    taken
        Of the latest transaction. Written by the thread during `commit`, read by the event loop after it.
    commits
        Transactions that were committed so far.
    committed_at
        When the latest was, in seconds of `time.monotonic`; at first, when the database was opened.
    took_s
        How long that one took.
    """

    waiting: deque[Work[Any]] = field(default_factory=deque[Work[Any]])
    taken: list[Work[Any]] = field(default_factory=list[Work[Any]])
    commits: int = 0
    committed_at: float = field(default_factory=time.monotonic)
    took_s: float = 0.0

    def take(self) -> None:
        """Move what waits, up to the limit or to what has to be alone, to what is taken."""
        self.taken = []
        while self.waiting and len(self.taken) < GROUP_LIMIT:
            if self.taken and (self.taken[0].alone or self.waiting[0].alone):
                return
            # In both for a moment rather than in neither: a loop that is torn down must find every caller.
            self.taken.append(self.waiting[0])
            self.waiting.popleft()


@final
class GroupConnection(sqlite3.Connection):
    """A connection whose `commit` carries out the group that waits."""

    group: Group

    @override
    def commit(self) -> None:
        """Carry out what waits, in one transaction. The outcome is left in the group; nothing is raised."""
        group = self.group
        group.take()
        if not group.taken:
            return
        started = time.monotonic()
        try:
            if group.taken[0].alone:
                group.taken[0].value = group.taken[0].function(self)
            else:
                self._carry_out(group.taken)
                group.committed_at = time.monotonic()
                group.took_s = group.committed_at - started
                group.commits += 1
        except Exception as error:  # noqa: BLE001 - it is every waiting caller's error, and is raised to each of them
            for work in group.taken:
                work.error = error
        seconds = time.monotonic() - started
        if seconds > SLOW_AFTER_S:
            _log.warning("A transaction with %d writes took %.1f s: is the disk slow?", len(group.taken), seconds)

    def _carry_out(self, works: list[Work[Any]]) -> None:
        self.execute("BEGIN IMMEDIATE")
        try:
            for work in works:
                self._attempt(work)
            reach(Point.BEFORE_COMMIT)
            self.execute("COMMIT")
            reach(Point.COMMITTED)
        finally:
            if self.in_transaction:
                self.execute("ROLLBACK")

    def _attempt(self, work: Work[Any]) -> None:
        """Carry out one piece of work; if it fails, take back this piece only."""
        self.execute("SAVEPOINT work")
        try:
            work.value = work.function(self)
        except Exception as error:
            if not self.in_transaction:  # SQLite itself gave up the whole transaction, as it does on a full disk
                raise
            self.execute("ROLLBACK TO work")
            work.error = error
        self.execute("RELEASE work")
