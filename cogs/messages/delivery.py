"""`DiscordDelivery`: the `Delivery` port on discord.py.

Decides where each message goes. Answers to interactions are in `cogs.messages.answers`, the places of all others in
`cogs.messages.posts`, what is sent anew in `cogs.messages.outgoing`, tries and repeats in `cogs.messages.sending`.
Knows no storage and no API.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, final

from typing_extensions import override

from bot.connection.restraint import dispensable
from bot.errors import AnswerGone, ChannelGone, NotAllowed
from bot.jobs.clock import SystemClock
from bot.jobs.ports import Delivery, Posted
from bot.metrics import Metrics
from cogs.messages.answers import Answers, answer_about, answer_about_all, answer_about_export
from cogs.messages.closed import ClosedChannels
from cogs.messages.outgoing import Outgoing
from cogs.messages.parcels import files_of, no_files, render_parcel, replace_message
from cogs.messages.posts import Posts, is_about, stars_under
from cogs.messages.sending import Sender
from cogs.messages.speaking import in_its_language, in_their_language
from cogs.messages.views import build_view, open_export, open_sheet
from cogs.render.batch import render_batch
from cogs.render.exports import render_closed, render_part
from cogs.render.origin import alt_text
from cogs.render.result import render_job

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    import discord

    from bot.jobs.ports import Clock, ExportPart, Parcel
    from bot.metrics.deliveries import DeliveryMetrics
    from bot.model import Action, Batch, Export, Job
    from cogs.messages.outgoing import Render
    from cogs.messages.parcels import OpenFiles
    from cogs.messages.sending import Sleep
    from cogs.render.controls import Rendered


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
        clock = clock or SystemClock()
        # To post, to look and to change what stands there are three things: an archived thread can still be read.
        self._closed, self._unseen, self._frozen = (ClosedChannels(client, clock) for _ in range(3))
        self._answers = Answers(client, clock, self._frozen)
        self._sender = Sender(sleep)
        self._outgoing = Outgoing(self._sender, clock, metrics or Metrics().deliveries)
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
            return await self._outgoing.result(self._posts.channel(job), parcel)

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
        return await self._outgoing.result(await self._posts.dm(parcel.job.user_id), parcel)

    @override
    @in_their_language
    async def send_notice(self, job: Job, posted: Posted) -> None:
        await self._outgoing.notice(await self._posts.dm(job.user_id), job, posted)

    @override
    @in_its_language
    async def show_star(self, parcel: Parcel, channel_id: int) -> Posted:
        if not self.may_show(parcel.job, channel_id):
            raise NotAllowed("the picture is from an age-restricted channel, and this is none")
        async with self._closed.asking(channel_id, parcel.job.guild_id):
            return await self._outgoing.star(self._client.get_partial_messageable(channel_id), parcel)

    @override
    async def count_stars(self, job: Job) -> int:
        message_id = job.delivery.message_id
        if message_id is None:
            return 0
        with dispensable():
            return stars_under(await self._fetched(job, message_id))

    @override
    async def find_showcase(self, job: Job, channel_id: int) -> Posted | None:
        return await self._posts.find_in(channel_id, job)

    @override
    async def fresh_links(self, job: Job) -> tuple[str, ...]:
        message_id = job.delivery.message_id
        if message_id is None:
            return ()
        if message_id == job.delivery.answer_message_id:  # the bot itself may not be there to see it
            message = await self._sender.persist(lambda: self._answers.find(answer_about(job)))
        else:
            message = await self._fetched(job, message_id)
        return () if message is None else tuple(attachment.url for attachment in message.attachments)

    @override
    async def read(self, link: str) -> bytes:
        return await self._sender.persist(lambda: self._client.http.get_from_cdn(link))

    async def _fetched(self, job: Job, message_id: int) -> discord.Message:
        """Return a message of a job as it stands now in its channel."""
        posted = Posted(channel_id=job.delivery.channel_id or job.channel_id, message_id=message_id)
        async with self._unseen.asking(posted.channel_id, job.guild_id):
            return await self._sender.persist(self._posts.message(posted).fetch)

    @override
    def alt_text(self, job: Job, part: int | None = None) -> str:
        return alt_text(job, part)

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
    def may_show(self, job: Job, channel_id: int) -> bool:
        return self._closed.may_show(job, channel_id)

    @override
    async def is_there(self, posted: Posted) -> bool:
        try:
            async with self._unseen.asking(posted.channel_id, None):
                await self._sender.persist(self._posts.message(posted).fetch)
        except (AnswerGone, ChannelGone):
            return False
        return True

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
        return await self._outgoing.other(await self._posts.dm(user_id), render, files, nonce)
