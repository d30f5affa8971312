"""The bot as a process of its own, started as its owner would start it: `python -m bot` with settings from outside.

Imports only the standard library; in particular nothing of the bot.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, final

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent


@final
class BotProcess:
    """Starts, kills and restarts the bot.

    Parameters
    ----------
    settings
        Its whole environment, but for what Python needs to find it.
    folder
        Its working directory; a `.env` of the owner's elsewhere is not read.
    log
        Where its log goes: an open file, kept open by the caller; None for this process's standard error.
    """

    def __init__(self, settings: Mapping[str, str], folder: Path, log: IO[bytes] | None = None) -> None:
        self._settings = dict(settings)
        self._folder = folder
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """Of the running process.

        Raises
        ------
        RuntimeError
            It was never started.
        """
        if self._process is None:
            raise RuntimeError("the bot was never started")
        return self._process.pid

    async def start(self) -> None:
        """Start it; its being ready is for the sandbox Discord to tell."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            cwd=self._folder,
            env={"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **self._settings},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,  # Ctrl-C reaches the sandbox alone, which then ends the bot in order
        )

    async def kill(self) -> None:
        """End it with SIGKILL, as a power cut would."""
        await self._signal(signal.SIGKILL)

    async def terminate(self) -> int:
        """Ask it to stop, wait until it has, and return its exit code."""
        return await self._signal(signal.SIGTERM)

    async def wait(self) -> int:
        """Wait until it has ended, and return its exit code."""
        return await self._process.wait() if self._process is not None else 0

    async def _signal(self, number: signal.Signals) -> int:
        if self._process is None:
            return 0
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(number)
        return await self._process.wait()
