"""A file that is on disk whole or not at all, written off the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from pathlib import Path

_BATCH: Final = 1024 * 1024


@final
class NewFile:
    """Collects bytes under a temporary name beside `destination`. Either `settle` it or `discard` it.

    Attributes
    ----------
    part
        The temporary file; there once `flush` was called or a megabyte has come.
    size
        Bytes taken so far.
    """

    def __init__(self, destination: Path) -> None:
        self._destination = destination
        self._batch = bytearray()
        self._exists = False
        self.part: Final = destination.with_name(f".{destination.name}.{secrets.token_hex(6)}.part")
        self.size = 0

    async def write(self, data: bytes) -> None:
        """Take bytes. They go to disk in batches.

        Raises
        ------
        OSError
            The disk refused.
        """
        self._batch += data
        self.size += len(data)
        if len(self._batch) >= _BATCH:
            await self.flush()

    async def flush(self) -> None:
        """Hand everything taken so far to the system.

        Raises
        ------
        OSError
            The disk refused.
        """
        batch, new = bytes(self._batch), not self._exists
        self._batch.clear()
        self._exists = True
        await asyncio.to_thread(_append, self.part, batch, new=new)

    async def settle(self) -> None:
        """Bring the flushed bytes to disk, then give the file its name, replacing an older one.

        Raises
        ------
        OSError
            The disk refused.
        """
        await asyncio.to_thread(_settle, self.part, self._destination)

    def discard(self) -> None:
        """Remove what was not settled. Harmless afterwards."""
        with contextlib.suppress(OSError):
            self.part.unlink(missing_ok=True)


def _append(part: Path, data: bytes, *, new: bool) -> None:
    """Add to the file, opened anew each time.

    So a thread whose caller was canceled can neither hit a descriptor that was given to another file, nor bring a
    discarded file back.
    """
    flags = os.O_WRONLY | os.O_APPEND | (os.O_CREAT | os.O_EXCL if new else 0)
    with open(os.open(part, flags, 0o600), "ab") as file:  # noqa: PTH123 - pathlib cannot open with these flags
        file.write(data)


def _settle(part: Path, destination: Path) -> None:
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(destination)
    folder = os.open(destination.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
