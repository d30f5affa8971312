"""A text that cannot be used as it stands comes back to its person, with a button that opens its form again.

Which forms there are is said on the client (`forms`); this knows only drafts. Translates; decides nothing.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from bot.errors import ActionUnavailable, NotAccepted, PromptInvalid, StorageError, UserFacing
from bot.language import mark, say
from bot.prompt import LONGEST_PROMPT
from cogs.asking import manners_of
from cogs.components import batches
from cogs.components.items import answer_for
from cogs.components.modal_values import texts
from cogs.custom_ids import DRAFT_BUTTON, DRAFT_FORM, DraftVerb, FormName, draft_form
from cogs.messages.replies import explain_error, patiently, promptly, tell
from cogs.messages.views import NO_MENTIONS
from cogs.render.forms import PROMPT, give_back

if TYPE_CHECKING:
    import re
    from collections.abc import Awaitable, Mapping, Sequence

    import discord

    from bot.client import EaselClient
    from bot.client_handlers import DraftForm
    from bot.model import Draft

_log = logging.getLogger(__name__)

#: Refusals after which another try with the same or a corrected text can go well.
_CORRECTABLE: Final = (PromptInvalid, NotAccepted, StorageError)
_NO_FORM: Final = mark("I do not know this form any more. Copy the text, and start again with `/imagine`.")


async def correctable(
    interaction: discord.Interaction[EaselClient], form: str, fields: Mapping[str, str], work: Awaitable[None]
) -> None:
    """Await what comes of a form; whatever refuses it, its person gets the text back.

    Parameters
    ----------
    form
        A name known to `EaselClient.forms`.
    fields
        What was filled in, the text under `PROMPT`.
    """
    try:
        await work
    except (UserFacing, StorageError) as error:
        await offer_correction(interaction, error, form, fields)


async def offer_correction(
    interaction: discord.Interaction[EaselClient], error: Exception, form: str, fields: Mapping[str, str]
) -> None:
    """Say why a form was refused and give its text back; where that can help, with a button that opens it again.

    Raises
    ------
    discord.HTTPException
        Discord refused.
    """
    text = fields.get(PROMPT, "")
    fits = len(text) <= LONGEST_PROMPT  # a longer one comes back whole, to be made shorter elsewhere
    draft_id = await _keep(interaction, form, fields) if fits and isinstance(error, _CORRECTABLE) else None
    await _give_back(interaction, explain_error(error, fields.get("job", "")), text, draft_id)


async def return_text(interaction: discord.Interaction[EaselClient], error: Exception, text: str) -> None:
    """Say why nothing came of a form, and give its text back to be copied.

    Raises
    ------
    discord.HTTPException
        Discord refused.
    """
    await _give_back(interaction, explain_error(error, ""), text)


async def _give_back(
    interaction: discord.Interaction[EaselClient], sentence: str, text: str, draft_id: str | None = None
) -> None:
    first, *more = give_back(sentence, text, draft_id)
    await tell(interaction, first)
    for rendered in more:
        await interaction.followup.send(rendered.content, allowed_mentions=NO_MENTIONS, ephemeral=True)


async def _keep(interaction: discord.Interaction[EaselClient], form: str, fields: Mapping[str, str]) -> str | None:
    work = interaction.client.services.forms.keep(interaction.user.id, form, fields)
    try:
        return (await patiently(interaction, work, private=True)).id
    except StorageError as error:
        _log.warning("a refused text could not be kept, so it is given back without a button: %s", error)
        return None


async def _press(interaction: discord.Interaction[EaselClient], match: re.Match[str], _: Sequence[str]) -> None:
    """Open a draft's form again, or take a yes or a no to what it proposes."""
    deeds = {DraftVerb.FIX: _reopen, DraftVerb.GO: batches.confirm, DraftVerb.DROP: batches.drop}
    await deeds[DraftVerb(match["verb"])](interaction, match["draft"])


async def _reopen(interaction: discord.Interaction[EaselClient], draft_id: str) -> None:
    """Open a draft's form with what was filled in."""
    modal = await promptly(interaction, _form_of(interaction, draft_id))
    await interaction.response.send_modal(modal)


async def _form_of(interaction: discord.Interaction[EaselClient], draft_id: str) -> discord.ui.Modal:
    draft = await interaction.client.services.forms.draft(interaction.user.id, draft_id)
    return await _known(interaction, draft).reopen(interaction, draft.fields, draft_form(FormName.DRAFT, draft_id))


async def _submit(interaction: discord.Interaction[EaselClient], match: re.Match[str]) -> None:
    """Go on with a corrected form where it was refused. That uses the draft up: two submits of it are not two jobs."""
    typed = texts(interaction.data).get(PROMPT, "")
    try:
        work = interaction.client.services.forms.take(interaction.user.id, match["draft"])
        private = manners_of(interaction).private  # as what comes of it
        draft = await patiently(interaction, work, private=private)
        form = _known(interaction, draft)
    except (UserFacing, StorageError) as error:
        await return_text(interaction, error, typed)
        return
    await form.submit(interaction, {**draft.fields, PROMPT: typed})


def _known(interaction: discord.Interaction[EaselClient], draft: Draft) -> DraftForm:
    form = interaction.client.forms.drafts.get(draft.form)
    if form is None:
        raise ActionUnavailable(say(_NO_FORM))
    return form


async def setup(client: EaselClient) -> None:
    """Let the client know the drafts' buttons and their form."""
    answer_for(client, DRAFT_BUTTON, _press)
    client.forms.add(DRAFT_FORM, _submit)
