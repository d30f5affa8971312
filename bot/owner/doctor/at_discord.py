"""The bot's account at Discord: token, application, servers, clock. With `channels`, all that looks at discord.py.

Over REST alone: nothing is identified at the gateway, so a running bot is not disturbed.
"""

from __future__ import annotations

from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, final

import aiohttp
import discord
from discord.http import Route

from bot.client import PERMISSIONS, point_at
from bot.owner.doctor.channels import examine_channels
from bot.owner.doctor.notes import ill, note, well

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from types import SimpleNamespace

    from bot.config import Settings
    from bot.jobs.ports import Clock
    from bot.owner.doctor.notes import Note

_PORTAL: Final = "in the Developer Portal"
_INTO_SERVERS: Final = "0"
_MOST_OFF: Final = timedelta(seconds=5)
_MOST_SERVERS: Final = 200
_MOST_NAMED: Final = 10
_FEW_STARTS: Final = 200
#: Flags of an application: presence, members and message content, each also in a form for small bots.
_PRIVILEGED: Final = 1 << 12 | 1 << 13 | 1 << 14 | 1 << 15 | 1 << 18 | 1 << 19


@final
class DiscordClock:
    """Discord's time, out of the headers of its answers, beside ours.

    Attributes
    ----------
    ahead
        How far ahead ours is; None before the first answer.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.ahead: timedelta | None = None
        self.trace = aiohttp.TraceConfig()
        self.trace.on_request_end.append(self._note)

    async def _note(self, _: aiohttp.ClientSession, __: SimpleNamespace, ended: aiohttp.TraceRequestEndParams) -> None:
        sent = ended.response.headers.get("Date")
        if sent is not None:
            # Whole seconds, rounded down: half a second is the least wrong.
            self.ahead = self._clock.now() - parsedate_to_datetime(sent) - timedelta(milliseconds=500)


async def examine_discord(settings: Settings, clock: Clock) -> AsyncIterator[Note]:
    """Look at the bot's account."""
    if settings.discord_api_url:
        point_at(settings.discord_api_url)
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks here
    theirs = DiscordClock(clock)
    client = discord.Client(intents=discord.Intents(guilds=True), http_trace=theirs.trace)
    try:
        async with client:
            await client.login(settings.discord_token.get_secret_value())
            yield well("Token", f"it is {client.user}'s")
            async for found in _account(client):
                yield found
    except discord.LoginFailure:
        yield ill("Token", "Discord refuses it", f"Make a new one {_PORTAL} under Bot, and put it into DISCORD_TOKEN.")
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        yield ill(
            "Discord",
            f"it cannot be asked ({type(error).__name__})",
            "Check this machine's way out, and try again later.",
        )
    for found in _time(theirs.ahead):
        yield found


async def _account(client: discord.Client) -> AsyncIterator[Note]:
    application = await _get(client, "/oauth2/applications/@me")
    for found in about_application(application):
        yield found
    gateway = await _get(client, "/gateway/bot")
    starts = gateway.get("session_start_limit", {})
    left, hours = starts.get("remaining"), starts.get("reset_after", 0) / 3_600_000
    if left is not None and left < _FEW_STARTS:
        yield note(
            "Starts",
            f"{left} connections are left for the next {hours:.0f} h; Easel slows its restarts down",
            "Why does it restart so often?",
        )
    servers = await _get(client, f"/users/@me/guilds?limit={_MOST_SERVERS}")
    for found in about_servers(servers):
        yield found
    async for found in examine_channels(client, [server for server in servers if not _missing(server)]):
        yield found


def about_application(application: dict[str, Any]) -> Iterator[Note]:
    """Judge an application, as Discord describes it."""
    broken = list(_broken(application))
    yield from broken
    if not broken:
        yield well("Application", "it gets interactions here, and can be installed")
    if int(application.get("flags", 0)) & _PRIVILEGED:
        yield note(
            "Intents", "privileged ones are switched on; Easel uses none", f"Switch them off {_PORTAL} under Bot."
        )
    else:
        yield well("Intents", "no privileged one is needed, and none is on")


def _broken(application: dict[str, Any]) -> Iterator[Note]:
    about = "Application"
    if application.get("interactions_endpoint_url"):
        yield ill(
            about,
            "commands and clicks go to a web address, not to Easel",
            f"Clear Interactions Endpoint URL {_PORTAL}.",
        )
    if application.get("bot_require_code_grant"):
        yield ill(about, "it requires a code grant, so nobody can add it", f"Switch that off {_PORTAL} under Bot.")
    ways = application.get("integration_types_config")
    if ways is not None and _INTO_SERVERS not in ways:
        yield ill(about, "it cannot be added to servers", f"Tick Guild Install {_PORTAL} under Installation.")


def about_servers(servers: list[dict[str, Any]]) -> Iterator[Note]:
    """Judge what the bot may do in its servers, as Discord lists them."""
    lacking = {str(server["name"]): missing for server in servers if (missing := _missing(server))}
    for name, missing in list(lacking.items())[:_MOST_NAMED]:
        yield ill(
            "Servers",
            f"in “{name:.40}” it may not {', '.join(missing)}",
            "Allow that to Easel's role there (Server Settings > Roles).",
        )
    if len(lacking) > _MOST_NAMED:
        yield ill("Servers", f"{len(lacking) - _MOST_NAMED} more lack a permission", "Mend the first, and look again.")
    more = " or more" if len(servers) == _MOST_SERVERS else ""
    if not servers:
        yield note("Servers", "it is in none", "Add it with the link that Easel logs when it starts.")
    elif not lacking:
        yield well("Servers", f"{len(servers)}{more}, with all permissions")


def _missing(server: dict[str, Any]) -> list[str]:
    """Return what the bot may not do in a server, as discord.py calls it."""
    granted = discord.Permissions(int(server.get("permissions", 0)))
    if granted.administrator:
        return []
    return [name.replace("_", " ") for name, needed in PERMISSIONS if needed and not getattr(granted, name)]


def _time(ahead: timedelta | None) -> Iterator[Note]:
    if ahead is None:
        return
    seconds = ahead.total_seconds()
    if abs(ahead) > _MOST_OFF:
        way = "ahead of" if seconds > 0 else "behind"
        yield ill(
            "Clock",
            f"this machine is {abs(seconds):.0f} s {way} Discord",
            "Have it set by NTP: clicks look too old or too new otherwise.",
        )
    else:
        yield well("Clock", f"within {_MOST_OFF.total_seconds():.0f} s of Discord's")


async def _get(client: discord.Client, path: str) -> Any:  # noqa: ANN401 - JSON, as it came
    return await client.http.request(Route("GET", path))
