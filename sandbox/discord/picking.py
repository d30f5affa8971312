"""What a person's client does before it sends a slash command: check every option as the client would.

Refuses with `ClientRefused`, like a client that keeps the send button gray.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, final

from .commands import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    INTEGER,
    MENTIONABLE,
    NUMBER,
    ROLE,
    STRING,
    SUB_COMMAND,
    SUB_GROUP,
    USER_OPTION,
)
from .fields import as_list, objects
from .refusals import ClientRefused
from .uploads import Upload
from .world import Channel, Role, User

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .refusals import Json
    from .resolving import Resolving

MOST_NUMBER = 2**53
"""Discord takes no number beyond, in either direction; nor NaN."""

OptionValue = str | int | float | bool | User | Channel | Role | Upload
T = TypeVar("T", bound=OptionValue)


def take_path(command: Json, words: list[str]) -> tuple[list[Json], list[Json]]:
    """Follow the words after the command's name into its sub-commands.

    Returns
    -------
    The sub-commands on the way, and the options at its end.

    Raises
    ------
    ClientRefused
        There is no such sub-command, or one is missing.
    """
    way: list[Json] = []
    options = objects(command.get("options"))
    for word in words:
        found = next((o for o in options if o["name"] == word and o["type"] in (SUB_COMMAND, SUB_GROUP)), None)
        if found is None:
            raise ClientRefused(f"{command['name']!r} has no sub-command {word!r}")
        way.append(found)
        options = objects(found.get("options"))
    if any(option["type"] in (SUB_COMMAND, SUB_GROUP) for option in options):
        raise ClientRefused(f"{command['name']!r} needs one of {[option['name'] for option in options]}")
    return way, options


def nest(way: list[Json], options: list[Json]) -> list[Json]:
    """Wrap filled-in options into their sub-commands."""
    for step in reversed(way):
        options = [{"type": step["type"], "name": step["name"], "options": options}]
    return options


@final
class Filling:
    """Fills in the options of one command; what they name goes to `resolving`."""

    def __init__(self, resolving: Resolving) -> None:
        self.resolving = resolving

    def fill(self, options: list[Json], values: Mapping[str, OptionValue], *, partial: bool = False) -> list[Json]:
        """Return the options as the wire wants them.

        Parameters
        ----------
        partial
            The person is still typing: nothing is required yet.

        Raises
        ------
        ClientRefused
            An option is missing, unknown or out of its range.
        """
        known = {str(option["name"]): option for option in options}
        unknown = [name for name in values if name not in known]
        missing = [name for name, option in known.items() if option.get("required") and name not in values]
        if unknown or (missing and not partial):
            raise ClientRefused(f"no such option: {unknown}; still required: {missing}")
        return [self._one(known[name], value) for name, value in values.items()]

    def _one(self, option: Json, value: OptionValue) -> Json:
        kind = int(option["type"])
        if kind == STRING:
            sent: object = self._text(option, value)
        elif kind in (INTEGER, NUMBER):
            sent = self._number(option, value)
        elif kind == BOOLEAN:
            sent = self._expect(option, value, bool)
        elif kind == ATTACHMENT:
            sent = self.resolving.upload(self._expect(option, value, Upload))
        else:
            sent = self._thing(option, kind, value)
        return {"type": kind, "name": option["name"], "value": sent}

    def _expect(self, option: Json, value: OptionValue, kind: type[T]) -> T:
        if not isinstance(value, kind):
            raise ClientRefused(f"The option {option['name']!r} takes something else.")
        return value

    def _chosen(self, option: Json, value: OptionValue) -> str | int | float | None:
        choices = objects(option.get("choices"))
        if not choices:
            return None
        for choice in choices:
            if value in (choice["value"], choice["name"]):
                return choice["value"]
        raise ClientRefused(f"The option {option['name']!r} is one of {_listed(c['name'] for c in choices)}.")

    def _text(self, option: Json, value: OptionValue) -> str:
        text = self._chosen(option, value)
        if text is None:
            text = self._expect(option, value, str)
        least, most = int(option.get("min_length") or 0), int(option.get("max_length") or 6000)
        if not least <= len(str(text)) <= most:
            raise ClientRefused(f"The option {option['name']!r} takes {least} to {most} characters.")
        return str(text)

    def _number(self, option: Json, value: OptionValue) -> float:
        chosen = self._chosen(option, value)
        number = value if chosen is None else chosen
        wanted = int if option["type"] == INTEGER else (int, float)
        if isinstance(number, bool) or not isinstance(number, wanted):
            raise ClientRefused(f"The option {option['name']!r} takes a number.")
        least, most = option.get("min_value", -MOST_NUMBER), option.get("max_value", MOST_NUMBER)
        if not least <= number <= most:
            raise ClientRefused(f"The option {option['name']!r} lies between {least} and {most}.")
        return number

    def _thing(self, option: Json, kind: int, value: OptionValue) -> str:
        kinds: dict[int, tuple[type, ...]] = {
            USER_OPTION: (User,),
            CHANNEL: (Channel,),
            ROLE: (Role,),
            MENTIONABLE: (User, Role),
        }
        if not isinstance(value, User | Channel | Role) or not isinstance(value, kinds[kind]):
            raise ClientRefused(f"The option {option['name']!r} takes something else.")
        if isinstance(value, User):
            self.resolving.add_user(value)
        elif isinstance(value, Channel):
            self.resolving.add_channel(value, as_list(option.get("channel_types")))
        else:
            self.resolving.add_role(value)
        return str(value.id)


def _listed(names: Iterable[object]) -> str:
    return ", ".join(map(str, names)) or "none"
