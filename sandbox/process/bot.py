"""The bot as a process of its own, started as its owner would start it: `python -m bot` with settings from outside.

Imports nothing of the bot, and knows no Discord: that the bot is ready there is told from outside.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Literal, final

from sandbox.process.leash import Leash
from sandbox.process.log import BotLog

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).resolve().parents[2]
BotState = Literal["stopped", "starting", "running", "killed"]

_CHUNK: Final = 65_536
_GRACE_SECONDS: Final = 8.0
"""What the bot gets to end by itself before it is killed."""
_LAST_WORDS_SECONDS: Final = 1.0
"""How long to read what an ended bot wrote, should a child of its own still hold the pipe."""


@final
class BotProcess:
    """Starts, kills and restarts the bot, notices when it ended, and keeps what it wrote.

    Parameters
    ----------
    settings
        Its whole environment, but for what Python needs to find it.
    folder
        Its working directory; a `.env` of the owner's elsewhere is not read.
    log
        Where its log goes: an open file, kept open by the caller; None for this process's standard error.
    command
        What it is asked to do, such as `receive`; empty to be the bot.

    Attributes
    ----------
    starts
        How often it was started.
    once
        More settings, for the next start alone.
    """

    def __init__(
        self, settings: Mapping[str, str], folder: Path, log: IO[bytes] | None = None, *, command: str = ""
    ) -> None:
        self._settings = dict(settings)
        self._folder = folder
        self._command = [command] if command else []
        self.log = BotLog(log or sys.stderr.buffer)
        self.starts = 0
        self.once: Mapping[str, str] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._is_up = False
        self._watch: asyncio.Task[None] | None = None
        self._listeners: list[Callable[[], None]] = []

    @property
    def pid(self) -> int:
        """Of the newest process.

        Raises
        ------
        RuntimeError
            It was never started.
        """
        if self._process is None:
            raise RuntimeError("the bot was never started")
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether there is a process that has not ended."""
        return self._process is not None and self._process.returncode is None

    @property
    def exit_code(self) -> int | None:
        """Of the newest process, negative if a signal ended it; None while it lives and before the first start."""
        return self._process.returncode if self._process is not None else None

    @property
    def state(self) -> BotState:
        """What it does: `starting` until it is told to be up; `killed` if it could not say goodbye."""
        if self.is_alive:
            return "running" if self._is_up else "starting"
        return "killed" if self.exit_code == -signal.SIGKILL else "stopped"

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` whenever the state changed; return what ends that."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    async def start(self) -> None:
        """Start it; its being ready is for the sandbox Discord to tell.

        Raises
        ------
        RuntimeError
            It lives already: two at once would be two bots.
        """
        if self.is_alive:
            raise RuntimeError("the bot runs already")
        once, self.once = self.once, {}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *self._command,
            cwd=self._folder,
            env={"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **self._settings, **once},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches the sandbox alone, which then ends the bot in order
        )
        self._process, self._is_up = process, False
        self.starts += 1
        self._watch = asyncio.create_task(self._attend(process), name="bot-process")
        self._tell()

    def came_up(self) -> None:
        """Note that the process which runs now is ready for people."""
        if self.is_alive and not self._is_up:
            self._is_up = True
            self._tell()

    async def kill(self) -> None:
        """End it with SIGKILL, as a power cut would."""
        await self._signal(signal.SIGKILL)

    async def terminate(self) -> int:
        """Ask it to stop, wait until it has, and return its exit code; if it does not, kill it."""
        try:
            async with asyncio.timeout(_GRACE_SECONDS):
                return await self._signal(signal.SIGTERM)
        except TimeoutError:
            return await self._signal(signal.SIGKILL)

    async def wait(self) -> int:
        """Wait until it has ended and all it wrote is read, and return its exit code."""
        if self._process is None or self._watch is None:
            return 0
        await asyncio.shield(self._watch)
        return await self._process.wait()

    async def _signal(self, number: signal.Signals) -> int:
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(number)
        return await self.wait()

    async def _attend(self, process: asyncio.subprocess.Process) -> None:
        """Read what it writes, and tell when it has ended."""
        reading = asyncio.create_task(self._read(process), name="bot-log")
        leash = await Leash.tie(process.pid)
        try:
            await process.wait()
        finally:
            await leash.untie()
            await asyncio.wait([reading], timeout=_LAST_WORDS_SECONDS)
            reading.cancel()
            self.log.flush()
            self._tell()

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            return
        while data := await process.stdout.read(_CHUNK):
            self.log.write(data)

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()
