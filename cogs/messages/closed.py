"""Channels that take no message of ours, show us none or let us change none, so that the next job does not ask again.

Ten thousand refusals in ten minutes have Discord shut a bot out (discord-platform 3). Knows no storage and no API.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING, Final, final
from weakref import WeakValueDictionary

import discord

from bot.errors import DeliveryError, NotAllowed
from cogs.messages.refusals import CLOSED_TO_US

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from bot.jobs.ports import Clock
    from bot.model import Job

#: So long a channel is left alone (reliability B.4, 9).
_REST: Final = timedelta(hours=1)

#: So many channels are known to take what is ours; of others it is found out once more.
_REMEMBERED: Final = 10_000

#: Channels in which pictures stand and that can be age-restricted; of a thread its channel counts.
_RESTRICTABLE: Final = (discord.TextChannel, discord.VoiceChannel, discord.StageChannel, discord.Thread)

#: What the gateway tells about our place in a channel: whether we are in its server, our permissions, whether it is a
#: thread that was put away.
_Standing = tuple[bool, int | None, bool]


@final
class ClosedChannels:
    """Remembers which channels refused; one where we stand otherwise since is asked anew.

    Parameters
    ----------
    client
        Its cache tells how we stand there.
    """

    def __init__(self, client: discord.Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._refused: dict[int, tuple[float, _Standing]] = {}
        self._open: dict[int, None] = {}
        self._doubts: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def asking(self, channel_id: int, guild_id: int | None) -> AsyncGenerator[None]:
        """Ask a channel for something, unless it has refused of late; and remember if it refuses.

        While nobody knows whether it will, one goes ahead and the others wait for what it meets.

        Raises
        ------
        NotAllowed
            It refused a while ago, and nothing has changed since.
        """
        doubt = nullcontext() if channel_id in self._open else self._doubts.setdefault(channel_id, asyncio.Lock())
        async with doubt:
            self._require_open(channel_id, guild_id)
            try:
                yield
            except (DeliveryError, discord.HTTPException) as error:
                self._note(channel_id, guild_id, error)
                raise
            self._open[channel_id] = None
            while len(self._open) > _REMEMBERED:
                del self._open[next(iter(self._open))]

    def may_show(self, job: Job, channel_id: int) -> bool:
        """Whether all in a channel may see a job: not what stands in an age-restricted one, unless this is one too.

        One that nobody knows any more is taken to be age-restricted; conversations never are.
        """
        if job.guild_id is None or job.channel_id == channel_id:
            return True
        source = self._client.get_channel(job.channel_id)
        is_for_all = source is not None and not _is_for_adults(source)
        return is_for_all or _is_for_adults(self._client.get_channel(channel_id))

    def _require_open(self, channel_id: int, guild_id: int | None) -> None:
        """Refuse at once what the channel would refuse."""
        refused = self._refused.get(channel_id)
        if refused is None:
            return
        if self._clock.monotonic() < refused[0] and refused[1] == self._standing(channel_id, guild_id):
            raise NotAllowed("the channel refused us less than an hour ago")
        del self._refused[channel_id]

    def _note(self, channel_id: int, guild_id: int | None, error: Exception) -> None:
        """Remember a refusal, if it is about the channel and not about what was to be sent or seen there."""
        cause = error.__cause__ if isinstance(error, DeliveryError) else error
        if not isinstance(cause, discord.HTTPException) or cause.code not in CLOSED_TO_US:
            return
        now = self._clock.monotonic()
        self._refused = {channel: refused for channel, refused in self._refused.items() if now < refused[0]}
        self._refused[channel_id] = (now + _REST.total_seconds(), self._standing(channel_id, guild_id))
        self._open.pop(channel_id, None)

    def _standing(self, channel_id: int, guild_id: int | None) -> _Standing:
        found = self._client.get_channel(channel_id)
        channel = found if isinstance(found, (discord.abc.GuildChannel, discord.Thread)) else None
        home_id = guild_id if channel is None else channel.guild.id
        guild = self._client.get_guild(home_id) if home_id is not None else None
        user = self._client.user
        us = guild.get_member(user.id) if guild is not None and user is not None else None
        is_away = isinstance(channel, discord.Thread) and channel.archived
        if channel is None or us is None:
            return guild is not None, None, is_away
        try:
            return True, channel.permissions_for(us).value, is_away
        except discord.ClientException:  # a thread whose channel is not known
            return True, None, is_away


def _is_for_adults(channel: object) -> bool:
    return isinstance(channel, _RESTRICTABLE) and channel.is_nsfw()
