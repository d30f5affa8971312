"""Buttons and selects that answer for ever: a pattern of custom_ids, and what is done for whoever uses one of them.

They are told apart by the pattern alone, so those of last year's run answer like those of this one.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import discord

from bot.connection.restraint import dispensable
from cogs.custom_ids import find_job_id
from cogs.messages.replies import reply_error
from cogs.messages.sending import CONNECTION_ERRORS

if TYPE_CHECKING:
    import re

    from bot.client import EaselClient

_log = logging.getLogger(__name__)

#: The answer replaced the message itself.
_EDITED: Final = discord.InteractionResponseType.message_update

#: What is done: with the interaction, the match of its custom_id and, of a select, the values that were chosen.
Deed: TypeAlias = Callable[[discord.Interaction[Any], "re.Match[str]", Sequence[str]], Awaitable[None]]


def answer_for(client: EaselClient, template: re.Pattern[str], deed: Deed) -> None:
    """Let whatever button or select has such a custom_id be answered by this deed.

    Parameters
    ----------
    template
        Matched as a whole. A group named `job` names the job in the log.
    """

    async def answer(interaction: discord.Interaction[EaselClient], match: re.Match[str], /) -> None:
        # As Discord sent them: of a select for channels discord.py makes more of them than their ids.
        values = tuple(map(str, cast("dict[str, Any]", interaction.data or {}).get("values") or ()))
        job_id = match.groupdict().get("job") or find_job_id(" ".join(values)) or ""
        try:
            await deed(interaction, match, values)
        except Exception as error:  # noqa: BLE001 - told here, where the job is known, before the select is cleared
            await reply_error(interaction, error, job_id)
        if values:
            await _forget_choice(interaction)

    client.controls.add(template, answer)


async def _forget_choice(interaction: discord.Interaction[Any]) -> None:
    """Let a select show its placeholder again: Discord's clients send nothing for a line that is chosen already.

    Only an edit of the message does that (discord-api-docs issue 4801). One that only its person sees cannot be edited
    once the answer stands elsewhere, nor can any where the bot is not; there another line has to be picked in between.
    """
    message = interaction.message
    if message is None or message.flags.ephemeral or interaction.response.type is _EDITED:
        return
    if not interaction.client.is_at(interaction):
        return
    view = discord.ui.View.from_message(message, timeout=None)
    view.stop()
    try:
        with dispensable():
            await message.edit(view=view)
    except (discord.HTTPException, *CONNECTION_ERRORS) as error:
        _log.debug("message %d keeps what was chosen: %s", message.id, error)
