"""Application commands: what a bot registers, checked as Discord checks it (docs, application commands)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

from .fields import Form, as_list, as_object, objects
from .installs import BY_GUILD, CONTEXTS, INTEGRATIONS
from .refusals import invalid_form, too_many_command_creates, unknown_command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .clock import Clock, Snowflakes
    from .refusals import Json

CHAT_INPUT, USER, MESSAGE = 1, 2, 3
SUB_COMMAND, SUB_GROUP, STRING, INTEGER, BOOLEAN, USER_OPTION, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(
    1, 12
)
MOST = {CHAT_INPUT: 100, USER: 15, MESSAGE: 15}
MAX_SIZE, DAY = 8000, 86_400.0
_NAME = re.compile(r"[-_'\w]{1,32}")
LOCALES = frozenset(
    re.findall(
        r"\S+",
        "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th "
        "zh-CN ja zh-TW ko",
    )
)


@final
@dataclass(frozen=True)
class CommandPlace:
    """The commands of one guild, or the global ones, and when some of them were newly created."""

    guild_id: int | None
    commands: list[Json]
    created: list[float]


@final
class CommandBook:
    """The registered commands, global ones under None and the others under their guild."""

    def __init__(self, ids: Snowflakes, clock: Clock, application_id: int, creates_a_day: int) -> None:
        self._ids = ids
        self._clock = clock
        self._application_id = application_id
        self._creates_a_day = creates_a_day
        self._places: dict[int | None, list[Json]] = {}
        self._created: dict[int | None, list[float]] = {}

    def of(self, guild_id: int | None) -> list[Json]:
        """Return the commands of one place."""
        return self._places.get(guild_id, [])

    def all(self) -> list[Json]:
        """Return the commands of all places, global ones first."""
        places = sorted(self._places, key=lambda guild_id: guild_id or 0)
        return [command for guild_id in places for command in self._places[guild_id]]

    def places(self) -> list[CommandPlace]:
        """Return what is registered where, to be kept."""
        return [CommandPlace(key, self.of(key), self._created.get(key, [])) for key in self._places]

    def put(self, place: CommandPlace) -> None:
        """Take up the commands of a place from an earlier sandbox."""
        self._places[place.guild_id], self._created[place.guild_id] = place.commands, place.created

    def find(self, guild_id: int | None, command_id: int) -> Json:
        """Return one command.

        Raises
        ------
        Refusal
            10063: there is none.
        """
        for command in self.of(guild_id):
            if command["id"] == str(command_id):
                return command
        raise unknown_command()

    def replace(self, guild_id: int | None, bodies: Sequence[object]) -> list[Json]:
        """Replace all commands of a place, of all types; those that keep name and type keep their id.

        Raises
        ------
        Refusal
            50035 for a malformed command, 30034 for too many new ones in a day.
        """
        tree: Json = {}
        checked = [check_command(Form(body, (str(number),), tree)) for number, body in enumerate(bodies)]
        Form({}, (), tree).check()
        _count(checked)
        old = {(command["type"], command["name"]): command for command in self.of(guild_id)}
        self._note_creates(guild_id, sum((new["type"], new["name"]) not in old for new in checked))
        self._places[guild_id] = [self._kept(guild_id, new, old.get((new["type"], new["name"]))) for new in checked]
        return self._places[guild_id]

    def upsert(self, guild_id: int | None, body: object) -> tuple[Json, bool]:
        """Add a command, or replace the one of this name and type; tell whether it is new.

        Raises
        ------
        Refusal
            As `replace`.
        """
        form = Form(body)
        new = check_command(form)
        form.check()
        others = [c for c in self.of(guild_id) if (c["type"], c["name"]) != (new["type"], new["name"])]
        old = next((c for c in self.of(guild_id) if c not in others), None)
        _count([*others, new])
        self._note_creates(guild_id, int(old is None))
        kept = self._kept(guild_id, new, old)
        self._places[guild_id] = [*others, kept]
        return kept, old is None

    def edit(self, guild_id: int | None, command_id: int, body: object) -> Json:
        """Change some fields of a command.

        Raises
        ------
        Refusal
            10063, or as `replace`.
        """
        old = self.find(guild_id, command_id)
        form = Form(old | as_object(body) | {"type": old["type"]})
        new = check_command(form)
        form.check()
        others = [command for command in self.of(guild_id) if command is not old]
        _count([*others, new])
        kept = self._kept(guild_id, new, old)
        self._places[guild_id] = [*others, kept]
        return kept

    def remove(self, guild_id: int | None, command_id: int) -> None:
        """Take a command away.

        Raises
        ------
        Refusal
            10063: there is none.
        """
        gone = self.find(guild_id, command_id)
        self._places[guild_id] = [command for command in self.of(guild_id) if command is not gone]

    def _note_creates(self, guild_id: int | None, count: int) -> None:
        now = self._clock.now()
        created = [at for at in self._created.get(guild_id, []) if at > now - DAY] + [now] * count
        if count and len(created) > self._creates_a_day:
            raise too_many_command_creates()
        self._created[guild_id] = created

    def _kept(self, guild_id: int | None, new: Json, old: Json | None) -> Json:
        if guild_id is not None:  # these two are for global commands alone
            new = new | {"contexts": None, "integration_types": [BY_GUILD]}
        same = old is not None and all(old.get(key) == value for key, value in new.items())
        kept: Json = {
            "id": old["id"] if old else str(self._ids.next()),
            "application_id": str(self._application_id),
            "version": old["version"] if same and old else str(self._ids.next()),
            **new,
        }
        return kept | ({"guild_id": str(guild_id)} if guild_id is not None else {})


def _count(commands: Sequence[Json]) -> None:
    for kind, most in MOST.items():
        names = [command["name"] for command in commands if command["type"] == kind]
        if len(names) > most:
            text = f"Maximum number of application commands reached ({most})."
            raise invalid_form({"_errors": [{"code": "APPLICATION_COMMANDS_LIMIT", "message": text}]})
        if len(names) != len(set(names)):
            text = "Application command names must be unique"
            raise invalid_form({"_errors": [{"code": "APPLICATION_COMMANDS_DUPLICATE_NAME", "message": text}]})


def check_command(form: Form) -> Json:
    """Check one command and return it as Discord keeps it."""
    kind = CHAT_INPUT if form.get("type") is None else form.choice("type", (CHAT_INPUT, USER, MESSAGE))
    slash = kind == CHAT_INPUT
    command: Json = {
        "type": kind,
        "name": _name(form, slash=slash),
        "name_localizations": _localized(form, "name_localizations", name=slash),
        "description": form.text("description", 1, 100, required=True) if slash else "",
        "description_localizations": _localized(form, "description_localizations", name=False),
        "default_member_permissions": form.get("default_member_permissions"),
        "dm_permission": form.flag("dm_permission", default=True),
        "nsfw": form.flag("nsfw"),
        "contexts": _places(form, "contexts", CONTEXTS),
        "integration_types": _places(form, "integration_types", INTEGRATIONS) or [BY_GUILD],
    }
    if not slash and form.get("description"):
        text = "Context menu commands cannot have description"
        form.fail("description", "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_CANNOT_BE_SET", text)
    if slash:
        options = _options(form, (SUB_COMMAND, SUB_GROUP), depth=0)
        if options:
            command["options"] = options
    size = command_size(command)
    if size > MAX_SIZE:
        text = f"Command exceeds maximum size ({MAX_SIZE})"
        form.fail(None, "APPLICATION_COMMAND_TOO_LARGE", text)
    return command


def _places(form: Form, key: str, allowed: Sequence[int]) -> list[int] | None:
    if form.get(key) is None:
        return None
    places = as_list(form.get(key))
    for number, one in enumerate(places):
        if one not in allowed:
            form.below(key).fail(number, "BASE_TYPE_CHOICES", f"Value must be one of {tuple(allowed)}.")
    if not places or len(set(map(str, places))) != len(places):
        form.fail(key, "SET_TYPE_ALREADY_CONTAINS_VALUE" if places else "BASE_TYPE_BAD_LENGTH", "Name each only once.")
    return places


def _name(form: Form, *, slash: bool = True) -> str | None:
    name = form.text("name", 1, 32, required=True)
    if name is not None and slash and not _fits(name):
        text = "Command name is invalid"
        form.fail("name", "APPLICATION_COMMAND_INVALID_NAME", text)
    return name


def _fits(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and name == name.lower()


def _localized(form: Form, key: str, *, name: bool) -> Json | None:
    if form.get(key) is None:
        return None
    texts = form.below(key)
    for locale in texts.data:
        if locale not in LOCALES:
            texts.fail(locale, "BASE_TYPE_CHOICES", "This locale is not known")
        text = texts.text(locale, 1, 32 if name else 100)
        if name and text is not None and not _fits(text):
            texts.fail(locale, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    return texts.data


def _options(form: Form, holders: tuple[int, ...], depth: int) -> list[Json]:
    forms = form.each("options", 0, 25)
    values = tuple(range(STRING, ATTACHMENT + 1))
    kept = [_option(option, (*holders, *values), depth) for option in forms]
    kinds = {option["type"] in (SUB_COMMAND, SUB_GROUP) for option in kept}
    if len(kinds) > 1:
        text = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        form.fail("options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", text)
    optional = False
    for option, entry in zip(kept, forms, strict=True):
        if option.get("required") and optional:
            text = "Required options must be placed before non-required options"
            entry.fail(None, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text)
        optional = optional or not option.get("required")
    _unique_names(form, kept)
    return kept


def _unique_names(form: Form, options: list[Json]) -> None:
    for locale in (None, *sorted(LOCALES)):
        names = [as_object(o.get("name_localizations")).get(locale or "", o.get("name")) for o in options]
        if len(names) != len(set(names)):
            text = "Option names must be unique"
            form.fail("options", "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", text)
            return


def _option(form: Form, kinds: tuple[int, ...], depth: int) -> Json:
    kind = form.choice("type", kinds)
    option: Json = {
        "type": kind,
        "name": _name(form),
        "name_localizations": _localized(form, "name_localizations", name=True),
        "description": form.text("description", 1, 100, required=True),
        "description_localizations": _localized(form, "description_localizations", name=False),
    }
    if kind in (SUB_COMMAND, SUB_GROUP):
        holders = (SUB_COMMAND,) if kind == SUB_GROUP else ()
        return option | {"options": _options(form, holders, depth + 1)}
    option["required"] = form.flag("required")
    for key in ("min_value", "max_value", "min_length", "max_length", "channel_types"):
        if form.get(key) is not None:
            option[key] = form.get(key)
    choices = _choices(form, kind)
    if form.flag("autocomplete"):
        option["autocomplete"] = True
        if choices or kind not in (STRING, INTEGER, NUMBER):
            text = "Autocomplete cannot be used with choices, nor with this type"
            form.fail("autocomplete", "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", text)
    return option | ({"choices": choices} if choices else {})


def _choices(form: Form, kind: int | None) -> list[Json]:
    kept: list[Json] = []
    for choice in form.each("choices", 0, 25):
        value = choice.text("value", 1, 100, required=True) if kind == STRING else choice.get("value")
        name = choice.text("name", 1, 100, required=True)
        localized = _localized(choice, "name_localizations", name=False)
        kept.append({"name": name, "name_localizations": localized, "value": value})
    if kept and kind not in (STRING, INTEGER, NUMBER):
        form.fail("choices", "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID", "This type has no choices")
    if len({choice["name"] for choice in kept}) != len(kept):
        form.fail("choices", "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_EXISTS", "Choice names must be unique")
    return kept


def command_size(command: Json) -> int:
    """Count the characters of a command: each field in its longest language, options and choices included."""
    total = 0
    for key in ("name", "description"):
        texts = [str(command.get(key) or ""), *map(str, as_object(command.get(f"{key}_localizations")).values())]
        total += max(map(len, texts))
    value = command.get("value")
    total += len(value) if isinstance(value, str) else len(json.dumps(value)) if value is not None else 0
    nested = objects(command.get("options")) + objects(command.get("choices"))
    return total + sum(command_size(entry) for entry in nested)
