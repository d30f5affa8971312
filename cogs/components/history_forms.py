"""The forms of the history's panel: what to show of it, and which words to look for. What comes of them is a page.

The words and days that people type are read here, for the options of `/history` too. Translates; decides nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import discord

from bot.errors import ActionUnavailable
from bot.language import mark, say
from bot.model import Kind
from bot.prompt import kind_name
from bot.prompt.models import NIJI_VERSIONS, VERSIONS
from cogs.components.history import turn_history
from cogs.components.items import answer_for
from cogs.components.modal_values import choices, texts
from cogs.places import FILTER_FORM, FIRST_DAY, LAST_DAY, LONGEST_WORDS, SEARCH_FORM, Place, Turn, Wanted, place_of
from cogs.render.controls import OPTION_TEXT
from cogs.render.forms import TITLE
from cogs.render.history import model_name
from cogs.render.text import cut, size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    from bot.client import EaselClient

    Interaction: TypeAlias = discord.Interaction[EaselClient]
    Label: TypeAlias = discord.ui.Label[discord.ui.Modal]

#: What people make, in the order in which they would look for it; a favorite is no job of its own.
KINDS: Final = tuple(kind for kind in Kind if kind is not Kind.BOOKMARK)
#: As jobs have them, newest first; the last is none.
MODELS: Final = (
    *(f"v {version}" for version in reversed(VERSIONS)),
    *(f"niji {version}" for version in reversed(NIJI_VERSIONS)),
    "",
)

_DAY_LENGTH: Final = 10
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: The fields.
_KIND, _MODEL, _ONLY, _SINCE, _UNTIL, _WORDS = "kind", "model", "only", "since", "until", "words"
#: The values of fields where nothing in particular is chosen, or no model.
_ANY, _NONE = "any", "none"
_FAVORITES, _HERE, _NO_FAILURES = "favorites", "here", "successes"

_NO_DAY: Final = mark("“{typed}” is no day that I know. Write it as year, month and day, like `2026-01-31`.")
_TURNED_ROUND: Final = mark("The first day comes after the last one, so there is nothing between them.")
_TOO_LONG: Final = mark("That is too much to search for. Take a few words of the prompt, at most {count} characters.")


def read_words(typed: str) -> str:
    """Return the words of a search as a place can hold them.

    Raises
    ------
    ActionUnavailable
        They are too long.
    """
    plain = "".join(" " if unicodedata.category(character) in {"Cc", "Cs"} else character for character in typed)
    words = " ".join(plain.split())
    if size(words) > LONGEST_WORDS:
        raise ActionUnavailable(say(_TOO_LONG, count=LONGEST_WORDS))
    return words


def read_days(since: str, until: str) -> tuple[date | None, date | None]:
    """Return the first and the last day that somebody typed; None for what they left empty.

    Raises
    ------
    ActionUnavailable
        One is no day, or they are the wrong way round.
    """
    first, last = _day(since.strip()), _day(until.strip())
    if first and last and first > last:
        raise ActionUnavailable(say(_TURNED_ROUND))
    return first, last


def _day(typed: str) -> date | None:
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed) if _DAY.fullmatch(typed) else None
    except ValueError:
        day = None
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        raise ActionUnavailable(say(_NO_DAY, typed=cut(typed, OPTION_TEXT)))
    return day


def _modal(title: str, place: Place, turn: Turn, fields: Iterator[Label]) -> discord.ui.Modal:
    modal = discord.ui.Modal(title=cut(title, TITLE), custom_id=place.custom_id(turn))
    for field in fields:
        modal.add_item(field)
    modal.stop()
    return modal


def filter_fields(wanted: Wanted, *, in_server: bool) -> Iterator[Label]:
    """Yield the fields of the filter's form, with what is chosen; the server is one of them only where there is one."""
    kinds = [(_ANY, say("Everything")), *((kind.value, kind_name(kind)) for kind in KINDS)]
    yield _select(say("What"), _KIND, kinds, wanted.kind or _ANY)
    models = [(_ANY, say("Any model")), *((model or _NONE, model_name(model)) for model in MODELS)]
    yield _select(say("Model"), _MODEL, models, _ANY if wanted.model is None else wanted.model or _NONE)
    marks = [(_FAVORITES, say("Favorites"), wanted.favorites)]
    marks += [(_HERE, say("Made in this server"), wanted.here)] if in_server else []
    marks.append((_NO_FAILURES, say("Without failures"), not wanted.failures))
    options = [
        discord.CheckboxGroupOption(label=cut(label, OPTION_TEXT), value=value, default=on)
        for value, label, on in marks
    ]
    group = discord.ui.CheckboxGroup[Any](
        custom_id=_ONLY, required=False, min_values=0, max_values=len(options), options=options
    )
    yield discord.ui.Label(text=cut(say("Show only"), TITLE), component=group)
    yield _day_field(say("First day, by UTC"), _SINCE, wanted.since)
    yield _day_field(say("Last day, by UTC"), _UNTIL, wanted.until)


def _select(name: str, custom_id: str, offered: Sequence[tuple[str, str]], chosen: str) -> Label:
    options = [
        discord.SelectOption(label=cut(label, OPTION_TEXT), value=value, default=value == chosen)
        for value, label in offered
    ]
    return discord.ui.Label(
        text=cut(name, TITLE), component=discord.ui.Select[Any](custom_id=custom_id, options=options)
    )


def _day_field(name: str, custom_id: str, day: date | None) -> Label:
    field = discord.ui.TextInput[Any](
        custom_id=custom_id,
        required=False,
        max_length=_DAY_LENGTH,
        placeholder="2026-01-31",
        default=day.isoformat() if day else None,
    )
    return discord.ui.Label(text=cut(name, TITLE), component=field)


async def _open_filter(interaction: Interaction, match: re.Match[str], _: Sequence[str]) -> None:
    place = place_of(match)
    fields = filter_fields(place.wanted, in_server=interaction.guild_id is not None)
    await interaction.response.send_modal(_modal(say("Filter"), place, Turn.FILTER, fields))


async def _filter(interaction: Interaction, match: re.Match[str]) -> None:
    """Show what was chosen in the form; the words of a search stay."""
    filled, only = texts(interaction.data), choices(interaction.data, _ONLY)
    since, until = read_days(filled.get(_SINCE, ""), filled.get(_UNTIL, ""))
    kind, model = _chosen(interaction, _KIND), _chosen(interaction, _MODEL)
    wanted = Wanted(
        kind=Kind(kind) if kind in set(KINDS) else None,
        model=(model if model in MODELS else None) if model != _NONE else "",
        favorites=_FAVORITES in only,
        here=_HERE in only and interaction.guild_id is not None,
        failures=_NO_FAILURES not in only,
        since=since,
        until=until,
        words=place_of(match).wanted.words,
    )
    await turn_history(interaction, Place(wanted=wanted))


def _chosen(interaction: Interaction, field: str) -> str:
    return next(iter(choices(interaction.data, field)), _ANY)


async def _open_search(interaction: Interaction, match: re.Match[str], _: Sequence[str]) -> None:
    place = place_of(match)
    field = discord.ui.TextInput[Any](
        custom_id=_WORDS, required=False, max_length=LONGEST_WORDS, default=place.wanted.words or None
    )
    about = cut(say("All of them, anywhere in the prompt. Empty shows everything again."), OPTION_TEXT)
    label: Label = discord.ui.Label(text=cut(say("Words of the prompt"), TITLE), description=about, component=field)
    await interaction.response.send_modal(_modal(say("Search"), place, Turn.SEARCH, iter((label,))))


async def _search(interaction: Interaction, match: re.Match[str]) -> None:
    """Show what has the words; what else was chosen stays."""
    words = read_words(texts(interaction.data).get(_WORDS, ""))
    await turn_history(interaction, Place(wanted=replace(place_of(match).wanted, words=words)))


async def setup(client: EaselClient) -> None:
    """Let the client know the buttons that open the forms, and the forms."""
    answer_for(client, FILTER_FORM, _open_filter)
    answer_for(client, SEARCH_FORM, _open_search)
    client.forms.add(FILTER_FORM, _filter)
    client.forms.add(SEARCH_FORM, _search)
