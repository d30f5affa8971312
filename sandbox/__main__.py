"""`python -m sandbox`: Easel in a browser, without any key: the real bot, a local Discord and a local API.

Only makes Ctrl-C quiet while everything else is still being loaded; the work is `commandline`'s.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from importlib import import_module


def _leave(_number: int, _frame: object) -> None:
    os._exit(0)  # nothing runs yet that would have to be ended


signal.signal(signal.SIGINT, _leave)
signal.signal(signal.SIGTERM, _leave)

from sandbox.flags import read_flags  # noqa: E402 - loading takes long enough to press Ctrl-C in


def main(words: list[str]) -> int:
    """Read the flags, load what is needed, a sixth faster than with the collector, and run the sandbox."""
    wishes = read_flags(words)
    gc.disable()
    try:
        commandline = import_module("sandbox.commandline")
    finally:
        gc.freeze()
        gc.enable()
    return commandline.main(wishes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
