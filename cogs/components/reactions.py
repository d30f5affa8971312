"""Reactions on our messages, for people used to the official bot: ✉️ sends a copy, ❌ cancels or deletes, ⭐ likes.

A reaction is no interaction: whoever it was can only be told in a direct message or in the channel. Translates; decides
nothing about jobs.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING, Final, final

import discord

from bot.errors import DeliveryError, JobUnknown
from bot.jobs.requests import Origin
from bot.language import speak
from bot.model import Status
from cogs.messages.copies import FILE_LIMIT, send_copy
from cogs.messages.delivery import DiscordDelivery
from cogs.messages.parcels import no_files
from cogs.messages.replies import explain_error
from cogs.messages.sending import CONNECTION_ERRORS
from cogs.render.controls import Rendered
from cogs.render.text import mention

if TYPE_CHECKING:
    from bot.client import EaselClient
    from bot.model import Job
    from cogs.messages.outgoing import Render
    from cogs.messages.sending import Sleep

_log = logging.getLogger(__name__)

#: How long a word in the channel stays there; it is meant for one person.
_SHORT_WHILE_S: Final = 20.0
_SELECTOR: Final = "\ufe0f"


@final
class _Sign(StrEnum):
    """A reaction that means something to us, without the selector that some clients leave out."""

    SEND = "✉"
    REMOVE = "❌"
    LIKE = "⭐"


@final
class Reactions:
    """Does what reactions stand for.

    Parameters
    ----------
    client
        Logged in; not closed here.
    """

    def __init__(self, client: EaselClient, sleep: Sleep = asyncio.sleep) -> None:
        self._client = client
        self._sleep = sleep

    async def __call__(self, event: discord.RawReactionActionEvent) -> None:
        """Do what the reaction stands for, inside our error boundary; on what is not about a job it means nothing."""
        job_id = ""
        try:
            sign = self._sign(event)
            if sign is None:
                return
            if sign not in (_Sign.LIKE, _Sign.SEND) and await self._take_share_away(event):
                return
            job = await self._find(event)
            if job is None:
                return
            job_id = job.id
            await self._greet(event, job.delivery.locale)
            await self._do(event, sign, job)
            _log.info("reaction %s by %d", sign.name, event.user_id, extra={"job": job_id})
        except Exception as error:  # noqa: BLE001 - the boundary of reactions: whatever went wrong, the person is told
            await self._tell(event, explain_error(error, job_id))

    def _sign(self, event: discord.RawReactionActionEvent) -> _Sign | None:
        """Return what a person means by it; None for what is none of our business."""
        added, us = event.event_type == "REACTION_ADD", self._client.user
        if us is None or event.user_id == us.id or (event.member is not None and event.member.bot):
            return None
        if event.message_author_id not in (None, us.id) or event.emoji.id is not None:
            return None
        try:
            sign = _Sign((event.emoji.name or "").removesuffix(_SELECTOR))
        except ValueError:
            return None
        return sign if added or sign is _Sign.LIKE else None

    async def _find(self, event: discord.RawReactionActionEvent) -> Job | None:
        try:
            return await self._client.services.library.find(self._origin(event), None, event.message_id)
        except JobUnknown:
            return None

    async def _take_share_away(self, event: discord.RawReactionActionEvent) -> bool:
        """Take away what somebody shows to others, and not the job in it; tell whether it was such a message."""
        await self._greet(event)
        return await self._client.services.shares.take_away(self._origin(event), event.message_id)

    async def _greet(self, event: discord.RawReactionActionEvent, locale: str = "") -> None:
        """Speak the language of whoever reacted; a reaction says none, so it is that of the place if they set none."""
        guild = self._client.get_guild(event.guild_id) if event.guild_id is not None else None
        locale = locale if guild is None else str(guild.preferred_locale)
        manners = await self._client.services.preferences.manners(event.user_id, event.guild_id, locale, None)
        speak(manners.language)

    async def _do(self, event: discord.RawReactionActionEvent, sign: _Sign, job: Job) -> None:
        services, origin = self._client.services, self._origin(event)
        if sign is _Sign.LIKE:
            added = event.event_type == "REACTION_ADD"
            await services.library.like(origin, job.id, on=added)
            await services.stars.star(origin, job.id, on=added)
        elif sign is _Sign.SEND:
            await send_copy(self._client, origin, job.id)
        elif job.status is Status.QUEUED:
            await services.jobs.cancel(origin, job.id)
        else:
            await services.deletions.delete(origin, job.id)

    def _origin(self, event: discord.RawReactionActionEvent) -> Origin:
        return Origin(
            user_id=event.user_id,
            guild_id=event.guild_id,
            channel_id=event.channel_id,
            interaction_id=0,
            interaction_token="",
            application_id=self._client.application_id or 0,
            attachment_size_limit=FILE_LIMIT,
            locale="",
            may_moderate=self._may_moderate(event),
        )

    def _may_moderate(self, event: discord.RawReactionActionEvent) -> bool:
        guild = self._client.get_guild(event.guild_id) if event.guild_id is not None else None
        channel = guild.get_channel_or_thread(event.channel_id) if guild is not None else None
        if channel is None or event.member is None:
            return False
        try:
            return channel.permissions_for(event.member).manage_messages
        except discord.ClientException:  # a thread whose channel is not known
            return False

    async def _tell(self, event: discord.RawReactionActionEvent, sentence: str) -> None:
        """Tell whoever reacted, and nobody else if that can be."""
        delivery = DiscordDelivery(self._client)
        try:
            await delivery.hand_over(event.user_id, _word(sentence), no_files)
        except DeliveryError as error:
            _log.info("cannot tell %d directly: %s", event.user_id, error)
            await self._tell_in_channel(event, sentence)

    async def _tell_in_channel(self, event: discord.RawReactionActionEvent, sentence: str) -> None:
        """Say it in the channel for a short while."""
        if event.guild_id is None:
            return
        channel = self._client.get_partial_messageable(event.channel_id, guild_id=event.guild_id)
        whom = discord.AllowedMentions(everyone=False, roles=False, users=[discord.Object(event.user_id)])
        try:
            message = await channel.send(f"{mention(event.user_id)} {sentence}", allowed_mentions=whom)
        except (discord.HTTPException, *CONNECTION_ERRORS) as error:
            _log.info("cannot tell %d in the channel either: %s", event.user_id, error)
            return
        await self._sleep(_SHORT_WHILE_S)
        with suppress(discord.HTTPException, *CONNECTION_ERRORS):
            await message.delete()


def _word(sentence: str) -> Render:
    def render(*, emojis: bool) -> Rendered:
        del emojis  # it has no buttons
        return Rendered(content=sentence)

    return render


async def setup(client: EaselClient) -> None:
    """Let the client pass reactions on."""
    client.reacted = Reactions(client)
