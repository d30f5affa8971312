"""What people and servers prefer, as JSON and back. Imports the model and the languages.

What a newer or older program wrote and this one does not know is left out, so that a setting that went away costs
nobody the others.
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any, Final, TypeVar, cast

from bot.language import Language
from bot.model import Defaults, Notify, Person, Server, Speed

T = TypeVar("T", bound=StrEnum)

_STARS: Final = Server(guild_id=0).stars


def person_text(person: Person) -> str:
    """Return what a person has set, without what they have not."""
    return _text(
        _defaults(person.defaults),
        remix=person.remix,
        notify=None if person.notify is Notify.MENTION else person.notify,
        private=person.private,
        language=person.language,
    )


def person_of(user_id: int, text: str) -> Person:
    """Return a person as they were written down."""
    settings = _settings(text)
    return Person(
        user_id=user_id,
        defaults=_defaults_of(settings),
        remix=settings.get("remix") is True,
        notify=_one_of(Notify, settings.get("notify")) or Notify.MENTION,
        private=settings.get("private") is True,
        language=_one_of(Language, settings.get("language")),
    )


def server_text(server: Server) -> str:
    """Return what is set for a server, without what is not."""
    return _text(
        _defaults(server.defaults),
        language=server.language,
        star_channel_id=server.star_channel_id,
        stars=None if server.stars == _STARS else server.stars,
    )


def server_of(guild_id: int, text: str) -> Server:
    """Return a server as it was written down."""
    settings = _settings(text)
    return Server(
        guild_id=guild_id,
        defaults=_defaults_of(settings),
        language=_one_of(Language, settings.get("language")),
        star_channel_id=_whole(settings.get("star_channel_id")),
        stars=_whole(settings.get("stars")) or _STARS,
    )


def _defaults(defaults: Defaults) -> dict[str, object]:
    return {
        "model": defaults.model,
        "aspect": defaults.aspect,
        "speed": defaults.speed,
        "stylize": defaults.stylize,
        "raw": "yes" if defaults.raw else None if defaults.raw is None else "no",
        "suffix": defaults.suffix,
    }


def _defaults_of(settings: dict[str, Any]) -> Defaults:
    return Defaults(
        model=_words(settings.get("model")),
        aspect=_words(settings.get("aspect")),
        speed=_one_of(Speed, settings.get("speed")),
        stylize=_whole(settings.get("stylize")),
        raw={"yes": True, "no": False}.get(settings.get("raw", "")),
        suffix=_suffix(settings.get("suffix")),
    )


def _text(defaults: dict[str, object], **others: object) -> str:
    is_set = {name: value for name, value in {**defaults, **others}.items() if value is not None and value is not False}
    return json.dumps(is_set, ensure_ascii=False, separators=(",", ":"))


def _settings(text: str) -> dict[str, Any]:
    settings = json.loads(text)
    return cast("dict[str, Any]", settings) if isinstance(settings, dict) else {}


def _one_of(words: type[T], value: object) -> T | None:
    return words(value) if isinstance(value, str) and value in {word.value for word in words} else None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _words(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _suffix(value: object) -> str | None:
    return value if isinstance(value, str) else None  # an empty one says something: none at all
