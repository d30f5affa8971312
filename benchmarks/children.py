"""Parts of a benchmark in processes of their own, so that what is measured is alone in its process.

A child is one of the scripts beside this one. It writes one JSON object a line, and reads one word a line; it ends when
nobody writes to it any more. Imports nothing of Easel.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias, final

import psutil

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

Said: TypeAlias = "dict[str, Any]"

ROOT: Final = Path(__file__).resolve().parent.parent
MIB: Final = 1024 * 1024
_LINE: Final = 64 * MIB
_SAMPLE_SECONDS: Final = 0.05
_GRACE_SECONDS: Final = 20.0


class ChildEnded(RuntimeError):
    """A child ended before it had said what it should; its last words are on the terminal."""


@final
@dataclass(frozen=True, slots=True)
class Use:
    """What a process used over a while.

    Attributes
    ----------
    peak
        Most resident memory, in MiB.
    """

    seconds: float
    cpu_seconds: float
    peak: float

    @property
    def cpu(self) -> float:
        """Percent of one core."""
        return 100 * self.cpu_seconds / self.seconds


@final
class Meter:
    """Watches what a process uses, from its creation to `stop`."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._began, self._cpu = time.monotonic(), _cpu_seconds(process)
        self._peak = resident(process)
        self._sampling = asyncio.create_task(self._sample())

    async def _sample(self) -> None:
        while True:
            await asyncio.sleep(_SAMPLE_SECONDS)
            self._peak = max(self._peak, resident(self._process))

    def stop(self) -> Use:
        """Return what was used so far, and watch no longer."""
        self._sampling.cancel()
        spent = _cpu_seconds(self._process) - self._cpu
        return Use(time.monotonic() - self._began, spent, max(self._peak, resident(self._process)))


def resident(process: psutil.Process) -> float:
    """Return how much memory a process has, in MiB."""
    return process.memory_info().rss / MIB


def _cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


@final
class Child:
    """A script in a process of its own. Made by `child`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.usage = psutil.Process(process.pid)

    async def hear(self) -> Said:
        """Return what it says next.

        Raises
        ------
        ChildEnded
            It says no more.
        """
        if self._process.stdout is None:
            raise ChildEnded
        line = await self._process.stdout.readline()
        if not line:
            raise ChildEnded
        return json.loads(line)

    async def ask(self, word: str) -> Said:
        """Say a word to it, and return what it says to that.

        Raises
        ------
        ChildEnded
            It says no more.
        """
        self.tell(word)
        return await self.hear()

    def tell(self, word: str) -> None:
        """Say a word to it."""
        if self._process.stdin is not None:
            self._process.stdin.write(f"{word}\n".encode())

    def meter(self) -> Meter:
        """Watch what it uses from now on."""
        return Meter(self.usage)

    async def end(self) -> None:
        """Let it end by itself; after a while, end it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), _GRACE_SECONDS)
        except TimeoutError:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def child(script: str, *arguments: object) -> AsyncGenerator[Child]:
    """Start a script of this folder, and end it in the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "benchmarks" / script),
        *map(str, arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=_LINE,
    )
    started = Child(process)
    try:
        yield started
    finally:
        await started.end()


# For the children ----------------------------------------------------------------------------------------------------


def say(**said: object) -> None:
    """Say something to the parent."""
    print(json.dumps(said), flush=True)


async def heard() -> str:
    """Wait for the parent's next word; empty once it says no more."""
    return (await asyncio.to_thread(sys.stdin.readline)).strip()
