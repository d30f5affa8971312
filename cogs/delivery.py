"""`DiscordDelivery`: the `Delivery` port on discord.py.

Results go out with the bot's own token and the job's nonce, so that Discord drops a repeat for some minutes; the answer
to an interaction is edited with its token while that lives, and with the bot's own afterwards. What discord.py does not
repeat by itself (lost connections, 503) is repeated here. Knows no storage and no API; of aiohttp only the exception
class.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol, TypeVar, cast, final

import aiohttp
import discord
from typing_extensions import override

from bot.errors import AnswerGone, ChannelGone, DeliveryError, DiscordUnavailable, NotAllowed
from bot.jobs.clock import SystemClock
from bot.jobs.ports import Delivery, Posted
from bot.model import Status
from cogs.custom_ids import job_prefix
from cogs.parcels import open_files, render_parcel, replace_message
from cogs.refusals import TOKEN_GONE, UNKNOWN_MESSAGE, is_bad_emoji, translate, translate_send
from cogs.render.result import render_job
from cogs.views import build_view

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator

    from bot.jobs.ports import Clock, Parcel
    from bot.model import Job
    from cogs.render.controls import Rendered

_log = logging.getLogger(__name__)

#: How a lost connection shows; whether Discord applied the request is then not known.
CONNECTION_ERRORS: Final = (aiohttp.ClientError, OSError)

_TOKEN_LIFE: Final = timedelta(minutes=15)
_PAUSES_S: Final = (0.5, 2.0)
_UNAVAILABLE: Final = 503
_LOOK_BACK: Final = timedelta(seconds=5)
_LOOK_AT: Final = 200
_LONGEST_NONCE: Final = 25
#: Stands for the answer in the address of an interaction's webhook (Discord, receiving and responding).
_ORIGINAL: Final = cast("int", "@original")

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Sleep(Protocol):
    """Waits between two tries."""

    async def __call__(self, delay: float, /) -> object:
        """Wait `delay` seconds."""
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
        self._clock = clock or SystemClock()
        self._sleep = sleep

    @override
    async def show_progress(self, job: Job, parent: Job | None = None) -> None:
        async def draw(*, emojis: bool) -> int:
            return await self._edit_answer(job, render_job(job, parent=parent, emojis=emojis))

        await self._draw(draw)

    @override
    async def find_answer(self, job: Job) -> int | None:
        webhook = self._webhook(job)
        if webhook is None:
            raise AnswerGone("the interaction's token has expired")

        async def look() -> int | None:
            try:
                message = await webhook.fetch_message(_ORIGINAL)
            except discord.NotFound:
                return None
            # An error may stand there instead: then the person was told that nothing comes of it.
            return message.id if message.flags.loading or _is_about(message, job) else None

        return await self._persist(look)

    @override
    async def post(self, parcel: Parcel) -> Posted:
        job = parcel.job
        return await self._send(self._client.get_partial_messageable(job.channel_id, guild_id=job.guild_id), parcel)

    @override
    async def find_post(self, job: Job) -> Posted | None:
        try:
            return await self._find(self._client.get_partial_messageable(job.channel_id, guild_id=job.guild_id), job)
        except (NotAllowed, ChannelGone):  # then it would have been a DM
            return await self._find(await self._dm(job), job)

    async def _find(self, where: discord.abc.Messageable, job: Job) -> Posted | None:
        expired_at = job.give_up_at if job.status is Status.EXPIRED else None
        since = (job.finished_at or expired_at or job.created_at) - _LOOK_BACK

        async def look() -> Posted | None:
            async for message in where.history(limit=_LOOK_AT, after=since):
                if self._is_post(message, job):
                    return Posted(channel_id=message.channel.id, message_id=message.id)
            return None

        return await self._persist(look)

    async def _dm(self, job: Job) -> discord.DMChannel:
        return await self._persist(lambda: self._client.create_dm(discord.Object(job.user_id)))

    @override
    async def edit_post(self, posted: Posted, parcel: Parcel) -> None:
        message = self._client.get_partial_messageable(posted.channel_id).get_partial_message(posted.message_id)

        async def draw(*, emojis: bool) -> int:
            return await replace_message(message.edit, render_parcel(parcel, emojis=emojis), parcel)

        await self._draw(draw)

    @override
    async def edit_answer(self, parcel: Parcel) -> Posted:
        async def draw(*, emojis: bool) -> int:
            return await self._edit_answer(parcel.job, render_parcel(parcel, emojis=emojis), parcel)

        return Posted(channel_id=parcel.job.channel_id, message_id=await self._draw(draw))

    @override
    async def send_dm(self, parcel: Parcel) -> Posted:
        return await self._send(await self._dm(parcel.job), parcel)

    @override
    async def remove_answer(self, job: Job) -> None:
        async def remove() -> None:
            try:
                await self._delete_answer(job)
            except discord.HTTPException as error:
                if error.code != UNKNOWN_MESSAGE:
                    raise

        await self._persist(remove)

    async def _send(self, to: discord.abc.Messageable, parcel: Parcel) -> Posted:
        author = discord.Object(parcel.job.user_id)

        async def draw(*, emojis: bool) -> Posted:
            rendered = render_parcel(parcel, emojis=emojis)
            message = await to.send(
                content=rendered.content,
                files=open_files(parcel),
                view=build_view(rendered.rows),
                nonce=_nonce(parcel.job),
                allowed_mentions=discord.AllowedMentions(everyone=False, roles=False, users=[author]),
            )
            return Posted(channel_id=message.channel.id, message_id=message.id)

        try:
            return await self._draw(draw)
        except DeliveryError as error:
            raise translate_send(error) from error.__cause__

    async def _edit_answer(self, job: Job, rendered: Rendered, parcel: Parcel | None = None) -> int:
        webhook = self._webhook(job)
        if webhook is not None:
            try:
                return await replace_message(partial(webhook.edit_message, _ORIGINAL), rendered, parcel)
            except discord.HTTPException as error:
                if error.code not in TOKEN_GONE or job.delivery.answer_message_id is None:
                    raise
        return await replace_message(self._answer(job).edit, rendered, parcel)

    async def _delete_answer(self, job: Job) -> None:
        webhook = self._webhook(job)
        if webhook is not None:
            try:
                return await webhook.delete_message(_ORIGINAL)
            except discord.HTTPException as error:
                if error.code not in TOKEN_GONE or job.delivery.answer_message_id is None:
                    raise
        return await self._answer(job).delete()

    def _webhook(self, job: Job) -> discord.Webhook | None:
        """Return the way that the interaction's token opens, or None once it has surely expired."""
        delivery = job.delivery
        if delivery.interaction_token is None or self._clock.now() - job.created_at >= _TOKEN_LIFE:
            return None
        return discord.Webhook.partial(delivery.application_id, delivery.interaction_token, client=self._client)

    def _answer(self, job: Job) -> discord.PartialMessage:
        message_id = job.delivery.answer_message_id
        if message_id is None:
            raise AnswerGone("the interaction's token has expired, and the message id of the answer is not known")
        return self._client.get_partial_messageable(job.channel_id).get_partial_message(message_id)

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
    return any(custom_id.startswith(prefix) for custom_id in _custom_ids(message.components))


def _custom_ids(components: Iterable[object]) -> Iterator[str]:
    for component in components:
        custom_id: object = getattr(component, "custom_id", None)
        if isinstance(custom_id, str):
            yield custom_id
        yield from _custom_ids(getattr(component, "children", ()))
