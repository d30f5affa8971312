"""The answer to an interaction, as a message that is edited, found again and taken away later.

The interaction's token opens the way while it lives, the bot's own token afterwards. Decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar, cast, final

import discord

from bot.errors import AnswerGone
from cogs.messages.parcels import replace_message
from cogs.messages.refusals import TOKEN_GONE
from cogs.messages.views import build_view

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.jobs.ports import Clock
    from bot.model import Batch, Export, Job
    from cogs.messages.closed import ClosedChannels
    from cogs.messages.parcels import OpenFiles
    from cogs.render.controls import Rendered, Row

_TOKEN_LIFE: Final = timedelta(minutes=15)
#: Stands for the answer in the address of an interaction's webhook (Discord, receiving and responding).
_ORIGINAL: Final = cast("int", "@original")

T = TypeVar("T")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Where an answer stands, and what opens the way to it.

    Attributes
    ----------
    message_id
        None while nobody knows it.
    token
        Secret; None and empty: there is none (any more).
    is_first
        Whether it is the interaction's first response, and not a message that followed.
    is_ours
        Whether the bot's own token opens the way too: not where the bot is not, nor to what only one person sees.
    """

    channel_id: int
    message_id: int | None
    token: str | None = field(repr=False)
    application_id: int
    asked_at: datetime
    guild_id: int | None = None
    is_first: bool = True
    is_ours: bool = True


def answer_about(job: Job) -> Answer:
    """Return the answer that tells about a job."""
    return Answer(
        channel_id=job.channel_id,
        message_id=job.delivery.answer_message_id,
        token=job.delivery.interaction_token,
        application_id=job.delivery.application_id,
        asked_at=job.created_at,
        guild_id=job.guild_id,
        is_ours=job.may_post,
    )


def answer_about_all(batch: Batch) -> Answer:
    """Return the message that tells about a batch: it followed the question whether all that is wanted."""
    return Answer(
        channel_id=batch.channel_id,
        message_id=batch.answer_message_id,
        token=batch.interaction_token,
        application_id=batch.application_id,
        asked_at=batch.created_at,
        is_first=False,
        is_ours=all(job.may_post for job in batch.jobs),
    )


def answer_about_export(export: Export, token: str, asked_at: datetime) -> Answer:
    """Return the answer to whoever asked for an export."""
    return Answer(
        channel_id=export.channel_id,
        message_id=None,
        token=token,
        application_id=export.application_id,
        asked_at=asked_at,
    )


@final
class Answers:
    """The ways to answers. All methods let discord.py's exceptions through, and raise `AnswerGone` without any way.

    Parameters
    ----------
    frozen
        The channels in which the bot's own token changes nothing: there `NotAllowed` is raised.
    """

    def __init__(self, client: discord.Client, clock: Clock, frozen: ClosedChannels) -> None:
        self._client = client
        self._clock = clock
        self._frozen = frozen

    async def find(self, answer: Answer) -> discord.Message | None:
        """Return the answer if the interaction has one. Only its token can tell."""
        webhook = self._webhook(answer)
        if webhook is None:
            raise AnswerGone("the interaction's token has expired")
        try:
            return await webhook.fetch_message(_ORIGINAL)
        except discord.NotFound:
            return None

    async def edit(self, answer: Answer, rendered: Rendered, files: OpenFiles | None) -> int:
        """Replace what the answer shows, and return its message id; `files` as in `replace_message`."""
        return await self._by_token_or_own(
            answer,
            lambda webhook, which: replace_message(partial(webhook.edit_message, which), rendered, files),
            lambda message: replace_message(message.edit, rendered, files),
        )

    async def redraw(self, answer: Answer, rows: tuple[Row, ...]) -> None:
        """Replace only the buttons under the answer."""
        view = build_view(rows)
        await self._by_token_or_own(
            answer,
            lambda webhook, which: webhook.edit_message(which, view=view),
            lambda message: message.edit(view=view),
        )

    async def delete(self, answer: Answer) -> None:
        """Take the answer away."""
        await self._by_token_or_own(
            answer,
            lambda webhook, which: webhook.delete_message(which),
            lambda message: message.delete(),
        )

    async def _by_token_or_own(
        self,
        answer: Answer,
        by_token: Callable[[discord.Webhook, int], Awaitable[T]],
        by_own: Callable[[discord.PartialMessage], Awaitable[T]],
    ) -> T:
        webhook = self._webhook(answer)
        if webhook is not None:
            try:
                return await by_token(webhook, _ORIGINAL if answer.is_first else self._message(answer).id)
            except discord.HTTPException as error:
                if error.code not in TOKEN_GONE or answer.message_id is None:
                    raise
        if not answer.is_ours:
            raise AnswerGone("the interaction's token has expired, and nothing else opens the way to the answer")
        message = self._message(answer)
        async with self._frozen.asking(answer.channel_id, answer.guild_id):
            return await by_own(message)

    def _webhook(self, answer: Answer) -> discord.Webhook | None:
        """Return the way that the interaction's token opens, or None once it has surely expired."""
        if not answer.token or self._clock.now() - answer.asked_at >= _TOKEN_LIFE:
            return None
        return discord.Webhook.partial(answer.application_id, answer.token, client=self._client)

    def _message(self, answer: Answer) -> discord.PartialMessage:
        if answer.message_id is None:
            raise AnswerGone("the interaction's token has expired, and the message id of the answer is not known")
        return self._client.get_partial_messageable(answer.channel_id).get_partial_message(answer.message_id)
