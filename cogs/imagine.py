"""`/imagine`: a prompt with its options becomes a job. Translates; what a prompt may say is decided in `bot.prompt`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from discord import app_commands

from bot.model import Speed
from bot.prompt import MODELS, compose, suggest_aspects
from cogs.asking import origin_of
from cogs.intake import take_in

if TYPE_CHECKING:
    import discord

    from bot.client import EaselClient

#: What Discord lets an option hold; `compose` says how long a prompt may really be, in a sentence.
_OPTION_LENGTH: Final = 6000
_ASPECT_LENGTH: Final = 20

_MODEL_CHOICES: Final = [app_commands.Choice(name=model.label, value=model.label) for model in MODELS]
_SPEED_CHOICES: Final = [
    app_commands.Choice(name="fast", value=Speed.FAST.value),
    app_commands.Choice(name="turbo: quicker, at three times the price", value=Speed.TURBO.value),
    app_commands.Choice(name="relax: cheaper, but it can take long", value=Speed.RELAX.value),
]


@app_commands.command(name="imagine", description="Make a picture with Midjourney")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
@app_commands.describe(
    prompt="What to see in the picture; parameters such as --stylize 200 may follow",
    aspect="Width to height, such as 16:9; type any other",
    model="Which Midjourney paints it",
    speed="How soon it comes, and what it costs",
)
@app_commands.choices(model=_MODEL_CHOICES, speed=_SPEED_CHOICES)
async def imagine(
    interaction: discord.Interaction[EaselClient],
    prompt: app_commands.Range[str, 1, _OPTION_LENGTH],
    aspect: app_commands.Range[str, 1, _ASPECT_LENGTH] | None = None,
    model: str | None = None,
    speed: str | None = None,
) -> None:
    """Check the prompt, write the job down and answer with its progress message."""
    client = interaction.client
    composed = compose(prompt, aspect=aspect, model=model)
    chosen = Speed(speed) if speed else client.options.default_speed
    await take_in(interaction, client.service.imagine(origin_of(interaction), composed.text, chosen))


@imagine.autocomplete("aspect")
async def suggest(interaction: discord.Interaction[EaselClient], typed: str) -> list[app_commands.Choice[str]]:
    """Suggest aspect ratios for what was typed so far."""
    del interaction
    return [app_commands.Choice(name=aspect, value=aspect) for aspect in suggest_aspects(typed)]


async def setup(client: EaselClient) -> None:
    """Add the command."""
    client.tree.add_command(cast("app_commands.Command[Any, ..., None]", imagine))
