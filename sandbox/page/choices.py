"""What a person filled into a command's options: JSON of the page, turned into what their client sends.

Each option's registered type decides. What a client would not send is refused here, in a sentence for a person.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast, final

from sandbox.discord import Upload
from sandbox.discord.commands import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    CHAT_INPUT,
    INTEGER,
    MENTIONABLE,
    NUMBER,
    ROLE,
    STRING,
    USER_OPTION,
)
from sandbox.discord.picking import MOST_NUMBER, take_path
from sandbox.page.asks import read_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.discord import Channel, DiscordSandbox, Person, Role, User
    from sandbox.discord.picking import OptionValue
    from sandbox.page.asks import Json
    from sandbox.page.uploads import PickedFiles

_MIB = 1024 * 1024
_MOST_TEXT = 6000


def options_of(person: Person, name: str, channel: Channel) -> list[Json]:
    """Return the registered options of a slash command; `name` may go on with sub-commands.

    Raises
    ------
    LookupError
        This person is not offered such a command here.
    """
    word, *rest = name.removeprefix("/").split() or [""]
    for command in person.commands(channel):
        if command["name"] == word and command["type"] == CHAT_INPUT:
            return take_path(command, rest)[1]
    raise LookupError(f"You cannot use /{word} here.")


@final
class OptionReader:
    """Reads what was filled into the options of one command, in one place."""

    def __init__(self, discord: DiscordSandbox, files: PickedFiles, channel: Channel) -> None:
        self._discord = discord
        self._files = files
        self._channel = channel
        self.used: list[str] = []
        """The picked files among what was read."""

    def read(self, options: list[Json], given: Json) -> dict[str, OptionValue]:
        """Return all values, ready to be sent.

        Raises
        ------
        ValueError
            A value is missing, unknown or out of range.
        LookupError
            A file, a person, a channel or a role is not there (any more).
        """
        known = {str(option["name"]): option for option in options}
        for name in given:
            if name not in known:
                raise ValueError(f"The command has no option “{name}” any more.")
        for name, option in known.items():
            if option.get("required") and given.get(name) in (None, ""):
                raise ValueError(f"Fill in “{name}” first.")
        return {name: self._value(known[name], value) for name, value in given.items() if value is not None}

    def read_partly(self, options: list[Json], given: Json) -> dict[str, OptionValue]:
        """Return those values that stand already, while a person still types; files are left out."""
        known = {str(option["name"]): option for option in options if option["type"] != ATTACHMENT}
        values: dict[str, OptionValue] = {}
        for name, value in given.items():
            if name not in known:
                continue
            try:
                values[name] = self._value(known[name], value)
            except (ValueError, LookupError):
                continue
        return values

    def _value(self, option: Json, value: object) -> OptionValue:
        kind = option["type"]
        if kind == STRING:
            return _text(option, value)
        if kind in (INTEGER, NUMBER):
            return _number(option, value)
        if kind == BOOLEAN:
            if not isinstance(value, bool):
                raise ValueError(f"“{option['name']}” is either true or false.")
            return value
        if kind == ATTACHMENT:
            self.used.append(str(value))
            return as_uploads(self._files, [value], limit_of(self._discord, self._channel))[0]
        return self._thing(option, read_id(value, option["name"]))

    def _thing(self, option: Json, key: int) -> OptionValue:
        kind = option["type"]
        found: User | Channel | Role | None = None
        if kind in (USER_OPTION, MENTIONABLE):
            found = self._discord.world.users.get(key)
        if kind == CHANNEL:
            found = self._channel_for(option, key)
        guild = self._channel.guild
        if found is None and kind in (ROLE, MENTIONABLE) and guild is not None:
            found = guild.roles.get(key)
        if found is None:
            raise LookupError(f"What “{option['name']}” names is not there any more.")
        return found

    def _channel_for(self, option: Json, key: int) -> Channel | None:
        found = self._discord.world.find_channel(key)
        kinds = cast("list[int]", option.get("channel_types") or [])
        if found is None or found.guild is None or found.guild is not self._channel.guild:
            return None
        if kinds and found.kind not in kinds:
            raise ValueError(f"“{option['name']}” takes another kind of channel.")
        return found


def limit_of(discord: DiscordSandbox, channel: Channel) -> int:
    """Return how many bytes a file may have in a place."""
    return channel.guild.attachment_size_limit if channel.guild else discord.options.attachment_size_limit


def as_uploads(files: PickedFiles, file_ids: Iterable[object], limit: int) -> list[Upload]:
    """Return picked files as a client uploads them; they stay picked until `forget`.

    Raises
    ------
    ValueError
        One is larger than `limit` bytes.
    LookupError
        One is not there any more.
    """
    found = [files.find(str(file_id)) for file_id in file_ids]
    for file in found:
        if len(file.data) > limit:
            raise ValueError(f"“{file.name}” is too large: at most {limit // _MIB} MB fit here.")
    return [Upload(file.name, file.data, file.content_type) for file in found]


def _text(option: Json, value: object) -> str:
    name = option["name"]
    if not isinstance(value, str):
        raise ValueError(f"“{name}” takes a text.")  # noqa: TRY004 - a sentence for a person, not a wrong call
    choices = cast("list[Json]", option.get("choices") or [])
    if choices:
        _check_choice(name, choices, value)
        return value
    least, most = int(option.get("min_length") or 0), int(option.get("max_length") or _MOST_TEXT)
    if len(value) < least:
        raise ValueError(f"“{name}” needs at least {least} characters.")
    if len(value) > most:
        raise ValueError(f"“{name}” takes at most {most} characters; this has {len(value)}.")
    return value


def _number(option: Json, value: object) -> float:
    name = option["name"]
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if option["type"] == INTEGER and not is_whole:
        raise ValueError(f"“{name}” takes a whole number.")
    if not is_whole and not (isinstance(value, float) and math.isfinite(value)):
        raise ValueError(f"“{name}” takes a number.")
    number = cast("float", value)
    choices = cast("list[Json]", option.get("choices") or [])
    if choices:
        _check_choice(name, choices, number)
    least, most = option.get("min_value", -MOST_NUMBER), option.get("max_value", MOST_NUMBER)
    if number < least:
        raise ValueError(f"“{name}” takes {least} or more.")
    if number > most:
        raise ValueError(f"“{name}” takes {most} or less.")
    return number


def _check_choice(name: str, choices: list[Json], value: str | float) -> None:
    if all(choice["value"] != value for choice in choices):
        raise ValueError(f"Choose one of the values that “{name}” offers.")
