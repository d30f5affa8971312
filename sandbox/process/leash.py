"""A leash for a process: it ends when the sandbox does, also when that is killed and can say goodbye to nobody.

A tiny shell waits at a pipe that only this process holds. However this process ends, the pipe closes, and the shell
ends whom it watches. Imports only the standard library.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final, Self, final

_SHELL: Final = "/bin/sh"
_WATCH: Final = """
read -r _
kill -TERM "$1" || exit
for _ in 1 2 3 4 5; do
    sleep 1
    kill -0 "$1" || exit
done
kill -KILL "$1"
"""
"""What the shell does: `read` returns when the pipe closes, since nobody ever writes into it."""


@final
class Leash:
    """Watches over one process for as long as this one lives."""

    def __init__(self, shell: asyncio.subprocess.Process) -> None:
        self._shell = shell

    @classmethod
    async def tie(cls, pid: int) -> Self:
        """Watch over a process from now on."""
        shell = await asyncio.create_subprocess_exec(
            _SHELL,
            "-c",
            _WATCH,
            "leash",
            str(pid),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C ends the sandbox alone, and nothing in it early
        )
        return cls(shell)

    async def untie(self) -> None:
        """Stop watching; nobody is ended."""
        with suppress(ProcessLookupError):
            self._shell.kill()
        await self._shell.wait()
