"""The numbers of deliveries: how long results take to reach their people, and on which way."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, final

from prometheus_client import Counter, Histogram

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry


@final
class Reconciled(StrEnum):
    """What looking for an earlier post of ours in a channel's own messages came to."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"


@final
class DeliveryMetrics:
    """Moved by the book of deliveries, and by what sends messages."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._deliveries = Counter(
            "easel_delivery_total", "Last words about jobs, by how far they came.", ["result"], registry=registry
        )
        self._put_off = Counter(
            "easel_delivery_put_off_total", "Deliveries that failed for now and are tried again.", registry=registry
        )
        self._seconds = Histogram(
            "easel_delivery_seconds",
            "From seeing that a task has succeeded to its picture being posted.",
            registry=registry,
            buckets=(0.5, 1, 2, 4, 6, 12, 30, 60, 300, 1800, 21600),
        )
        self._replays = Counter(
            "easel_nonce_replay_total",
            "Posts that Discord knew by their nonce and did not make again.",
            registry=registry,
        )
        self._reconciled = Counter(
            "easel_history_reconcile_total",
            "Looks into a channel for a post that nobody saw the end of.",
            ["result"],
            registry=registry,
        )

        for result in Reconciled:
            self._reconciled.labels(result.value)

    def moved(self, result: StrEnum) -> None:
        """Count a delivery that came to an end, or to its link for now."""
        self._deliveries.labels(result.value).inc()

    def posted(self, after_s: float) -> None:
        """Time how long after its task was seen to have succeeded a picture stood in its place."""
        self._seconds.observe(max(0.0, after_s))

    def put_off(self) -> None:
        """Count a delivery that failed and is tried again."""
        self._put_off.inc()

    def replayed(self) -> None:
        """Count a post that was there already."""
        self._replays.inc()

    def reconciled(self, result: Reconciled) -> None:
        """Count a look into a channel's own messages (reliability B.4, 7)."""
        self._reconciled.labels(result.value).inc()
