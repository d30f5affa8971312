"""The right-click menus of a message with pictures: *Describe image* and *Use as reference*.

Which picture is meant, and what for, is asked in a form that holds nothing but the id of a draft, so it works after a
restart. Translates; decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import discord
from discord import app_commands

from bot.errors import ActionUnavailable, PictureInvalid, StorageError, UserFacing
from bot.language import mark, say
from bot.prompt import LONGEST_PROMPT, ReferenceKind
from cogs.asking import manners_of
from cogs.commands.describe import describe_picture
from cogs.commands.imagine import USES
from cogs.commands.imagining import Imagining, imagine_all
from cogs.commands.options import everywhere
from cogs.components.correcting import return_text
from cogs.components.modal_values import choices, texts
from cogs.custom_ids import REFERENCE_FORM, FormName, draft_form
from cogs.messages.finding import media_in
from cogs.messages.replies import patiently, promptly
from cogs.messages.uploads import is_discords, pack, unpack, upload_of, upload_of_media
from cogs.render.controls import OPTION_TEXT
from cogs.render.forms import PROMPT, TITLE
from cogs.render.text import cut
from cogs.translating import choice_name

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping, Sequence

    from bot.client import EaselClient
    from bot.model import Draft
    from cogs.messages.uploads import Picture

    Interaction = discord.Interaction[EaselClient]

#: The forms of drafts here; what is asked for differs.
_DESCRIBE, _REFERENCE = "describe", "reference"
#: The fields of both.
_WHICH, _USE, _PICTURE = "which", "use", "picture"
#: The lines of a select (Discord, components). No message holds more files; of a layout's pictures, the first.
_MOST: Final = 25
_PICTURE_TYPE: Final = "image/"
_NO_FORM: Final = mark("I do not know this form any more. Use the menu of the message once more.")
_NO_PICTURE: Final = mark(
    "There is no picture in that message that I can see. Save it, and give it to `/describe` or `/imagine` as a file."
)


@app_commands.context_menu(name="Describe image")
@everywhere
async def describe_image(interaction: discord.Interaction[EaselClient], message: discord.Message) -> None:
    """Describe the picture of a message; ask which one if there are several."""
    pictures = pictures_in(message)
    if len(pictures) == 1:
        await describe_picture(interaction, pictures[0])
    else:
        await _ask(interaction, _DESCRIBE, pictures)


@app_commands.context_menu(name="Use as reference")
@everywhere
async def use_as_reference(interaction: discord.Interaction[EaselClient], message: discord.Message) -> None:
    """Ask for a prompt and for what the picture of a message is to be used."""
    await _ask(interaction, _REFERENCE, pictures_in(message))


def pictures_in(message: discord.Message) -> list[Picture]:
    """Return the pictures of a message: its files and what it lays out, else those in its embeds; else of a forward.

    Raises
    ------
    PictureInvalid
        There is none.
    """
    for part in (message, *message.message_snapshots):
        found: list[Picture] = [upload_of(file) for file in part.attachments if _is_picture(file)]
        found += _laid_out(part)
        found = found or [link for embed in part.embeds if (link := _picture_of(embed)) is not None]
        if found:
            return found[:_MOST]
    raise PictureInvalid(say(_NO_PICTURE))


def _is_picture(file: discord.Attachment) -> bool:
    return file.content_type.startswith(_PICTURE_TYPE) if file.content_type else file.width is not None


def _laid_out(part: discord.Message | discord.MessageSnapshot) -> list[Picture]:
    """Return the pictures that a layout shows, without those that are among its files."""
    files = {file.id for file in part.attachments}
    shown = {media.url: media for media in media_in(part.components) if media.attachment_id not in files}
    return [
        upload_of_media(media) if media.attachment_id or is_discords(url) else url
        for url, media in shown.items()
        if (media.content_type or _PICTURE_TYPE).startswith(_PICTURE_TYPE)
    ]


def _picture_of(embed: discord.Embed) -> str | None:
    return embed.image.url or embed.thumbnail.url


async def _ask(interaction: Interaction, form: str, pictures: Sequence[Picture]) -> None:
    fields = {f"{_PICTURE}{number}": pack(picture) for number, picture in enumerate(pictures)}
    draft = await promptly(interaction, interaction.client.services.forms.keep(interaction.user.id, form, fields))
    modal = discord.ui.Modal(
        title=cut(say("Describe image") if form == _DESCRIBE else say("Use as reference"), TITLE),
        custom_id=draft_form(FormName.REFERENCE, draft.id),
    )
    for label in [*_which(pictures), *(_words() if form == _REFERENCE else ())]:
        modal.add_item(label)
    modal.stop()
    await interaction.response.send_modal(modal)


def _which(pictures: Sequence[Picture]) -> list[discord.ui.Label[discord.ui.Modal]]:
    """Return the question which picture is meant, where there are several."""
    if len(pictures) == 1:
        return []
    names = [cut(f"{number}: {_name(picture)}", OPTION_TEXT) for number, picture in enumerate(pictures, 1)]
    options = [
        discord.SelectOption(label=name, value=str(index), default=index == 0) for index, name in enumerate(names)
    ]
    return [discord.ui.Label(text=say("Picture"), component=discord.ui.Select(custom_id=_WHICH, options=options))]


def _name(picture: Picture) -> str:
    return picture.rpartition("/")[2].partition("?")[0] if isinstance(picture, str) else picture.name


def _words() -> list[discord.ui.Label[discord.ui.Modal]]:
    """Return the questions for the prompt, and for what the picture is used."""
    text = discord.ui.TextInput[discord.ui.Modal](
        custom_id=PROMPT, style=discord.TextStyle.paragraph, max_length=LONGEST_PROMPT
    )
    uses = [
        discord.SelectOption(
            label=cut(choice_name(use), OPTION_TEXT), value=use.value, default=use.value == ReferenceKind.IMAGE
        )
        for use in USES
    ]
    about = say("As in `/imagine`; it costs the same.").replace("`", "")  # no markup there
    return [
        discord.ui.Label(text=say("Prompt"), description=about, component=text),
        discord.ui.Label(
            text=cut(say("What the picture is for"), TITLE), component=discord.ui.Select(custom_id=_USE, options=uses)
        ),
    ]


async def _submit(interaction: Interaction, match: re.Match[str]) -> None:
    """Go on with a filled-in form. That uses its draft up: two submits of it are not two jobs."""
    text = texts(interaction.data).get(PROMPT, "")
    try:
        private = manners_of(interaction).private
        draft = await patiently(interaction, _take(interaction, match["draft"]), private=private)
    except (UserFacing, StorageError) as error:
        await return_text(interaction, error, text)
        return
    picture = _chosen(draft.fields, choices(interaction.data, _WHICH))
    if draft.form == _DESCRIBE:
        await describe_picture(interaction, picture)
        return
    (use,) = choices(interaction.data, _USE) or (ReferenceKind.IMAGE,)
    await imagine_all(interaction, Imagining(text=text, pictures=((picture, ReferenceKind(use)),)))


async def _take(interaction: Interaction, draft_id: str) -> Draft:
    forms, user_id = interaction.client.services.forms, interaction.user.id
    if (await forms.draft(user_id, draft_id)).form not in {_DESCRIBE, _REFERENCE}:
        raise ActionUnavailable(say(_NO_FORM))
    return await forms.take(user_id, draft_id)


def _chosen(fields: Mapping[str, str], which: Sequence[str]) -> Picture:
    return unpack(fields[f"{_PICTURE}{which[0] if which else 0}"])


async def setup(client: EaselClient) -> None:
    """Add the menus, and the form that they open."""
    client.forms.add(REFERENCE_FORM, _submit)
    client.tree.add_command(describe_image)
    client.tree.add_command(use_as_reference)
