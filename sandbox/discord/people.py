"""A person at a Discord client: types commands, presses buttons, fills modals. What a client refuses, it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from .calls import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT
from .commands import CHAT_INPUT, MESSAGE, USER
from .fields import as_id
from .forms import check_choice, fill_modal
from .messages import BUTTON, LINK, walk
from .offers import find_command, offered
from .permissions import in_channel
from .picking import Filling, nest, take_path
from .posting import Origin, message_payload
from .refusals import ClientRefused, InteractionFailed
from .resolving import Resolving
from .sending import Action, send_interaction
from .world import User
from .writing import add_reaction, must_see, take_away, write

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .calls import Call, Choice, Modal
    from .forms import FieldValue
    from .messages import Message
    from .permissions import Permission
    from .picking import OptionValue
    from .refusals import Json
    from .state import State
    from .uploads import Upload
    from .world import Channel

    Fill = Callable[[Filling, list[Json]], list[Json]]


@final
class Person:
    """One user at their client."""

    def __init__(self, state: State, user: User) -> None:
        self._state = state
        self.user = user

    def rights(self, channel: Channel) -> Permission:
        """Return what this person may do in a channel; nothing, if they cannot see it."""
        return in_channel(channel, self.user)

    def commands(self, channel: Channel) -> list[Json]:
        """Return the commands of all three types that this person may use in a channel, as they are registered."""
        return offered(self._state, self.user, channel)

    async def slash(self, name: str, options: Mapping[str, OptionValue] | None = None, *, channel: Channel) -> Call:
        """Run a slash command; `name` may go on with sub-commands, as in `settings speed`.

        Raises
        ------
        ClientRefused
            The client would not send it: no such command here, an option missing or out of range.
        """
        data = self._command_data(name, channel, lambda filling, known: filling.fill(known, options or {}))
        return self._use(COMMAND, name, channel, data)

    async def autocomplete(
        self,
        name: str,
        option: str,
        typed: str,
        options: Mapping[str, OptionValue] | None = None,
        *,
        channel: Channel,
        timeout: float = 3.0,  # noqa: ASYNC109 - the interface of every wait here
    ) -> list[Choice]:
        """Type into an option and return what is suggested.

        Raises
        ------
        InteractionFailed
            Nothing came in time: the client shows `Loading options failed`.
        ClientRefused
            The option has no autocompletion.
        """

        def fill(filling: Filling, known: list[Json]) -> list[Json]:
            focused = next((o for o in known if o["name"] == option and o.get("autocomplete")), None)
            if focused is None:
                raise ClientRefused(f"{name!r} does not complete {option!r}")
            others = {key: value for key, value in (options or {}).items() if key != option}
            sent: Json = {"type": focused["type"], "name": option, "value": typed, "focused": True}
            return [*filling.fill(known, others, partial=True), sent]

        call = self._use(AUTOCOMPLETE, name, channel, self._command_data(name, channel, fill))
        try:
            return list((await call.answer(timeout)).choices)
        except (InteractionFailed, TimeoutError):
            raise InteractionFailed("Loading options failed") from None

    def _command_data(self, name: str, channel: Channel, fill: Fill) -> Json:
        word, *rest = name.removeprefix("/").split()
        command = find_command(self._state, word, CHAT_INPUT, self.user, channel)
        way, known = take_path(command, rest)
        filling = Filling(self._resolving(channel))
        data: Json = {"id": command["id"], "name": command["name"], "type": CHAT_INPUT}
        sent = nest(way, fill(filling, known))
        data |= {"options": sent} if sent else {}
        data |= filling.resolving.finish()
        return data | ({"guild_id": command["guild_id"]} if "guild_id" in command else {})

    async def context_menu(self, name: str, target: Message | User, *, channel: Channel) -> Call:
        """Run a command from the menu of a message or of a person.

        Raises
        ------
        ClientRefused
            There is no such command here.
        """
        kind = USER if isinstance(target, User) else MESSAGE
        command = find_command(self._state, name, kind, self.user, channel)
        if isinstance(target, User):
            resolving = self._resolving(channel)
            resolving.add_user(target)
            named = resolving.finish()
        else:
            must_see(target, self.user)
            named = {"resolved": {"messages": {str(target.id): message_payload(self._state, target)}}}
        data: Json = {"id": command["id"], "name": command["name"], "type": kind}
        return self._use(COMMAND, name, channel, data | named | {"target_id": str(target.id)})

    async def click(
        self, message: Message, *, label: str | None = None, custom_id: str | None = None, emoji: str | None = None
    ) -> Call:
        """Press a button, named by whatever is known of it.

        Raises
        ------
        ClientRefused
            The message is out of sight, or it has no such button that can be pressed.
        """
        must_see(message, self.user)
        wanted = {"label": label, "custom_id": custom_id, "emoji": emoji}
        if not any(wanted.values()):
            raise ClientRefused("name a button by its label, custom_id or emoji")
        nodes = [node for node in walk(message.components) if node.get("type") == BUTTON]
        for node, button in zip(nodes, message.buttons(), strict=True):
            if all(value is None or getattr(button, key) == value for key, value in wanted.items()):
                if button.disabled or button.style == LINK:
                    raise ClientRefused(f"{button.label or button.emoji!r} cannot be pressed")
                data: Json = {"component_type": BUTTON, "custom_id": button.custom_id, "id": node["id"]}
                return self._use(COMPONENT, button.label or button.emoji or "", message.channel, data, message)
        raise ClientRefused(f"no button {wanted} among {[b.label or b.emoji for b in message.buttons()]}")

    async def choose(self, message: Message, values: Sequence[str] | str, custom_id: str | None = None) -> Call:
        """Pick values in a select: the only one of the message, unless it is named.

        Raises
        ------
        ClientRefused
            The message is out of sight, or these values cannot be picked.
        """
        must_see(message, self.user)
        picked = [values] if isinstance(values, str) else list(values)
        try:
            select = message.select(custom_id)
        except LookupError:
            raise ClientRefused("This message has nothing like that to choose from.") from None
        if select.disabled:
            raise ClientRefused("This cannot be chosen from now.")
        resolving = self._resolving(message.channel)
        check_choice(select, picked, resolving)
        node = next(n for n in walk(message.components) if n.get("custom_id") == select.custom_id)
        data: Json = {"component_type": select.kind, "custom_id": select.custom_id, "id": node["id"]}
        data |= {"values": picked} | resolving.finish()
        return self._use(COMPONENT, select.custom_id, message.channel, data, message)

    async def submit_modal(self, modal: Modal, values: Mapping[str, FieldValue] | None = None) -> Call:
        """Fill in and send a modal that this person was shown. Fields that are not named keep what the bot put in.

        Raises
        ------
        ClientRefused
            It was shown to somebody else, or a field is missing or out of range.
        """
        if modal.call.user is not self.user:
            raise ClientRefused(f"This form was shown to {modal.call.user.display_name}.")
        resolving = self._resolving(modal.call.channel)
        data: Json = {"custom_id": modal.custom_id, "components": fill_modal(modal, values or {}, resolving)}
        data |= resolving.finish()
        opener = modal.call
        action = Action(MODAL_SUBMIT, self.user, opener.channel, modal.title, data, opener.source, opener)
        return send_interaction(self._state, action)

    async def say(
        self, channel: Channel, content: str = "", *, files: Sequence[Upload] = (), reply_to: Message | None = None
    ) -> Message:
        """Write an ordinary message.

        Raises
        ------
        ClientRefused
            This person may not write, or not attach files, here.
        """
        return write(self._state, Origin(channel, self.user), content, files, reply_to)

    async def react(self, message: Message, emoji: str, *, on: bool = True) -> None:
        """Put one's reaction on a message, or with `on` false take it back.

        Raises
        ------
        ClientRefused
            The message is out of sight or ephemeral, this is no emoji, or this person may not add it.
        """
        add_reaction(self._state, message, emoji, self.user, on=on)

    async def delete(self, message: Message) -> None:
        """Delete one's own message, dismiss an ephemeral one, or moderate.

        Raises
        ------
        ClientRefused
            This person may not.
        """
        take_away(self._state, message, self.user)

    def _resolving(self, channel: Channel) -> Resolving:
        return Resolving(self._state, self.user, channel)

    def _use(self, kind: int, name: str, channel: Channel, data: Json, source: Message | None = None) -> Call:
        return send_interaction(self._state, Action(kind, self.user, channel, name, data, source))


def find_person(state: State, who: User | int | str) -> User:
    """Return a person of the world by themselves, by id, or by the name they go by.

    Raises
    ------
    LookupError
        Nobody is called that.
    """
    if isinstance(who, User):
        return who
    for user in state.world.users.values():
        if as_id(who) == user.id or str(who) in (user.username, user.display_name):
            return user
    raise LookupError(f"nobody is called {who!r}")
