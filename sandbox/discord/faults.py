"""Switches that make Discord misbehave: which fault, where, how often. Decides; the server and the gateway act."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, final

from .refusals import missing_access, missing_permissions, too_large, unauthorized

if TYPE_CHECKING:
    from collections.abc import Callable

    from .changes import Changes
    from .refusals import Json, Refusal

Scope = Literal["user", "global", "shared"]

_PLACEHOLDER = re.compile(r"\{[^}]*\}")


@final
class DiscordFault(StrEnum):
    """What can go wrong. "before" and "after" mean: before or after the request had its effect."""

    ERROR_BEFORE = "error-before"
    """500 (or `status`), nothing happened."""
    ERROR_AFTER = "error-after"
    """502 (or `status`), but it happened."""
    UNAVAILABLE = "unavailable"
    """503, nothing happened."""
    DROP_BEFORE = "drop-before"
    """The connection is cut, nothing happened."""
    DROP_AFTER = "drop-after"
    """The connection is cut, but it happened."""
    RATE_LIMITED = "rate-limited"
    """429 with `Via`; `seconds` is the `Retry-After`, and `scope` whose limit it is."""
    CLOUDFLARE = "cloudflare"
    """429 with HTML and without `Via`: a ban of the address. `seconds` is the `Retry-After`; 0 says none."""
    SLOW = "slow"
    """The answer takes `seconds` longer; the effect comes at its end."""
    UNAUTHORIZED = "unauthorized"
    """401: the token is refused."""
    FORBIDDEN = "forbidden"
    """403 / 50013."""
    NO_ACCESS = "no-access"
    """403 / 50001."""
    TOO_LARGE = "too-large"
    """413 / 40005."""
    GATEWAY_REFUSED = "gateway-refused"
    """The gateway answers new connections with 503."""
    GATEWAY_CLOSE = "gateway-close"
    """The gateway closes with `status` (4000 if not said) instead of delivering the next event."""
    GATEWAY_RECONNECT = "gateway-reconnect"
    """The gateway asks for a new connection (op 7) instead of delivering the next event."""
    GATEWAY_ZOMBIE = "gateway-zombie"
    """The gateway falls silent from the next event on, heartbeats included, and keeps the connection open."""


GATEWAY_EVENTS = (DiscordFault.GATEWAY_CLOSE, DiscordFault.GATEWAY_RECONNECT, DiscordFault.GATEWAY_ZOMBIE)
REFUSALS = {
    DiscordFault.UNAUTHORIZED: unauthorized,
    DiscordFault.FORBIDDEN: missing_permissions,
    DiscordFault.NO_ACCESS: missing_access,
    DiscordFault.TOO_LARGE: too_large,
}
AFTER = (DiscordFault.ERROR_AFTER, DiscordFault.DROP_AFTER)


@final
@dataclass
class ArmedFault:
    """A fault that waits for its moment."""

    fault: DiscordFault
    route: str | None
    times: int | None
    seconds: float
    status: int | None
    scope: Scope = "user"
    hits: int = 0

    @property
    def is_spent(self) -> bool:
        """Whether it has struck as often as it should."""
        return self.times is not None and self.hits >= self.times

    def refusal(self) -> Refusal | None:
        """Return the plain refusal that this fault stands for, if it is one."""
        make = REFUSALS.get(self.fault)
        return make() if make else None


@final
@dataclass
class FaultBoard:
    """All armed faults, in the order they were set."""

    changes: Changes
    armed: list[ArmedFault] = field(default_factory=list[ArmedFault])

    def set(
        self,
        fault: DiscordFault,
        route: str | None = None,
        times: int | None = 1,
        *,
        seconds: float = 1.0,
        status: int | None = None,
        scope: Scope = "user",
    ) -> ArmedFault:
        """Arm a fault.

        Parameters
        ----------
        route
            Such as `POST /channels/{channel_id}/messages`; the names in braces do not matter, and None is any route.
        times
            How often it strikes; None is until `clear`.
        seconds
            How long SLOW takes, or what RATE_LIMITED and CLOUDFLARE tell to wait.
        scope
            Of RATE_LIMITED: the bot's own limit in a place or everywhere, or one that it shares with others.
        """
        armed = ArmedFault(fault, None if route is None else normalized(route), times, seconds, status, scope)
        self.armed.append(armed)
        self.changes.publish({"type": "fault", "fault": fault.value, "route": route})
        return armed

    def clear(self) -> None:
        """Disarm everything."""
        self.armed.clear()
        self.changes.publish({"type": "fault", "fault": None, "route": None})

    def take(self, route: str) -> ArmedFault | None:
        """Return the fault that strikes this request, and count it."""
        plain = normalized(route)
        return self._strike(lambda armed: not armed.fault.startswith("gateway") and armed.route in (None, plain))

    def take_gateway(self, *, connecting: bool = False) -> ArmedFault | None:
        """Return the fault that strikes this connection attempt, or this event."""
        wanted = (DiscordFault.GATEWAY_REFUSED,) if connecting else GATEWAY_EVENTS
        return self._strike(lambda armed: armed.fault in wanted)

    def _strike(self, fits: Callable[[ArmedFault], bool]) -> ArmedFault | None:
        for armed in self.armed:
            if not armed.is_spent and fits(armed):
                armed.hits += 1
                return armed
        return None


def normalized(route: str) -> str:
    """Return a route with nameless placeholders, to compare by."""
    return _PLACEHOLDER.sub("{}", route)


def error_json(status: int) -> Json:
    """Return the body of a server error."""
    return {"message": f"{status}: Server Error", "code": 0}
