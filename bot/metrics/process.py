"""The numbers of the process itself: its event loop, its build, what its endpoint was told."""

from __future__ import annotations

import math
import platform
import resource
from pathlib import Path
from typing import TYPE_CHECKING, final

from prometheus_client import Counter, Gauge, Histogram

from bot import __version__

if TYPE_CHECKING:
    from enum import StrEnum

    from prometheus_client import CollectorRegistry


@final
class ProcessMetrics:
    """Moved by what watches the process, and by its endpoint."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._lag = Histogram(
            "easel_event_loop_lag_seconds",
            "How much later than asked for the event loop got round to something.",
            registry=registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5),
        )
        self._webhooks = Counter(
            "easel_webhook_total", "Callbacks of the API, by what became of them.", ["result"], registry=registry
        )
        memory = Gauge("easel_memory_bytes", "Memory that the process has in use.", registry=registry)
        memory.set_function(_resident_bytes)
        build = Gauge("easel_build_info", "1; which Easel on which Python.", ["version", "python"], registry=registry)
        build.labels(__version__, platform.python_version()).set(1)

    def lagged(self, seconds: float) -> None:
        """Time how late the event loop was."""
        self._lag.observe(seconds)

    def called_back(self, result: StrEnum) -> None:
        """Count a callback."""
        self._webhooks.labels(result.value).inc()


def _resident_bytes() -> float:
    """Return what the kernel says; the library's own number needs more of /proc than a hardened service sees."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return math.nan
    return float(int(pages) * resource.getpagesize())
