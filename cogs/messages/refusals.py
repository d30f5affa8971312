"""What Discord's refusals mean for a message of ours: one table from error codes to `DeliveryError`.

Pure but for discord.py's exception classes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import discord

from bot.errors import AnswerGone, ChannelGone, DiscordUnavailable, NotAllowed, TooLarge

if TYPE_CHECKING:
    from bot.errors import DeliveryError

UNKNOWN_CHANNEL: Final = 10003
UNKNOWN_MESSAGE: Final = 10008
UNKNOWN_WEBHOOK: Final = 10015
UNKNOWN_INTERACTION: Final = 10062
ALREADY_ACKNOWLEDGED: Final = 40060
INVALID_TOKEN: Final = 50027
BAD_FORM: Final = 50035

#: The interaction's token no longer works; the message may still be there.
TOKEN_GONE: Final = frozenset({UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION, INVALID_TOKEN})

#: What was to be taken away is not there any more.
NOTHING_THERE: Final = frozenset({UNKNOWN_CHANNEL, UNKNOWN_MESSAGE})

#: About a channel, whatever was to be sent there: it is gone, or we may not see it, or not write in it.
CLOSED_TO_US: Final = frozenset({UNKNOWN_CHANNEL, 10004, 50001, 50013, 50083})

#: By code (Discord, opcodes and status codes).
_BY_CODE: Final[dict[int, type[DeliveryError]]] = {
    UNKNOWN_CHANNEL: ChannelGone,
    10004: ChannelGone,
    UNKNOWN_MESSAGE: AnswerGone,
    UNKNOWN_WEBHOOK: AnswerGone,
    UNKNOWN_INTERACTION: AnswerGone,
    INVALID_TOKEN: AnswerGone,
    40005: TooLarge,
    50045: TooLarge,
    50001: NotAllowed,
    50007: NotAllowed,
    50013: NotAllowed,
    50083: NotAllowed,
    50278: NotAllowed,
    30046: DiscordUnavailable,
    130000: DiscordUnavailable,
}
#: By HTTP status, where the code says nothing.
_BY_STATUS: Final[dict[int, type[DeliveryError]]] = {
    401: DiscordUnavailable,  # the bot's own token is refused; nothing is known of what was asked for
    403: NotAllowed,
    404: AnswerGone,
    413: TooLarge,
    429: DiscordUnavailable,
}
_SERVER_ERROR: Final = 500


def translate(error: discord.DiscordException) -> DeliveryError:
    """Return what an exception of discord.py means. What cannot be told apart closes this way but not the others."""
    if not isinstance(error, discord.HTTPException):
        return DiscordUnavailable(str(error))
    if error.status >= _SERVER_ERROR:
        return DiscordUnavailable(str(error))
    meaning = _BY_CODE.get(error.code) or _BY_STATUS.get(error.status, NotAllowed)
    return meaning(str(error))


def translate_send(error: DeliveryError) -> DeliveryError:
    """Return what an error means where a new message was to be made.

    "Unknown message" (10008) is then a nonce whose message was deleted. Anything else that is not there is the way.
    """
    code = error.__cause__.code if isinstance(error.__cause__, discord.HTTPException) else None
    return ChannelGone(error.detail) if isinstance(error, AnswerGone) and code != UNKNOWN_MESSAGE else error


def is_bad_emoji(error: BaseException | None) -> bool:
    """Whether Discord refused the form because of an emoji."""
    return isinstance(error, discord.HTTPException) and error.code == BAD_FORM and "emoji" in error.text.casefold()
