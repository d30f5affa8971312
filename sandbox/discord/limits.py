"""Rate limits: buckets by route and place, the global one, and the count of invalid requests (docs, rate limits).

The numbers of the buckets are the community's (5 in 5 s a channel, 5 in 2 s a webhook); Discord publishes none. The
rest is loose on purpose: enough headers for discord.py to send in parallel, never the cause of a wait.
"""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, final

from .faults import normalized

if TYPE_CHECKING:
    from .clock import Clock

GLOBAL_LIMIT, INVALID_WINDOW = 50, 600.0
OLD_MESSAGE, OLD_EDITS, OLD_WINDOW = 3600.0, 3, 6.0
LOOSE = (1000, 1.0)
TIGHT: dict[str, tuple[int, float]] = {
    "POST /channels/{}/messages": (5, 5.0),
    "PATCH /channels/{}/messages/{}": (5, 5.0),
    "DELETE /channels/{}/messages/{}": (5, 1.0),
    "PUT /channels/{}/messages/{}/reactions/{}/@me": (1, 0.25),
}
WEBHOOK = (5, 2.0)
INVALID = (401, 403, 429)


@final
@dataclass
class Counters:
    """What was asked of this Discord, for tests and measurements."""

    invalid_requests: int = 0
    """401, 403 and 429 so far, without those of scope `shared`."""
    identifies: int = 0
    resumes: int = 0
    rate_limited: int = 0
    requests: dict[str, int] = field(default_factory=dict[str, int])
    """How many by `METHOD /route/{with}/placeholders`, as the documentation names them."""
    peak_requests: int = 0
    """Most requests under way at once."""
    peak_per_second: int = 0
    """Most requests within one second."""


@final
@dataclass(frozen=True)
class Verdict:
    """What a bucket says to one request."""

    headers: dict[str, str]
    retry_after: float | None = None
    is_global: bool = False


@final
@dataclass
class _Window:
    started_at: float
    used: int = 0


@final
class RateLimits:
    """Judges every request; enforces only if told to."""

    def __init__(self, clock: Clock, *, enforced: bool) -> None:
        self._clock = clock
        self._enforced = enforced
        self._windows: dict[str, _Window] = {}
        self._recent: deque[float] = deque()
        self._invalid: deque[float] = deque()
        self._old_edits: dict[int, deque[float]] = {}

    def judge(self, route: str, place: str, *, exempt: bool) -> Verdict:
        """Count one request and say whether it may pass.

        Parameters
        ----------
        place
            The major parameters: channel, guild, or webhook with its token.
        exempt
            Interaction endpoints do not count towards the global limit.
        """
        now = self._clock.now()
        plain = normalized(route)
        limit, seconds = WEBHOOK if plain.startswith(("POST /webhooks", "PATCH /webhooks")) else TIGHT.get(plain, LOOSE)
        if not self._enforced:
            return Verdict(_headers(plain, 10_000, 9_999, now, 1.0))
        if not exempt and not self._within_global(now):
            return Verdict({"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}, 1.0, is_global=True)
        window = self._windows.get(f"{plain} {place}")
        if window is None or now >= window.started_at + seconds:
            window = self._windows[f"{plain} {place}"] = _Window(now)
        left = max(window.started_at + seconds - now, 0.001)
        if window.used >= limit:
            headers = _headers(plain, limit, 0, now, left) | {"X-RateLimit-Scope": "user"}
            return Verdict(headers, left)
        window.used += 1
        return Verdict(_headers(plain, limit, limit - window.used, now, left))

    def _within_global(self, now: float) -> bool:
        while self._recent and self._recent[0] <= now - 1.0:
            self._recent.popleft()
        if len(self._recent) >= GLOBAL_LIMIT:
            return False
        self._recent.append(now)
        return True

    def note_invalid(self) -> None:
        """Count one invalid request towards the ban."""
        self._invalid.append(self._clock.now())

    def invalid_recently(self) -> int:
        """Return the invalid requests of the last ten minutes."""
        while self._invalid and self._invalid[0] <= self._clock.now() - INVALID_WINDOW:
            self._invalid.popleft()
        return len(self._invalid)

    def may_edit(self, channel_id: int, created_at: float) -> float | None:
        """Judge an edit of an old message; return how long to wait, or None if it may pass (30046)."""
        now = self._clock.now()
        if not self._enforced or now - created_at < OLD_MESSAGE:
            return None
        edits = self._old_edits.setdefault(channel_id, deque())
        while edits and edits[0] <= now - OLD_WINDOW:
            edits.popleft()
        if len(edits) >= OLD_EDITS:
            return edits[0] + OLD_WINDOW - now
        edits.append(now)
        return None


def _headers(plain: str, limit: int, remaining: int, now: float, left: float) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": f"{now + left:.3f}",
        "X-RateLimit-Reset-After": f"{left:.3f}",
        "X-RateLimit-Bucket": hashlib.sha256(plain.encode()).hexdigest()[:32],
    }
