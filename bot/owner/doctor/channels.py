"""Single channels in which the bot may do less than its server lets it. Beside `at_discord`, imports discord.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import discord

from bot.client import PERMISSIONS
from bot.owner.doctor.notes import note

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bot.owner.doctor.notes import Note

_ABOUT: Final = "Channels"
#: Three requests each.
_MOST_SERVERS: Final = 5
_MOST_NAMED: Final = 5
_DECISIVE: Final = ("view_channel", "send_messages")


async def examine_channels(client: discord.Client, servers: Sequence[dict[str, Any]]) -> AsyncIterator[Note]:
    """Look through the channels of the first few servers, as Discord lists those.

    That some are closed to it is how many a server is meant to be, so nothing of this has to be mended.
    """
    for server in servers[:_MOST_SERVERS]:
        name = f"“{server['name']:.40}”"
        try:
            narrow = await _narrow(client, int(server["id"]))
        except discord.DiscordException as error:
            yield note(_ABOUT, f"those of {name} cannot be looked at ({type(error).__name__})")
            continue
        if narrow:
            more = f" and {len(narrow) - _MOST_NAMED} more" if len(narrow) > _MOST_NAMED else ""
            yield note(
                _ABOUT,
                f"in {name} it may do less than elsewhere in {', '.join(narrow[:_MOST_NAMED])}{more}",
                "Where people are to use it, allow that to Easel's role (Edit Channel > Permissions).",
            )
    if len(servers) > _MOST_SERVERS:
        yield note(_ABOUT, f"looked at in the first {_MOST_SERVERS} servers only")


async def _narrow(client: discord.Client, server_id: int) -> list[str]:
    """Return the channels that take something away from the bot, each with what that is."""
    guild = await client.fetch_guild(server_id, with_counts=False)
    me = await guild.fetch_member(client.user.id if client.user else 0)
    found: list[str] = []
    for channel in await guild.fetch_channels():
        if not isinstance(channel, discord.TextChannel):
            continue
        here = channel.permissions_for(me)
        missing = [name for name, needed in PERMISSIONS if needed and not getattr(here, name)]
        if missing:
            # Where nothing can be seen, or nothing said, nothing else can be done either.
            missing = next(([name] for name in _DECISIVE if not getattr(here, name)), missing)
            found.append(f"#{channel.name:.40} ({', '.join(missing).replace('_', ' ')})")
    return found
