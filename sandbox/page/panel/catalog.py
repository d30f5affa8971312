"""What the side panel can switch, with words for people: faults, Discord's routes, permissions, the speed's range.

Only words and names; the switching is `panel`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sandbox.discord import DiscordFault, Permission
from sandbox.page.panel.faultwords import GROUPS, TIMED, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.comet import Fault

Json = dict[str, Any]

LEAST_RATE: Final = 0.0
MOST_RATE: Final = 10.0

DISCORD_WORDS: Final[Mapping[DiscordFault, Words]] = {
    DiscordFault.ERROR_BEFORE: Words("Server error", "500, and nothing happened."),
    DiscordFault.ERROR_AFTER: Words("Error although done", "502, but what was asked for happened all the same."),
    DiscordFault.UNAVAILABLE: Words("Not available", "503, and nothing happened."),
    DiscordFault.DROP_BEFORE: Words("Line cut before", "The connection breaks, and nothing happened."),
    DiscordFault.DROP_AFTER: Words("Line cut after", "The connection breaks, but what was asked for happened."),
    DiscordFault.RATE_LIMITED: Words("Rate limit", "429, with these seconds to wait before the next try."),
    DiscordFault.CLOUDFLARE: Words(
        "Banned address", "429 as a web page: the bot's address has to stay away these seconds."
    ),
    DiscordFault.SLOW: Words("Slow answer", "The answer takes these seconds longer."),
    DiscordFault.UNAUTHORIZED: Words("Token refused", "401: Discord does not take the bot's token."),
    DiscordFault.FORBIDDEN: Words("Missing permission", "403: the bot may not do this."),
    DiscordFault.NO_ACCESS: Words("Missing access", "403: the bot does not see this place."),
    DiscordFault.TOO_LARGE: Words("File too large", "413: what the bot sends does not fit."),
    DiscordFault.GATEWAY_REFUSED: Words("Gateway takes nobody", "New connections to the gateway are answered 503.", 3),
    DiscordFault.GATEWAY_CLOSE: Words("Gateway hangs up", "The line closes in place of the next event."),
    DiscordFault.GATEWAY_RECONNECT: Words("Gateway asks to reconnect", "In place of the next event; it is told later."),
    DiscordFault.GATEWAY_ZOMBIE: Words("Gateway falls silent", "The line stays open, but nothing comes any more."),
}
_DISCORD_TIMED: Final = frozenset({DiscordFault.SLOW, DiscordFault.RATE_LIMITED, DiscordFault.CLOUDFLARE})

_HOOK: Final = "/webhooks/{application_id}/{interaction_token}"
_MESSAGES: Final = "/channels/{channel_id}/messages"
ROUTES: Final[Mapping[str | None, str]] = {
    None: "Any request",
    "POST /interactions/{interaction_id}/{interaction_token}/callback": "First answer to an interaction",
    f"PATCH {_HOOK}/messages/@original": "Editing that answer",
    f"POST {_HOOK}": "Follow-up to an interaction",
    f"POST {_MESSAGES}": "Posting in a channel",
    f"PATCH {_MESSAGES}/{{message_id}}": "Editing a message",
    f"DELETE {_MESSAGES}/{{message_id}}": "Deleting a message",
    f"GET {_MESSAGES}": "Reading a channel",
    "POST /users/@me/channels": "Opening a direct message",
    "PUT /applications/{application_id}/commands": "Registering commands",
    "GET /gateway/bot": "Asking for the gateway",
}
"""Requests worth breaking, by what they do."""

PERMISSIONS: Final[Mapping[Permission, str]] = {
    Permission.VIEW_CHANNEL: "View Channel",
    Permission.SEND_MESSAGES: "Send Messages",
    Permission.SEND_MESSAGES_IN_THREADS: "Send Messages in Threads",
    Permission.EMBED_LINKS: "Embed Links",
    Permission.ATTACH_FILES: "Attach Files",
    Permission.READ_MESSAGE_HISTORY: "Read Message History",
}
"""Those that change what the bot can do in a channel."""


def catalog() -> Json:
    """Return everything that can be switched, in the order in which to show it."""
    return {
        "faults": [
            _fault(fault, words, timed=fault in TIMED) | {"group": group}
            for group, members in GROUPS.items()
            for fault, words in members.items()
        ],
        "discord_faults": [
            _fault(fault, words, timed=fault in _DISCORD_TIMED) for fault, words in DISCORD_WORDS.items()
        ],
        "routes": [{"route": route, "title": title} for route, title in ROUTES.items()],
        "permissions": [{"name": permission.name, "title": title} for permission, title in PERMISSIONS.items()],
        "rates": {"least": LEAST_RATE, "most": MOST_RATE},
    }


def _fault(fault: Fault | DiscordFault, words: Words, *, timed: bool) -> Json:
    return {"name": fault.value, "title": words.title, "text": words.text, "timed": timed, "times": words.times}
