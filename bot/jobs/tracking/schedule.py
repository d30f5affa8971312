"""The tracker's timetable: which task is to be looked at when. Pure; imports only the standard library."""

from __future__ import annotations

import heapq
from typing import Final, final

#: Ids per list request; 200 only doubles the answer (performance 2.2).
CHUNK: Final = 100
#: A request costs the same with 1 id as with 100: the last chunk is filled with what is due within this many seconds.
TOP_UP: Final = 1.0


@final
class Timetable:
    """A heap of (due, task id), each id in it at most once. Times are seconds of the clock's `monotonic`."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, str]] = []
        self._due: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._due)

    def put(self, task_id: str, due: float) -> None:
        """Set when a task is due, in the place of an earlier time."""
        self._due[task_id] = due
        heapq.heappush(self._heap, (due, task_id))

    def hasten(self, task_id: str, due: float) -> None:
        """Set an earlier time for a task that is in the timetable; another is being looked at, and comes back."""
        if due < self._due.get(task_id, due):
            self.put(task_id, due)

    def drop(self, task_id: str) -> None:
        """Forget a task."""
        self._due.pop(task_id, None)

    def next_due(self) -> float | None:
        """Return when the next task is due, or None."""
        self._shed()
        return self._heap[0][0] if self._heap else None

    def take(self, now: float, most: int) -> list[list[str]]:
        """Take out what is due, the longest due first, in at most so many chunks.

        What is not due starts no chunk of its own; what is left over stays as due as it was.
        """
        taken: list[str] = []
        while len(taken) < most * CHUNK and (task_id := self._pop(now)) is not None:
            taken.append(task_id)
        while taken and len(taken) % CHUNK and (task_id := self._pop(now + TOP_UP)) is not None:
            taken.append(task_id)
        return [taken[start : start + CHUNK] for start in range(0, len(taken), CHUNK)]

    def _pop(self, until: float) -> str | None:
        self._shed()
        if not self._heap or self._heap[0][0] > until:
            return None
        _, task_id = heapq.heappop(self._heap)
        del self._due[task_id]
        return task_id

    def _shed(self) -> None:
        """Remove entries from the top that were dropped or set anew."""
        while self._heap and self._due.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
