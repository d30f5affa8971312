"""The numbers of jobs: how they end, how many are on their way, what was not sent twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from prometheus_client import Counter, Gauge, Histogram

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

    from prometheus_client import CollectorRegistry


@final
class JobMetrics:
    """Moved by the store of jobs, which sees every move of every job, and by those who look at tasks."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._ended = Counter(
            "easel_jobs_total", "Jobs that came to an end, by what they make.", ["action", "outcome"], registry=registry
        )
        self._inflight = Gauge("easel_jobs_inflight", "Jobs on their way, by status.", ["state"], registry=registry)
        self._unknown = Gauge(
            "easel_unknown_jobs",
            "Jobs of the last day of which nobody knows whether they were paid.",
            registry=registry,
        )
        self._outcomes = Counter(
            "easel_submit_outcome_total", "How paid requests ended, modal steps included.", ["class"], registry=registry
        )
        self._spared = Counter(
            "easel_duplicate_prevented_total",
            "Requests of people that made no second job, by why: replayed event, shared result, double click.",
            ["kind"],
            registry=registry,
        )
        self._lag = Histogram(
            "easel_poll_lag_seconds",
            "How late a look at running tasks began.",
            registry=registry,
            buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300),
        )
        self._seen = Histogram(
            "easel_finish_to_seen_seconds",
            "From a task's end by the API's clock to our seeing it.",
            registry=registry,
            buckets=(0.25, 0.5, 0.8, 1.2, 1.8, 3, 6, 12, 30, 120, 900),
        )

    def ended(self, action: StrEnum, outcome: StrEnum) -> None:
        """Count a job that reached a status in which its person waits for nothing more."""
        self._ended.labels(action.value, outcome.value).inc()

    def submitted(self, outcome: StrEnum) -> None:
        """Count a paid request that is over (reliability B.2)."""
        self._outcomes.labels(outcome.value).inc()

    def spared(self, entry: StrEnum) -> None:
        """Count a request that found its job there already."""
        self._spared.labels(entry.value).inc()

    def looked(self, late_s: float) -> None:
        """Time how late the most overdue of the looks that begin now is."""
        self._lag.observe(max(0.0, late_s))

    def seen(self, after_s: float) -> None:
        """Time how long after its end a finished task was seen; the two ends are by two clocks."""
        self._seen.observe(max(0.0, after_s))

    def set_open(self, inflight: Mapping[StrEnum, int], unknown: int) -> None:
        """Set how many jobs are on their way, by status, and of how many nobody knows."""
        for state, count in inflight.items():
            self._inflight.labels(state.value).set(count)
        self._unknown.set(unknown)
