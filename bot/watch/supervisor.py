"""What systemd is told, over the socket that it names (sd_notify). Imports only the standard library and types.

A dozen lines of our own: the libraries for it are bindings to be compiled, or years without a release.
"""

from __future__ import annotations

import logging
import socket
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from bot.config import Supervision

_log = logging.getLogger(__name__)

READY: Final = "READY=1"
STOPPING: Final = "STOPPING=1"
ALIVE: Final = "WATCHDOG=1"


@final
class Supervisor:
    """systemd, or nobody.

    Attributes
    ----------
    watchdog_s
        It must hear `ALIVE` at least every so many seconds; None where it does not wait for that.
    """

    def __init__(self, supervision: Supervision) -> None:
        self._address = supervision.address
        self.watchdog_s = supervision.watchdog_s

    def tell(self, word: str) -> None:
        """Say one of the words above. Where nobody listens, nothing happens."""
        if self._address is None:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as notify:
                notify.sendto(word.encode(), self._address)
        except OSError as error:
            _log.warning("systemd cannot be told %s: %s", word, error.strerror or error)
