"""The people, roles, channels and files that an interaction names, written out: its `resolved` (docs, interactions).

Knows what a person can see, and refuses the rest with `ClientRefused`, as a client does not even list it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from .cdn import Attachment, kind_of, safe_name
from .fields import as_id, as_object
from .message_wire import attachment_json
from .messages import CHANNEL_SELECT, MENTIONABLE_SELECT, ROLE_SELECT, USER_SELECT
from .permissions import Permission, in_channel
from .refusals import ClientRefused
from .wire import interaction_channel_json, member_json, role_json, user_json

if TYPE_CHECKING:
    from collections.abc import Collection

    from .messages import Select
    from .refusals import Json
    from .state import State
    from .uploads import Upload
    from .world import Channel, Role, User


@final
class Resolving:
    """Collects what one interaction of a person in a channel names."""

    def __init__(self, state: State, user: User, channel: Channel) -> None:
        self._state = state
        self._user = user
        self._channel = channel
        self._sent: Json = {}
        self._files: list[Attachment] = []

    def finish(self) -> Json:
        """Return `resolved` as a part of the interaction's data, or nothing if nothing was named; files go up now."""
        for item in self._files:
            self._state.cdn.keep(item)
        return {"resolved": self._sent} if self._sent else {}

    def add_user(self, user: User) -> None:
        """Name a person, and what they are in this guild."""
        self._add("users", user.id, user_json(user))
        guild = self._channel.guild
        if guild is not None and user.id in guild.members:
            member = member_json(guild.members[user.id], with_user=False)
            permissions = str(int(in_channel(self._channel, user)))
            self._add("members", user.id, member | {"permissions": permissions})

    def add_role(self, role: Role) -> None:
        """Name a role of this guild.

        Raises
        ------
        ClientRefused
            It belongs to another one.
        """
        if self._role(role.id) is not role:
            raise ClientRefused(f"There is no role {role.name!r} here.")
        self._add("roles", role.id, role_json(role))

    def add_channel(self, channel: Channel, kinds: Collection[int] = ()) -> None:
        """Name a channel of this guild; `kinds` are those that fit, if not any.

        Raises
        ------
        ClientRefused
            This person cannot see it, or it does not fit.
        """
        visible = in_channel(channel, self._user) & Permission.VIEW_CHANNEL and not channel.deleted
        if channel.guild is not self._channel.guild or not visible:
            raise ClientRefused(f"{self._user.display_name} cannot see that channel.")
        if kinds and channel.kind not in kinds:
            raise ClientRefused(f"#{channel.name} is not the kind of channel that is wanted.")
        self._add("channels", channel.id, interaction_channel_json(channel, self._user))

    def upload(self, upload: Upload) -> str:
        """Take a file along and return its id; it goes up with the rest, once all of it is checked."""
        state = self._state
        name = safe_name(upload.filename)
        kind = kind_of(upload.data, name, upload.content_type)
        item = Attachment(state.ids.next(), self._channel.id, name, upload.data, kind, None, state.cdn, ephemeral=True)
        self._files.append(item)
        self._add("attachments", item.id, attachment_json(item))
        return str(item.id)

    def pick(self, select: Select, value: str) -> None:
        """Name what was picked, by its id, in a select of people, roles or channels.

        Raises
        ------
        ClientRefused
            There is nothing of that kind and id that this person could see.
        """
        key = as_id(value) or 0
        user = self._person(key) if select.kind in (USER_SELECT, MENTIONABLE_SELECT) else None
        role = self._role(key) if select.kind in (ROLE_SELECT, MENTIONABLE_SELECT) else None
        channel = self._state.world.find_channel(key) if select.kind == CHANNEL_SELECT else None
        if user is not None:
            self.add_user(user)
        elif role is not None:
            self.add_role(role)
        elif channel is not None:
            self.add_channel(channel, select.channel_types)
        else:
            raise ClientRefused("That cannot be picked here.")

    def _person(self, key: int) -> User | None:
        guild = self._channel.guild
        if guild is None:
            return next((user for user in self._channel.parties if user.id == key), None)
        member = guild.members.get(key)
        return None if member is None else member.user

    def _role(self, key: int) -> Role | None:
        guild = self._channel.guild
        return None if guild is None else guild.roles.get(key)

    def _add(self, kind: str, key: int, payload: Json) -> None:
        self._sent[kind] = as_object(self._sent.get(kind)) | {str(key): payload}
