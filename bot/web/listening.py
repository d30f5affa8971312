"""`Listener`: an HTTP endpoint on a host and port, opened and closed in order. Knows nothing of what is served."""

from __future__ import annotations

import errno
import logging
from typing import TYPE_CHECKING, Final, final

from aiohttp import web

if TYPE_CHECKING:
    from bot.config import Listen

#: What requests under way get to end when the endpoint closes, in seconds.
_SHUTDOWN_S: Final = 2.0

_REASONS: Final = {
    errno.EADDRINUSE: "another program listens there",
    errno.EACCES: "that port is for the system's administrator only",
    errno.EADDRNOTAVAIL: "this machine has no such address",
}


@final
class Listener:
    """Serves an application; no request is written into any log."""

    def __init__(self, app: web.Application, listen: Listen) -> None:
        self._listen = listen
        # Requests that are no HTTP come with every public address, and the log of aiohttp would show what they hold.
        noise = logging.getLogger(f"{__name__}.noise")
        noise.setLevel(logging.CRITICAL)
        self._runner = web.AppRunner(app, access_log=None, logger=noise, shutdown_timeout=_SHUTDOWN_S)

    async def open(self) -> str:
        """Listen; return how it is reached from this machine.

        Raises
        ------
        OSError
            It cannot listen there; `explain` says why in words.
        """
        await self._runner.setup()
        await web.TCPSite(self._runner, self._listen.host, self._listen.port).start()
        host, port = self._runner.addresses[0][:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    async def close(self) -> None:
        """Stop listening, and let requests under way end. May be called again."""
        await self._runner.cleanup()


def explain(error: OSError) -> str:
    """Return why it cannot be listened there, to go on from an address."""
    return _REASONS.get(error.errno or 0, "this machine has no such address")
