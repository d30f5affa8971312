"""Ports: a free one near another; and those that cannot be listened on, in a sentence that names the fix."""

from __future__ import annotations

import errno
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from collections.abc import Generator

_TRIES: Final = 50
_MOST_PORT: Final = 65_535
_REASONS: Final = {errno.EADDRINUSE: "is taken", errno.EACCES: "is only for the system's administrator"}


@final
class PortUnusable(Exception):
    """A port is taken, or reserved. The text is a sentence that names the fix."""


@contextmanager
def usable_port(port: int, fix: str) -> Generator[None]:
    """Explain if the port cannot be listened on that is being opened here.

    Parameters
    ----------
    fix
        What to do; `{}` stands for another port.

    Raises
    ------
    PortUnusable
        It is taken or reserved.
    """
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0)
        if reason is None:
            raise
        raise PortUnusable(f"Port {port} {reason}. {fix.format(free_near(port))}") from None


def free_near(port: int) -> int:
    """Return a port that is free now and easy to remember."""
    for candidate in range(max(port, 1024) + 1, min(port + _TRIES, _MOST_PORT)):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", candidate))
            except OSError:
                continue
            return candidate
    return 8091
