"""Messages of the bot's own in channels and direct messages: where they go, and how those of a job are found again.

Looks, sends nothing. Knows no storage and no API.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, final

import discord

from bot.errors import ChannelGone, NotAllowed
from bot.jobs.ports import Posted
from bot.model import Status
from cogs.custom_ids import batch_prefix, job_prefix
from cogs.messages.finding import custom_ids

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from bot.model import Batch, Job
    from cogs.messages.closed import ClosedChannels
    from cogs.messages.sending import Sender

#: Some clients put the selector of pictures behind it.
_STAR, _SELECTOR = "⭐", "\ufe0f"
_LOOK_BACK: Final = timedelta(seconds=5)
#: A clock that differs more from Discord's is no clock: the id was made up, as for the jobs of a batch.
_MOST_SKEW: Final = timedelta(days=2)
_LOOK_AT: Final = 200
#: Where a backup does not say when it was posted, everything since the job was made is looked at.
_LOOK_AT_MORE: Final = 1000


@final
class Posts:
    """The places of our messages.

    Parameters
    ----------
    client
        Logged in; not closed here.
    unseen
        The channels that show us nothing.
    """

    def __init__(self, client: discord.Client, sender: Sender, unseen: ClosedChannels) -> None:
        self._client = client
        self._sender = sender
        self._unseen = unseen

    def channel(self, job: Job) -> discord.PartialMessageable:
        """Return the channel in which a job was asked for."""
        return self._client.get_partial_messageable(job.channel_id, guild_id=job.guild_id)

    async def dm(self, user_id: int) -> discord.DMChannel:
        """Return somebody's direct messages.

        Raises
        ------
        DeliveryError
            As the methods of the port.
        """
        return await self._sender.persist(lambda: self._client.create_dm(discord.Object(user_id)))

    def message(self, posted: Posted) -> discord.PartialMessage:
        """Return a message of ours."""
        return self._client.get_partial_messageable(posted.channel_id).get_partial_message(posted.message_id)

    async def find(self, job: Job) -> Posted | None:
        """Return a job's own post; None where there is none.

        Raises
        ------
        DeliveryError
            As the methods of the port.
        """
        expired_at = job.give_up_at if job.status is Status.EXPIRED else None
        began_at = job.finished_at or expired_at or job.created_at
        since = _by_discord(job.created_at if job.delivery.look_first else began_at, job) - _LOOK_BACK
        if not job.may_post:  # it went nowhere else but to its person
            return await self._look(await self.dm(job.user_id), job, since)
        try:
            async with self._unseen.asking(job.channel_id, job.guild_id):
                return await self._look(self.channel(job), job, since)
        except (NotAllowed, ChannelGone):  # then it would have been a DM
            return await self._look(await self.dm(job.user_id), job, since)

    async def find_in(self, channel_id: int, job: Job) -> Posted | None:
        """Return the newest message that shows a job again in another channel; None where there is none.

        Raises
        ------
        DeliveryError
            As the methods of the port.
        """
        return await self._look(self._client.get_partial_messageable(channel_id), job)

    async def find_batch(self, batch: Batch) -> int | None:
        """Return the message of a batch in its channel; None where there is none, or none that others may see.

        Raises
        ------
        DeliveryError
            As the methods of the port.
        """
        where = self._client.get_partial_messageable(batch.channel_id, guild_id=batch.guild_id)

        async def look() -> int | None:
            after = batch.created_at - _LOOK_BACK
            async for message in _both_ways(where, after, _LOOK_AT):
                if self._is_ours(message) and has_control(message, batch_prefix(batch.id)):
                    return message.id
            return None

        async with self._unseen.asking(batch.channel_id, batch.guild_id):
            return await self._sender.persist(look)

    async def _look(self, where: discord.abc.Messageable, job: Job, since: datetime | None = None) -> Posted | None:
        """Look for a job's post: from the newest back, or from `since` on."""
        limit = _LOOK_AT_MORE if job.delivery.look_first else _LOOK_AT

        async def look() -> Posted | None:
            async for message in _both_ways(where, since, limit):
                if self._is_post(message, job):
                    return Posted(channel_id=message.channel.id, message_id=message.id)
            return None

        return await self._sender.persist(look)

    def _is_post(self, message: discord.Message, job: Job) -> bool:
        """Whether this is the job's own post: by us, with a button of the job, and no answer to an interaction."""
        if not self._is_ours(message):
            return False
        if message.interaction_metadata is not None or message.id == job.delivery.answer_message_id:
            return False
        return is_about(message, job)

    def _is_ours(self, message: discord.Message) -> bool:
        return self._client.user is not None and message.author.id == self._client.user.id


def _by_discord(at: datetime, job: Job) -> datetime:
    """Return what Discord's clock says at a time of ours, which may be fast or slow by minutes.

    An interaction's id tells when it began by Discord's clock; the row when we took it in, a moment later.
    """
    skew = discord.utils.snowflake_time(max(job.interaction_id, 0)) - job.created_at
    return at + skew if abs(skew) < _MOST_SKEW else at


async def _both_ways(
    where: discord.abc.Messageable, since: datetime | None, limit: int
) -> AsyncIterator[discord.Message]:
    """Yield the messages from `since` on and then, of a channel that has more of them, the newest ones."""
    seen = 0
    async for message in where.history(limit=limit, after=since):
        seen += 1
        yield message
    if since is not None and seen == limit:
        async for message in where.history(limit=limit):
            yield message


def stars_under(message: discord.Message) -> int:
    """Return how many stars stand under a message, without one of our own."""
    shown = (each for each in message.reactions if str(each.emoji).removesuffix(_SELECTOR) == _STAR)
    return max((each.count - each.me for each in shown), default=0)


def is_about(message: discord.Message, job: Job) -> bool:
    """Whether the message carries a button of the job."""
    return has_control(message, job_prefix(job.id))


def has_control(message: discord.Message, prefix: str) -> bool:
    """Whether the message carries a control whose custom_id begins so."""
    return any(custom_id.startswith(prefix) for custom_id in custom_ids(message.components))
