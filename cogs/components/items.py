"""Buttons and selects that answer for ever: a pattern of custom_ids, and what is done for whoever uses one of them.

discord.py finds them by the pattern, of this run or of last year's. Parsing only happens there; the work is done inside
our own error boundary, because discord.py has none around these callbacks (style 3, fact 1).
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast, final

import discord
from typing_extensions import override

from bot.connection.restraint import dispensable
from cogs.custom_ids import find_job_id
from cogs.messages.replies import guarded
from cogs.messages.sending import CONNECTION_ERRORS

if TYPE_CHECKING:
    import re
    from typing import Self

_log = logging.getLogger(__name__)

#: The answer replaced the message itself.
_EDITED: Final = discord.InteractionResponseType.message_update

#: What is done: with the interaction, the match of its custom_id and, of a select, the values that were chosen.
Deed: TypeAlias = Callable[[discord.Interaction[Any], "re.Match[str]", Sequence[str]], Awaitable[None]]


def item(template: re.Pattern[str], deed: Deed) -> type[discord.ui.DynamicItem[discord.ui.Item[Any]]]:
    """Return the class of the components with such custom_ids, for `EaselClient.add_dynamic_items`.

    Parameters
    ----------
    template
        Matched as a whole. A group named `job` names the job in the log.
    """

    @final
    class Answering(discord.ui.DynamicItem[discord.ui.Item[Any]], template=template):
        def __init__(self, component: discord.ui.Item[Any], match: re.Match[str]) -> None:
            super().__init__(component)
            self.match = match

        @override
        @classmethod
        async def from_custom_id(
            cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
        ) -> Self:
            return cls(item, match)

        @override
        async def callback(self, interaction: discord.Interaction[Any]) -> None:
            # As Discord sent them: of a select for channels discord.py makes more of them than their ids.
            values = tuple(map(str, cast("dict[str, Any]", interaction.data or {}).get("values") or ()))
            job_id = self.match.groupdict().get("job") or find_job_id(" ".join(values)) or ""
            await guarded(interaction, self._do(interaction, values), job_id)
            if values:
                await _forget_choice(interaction)

        async def _do(self, interaction: discord.Interaction[Any], values: Sequence[str]) -> None:
            await interaction.client.greet(interaction)
            await deed(interaction, self.match, values)

    return Answering


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
