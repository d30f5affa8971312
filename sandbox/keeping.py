"""A folder that keeps a whole sandbox: its lock, its layout, and the task that saves both servers again and again.

======================  ==============================================================================================
``sandbox.json``        the version of the layout, and the ports: addresses that people and the bot wrote down stay good
``lock``                held while a sandbox uses the folder
``bot/``                what the bot itself keeps
``discord/``            ``discord.json`` and ``attachments/``
``api/``                ``api.json``
======================  ==============================================================================================

Both servers are looked at together, once a second, and saved if anything has changed; what a snapshot needs is encoded
in the event loop, record by record and only where it is new, and written in a thread. So a sandbox that is killed loses
at most two seconds. Nothing needs to announce its changes, and so no change can be forgotten.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import socket
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Self, final
from urllib.parse import urlsplit

from pydantic import TypeAdapter

from sandbox.comet.keeping import CometKeeper
from sandbox.keptfile import EXACT, WAY_OUT, Envelope, KeepingFailed, Snapshot, encode, read, write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

    from sandbox.comet import CometOptions, CometSandbox
    from sandbox.discord import DiscordOptions, DiscordSandbox
    from sandbox.keptfile import Keeper

_VERSION: Final = 1
_SECONDS: Final = 1.0
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class _Ports:
    discord: int
    api: int


@dataclass(frozen=True, kw_only=True)
class _About(Envelope):
    __pydantic_config__ = EXACT

    head: _Ports


_PORTS, _ABOUT = TypeAdapter(_Ports), TypeAdapter(_About)


@final
class KeptFolder:
    """A folder that this sandbox, and no other, keeps its state in. A context manager: it holds the lock meanwhile.

    Parameters
    ----------
    path
        Made if it is not there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.bot = self.path / "bot"
        self.is_new = True
        """Whether nothing is kept here yet."""
        self._lock = -1
        self._ports = _Ports(discord=0, api=0)

    def __enter__(self) -> Self:
        """Lock the folder and read what it is.

        Raises
        ------
        KeepingFailed
            It is in use, cannot be used, or is not what a sandbox left.
        """
        try:
            for folder in (self.path, self.bot, self.path / "discord", self.path / "api"):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._let_go()
            text = f"Another sandbox uses {self.path}: end that one first, or keep this one in another folder."
            raise KeepingFailed(text) from error
        except OSError as error:
            self._let_go()
            raise KeepingFailed(f"{error.filename or self.path} cannot be used: {error.strerror}.") from error
        try:
            self._look()
        except BaseException:
            self._let_go()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the lock."""
        self._let_go()

    def _let_go(self) -> None:
        with suppress(OSError):
            os.close(self._lock)
        self._lock = -1

    def _look(self) -> None:
        about = self.path / "sandbox.json"
        if about.exists():
            self._ports = read(about, _ABOUT, _VERSION).head
            self.is_new = False
        elif (self.path / "easel.db").exists() or any(self.bot.iterdir()):
            raise KeepingFailed(
                f"{self.path} holds the data of a bot, but not {about.name} of the servers that it belongs to: "
                f"{WAY_OUT}."
            )

    def options(self, comet: CometOptions, discord: DiscordOptions) -> tuple[CometOptions, DiscordOptions]:
        """Return the options with the ports of the last time, where none is asked for and they are still free."""
        api = comet.port or _if_free(comet.host, self._ports.api)
        return replace(comet, port=api), replace(
            discord, port=discord.port or _if_free(discord.host, self._ports.discord)
        )

    def note_addresses(self, *, discord: str, api: str) -> None:
        """Write down where the servers listen; from then on the folder counts as used."""
        self._ports = _Ports(discord=urlsplit(discord).port or 0, api=urlsplit(api).port or 0)
        write(self.path / "sandbox.json", _VERSION, Snapshot(encode(_PORTS, self._ports), {}), ended=False)


def _if_free(host: str, port: int) -> int:
    """Return the port, or 0 where somebody else listens there by now."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError):  # the latter for what is no port at all
            return 0
    return port


@final
class Keeping:
    """Loads both servers, then saves them for as long as it lasts: an asynchronous context manager.

    Enter it before the servers listen, and leave it after they have stopped.
    """

    def __init__(self, folder: KeptFolder, comet: CometSandbox, discord: DiscordSandbox) -> None:
        self._folder = folder
        self._keepers: Sequence[Keeper] = (
            CometKeeper(comet, folder.path / "api"),
            discord.keeper(folder.path / "discord"),
        )
        self._saved: list[Snapshot] = []
        self._stop = asyncio.Event()
        self._saving: asyncio.Task[None] | None = None
        self._trouble = ""

    async def __aenter__(self) -> Self:
        """Load what is kept, save it as under way, and go on saving.

        Raises
        ------
        KeepingFailed
            What is kept cannot be used, or nothing can be written.
        """
        for keeper in self._keepers:
            if not self._folder.is_new or keeper.path.exists():
                keeper.load()
        await self._save_or_fail(ended=False)
        self._saving = asyncio.create_task(self._go_on(), name="keeping")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Save once more, and all of it anew.

        Raises
        ------
        KeepingFailed
            That did not work.
        """
        self._stop.set()
        if self._saving is not None:
            await self._saving
        await self._save_or_fail(ended=True)

    async def _save_or_fail(self, *, ended: bool) -> None:
        try:
            await self.save(ended=ended)
        except OSError as error:
            text = f"The sandbox cannot be kept in {self._folder.path}: {error.strerror}."
            raise KeepingFailed(text) from error

    async def _go_on(self) -> None:
        while not self._stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), _SECONDS)
            try:
                await self.save()
            except OSError as error:  # such as a full disk: it may have room again in a second
                self._complain(str(error.strerror))
            except Exception as error:  # noqa: BLE001 - a fault of ours must not end the saving unseen
                self._complain(repr(error))
            else:
                self._trouble = ""

    def _complain(self, trouble: str) -> None:
        if trouble != self._trouble:
            _LOG.error("The sandbox cannot be kept in %s right now: %s.", self._folder.path, trouble)
        self._trouble = trouble

    async def save(self, *, ended: bool = False) -> None:
        """Save both servers as they are at one moment, if anything is new.

        Raises
        ------
        OSError
            It cannot be written.
        """
        for keeper in self._keepers:
            await keeper.prepare()
        snapshots = [keeper.snapshot(anew=ended) for keeper in self._keepers]
        if ended or snapshots != self._saved:
            await asyncio.to_thread(self._write, snapshots, ended=ended)
            self._saved = snapshots

    def _write(self, snapshots: list[Snapshot], *, ended: bool) -> None:
        for number, (keeper, snapshot) in enumerate(zip(self._keepers, snapshots, strict=True)):
            if ended or self._saved[number : number + 1] != [snapshot]:
                write(keeper.path, keeper.version, snapshot, ended=ended)
