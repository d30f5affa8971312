"""What a supervisor put into the environment: how it wants to be told that the bot is alive.

No settings: systemd writes them, and nobody else should. Imports only the standard library.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from collections.abc import Mapping


@final
@dataclass(frozen=True, slots=True)
class Supervision:
    """Where to tell systemd things, and how often it waits to hear.

    Attributes
    ----------
    address
        Of a datagram socket, an abstract one with its leading zero byte; None where nobody listens.
    watchdog_s
        The longest silence in seconds; None where none is too long.
    """

    address: str | None = None
    watchdog_s: float | None = None


def load_supervision(environment: Mapping[str, str] | None = None) -> Supervision:
    """Return what systemd wants of this very process (sd_notify, sd_watchdog_enabled)."""
    environment = os.environ if environment is None else environment  # noqa: TID251 - as for the settings
    address = environment.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return Supervision()
    pid, silence = environment.get("WATCHDOG_PID", ""), environment.get("WATCHDOG_USEC", "")
    is_ours = pid in {"", str(os.getpid())}
    return Supervision(
        address=f"\0{address[1:]}" if address.startswith("@") else address,
        watchdog_s=int(silence) / 1_000_000 if is_ours and silence.isdecimal() and int(silence) else None,
    )
