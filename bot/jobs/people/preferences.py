"""`Preferences`: what people and servers prefer, at hand at once for everybody who is served.

Every interaction asks for it before anything else, so the latest few thousand are kept in memory; only this process
writes them. Knows the ports; never discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar, final

from bot.errors import StorageError
from bot.language import language_of
from bot.model import Defaults

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.jobs.ports import Memory
    from bot.language import Language
    from bot.model import Person, Server

T = TypeVar("T")

#: So many people, and as many servers.
_AT_HAND: Final = 4096
#: Discord waits three seconds for the first answer; so much of it may be spent on finding out how to give it.
_PATIENCE_S: Final = 0.4


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How somebody is to be answered.

    Attributes
    ----------
    language
        Of what they alone see.
    public_language
        Of what everybody there sees.
    private
        Whether what they ask for is to be seen by them alone; also where that could not be found out in time, for what
        was shown to everybody cannot be taken back.
    """

    language: Language
    public_language: Language
    private: bool


@final
class Preferences:
    """What people and servers have set."""

    def __init__(self, memory: Memory) -> None:
        self._people = memory.people
        self._persons: _Shelf[Person] = _Shelf(memory.people.get)
        self._servers: _Shelf[Server] = _Shelf(memory.people.server)
        self._one_at_a_time = asyncio.Lock()

    async def person(self, user_id: int) -> Person:
        """Return what a person has set."""
        return await self._persons.get(user_id)

    async def server(self, guild_id: int) -> Server:
        """Return what is set for a server."""
        return await self._servers.get(guild_id)

    async def defaults(self, user_id: int, guild_id: int | None) -> tuple[Defaults, Defaults]:
        """Return what a person has set for what they ask for, and what is set for where they ask."""
        person = await self.person(user_id)
        server = await self.server(guild_id) if guild_id is not None else None
        return person.defaults, Defaults() if server is None else server.defaults

    async def change(self, user_id: int, change: Callable[[Person], Person]) -> Person:
        """Change what a person has set, and return it as it is then.

        Raises
        ------
        StorageError
            The database refused; nothing has changed.
        """
        async with self._one_at_a_time:
            person = change(await self._people.get(user_id))
            await self._people.put(person)
            self._persons.put(user_id, person)
        return person

    async def change_server(self, guild_id: int, change: Callable[[Server], Server]) -> Server:
        """Change what is set for a server, and return it as it is then. Who may do so is the caller's business.

        Raises
        ------
        StorageError
            The database refused; nothing has changed.
        """
        async with self._one_at_a_time:
            server = change(await self._people.server(guild_id))
            await self._people.put_server(server)
            self._servers.put(guild_id, server)
        return server

    @property
    def undisturbed(self) -> asyncio.Lock:
        """Held while something is set, and by whoever may not be disturbed by that."""
        return self._one_at_a_time

    def forget(self, user_id: int) -> None:
        """Keep nothing of a person at hand."""
        self._persons.drop(user_id)

    async def manners(self, user_id: int, guild_id: int | None, locale: str, guild_locale: str | None) -> Manners:
        """Return how somebody is to be answered in a place, in a fraction of a second whatever the database does.

        Parameters
        ----------
        locale, guild_locale
            Of their Discord and of the server, as the interaction says.
        """
        try:
            async with asyncio.timeout(_PATIENCE_S):
                person = await self.person(user_id)
                server = await self.server(guild_id) if guild_id is not None else None
        except (TimeoutError, StorageError):
            language = language_of(locale)
            return Manners(
                language=language,
                public_language=language_of(guild_locale) if guild_locale else language,
                private=True,
            )
        language = person.language or language_of(locale)
        theirs = language_of(guild_locale) if guild_locale else language
        return Manners(
            language=language,
            public_language=theirs if server is None else server.language or theirs,
            private=person.private,
        )


@final
class _Shelf(Generic[T]):
    """The latest values asked for, by id; what is not there is looked up."""

    def __init__(self, look_up: Callable[[int], Awaitable[T]]) -> None:
        self._look_up = look_up
        self._values: OrderedDict[int, T] = OrderedDict()
        self._drops = 0

    async def get(self, key: int) -> T:
        if key in self._values:
            self._values.move_to_end(key)
            return self._values[key]
        drops, value = self._drops, await self._look_up(key)
        if key in self._values:  # a change has come first
            return self._values[key]
        if drops == self._drops:  # else it may be of before somebody left
            self.put(key, value)
        return value

    def put(self, key: int, value: T) -> None:
        self._values[key] = value
        self._values.move_to_end(key)
        while len(self._values) > _AT_HAND:
            self._values.popitem(last=False)

    def drop(self, key: int) -> None:
        self._drops += 1
        self._values.pop(key, None)
