"""Private answers to an interaction, and errors turned into them: every interaction is answered, and once.

Imports nothing of the engine.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from typing import TYPE_CHECKING, Any, Final, TypeVar

import discord
from discord import app_commands

from bot.errors import ActionUnavailable, EaselError, StorageError, UserFacing
from bot.language import mark, say
from cogs.messages.refusals import ALREADY_ACKNOWLEDGED, UNKNOWN_INTERACTION
from cogs.messages.sending import CONNECTION_ERRORS
from cogs.messages.views import NO_MENTIONS, build_view
from cogs.render.controls import Rendered

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from bot.connection.reception import Reception

_log = logging.getLogger(__name__)

#: Discord waits 3 s for the first answer; this leaves half of it for the way there.
PATIENCE_S: Final = 1.5
#: What consists of pictures has to be uploaded too, and is acknowledged within half a second all the same.
PAGE_PATIENCE_S: Final = 0.4
#: A form must be the first answer, so nothing can say "thinking …" while it is looked up what it asks.
FORM_PATIENCE_S: Final = 2.0

_SINCE: Final = "since"

_TOO_SLOW: Final = mark(
    "That took me too long just now, and Discord does not wait. Nothing was sent; please press the button once more."
)
_NOT_SAVED: Final = mark(
    "This could not be saved, so nothing was sent and nothing was charged. Please try again in a minute."
)
_NO_SUCH_COMMAND: Final = mark("I do not know this command any more. Reload Discord (Ctrl+R) to see the current ones.")

T = TypeVar("T")


async def patiently(
    interaction: discord.Interaction[Any],
    work: Awaitable[T],
    *,
    private: bool,
    patience: float | None = None,
    at_once: bool = False,
) -> T:
    """Await `work`; if it takes long, together with what was awaited before it, tell Discord to wait meanwhile.

    The wait shows as "thinking …", for the person alone if `private`. It decides who sees the answer that follows. In a
    crowd it is told at once, and `work` begins when others have been told too.

    Parameters
    ----------
    patience
        What is long, in seconds; None: as long as may be.
    at_once
        Whether a crowd changes nothing: because a refusal may come of it, which is nobody else's business, or because
        what is not canceled meanwhile may be sent, and charged.
    """
    reception: Reception = interaction.client.reception
    if reception.is_crowded and not at_once and not interaction.response.is_done():
        await defer(interaction, private=private)
        async with reception.afterwards():
            return await work
    task = asyncio.ensure_future(work)
    left = (PATIENCE_S if patience is None else patience) - _waited_s(interaction)
    await (asyncio.wait({task}, timeout=max(0.0, left)) if at_once else reception.patience(task, left))
    if not task.done():
        await defer(interaction, private=private)
    return await task


async def promptly(interaction: discord.Interaction[Any], work: Awaitable[T]) -> T:
    """Await what has to be known before a form can be opened; given up after 2 s, so it must change nothing to regret.

    Raises
    ------
    ActionUnavailable
        It took too long.
    """
    try:
        async with asyncio.timeout(FORM_PATIENCE_S - _waited_s(interaction)):
            return await work
    except TimeoutError:
        raise ActionUnavailable(say(_TOO_SLOW)) from None


def _waited_s(interaction: discord.Interaction[Any]) -> float:
    """Return how long this person has waited since we first awaited something for them."""
    now = asyncio.get_running_loop().time()
    return now - interaction.extras.setdefault(_SINCE, now)


async def defer(interaction: discord.Interaction[Any], *, private: bool) -> None:
    """Answer "thinking …" unless there is an answer already. A failure is only logged: the real answer will tell."""
    if interaction.response.is_done():
        return
    try:
        await interaction.response.defer(thinking=True, ephemeral=private)
    except (discord.HTTPException, *CONNECTION_ERRORS) as error:
        _log.info("interaction %d could not be deferred: %s", interaction.id, error)


async def tell(interaction: discord.Interaction[Any], rendered: Rendered) -> None:
    """Answer privately: as the first response, in the place of a pending one, or after the first.

    Raises
    ------
    discord.HTTPException
        Discord refused.
    """
    view = build_view(rendered.rows)
    if interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
        await interaction.edit_original_response(content=rendered.content, view=view, allowed_mentions=NO_MENTIONS)
    elif interaction.response.is_done():
        await interaction.followup.send(rendered.content, view=view, allowed_mentions=NO_MENTIONS, ephemeral=True)
    else:
        await interaction.response.send_message(
            rendered.content,
            view=view,
            allowed_mentions=NO_MENTIONS,
            ephemeral=True,
        )


async def reply_error(interaction: discord.Interaction[Any], error: Exception, job_id: str = "") -> None:
    """Turn an error into a sentence for the person and, where it is ours, a traceback for the owner. Never raises."""
    await tell_error(interaction, error, job_id)


async def tell_error(interaction: discord.Interaction[Any], error: Exception, job_id: str = "") -> bool:
    """As `reply_error`, and tell whether the person knows now; also true where nobody is left to be told."""
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    if _is_out_of_reach(error):
        _log.info("interaction %d is out of reach: %s", interaction.id, error, extra={"job": job_id})
        return True
    sentence = explain_error(error, job_id)
    try:
        await tell(interaction, Rendered(content=sentence))
    except (discord.HTTPException, *CONNECTION_ERRORS) as refusal:
        _log.info("interaction %d could not be answered: %s", interaction.id, refusal, extra={"job": job_id})
        return False
    return True


def _is_out_of_reach(error: Exception) -> bool:
    """Whether nobody can be told: Discord repeated an event that has its answer, or its three seconds have passed."""
    return isinstance(error, discord.HTTPException) and error.code in {ALREADY_ACKNOWLEDGED, UNKNOWN_INTERACTION}


def explain_error(error: Exception, job_id: str) -> str:
    """Return the sentence for an error, and log what the owner should know."""
    if isinstance(error, UserFacing):
        _log.info("refused: %s", error, extra={"job": job_id})
        return error.reply
    if isinstance(error, app_commands.CommandNotFound):
        return say(_NO_SUCH_COMMAND)
    if isinstance(error, StorageError):
        _log.error("not saved: %s", error, exc_info=error, extra={"job": job_id})
        return say(_NOT_SAVED)
    reference = secrets.token_hex(4)
    about = "interaction failed" if isinstance(error, EaselError) else "unexpected error in an interaction"
    _log.error("%s, reference %s", about, reference, exc_info=error, extra={"job": job_id})
    return say(
        "Something went wrong on my side, sorry. Try again; if it stays so, give the bot's owner this code: "
        "`{reference}`.",
        reference=reference,
    )
