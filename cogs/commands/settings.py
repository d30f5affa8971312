"""`/settings`: what a person has set for themselves, on one private panel. Translates; decides nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

from discord import app_commands

from bot.errors import ActionUnavailable
from cogs.commands.options import everywhere
from cogs.components.items import item
from cogs.custom_ids import SETTING
from cogs.messages.replies import patiently, tell_panel
from cogs.messages.views import NO_MENTIONS, build_settings
from cogs.render.settings import OFF, ON, REMIX, render_settings

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    import discord

    from bot.client import EaselClient

_UNKNOWN: Final = "I do not know this setting any more. `/settings` shows the current ones."


@app_commands.command(name="settings", description="How the buttons work for you; only you see it")
@everywhere
async def settings(interaction: discord.Interaction[EaselClient]) -> None:
    """Answer privately with the panel."""
    work = interaction.client.services.preferences.person(interaction.user.id)
    view = build_settings(render_settings(await patiently(interaction, work, private=True)))
    await tell_panel(interaction, view)


async def _change(interaction: discord.Interaction[EaselClient], match: re.Match[str], _: Sequence[str]) -> None:
    """Change a setting and show the panel as it is then."""
    name, value = match["setting"], match["value"]
    if name != REMIX or value not in {ON, OFF}:
        raise ActionUnavailable(_UNKNOWN)
    await interaction.response.defer()
    person = await interaction.client.services.preferences.change(
        interaction.user.id, lambda person: replace(person, remix=value == ON)
    )
    await interaction.edit_original_response(view=build_settings(render_settings(person)), allowed_mentions=NO_MENTIONS)


async def setup(client: EaselClient) -> None:
    """Add the command and the panel's buttons."""
    client.tree.add_command(cast("app_commands.Command[Any, ..., None]", settings))
    client.add_dynamic_items(item(SETTING, _change))
