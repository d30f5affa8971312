"""What settings and their values are called, and what can be chosen for each. Imports the model and the text rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.jobs.people.settable import DEFAULTS, FEWEST_STARS, MOST_STARS, OFF, ON, Setting
from bot.language import Language, mark, say
from bot.model import Kind, Notify, Speed
from bot.prompt import MODELS, price, quote, spell_price, suggest_aspects
from bot.prompt.models import API_DEFAULT
from cogs.render.controls import OPTION_TEXT, OPTIONS, Option, speed_name
from cogs.render.text import cut

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

#: The line of a select that stands for no value.
UNSET: Final = "unset"

#: What can be typed.
TYPED: Final = frozenset({Setting.ASPECT, Setting.STYLIZE, Setting.SUFFIX})

_NAMES: Final = {
    Setting.MODEL: mark("Model"),
    Setting.ASPECT: mark("Aspect ratio"),
    Setting.SPEED: mark("Speed"),
    Setting.STYLIZE: mark("Stylize"),
    Setting.RAW: mark("Raw"),
    Setting.SUFFIX: mark("Suffix"),
    Setting.REMIX: mark("Remix mode"),
    Setting.NOTIFY: mark("When it is done"),
    Setting.PRIVATE: mark("Results"),
    Setting.LANGUAGE: mark("Language"),
    Setting.STAR_CHANNEL: mark("Star channel"),
    Setting.STARS: mark("Stars needed"),
}
_ABOUT: Final = {
    Setting.MODEL: mark("Which Midjourney paints, where a prompt names none."),
    Setting.ASPECT: mark("Width to height, where a prompt does not say."),
    Setting.SPEED: mark("How soon it comes and what it costs, in every command that makes something."),
    Setting.STYLIZE: mark("How much of Midjourney's own taste, 0 to 1000, where a prompt does not say."),
    Setting.RAW: mark("Less of Midjourney's own taste."),
    Setting.SUFFIX: mark(
        "Words and parameters that are put behind every prompt of `/imagine`, such as `soft light --c 10`."
    ),
    Setting.REMIX: mark("Whether a button that varies a picture asks for the prompt first."),
    Setting.NOTIFY: mark("How you learn that something of yours is done."),
    Setting.PRIVATE: mark("Who sees what is made for you."),
    Setting.LANGUAGE: mark("The language in which I answer you."),
    Setting.STAR_CHANNEL: mark("Where a picture that has got enough ⭐ is shown once more."),
    Setting.STARS: mark("How many people have to react with ⭐ for that."),
}
_ABOUT_SERVER: Final = {
    Setting.SUFFIX: mark(
        "Words and parameters that are put behind every prompt of `/imagine` here, such as `soft light --c 10`, for "
        "everybody who has set no suffix of their own."
    ),
    Setting.LANGUAGE: mark("The language of what everybody here sees. What only one person sees is in theirs."),
}
_COSTS: Final = mark(
    "The owner of this bot pays for all of it. A picture of `/imagine` costs {turbo} at turbo speed, {fast} at fast. "
    "What relax costs is not known."
)
_SPEEDS: Final = {
    Speed.FAST: mark("the usual price"),
    Speed.TURBO: mark("quicker, at three times the price"),
    Speed.RELAX: mark("cheaper, but it can take long"),
}
_NOTIFY: Final = {
    Notify.MENTION: mark("it mentions you"),
    Notify.DM: mark("a direct message tells you"),
    Notify.SILENT: mark("nothing tells you"),
}
_ON_OFF: Final = {ON: mark("on"), OFF: mark("off")}
_WHO: Final = {OFF: mark("everybody sees them"), ON: mark("only you see them")}
#: Where nobody has set anything.
_UNSET_VALUES: Final = {
    Setting.MODEL: API_DEFAULT,
    Setting.ASPECT: mark("Midjourney decides"),
    Setting.STYLIZE: mark("Midjourney decides"),
    Setting.RAW: mark("off"),
    Setting.SUFFIX: mark("none"),
    Setting.STAR_CHANNEL: mark("none"),
}
_VALUES: Final[Mapping[Setting, Callable[[str], str]]] = {
    Setting.MODEL: lambda value: say(API_DEFAULT) if value == API_DEFAULT else value,
    Setting.SPEED: lambda value: speed_name(Speed(value)),
    Setting.RAW: lambda value: say(_ON_OFF[value]),
    Setting.REMIX: lambda value: say(_ON_OFF[value]),
    Setting.PRIVATE: lambda value: say(_WHO[value]),
    Setting.NOTIFY: lambda value: say(_NOTIFY[Notify(value)]),
    Setting.LANGUAGE: lambda value: Language(value).own_name,
    Setting.STAR_CHANNEL: lambda value: f"<#{value}>",
    Setting.STARS: str,
}
_STYLIZE: Final = ("0", "50", "100", "250", "500", "750", "1000")


def setting_name(setting: Setting) -> str:
    """Return what a setting is called."""
    return say(_NAMES[setting])


def about(setting: Setting, *, server: bool) -> str:
    """Return what a setting does, in a sentence."""
    if not server:
        return say(_ABOUT[setting])
    words = say(_ABOUT_SERVER.get(setting, _ABOUT[setting]))
    return f"{words}\n{_costs()}" if setting is Setting.SPEED else words


def _costs() -> str:
    """Return who pays for a speed and how much: a default of everybody's is paid by none of them."""
    fast, turbo = (spell_price(price(Kind.IMAGINE, speed)) for speed in (Speed.FAST, Speed.TURBO))
    return say(_COSTS, fast=fast, turbo=turbo)


def unset_value(setting: Setting) -> str:
    """Return what counts where a setting is set by nobody, if that needs no other value to tell."""
    return say(_UNSET_VALUES[setting]) if setting in _UNSET_VALUES else ""


def value_name(setting: Setting, value: str) -> str:
    """Return a value as people read it, for a place with markup."""
    if setting in _VALUES:
        return _VALUES[setting](value)
    return quote(value) if value else say("none")


def options_for(setting: Setting, value: str | None, *, server: bool) -> tuple[Option, ...]:
    """Return the lines of the select that changes a setting, the one that is set as chosen.

    Parameters
    ----------
    value
        What it is set to; None for not set.
    """
    values = [*_usual(setting)]
    if value is not None and value not in values:
        values.insert(0, value)
    lines = [
        Option(
            value=each,
            label=_line(each if setting in TYPED else value_name(setting, each)),
            description=_line(say(_SPEEDS[Speed(each)])) if setting is Setting.SPEED else "",
            chosen=each == value,
        )
        for each in values
    ]
    if setting in DEFAULTS or setting is Setting.LANGUAGE:
        unset = unset_name(setting, server=server)
        lines.insert(0, Option(value=UNSET, label=_line(unset), chosen=value is None))
    return tuple(lines[:OPTIONS])


def unset_name(setting: Setting, *, server: bool) -> str:
    """Return what it is called to set nothing."""
    if setting is Setting.LANGUAGE:
        return say("As this server's Discord") if server else say("As my Discord")
    return say("Not set") if server else say("Not set: as this server has it")


def _usual(setting: Setting) -> Sequence[str]:
    usual: dict[Setting, Sequence[str]] = {
        Setting.MODEL: [model.label for model in MODELS],
        Setting.ASPECT: suggest_aspects(""),
        Setting.SPEED: list(Speed),
        Setting.STYLIZE: _STYLIZE,
        **dict.fromkeys((Setting.RAW, Setting.REMIX, Setting.PRIVATE), (ON, OFF)),
        Setting.NOTIFY: list(Notify),
        Setting.LANGUAGE: list(Language),
        Setting.STARS: [str(count) for count in range(FEWEST_STARS, MOST_STARS + 1)],
    }
    return usual.get(setting, ())


def _line(text: str) -> str:
    return cut(text, OPTION_TEXT)
