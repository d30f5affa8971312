"""Opens an aiosqlite connection so that a failure leaves nothing behind.

Knows aiosqlite; nothing of jobs.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

import aiosqlite

if TYPE_CHECKING:
    from collections.abc import Callable

#: aiosqlite's own default; concerns only cursors that are iterated, which we never do.
_CHUNK: Final = 64


async def connected(opener: Callable[[], sqlite3.Connection]) -> aiosqlite.Connection:
    """Run `opener` in a new thread and return the connection that it makes, which lives in that thread.

    Raises
    ------
    Exception
        Whatever `opener` raises, once the thread has ended.
    """
    failures: list[Exception] = []

    def open_or_stand_in() -> sqlite3.Connection:
        # aiosqlite 0.22 does not wait for its thread when the opening fails, and that thread then reports to an event
        # loop that may be closed. A connection that did open can be closed in order.
        try:
            return opener()
        except Exception as error:  # noqa: BLE001 - raised below, where it can be
            failures.append(error)
            return sqlite3.connect(":memory:")

    connection = await aiosqlite.Connection(open_or_stand_in, _CHUNK)
    if failures:
        await connection.close()
        raise failures[0]
    return connection
