"""The open database: one writer that groups commits, and a way to read.

All writing goes through one actor. It lets the writer's connection carry out everything that waits as one transaction
and answers the callers after the commit, so that fifty callers share one wait for the disk, and none can leave a
transaction open. Knows aiosqlite; nothing of jobs.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from contextlib import suppress
from functools import partial
from itertools import cycle
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar, final

from bot.errors import StorageError
from bot.metrics import Metrics
from storage.backups.restoring import finish_restore
from storage.connection import connected
from storage.failures import classed, explained
from storage.group import Group, Work
from storage.lockfile import LockFile
from storage.opening import may_have_readers, open_reader, open_writer, prepare_folder
from storage.room import require_room
from storage.scrubbing import Scrubber

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    import aiosqlite

    from storage.opening import Version

T = TypeVar("T")

_log = logging.getLogger(__name__)

_READERS: Final = 2
#: Between two tries to empty the log while somebody reads from it, and how many there are.
_READER_PAUSE_S: Final = 0.05
_READER_TRIES: Final = 100


@final
class Database:
    """An open SQLite file, held exclusively. Made by `open`; must be closed.

    Parameters
    ----------
    path
        The file, links followed.
    lock, group, writer, readers
        Owned by this object from here on.

    Attributes
    ----------
    lock
        Keeps other processes away.
    metrics
        Where transactions are timed, and jobs counted by the stores.
    """

    def __init__(
        self,
        path: Path,
        lock: LockFile,
        group: Group,
        writer: aiosqlite.Connection,
        readers: Sequence[aiosqlite.Connection],
        metrics: Metrics,
    ) -> None:
        self.path = path
        self.lock = lock
        self.metrics = metrics
        self._scrubber = Scrubber(path)
        self._group = group
        self._writer = writer
        self._readers = readers
        self._turns = cycle(readers or [writer])
        self._wake = asyncio.Event()
        self._closing: asyncio.Task[None] | None = None
        self._actor = asyncio.create_task(self._serve(), name="storage writer")

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        sqlite_version: Version | None = None,
        is_put_back: bool = False,
        metrics: Metrics | None = None,
    ) -> Self:
        """Open the database, creating it with its folder if need be, and bring its schema up to date.

        Parameters
        ----------
        sqlite_version
            Of the library in use; one with the WAL-reset bug gets a single connection for everything.
        is_put_back
            Whether the owner says that this is the copy of a database that has gone on since
            (`storage.backups.putback`).
        metrics
            Those of the process; None for some of its own.

        Raises
        ------
        DatabaseInUse
            Another process, or this one, holds it.
        DatabaseDamaged, SchemaTooNew
            The file is not touched.
        StorageError
            The folder or the file cannot be used.
        """
        version, metrics = sqlite_version or _linked_version(), metrics or Metrics()
        opening = asyncio.create_task(cls._open(path, version, metrics, is_put_back=is_put_back))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            await _end_of(opening)
            if not opening.cancelled() and opening.exception() is None:
                await opening.result().close()
            raise

    @classmethod
    async def _open(cls, path: Path, version: Version, metrics: Metrics, *, is_put_back: bool) -> Self:
        real = prepare_folder(path)
        lock = LockFile.take(real)
        group = Group()
        opened: list[aiosqlite.Connection] = []
        try:
            finish_restore(real)
            opened.append(await connected(lambda: open_writer(real, group, is_put_back=is_put_back)))
            if may_have_readers(version):
                for _ in range(_READERS):
                    reader = await connected(lambda: open_reader(real))
                    opened.append(reader)
            else:
                number = ".".join(map(str, version))
                _log.info("SQLite %s has the WAL-reset bug: one connection reads and writes.", number)
        except BaseException:
            for connection in reversed(opened):
                await connection.close()
            lock.release()
            raise
        return cls(real, lock, group, opened[0], opened[1:], metrics)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    @property
    def commits(self) -> int:
        """How many transactions were committed since the database was opened."""
        return self._group.commits

    @property
    def committed_at(self) -> float:
        """When something was last written, in seconds of `time.monotonic`; at first, when the database was opened."""
        return self._group.committed_at

    def require_room(self) -> None:
        """Refuse where there is not room enough on the disk for new jobs.

        Raises
        ------
        StorageError
            There is not.
        """
        require_room(self.path.parent)

    async def write(self, function: Callable[[sqlite3.Connection], T]) -> T:
        """Carry out `function` as one transaction, and return what it returns once that is on disk.

        It shares its commit with whatever else waits at the moment; if it raises, only its own changes are taken back.
        A caller that is cancelled loses only its wait: the function is carried out all the same.

        Parameters
        ----------
        function
            Synchronous, short, free of side effects outside the database; neither begins nor commits.

        Raises
        ------
        StorageError
            SQLite refused, or the database is closed. Whatever else `function` raises comes out as it is.
        """
        return await self._have_done(function)

    async def _have_done(self, function: Callable[[sqlite3.Connection], T], *, alone: bool = False) -> T:
        if self._closing is not None or self._actor.done():
            raise StorageError("The database is closed.")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._group.waiting.append(Work(function, future, alone))
        self._wake.set()
        return await future

    async def read(self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> list[sqlite3.Row]:
        """Return the rows of one SELECT, which sees all that was committed before.

        Raises
        ------
        StorageError
            SQLite refused, or the database is closed.
        """
        if self._closing is not None:
            raise StorageError("The database is closed.")
        try:
            return list(await next(self._turns).execute_fetchall(sql, parameters))
        except sqlite3.Error as error:
            self.metrics.storage.refused(classed(error))
            raise explained(error) from error

    async def checkpoint(self) -> None:
        """Work the write-ahead log into the file and empty it: what was deleted is then in neither.

        Raises
        ------
        StorageError
            SQLite refused, or the database is closed. A reader in the way is no error: the next one does it.
        """
        if self._closing is not None:
            raise StorageError("The database is closed.")
        try:
            await self._writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            raise explained(error) from error

    async def scrub(self) -> bool:
        """Overwrite what deleted rows have left behind in the file, and empty the log: then they are nowhere.

        Takes a few hundredths of a second of the writer's time for each 16 MiB, and lets others write in between.

        Returns
        -------
        bool
            Whether it could be done. It cannot while another program goes on reading the database.

        Raises
        ------
        StorageError
            The file refused, or the database is closed.
        """
        page: int | None = 0
        tries = _READER_TRIES
        while page is not None and tries:
            first = page
            try:
                page = await self._have_done(partial(self._scrubber.scrub, first=first), alone=True)
            except OSError as error:
                raise StorageError(f"The database could not be scrubbed: {error.strerror}") from error
            if page == first:
                tries -= 1
                await asyncio.sleep(_READER_PAUSE_S)
        return page is None

    async def close(self) -> None:
        """Carry out what waits, close the file and let go of the lock. A second call waits for the first."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._close())
        try:
            await asyncio.shield(self._closing)
        except asyncio.CancelledError:
            await _end_of(self._closing)
            raise

    async def _close(self) -> None:
        self._wake.set()
        await _end_of(self._actor)
        try:
            for connection in self._readers:
                await connection.close()
            await self._writer.close()  # the last one out empties the log
            self._scrubber.close()
        except sqlite3.Error as error:
            raise explained(error) from error
        finally:
            self.lock.release()

    async def _serve(self) -> None:
        """Let the writer carry out whatever waits, group after group, until the database closes."""
        try:
            while self._closing is None or self._group.waiting:
                if not self._group.waiting:
                    self._wake.clear()
                    await self._wake.wait()
                    continue
                await self._commit()
        finally:
            # Only a loop that is torn down gets here with work left over. Nobody may wait for it forever.
            for work in (*self._group.taken, *self._group.waiting):
                if not work.future.done():
                    work.future.set_exception(StorageError("The database was closed before this was confirmed."))

    async def _commit(self) -> None:
        """Let the writer carry out one group, and answer its callers."""
        commits = self._group.commits
        await self._writer.commit()
        if self._group.commits > commits:
            self.metrics.storage.committed(self._group.took_s)
        for work in self._group.taken:
            if isinstance(work.error, sqlite3.Error):
                self.metrics.storage.refused(classed(work.error))
            _answer(work)


def _answer(work: Work[Any]) -> None:
    """Hand the outcome of a finished transaction to whoever waits for it."""
    error = explained(work.error) if isinstance(work.error, sqlite3.Error) else work.error
    if work.future.done():
        if error is not None:
            _log.warning("A write failed after its caller had gone: %s", error)
    elif error is not None:
        work.future.set_exception(error)
    else:
        work.future.set_result(work.value)


async def _end_of(task: asyncio.Task[Any]) -> None:
    """Wait until `task` has ended, however often the waiting one is cancelled: its caller raises that afterwards."""
    while not task.done():
        with suppress(asyncio.CancelledError):
            await asyncio.wait({task})


def _linked_version() -> Version:
    major, minor, patch = sqlite3.sqlite_version_info
    return major, minor, patch
