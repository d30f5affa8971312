"""What several commands have in common: where they are offered, the speed, and the form of a refused text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from discord import app_commands

from bot.client_handlers import DraftForm
from bot.language import mark, say
from bot.model import Applied, Speed
from bot.prompt import LONGEST_PROMPT, first_set
from cogs.messages.views import build_form
from cogs.render.forms import ABOUT, PROMPT, TITLE, Form
from cogs.render.text import cut

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    import discord

    from bot.client import EaselClient

    Submit = Callable[[discord.Interaction[EaselClient], Mapping[str, str]], Awaitable[None]]

T = TypeVar("T")

#: The name of the speed among the fields of a draft.
SPEED: Final = "speed"
SPEED_TEXT: Final = "How soon it comes, and what it costs"
SPEEDS: Final = [
    app_commands.Choice(name="fast", value=Speed.FAST.value),
    app_commands.Choice(name="turbo: quicker, at three times the price", value=Speed.TURBO.value),
    app_commands.Choice(name="relax: cheaper, but it can take long", value=Speed.RELAX.value),
]
_THE_REST: Final = mark("Your pictures and the speed stay as you chose them.")


def everywhere(command: T) -> T:
    """Offer a command in servers, in direct messages, and wherever somebody brings the bot along for themselves."""
    install = app_commands.allowed_installs(guilds=True, users=True)
    return install(app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)(command))


async def speed_of(
    interaction: discord.Interaction[EaselClient], chosen: str | None = None
) -> tuple[Speed, tuple[Applied, ...]]:
    """Return the speed that counts (`bot.prompt.defaults`), and where it comes from if that is to be told.

    Raises
    ------
    StorageError
        What is set cannot be read.
    """
    if chosen:
        return Speed(chosen), ()
    preferences = interaction.client.services.preferences
    person, server = await preferences.defaults(interaction.user.id, interaction.guild_id)
    speed, source = first_set(person.speed, server.speed)
    if speed is None or source is None:
        return interaction.client.options.default_speed, ()
    return speed, (Applied(words=f"--{speed}", source=source),)


def filled(**fields: str | None) -> dict[str, str]:
    """Return the fields of a draft: what was chosen, without what was not."""
    return {name: value for name, value in fields.items() if value is not None}


def text_form(title: str, submit: Submit, *, about: str = _THE_REST, required: bool = True) -> DraftForm:
    """Return the form in which a command's refused text comes back.

    Parameters
    ----------
    title
        Marked; it is said when the form is opened.
    submit
        Goes on with the corrected fields.
    about
        What stays as it is, marked.
    required
        Whether the text may not be empty.
    """

    async def reopen(
        interaction: discord.Interaction[EaselClient], fields: Mapping[str, str], custom_id: str
    ) -> discord.ui.Modal:
        del interaction
        text = fields.get(PROMPT, "")[:LONGEST_PROMPT]
        form = Form(title=cut(say(title), TITLE), about=cut(say(about), ABOUT), text=text, required=required)
        return build_form(form, custom_id)

    return DraftForm(reopen=reopen, submit=submit)
