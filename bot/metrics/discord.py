"""The numbers of Discord: the gateway, the time until an interaction is answered, what was refused."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, final

from prometheus_client import Counter, Gauge, Histogram
from typing_extensions import override

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry


@final
class Scope(StrEnum):
    """Whose limit a 429 is about, in the words of `X-RateLimit-Scope`; without that it is none of Discord's own."""

    USER = "user"
    GLOBAL = "global"
    SHARED = "shared"
    CLOUDFLARE = "cloudflare"

    @classmethod
    @override
    def _missing_(cls, value: object) -> Scope:
        return cls.CLOUDFLARE


@final
class DiscordMetrics:
    """Moved by the client."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._up = Gauge("easel_gateway_up", "Whether the gateway session is alive.", registry=registry)
        self._identify = Counter("easel_gateway_identify_total", "Sessions begun by this process.", registry=registry)
        self._today = Gauge(
            "easel_gateway_identify_1d",
            "Sessions begun within a day, by former processes too; Discord allows 1000.",
            registry=registry,
        )
        self._acknowledged = Histogram(
            "easel_interaction_ack_seconds",
            "From an interaction's arrival to Discord having our first answer; it waits 3 s.",
            registry=registry,
            buckets=(0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 2.5, 3, 10),
        )
        self._limited = Counter(
            "easel_discord_ratelimited_total", "Answers 429 of Discord's.", ["scope"], registry=registry
        )
        self._invalid = Gauge(
            "easel_discord_invalid_requests_10m",
            "Answers 401, 403 and 429 of the last ten minutes; at 10000 Discord shuts us out.",
            registry=registry,
        )

        for scope in Scope:
            self._limited.labels(scope.value)

    def set_up(self, *, up: bool) -> None:
        """Set whether the gateway session is alive."""
        self._up.set(up)

    def identified(self, sessions: int, *, today: int) -> None:
        """Count sessions that were begun, and set how many that makes within a day."""
        self._identify.inc(sessions)
        self._today.set(today)

    def acknowledged(self, after_s: float) -> None:
        """Time the first answer to an interaction."""
        self._acknowledged.observe(max(0.0, after_s))

    def limited(self, scope: Scope) -> None:
        """Count a 429."""
        self._limited.labels(scope.value).inc()

    def set_invalid(self, count: int) -> None:
        """Set how many of the last ten minutes' requests were refused."""
        self._invalid.set(count)
