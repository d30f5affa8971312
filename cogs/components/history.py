"""The panel of `/history` and `/favorites`: its pages turn, its jobs open, and a page can be shown to everybody.

Where somebody is stands in the custom_ids (`cogs.places`). Translates; decides nothing about jobs.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from bot.errors import ActionUnavailable
from bot.language import mark, say, say_many, speaking
from bot.model import HistoryPage
from cogs.asking import manners_of, origin_of
from cogs.components.items import answer_for
from cogs.custom_ids import FORMER_TURN, HISTORY_BUTTON, HISTORY_SELECT
from cogs.messages.finding import custom_ids
from cogs.messages.panels import tell_panel, turn_panel
from cogs.messages.replies import PAGE_PATIENCE_S, patiently
from cogs.messages.showing import open_one, show_job
from cogs.messages.views import NO_MENTIONS
from cogs.places import SHARE_BUTTON, TURN_BUTTON, Place, Wanted, place_of
from cogs.render.history import PAGE, Shelf, render_history
from cogs.render.text import flow

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    import discord

    from bot.client import EaselClient
    from bot.jobs.requests import Shareable
    from cogs.render.panels import Panel

    Interaction: TypeAlias = discord.Interaction[EaselClient]

_HUSHED: Final = mark(
    "In this server nobody but you can see what I answer you, so nothing was shared. Whoever moderates it can let you "
    "use external apps."
)
_NOTHING_LEFT: Final = mark("There is nothing on this page that others may see, so nothing was shared.")


async def tell_history(interaction: Interaction, place: Place) -> None:
    """Answer privately with a page.

    Raises
    ------
    StorageError
        With the sentence to show.
    """
    panel = await patiently(interaction, _page(interaction, place), private=True, patience=PAGE_PATIENCE_S)
    await tell_panel(interaction, panel)


async def turn_history(interaction: Interaction, place: Place) -> None:
    """Put a page into the place of the one whose control was used.

    Raises
    ------
    StorageError
        With the sentence to show.
    """
    await interaction.response.defer()
    await turn_panel(interaction, await _page(interaction, place))


async def _page(interaction: Interaction, place: Place) -> Panel:
    library, person = interaction.client.services.library, interaction.user.id
    chosen = place.wanted.filter(interaction.guild_id)
    page = await library.history(person, chosen, before=place.before, after=place.after, limit=PAGE)
    pictures, favorites = await asyncio.gather(
        library.thumbnails(page.jobs), library.favorites_among(person, [job.id for job in page.jobs])
    )
    return render_history(
        Shelf(
            person=person,
            place=place,
            page=page,
            pictures=pictures,
            favorites=favorites,
            can_share=not interaction.context.dm_channel,
        )
    )


async def _turn(interaction: Interaction, match: re.Match[str], _: Sequence[str]) -> None:
    await turn_history(interaction, place_of(match))


async def _turn_former(interaction: Interaction, match: re.Match[str], _: Sequence[str]) -> None:
    await turn_history(interaction, Place(wanted=Wanted(), before=match["before"]))


async def _open(interaction: Interaction, match: re.Match[str], _: Sequence[str]) -> None:
    await show_job(interaction, match["job"], private=True)


async def _share(interaction: Interaction, match: re.Match[str], _: Sequence[str]) -> None:
    """Show the page that stands there to everybody, as far as it is theirs to see, and say what was left out."""
    if interaction.client.is_hushed(interaction):
        raise ActionUnavailable(say(_HUSHED))
    work = _shared(interaction, place_of(match))
    panel, shareable = await patiently(interaction, work, private=False, patience=PAGE_PATIENCE_S)
    if panel is None:
        raise ActionUnavailable(flow(say(_NOTHING_LEFT), _left_out(shareable)))
    await tell_panel(interaction, panel, private=False)
    left_out = _left_out(shareable)
    if left_out:
        await interaction.followup.send(left_out, ephemeral=True, allowed_mentions=NO_MENTIONS)


async def _shared(interaction: Interaction, place: Place) -> tuple[Panel | None, Shareable]:
    """Return the page as everybody may see it. Its jobs are those that the panel shows, whatever came since."""
    library = interaction.client.services.library
    shareable = await library.shareable(origin_of(interaction), list(_shown(interaction)))
    if not shareable.jobs:
        return None, shareable
    shelf = Shelf(
        person=interaction.user.id,
        place=place,
        page=HistoryPage(jobs=shareable.jobs),
        pictures=await library.thumbnails(shareable.jobs),
        is_shared=True,
        guild_id=interaction.guild_id,
    )
    with speaking(manners_of(interaction).public_language):
        return render_history(shelf), shareable


def _shown(interaction: Interaction) -> Iterator[str]:
    """Yield the ids of the jobs in the panel whose control was used."""
    message = interaction.message
    for custom_id in custom_ids(message.components) if message is not None else ():
        opener = HISTORY_BUTTON.fullmatch(custom_id)
        if opener is not None:
            yield opener["job"]


def _left_out(shareable: Shareable) -> str:
    private = shareable.private and say_many(
        "{count} picture is for you alone and was left out.",
        "{count} pictures are for you alone and were left out.",
        shareable.private,
    )
    elsewhere = shareable.elsewhere and say_many(
        "{count} picture by somebody else belongs to another channel and was left out.",
        "{count} pictures by others belong to other channels and were left out.",
        shareable.elsewhere,
    )
    return flow(private or "", elsewhere or "")


async def setup(client: EaselClient) -> None:
    """Let the client know these controls."""
    answer_for(client, TURN_BUTTON, _turn)
    answer_for(client, SHARE_BUTTON, _share)
    answer_for(client, HISTORY_BUTTON, _open)
    answer_for(client, HISTORY_SELECT, open_one)
    answer_for(client, FORMER_TURN, _turn_former)
