"""`Tombstones`: who has left, recognized without being named.

Each is a keyed hash of a person's id. They are kept in the database and in a file beside it: a database that is put
back out of a backup knows nothing of those who left since, and the file does. Knows the ports and the keys; never
discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, final

from bot.config.keys import TOMBSTONES, load_key
from bot.errors import StorageError
from bot.model import Tombstone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

_log = logging.getLogger(__name__)

_NAME: Final = "tombstones.txt"
#: A mark, and the time in milliseconds since 1970. A line that a kill cut off is none.
_LINE: Final = re.compile(r"([0-9a-f]{64}) ([0-9]{1,15})")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


@final
class Tombstones:
    """The file of those who have left, and the key that recognizes them.

    Parameters
    ----------
    folder
        The data folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key: bytes | None = None

    async def of(self, user_id: int, erased_at: datetime) -> Tombstone:
        """Return the tombstone of a person who leaves at that time, not written down yet.

        Raises
        ------
        StorageError
            The key can be neither read nor made.
        """
        return Tombstone(
            mark=await self.mark(user_id), erased_at=_EPOCH + (erased_at - _EPOCH) // _MILLISECOND * _MILLISECOND
        )

    async def mark(self, user_id: int) -> str:
        """Return what recognizes a person.

        Raises
        ------
        StorageError
            The key can be neither read nor made.
        """
        return _mark(await self._loaded_key(), user_id)

    async def recognizer(self, tombstones: Iterable[Tombstone]) -> Callable[[int], Tombstone | None]:
        """Return what tells which of these is a person's, if one is; for any thread.

        Raises
        ------
        StorageError
            The key can be neither read nor made.
        """
        key, by_mark = await self._loaded_key(), {stone.mark: stone for stone in tombstones}
        return lambda user_id: by_mark.get(_mark(key, user_id))

    async def filed(self) -> list[Tombstone]:
        """Return those in the file."""
        return await asyncio.to_thread(self._read)

    async def file(self, *tombstones: Tombstone) -> None:
        """Write some into the file.

        Raises
        ------
        StorageError
            The disk refused.
        """
        if not tombstones:
            return
        try:
            await asyncio.to_thread(self._append, tombstones)
        except OSError as error:
            raise StorageError(f"{_NAME} cannot be written: {error.strerror or error}") from error

    async def _loaded_key(self) -> bytes:
        if self._key is None:
            self._key = await asyncio.to_thread(load_key, self._folder, TOMBSTONES)
        return self._key

    def _read(self) -> list[Tombstone]:
        path = self._folder / _NAME
        lines = path.read_text(encoding="ascii", errors="replace").splitlines() if path.exists() else []
        found = [match for match in map(_LINE.fullmatch, lines) if match is not None]
        if len(found) != len(lines):
            _log.warning("%s has lines that name nobody", _NAME)
        return [Tombstone(mark=match[1], erased_at=_EPOCH + int(match[2]) * _MILLISECOND) for match in found]

    def _append(self, tombstones: tuple[Tombstone, ...]) -> None:
        lines = [f"{stone.mark} {(stone.erased_at - _EPOCH) // _MILLISECOND}\n" for stone in tombstones]
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        with os.fdopen(os.open(self._folder / _NAME, flags, 0o600), "a", encoding="ascii") as file:
            file.write("\n" if file.tell() and not self._ends_well() else "")
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())

    def _ends_well(self) -> bool:
        """Whether the last line is whole, and not what a kill left of it."""
        return (self._folder / _NAME).read_bytes().endswith(b"\n")


def _mark(key: bytes, user_id: int) -> str:
    return hmac.digest(key, str(user_id).encode(), "sha256").hex()
