"""The facts of this machine that figures depend on: every benchmark prints them above its table.

Imports nothing of Easel.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Final

import psutil

_GIB: Final = 1024**3
_PAGE: Final = b"\0" * 4096
_SYNCS: Final = 100
_CPU_NAMES: Final = ("model name", "Hardware", "Model")  # in /proc/cpuinfo, by kind of processor


def facts() -> str:
    """Return what this machine is, what runs on it, and how busy it was when asked, in three lines."""
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    libraries = ", ".join(f"{name} {version(name)}" for name in ("aiohttp", "discord.py"))
    return (
        f"{_processor()}, {os.cpu_count()} cores, {psutil.virtual_memory().total / _GIB:.0f} GiB,"
        f" {platform.system()} {platform.release()}, load {load}\n{platform.python_implementation()}"
        f" {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {libraries}\n"
        f"disk: a page is written and synced in {_sync_milliseconds():.2f} ms (median of {_SYNCS})"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = dict(reversed([line.split(":", 1) for line in lines if ":" in line]))
    names = {key.strip(): value.strip() for key, value in named.items()}
    return next((names[key] for key in _CPU_NAMES if key in names), platform.processor() or platform.machine())


def _sync_milliseconds() -> float:
    """Return how long the disk below the temporary folder takes to keep a page: where the databases lie."""
    times: list[float] = []
    with tempfile.TemporaryFile(prefix="easel-benchmark-") as file:
        for _ in range(_SYNCS):
            began = time.perf_counter()
            file.write(_PAGE)
            file.flush()
            os.fsync(file.fileno())
            times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)
