"""Sending with patience: again where a repeat may help, in letters where Discord refuses an emoji.

What discord.py does not repeat by itself (lost connections, 503) is repeated here, and its exceptions become
`DeliveryError`. Knows no message, storage or API; of aiohttp only the exception class.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol, TypeVar, final

import aiohttp
import discord

from bot.errors import DeliveryError, DiscordUnavailable
from cogs.messages.refusals import NOTHING_THERE, is_bad_emoji, translate, translate_send

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_log = logging.getLogger(__name__)

#: How a lost connection shows; whether Discord applied the request is then not known.
CONNECTION_ERRORS: Final = (aiohttp.ClientError, OSError)

_PAUSES_S: Final = (0.5, 2.0)
_UNAVAILABLE: Final = 503

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Sleep(Protocol):
    """Waits between two tries."""

    async def __call__(self, delay: float, /) -> object:
        """Wait `delay` seconds."""
        ...


class Draw(Protocol[T_co]):
    """Sends or edits a message; without `emojis`, with buttons that have letters only. May be done twice."""

    async def __call__(self, *, emojis: bool) -> T_co:
        """Do it, and return what came of it."""
        ...


@final
class Sender:
    """Does to messages what may be done twice. Every method raises `DeliveryError` for what discord.py raises."""

    def __init__(self, sleep: Sleep) -> None:
        self._sleep = sleep

    async def persist(self, step: Callable[[], Awaitable[T]]) -> T:
        """Do what may be done twice, and do it again where discord.py does not (discord-platform 2).

        Raises
        ------
        DeliveryError
            What Discord's refusal means; `DiscordUnavailable` where it stayed out of reach.
        """
        pauses = iter(_PAUSES_S)
        while True:
            try:
                return await step()
            except discord.DiscordException as error:
                unavailable = isinstance(error, discord.HTTPException) and error.status == _UNAVAILABLE
                pause = next(pauses, None) if unavailable else None
                if pause is None:
                    raise translate(error) from error
            except CONNECTION_ERRORS as error:
                pause = next(pauses, None)
                if pause is None:
                    raise DiscordUnavailable(f"{type(error).__name__}: {error}") from error
            await self._sleep(pause)

    async def draw(self, draw: Draw[T]) -> T:
        """Edit what carries buttons; if Discord refuses an emoji, once more with faces in letters.

        Raises
        ------
        DeliveryError
            As `persist`.
        """
        try:
            return await self.persist(partial(draw, emojis=True))
        except DeliveryError as error:
            if not is_bad_emoji(error.__cause__):
                raise
            _log.warning("Discord refused an emoji, so the buttons get letters: %s", error)
        return await self.persist(partial(draw, emojis=False))

    async def send(self, draw: Draw[T]) -> T:
        """Send a new message, as `draw` does with one that is there.

        Raises
        ------
        DeliveryError
            As `persist`; `ChannelGone` where the way to it is not there.
        """
        try:
            return await self.draw(draw)
        except DeliveryError as error:
            raise translate_send(error) from error.__cause__

    async def remove(self, delete: Callable[[], Awaitable[None]]) -> None:
        """Take something away; that it is gone already is no error.

        Raises
        ------
        DeliveryError
            As `persist`.
        """

        async def remove() -> None:
            try:
                await delete()
            except discord.HTTPException as error:
                if error.code not in NOTHING_THERE:
                    raise

        await self.persist(remove)
