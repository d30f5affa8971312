"""`/privacy`: what is kept of a person, a copy of it, and the way to have it forgotten. Translates; decides nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import discord
from discord import app_commands

from bot.language import say
from cogs.asking import origin_of
from cogs.commands.options import everywhere
from cogs.components.items import answer_for
from cogs.components.modal_values import texts
from cogs.custom_ids import PRIVACY_DELETE, PRIVACY_EXPORT, PRIVACY_FORM
from cogs.messages.panels import tell_panel
from cogs.messages.replies import patiently, promptly, tell
from cogs.render.controls import Rendered
from cogs.render.exports import render_asked
from cogs.render.forms import ABOUT, TITLE
from cogs.render.privacy import has_gone, is_word, not_the_word, render_kept, what_goes, word
from cogs.render.text import cut

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from bot.client import EaselClient

    Interaction: TypeAlias = discord.Interaction[EaselClient]

_TYPED: Final = "word"
_LONGEST: Final = 100

privacy = everywhere(
    app_commands.Group(name="privacy", description="What is kept about you, a copy of it, and how to have it forgotten")
)


@privacy.command(name="show", description="What is kept about you, where, for how long, and who else sees it")
async def show(interaction: discord.Interaction[EaselClient]) -> None:
    """Answer privately with what is kept."""
    work = interaction.client.services.privacy.show(interaction.user.id)
    await tell_panel(interaction, render_kept(await patiently(interaction, work, private=True)))


@privacy.command(
    name="export", description="Get everything that is kept about you, with your pictures, as a file to keep"
)
async def export(interaction: discord.Interaction[EaselClient]) -> None:
    """Begin an export, and answer privately that it comes."""
    await _export(interaction)


async def _export(interaction: Interaction) -> None:
    work = interaction.client.services.privacy.export(origin_of(interaction))
    await tell(interaction, render_asked(await patiently(interaction, work, private=True)))


@privacy.command(name="delete", description="Delete everything that is kept about you; asks you to confirm it")
async def delete(interaction: discord.Interaction[EaselClient]) -> None:
    """Open the form that asks for a word."""
    await _ask(interaction)


async def _ask(interaction: Interaction) -> None:
    kept = await promptly(interaction, interaction.client.services.privacy.show(interaction.user.id))
    modal = discord.ui.Modal(title=cut(say("Delete my data"), TITLE), custom_id=PRIVACY_FORM)
    modal.add_item(discord.ui.TextDisplay(what_goes(kept)))
    field = discord.ui.TextInput[discord.ui.Modal](custom_id=_TYPED, max_length=_LONGEST, placeholder=word())
    about = cut(say("Nothing is deleted unless you type this word."), ABOUT)
    modal.add_item(
        discord.ui.Label(text=cut(say("Type {word}", word=word()), TITLE), description=about, component=field)
    )
    modal.stop()
    await interaction.response.send_modal(modal)


async def _confirmed(interaction: Interaction, _: re.Match[str]) -> None:
    """Forget the person, if they typed the word."""
    if not is_word(texts(interaction.data).get(_TYPED, "")):
        await tell(interaction, Rendered(content=not_the_word()))
        return
    gone = await patiently(interaction, interaction.client.services.privacy.erase(interaction.user.id), private=True)
    await tell(interaction, Rendered(content=has_gone(gone)))


async def _press_export(interaction: Interaction, _: re.Match[str], __: Sequence[str]) -> None:
    await _export(interaction)


async def _press_delete(interaction: Interaction, _: re.Match[str], __: Sequence[str]) -> None:
    await _ask(interaction)


async def setup(client: EaselClient) -> None:
    """Add the commands, the panel's buttons and the form."""
    client.tree.add_command(privacy)
    answer_for(client, re.compile(PRIVACY_EXPORT), _press_export)
    answer_for(client, re.compile(PRIVACY_DELETE), _press_delete)
    client.forms.add(re.compile(PRIVACY_FORM), _confirmed)
