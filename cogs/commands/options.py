"""What several commands have in common: where they are offered, the speed, and the form of a refused text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from discord import app_commands

from bot.client import DraftForm
from bot.model import Speed
from bot.prompt import LONGEST_PROMPT
from cogs.messages.views import build_form
from cogs.render.forms import PROMPT, Form

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
_THE_REST: Final = "Your pictures and the speed stay as you chose them."


def everywhere(command: T) -> T:
    """Offer a command in servers, in direct messages, and wherever somebody brings the bot along for themselves."""
    install = app_commands.allowed_installs(guilds=True, users=True)
    return install(app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)(command))


def speed_of(client: EaselClient, chosen: str | None) -> Speed:
    """Return the speed that was chosen, or else the owner's default."""
    return Speed(chosen) if chosen else client.options.default_speed


def filled(**fields: str | None) -> dict[str, str]:
    """Return the fields of a draft: what was chosen, without what was not."""
    return {name: value for name, value in fields.items() if value is not None}


def text_form(title: str, submit: Submit, *, required: bool = True) -> DraftForm:
    """Return the form in which a command's refused text comes back.

    Parameters
    ----------
    submit
        Goes on with the corrected fields.
    required
        Whether the text may not be empty.
    """

    async def reopen(
        interaction: discord.Interaction[EaselClient], fields: Mapping[str, str], custom_id: str
    ) -> discord.ui.Modal:
        del interaction
        text = fields.get(PROMPT, "")[:LONGEST_PROMPT]
        return build_form(Form(title=title, about=_THE_REST, text=text, required=required), custom_id)

    return DraftForm(reopen=reopen, submit=submit)
