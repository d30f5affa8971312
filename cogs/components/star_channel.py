"""The star channel of a server: whether pictures can be shown there, and what keeps them from it. Decides nothing else.

Imports discord.py for its channels and permissions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.errors import ActionUnavailable
from bot.language import mark, say, say_list

if TYPE_CHECKING:
    import discord

#: What showing a picture in a channel takes, as Discord's English client calls it.
_TO_POST: Final = {
    "view_channel": mark("View Channel"),
    "send_messages": mark("Send Messages"),
    "embed_links": mark("Embed Links"),
    "attach_files": mark("Attach Files"),
}


def require_post(guild: discord.Guild | None, channel_id: int) -> None:
    """Refuse a channel in which the bot may not show pictures.

    Raises
    ------
    ActionUnavailable
        With the sentence to show.
    """
    channel = guild.get_channel(channel_id) if guild is not None else None
    allowed = channel.permissions_for(guild.me) if guild is not None and channel is not None else None
    sentence = _refusal(channel_id, allowed)
    if sentence:
        raise ActionUnavailable(sentence)


def obstacle(guild: discord.Guild | None, channel_id: int | None) -> str:
    """Return what keeps pictures from the star channel that is set, with what to do; empty if nothing is known to."""
    if guild is None or channel_id is None or guild.unavailable:
        return ""
    channel = guild.get_channel(channel_id)
    if channel is None:
        return say("I cannot find this channel: it was deleted, or hidden from me. Choose another, or let me see it.")
    return _refusal(channel_id, channel.permissions_for(guild.me))


def _refusal(channel_id: int, allowed: discord.Permissions | None) -> str:
    """Return that the bot may not show pictures there and why, or nothing if it may."""
    lacking = [name for name in _TO_POST if allowed is None or not getattr(allowed, name)]
    if not lacking:
        return ""
    return say(
        "I may not show pictures in {channel}: there I lack {permissions}. Give me that, or choose another channel.",
        channel=f"<#{channel_id}>",
        permissions=say_list(say(_TO_POST[name]) for name in lacking),
    )
