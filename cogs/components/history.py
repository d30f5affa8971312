"""The panel of `/history` and `/favorites`: its pages turn, its jobs open, and a page can be shown to everybody.

Where somebody is stands in the custom_ids (`cogs.places`). Translates; decides nothing about jobs.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import discord

from bot.errors import ActionUnavailable
from bot.language import mark, say, say_many, speaking
from bot.model import HistoryPage
from cogs.asking import has_audience, manners_of, origin_of
from cogs.components.items import answer_for
from cogs.custom_ids import FORMER_TURN, HISTORY_BUTTON, HISTORY_SELECT, REMOVE_BUTTON
from cogs.messages.finding import custom_ids
from cogs.messages.panels import tell_panel, turn_panel
from cogs.messages.replies import PAGE_PATIENCE_S, patiently, tell
from cogs.messages.sharing import begin_sharing, post_page
from cogs.messages.showing import open_one, show_job
from cogs.places import SHARE_BUTTON, TURN_BUTTON, Place, Wanted, place_of
from cogs.render.controls import Rendered
from cogs.render.history import PAGE, Shelf, render_history
from cogs.render.notice import shown_here
from cogs.render.text import flow, message_link

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    from bot.client import EaselClient
    from bot.jobs.ports import Posted
    from bot.jobs.requests import Shareable
    from bot.model import Job
    from cogs.render.panels import Panel

    Interaction: TypeAlias = discord.Interaction[EaselClient]

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
            can_share=has_audience(interaction),
        )
    )


async def _turn(interaction: Interaction, match: re.Match[str], _: Sequence[str]) -> None:
    await turn_history(interaction, place_of(match))


async def _turn_former(interaction: Interaction, match: re.Match[str], _: Sequence[str]) -> None:
    await turn_history(interaction, Place(wanted=Wanted(), before=match["before"]))


async def _open(interaction: Interaction, match: re.Match[str], _: Sequence[str]) -> None:
    await show_job(interaction, match["job"], private=True)


async def _share(interaction: Interaction, match: re.Match[str], _: Sequence[str]) -> None:
    """Show the page that stands there to everybody, as far as it is theirs to see, and say what was left out.

    Its jobs are those that the panel shows, whatever came since.
    """
    await begin_sharing(interaction)
    shares, origin = interaction.client.services.shares, origin_of(interaction)
    shareable = await shares.shareable(origin, list(_shown(interaction)))
    left_out = _left_out(shareable)
    if not shareable.jobs:
        raise ActionUnavailable(flow(say(_NOTHING_LEFT), left_out))
    placed = await shares.show_page(origin, shareable.jobs, lambda: _post(interaction, place_of(match), shareable.jobs))
    if not placed.is_new:
        link = message_link(interaction.guild_id, placed.posted.channel_id, placed.posted.message_id)
        await tell(interaction, shown_here(link, is_new=False))
    elif left_out:
        await tell(interaction, Rendered(content=left_out))


async def _post(interaction: Interaction, place: Place, jobs: Sequence[Job]) -> Posted:
    """Post the page as everybody may see it."""
    shelf = Shelf(
        person=interaction.user.id,
        place=place,
        page=HistoryPage(jobs=tuple(jobs)),
        pictures=await interaction.client.services.library.thumbnails_for_all(jobs),
        is_shared=True,
        guild_id=interaction.guild_id,
    )
    with speaking(manners_of(interaction).public_language):
        return await post_page(interaction, render_history(shelf))


async def _remove(interaction: Interaction, _: re.Match[str], __: Sequence[str]) -> None:
    """Take the message away under which the button stands, wherever that is."""
    await interaction.response.defer()
    message = interaction.message
    if message is None:
        return
    asked = message.interaction_metadata
    shown_by = asked.user.id if asked is not None else None
    await interaction.client.services.shares.remove(origin_of(interaction), message.id, shown_by)
    with suppress(discord.NotFound):
        await interaction.delete_original_response()


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
    restricted = shareable.restricted and say_many(
        "{count} picture comes from an age-restricted channel, or from one that I do not know, and was left out.",
        "{count} pictures come from age-restricted channels, or from some that I do not know, and were left out.",
        shareable.restricted,
    )
    return flow(private or "", elsewhere or "", restricted or "")


async def setup(client: EaselClient) -> None:
    """Let the client know these controls."""
    answer_for(client, TURN_BUTTON, _turn)
    answer_for(client, SHARE_BUTTON, _share)
    answer_for(client, REMOVE_BUTTON, _remove)
    answer_for(client, HISTORY_BUTTON, _open)
    answer_for(client, HISTORY_SELECT, open_one)
    answer_for(client, FORMER_TURN, _turn_former)
