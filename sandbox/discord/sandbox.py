"""A Discord of one's own on loopback: started as an async context, driven from Python, spoken to over the real wire."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, final

from .avatars import avatar
from .channel_routes import tell_channel
from .fields import as_id
from .keeping import DiscordKeeper
from .options import DiscordOptions
from .people import Person, find_person
from .permissions import Permission
from .posting import delete, seen_json
from .server import API, Server
from .state import State
from .wire import channel_json, guild_json, guild_update_json
from .world import MEMBER_OVERWRITE, Overwrite

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Self

    from .calls import Call
    from .cdn import Attachment
    from .faults import FaultBoard
    from .limits import Counters
    from .messages import Message
    from .refusals import Json
    from .world import Channel, Guild, User, World


@final
class DiscordSandbox:
    """The whole of it. Everything a test or a client may want hangs here."""

    def __init__(self, options: DiscordOptions | None = None) -> None:
        self._state = State(options or DiscordOptions())
        self._server = Server(self._state)
        self.url = ""
        """Such as `http://127.0.0.1:8090`, without a slash at the end; files and avatars lie here too."""

    async def __aenter__(self) -> Self:
        """Start listening."""
        self.url = await self._server.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close every connection, with 1001 on the gateway."""
        for call in self._state.calls.by_id.values():
            if call.timer is not None:
                call.timer.cancel()
        await self._server.stop()

    @property
    def api_url(self) -> str:
        """The REST root, as in `DISCORD_API_URL`."""
        return self.url + API

    @property
    def gateway_url(self) -> str:
        """The gateway's address."""
        return self._state.gateway_url

    @property
    def options(self) -> DiscordOptions:
        """What it was started with."""
        return self._state.options

    @property
    def token(self) -> str:
        """The bot token that is accepted."""
        return self._state.token

    @property
    def application_id(self) -> int:
        """The application's id."""
        return self._state.world.application_id

    @property
    def bot_id(self) -> int:
        """The bot user's id."""
        return self._state.world.bot.id

    @property
    def world(self) -> World:
        """People, guilds and channels."""
        return self._state.world

    @property
    def commands(self) -> list[Json]:
        """All registered commands, as Discord returns them: global ones first, then those of guilds."""
        return self._state.commands.all()

    @property
    def counters(self) -> Counters:
        """What was asked of this Discord so far."""
        return self._state.counters

    @property
    def faults(self) -> FaultBoard:
        """The fault switches."""
        return self._state.faults

    @property
    def calls(self) -> list[Call]:
        """Every interaction so far, oldest first."""
        return list(self._state.calls.by_id.values())

    @property
    def is_bot_online(self) -> bool:
        """Whether a bot is connected."""
        return bool(self._state.hub.connected())

    def person(self, who: User | int | str) -> Person:
        """Return somebody at their client: a user of the world, an id, or a name.

        Raises
        ------
        LookupError
            Nobody is called that.
        """
        return Person(self._state, find_person(self._state, who))

    def channel(self, which: int | str) -> Channel:
        """Return a channel by id or name.

        Raises
        ------
        LookupError
            There is none.
        """
        name = str(which).removeprefix("#")
        for channel in self._state.world.channels.values():
            if not channel.deleted and (as_id(which) == channel.id or channel.name == name):
                return channel
        raise LookupError(f"there is no channel {which!r}")

    def message(self, message_id: int) -> Message | None:
        """Return any message there ever was, deleted ones included."""
        return next((message for message in self._state.messages.all() if message.id == message_id), None)

    def messages(self, channel: Channel, viewer: User | None = None, *, deleted: bool = False) -> list[Message]:
        """Return what is in a channel, oldest first.

        Parameters
        ----------
        viewer
            Whose eyes to look through; None sees everybody's ephemeral messages.
        deleted
            Also return what was deleted.
        """
        found = self._state.messages.in_channel(channel.id)
        return [message for message in found if message.seen_by(viewer) or (deleted and message.deleted)]

    async def ready(self, timeout: float = 10.0, *, commands: bool = False) -> None:  # noqa: ASYNC109 - the interface of every wait here
        """Wait until a bot is connected and, with `commands`, has registered at least one command.

        Raises
        ------
        TimeoutError
            That did not happen in time; like every `timeout` here, in seconds.
        """

        def is_ready() -> bool:
            return self.is_bot_online and (not commands or bool(self.commands))

        await self._state.changes.until(is_ready, timeout, "a bot that is ready")

    async def commands_registered(self, *names: str, timeout: float = 10.0) -> None:  # noqa: ASYNC109 - the interface of every wait here
        """Wait until commands of these names are registered, anywhere."""

        def are_registered() -> bool:
            return set(names) <= {str(command["name"]) for command in self.commands}

        await self._state.changes.until(are_registered, timeout, f"the commands {names}")

    async def wait_message(self, wanted: Callable[[Message], bool], timeout: float = 5.0) -> Message:  # noqa: ASYNC109 - the interface of every wait here
        """Return the first message, in any channel and not deleted, for which `wanted` holds; now or later."""

        def find() -> Message | None:
            return next((m for m in self._state.messages.all() if not m.deleted and wanted(m)), None)

        return await self._state.changes.until(find, timeout, "a message")

    async def wait_until(self, condition: Callable[[], bool], timeout: float = 5.0) -> None:  # noqa: ASYNC109 - the interface of every wait here
        """Wait until `condition` holds; it is asked again after every change in the sandbox."""
        await self._state.changes.until(condition, timeout, "a condition")

    def subscribe(self, callback: Callable[[Json], None]) -> Callable[[], None]:
        """Call `callback` with every visible change (see `changes.py`); return what ends that."""
        return self._state.changes.subscribe(callback)

    def message_json(self, message: Message) -> Json:
        """Return a message as the wire shows it, with addresses that are fresh now, and who reacted as `user_ids`."""
        return seen_json(self._state, message)

    def file(self, path: str, query: str) -> Attachment | None:
        """Return a file by its signed address, taken apart; None if it is gone, or the address wrong or too old."""
        return self._state.cdn.find(path, query)

    def avatar(self, user_id: int) -> bytes:
        """Return somebody's avatar, a PNG.

        Raises
        ------
        KeyError
            There is no such user.
        """
        user = self.world.users[user_id]
        return avatar(user.id, user.display_name, bot=user.bot)

    def keeper(self, folder: Path) -> DiscordKeeper:
        """Return what saves all of this into a folder, and loads it from there before it listens."""
        return DiscordKeeper(self._state, folder)

    def advance(self, seconds: float) -> None:
        """Let the sandbox's time jump ahead: tokens, nonces and signed addresses grow old at once."""
        self._state.clock.advance(seconds)
        for call in self._state.calls.by_id.values():
            if self._state.clock.now() - call.created_at > call.ack_seconds:
                call.expire()

    def replay(self, call: Call) -> None:
        """Send an interaction's event once more, as a gateway that resumes may do."""
        self._state.hub.dispatch("INTERACTION_CREATE", call.payload)

    def dispatch(self, name: str, data: Json) -> None:
        """Send an event to every session of the bot as it is, such as one that no bot can read."""
        self._state.hub.dispatch(name, data)

    def deny(self, channel: Channel, *names: str) -> None:
        """Take permissions from the bot in one channel, by their API names; a thread shares those of its channel."""
        self._overwrite(channel, names, granted=False)

    def allow(self, channel: Channel, *names: str) -> None:
        """Give the bot permissions in one channel."""
        self._overwrite(channel, names, granted=True)

    def _overwrite(self, channel: Channel, names: tuple[str, ...], *, granted: bool) -> None:
        place = channel.parent or channel
        overwrite = place.overwrites.setdefault(self.bot_id, Overwrite(MEMBER_OVERWRITE))
        for name in names:
            bit = Permission[name]
            overwrite.allow = overwrite.allow | bit if granted else overwrite.allow & ~bit
            overwrite.deny = overwrite.deny & ~bit if granted else overwrite.deny | bit
        tell_channel(self._state, place)

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel with all that is in it, threads included."""
        channel.deleted = True
        for thread in (other for other in self.world.channels.values() if other.parent is channel):
            thread.deleted = True
        name = "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE"
        self._state.hub.dispatch(name, channel_json(channel), intent=1)
        self._state.changes.publish({"type": "channel_delete", "channel_id": str(channel.id)})

    def archive(self, thread: Channel, *, locked: bool = False) -> None:
        """Put a thread away; a locked one can only be taken out by moderators."""
        thread.archived, thread.locked = True, locked
        tell_channel(self._state, thread)

    def delete_message(self, message: Message) -> None:
        """Delete a message, as a moderator would."""
        delete(self._state, message)

    def close_dms(self, user: User) -> None:
        """Let a person take no direct messages any more."""
        user.dms_closed = True

    def remove_bot(self, guild: Guild) -> None:
        """Throw the bot out of a guild. People there can still use commands that they installed for themselves."""
        guild.members.pop(self.bot_id, None)
        self._state.hub.dispatch("GUILD_DELETE", {"id": str(guild.id)}, intent=1)
        self._state.changes.publish({"type": "world"})

    def add_bot(self, guild: Guild) -> None:
        """Invite the bot into a guild, for the first time or again."""
        self.world.invite(guild, self._state.clock.now())
        self._state.hub.dispatch("GUILD_CREATE", guild_json(guild, self.world.bot), intent=1)
        self._state.changes.publish({"type": "world"})

    def install_for(self, user: User, *, installed: bool = True) -> None:
        """Install the application for one person, who can then use it everywhere; or take it away again."""
        user.has_app = installed
        self._state.changes.publish({"type": "world"})

    def speak(self, locale: str) -> None:
        """Let all people, and all guilds, go on in another language."""
        for user in self.world.users.values():
            user.locale = user.locale if user.bot else locale
        for guild in self.world.guilds.values():
            if guild.locale == locale:
                continue
            guild.locale = locale
            if self.world.bot_in(guild):
                self._state.hub.dispatch("GUILD_UPDATE", guild_update_json(guild, self.world.bot), intent=1)

    async def disconnect(self, code: int | None = None) -> None:
        """Close the gateway's connections with a code, or cut the line without one.

        What happens from now on is kept for a RESUME, however long the bot takes to notice.
        """
        for socket in tuple(self._state.sockets):
            socket.finish(code)
        await asyncio.sleep(0)

    def reconnect_request(self) -> None:
        """Ask the bot to connect anew (op 7)."""
        for socket in tuple(self._state.sockets):
            socket.reconnect()

    def forget_session(self) -> None:
        """Make what is connected now no session that could go on later; nobody is told."""
        for session in self._state.hub.connected():
            self._state.hub.end(session)

    def invalidate_session(self, *, resumable: bool = False) -> None:
        """Tell the bot that its session is over (op 9)."""
        for session in self._state.hub.connected():
            if not resumable:
                self._state.hub.end(session)
        for socket in tuple(self._state.sockets):
            socket.invalidate(resumable=resumable)
