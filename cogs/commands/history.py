"""`/history`, `/favorites` and `/show`: a person's jobs page by page, and any one that they may see, with its buttons.

The panel is `cogs.components.history`'s. Translates; decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import discord  # noqa: TC002 - discord.py evaluates the annotations of options
from discord import app_commands

from bot.errors import ActionUnavailable, JobUnknown
from bot.language import mark, say
from bot.model import Kind
from cogs.commands.options import everywhere
from cogs.commands.suggesting import suggest_job
from cogs.components.history import tell_history
from cogs.components.history_forms import MODELS, read_days, read_words
from cogs.messages.finding import Found, find_in_text
from cogs.messages.showing import show_found
from cogs.places import LONGEST_WORDS, Place, Wanted  # noqa: TC001 - discord.py evaluates the annotations of options
from cogs.render.history import model_name
from cogs.translating import verbatim

if TYPE_CHECKING:
    from bot.client import EaselClient

_PASTED: Final = 300
_DAY: Final = 20
_NO_ID: Final = mark(
    "That names no job. Paste a job id from *Details*, the link to one of my messages or the name of one of my picture "
    "files, or type a few words of a prompt and pick one of yours. `/history` lists them all."
)
_NOWHERE: Final = mark("This is no server. Leave `here` out, and you see what you have made everywhere.")

_SEARCH: Final = "Words of the prompt, in any order; parts of words will do"
_KINDS: Final = [
    app_commands.Choice(name="Imagine", value=Kind.IMAGINE.value),
    app_commands.Choice(name="Upscale", value=Kind.UPSCALE.value),
    app_commands.Choice(name="Variations", value=Kind.VARIATION.value),
    app_commands.Choice(name="Again", value=Kind.REROLL.value),
    app_commands.Choice(name="Zoom out", value=Kind.ZOOM.value),
    app_commands.Choice(name="Pan", value=Kind.PAN.value),
    app_commands.Choice(name="Video", value=Kind.ANIMATE.value),
    app_commands.Choice(name="Blend", value=Kind.BLEND.value),
    app_commands.Choice(name="Describe", value=Kind.DESCRIBE.value),
    app_commands.Choice(name="Shorten", value=Kind.SHORTEN.value),
    app_commands.Choice(name="Edit", value=Kind.EDIT.value),
    app_commands.Choice(name="Region", value=Kind.REGION.value),
    app_commands.Choice(name="Any other button", value=Kind.OTHER.value),
]
_NO_MODEL: Final = "none"
_MODELS: Final = [
    *(app_commands.Choice(name=verbatim(model_name(model)), value=model) for model in MODELS if model),
    app_commands.Choice(name="The API's default", value=_NO_MODEL),
]


@app_commands.command(name="history", description="Your own pictures, newest first; only you see the list")
@everywhere
@app_commands.rename(words="search", since="from")
@app_commands.describe(
    words=_SEARCH,
    kind="What kind of job",
    model="Which model made it",
    favorites="Only your favorites",
    here="Only what you made in this server",
    since="The first day by UTC, like 2026-01-31",
    until="The last day by UTC, like 2026-01-31",
    failures="Whether to show what came to nothing; it is shown unless you say no",
)
@app_commands.choices(kind=_KINDS, model=_MODELS)
async def history(  # noqa: PLR0913 - discord.py reads a command's options off its parameters
    interaction: discord.Interaction[EaselClient],
    *,
    words: app_commands.Range[str, 1, LONGEST_WORDS] | None = None,
    kind: str | None = None,
    model: str | None = None,
    favorites: bool = False,
    here: bool = False,
    since: app_commands.Range[str, 1, _DAY] | None = None,
    until: app_commands.Range[str, 1, _DAY] | None = None,
    failures: bool = True,
) -> None:
    """Answer privately with the newest page of what was chosen."""
    if here and interaction.guild_id is None:
        raise ActionUnavailable(say(_NOWHERE))
    first, last = read_days(since or "", until or "")
    wanted = Wanted(
        kind=Kind(kind) if kind else None,
        model="" if model == _NO_MODEL else model,
        favorites=favorites,
        here=here,
        failures=failures,
        since=first,
        until=last,
        words=read_words(words or ""),
    )
    await tell_history(interaction, Place(wanted=wanted))


@app_commands.command(name="favorites", description="What you marked as a favorite; only you see the list")
@everywhere
@app_commands.rename(words="search")
@app_commands.describe(words=_SEARCH)
async def favorites(
    interaction: discord.Interaction[EaselClient],
    words: app_commands.Range[str, 1, LONGEST_WORDS] | None = None,
) -> None:
    """Answer privately with the newest page of the person's favorites."""
    await tell_history(interaction, Place(wanted=Wanted(favorites=True, words=read_words(words or ""))))


@app_commands.command(name="show", description="Bring a job back with its buttons; only you see it")
@everywhere
@app_commands.rename(job_id="job")
@app_commands.describe(job_id="Words of its prompt, its job id, the link to its message, or a picture's file name")
@app_commands.autocomplete(job_id=suggest_job)
async def show(interaction: discord.Interaction[EaselClient], job_id: app_commands.Range[str, 1, _PASTED]) -> None:
    """Answer privately with a job."""
    found = find_in_text(job_id)
    if found == Found():
        raise JobUnknown(say(_NO_ID))
    await show_found(interaction, found)


async def setup(client: EaselClient) -> None:
    """Add the commands."""
    client.tree.add_command(cast("app_commands.Command[Any, ..., None]", history))
    client.tree.add_command(cast("app_commands.Command[Any, ..., None]", favorites))
    client.tree.add_command(cast("app_commands.Command[Any, ..., None]", show))
