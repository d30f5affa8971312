"""`/preset`: words and parameters under names, for the option *preset* of `/imagine`. Translates; decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import discord  # noqa: TC002 - discord.py evaluates the annotations of options
from discord import app_commands

from bot.language import mark
from cogs.commands.options import everywhere, text_form
from cogs.commands.suggesting import suggest_own_preset, suggest_preset, suggest_shared_preset
from cogs.components.correcting import correctable
from cogs.messages.panels import tell_panel
from cogs.messages.replies import patiently, tell
from cogs.render.forms import PROMPT
from cogs.render.presets import deleted, kept, render_preset, render_presets, shared, unshared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.client import EaselClient

_NAME_LENGTH: Final = 100
_TEXT_LENGTH: Final = 6000
_FORM: Final = "/preset set"
_NAME: Final = "name"
_WHICH: Final = "Its name"

preset = everywhere(app_commands.Group(name="preset", description="Words and parameters that you keep under a name"))


@preset.command(name="set", description="Keep words and parameters under a name")
@app_commands.describe(
    name="Letters, digits, dashes and underscores; what is there already is replaced",
    text="Words, parameters or both, such as: soft light --s 250",
)
@app_commands.autocomplete(name=suggest_own_preset)
async def set_(
    interaction: discord.Interaction[EaselClient],
    name: app_commands.Range[str, 1, _NAME_LENGTH],
    text: app_commands.Range[str, 1, _TEXT_LENGTH],
) -> None:
    """Keep a preset; a text that is refused comes back to be corrected."""
    await _set(interaction, {_NAME: name, PROMPT: text})


async def _set(interaction: discord.Interaction[EaselClient], fields: Mapping[str, str]) -> None:
    await correctable(interaction, _FORM, fields, _keep(interaction, fields))


async def _keep(interaction: discord.Interaction[EaselClient], fields: Mapping[str, str]) -> None:
    work = interaction.client.services.presets.put(interaction.user.id, fields[_NAME], fields[PROMPT])
    await tell(interaction, kept(await patiently(interaction, work, private=True)))


@preset.command(name="list", description="Your presets, and those that others share here; only you see the list")
async def list_(interaction: discord.Interaction[EaselClient]) -> None:
    """Answer privately with the presets that can be used here."""
    work = interaction.client.services.presets.usable(interaction.user.id, interaction.guild_id)
    await tell_panel(interaction, render_presets(await patiently(interaction, work, private=True)))


@preset.command(name="show", description="All of one preset; only you see it")
@app_commands.describe(name=_WHICH)
@app_commands.autocomplete(name=suggest_preset)
async def show(interaction: discord.Interaction[EaselClient], name: app_commands.Range[str, 1, _NAME_LENGTH]) -> None:
    """Answer privately with a preset."""
    work = interaction.client.services.presets.find(interaction.user.id, interaction.guild_id, name)
    await tell(interaction, render_preset(await patiently(interaction, work, private=True)))


@preset.command(name="delete", description="Forget one of your presets, wherever it is shared")
@app_commands.describe(name=_WHICH)
@app_commands.autocomplete(name=suggest_own_preset)
async def delete(interaction: discord.Interaction[EaselClient], name: app_commands.Range[str, 1, _NAME_LENGTH]) -> None:
    """Forget a preset, and give back what it was."""
    work = interaction.client.services.presets.delete(interaction.user.id, interaction.guild_id, name)
    await tell(interaction, deleted(await patiently(interaction, work, private=True)))


@preset.command(name="share", description="Let everybody in this server use one of your presets")
@app_commands.describe(name=_WHICH)
@app_commands.autocomplete(name=suggest_own_preset)
async def share(interaction: discord.Interaction[EaselClient], name: app_commands.Range[str, 1, _NAME_LENGTH]) -> None:
    """Share a preset."""
    work = interaction.client.services.presets.share(
        interaction.user.id, interaction.guild_id, name, interaction.user.display_name
    )
    await tell(interaction, shared(await patiently(interaction, work, private=True)))


@preset.command(
    name="unshare", description="Take back a preset that you share here; who manages the server can take back anybody's"
)
@app_commands.describe(name=_WHICH)
@app_commands.autocomplete(name=suggest_shared_preset)
async def unshare(
    interaction: discord.Interaction[EaselClient], name: app_commands.Range[str, 1, _NAME_LENGTH]
) -> None:
    """Take a preset back; as one who manages the server, also what others share."""
    work = interaction.client.services.presets.unshare(
        interaction.user.id, interaction.guild_id, name, may_manage=interaction.permissions.manage_guild
    )
    taken_back = await patiently(interaction, work, private=True)
    await tell(interaction, unshared(taken_back, is_own=taken_back.user_id == interaction.user.id))


async def setup(client: EaselClient) -> None:
    """Add the commands, and the form in which a refused text comes back."""
    client.forms.add_draft(_FORM, text_form(mark("Preset"), _set, about=mark("Its name stays as you chose it.")))
    client.tree.add_command(preset)
