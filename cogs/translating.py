"""The names, descriptions and choices of commands in the languages that Discord shows them in.

discord.py asks for every text of every command, and Discord keeps the answers; what a command answers is translated by
`bot.language` itself. Imports only `bot.language` and `bot.prompt`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, final

from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location
from typing_extensions import override

from bot.language import Language, load, speaking, spoken
from bot.language.catalogues import catalogue
from bot.language.languages import COMMAND_LOCALES
from bot.language.saying import NAME
from bot.prompt import spell_price

if TYPE_CHECKING:
    from decimal import Decimal

    import discord

#: The contexts in which the texts of commands stand in the catalogues, besides `NAME`.
DESCRIPTION: Final = "description"
CHOICE: Final = "choice"
MENU: Final = "menu"

#: What a text may carry: the message that it was made of, the amount in it, and that it is the same in all languages.
_TEMPLATE, _AMOUNT, _VERBATIM = "template", "amount", "verbatim"

_CONTEXTS: Final = {
    Location.command_name: NAME,
    Location.group_name: NAME,
    Location.parameter_name: NAME,
    Location.command_description: DESCRIPTION,
    Location.group_description: DESCRIPTION,
    Location.parameter_description: DESCRIPTION,
    Location.choice_name: CHOICE,
}


def priced(template: str, amount: Decimal | None) -> app_commands.locale_str:
    """Return a description with a price in it, which is written differently from language to language.

    Parameters
    ----------
    template
        With `{price}` in it.
    amount
        In dollars; None where it is not known.
    """
    with speaking(Language.ENGLISH):
        text = template.format(price=spell_price(amount))
    return app_commands.locale_str(text, template=template, amount=amount)


def verbatim(name: str) -> app_commands.locale_str:
    """Return the name of a choice that is the same in all languages, such as that of a model."""
    return app_commands.locale_str(name, verbatim=True)


def message_of(string: app_commands.locale_str) -> str | None:
    """Return the message that stands in the catalogues for a text of a command; None if it is not to be translated."""
    if string.extras.get(_VERBATIM):
        return None
    template: str = string.extras.get(_TEMPLATE, string.message)
    return template


def context_of(context: app_commands.TranslationContextTypes) -> str:
    """Return the context in which a text stands in the catalogues."""
    if isinstance(context.data, app_commands.ContextMenu):
        return MENU
    return _CONTEXTS[context.location]


def choice_name(choice: app_commands.Choice[str]) -> str:
    """Return the name of a choice in the language that is spoken, for where it is offered in a form."""
    return catalogue(spoken()).pgettext(CHOICE, choice.name)


@final
class CommandTranslator(app_commands.Translator):
    """Translates the texts of commands with the catalogues."""

    @override
    async def load(self) -> None:
        await asyncio.to_thread(load)

    @override
    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return a text in a locale; None leaves it in English."""
        language = COMMAND_LOCALES.get(locale.value)
        message = message_of(string)
        if language is None or message is None:
            return None
        translated = catalogue(language).pgettext(context_of(context), message)
        if translated == message:
            return None
        if _TEMPLATE not in string.extras:
            return translated
        with speaking(language):
            return translated.format(price=spell_price(string.extras[_AMOUNT]))
