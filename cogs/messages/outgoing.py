"""`Outgoing`: messages that are sent anew, each with a nonce, so that Discord drops a repeat for some minutes.

Where they go is decided by whoever sends them (`cogs.messages.delivery`); tries and repeats are in
`cogs.messages.sending`. Knows no storage and no API.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol, final

import discord

from bot.model import Status
from cogs.messages.parcels import files_of, no_files, render_parcel, send_message
from cogs.render.notice import render_notice

if TYPE_CHECKING:
    from bot.jobs.ports import Clock, Parcel, Posted
    from bot.metrics.deliveries import DeliveryMetrics
    from bot.model import Job
    from cogs.messages.parcels import OpenFiles
    from cogs.messages.sending import Sender
    from cogs.render.controls import Rendered

#: Of Discord.
_LONGEST_NONCE: Final = 25
#: A message that was made so long before it was sent was there already; less may be two clocks that differ.
_EARLIER: Final = timedelta(seconds=5)


class Render(Protocol):
    """Makes a message; without `emojis`, one whose buttons have letters only."""

    def __call__(self, *, emojis: bool) -> Rendered:
        """Return the message."""
        ...


@final
class Outgoing:
    """Sends messages, and counts those that Discord had already."""

    def __init__(self, sender: Sender, clock: Clock, metrics: DeliveryMetrics) -> None:
        self._sender = sender
        self._clock = clock
        self._metrics = metrics

    async def result(self, to: discord.abc.Messageable, parcel: Parcel) -> Posted:
        """Send what came of a job, with the nonce of its delivery."""
        job, notify = parcel.job, parcel.notify

        async def draw(*, emojis: bool) -> Posted:
            rendered = render_parcel(parcel, emojis=emojis)
            return await send_message(to, rendered, files_of(parcel), _nonce(job), job.user_id, notify=notify)

        began = self._clock.now()
        posted = await self._sender.send(draw)
        if began - discord.utils.snowflake_time(posted.message_id) > _EARLIER:
            self._metrics.replayed()
        return posted

    async def star(self, to: discord.abc.Messageable, parcel: Parcel) -> Posted:
        """Send a result to where favorites are shown."""
        nonce = f"s{parcel.job.delivery.nonce[1:]}"

        async def draw(*, emojis: bool) -> Posted:
            rendered = render_parcel(parcel, emojis=emojis, is_starred=True)
            return await send_message(to, rendered, files_of(parcel), nonce)

        return await self._sender.send(draw)

    async def notice(self, to: discord.abc.Messageable, job: Job, posted: Posted) -> None:
        """Send word of where a result was posted."""
        nonce = f"n{job.delivery.nonce[-_LONGEST_NONCE + 1 :]}"
        rendered = render_notice(job, posted.channel_id, posted.message_id)

        async def draw(*, emojis: bool) -> Posted:
            del emojis  # its one button has none
            return await send_message(to, rendered, no_files, nonce)

        await self._sender.send(draw)

    async def other(self, to: discord.abc.Messageable, render: Render, files: OpenFiles, nonce: str = "") -> Posted:
        """Send what belongs to no delivery; without a nonce, with one that it has for this once."""
        known = nonce or f"c{secrets.token_hex(12)}"

        async def draw(*, emojis: bool) -> Posted:
            return await send_message(to, render(emojis=emojis), files, known)

        return await self._sender.send(draw)


def _nonce(job: Job) -> str:
    """Return the nonce of this send: a word that had to be posted must not stand in the way of a late picture."""
    nonce = job.delivery.nonce
    return nonce if job.status is Status.SUCCEEDED else f"w{nonce[-_LONGEST_NONCE + 1 :]}"
