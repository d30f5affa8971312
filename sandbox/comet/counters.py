"""How many requests came in, so that tests and benchmarks can tell. Imports nothing of this package."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Final, final

_SUBMIT: Final = "submit/"


@final
@dataclass(slots=True)
class Requests:
    """Counters of requests, also of those that a fault or a limit refused.

    Attributes
    ----------
    by_route
        Count by ``METHOD route`` without the speed prefix, such as ``POST /mj/submit/imagine``.
    """

    submits: int = 0
    fetches: int = 0
    lists: int = 0
    images: int = 0
    by_route: Counter[str] = field(default_factory=Counter[str])

    def count(self, place: str, route: str) -> None:
        """Count one request."""
        self.by_route[route] += 1
        if place.startswith(_SUBMIT):
            self.submits += 1
        elif place == "fetch":
            self.fetches += 1
        elif place == "list":
            self.lists += 1
        elif place == "image":
            self.images += 1

    def reset(self) -> None:
        """Begin anew."""
        self.submits = self.fetches = self.lists = self.images = 0
        self.by_route.clear()


@final
class RateLimit:
    """A token bucket of one second's worth.

    Parameters
    ----------
    per_second
        Requests that are let through; None for all.
    """

    def __init__(self, per_second: float | None) -> None:
        self._rate = per_second
        self._tokens = per_second or 0.0
        self._at = time.monotonic()

    def lets_pass(self) -> bool:
        """Take a token if there is one."""
        if self._rate is None:
            return True
        now = time.monotonic()
        self._tokens = min(max(self._rate, 1.0), self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
