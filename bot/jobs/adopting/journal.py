"""`Journal`: which task a job was accepted as, on the disk before the database has it (reliability B.4, 4).

A second chance where the process ends, or the database refuses, between the answer to a paid submit and the row that
says so. A line is harmless once the row is right, but nothing of a person's is kept longer than it is needed: the file
is emptied as soon as no line in it is. Imports only the standard library.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import zlib
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)

#: Below the data folder.
FILE: Final = "journal"

#: A job, its task, and a checksum: what a kill cut off is no line.
_LINE: Final = re.compile(r"([0-9A-Z]{26}) ([\x21-\x7e]{1,200}) ([0-9a-f]{8})")
# O_DSYNC: a write returns when it is on the disk, with no second call.
_APPEND: Final = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_DSYNC | os.O_CLOEXEC | os.O_NOFOLLOW


@final
class Journal:
    """The file.

    Parameters
    ----------
    path
        Made when there is something to write.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open = 0  # lines whose rows are not written yet

    async def write(self, job_id: str, task_id: str) -> None:
        """Write down which task a job is. On the disk when this returns; `done` is to follow once the row is right.

        A disk that refuses is not an error here: the database is asked next, and it may fare better.
        """
        self._open += 1
        try:
            await asyncio.to_thread(self._append, _line(job_id, task_id))
        except OSError as error:
            _log.warning("The journal cannot be written: %s", error.strerror or error, extra={"job": job_id})

    def done(self) -> None:
        """Learn that a row is right. Once all of them are, the file is emptied; that takes a tenth of a millisecond."""
        self._open -= 1
        if self._open == 0:
            self._empty()

    async def read(self) -> dict[str, str]:
        """Return the task of each job that is named in it; of several lines about a job, the last counts."""
        try:
            return await asyncio.to_thread(self._read)
        except OSError as error:
            _log.error("The journal cannot be read: %s", error.strerror or error)
            return {}

    async def clear(self) -> None:
        """Empty it, after all of it was dealt with and before anything is written."""
        await asyncio.to_thread(self._begin)

    def _append(self, line: bytes) -> None:
        descriptor = os.open(self._path, _APPEND, 0o600)
        try:
            os.write(descriptor, line)
        finally:
            os.close(descriptor)

    def _read(self) -> dict[str, str]:
        if not self._path.exists():
            return {}
        lines = self._path.read_text(encoding="ascii", errors="replace").splitlines()
        found = (match for match in map(_LINE.fullmatch, lines) if match is not None)
        return {match[1]: match[2] for match in found if match[3] == _checksum(match[1], match[2])}

    def _begin(self) -> None:
        """Make an empty file, and see to it that the disk knows its name: later writes wait for its content alone."""
        self._empty()
        descriptor = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _empty(self) -> None:
        try:
            os.close(os.open(self._path, _APPEND | os.O_TRUNC, 0o600))
        except OSError as error:  # what stays in it does no harm
            _log.warning("The journal cannot be emptied: %s", error.strerror or error)


def _line(job_id: str, task_id: str) -> bytes:
    """Return a line. It begins with a line feed, so that what was cut off before it spoils nothing."""
    return f"\n{job_id} {task_id} {_checksum(job_id, task_id)}\n".encode("ascii", "replace")


def _checksum(job_id: str, task_id: str) -> str:
    return f"{zlib.crc32(f'{job_id} {task_id}'.encode()):08x}"
