"""The bot's switch: start, stop, kill and restart it, each until it has taken effect, and only one at a time.

Joins the process with the Discord that it connects to. Imports nothing of the bot.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, final

if TYPE_CHECKING:
    from sandbox.discord import DiscordSandbox
    from sandbox.process.bot import BotProcess

_WITHIN_SECONDS: Final = 30.0
_HANG_UP_SECONDS: Final = 5.0
"""How long Discord may take to notice that a process which ended is not connected any more."""


@final
class BotNotUp(Exception):
    """The bot was started and is not ready. Its text is a sentence for people, with the bot's last words."""


@final
class BotControl:
    """Somebody at the bot's switch.

    Parameters
    ----------
    command
        A command that the bot registers: before that, nobody can use it.
    """

    def __init__(self, process: BotProcess, discord: DiscordSandbox, command: str = "imagine") -> None:
        self._process = process
        self._discord = discord
        self._command = command
        self._coming: asyncio.Task[None] | None = None
        self._unsubscribe = discord.subscribe(self._on_discord)
        self.trouble: str | None = None
        """Why the newest start did not succeed, as a sentence; None as long as nothing is wrong."""

    async def start(self, within: float = _WITHIN_SECONDS) -> None:
        """Start the bot, unless it runs, and wait until people can use it.

        Raises
        ------
        BotNotUp
            It ended, or `within` seconds were not enough.
        """
        if self._process.state != "running" or self._coming is not None:
            await self._come_up(within, anew=False)

    async def restart(self, within: float = _WITHIN_SECONDS) -> None:
        """Kill the bot, start it again and wait until people can use it; who asks meanwhile waits for the same.

        Raises
        ------
        BotNotUp
            It ended, or `within` seconds were not enough.
        """
        await self._come_up(within, anew=True)

    async def stop(self) -> None:
        """Ask the bot to end, and wait until it has."""
        await self._give_up()
        await self._process.terminate()

    async def kill(self) -> None:
        """End the bot as a power cut would."""
        await self._give_up()
        await self._process.kill()

    async def close(self) -> None:
        """Stop the bot for good."""
        self._unsubscribe()
        await self.stop()

    async def _come_up(self, within: float, *, anew: bool) -> None:
        if self._coming is None:
            self._coming = asyncio.create_task(self._bring_up(within, anew=anew), name="bot-start")
            self._coming.add_done_callback(self._came)
        coming = self._coming
        try:
            await asyncio.shield(coming)
        except asyncio.CancelledError:
            if coming.cancelled():  # and not the one who waits here
                raise BotNotUp("The bot was stopped before it was up.") from None
            raise

    def _came(self, coming: asyncio.Task[None]) -> None:
        self._coming = None
        if not coming.cancelled():
            coming.exception()  # somebody may have stopped waiting: then nobody else takes it

    async def _give_up(self) -> None:
        """Let no start that is under way go on behind the back of whoever ends the bot."""
        self.trouble = None
        coming = self._coming
        if coming is not None:
            coming.cancel()
            await asyncio.wait([coming])

    async def _bring_up(self, within: float, *, anew: bool) -> None:
        self.trouble = None
        if anew:
            await self._process.kill()
        if not self._process.is_alive:
            await self._line_free()
            await self._process.start()
        ready = asyncio.create_task(self._ready(within))
        ended = asyncio.create_task(self._process.wait())
        try:
            await asyncio.wait([ready, ended], return_when=asyncio.FIRST_COMPLETED)
            self._judge(ready, within)
        finally:
            for task in (ready, ended):
                task.cancel()
            await asyncio.gather(ready, ended, return_exceptions=True)

    async def _line_free(self) -> None:
        """Wait until Discord has noticed that the last process is gone; else the new one seems ready at once."""
        try:
            await self._discord.wait_until(lambda: not self._discord.is_bot_online, timeout=_HANG_UP_SECONDS)
        except TimeoutError:
            self.trouble = "Another bot is connected to this Discord. End it, then start this one."
            raise BotNotUp(self.trouble) from None

    async def _ready(self, within: float) -> None:
        async with asyncio.timeout(within):
            await self._discord.ready(timeout=within)
            await self._discord.commands_registered(self._command, timeout=within)

    def _judge(self, ready: asyncio.Task[None], within: float) -> None:
        """Raise what tells why the bot is not up, if it is not."""
        if ready.done() and ready.exception() is None:
            self._process.came_up()
            return
        last = self._process.log.last
        words = f" The last it said: {last}" if last else ""
        if self._process.is_alive:
            self.trouble = f"The bot is not up after {within:g} seconds.{words}"
        else:
            self.trouble = f"The bot ended with exit code {self._process.exit_code} instead of coming up.{words}"
        raise BotNotUp(self.trouble)

    def _on_discord(self, event: dict[str, object]) -> None:
        """Note that a bot which needed longer than anybody waited is up all the same."""
        if event["type"] in ("bot", "commands") and self._discord.is_bot_online and self._coming is None:
            self.trouble = None
            self._process.came_up()
