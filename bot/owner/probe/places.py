"""What Discord allows: starts a day, file sizes, direct messages, editing an old answer. Free; says hello nowhere else.

Uses discord.py without its gateway: what it sends is what Easel sends. Posts only where the owner said, and takes it
away again.
"""

from __future__ import annotations

import re
import tempfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast, final

import discord
from discord.http import Route

from bot.owner.probe.findings import Card, Check, Finding, Place, Skipped

if TYPE_CHECKING:
    from bot.jobs.ports import Clock
    from bot.owner.probe.findings import Result
    from bot.owner.probe.line import DiscordLine

TEXT: Final = "Easel is being probed; this goes away again."
_MIB: Final = 1024 * 1024
_TOKEN_LIFE: Final = timedelta(minutes=15)
_LINK: Final = re.compile(
    r"https?://[^/]+/channels/(?:@me|[0-9]{1,20})/(?P<channel>[0-9]{1,20})/(?P<message>[0-9]{1,20})"
)
_TOO_LARGE: Final = frozenset({40005, 50045})
_PAYLOAD_TOO_LARGE: Final = 413
_FEW_STARTS: Final = 200

NO_CHANNEL: Final = "it posts into a channel and needs --channel, the id of one where that disturbs nobody"


@final
class SessionLimit(Check):
    """How often the bot may start today."""

    def __init__(self, line: DiscordLine) -> None:
        self.card = Card(
            name="session-limit",
            place=Place.DISCORD,
            question="How often may the bot still start today (session_start_limit)?",
        )
        self._line = line

    async def run(self) -> Result:
        """Ask.

        Raises
        ------
        DiscordException
            No answer.
        """
        client = await self._line.client()
        limit: dict[str, Any] = (await client.http.request(Route("GET", "/gateway/bot")))["session_start_limit"]
        total, remaining, reset_ms = (int(limit[name]) for name in ("total", "remaining", "reset_after"))
        facts = {"total": total, "remaining": remaining, "reset_after_s": reset_ms // 1000}
        advice = "Let it rest: fewer than 200 are left." if remaining < _FEW_STARTS else ""
        return Finding(f"{remaining} of {total} starts are left for {reset_ms / 3_600_000:.1f} hours.", advice, facts)


@final
class AttachmentLimit:
    """How large a file a channel takes."""

    def __init__(self, line: DiscordLine, channel_id: int | None) -> None:
        self.card = Card(
            name="attachment-limit",
            place=Place.DISCORD,
            question="Does a file of exactly the documented size arrive in the channel, and one byte more not?",
        )
        self._line = line
        self._channel_id = channel_id

    def obstacle(self) -> str:
        """Ask for a channel."""
        return NO_CHANNEL if self._channel_id is None else ""

    async def run(self) -> Result:
        """Upload both.

        Raises
        ------
        DiscordException
            Something else than the size was refused.
        """
        if self._channel_id is None:
            return Skipped(NO_CHANNEL)
        client = await self._line.client()
        place = await client.fetch_channel(self._channel_id)
        if not isinstance(place, discord.abc.GuildChannel):
            return Skipped("--channel is not in a server")
        limit = (await client.fetch_guild(place.guild.id)).filesize_limit
        at, beyond = [await self._takes(size) for size in (limit, limit + 1)]
        facts = {"documented": limit, "takes_it": at, "takes_more": beyond}
        said = f"{limit / _MIB:g} MiB ({limit} bytes)"
        if at and not beyond:
            return Finding(f"Exactly as documented: {said}.", "", facts)
        found = "more than" if beyond else "less than"
        return Finding(f"It takes {found} the documented {said}.", "Easel goes by what each interaction says.", facts)

    async def _takes(self, size: int) -> bool:
        channel = await self._line.channel(cast("int", self._channel_id))
        with tempfile.TemporaryFile() as zeros:
            zeros.truncate(size)
            try:
                message = await channel.send(TEXT, file=discord.File(zeros, "probe.bin"), silent=True)
            except discord.HTTPException as refused:
                if refused.code in _TOO_LARGE or refused.status == _PAYLOAD_TOO_LARGE:
                    return False
                raise
        await message.delete()
        return True


@final
class AnswerEdit:
    """Whether the bot's token edits an answer to an interaction whose own token has died."""

    def __init__(self, line: DiscordLine, link: str | None, clock: Clock) -> None:
        self.card = Card(
            name="answer-edit",
            place=Place.DISCORD,
            question="Can an answer to a command be edited with the bot's token after 15 minutes?",
        )
        self._line = line
        self._found = _LINK.fullmatch(link or "")
        self._clock = clock

    def obstacle(self) -> str:
        """Ask for an answer to an interaction, which only a person can make."""
        if self._found is not None:
            return ""
        return (
            "it needs an answer that Easel gave to a person: type a command of Easel's that everybody sees the answer "
            "of, wait 16 minutes, copy the answer's link, and run again with --answer LINK"
        )

    async def run(self) -> Result:
        """Write the text that it has into it once more.

        Raises
        ------
        DiscordException
            The message cannot be read.
        """
        if self._found is None:
            return Skipped(self.obstacle())
        channel = await self._line.channel(int(self._found["channel"]))
        message = await channel.fetch_message(int(self._found["message"]))
        age = self._clock.now() - message.created_at
        if message.interaction_metadata is None:
            return Skipped("that message is no answer to an interaction")
        if age <= _TOKEN_LIFE:
            return Skipped(f"that answer is only {age.total_seconds() / 60:.0f} minutes old: its own token still lives")
        facts = {"minutes": round(age.total_seconds() / 60), "edited": True, "error": 0}
        try:
            if message.content:
                await channel.get_partial_message(message.id).edit(content=message.content)
            else:
                await channel.get_partial_message(message.id).edit(allowed_mentions=discord.AllowedMentions.none())
        except discord.HTTPException as refused:
            facts |= {"edited": False, "error": refused.code}
            return Finding(
                f"No: {refused}.", "Progress stops after 15 minutes; results are new messages anyway.", facts
            )
        return Finding(f"Yes, {facts['minutes']} minutes after it was given.", "", facts)


@final
class DirectMessage:
    """Whether somebody can be written to."""

    def __init__(self, line: DiscordLine, person_id: int | None) -> None:
        self.card = Card(
            name="direct-message",
            place=Place.DISCORD,
            question="Can the bot write to a person directly (the last way for a result)?",
        )
        self._line = line
        self._person_id = person_id

    def obstacle(self) -> str:
        """Ask for a person who knows."""
        return "it writes to a person and needs --person, the id of one who knows" if self._person_id is None else ""

    async def run(self) -> Result:
        """Write, and take it away again.

        Raises
        ------
        DiscordException
            There is no such person.
        """
        if self._person_id is None:
            return Skipped(self.obstacle())
        person = await (await self._line.client()).fetch_user(self._person_id)
        try:
            message = await person.send(TEXT, silent=True)
        except discord.Forbidden as refused:
            return Finding(f"No: {refused}.", "Results reach such people only in channels.", {"possible": False})
        await message.delete()
        return Finding("Yes.", "", {"possible": True})
