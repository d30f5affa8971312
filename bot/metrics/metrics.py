"""`Metrics`: all numbers of one process, and how they are written down. Imports its neighbors and prometheus_client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.registry import Collector
from typing_extensions import override

from bot.metrics.api import ApiMetrics
from bot.metrics.deliveries import DeliveryMetrics
from bot.metrics.discord import DiscordMetrics
from bot.metrics.jobs import JobMetrics
from bot.metrics.process import ProcessMetrics
from bot.metrics.storage import StorageMetrics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.metrics_core import Metric

#: Of what `Metrics.text` returns.
CONTENT_TYPE: Final = CONTENT_TYPE_LATEST

#: The library adds when each series began, which nobody draws and which doubles their number.
_BEGAN: Final = "_created"


@final
class Metrics:
    """The numbers, by subject. Cheap to make: what is given none counts for itself, and nobody reads it.

    May be used by several threads.
    """

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self.jobs = JobMetrics(registry)
        self.api = ApiMetrics(registry)
        self.deliveries = DeliveryMetrics(registry)
        self.discord = DiscordMetrics(registry)
        self.storage = StorageMetrics(registry)
        self.process = ProcessMetrics(registry)
        ProcessCollector(registry=registry)  # memory, processor time, open files: where there is a /proc

    def text(self) -> bytes:
        """Return all numbers as they are now."""
        return generate_latest(_Lean(self._registry))


@final
class ReceiverMetrics:
    """The numbers of the receiver: its process, and what it was told.

    None of the bot's: a gauge that nobody there sets would stand at zero, and raise alarms.
    """

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self.process = ProcessMetrics(registry)
        ProcessCollector(registry=registry)

    def text(self) -> bytes:
        """Return all numbers as they are now."""
        return generate_latest(_Lean(self._registry))


@final
class _Lean(Collector):
    """A registry without the times at which its series began."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    @override
    def collect(self) -> Iterator[Metric]:
        for family in self._registry.collect():
            family.samples = [sample for sample in family.samples if not sample.name.endswith(_BEGAN)]
            yield family
