"""`/history` and `/show`: a person's own jobs, page by page, and any job that they may see, with its live buttons.

The pages carry where they stand in their custom_ids, so they turn after a restart too. Translates; decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from discord import app_commands

from bot.errors import JobUnknown
from cogs.commands.options import everywhere
from cogs.commands.suggesting import suggest_job
from cogs.components.items import item
from cogs.custom_ids import HISTORY_BUTTON, HISTORY_SELECT
from cogs.messages.finding import Found, find_in_text
from cogs.messages.replies import patiently, tell_panel
from cogs.messages.showing import open_one, show_found
from cogs.messages.views import NO_MENTIONS, build_panel
from cogs.render.history import render_history

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    import discord

    from bot.client import EaselClient

_PASTED: Final = 300
_NO_ID: Final = (
    "That names no job. Paste a job id from *Details*, the link to one of my messages or the name of one of my picture "
    "files, or type a few words of a prompt and pick one of yours. `/history` lists them all."
)


@app_commands.command(name="history", description="Your own pictures, newest first; only you see the list")
@everywhere
async def history(interaction: discord.Interaction[EaselClient]) -> None:
    """Answer privately with the newest page."""
    view = await patiently(interaction, _page(interaction, ()), private=True)
    await tell_panel(interaction, view)


@app_commands.command(name="show", description="Bring a job back with its buttons; only you see it")
@everywhere
@app_commands.rename(job_id="job")
@app_commands.describe(job_id="Words of its prompt, its job id, the link to its message, or a picture's file name")
@app_commands.autocomplete(job_id=suggest_job)
async def show(interaction: discord.Interaction[EaselClient], job_id: app_commands.Range[str, 1, _PASTED]) -> None:
    """Answer privately with a job."""
    found = find_in_text(job_id)
    if found == Found():
        raise JobUnknown(_NO_ID)
    await show_found(interaction, found)


async def _page(interaction: discord.Interaction[EaselClient], trail: tuple[str, ...]) -> discord.ui.LayoutView:
    """Return the page that the trail's last mark names, of the jobs of whoever asks."""
    page = await interaction.client.services.library.history(interaction.user.id, trail[-1] if trail else None)
    return build_panel(render_history(page.jobs, page.older, trail))


async def _turn(interaction: discord.Interaction[EaselClient], match: re.Match[str], _: Sequence[str]) -> None:
    trail = tuple(mark for mark in match["trail"].split(".") if mark)
    await interaction.response.defer()
    view = await _page(interaction, trail)
    await interaction.edit_original_response(view=view, allowed_mentions=NO_MENTIONS)


async def setup(client: EaselClient) -> None:
    """Add the commands and the panel's items."""
    client.tree.add_command(cast("app_commands.Command[Any, ..., None]", history))
    client.tree.add_command(cast("app_commands.Command[Any, ..., None]", show))
    client.add_dynamic_items(item(HISTORY_BUTTON, _turn), item(HISTORY_SELECT, open_one))
