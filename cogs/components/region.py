"""*Vary (Region)*: a private panel on which its person chooses what is to be painted anew, and the forms it opens.

The choice is a draft of the engine's, named by every control, so all of this works after a restart, and for nobody but
the person who began. Translates; decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import discord

from bot.client_handlers import DraftForm
from bot.language import say
from bot.prompt import Purpose, compose
from cogs.asking import origin_of
from cogs.components.correcting import correctable
from cogs.components.items import answer_for
from cogs.components.modal_values import texts, uploads
from cogs.custom_ids import MASK_FORM, REGION_BUTTON, REGION_FORM, REGION_SELECT, FormName, draft_form
from cogs.messages.intake import take_in
from cogs.messages.replies import defer, promptly, tell
from cogs.messages.uploads import reader
from cogs.messages.views import NO_MENTIONS, build_form, build_view
from cogs.render.controls import Rendered
from cogs.render.forms import ABOUT, PROMPT, TITLE
from cogs.render.region import (
    MASK,
    NOT_DRAWN,
    OPTIONAL_ABOUT,
    OPTIONAL_LABEL,
    UPLOAD_ABOUT,
    UPLOAD_LABEL,
    UPLOAD_TITLE,
    cells_of,
    describe_region,
    render_region,
    render_region_form,
)
from cogs.render.text import cut

if TYPE_CHECKING:
    import re
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from typing import TypeAlias

    from bot.client import EaselClient
    from bot.jobs.asking.regions import Region
    from bot.jobs.keeping.inputs import Upload
    from bot.jobs.requests import Receipt

    Interaction: TypeAlias = discord.Interaction[EaselClient]

_DRAFT: Final = "draft"
#: What a draft of refused words is called; the choice itself is one of the form `region`.
_WORDS: Final = "region.words"


async def open_region(interaction: Interaction, job_id: str, number: int) -> None:
    """Open the panel for a stored button, as the first answer.

    Raises
    ------
    UserFacing, StorageError
        With the sentence to show.
    """
    await defer(interaction, private=True)
    regions = interaction.client.services.regions
    await _show(interaction, await regions.begin(origin_of(interaction), job_id, number))


async def _show(interaction: Interaction, region: Region) -> None:
    """Put the panel, with its picture, into the pending answer or into the message whose control was used."""
    rendered = render_region(region)
    view = build_view(rendered.rows)
    picture = discord.File(
        region.preview, filename=f"region{region.preview.suffix}", description=describe_region(region)
    )
    await interaction.edit_original_response(
        content=rendered.content,
        attachments=[picture],
        view=view,
        allowed_mentions=NO_MENTIONS,
    )


async def _choose(interaction: Interaction, draft_id: str, values: Sequence[str]) -> None:
    await interaction.response.defer()  # the panel stays as it is until its new picture is there
    regions = interaction.client.services.regions
    await _show(interaction, await regions.choose(origin_of(interaction), draft_id, cells_of(values)))


async def _clear(interaction: Interaction, draft_id: str) -> None:
    await _choose(interaction, draft_id, ())


async def _look(interaction: Interaction, draft_id: str) -> None:
    """Show what was drawn on the page. The link is a fresh one in any case."""
    await interaction.response.defer()
    region = await interaction.client.services.regions.open(origin_of(interaction), draft_id)
    await _show(interaction, region)
    if not region.has_mask:
        await tell(interaction, Rendered(content=say(NOT_DRAWN)))


async def _ask_words(interaction: Interaction, draft_id: str) -> None:
    """Open the form for the words and, if the person likes, a mask."""
    modal = await promptly(interaction, _words_form(interaction, draft_id, draft_form(FormName.REGION, draft_id)))
    await interaction.response.send_modal(modal)


async def _words_form(
    interaction: Interaction, draft_id: str, custom_id: str, text: str | None = None
) -> discord.ui.Modal:
    question = await interaction.client.services.regions.question(origin_of(interaction), draft_id)
    modal = build_form(render_region_form(question, text), custom_id)
    modal.add_item(_upload_field(say(OPTIONAL_LABEL), say(OPTIONAL_ABOUT), required=False))
    return modal


async def _ask_mask(interaction: Interaction, draft_id: str) -> None:
    """Open the form for a mask."""
    modal = discord.ui.Modal(title=cut(say(UPLOAD_TITLE), TITLE), custom_id=draft_form(FormName.MASK, draft_id))
    modal.add_item(_upload_field(say(UPLOAD_LABEL), say(UPLOAD_ABOUT), required=True))
    modal.stop()
    await interaction.response.send_modal(modal)


def _upload_field(label: str, about: str, *, required: bool) -> discord.ui.Label[discord.ui.Modal]:
    field = discord.ui.FileUpload[discord.ui.Modal](
        custom_id=MASK, required=required, min_values=int(required), max_values=1
    )
    return discord.ui.Label(text=cut(label, TITLE), description=cut(about, ABOUT), component=field)


async def _take_mask(interaction: Interaction, match: re.Match[str]) -> None:
    """Take an uploaded mask, and show it on the panel."""
    await interaction.response.defer()
    regions, origin = interaction.client.services.regions, origin_of(interaction)
    for upload in uploads(interaction.data, MASK):
        await _show(interaction, await regions.upload(origin, match[_DRAFT], upload, reader(interaction, upload)))


async def _take_words(interaction: Interaction, match: re.Match[str]) -> None:
    await _repaint(interaction, {_DRAFT: match[_DRAFT], PROMPT: texts(interaction.data).get(PROMPT, "")})


async def _repaint(interaction: Interaction, fields: Mapping[str, str]) -> None:
    """Make a job of what was chosen and written, or give the words back."""
    work = take_in(interaction, _request(interaction, fields, uploads(interaction.data, MASK)))
    await correctable(interaction, _WORDS, fields, work)


async def _request(interaction: Interaction, fields: Mapping[str, str], masks: Sequence[Upload]) -> Receipt:
    services, origin, draft_id = interaction.client.services, origin_of(interaction), fields[_DRAFT]
    uploaded: Region | None = None
    for mask in masks:  # before the words are judged: a mask that came with wrong ones is kept for the right ones
        uploaded = await services.regions.upload(origin, draft_id, mask, reader(interaction, mask))
    prompt = compose(fields[PROMPT], purpose=Purpose.REGION).text
    region, filled = await services.regions.fill(origin, draft_id, prompt, uploaded)
    return await services.jobs.act(origin, region.job.id, region.action_index, filled)


async def _reopen(interaction: Interaction, fields: Mapping[str, str], custom_id: str) -> discord.ui.Modal:
    return await _words_form(interaction, fields[_DRAFT], custom_id, fields[PROMPT])


_VERBS: Final[Mapping[str, Callable[[Interaction, str], Awaitable[None]]]] = {
    "go": _ask_words,
    "upload": _ask_mask,
    "look": _look,
    "clear": _clear,
}


async def _press(interaction: Interaction, match: re.Match[str], _: Sequence[str]) -> None:
    await _VERBS[match["verb"]](interaction, match[_DRAFT])


async def _pick(interaction: Interaction, match: re.Match[str], cells: Sequence[str]) -> None:
    await _choose(interaction, match[_DRAFT], cells)


async def setup(client: EaselClient) -> None:
    """Let the client know the panel's controls and its forms."""
    answer_for(client, REGION_BUTTON, _press)
    answer_for(client, REGION_SELECT, _pick)
    client.forms.add(REGION_FORM, _take_words)
    client.forms.add(MASK_FORM, _take_mask)
    client.forms.add_draft(_WORDS, DraftForm(_reopen, _repaint))
