"""What can be set, by people for themselves and by moderators for a server, and to what. Pure.

A value travels as text, as a control of a panel or a form gives it; None is: not set. Imports the model and
`bot.prompt`.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeVar, final

from bot.errors import ActionUnavailable
from bot.language import Language, mark, say
from bot.model import Notify, Person, Server, Speed
from bot.prompt import MODELS, parse_aspect, parse_stylize, read_piece, spell_piece

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.model import Defaults

Holder = TypeVar("Holder", Person, Server)

#: Fewer stars would be anybody's own, and more than a channel has people who look.
FEWEST_STARS: Final = 2
MOST_STARS: Final = 25

ON: Final = "on"
OFF: Final = "off"

_UNKNOWN: Final = mark("I do not know this setting any more. `/settings` shows the current ones.")


@final
class Setting(StrEnum):
    """What can be set."""

    MODEL = "model"
    ASPECT = "aspect"
    SPEED = "speed"
    STYLIZE = "stylize"
    RAW = "raw"
    SUFFIX = "suffix"
    REMIX = "remix"
    NOTIFY = "notify"
    PRIVATE = "private"
    LANGUAGE = "language"
    STAR_CHANNEL = "channel"
    STARS = "stars"


#: What both have: it goes into prompts that do not say otherwise (`bot.prompt.defaults`).
DEFAULTS: Final = (
    Setting.MODEL,
    Setting.ASPECT,
    Setting.SPEED,
    Setting.STYLIZE,
    Setting.RAW,
    Setting.SUFFIX,
)
OF_PEOPLE: Final = (*DEFAULTS, Setting.REMIX, Setting.NOTIFY, Setting.PRIVATE, Setting.LANGUAGE)
OF_SERVERS: Final = (*DEFAULTS, Setting.LANGUAGE, Setting.STAR_CHANNEL, Setting.STARS)


def setting_of(name: str, *, server: bool) -> Setting:
    """Return a setting that people, or a server, can have.

    Raises
    ------
    ActionUnavailable
        There is no such one, or not any more.
    """
    known = {setting.value: setting for setting in (OF_SERVERS if server else OF_PEOPLE)}
    if name not in known:
        raise ActionUnavailable(say(_UNKNOWN))
    return known[name]


def value_of(holder: Person | Server, setting: Setting) -> str | None:
    """Return what a setting is set to; None if it is not set."""
    value: object = getattr(holder.defaults if setting in DEFAULTS else holder, _FIELDS.get(setting, setting.value))
    if isinstance(value, bool):
        return ON if value else OFF
    return None if value is None else str(value)


def is_set(holder: Person | Server, setting: Setting) -> bool:
    """Tell whether a setting is other than if nobody had ever touched it."""
    return value_of(holder, setting) != value_of(_untouched(holder), setting)


def set_to(holder: Holder, setting: Setting, value: str | None) -> Holder:
    """Return a person or a server with a setting set, or with None as if it had never been.

    Raises
    ------
    PromptInvalid
        What was typed is no such value; with the sentence to show.
    ActionUnavailable
        This cannot be set, or not any more, to what was chosen.
    """
    setting_of(setting.value, server=isinstance(holder, Server))
    if setting in DEFAULTS:
        return replace(holder, defaults=_with(holder.defaults, setting, value))
    name = _FIELDS.get(setting, setting.value)
    read: object = getattr(_untouched(holder), name) if value is None else _read(setting, value)
    return replace(holder, **{name: read})


def _untouched(holder: Person | Server) -> Person | Server:
    return Server(guild_id=0) if isinstance(holder, Server) else Person(user_id=0)


def _with(defaults: Defaults, setting: Setting, value: str | None) -> Defaults:
    return replace(defaults, **{setting.value: None if value is None else _read(setting, value)})


def _read(setting: Setting, value: str) -> object:
    try:
        return _READ[setting](value)
    except (ValueError, KeyError):
        raise ActionUnavailable(say(_UNKNOWN)) from None


def _model(value: str) -> str:
    return {model.label: model.label for model in MODELS}[value]


def _switch(value: str) -> bool:
    return {ON: True, OFF: False}[value]


def _suffix(value: str) -> str:
    return spell_piece(read_piece(value)) if value else ""


def _stars(value: str) -> int:
    return {str(count): count for count in range(FEWEST_STARS, MOST_STARS + 1)}[value]


_FIELDS: Final = {Setting.STAR_CHANNEL: "star_channel_id"}
_READ: Final[Mapping[Setting, Callable[[str], object]]] = {
    Setting.MODEL: _model,
    Setting.ASPECT: parse_aspect,
    Setting.SPEED: Speed,
    Setting.STYLIZE: parse_stylize,
    Setting.RAW: _switch,
    Setting.SUFFIX: _suffix,
    Setting.REMIX: _switch,
    Setting.NOTIFY: Notify,
    Setting.PRIVATE: _switch,
    Setting.LANGUAGE: Language,
    Setting.STAR_CHANNEL: int,
    Setting.STARS: _stars,
}
