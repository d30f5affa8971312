"""All of Easel on one machine: a local API, a local Discord, and the real bot between them.

What `python -m sandbox`, the tests that kill the bot and the benchmarks start. Imports nothing of the bot.
"""

from __future__ import annotations

import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self, final

from sandbox.comet import CometOptions, CometSandbox
from sandbox.discord import DiscordOptions, DiscordSandbox
from sandbox.keeping import Keeping, KeptFolder
from sandbox.ports import free_near, usable_port
from sandbox.process import BotControl, BotProcess

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType


@final
@dataclass(frozen=True, kw_only=True)
class ScenarioOptions:
    """What a scenario is made of.

    Attributes
    ----------
    folder
        Where the bot keeps its data; None for one that is removed in the end, or the `bot` folder inside `keep`.
    keep
        A folder in which everything outlives this scenario: the bot's data, Discord and the API; None keeps nothing.
    settings
        More settings for the bot, or others than the scenario's own.
    log
        Where the bot's log goes; None for this process's standard error.
    draw_near
        The bot serves its drawing page at a free port after this one, the same at each of its starts; None for any free
        one, another each time.
    """

    comet: CometOptions = field(default_factory=CometOptions)
    discord: DiscordOptions = field(default_factory=DiscordOptions)
    folder: Path | None = None
    keep: Path | None = None
    settings: dict[str, str] = field(default_factory=dict[str, str])
    log: IO[bytes] | None = None
    draw_near: int | None = None


@final
class Scenario:
    """A running API, a running Discord, and a bot that can be started, killed and started again.

    Use it as an asynchronous context manager; it does not start the bot by itself.
    """

    comet: CometSandbox
    discord: DiscordSandbox
    bot: BotProcess
    control: BotControl
    folder: Path

    def __init__(self, options: ScenarioOptions | None = None) -> None:
        self._options = options or ScenarioOptions()
        self._draw_port = 0
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start both servers.

        Raises
        ------
        PortUnusable
            One of the ports that were asked for is taken.
        KeepingFailed
            The folder `keep` cannot be used; the text says why and what to do.
        """
        options = self._options
        try:
            kept = None if options.keep is None else self._stack.enter_context(KeptFolder(options.keep))
            self.folder = options.folder or (kept.bot if kept else self._passing_folder())
            comet, discord = kept.options(options.comet, options.discord) if kept else (options.comet, options.discord)
            self.comet, self.discord = CometSandbox(comet), DiscordSandbox(discord)
            if kept:
                await self._stack.enter_async_context(Keeping(kept, self.comet, self.discord))
            with usable_port(comet.port, "Free it, or choose another with --comet-port {}"):
                await self._stack.enter_async_context(self.comet)
            with usable_port(discord.port, "Free it, or choose another with --discord-port {}"):
                await self._stack.enter_async_context(self.discord)
            if kept:
                kept.note_addresses(discord=self.discord.url, api=self.comet.url)
            if options.draw_near is not None:
                self._draw_port = free_near(options.draw_near)
        except BaseException:
            await self._stack.aclose()
            raise
        self.bot = BotProcess({**self.settings(), **options.settings}, self.folder, options.log)
        self.control = BotControl(self.bot, self.discord)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the bot, then the servers."""
        try:
            await self.control.close()
        finally:
            await self._stack.aclose()

    def _passing_folder(self) -> Path:
        return Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="easel-")))

    def settings(self) -> dict[str, str]:
        """Return the bot's settings that point it at these servers."""
        return {
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_URL": self.discord.api_url,
            "COMETAPI_KEY": self.comet.key,
            "COMETAPI_BASE_URL": self.comet.url,
            "DATABASE_URL": f"sqlite:///{self.folder}/easel.db",
            "HTTP_LISTEN": f"127.0.0.1:{self._draw_port}",
        }

    async def start_bot(self, within: float = 30.0, once: Mapping[str, str] | None = None) -> None:
        """Start the bot and wait, at most `within` seconds, until it is ready and its commands are registered.

        Parameters
        ----------
        once
            More settings for the bot, for this start alone.

        Raises
        ------
        BotNotUp
            It is not; the text tells why.
        """
        self.bot.once = once or {}
        await self.control.start(within)
