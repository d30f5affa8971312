"""The limits of the darkroom's process, set by itself before it has seen anything. Imports only the standard library.

Where a system knows a limit not, or forbids to set it, the work goes on without: the bot kills what takes too long.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Generator

if sys.platform != "win32":
    import resource

#: Its own three, the question's picture, the draft it writes, a font, and what Python opens when it imports.
_FILES: Final = 24
#: In bytes, for any file that it writes: nothing that it makes is half as large.
_FILE_SIZE: Final = 96 * 1024 * 1024
_NICE: Final = 5
#: What ends with the bot ends at the end of its questions; a stop is the bot's business (^C, systemd's SIGTERM to all).
_IGNORED: Final = ("SIGINT", "SIGTERM", "SIGHUP")


def keep_quiet() -> None:
    """Leave signals that are sent to all processes to the bot; be ended by those of `limited_time`."""
    if sys.platform != "win32":
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
    for name in _IGNORED:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)


def set_limits(memory: int) -> None:
    """Limit memory (bytes of addresses) and files, step back behind the bot, and go first where memory gets short."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        os.nice(_NICE)
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, _FILE_SIZE),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(what, (most, most))


@contextlib.contextmanager
def limited_time(seconds: float, patience: float) -> Generator[None]:
    """Be killed by the system if this is not left in time.

    Parameters
    ----------
    seconds
        Of the processor. RLIMIT_CPU would count since the process began, and by a clock that no process can read.
    patience
        Seconds by the clock: more than the bot has, which is gone where this is needed.
    """
    if sys.platform == "win32":
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, patience)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
