"""What is suggested while somebody types into an option. It comes in time and in one piece, or not at all.

Imports the engine's library; decides nothing about jobs.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from typing import TYPE_CHECKING, Final, TypeAlias

from discord import app_commands

from bot.errors import JobUnknown
from bot.jobs.people.presets import Usable, preset_value
from bot.language import mark, say
from bot.model import Kind, Route, Status
from bot.prompt import job_reference, suggest_aspects, value_of
from cogs.asking import origin_of
from cogs.render.controls import OPTION_TEXT, OPTIONS
from cogs.render.history import suggestion_name
from cogs.render.text import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import discord

    from bot.client import EaselClient
    from bot.model import Job, Preset, SharedPreset

_log = logging.getLogger(__name__)

Choices: TypeAlias = list[app_commands.Choice[str]]

#: Discord gives three seconds, and a suggestion that comes after the next letter is of no use to anybody.
_PATIENCE_S: Final = 1.0
#: So many of somebody's newest jobs are looked through: what was made from one picture has its prompt.
_LOOKED_AT: Final = 100
_NO_PROMPT: Final = mark(
    "That suggestion stands for a prompt that is not there any more. Write the prompt, and send it again."
)


async def suggest_aspect(interaction: discord.Interaction[EaselClient], typed: str) -> Choices:
    """Suggest aspect ratios for what was typed so far."""
    del interaction
    return [app_commands.Choice(name=aspect, value=aspect) for aspect in suggest_aspects(typed)]


async def suggest_prompt(interaction: discord.Interaction[EaselClient], typed: str) -> Choices:
    """Suggest a person's own recent prompts with these words in them, each once.

    Enter takes the first suggestion, so what was typed stands there itself; and where nothing else goes with it,
    nothing is suggested and Enter sends.
    """
    newest = await _newest(interaction, typed)
    by_prompt = {job.prompt: job for job in reversed(newest) if job.order.route is Route.IMAGINE and job.prompt}
    by_prompt.pop(typed, None)
    recent = sorted(by_prompt.values(), key=lambda job: job.id, reverse=True)
    choices = [
        app_commands.Choice(name=cut(job.prompt, OPTION_TEXT), value=value_of(job.prompt, job.id)) for job in recent
    ]
    if not typed.strip() or not choices:
        return choices[:OPTIONS]
    if len(typed) > OPTION_TEXT:  # too long to stand among them
        return []
    return [app_commands.Choice(name=cut(typed, OPTION_TEXT) or typed, value=typed), *choices[: OPTIONS - 1]]


async def picked_prompt(interaction: discord.Interaction[EaselClient], text: str) -> str:
    """Return the prompt that somebody typed, or the one of their own that they picked from the suggestions.

    Raises
    ------
    JobUnknown
        It is not there any more, or somebody else's.
    """
    job_id = job_reference(text)
    if job_id is None:
        return text
    shown = await interaction.client.services.library.show(origin_of(interaction), job_id)
    if shown.job.user_id != interaction.user.id or not shown.job.prompt:
        raise JobUnknown(say(_NO_PROMPT))
    return shown.job.prompt


async def suggest_preset(interaction: discord.Interaction[EaselClient], typed: str) -> Choices:
    """Suggest the presets that a person may use here: their own, then those that others share."""
    usable = await _presets(interaction, typed)
    own = [_preset_choice(preset.name, preset) for preset in usable.own]
    return [*own, *map(_shared_choice, usable.shared)][:OPTIONS]


async def suggest_shared_preset(interaction: discord.Interaction[EaselClient], typed: str) -> Choices:
    """Suggest the presets that a person may take back here: their own and, to who manages the server, all others'."""
    usable = await _presets(interaction, typed)
    own = [_preset_choice(preset.name, preset) for preset in usable.own if preset.name in usable.shared_names]
    others = usable.shared if interaction.permissions.manage_guild else ()
    return [*own, *map(_shared_choice, others)][:OPTIONS]


async def suggest_own_preset(interaction: discord.Interaction[EaselClient], typed: str) -> Choices:
    """Suggest a person's own presets."""
    usable = await _presets(interaction, typed)
    return [app_commands.Choice(name=preset.name, value=preset.name) for preset in usable.own[:OPTIONS]]


def _shared_choice(shared: SharedPreset) -> app_commands.Choice[str]:
    name = say("{preset} · by {owner}", preset=shared.preset.name, owner=shared.owner_name)
    return _preset_choice(name, shared.preset)


def _preset_choice(name: str, preset: Preset) -> app_commands.Choice[str]:
    return app_commands.Choice(name=cut(name, OPTION_TEXT), value=preset_value(preset))


async def suggest_picture(interaction: discord.Interaction[EaselClient], typed: str) -> Choices:
    """Suggest a person's own finished pictures and videos."""
    return _choices(interaction, filter(_is_picture, await _newest(interaction, typed)))


async def suggest_job(interaction: discord.Interaction[EaselClient], typed: str) -> Choices:
    """Suggest a person's own newest jobs."""
    return _choices(interaction, await _newest(interaction, typed, OPTIONS))


def _choices(interaction: discord.Interaction[EaselClient], jobs: Iterable[Job]) -> Choices:
    now = interaction.created_at
    return [
        app_commands.Choice(name=suggestion_name(job, now), value=job.id) for job in itertools.islice(jobs, OPTIONS)
    ]


def _is_picture(job: Job) -> bool:
    return job.status is Status.SUCCEEDED and job.kind not in {Kind.DESCRIBE, Kind.SHORTEN}


async def _presets(interaction: discord.Interaction[EaselClient], typed: str) -> Usable:
    presets = interaction.client.services.presets
    try:
        async with asyncio.timeout(_PATIENCE_S):
            return await presets.usable(interaction.user.id, interaction.guild_id, typed)
    except Exception as error:  # noqa: BLE001 - no suggestion is worth an error in the person's face
        _log.info("nothing suggested: %s %s", type(error).__name__, error)
        return Usable(own=(), shared=())


async def _newest(interaction: discord.Interaction[EaselClient], typed: str, limit: int = _LOOKED_AT) -> Sequence[Job]:
    """Return a person's newest jobs with these words, or none where that takes too long or fails."""
    library = interaction.client.services.library
    try:
        async with asyncio.timeout(_PATIENCE_S):
            return await library.newest(interaction.user.id, typed.strip(), limit)
    except Exception as error:  # noqa: BLE001 - no suggestion is worth an error in the person's face
        _log.info("nothing suggested: %s %s", type(error).__name__, error)
        return ()
