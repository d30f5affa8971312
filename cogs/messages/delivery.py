"""`DiscordDelivery`: the `Delivery` port on discord.py.

Results go out with the bot's own token and the job's nonce, so that Discord drops a repeat for some minutes; answers to
interactions are in `cogs.messages.answers`, the places of all others in `cogs.messages.posts`, tries and repeats in
`cogs.messages.sending`. Knows no storage and no API.
"""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol, final

import discord
from typing_extensions import override

from bot.connection.restraint import dispensable
from bot.jobs.clock import SystemClock
from bot.jobs.ports import Delivery, Posted
from bot.metrics import Metrics
from bot.model import Status
from cogs.messages.answers import Answers, answer_about, answer_about_all, answer_about_export
from cogs.messages.closed import ClosedChannels
from cogs.messages.parcels import files_of, no_files, render_parcel, replace_message, send_message
from cogs.messages.posts import Posts, is_about
from cogs.messages.sending import Sender
from cogs.messages.speaking import in_its_language, in_their_language
from cogs.messages.views import build_view, open_export, open_sheet
from cogs.render.batch import render_batch
from cogs.render.exports import render_closed, render_part
from cogs.render.notice import render_notice
from cogs.render.result import render_job

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from bot.jobs.ports import Clock, ExportPart, Parcel
    from bot.metrics.deliveries import DeliveryMetrics
    from bot.model import Action, Batch, Export, Job
    from cogs.messages.parcels import OpenFiles
    from cogs.messages.sending import Sleep
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
class DiscordDelivery(Delivery):
    """The way to the people through Discord.

    Parameters
    ----------
    client
        Logged in; not closed here.
    """

    def __init__(
        self,
        client: discord.Client,
        clock: Clock | None = None,
        sleep: Sleep = asyncio.sleep,
        metrics: DeliveryMetrics | None = None,
    ) -> None:
        self._client = client
        self._clock = clock = clock or SystemClock()
        self._metrics = metrics or Metrics().deliveries
        # To post, to look and to change what stands there are three things: an archived thread can still be read.
        self._closed, self._unseen, self._frozen = (ClosedChannels(client, clock) for _ in range(3))
        self._answers = Answers(client, clock, self._frozen)
        self._sender = Sender(sleep)
        self._posts = Posts(client, self._sender, self._unseen)

    @override
    @in_its_language
    async def show_progress(self, job: Job, parent: Job | None = None) -> None:
        async def draw(*, emojis: bool) -> int:
            return await self._answers.edit(answer_about(job), render_job(job, parent=parent, emojis=emojis), no_files)

        with dispensable():
            await self._sender.draw(draw)

    @override
    async def find_answer(self, job: Job) -> int | None:
        message = await self._sender.persist(lambda: self._answers.find(answer_about(job)))
        if message is None:
            return None
        # An error may stand there instead: then the person was told that nothing comes of it.
        return message.id if message.flags.loading or is_about(message, job) else None

    @override
    @in_its_language
    async def post(self, parcel: Parcel) -> Posted:
        job = parcel.job
        async with self._closed.asking(job.channel_id, job.guild_id):
            return await self._send(self._posts.channel(job), parcel)

    @override
    async def find_post(self, job: Job) -> Posted | None:
        return await self._posts.find(job)

    @override
    @in_its_language
    async def edit_post(self, posted: Posted, parcel: Parcel) -> None:
        async def draw(*, emojis: bool) -> int:
            message = self._posts.message(posted)
            return await replace_message(message.edit, render_parcel(parcel, emojis=emojis), files_of(parcel))

        async with self._frozen.asking(posted.channel_id, parcel.job.guild_id):
            await self._sender.draw(draw)

    @override
    @in_its_language
    async def edit_answer(self, parcel: Parcel) -> Posted:
        answer = answer_about(parcel.job)

        async def draw(*, emojis: bool) -> int:
            return await self._answers.edit(answer, render_parcel(parcel, emojis=emojis), files_of(parcel))

        return Posted(channel_id=parcel.job.channel_id, message_id=await self._sender.draw(draw))

    @override
    @in_their_language
    async def send_dm(self, parcel: Parcel) -> Posted:
        return await self._send(await self._posts.dm(parcel.job.user_id), parcel)

    @override
    @in_their_language
    async def send_notice(self, job: Job, posted: Posted) -> None:
        to, nonce = await self._posts.dm(job.user_id), f"n{job.delivery.nonce[-_LONGEST_NONCE + 1 :]}"
        rendered = render_notice(job, posted.channel_id, posted.message_id)

        async def draw(*, emojis: bool) -> Posted:
            del emojis  # its one button has none
            return await send_message(to, rendered, no_files, nonce)

        await self._sender.send(draw)

    @override
    @in_its_language
    async def show_star(self, parcel: Parcel, channel_id: int) -> Posted:
        to, nonce = self._client.get_partial_messageable(channel_id), f"s{parcel.job.delivery.nonce[1:]}"

        async def draw(*, emojis: bool) -> Posted:
            rendered = render_parcel(parcel, emojis=emojis, is_starred=True)
            return await send_message(to, rendered, files_of(parcel), nonce)

        self._closed.require_adults(channel_id, parcel.job.channel_id)
        async with self._closed.asking(channel_id, parcel.job.guild_id):
            return await self._sender.send(draw)

    @override
    async def find_showcase(self, job: Job, channel_id: int) -> Posted | None:
        return await self._posts.find_in(channel_id, job)

    @override
    async def fresh_links(self, job: Job) -> tuple[str, ...]:
        delivery, message_id = job.delivery, job.delivery.message_id
        if message_id is None:
            return ()
        if message_id == delivery.answer_message_id:  # the bot itself may not be there to see it
            message = await self._sender.persist(lambda: self._answers.find(answer_about(job)))
        else:
            posted = Posted(channel_id=delivery.channel_id or job.channel_id, message_id=message_id)
            async with self._unseen.asking(posted.channel_id, job.guild_id):
                message = await self._sender.persist(self._posts.message(posted).fetch)
        return () if message is None else tuple(attachment.url for attachment in message.attachments)

    @override
    @in_its_language
    async def send_export(self, export: Export, part: ExportPart) -> None:
        rendered, nonce = render_part(part), f"x{export.id[6:]}{part.number:04d}"

        def render(*, emojis: bool) -> Rendered:
            del emojis  # it has no buttons
            return rendered

        await self.hand_over(export.user_id, render, partial(open_export, part), nonce)

    @override
    @in_its_language
    async def answer_export(self, export: Export, token: str, asked_at: datetime, link: str | None) -> None:
        rendered = render_closed(link)
        await self._sender.persist(
            lambda: self._answers.edit(answer_about_export(export, token, asked_at), rendered, no_files)
        )

    @override
    async def remove_answer(self, job: Job) -> None:
        await self._sender.remove(lambda: self._answers.delete(answer_about(job)))

    @override
    @in_its_language
    async def redraw(self, posted: Posted, job: Job, actions: tuple[Action, ...]) -> None:
        async def draw(*, emojis: bool) -> None:
            rows = render_job(job, actions, emojis=emojis).rows
            if posted.message_id == job.delivery.answer_message_id:  # the bot itself may not be there to edit it
                await self._answers.redraw(answer_about(job), rows)
            else:
                async with self._frozen.asking(posted.channel_id, job.guild_id):
                    await self._posts.message(posted).edit(view=build_view(rows))

        with dispensable():
            await self._sender.draw(draw)

    @override
    async def remove_post(self, posted: Posted) -> None:
        async with self._frozen.asking(posted.channel_id, None):
            await self._sender.remove(self._posts.message(posted).delete)

    @override
    async def find_batch(self, batch: Batch) -> int | None:
        return await self._posts.find_batch(batch)

    @override
    @in_its_language
    async def show_batch(self, batch: Batch, sheet: Path | None) -> None:
        rendered, answer = render_batch(batch), answer_about_all(batch)
        files = None if sheet is None else partial(open_sheet, batch, sheet)

        async def edit() -> int:
            return await self._answers.edit(answer, rendered, files)

        with dispensable():
            await self._sender.persist(edit)

    async def hand_over(self, user_id: int, render: Render, files: OpenFiles, nonce: str = "") -> Posted:
        """Send somebody a direct message that belongs to no delivery, such as a copy they asked for.

        Raises
        ------
        DeliveryError
            As the methods of the port; `NotAllowed` where this person takes no messages from us.
        """
        to, nonce = await self._posts.dm(user_id), nonce or f"c{secrets.token_hex(12)}"

        async def draw(*, emojis: bool) -> Posted:
            return await send_message(to, render(emojis=emojis), files, nonce)

        return await self._sender.send(draw)

    async def _send(self, to: discord.abc.Messageable, parcel: Parcel) -> Posted:
        job, notify = parcel.job, parcel.notify

        async def draw(*, emojis: bool) -> Posted:
            rendered = render_parcel(parcel, emojis=emojis)
            return await send_message(to, rendered, files_of(parcel), _nonce(job), job.user_id, notify=notify)

        began = self._clock.now()
        posted = await self._sender.send(draw)
        if began - discord.utils.snowflake_time(posted.message_id) > _EARLIER:
            self._metrics.replayed()
        return posted


def _nonce(job: Job) -> str:
    """Return the nonce of this send: a word that had to be posted must not stand in the way of a late picture."""
    nonce = job.delivery.nonce
    return nonce if job.status is Status.SUCCEEDED else f"w{nonce[-_LONGEST_NONCE + 1 :]}"
