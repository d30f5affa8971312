"""`DiscordDelivery`: the `Delivery` port on discord.py.

Results go out with the bot's own token and the job's nonce, so that Discord drops a repeat for some minutes; answers to
interactions are in `cogs.messages.answers`. What discord.py does not repeat by itself (lost connections, 503) is
repeated here. Knows no storage and no API; of aiohttp only the exception class.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol, TypeVar, final

import aiohttp
import discord
from typing_extensions import override

from bot.errors import ChannelGone, DeliveryError, DiscordUnavailable, NotAllowed
from bot.jobs.clock import SystemClock
from bot.jobs.ports import Delivery, Posted
from bot.model import Status
from cogs.custom_ids import job_prefix
from cogs.messages.answers import Answers, answer_about, answer_about_all, answer_about_export
from cogs.messages.closed import ClosedChannels
from cogs.messages.finding import custom_ids
from cogs.messages.parcels import files_of, no_files, render_parcel, replace_message, send_message
from cogs.messages.refusals import NOTHING_THERE, is_bad_emoji, translate, translate_send
from cogs.messages.speaking import in_its_language, in_their_language
from cogs.messages.views import build_view, open_export, open_sheet
from cogs.render.batch import render_batch
from cogs.render.exports import render_closed, render_part
from cogs.render.notice import render_notice
from cogs.render.result import render_job

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime
    from pathlib import Path

    from bot.jobs.ports import Clock, ExportPart, Parcel
    from bot.model import Action, Batch, Export, Job
    from cogs.messages.parcels import OpenFiles
    from cogs.render.controls import Rendered

_log = logging.getLogger(__name__)

#: How a lost connection shows; whether Discord applied the request is then not known.
CONNECTION_ERRORS: Final = (aiohttp.ClientError, OSError)

_PAUSES_S: Final = (0.5, 2.0)
_UNAVAILABLE: Final = 503
_LOOK_BACK: Final = timedelta(seconds=5)
_LOOK_AT: Final = 200
_LONGEST_NONCE: Final = 25

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Sleep(Protocol):
    """Waits between two tries."""

    async def __call__(self, delay: float, /) -> object:
        """Wait `delay` seconds."""
        ...


class Render(Protocol):
    """Makes a message; without `emojis`, one whose buttons have letters only."""

    def __call__(self, *, emojis: bool) -> Rendered:
        """Return the message."""
        ...


class _Draw(Protocol[T_co]):
    async def __call__(self, *, emojis: bool) -> T_co: ...


@final
class DiscordDelivery(Delivery):
    """The way to the people through Discord.

    Parameters
    ----------
    client
        Logged in; not closed here.
    """

    def __init__(self, client: discord.Client, clock: Clock | None = None, sleep: Sleep = asyncio.sleep) -> None:
        self._client = client
        clock = clock or SystemClock()
        self._answers = Answers(client, clock)
        self._closed, self._unseen = ClosedChannels(client, clock), ClosedChannels(client, clock)
        self._sleep = sleep

    @override
    @in_its_language
    async def show_progress(self, job: Job, parent: Job | None = None) -> None:
        async def draw(*, emojis: bool) -> int:
            return await self._answers.edit(answer_about(job), render_job(job, parent=parent, emojis=emojis), no_files)

        await self._draw(draw)

    @override
    async def find_answer(self, job: Job) -> int | None:
        message = await self._persist(lambda: self._answers.find(answer_about(job)))
        if message is None:
            return None
        # An error may stand there instead: then the person was told that nothing comes of it.
        return message.id if message.flags.loading or _is_about(message, job) else None

    @override
    @in_its_language
    async def post(self, parcel: Parcel) -> Posted:
        job = parcel.job
        with self._closed.asking(job.channel_id, job.guild_id):
            return await self._send(self._channel(job), parcel)

    @override
    async def find_post(self, job: Job) -> Posted | None:
        if not job.may_post:  # it went nowhere else but to its person
            return await self._find(await self._dm(job.user_id), job)
        try:
            return await self._find(self._channel(job), job)
        except (NotAllowed, ChannelGone):  # then it would have been a DM
            return await self._find(await self._dm(job.user_id), job)

    async def _find(self, where: discord.abc.Messageable, job: Job) -> Posted | None:
        expired_at = job.give_up_at if job.status is Status.EXPIRED else None
        since = (job.finished_at or expired_at or job.created_at) - _LOOK_BACK

        async def look() -> Posted | None:
            async for message in where.history(limit=_LOOK_AT, after=since):
                if self._is_post(message, job):
                    return Posted(channel_id=message.channel.id, message_id=message.id)
            return None

        return await self._persist(look)

    def _channel(self, job: Job) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(job.channel_id, guild_id=job.guild_id)

    async def _dm(self, user_id: int) -> discord.DMChannel:
        return await self._persist(lambda: self._client.create_dm(discord.Object(user_id)))

    @override
    @in_its_language
    async def edit_post(self, posted: Posted, parcel: Parcel) -> None:
        async def draw(*, emojis: bool) -> int:
            message = self._message(posted)
            return await replace_message(message.edit, render_parcel(parcel, emojis=emojis), files_of(parcel))

        await self._draw(draw)

    @override
    @in_its_language
    async def edit_answer(self, parcel: Parcel) -> Posted:
        answer = answer_about(parcel.job)

        async def draw(*, emojis: bool) -> int:
            return await self._answers.edit(answer, render_parcel(parcel, emojis=emojis), files_of(parcel))

        return Posted(channel_id=parcel.job.channel_id, message_id=await self._draw(draw))

    @override
    @in_their_language
    async def send_dm(self, parcel: Parcel) -> Posted:
        return await self._send(await self._dm(parcel.job.user_id), parcel)

    @override
    @in_their_language
    async def send_notice(self, job: Job, posted: Posted) -> None:
        to, nonce = await self._dm(job.user_id), f"n{job.delivery.nonce[-_LONGEST_NONCE + 1 :]}"
        rendered = render_notice(job, posted.channel_id, posted.message_id)

        async def draw(*, emojis: bool) -> Posted:
            del emojis  # its one button has none
            return await send_message(to, rendered, no_files, nonce)

        await self._sending(draw)

    @override
    @in_its_language
    async def show_star(self, parcel: Parcel, channel_id: int) -> Posted:
        to, nonce = self._client.get_partial_messageable(channel_id), f"s{parcel.job.delivery.nonce[1:]}"

        async def draw(*, emojis: bool) -> Posted:
            rendered = render_parcel(parcel, emojis=emojis, is_starred=True)
            return await send_message(to, rendered, files_of(parcel), nonce)

        self._closed.require_adults(channel_id, parcel.job.channel_id)
        with self._closed.asking(channel_id, parcel.job.guild_id):
            return await self._sending(draw)

    @override
    async def find_showcase(self, job: Job, channel_id: int) -> Posted | None:
        where = self._client.get_partial_messageable(channel_id)

        async def look() -> Posted | None:
            async for message in where.history(limit=_LOOK_AT):
                if self._is_post(message, job):
                    return Posted(channel_id=channel_id, message_id=message.id)
            return None

        return await self._persist(look)

    @override
    async def fresh_links(self, job: Job) -> tuple[str, ...]:
        delivery, message_id = job.delivery, job.delivery.message_id
        if message_id is None:
            return ()
        if message_id == delivery.answer_message_id:  # the bot itself may not be there to see it
            message = await self._persist(lambda: self._answers.find(answer_about(job)))
        else:
            posted = Posted(channel_id=delivery.channel_id or job.channel_id, message_id=message_id)
            with self._unseen.asking(posted.channel_id, job.guild_id):
                message = await self._persist(self._message(posted).fetch)
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
        await self._persist(
            lambda: self._answers.edit(answer_about_export(export, token, asked_at), rendered, no_files)
        )

    @override
    async def remove_answer(self, job: Job) -> None:
        await self._remove(lambda: self._answers.delete(answer_about(job)))

    @override
    @in_its_language
    async def redraw(self, posted: Posted, job: Job, actions: tuple[Action, ...]) -> None:
        async def draw(*, emojis: bool) -> None:
            rows = render_job(job, actions, emojis=emojis).rows
            if posted.message_id == job.delivery.answer_message_id:  # the bot itself may not be there to edit it
                await self._answers.redraw(answer_about(job), rows)
            else:
                await self._message(posted).edit(view=build_view(rows))

        await self._draw(draw)

    @override
    async def remove_post(self, posted: Posted) -> None:
        await self._remove(self._message(posted).delete)

    @override
    @in_its_language
    async def show_batch(self, batch: Batch, sheet: Path | None) -> None:
        rendered, answer = render_batch(batch), answer_about_all(batch)
        files = None if sheet is None else partial(open_sheet, batch, sheet)

        async def edit() -> int:
            return await self._answers.edit(answer, rendered, files)

        await self._persist(edit)

    async def hand_over(self, user_id: int, render: Render, files: OpenFiles, nonce: str = "") -> Posted:
        """Send somebody a direct message that belongs to no delivery, such as a copy they asked for.

        Raises
        ------
        DeliveryError
            As the methods of the port; `NotAllowed` where this person takes no messages from us.
        """
        to, nonce = await self._dm(user_id), nonce or f"c{secrets.token_hex(12)}"

        async def draw(*, emojis: bool) -> Posted:
            return await send_message(to, render(emojis=emojis), files, nonce)

        return await self._sending(draw)

    async def _send(self, to: discord.abc.Messageable, parcel: Parcel) -> Posted:
        job, notify = parcel.job, parcel.notify

        async def draw(*, emojis: bool) -> Posted:
            rendered = render_parcel(parcel, emojis=emojis)
            return await send_message(to, rendered, files_of(parcel), _nonce(job), job.user_id, notify=notify)

        return await self._sending(draw)

    async def _sending(self, draw: _Draw[T]) -> T:
        try:
            return await self._draw(draw)
        except DeliveryError as error:
            raise translate_send(error) from error.__cause__

    async def _remove(self, delete: Callable[[], Awaitable[None]]) -> None:
        """Take something away; that it is gone already is no error."""

        async def remove() -> None:
            try:
                await delete()
            except discord.HTTPException as error:
                if error.code not in NOTHING_THERE:
                    raise

        await self._persist(remove)

    def _message(self, posted: Posted) -> discord.PartialMessage:
        return self._client.get_partial_messageable(posted.channel_id).get_partial_message(posted.message_id)

    def _is_post(self, message: discord.Message, job: Job) -> bool:
        """Whether this is the job's own post: by us, with a button of the job, and no answer to an interaction."""
        if self._client.user is None or message.author.id != self._client.user.id:
            return False
        if message.interaction_metadata is not None or message.id == job.delivery.answer_message_id:
            return False
        return _is_about(message, job)

    async def _draw(self, draw: _Draw[T]) -> T:
        """Send what carries buttons; if Discord refuses an emoji, once more with faces in letters."""
        try:
            return await self._persist(partial(draw, emojis=True))
        except DeliveryError as error:
            if not is_bad_emoji(error.__cause__):
                raise
            _log.warning("Discord refused an emoji, so the buttons get letters: %s", error)
        return await self._persist(partial(draw, emojis=False))

    async def _persist(self, step: Callable[[], Awaitable[T]]) -> T:
        """Do what may be done twice, and do it again where discord.py does not (discord-platform 2)."""
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


def _nonce(job: Job) -> str:
    """Return the nonce of this send: a word that had to be posted must not stand in the way of a late picture."""
    nonce = job.delivery.nonce
    return nonce if job.status is Status.SUCCEEDED else f"w{nonce[-_LONGEST_NONCE + 1 :]}"


def _is_about(message: discord.Message, job: Job) -> bool:
    """Whether the message carries a button of the job."""
    prefix = job_prefix(job.id)
    return any(custom_id.startswith(prefix) for custom_id in custom_ids(message.components))
