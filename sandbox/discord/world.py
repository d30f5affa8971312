"""Who and what exists: people, guilds, roles, channels. Plain values; nothing here knows of the wire.

Ids are fixed, so that a bot which was restarted, or a sandbox which was, meets the same world again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import final

from .permissions import ALL, COMMANDS, NONE, READ, WRITE, Permission

TEXT, DM, GROUP, PUBLIC_THREAD = 0, 1, 3, 11

MEMBER_OVERWRITE, ROLE_OVERWRITE = 1, 0

_OWN_ROLE = 102
"""The bot's own role in a guild, counted from the guild's id."""


@final
@dataclass(eq=False, repr=False)
class User:
    """A person, or the bot."""

    id: int
    username: str
    display_name: str
    bot: bool = False
    locale: str = "en-US"
    dms_closed: bool = False
    has_app: bool = False
    """Whether they installed the application for themselves, and can use it where the bot is not."""

    def __repr__(self) -> str:
        return f"<User {self.username}>"

    @property
    def mention(self) -> str:
        """The text that pings them."""
        return f"<@{self.id}>"


@final
@dataclass(eq=False, repr=False)
class Role:
    """A role of a guild; the one with the guild's id is @everyone."""

    id: int
    name: str
    permissions: Permission
    position: int = 0
    bot_id: int | None = None


@final
@dataclass(eq=False, repr=False)
class Member:
    """A user in a guild."""

    user: User
    roles: set[int]
    joined_at: float


@final
@dataclass(eq=False, repr=False)
class Overwrite:
    """What a channel gives to, or takes from, a role or a member."""

    kind: int
    allow: Permission = NONE
    deny: Permission = NONE


@final
@dataclass(eq=False, repr=False)
class Guild:
    """A server."""

    id: int
    name: str
    owner: User
    roles: dict[int, Role]
    attachment_size_limit: int
    members: dict[int, Member] = field(default_factory=dict[int, Member])
    channels: dict[int, Channel] = field(default_factory=dict[int, "Channel"])
    locale: str = "en-US"

    def __repr__(self) -> str:
        return f"<Guild {self.name}>"


@final
@dataclass(eq=False, repr=False)
class Channel:
    """A text channel, a thread in one, or a conversation: with the bot, of two people, or of a group."""

    id: int
    name: str
    kind: int = TEXT
    guild: Guild | None = None
    parent: Channel | None = None
    parties: tuple[User, ...] = ()
    nsfw: bool = False
    topic: str | None = None
    position: int = 0
    overwrites: dict[int, Overwrite] = field(default_factory=dict[int, Overwrite])
    archived: bool = False
    locked: bool = False
    deleted: bool = False
    last_message_id: int | None = None

    def __repr__(self) -> str:
        return f"<Channel #{self.name}>"

    @property
    def is_thread(self) -> bool:
        """Whether this is a thread."""
        return self.kind == PUBLIC_THREAD

    @property
    def is_nsfw(self) -> bool:
        """Whether only adults may look."""
        return self.parent.nsfw if self.parent else self.nsfw

    @property
    def mention(self) -> str:
        """The text that links here."""
        return f"<#{self.id}>"


@final
class World:
    """Three people, one bot, three guilds and their channels; conversations with the bot come up as they are needed.

    `owner` is admin of the first two guilds, `member` an ordinary member of both, and `guest` is in the first of them
    only and may read and use commands there, but neither write, attach nor moderate. In `locked` the bot may not post.

    `far_guild` belongs to `guest`, and the bot is not in it; nor is it in `private`, where `owner` and `member` talk,
    and in `group`, where all three do. There it can be used by who has installed it for themselves: `owner` and
    `member`. In `hushed` only they see what it answers, for nobody may use such applications in public there.
    """

    def __init__(self, attachment_size_limit: int) -> None:
        self.bot = User(1092416537720832041, "Easel", "Easel", bot=True)
        self.application_id = self.bot.id
        self.owner = User(318704925518266368, "hanna.lind", "Hanna Lind")
        self.member = User(427190386624872448, "mateo_r", "Mateo")
        self.guest = User(991340278452031588, "priya.writes", "Priya")
        self.users = {person.id: person for person in (self.bot, self.owner, self.member, self.guest)}
        self.channels: dict[int, Channel] = {}
        self.guild = self._guild(1043217765409632256, "Northlight Studio", attachment_size_limit)
        self.other_guild = self._guild(1101558420336496650, "Paper Lantern", attachment_size_limit)
        self.far_guild = self._guild(1127934860512509952, "Harbor Book Club", attachment_size_limit, self.guest)
        self.guilds = {guild.id: guild for guild in (self.guild, self.other_guild, self.far_guild)}
        for guild in (self.guild, self.other_guild):
            self.invite(guild, 1_690_000_000.0)
        self._people_in(self.guild, self.member, reader=self.guest)
        self._people_in(self.other_guild, self.member)
        self._people_in(self.far_guild, self.member, self.owner)
        self.owner.has_app = self.member.has_app = True
        self.general = self._channel(self.guild, 1, "general", "Say hello, then ask for a picture.")
        self.gallery = self._channel(self.guild, 2, "gallery", "Finished pictures.")
        self.nsfw = self._channel(self.guild, 3, "after-dark", "For adults.")
        self.nsfw.nsfw = True
        self.locked = self._channel(self.guild, 4, "announcements", "News from the team.")
        self.locked.overwrites[self.guild.id + _OWN_ROLE] = Overwrite(ROLE_OVERWRITE, deny=Permission.SEND_MESSAGES)
        self.thread = self._channel(self.guild, 5, "poster ideas", None)
        self.thread.kind, self.thread.parent = PUBLIC_THREAD, self.gallery
        self.other_channel = self._channel(self.other_guild, 1, "lobby", None)
        self.far_channel = self._channel(self.far_guild, 1, "book-talk", "What we are reading.")
        self.hushed = self._channel(self.far_guild, 2, "reading-room", "Quiet, please.")
        self.hushed.overwrites[self.far_guild.id] = Overwrite(ROLE_OVERWRITE, deny=Permission.USE_EXTERNAL_APPS)
        self.private = self._conversation(1, DM, "Hanna Lind, Mateo", (self.owner, self.member))
        self.group = self._conversation(2, GROUP, "Weekend trip", (self.owner, self.member, self.guest))

    def _guild(self, guild_id: int, name: str, limit: int, owner: User | None = None) -> Guild:
        everyone = Role(guild_id, "@everyone", READ | COMMANDS)
        artists = Role(guild_id + 101, "Artists", WRITE, position=1)
        team = Role(guild_id + 103, "Team", ALL, position=3)
        roles = {role.id: role for role in (everyone, artists, team)}
        guild = Guild(guild_id, name, owner or self.owner, roles, limit)
        guild.members[guild.owner.id] = Member(guild.owner, {team.id}, 1_668_000_000.0)
        return guild

    def invite(self, guild: Guild, at: float) -> None:
        """Let the bot into a guild, where it gets a role of its own if it has none."""
        role = Role(guild.id + _OWN_ROLE, "Easel", READ | WRITE | COMMANDS, position=2, bot_id=self.bot.id)
        guild.roles.setdefault(role.id, role)
        guild.members[self.bot.id] = Member(self.bot, {role.id}, at)

    def _people_in(self, guild: Guild, *artists: User, reader: User | None = None) -> None:
        for artist in artists:
            guild.members[artist.id] = Member(artist, {guild.id + 101}, 1_675_000_000.0)
        if reader is not None:
            guild.members[reader.id] = Member(reader, set(), 1_700_000_000.0)

    def _channel(self, guild: Guild, number: int, name: str, topic: str | None) -> Channel:
        channel = Channel(guild.id + 200 + number, name, guild=guild, topic=topic, position=number)
        guild.channels[channel.id] = channel
        self.channels[channel.id] = channel
        return channel

    def _conversation(self, number: int, kind: int, name: str, parties: tuple[User, ...]) -> Channel:
        channel = Channel(1170523004187942912 + number, name, kind=kind, parties=parties)
        self.channels[channel.id] = channel
        return channel

    def dm(self, user: User) -> Channel:
        """Return the conversation between the bot and a person."""
        channel_id = user.id + 7
        if channel_id not in self.channels:
            self.channels[channel_id] = Channel(channel_id, user.username, kind=DM, parties=(user, self.bot))
        return self.channels[channel_id]

    def find_channel(self, channel_id: int | None) -> Channel | None:
        """Return a channel that exists, or None."""
        channel = self.channels.get(channel_id) if channel_id is not None else None
        return None if channel is None or channel.deleted else channel

    def bot_in(self, guild: Guild) -> bool:
        """Tell whether the bot is in a guild."""
        return self.bot.id in guild.members

    def bot_at(self, channel: Channel) -> bool:
        """Tell whether the bot is in the guild of a channel, or one of those who have a conversation."""
        return self.bot in channel.parties if channel.guild is None else self.bot_in(channel.guild)
