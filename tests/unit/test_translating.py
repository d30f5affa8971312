"""Commands and sentences in other languages: what Discord is told, what a person reads."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import discord
import pytest
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location

from bot.language import Language, say, say_many, speaking
from catalogues.entries import Entry
from cogs.translating import CHOICE, DESCRIPTION, MENU, NAME, CommandTranslator, priced, verbatim
from tests.wording import translated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WORDING = {
    Language.GERMAN: {
        Entry(one="history", context=NAME): "verlauf",
        Entry(one="preset", context=NAME): "vorlage",
        Entry(one="set", context=NAME): "setzen",
        Entry(one="image", context=NAME): "bild",
        Entry(one="fast", context=CHOICE): "schnell",
        Entry(one="Show job", context=MENU): "Auftrag zeigen",
        Entry(one="Costs {price}", context=DESCRIPTION): "Kostet {price}",
        Entry(one="Look at `/history`."): "Sieh in `/history` nach.",
        Entry(one="Attach it as `image`, see `/preset set`."): "Häng es als `image` an, siehe `/preset set`.",
        Entry(one="`/history page:` opens one, `image of it` does not."): "`/history page:` ja, `image of it` nein.",
        Entry(one="`{value}` is not known."): "`{value}` ist unbekannt.",
        Entry(one="{count} picture", many="{count} pictures"): ("{count} Bild", "{count} Bilder"),
    },
    Language.SPANISH: {Entry(one="history", context=NAME): "historial"},
}


@pytest.fixture(autouse=True)
def _wording(tmp_path: Path) -> Iterator[None]:
    with translated(tmp_path, WORDING):
        yield


def told(text: str | app_commands.locale_str, location: Location, menu: object = None) -> dict[str, str]:
    """Return what Discord is told about one text, in all of its locales."""
    string = app_commands.locale_str(text) if isinstance(text, str) else text
    context = cast("Any", app_commands.TranslationContext)(location, menu)

    async def ask() -> dict[str, str]:
        translator = CommandTranslator()
        await translator.load()
        texts = {locale.value: await translator.translate(string, locale, context) for locale in discord.Locale}
        return {locale: text for locale, text in texts.items() if text is not None}

    return asyncio.run(ask())


@pytest.mark.parametrize("location", [Location.command_name, Location.group_name, Location.parameter_name])
def test_a_name_is_told_in_every_locale_of_its_languages(location: Location) -> None:
    assert told("history", location) == {"de": "verlauf", "es-ES": "historial", "es-419": "historial"}


def test_a_word_is_looked_up_where_it_stands() -> None:
    assert told("fast", Location.choice_name) == {"de": "schnell"}
    assert told("fast", Location.parameter_name) == {}
    assert told("history", Location.command_description) == {}


def test_a_menu_has_words_and_no_name() -> None:
    @app_commands.context_menu(name="Show job")
    async def show(interaction: discord.Interaction, message: discord.Message) -> None:
        del interaction, message

    assert told("Show job", Location.command_name, show) == {"de": "Auftrag zeigen"}
    assert told("Show job", Location.command_name) == {}


def test_a_price_in_a_description_is_put_into_the_translation() -> None:
    text = priced("Costs {price}", Decimal("0.60"))
    assert text.message == "Costs about $0.60"
    assert told(text, Location.command_description)["de"].startswith("Kostet ")
    assert "0,60" in told(text, Location.command_description)["de"]


def test_a_price_is_in_english_even_where_another_language_is_spoken() -> None:
    with speaking(Language.GERMAN):
        assert priced("Costs {price}", Decimal("0.60")).message == "Costs about $0.60"


def test_what_is_the_same_everywhere_is_not_looked_up() -> None:
    assert told(verbatim("fast"), Location.choice_name) == {}


def test_commands_and_options_in_a_sentence_are_called_as_discord_calls_them() -> None:
    with speaking(Language.GERMAN):
        assert say("Look at `/history`.") == "Sieh in `/verlauf` nach."
        assert say("Look at `/history`.").english == "Look at `/history`."
        both = say("Attach it as `image`, see `/preset set`.")
        assert both == "Häng es als `bild` an, siehe `/vorlage setzen`."
        assert say("`/history page:` opens one, `image of it` does not.") == "`/verlauf page:` ja, `image of it` nein."


def test_what_a_person_wrote_is_not_translated_back_at_them() -> None:
    with speaking(Language.GERMAN):
        assert say("`{value}` is not known.", value="image") == "`image` ist unbekannt."


def test_a_number_takes_its_plural_form() -> None:
    with speaking(Language.GERMAN):
        assert say_many("{count} picture", "{count} pictures", 1) == "1 Bild"
        assert say_many("{count} picture", "{count} pictures", 0) == "0 Bilder"
    with speaking(Language.KOREAN):
        assert say_many("{count} picture", "{count} pictures", 2) == "2 pictures"


@pytest.mark.parametrize("number", [Decimal("0.80"), 2.5])
def test_a_number_has_the_decimal_sign_of_its_language(number: Decimal | float) -> None:
    with speaking(Language.GERMAN):
        said = say("{size} MB, `--iw {typed}`", size=number, typed="0.5")
    assert said == f"{number}".replace(".", ",") + " MB, `--iw 0.5`"
    assert said.english == f"{number} MB, `--iw 0.5`"
    with speaking(Language.JAPANESE):
        assert say("{size} MB", size=number) == f"{number} MB"
