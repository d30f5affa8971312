"""What the bot writes: passed on byte by byte to where it would have gone, and its newest lines kept to be shown.

Imports only the standard library; knows nothing of processes.
"""

from __future__ import annotations

from collections import deque
from typing import IO, TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from collections.abc import Callable

KEPT_LINES: Final = 300
_LONGEST: Final = 4000
"""Characters of a line that are kept; the rest is passed on, but not shown."""


@final
class BotLog:
    """The newest lines of a stream of bytes.

    Parameters
    ----------
    onward
        Where all bytes go, unchanged; kept open by the caller.
    """

    def __init__(self, onward: IO[bytes]) -> None:
        self._onward: IO[bytes] | None = onward
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)
        self._begun = bytearray()
        self._listeners: list[Callable[[list[str]], None]] = []

    @property
    def lines(self) -> list[str]:
        """The newest lines, oldest first."""
        return list(self._lines)

    @property
    def last(self) -> str:
        """The newest line that says something, or empty."""
        return next((line for line in reversed(self._lines) if line.strip()), "")

    def subscribe(self, callback: Callable[[list[str]], None]) -> Callable[[], None]:
        """Call `callback` with the lines that were written since; return what ends that."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    def write(self, data: bytes) -> None:
        """Take some bytes, which need not end where a line does."""
        self._pass_on(data)
        *whole, rest = data.split(b"\n")
        if whole:
            self._tell([bytes(self._begun) + whole[0], *whole[1:]])
            self._begun.clear()
        self._begun += rest[: 4 * _LONGEST - len(self._begun)]

    def flush(self) -> None:
        """Take what is there as a line: nothing more will come."""
        if self._begun:
            self._tell([bytes(self._begun)])
            self._begun.clear()

    def _pass_on(self, data: bytes) -> None:
        if self._onward is None:
            return
        try:
            self._onward.write(data)
            self._onward.flush()
        except (OSError, ValueError):  # nobody reads any more, or the disk is full: the lines are shown all the same
            self._onward = None

    def _tell(self, raw: list[bytes]) -> None:
        lines = [line.decode(errors="replace").rstrip("\r")[:_LONGEST] for line in raw]
        self._lines.extend(lines)
        for listener in tuple(self._listeners):
            listener(lines)
