"""For how long Discord remembers a nonce: until then, a message that is sent twice is there once.

Posts only into the channel that the owner named, and takes its messages away again, also when it is stopped.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Final, final

import discord

from bot.owner.probe.findings import Card, Finding, Place, Skipped
from bot.owner.probe.looking import pause
from bot.owner.probe.places import NO_CHANNEL, TEXT

if TYPE_CHECKING:
    from bot.jobs.ports import Clock
    from bot.owner.probe.findings import Fact, Result
    from bot.owner.probe.line import DiscordLine

#: Ages at which a nonce is used once more, in seconds (reliability F).
AGES: Final = (30, 60, 120, 300, 600)


@final
class NonceWindow:
    """Sends pairs of messages with the same nonce, each pair at another distance in time.

    A nonce of its own for each age: one that is used again and again might be remembered anew each time.
    """

    def __init__(self, line: DiscordLine, channel_id: int | None, clock: Clock) -> None:
        self.card = Card(
            name="nonce-window",
            place=Place.DISCORD,
            question="For how long is a message that is sent twice there once? (takes 10 minutes)",
        )
        self._line = line
        self._channel_id = channel_id
        self._clock = clock

    def obstacle(self) -> str:
        """Ask for a channel."""
        return NO_CHANNEL if self._channel_id is None else ""

    async def run(self) -> Result:
        """Send each first message, then each second one when it is time.

        Raises
        ------
        DiscordException
            The bot may not post there, or Discord does not answer.
        """
        if self._channel_id is None:
            return Skipped(NO_CHANNEL)
        channel = await self._line.channel(self._channel_id)
        sent: set[int] = set()
        try:
            same = await self._pairs(channel, sent)
        finally:
            for message_id in sent:
                with suppress(discord.HTTPException):
                    await channel.get_partial_message(message_id).delete()
        return _judged(same)

    async def _pairs(self, channel: discord.PartialMessageable, sent: set[int]) -> dict[int, bool]:
        """Return for each age whether the second message was the first one."""
        first: dict[int, tuple[str, int, float]] = {}
        for age in AGES:
            nonce = f"probe-{secrets.token_hex(4)}-{age}"
            message = await channel.send(TEXT, nonce=nonce, silent=True)
            sent.add(message.id)
            first[age] = nonce, message.id, self._clock.monotonic()
        same: dict[int, bool] = {}
        for age, (nonce, message_id, moment) in first.items():
            await pause(self._clock, max(0.0, moment + age - self._clock.monotonic()))
            again = await channel.send(TEXT, nonce=nonce, silent=True)
            sent.add(again.id)
            same[age] = again.id == message_id
        return same


def _judged(same: dict[int, bool]) -> Finding:
    longest = max((age for age, held in same.items() if held), default=0)
    shortest = min((age for age, held in same.items() if not held), default=None)
    facts: dict[str, Fact] = {"held_s": longest, "lost_s": shortest}
    if shortest is None:
        return Finding(f"For {longest} s at least.", "", facts)
    if shortest < longest:
        return Finding(f"Not the same each time: lost after {shortest} s, held after {longest} s.", "", facts)
    held = f"For {longest} s at least, and for less than {shortest} s" if longest else f"For less than {shortest} s"
    return Finding(f"{held}.", "Nothing to set: after a restart Easel looks into the channel first.", facts)
