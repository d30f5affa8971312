"""What the darkroom is made to do in tests, like a decoder that has gone wrong. It finds this module by its name."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def spin() -> None:
    """Need the processor for ever."""
    while True:
        pass


def sleep(seconds: float) -> None:
    """Need time."""
    time.sleep(seconds)


def die() -> None:
    """Run into memory that is none of ours."""
    os.kill(os.getpid(), signal.SIGSEGV)


def swell(size: int) -> None:
    """Need so many bytes."""
    bytearray(size)


def environment() -> bytes:
    """Tell what the process knows from whoever started it."""
    return Path("/proc/self/environ").read_bytes()


def babble() -> None:
    """Say something that is no answer, where answers are read."""
    for number in range(3, 16):  # whichever it is
        try:
            os.write(number, b"\0\0\0\x02\0\0\0\0{}")
        except OSError:
            continue


def promise_much() -> int:
    """Return what nobody can bring back."""
    return 1


def work(seconds: float) -> None:
    """Need so much time of the processor."""
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
