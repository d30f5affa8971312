"""What a person's client does before it sends a slash command: find it, and check every option as the client would.

Refuses with `ClientRefused`, like a client that keeps the send button gray.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, final

from .cdn import Attachment, kind_of, safe_name
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
from .fields import as_list, as_object, objects
from .message_wire import attachment_json
from .permissions import NONE, Permission, in_channel
from .refusals import ClientRefused
from .uploads import Upload
from .wire import interaction_channel_json, member_json, role_json, user_json
from .world import Channel, Role, User

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .refusals import Json
    from .state import State

OptionValue = str | int | float | bool | User | Channel | Role | Upload
T = TypeVar("T", bound=OptionValue)
GUILD_CONTEXT, BOT_DM_CONTEXT = 0, 1
GUILD_INSTALL, USER_INSTALL = 0, 1


def find_command(state: State, name: str, kind: int, user: User, channel: Channel) -> Json:
    """Return the command that a person sees under this name in this place.

    Raises
    ------
    ClientRefused
        There is none, or this person may not use it here.
    """
    guild = channel.guild
    here = [] if guild is None else state.commands.of(guild.id)
    named = [c for c in (*here, *state.commands.of(None)) if c["name"] == name and c["type"] == kind]
    if not named:
        known = sorted({str(command["name"]) for command in state.commands.all()})
        raise ClientRefused(f"there is no command {name!r}; there are {known}")
    command = named[0]
    if not _is_available(state, command, channel):
        raise ClientRefused(f"{name!r} is not offered in {channel.name}")
    allowed = in_channel(channel, user)
    if not allowed & Permission.VIEW_CHANNEL:
        raise ClientRefused(f"{user.username} cannot see {channel.name}")
    if guild is not None:
        needed = command.get("default_member_permissions")
        lacking = Permission(int(needed)) & ~allowed if needed else NONE
        if not allowed & Permission.USE_APPLICATION_COMMANDS or lacking or (needed == "0" and guild.owner is not user):
            raise ClientRefused(f"{user.username} may not use {name!r} here")
    return command


def _is_available(state: State, command: Json, channel: Channel) -> bool:
    contexts = as_list(command.get("contexts"))
    context = GUILD_CONTEXT if channel.guild else BOT_DM_CONTEXT
    if contexts and context not in contexts:
        return False
    if not contexts and context == BOT_DM_CONTEXT and not command.get("dm_permission", True):
        return False
    install = GUILD_INSTALL if state.world.bot_in(channel.guild) else USER_INSTALL
    if install not in as_list(command.get("integration_types")):
        return False
    return not command.get("nsfw") or channel.is_nsfw


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
    """Fills in the options of one command."""

    def __init__(self, state: State, user: User, channel: Channel) -> None:
        self._state = state
        self._user = user
        self._channel = channel
        self.resolved: Json = {}

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
            sent = self.upload(self._expect(option, value, Upload))
        else:
            sent = self._thing(option, kind, value)
        return {"type": kind, "name": option["name"], "value": sent}

    def _expect(self, option: Json, value: OptionValue, kind: type[T]) -> T:
        if not isinstance(value, kind):
            raise ClientRefused(f"{option['name']!r} cannot be {value!r}")
        return value

    def _chosen(self, option: Json, value: OptionValue) -> str | int | float | None:
        choices = objects(option.get("choices"))
        if not choices:
            return None
        for choice in choices:
            if value in (choice["value"], choice["name"]):
                return choice["value"]
        raise ClientRefused(f"{option['name']!r} is one of {[choice['value'] for choice in choices]}, not {value!r}")

    def _text(self, option: Json, value: OptionValue) -> str:
        text = self._chosen(option, value)
        if text is None:
            text = self._expect(option, value, str)
        least, most = int(option.get("min_length") or 0), int(option.get("max_length") or 6000)
        if not least <= len(str(text)) <= most:
            raise ClientRefused(f"{option['name']!r} takes {least} to {most} characters")
        return str(text)

    def _number(self, option: Json, value: OptionValue) -> float:
        chosen = self._chosen(option, value)
        number = value if chosen is None else chosen
        wanted = int if option["type"] == INTEGER else (int, float)
        if isinstance(number, bool) or not isinstance(number, wanted):
            raise ClientRefused(f"{option['name']!r} takes a number, not {value!r}")
        least, most = option.get("min_value"), option.get("max_value")
        if (least is not None and number < least) or (most is not None and number > most):
            raise ClientRefused(f"{option['name']!r} lies between {least} and {most}")
        return number

    def upload(self, upload: Upload) -> str:
        """Upload a file and return its id; it is sent along."""
        state = self._state
        name = safe_name(upload.filename)
        kind = kind_of(upload.data, name, upload.content_type)
        item = Attachment(state.ids.next(), self._channel.id, name, upload.data, kind, None, state.cdn, ephemeral=True)
        state.cdn.keep(item)
        self._resolve("attachments", item.id, attachment_json(item))
        return str(item.id)

    def _thing(self, option: Json, kind: int, value: OptionValue) -> str:
        kinds: dict[int, tuple[type, ...]] = {
            USER_OPTION: (User,),
            CHANNEL: (Channel,),
            ROLE: (Role,),
            MENTIONABLE: (User, Role),
        }
        if not isinstance(value, User | Channel | Role) or not isinstance(value, kinds[kind]):
            raise ClientRefused(f"{option['name']!r} cannot be {value!r}")
        if isinstance(value, User):
            self.resolve_user(value)
        elif isinstance(value, Channel):
            self._resolve("channels", value.id, interaction_channel_json(value, self._user))
        else:
            self._resolve("roles", value.id, role_json(value))
        return str(value.id)

    def resolve_user(self, user: User) -> None:
        """Add a person, and what they are in this guild, to what is sent along."""
        self._resolve("users", user.id, user_json(user))
        guild = self._channel.guild
        if guild is not None and user.id in guild.members:
            member = member_json(guild.members[user.id], with_user=False)
            permissions = str(int(in_channel(self._channel, user)))
            self._resolve("members", user.id, member | {"permissions": permissions})

    def _resolve(self, kind: str, key: int, payload: Json) -> None:
        self.resolved[kind] = as_object(self.resolved.get(kind)) | {str(key): payload}
