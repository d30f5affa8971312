"""What somebody shows to all others in a place: sent as a further answer to their press, which reaches every place.

The bot itself need not be there, nor be allowed to write. Whoever shows something must be. Imports the engine's values.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import discord

from bot.errors import ActionUnavailable
from bot.jobs.ports import Posted
from bot.language import mark, say, speaking
from cogs.asking import manners_of
from cogs.messages.panels import build_panel, open_pictures
from cogs.messages.showing import put_result, render_shown
from cogs.messages.views import NO_MENTIONS, build_view
from cogs.render.origin import link_for_all

if TYPE_CHECKING:
    from typing import TypeAlias

    from bot.client import EaselClient
    from bot.jobs.requests import Shown
    from cogs.messages.parcels import OpenFiles
    from cogs.render.controls import Rendered
    from cogs.render.panels import Panel

    Interaction: TypeAlias = discord.Interaction[EaselClient]

_HUSHED: Final = mark(
    "In this server nobody but you can see what I answer you, so nothing was shared. Whoever moderates it can let you "
    "use external apps."
)
_SILENT: Final = mark("You may not write here, so I show nothing here for you.")


async def begin_sharing(interaction: Interaction) -> None:
    """Acknowledge the press so that what follows can be for all to see, or for its person alone.

    Raises
    ------
    ActionUnavailable
        This person can show nothing to others here.
    """
    if interaction.client.is_hushed(interaction):
        raise ActionUnavailable(say(_HUSHED))
    if interaction.guild_id is not None and not _may_write(interaction):
        raise ActionUnavailable(say(_SILENT))
    await interaction.response.defer()


async def post_page(interaction: Interaction, panel: Panel) -> Posted:
    """Post a panel for all to see.

    Raises
    ------
    discord.HTTPException
        Discord refused.
    OSError
        A picture of it cannot be opened.
    """
    message = await interaction.followup.send(
        view=build_panel(panel), files=open_pictures(panel), allowed_mentions=NO_MENTIONS, wait=True
    )
    return Posted(channel_id=message.channel.id, message_id=message.id)


async def post_result(interaction: Interaction, shown: Shown) -> Posted:
    """Post a result for all to see, with its live buttons; it calls nobody.

    Raises
    ------
    discord.HTTPException
        Discord refused.
    """
    parent = shown.parent
    if parent is not None and link_for_all(parent, interaction.guild_id) is None:
        shown = replace(shown, parent=None)
    with speaking(manners_of(interaction).public_language):
        return await put_result(shown, partial(render_shown, is_share=True), partial(_post, interaction))


async def _post(interaction: Interaction, rendered: Rendered, files: OpenFiles) -> Posted:
    message = await interaction.followup.send(
        rendered.content,
        files=files(),
        view=build_view(rendered.rows),
        allowed_mentions=NO_MENTIONS,
        wait=True,
    )
    return Posted(channel_id=message.channel.id, message_id=message.id)


def _may_write(interaction: Interaction) -> bool:
    allowed = interaction.permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    return allowed.send_messages_in_threads if in_thread else allowed.send_messages
