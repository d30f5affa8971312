"""Files that a person has picked and not used yet: kept for a while, within bounds. Knows nothing of Discord."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MIB = 1024 * 1024
MOST_BYTES = 50 * MIB
"""Of one file; what Discord takes is less, and said when the file is used."""
_MOST_KEPT = 200 * MIB
_KEPT_SECONDS = 15 * 60.0


@final
@dataclass(frozen=True)
class PickedFile:
    """A file as it came from the page."""

    name: str
    data: bytes
    content_type: str
    kept_at: float


@final
class PickedFiles:
    """The files that wait to be used, oldest first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._files: dict[str, PickedFile] = {}

    def keep(self, name: str, data: bytes, content_type: str) -> str:
        """Keep a file and return the id to use it by; what is too old, or too much, is forgotten."""
        file_id = secrets.token_urlsafe(12)
        self._files[file_id] = PickedFile(name, data, content_type, self._clock())
        self._forget_old()
        total = sum(len(file.data) for file in self._files.values())
        for oldest in tuple(self._files):
            if total <= _MOST_KEPT:
                break
            total -= len(self._files.pop(oldest).data)
        return file_id

    def find(self, file_id: str) -> PickedFile:
        """Return a file that is still there.

        Raises
        ------
        LookupError
            It was used, or forgotten.
        """
        self._forget_old()
        found = self._files.get(file_id)
        if found is None:
            raise LookupError("A file waited for too long. Please pick it again.")
        return found

    def forget(self, file_ids: Iterable[str]) -> None:
        """Drop files that were used."""
        for file_id in file_ids:
            self._files.pop(file_id, None)

    def _forget_old(self) -> None:
        since = self._clock() - _KEPT_SECONDS
        self.forget([file_id for file_id, file in self._files.items() if file.kept_at < since])
