"""Which commands a person's client offers in a place, and why it does not offer the others. Sends nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .fields import as_list
from .installs import IN_BOT_DM, IN_GUILD, context_of, owners_of
from .permissions import NONE, Permission, in_channel
from .refusals import ClientRefused

if TYPE_CHECKING:
    from .refusals import Json
    from .state import State
    from .world import Channel, User


def offered(state: State, user: User, channel: Channel) -> list[Json]:
    """Return the commands of all types that a person may use in a place, in the order of their registration."""
    return [command for command in _registered(state, channel) if not _obstacle(state, command, user, channel)]


def find_command(state: State, name: str, kind: int, user: User, channel: Channel) -> Json:
    """Return the command that a person sees under this name in this place.

    Raises
    ------
    ClientRefused
        There is none, or this person may not use it here.
    """
    for command in _registered(state, channel):
        if command["name"] == name and command["type"] == kind:
            obstacle = _obstacle(state, command, user, channel)
            if obstacle:
                raise ClientRefused(obstacle)
            return command
    known = sorted({str(command["name"]) for command in state.commands.all()})
    raise ClientRefused(f"there is no command {name!r}; there are {known}")


def _registered(state: State, channel: Channel) -> list[Json]:
    """Return what is registered for a place; a guild's own command hides the global one of its name and type."""
    here = state.commands.of(channel.guild.id) if channel.guild else []
    own = {(command["type"], command["name"]) for command in here}
    return [*here, *(c for c in state.commands.of(None) if (c["type"], c["name"]) not in own)]


def _obstacle(state: State, command: Json, user: User, channel: Channel) -> str:
    """Return why this person cannot use a command here; empty if they can."""
    allowed = in_channel(channel, user)
    if not allowed & Permission.VIEW_CHANNEL:
        return f"{user.display_name} cannot see #{channel.name}."
    if not _is_available(state, command, user, channel):
        return f"The command {command['name']!r} is not offered in #{channel.name}."
    if channel.guild is None:
        return ""
    needed = command.get("default_member_permissions")
    lacking = Permission(int(needed)) & ~allowed if needed else NONE
    only_admins = needed == "0" and channel.guild.owner is not user
    if not allowed & Permission.USE_APPLICATION_COMMANDS or lacking or only_admins:
        return f"{user.display_name} may not use {command['name']!r} here."
    return ""


def _is_available(state: State, command: Json, user: User, channel: Channel) -> bool:
    if context_of(state.world, channel) not in _contexts(command):
        return False
    if not owners_of(state.world, user, channel, as_list(command.get("integration_types"))):
        return False
    return not command.get("nsfw") or channel.is_nsfw


def _contexts(command: Json) -> list[int]:
    """Return where a command can be used; one that does not say is not for people among themselves.

    That is what Discord does (discord-api-docs, issue 7108), whatever its documentation says.
    """
    if command.get("contexts") is not None:
        return as_list(command["contexts"])
    return [IN_GUILD, IN_BOT_DM] if command.get("dm_permission", True) else [IN_GUILD]
