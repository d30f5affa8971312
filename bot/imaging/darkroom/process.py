"""`DarkroomProcess`: the bot's side of the darkroom, which starts it, asks it, and ends it.

It is started when there is something to do, kept while there is more, and ended when there was nothing for a minute: it
takes memory only while somebody needs it. Imports only the standard library, `bot.errors`, `bot.language` and its
neighbors.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, ParamSpec, Self, TypeVar, final

from bot.imaging.darkroom.messages import ANSWER, MOST_BYTES, MOST_JSON, promised, question, result
from bot.imaging.opening import damaged

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Callable
    from types import TracebackType

    from bot.imaging.darkroom.messages import Answer

_log = logging.getLogger(__name__)

_P = ParamSpec("_P")
_T = TypeVar("_T")

#: Of addresses. What `bot.imaging` does with 40 megapixels takes 400 MiB at most, the process itself 50.
MEMORY: Final = 512 * 1024 * 1024
#: Seconds of the processor for one question; 40 megapixels of noise take two to four. The system kills over this.
SECONDS: Final = 8.5
#: Seconds by the clock: a machine with much else to do is slow, and that is no fault of the picture.
_PATIENCE: Final = 30.0
#: Seconds without a question, after which the process is ended.
_IDLE: Final = 60.0
#: Seconds to end by itself, once it is told.
_GRACE: Final = 2.0
#: Nothing but where modules are found: what is secret may stand in the bot's own environment.
_ENVIRONMENT: Final = (
    {"PYTHONPATH": os.pathsep.join([str(Path(__file__).resolve().parents[3]), *filter(None, sys.path)])}
    if sys.platform != "win32"
    else None
)
#: How the system ends what takes too long (`limits`), which it calls a profiling timer.
_PROF: Final = getattr(signal, "SIGPROF", 0)
_OVER_TIME: Final = "it had all of its time"
_PROGRAM: Final = "bot.imaging.darkroom"
#: In characters, of what it wrote before it died.
_LAST_WORDS: Final = 200


class _Lost(Exception):
    """No answer came."""


@final
class DarkroomProcess:
    """A process that decodes pictures, one at a time.

    Parameters
    ----------
    memory
        The most that it may take, in bytes of addresses.
    seconds
        Of the processor, after which it is killed over one question.
    patience
        Seconds by the clock, likewise.
    idle
        Seconds without a question after which it is ended.
    """

    def __init__(
        self, *, memory: int = MEMORY, seconds: float = SECONDS, patience: float = _PATIENCE, idle: float = _IDLE
    ) -> None:
        self._limits = (str(memory), str(seconds), str(patience + _GRACE))
        self._patience = patience
        self._idle = idle
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._asking: asyncio.Task[Any] | None = None
        self._rest: asyncio.TimerHandle | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def process_id(self) -> int | None:
        """The process that is there now."""
        return None if self._process is None else self._process.pid

    async def run(self, do: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Run a function of `bot.imaging` in the darkroom; what it raises is raised here.

        Whoever is canceled disturbs nobody: what has begun goes on to its end, and what has not is never begun.

        Parameters
        ----------
        do
            A function at the top of its module, whose result `messages` knows how to bring back.

        Raises
        ------
        PictureUnusable
            As the function did; or it took too much time or memory, or brought the process down.
        """
        promise, asked = promised(do), question(do, *args, **kwargs)
        await self._turn.acquire()
        self._asking = asking = asyncio.create_task(self._ask(asked, promise), name="darkroom")
        asking.add_done_callback(lambda _: self._turn.release())
        try:
            return await asyncio.shield(asking)
        except (_Lost, RuntimeError) as error:
            if not self._closed:
                _log.warning("A picture was given up by %s: %s", do.__name__, error)
            raise damaged() from error

    async def close(self) -> None:
        """End the process, whatever it does; nothing is decoded any more."""
        self._closed = True
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
        self._retire()
        await asyncio.gather(*self._ending)

    # One question ----------------------------------------------------------------------------------------------------

    async def _ask(self, asked: bytes, promise: str) -> Any:  # noqa: ANN401 - what was promised; `run` says so
        if self._closed:
            raise _Lost("Easel is stopping")
        if self._rest is not None:
            self._rest.cancel()
        try:
            answer = await self._answer(asked)
        except asyncio.CancelledError:
            await self._give_up()
            if self._closed:
                raise _Lost("Easel is stopping") from None
            raise
        finally:
            self._rest = asyncio.get_running_loop().call_later(self._idle, self._retire)
        try:
            return result(answer, promise)
        except (ValueError, RecursionError) as error:  # somebody else may speak through it now
            await self._give_up()
            raise _Lost(f"the process answered nonsense ({error})") from error

    async def _answer(self, asked: bytes) -> Answer:
        try:
            async with asyncio.timeout(self._patience):
                return await _exchanged(await self._started(), asked)
        except TimeoutError as error:
            await self._give_up()
            raise _Lost(f"it took longer than {self._patience:g} s") from error
        except (EOFError, OSError, ValueError) as error:
            raise _Lost(await self._give_up(is_dying=True) or f"the process cannot be started ({error})") from error

    # The process -----------------------------------------------------------------------------------------------------

    async def _started(self) -> Process:
        process = self._process
        if process is not None and process.returncode is None:
            return process
        no_bytecode = ("-B",) if sys.dont_write_bytecode else ()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *no_bytecode,
            *("-P", "-m", _PROGRAM, *self._limits),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=_ENVIRONMENT,
            start_new_session=True,
        )
        return self._process

    def _retire(self) -> None:
        """Have the process end; the next question starts another."""
        if self._rest is not None:
            self._rest.cancel()
        process, self._process = self._process, None
        if process is not None:
            ending = asyncio.create_task(_ended(process), name="darkroom ends")
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)

    async def _give_up(self, *, is_dying: bool = False) -> str:
        """Kill the process, and tell what it died of where that was not we."""
        process, self._process = self._process, None
        if process is None:
            return ""
        if is_dying:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), _GRACE)
        words = (await _killed(process)).decode(errors="replace").strip()[-_LAST_WORDS:]
        code = process.returncode or 0
        cause = _OVER_TIME if code == -_PROF else signal.strsignal(-code) if code < 0 else f"exit code {code}"
        return f"the process ended ({cause}) {words!r}" if words else f"the process ended ({cause})"


async def _exchanged(process: Process, asked: bytes) -> Answer:
    """Ask, and return the answer.

    Raises
    ------
    EOFError, OSError
        The process is gone.
    ValueError
        The answer is larger than any can be.
    """
    if process.stdin is None or process.stdout is None:  # never: both are pipes
        raise ValueError("no pipes")
    process.stdin.write(asked)
    await process.stdin.drain()
    text, data = ANSWER.unpack(await process.stdout.readexactly(ANSWER.size))
    if text > MOST_JSON or data > MOST_BYTES:
        raise ValueError("too large an answer")
    return await process.stdout.readexactly(text), await process.stdout.readexactly(data)


async def _ended(process: Process) -> None:
    """Tell the process that there is nothing more to do, and see to it that it goes."""
    if process.stdin is not None:
        process.stdin.close()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), _GRACE)
    await _killed(process)


async def _killed(process: Process) -> bytes:
    """Kill the process, if it lives, and return what it said about itself, once its pipes are empty."""
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    with contextlib.suppress(OSError):
        _, words = await process.communicate()
        return words
    return b""
