"""The numbers of the Midjourney API: requests by what they are for and how they ended, and the gate before submits."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, final

from prometheus_client import Counter, Gauge, Histogram
from typing_extensions import override

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

_TOO_MANY: Final = 429


@final
class Call(StrEnum):
    """What a request is for; the word is the last part of its path (contract 2)."""

    IMAGINE = "imagine"
    ACTION = "action"
    MODAL = "modal"
    BLEND = "blend"
    DESCRIBE = "describe"
    SHORTEN = "shorten"
    EDITS = "edits"
    VIDEO = "video"
    FETCH = "fetch"
    LIST = "list-by-condition"
    OTHER = "other"

    @classmethod
    @override
    def _missing_(cls, value: object) -> Call:
        return cls.OTHER

    @classmethod
    def of(cls, path: str) -> Call:
        """Return what the request to this path is for."""
        return cls(path.rpartition("/")[2])


@final
class Answered(StrEnum):
    """How a request ended."""

    OK = "2xx"
    MOVED = "3xx"
    REFUSED = "4xx"
    TOO_MANY = "429"
    BROKEN = "5xx"
    UNREACHABLE = "unreachable"
    UNCERTAIN = "uncertain"

    @classmethod
    def of(cls, status: int) -> Answered:
        """Return the class of an HTTP status."""
        if status == _TOO_MANY:
            return cls.TOO_MANY
        return {2: cls.OK, 3: cls.MOVED, 4: cls.REFUSED}.get(status // 100, cls.BROKEN)


@final
class ApiMetrics:
    """Moved by the transport and by the gate."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "easel_api_requests_total", "Requests to the API.", ["route", "class"], registry=registry
        )
        self._submit = Histogram(
            "easel_submit_seconds",
            "How long the API took to answer a paid request.",
            registry=registry,
            buckets=(0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 90),
        )
        self._breaker = Gauge(
            "easel_api_breaker_state",
            "1 for the reason why no paid request goes out; all 0 while they do.",
            ["cause"],
            registry=registry,
        )
        self._cause: StrEnum | None = None

    def answered(self, path: str, how: Answered, seconds: float, *, paid: bool) -> None:
        """Count a request that is over."""
        self._requests.labels(Call.of(path).value, how.value).inc()
        if paid:
            self._submit.observe(seconds)

    def held_by(self, cause: StrEnum | None) -> None:
        """Set why no paid request goes out; None if they do."""
        if self._cause is not None:
            self._breaker.labels(self._cause.value).set(0)
        if cause is not None:
            self._breaker.labels(cause.value).set(1)
        self._cause = cause
