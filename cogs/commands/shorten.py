"""`/shorten`: which words of a prompt matter, and shorter ones that do as well. Translates; decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from discord import app_commands

from bot.jobs.requests import Wish
from bot.language import mark
from bot.model import Kind, Order, Route
from bot.prompt import Purpose, compose
from cogs.asking import manners_of, origin_of
from cogs.commands.options import everywhere, filled, speed_of, text_form
from cogs.commands.suggesting import picked_prompt, suggest_prompt
from cogs.components.correcting import correctable
from cogs.messages.intake import take_in
from cogs.messages.replies import patiently
from cogs.render.forms import PROMPT

if TYPE_CHECKING:
    from collections.abc import Mapping

    import discord

    from bot.client import EaselClient
    from bot.jobs.requests import Receipt

_OPTION_LENGTH: Final = 6000
_FORM: Final = "/shorten"


@app_commands.command(name="shorten", description="Learn which words of a prompt matter, and get shorter prompts")
@everywhere
@app_commands.describe(prompt="The prompt to look at")
@app_commands.autocomplete(prompt=suggest_prompt)
async def shorten(
    interaction: discord.Interaction[EaselClient], prompt: app_commands.Range[str, 1, _OPTION_LENGTH]
) -> None:
    """Have a prompt looked at."""
    private = manners_of(interaction).private
    text = await patiently(interaction, picked_prompt(interaction, prompt), private=private, at_once=True)
    await _shorten(interaction, filled(**{PROMPT: text}))


async def _shorten(interaction: discord.Interaction[EaselClient], fields: Mapping[str, str]) -> None:
    await correctable(interaction, _FORM, fields, _start(interaction, fields))


async def _start(interaction: discord.Interaction[EaselClient], fields: Mapping[str, str]) -> None:
    interaction.client.services.jobs.require_offered(Route.SHORTEN)
    composed = compose(fields[PROMPT], purpose=Purpose.SHORTEN)
    await take_in(interaction, _begin(interaction, composed.text))


async def _begin(interaction: discord.Interaction[EaselClient], prompt: str) -> Receipt:
    speed, applied = await speed_of(interaction)
    wish = Wish(kind=Kind.SHORTEN, prompt=prompt, speed=speed, order=Order(route=Route.SHORTEN, applied=applied))
    return await interaction.client.services.jobs.begin(origin_of(interaction), wish)


async def setup(client: EaselClient) -> None:
    """Add the command, and the form in which a refused prompt comes back."""
    client.forms.add_draft(_FORM, text_form(mark("Shorten"), _shorten))
    client.tree.add_command(cast("app_commands.Command[Any, ..., None]", shorten))
