"""Several jobs at once in Discord: the question with count and price, the batch's message, and its controls.

Translates; what a batch is and costs is decided in `bot.jobs.asking.batches`.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import discord

from bot.errors import ActionUnavailable, EaselError, PromptInvalid
from bot.jobs.asking.batches import BatchWish
from bot.language import say, say_many, speaking
from bot.prompt import compose, read_suggestions
from cogs.asking import origin_of
from cogs.components.items import answer_for
from cogs.custom_ids import BATCH_BUTTON, BATCH_SELECT
from cogs.messages.refusals import ALREADY_ACKNOWLEDGED
from cogs.messages.replies import patiently, reply_error, tell
from cogs.messages.sending import CONNECTION_ERRORS
from cogs.messages.showing import open_one
from cogs.messages.speaking import language_for
from cogs.messages.views import NO_MENTIONS, build_view
from cogs.render.batch import render_batch, render_proposal
from cogs.render.controls import Rendered
from cogs.render.origin import SUGGESTION

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from bot.client import EaselClient
    from bot.model import Batch

_log = logging.getLogger(__name__)


async def propose(interaction: discord.Interaction[EaselClient], wish: BatchWish, skipped: int = 0) -> None:
    """Ask whether that many pictures are wanted at that price. Nothing is sent before the person says so.

    Raises
    ------
    PromptInvalid, StorageError
        With the sentence to show.
    """
    work = interaction.client.services.batches.propose(origin_of(interaction), wish)
    proposal = await patiently(interaction, work, private=True)
    rendered = render_proposal(proposal.draft_id, proposal.prompts, proposal.speed, proposal.price, skipped)
    await tell(interaction, rendered)


async def propose_suggestions(interaction: discord.Interaction[EaselClient], job_id: str) -> None:
    """Ask whether all that a describe or a shorten suggests is to be made, and what that costs.

    Raises
    ------
    JobUnknown, ActionUnavailable, PromptInvalid, StorageError
        With the sentence to show.
    """
    services = interaction.client.services
    shown = await patiently(interaction, services.library.show(origin_of(interaction), job_id), private=True)
    suggestions = read_suggestions(shown.job.result_text)
    prompts = [prompt for prompt in map(_sendable, suggestions) if prompt is not None]
    if not prompts:
        raise ActionUnavailable(
            say("There is nothing here that could be made as it stands. Use `/imagine` with your words.")
        )
    wish = BatchWish(
        typed=" · ".join(prompts),
        prompts=tuple(prompts),
        speed=shown.job.speed,
        parent_id=job_id,
        label=SUGGESTION,
    )
    await propose(interaction, wish, skipped=len(suggestions) - len(prompts))


def _sendable(suggestion: str) -> str | None:
    try:
        return compose(suggestion).text
    except PromptInvalid:
        return None


async def confirm(interaction: discord.Interaction[EaselClient], draft_id: str) -> None:
    """Make what was proposed: the question gives way, and one message tells about all of it from then on.

    Raises
    ------
    ActionUnavailable, NotAccepted, StorageError
        With the sentence to show.
    """
    batches = interaction.client.services.batches
    batch = await patiently(interaction, batches.confirm(origin_of(interaction), draft_id), private=True)
    message: discord.WebhookMessage | None = None
    try:
        await _settle_question(interaction, say("Good. They are on their way."))
        private = any(job.is_ephemeral for job in batch.jobs)
        message = await interaction.followup.send(**_as_message(batch), wait=True, ephemeral=private)
        await batches.answered(batch.id, message.id)
    except Exception as error:  # noqa: BLE001 - told here: nobody above knows that the batch has to be withdrawn
        await asyncio.shield(_withdraw(interaction, batch.id, message))
        await reply_error(interaction, error)
    except BaseException:  # Easel is stopping, while it says that they are on their way
        await asyncio.shield(_withdraw(interaction, batch.id, message))
        await asyncio.shield(_tell_withdrawn(interaction))
        raise
    else:
        _log.info("answered interaction %d", interaction.id, extra={"batch": batch.id})


async def drop(interaction: discord.Interaction[EaselClient], draft_id: str) -> None:
    """Forget a proposal.

    Raises
    ------
    StorageError
        The database refused.
    """
    await patiently(interaction, interaction.client.services.forms.drop(interaction.user.id, draft_id), private=True)
    await _settle_question(interaction, say("Nothing was sent."))


async def _settle_question(interaction: discord.Interaction[EaselClient], words: str) -> None:
    """Take the buttons away under the question, so that it cannot be answered twice.

    A lost connection leaves open whether Discord took that; "already acknowledged" (40060) says that it did.
    """
    try:
        await _replace_question(interaction, words)
    except CONNECTION_ERRORS:
        await _replace_question(interaction, words)


async def _replace_question(interaction: discord.Interaction[EaselClient], words: str) -> None:
    if interaction.response.is_done():  # the database was slow: "thinking …"
        await tell(interaction, Rendered(content=words))
        return
    try:
        await interaction.response.edit_message(content=words, view=None, allowed_mentions=NO_MENTIONS)
    except discord.HTTPException as error:
        if error.code != ALREADY_ACKNOWLEDGED:
            raise


async def _withdraw(
    interaction: discord.Interaction[EaselClient], batch_id: str, message: discord.WebhookMessage | None
) -> None:
    try:
        await interaction.client.services.batches.withdraw(batch_id)
    except EaselError:
        # Its jobs stay queued and unanswered, and so are not sent; the engine cancels them at its next round.
        _log.exception("could not withdraw", extra={"batch": batch_id})
    if message is not None:
        with suppress(discord.HTTPException, *CONNECTION_ERRORS):
            await message.delete()  # it promises pictures that will not come


async def _tell_withdrawn(interaction: discord.Interaction[EaselClient]) -> None:
    """Put into the place of the question that nothing came of it."""
    with suppress(discord.HTTPException, *CONNECTION_ERRORS):
        await interaction.edit_original_response(content=say("Nothing was sent."), view=None)


async def _cancel(interaction: discord.Interaction[EaselClient], match: re.Match[str], _: Sequence[str]) -> None:
    """Cancel what was not sent; the batch's own message shows it soon."""
    work = interaction.client.services.batches.cancel(origin_of(interaction), match["batch"])
    cancelled = await patiently(interaction, work, private=True, at_once=True)
    if cancelled:
        words = say_many(
            "Canceled {count} of them. Nothing was sent for it, and nothing was charged.",
            "Canceled {count} of them. Nothing was sent for those, and nothing was charged.",
            cancelled,
        )
    else:
        words = say(
            "None of them is waiting any more: Midjourney has them all, and the API offers no way to call them back."
        )
    await tell(interaction, Rendered(content=words))


def _as_message(batch: Batch) -> dict[str, Any]:
    with speaking(language_for(batch)):  # all those who see it can read it
        rendered = render_batch(batch)
    return {"content": rendered.content, "view": build_view(rendered.rows), "allowed_mentions": NO_MENTIONS}


async def setup(client: EaselClient) -> None:
    """Let the client know these patterns."""
    answer_for(client, BATCH_BUTTON, _cancel)
    answer_for(client, BATCH_SELECT, open_one)
