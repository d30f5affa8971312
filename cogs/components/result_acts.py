"""What can be done with a result besides Midjourney's buttons. Each function runs inside the caller's error boundary.

Imports the engine's services; decides nothing about jobs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogs.asking import origin_of
from cogs.messages.copies import send_copy
from cogs.messages.intake import take_in
from cogs.messages.replies import defer, patiently, tell
from cogs.messages.sharing import begin_sharing, post_result
from cogs.messages.showing import put_files
from cogs.messages.views import NO_MENTIONS, build_view, open_parts
from cogs.render.notice import ask_to_delete, ask_to_show, cut_apart, deleted, liked, sent_directly, shown_here
from cogs.render.text import message_link

if TYPE_CHECKING:
    import discord

    from bot.client import EaselClient
    from bot.jobs.ports import Posted


async def rerun(interaction: discord.Interaction[EaselClient], job_id: str) -> None:
    """Make the same once more, as a job of whoever pressed: the button said so, and the press is the consent.

    Raises
    ------
    UserFacing, StorageError
        With the sentence to show.
    """
    await take_in(interaction, interaction.client.services.again.run(origin_of(interaction), job_id))


async def quarters(interaction: discord.Interaction[EaselClient], job_id: str) -> None:
    """Answer privately with a grid's four pictures as files.

    Raises
    ------
    JobUnknown, ActionUnavailable
        With the sentence to show.
    """
    await defer(interaction, private=True)
    job, parts = await interaction.client.services.library.quarters(origin_of(interaction), job_id)
    await put_files(interaction, cut_apart(job), lambda: open_parts(job, enumerate(parts, start=1)))


async def like(interaction: discord.Interaction[EaselClient], job_id: str) -> None:
    """Make a job a favorite of whoever pressed, or no longer, and say which.

    Raises
    ------
    JobUnknown, StorageError
        With the sentence to show.
    """
    work = interaction.client.services.library.like(origin_of(interaction), job_id)
    await tell(interaction, liked(on=await patiently(interaction, work, private=True)))


async def send_dm(interaction: discord.Interaction[EaselClient], job_id: str) -> None:
    """Send whoever pressed a copy of the result directly, and say so.

    Raises
    ------
    JobUnknown, ActionUnavailable
        With the sentence to show; also where they take no direct messages.
    """
    await defer(interaction, private=True)
    posted = await send_copy(interaction.client, origin_of(interaction), job_id)
    await tell(interaction, sent_directly(message_link(None, posted.channel_id, posted.message_id)))


async def show_here(interaction: discord.Interaction[EaselClient], job_id: str, *, is_certain: bool = False) -> None:
    """Show a result of their own to everybody in this place; ask first if it is for their eyes only.

    Raises
    ------
    JobUnknown, NotPermitted, ActionUnavailable, StorageError
        With the sentence to show.
    """
    await begin_sharing(interaction)
    services, origin = interaction.client.services, origin_of(interaction)
    job = await services.shares.showable(origin, job_id)
    if job.is_private and not is_certain:
        await tell(interaction, ask_to_show(job))
        return

    async def post() -> Posted:
        shown = await services.library.open(origin, job_id, for_all=True)
        return await post_result(interaction, shown)

    placed = await services.shares.show(origin, job, post)
    link = message_link(origin.guild_id, placed.posted.channel_id, placed.posted.message_id)
    rendered = shown_here(link, is_new=placed.is_new)
    if is_certain:
        await interaction.edit_original_response(
            content=rendered.content, view=build_view(rendered.rows), allowed_mentions=NO_MENTIONS
        )
    elif not placed.is_new:
        await tell(interaction, rendered)


async def publish(interaction: discord.Interaction[EaselClient], job_id: str) -> None:
    """Show a result to everybody in this place: the question has said so, and the press is the consent.

    Raises
    ------
    JobUnknown, NotPermitted, ActionUnavailable, StorageError
        With the sentence to show.
    """
    await show_here(interaction, job_id, is_certain=True)


async def ask_delete(interaction: discord.Interaction[EaselClient], job_id: str) -> None:
    """Ask privately whether a job is really to be deleted, and tell what goes with it.

    Raises
    ------
    JobUnknown, NotPermitted, CannotCancel
        With the sentence to show.
    """
    work = interaction.client.services.deletions.deletable(origin_of(interaction), job_id)
    await tell(interaction, ask_to_delete(await patiently(interaction, work, private=True)))


async def delete_job(interaction: discord.Interaction[EaselClient], job_id: str) -> None:
    """Delete a job, and put the word that it is gone into the place of the question.

    Raises
    ------
    JobUnknown, NotPermitted, CannotCancel, StorageError
        With the sentence to show.
    """
    work = interaction.client.services.deletions.delete(origin_of(interaction), job_id)
    await patiently(interaction, work, private=True)
    if interaction.response.is_done():  # the database was slow: "thinking …"
        await tell(interaction, deleted())
        return
    await interaction.response.edit_message(content=deleted().content, view=None, allowed_mentions=NO_MENTIONS)
