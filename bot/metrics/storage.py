"""The numbers of the database and of the disk under it."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING, final

from prometheus_client import Counter, Gauge, Histogram

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry


@final
class Refusal(StrEnum):
    """Why SQLite refused, as far as it makes a difference to the owner."""

    BUSY = "busy"
    FULL = "full"
    READ_ONLY = "readonly"
    IO = "ioerr"
    DAMAGED = "corrupt"
    OTHER = "other"


@final
class StorageMetrics:
    """Moved by the database, in its own thread too."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._commits = Histogram(
            "easel_db_commit_seconds",
            "How long a transaction took, with all that was written in it.",
            registry=registry,
            buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 5),
        )
        self._errors = Counter("easel_db_errors_total", "Refusals of SQLite's.", ["code"], registry=registry)
        self._wal = Gauge("easel_wal_bytes", "Size of the write-ahead log.", registry=registry)
        self._free = Gauge("easel_disk_free_bytes", "Room left on the disk of the database.", registry=registry)
        self._backup = Gauge(
            "easel_backup_age_seconds", "Age of the newest backup; +Inf where there is none.", registry=registry
        )
        self._backup.set(math.inf)

        for code in Refusal:
            self._errors.labels(code.value)

    def committed(self, seconds: float) -> None:
        """Time a transaction."""
        self._commits.observe(seconds)

    def refused(self, code: Refusal) -> None:
        """Count a refusal."""
        self._errors.labels(code.value).inc()

    def set_sizes(self, wal: int, free: int) -> None:
        """Set the sizes of the write-ahead log and of the room left on its disk, in bytes."""
        self._wal.set(wal)
        self._free.set(free)

    def set_backup_age(self, seconds: float | None) -> None:
        """Set how old the newest backup is; None if there is none."""
        self._backup.set(math.inf if seconds is None else seconds)
