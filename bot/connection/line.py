"""`Line`: logs in and stays connected, whatever Discord does, until the bot itself hangs up.

In the place of discord.py's own loop, which dies if the very first connection fails, sleeps up to 17 minutes after an
outage, and ends with an event that it cannot read (discord-platform 2). Connecting, heartbeats and events stay its own.
"""

from __future__ import annotations

import asyncio
import logging
import random
from datetime import timedelta
from typing import TYPE_CHECKING, Final, cast, final

import aiohttp
import discord
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from bot.connection.budget import SessionLimit

if TYPE_CHECKING:
    from bot.connection.budget import IdentifyBudget
    from bot.jobs.ports import Clock

_log = logging.getLogger(__name__)

#: What comes of a network, or of a Discord, that is not there for now.
UNREACHABLE: Final = (OSError, aiohttp.ClientError, discord.HTTPException, discord.GatewayNotFound)
TOKEN_REFUSED: Final = 4004
INTENTS_REFUSED: Final = frozenset({4013, 4014})
#: Closes after which connecting again is no use (Discord, gateway close event codes).
FOR_GOOD: Final = frozenset({TOKEN_REFUSED, 4010, 4011, 4012, *INTENTS_REFUSED})

_CONNECT_S: Final = 60.0
_ASK_S: Final = 10.0
_LONGEST_PAUSE_S: Final = 60.0
#: A session that ended sooner is not opened again at once.
_BRIEF_S: Final = 1.0
#: So often an address that only this session has is tried; then another session is started at the common one.
_RESUME_TRIES: Final = 5
#: So many events in a row that cannot be read come from a broken stream, not from Discord.
_MOST_RIDDLES: Final = 10
#: While waiting for the next session, Discord is asked every so often whether it may be sooner.
_LOOK_AGAIN_S: Final = 600.0
_UNAUTHORIZED: Final = 401
_MOST_WORDS: Final = 160


@final
class Line:
    """The one connection of a client.

    Parameters
    ----------
    client
        Closed by whoever made it.

    Attributes
    ----------
    identifies
        Sessions started by this process.
    was_up
        Whether there has been a session at all.
    down_since
        Seconds of the clock's `monotonic`; None while events come in.
    """

    def __init__(self, client: discord.Client, budget: IdentifyBudget, clock: Clock) -> None:
        self._client = client
        self._budget = budget
        self._clock = clock
        self._hung_up = asyncio.Event()
        self._failures = 0
        self._opened = False
        self.identifies = 0
        self.was_up = False
        self.down_since: float | None = clock.monotonic()

    @property
    def down_s(self) -> float | None:
        """How many seconds no events have come in for; None while they do."""
        return None if self.down_since is None else self._clock.monotonic() - self.down_since

    @property
    def is_up(self) -> bool:
        """Whether events come in."""
        return self.down_since is None

    @property
    def identifies_today(self) -> int:
        """Sessions started within the last day, by former processes too."""
        return len(self._budget.started())

    def opened(self) -> None:
        """Learn that Discord has begun or resumed a session."""
        if self._failures:
            _log.info("Connected to Discord again")
        self._opened = self.was_up = True
        self.down_since = None

    def identifying(self) -> None:
        """Write down that a session is being started; before that, since it counts even if nothing comes of it."""
        self._budget.note()
        self.identifies += 1

    def hang_up(self) -> None:
        """Take in no more events, and wait for nothing any more."""
        self._hung_up.set()

    async def log_in(self, token: str) -> None:
        """Log in, and try again for as long as Discord is out of reach.

        Raises
        ------
        discord.LoginFailure
            Discord refuses the token.
        """
        while not self._hung_up.is_set():
            try:
                await self._client.login(token)
            except UNREACHABLE as error:
                await self._rest(error)
            else:
                self._failures = 0
                return
            # discord.py makes another session at each login and forgets the former with its connections.
            await self._client.http.close()
            self._client.http.connector = cast("aiohttp.BaseConnector", discord.utils.MISSING)

    async def keep(self) -> None:
        """Stay connected until the client is closed.

        Raises
        ------
        discord.LoginFailure
            Discord no longer takes the token.
        discord.ConnectionClosed
            Discord refuses this bot for good; `code` is one of `FOR_GOOD`.
        """
        while not self._is_over():
            began, self._opened = self._clock.monotonic(), False
            error = await self._connect()
            if not self._is_over():
                await self._ended(began, error)

    # One connection ------------------------------------------------------------------------------------------------

    async def _connect(self) -> Exception | None:
        """Connect once, and return when that has ended; with the error where Discord was out of reach."""
        try:
            former = self._resumable()
            if former is None:
                await self._wait_for_turn()
            await self._listen(former)
        except ReconnectWebSocket:
            return None
        except discord.ConnectionClosed as closed:
            if closed.code in FOR_GOOD:
                raise
            return None
        except UNREACHABLE as error:
            return error
        except RuntimeError:  # of aiohttp, about a session that was closed in the middle of a request
            if not self._hung_up.is_set():
                raise
        return None

    def _is_over(self) -> bool:
        return self._hung_up.is_set() or self._client.is_closed()

    def _resumable(self) -> DiscordWebSocket | None:
        """Return the former connection if its session may go on."""
        former = cast("DiscordWebSocket | None", self._client.ws)  # None until the first one
        if former is None or former.session_id is None or self._failures > _RESUME_TRIES:
            return None
        return former

    async def _listen(self, former: DiscordWebSocket | None) -> None:
        """Connect and take events in until that ends, in one of the ways that `_connect` knows."""
        if self._hung_up.is_set():
            return
        if former is None:
            connecting = DiscordWebSocket.from_client(self._client, initial=True)
        else:
            connecting = DiscordWebSocket.from_client(
                self._client,
                gateway=former.gateway,
                session=former.session_id,
                sequence=former.sequence,
                resume=True,
            )
        self._client.ws = await asyncio.wait_for(connecting, _CONNECT_S)
        riddles = 0
        while not self._hung_up.is_set():  # else what has come already would meet a client that is closed
            try:
                await self._client.ws.poll_event()
            except (ReconnectWebSocket, discord.ConnectionClosed, *UNREACHABLE):
                raise
            except Exception as error:
                _log.exception("An event of Discord's could not be read; it is left out")
                riddles += 1
                if riddles >= _MOST_RIDDLES:
                    await self._client.ws.close()
                    self._client.ws.session_id = None
                    raise ReconnectWebSocket(None, resume=False) from error
            else:
                riddles = 0

    async def _ended(self, began: float, error: Exception | None) -> None:
        """Take in that a connection ended, or never was, and wait a while before the next if that is called for."""
        if self.down_since is None:
            self.down_since = self._clock.monotonic()
            self._client.dispatch("disconnect")
        if error is not None or (not self._opened and self._failures):
            await self._rest(error)
            return
        self._failures = 0 if self._opened else 1
        if self._resumable() is None:
            await self._pause(1.0 + 4.0 * random.random())  # noqa: S311 - as Discord asks for after an invalid session
        elif self._clock.monotonic() - began < _BRIEF_S:
            await self._pause(_BRIEF_S)

    async def _rest(self, error: Exception | None) -> None:
        """Wait longer after each failure in a row, up to a minute."""
        self._failures += 1
        spread = 0.5 + 0.5 * random.random()  # noqa: S311 - spreads tries, guards nothing
        pause_s = min(_LONGEST_PAUSE_S, 2.0 ** min(self._failures, 6)) * spread
        _log.log(
            logging.WARNING if self._failures == 1 else logging.INFO,
            "Discord cannot be reached (%s); next try in %.0f s",
            "the connection was closed at once" if error is None else _explain(error),
            pause_s,
        )
        await self._pause(pause_s)

    async def _pause(self, seconds: float) -> None:
        await self._clock.wait(self._hung_up, seconds)

    # The day's sessions --------------------------------------------------------------------------------------------

    async def _wait_for_turn(self) -> None:
        """Wait until another session may be started."""
        is_told = False
        while not self._hung_up.is_set():
            limit = await self._ask_limit()
            pause_s = self._budget.pause_s(limit)
            if not pause_s:
                return
            if not is_told:
                is_told = True
                _log.warning(
                    "Waiting %s before connecting: the bot has connected %s within a day, after restarts or lost "
                    "sessions. Discord allows %s more, and resets the bot's token after that.",
                    timedelta(seconds=round(pause_s)),
                    f"{len(self._budget.started())} times",
                    "an unknown number" if limit is None else limit.remaining,
                )
            await self._pause(min(pause_s, _LOOK_AGAIN_S))

    async def _ask_limit(self) -> SessionLimit | None:
        """Ask Discord how many sessions are left for today; None if it does not say."""
        try:
            async with asyncio.timeout(_ASK_S):
                _, _, limit = await self._client.http.get_bot_gateway()
            return SessionLimit(remaining=limit["remaining"], reset_after_s=limit["reset_after"] / 1000)
        except discord.GatewayNotFound as error:
            refusal = error.__cause__
            if isinstance(refusal, discord.HTTPException) and refusal.status == _UNAUTHORIZED:
                raise discord.LoginFailure("Improper token has been passed.") from error
            reason: Exception = error
        except (*UNREACHABLE, LookupError, TypeError) as error:
            reason = error
        _log.info("Discord does not say how many sessions are left for today (%s); ours are counted", reason)
        return None


def _explain(error: Exception) -> str:
    """Return what is wrong in a few words: some replies are whole web pages."""
    if isinstance(error, aiohttp.WSServerHandshakeError):
        return f"its gateway answered {error.status}"
    return " ".join(str(error).split())[:_MOST_WORDS] or type(error).__name__
