"""`Cleansing`: those who have left go from the backups too, soon after they have gone from the database.

Backups are gone through one by one after every start, and whenever somebody has left; one that was made while that
was under way, or that somebody puts into the folder, is looked at as soon as it is there. Knows the ports; never
discord, aiohttp or aiosqlite.
"""

from __future__ import annotations

import logging
from math import inf
from typing import TYPE_CHECKING, Final, final

from bot.errors import DatabaseDamaged, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.jobs.keeping.keeper import Keeper
    from bot.jobs.ports import Clock, Vault
    from bot.jobs.privacy.leaving import Leaving
    from bot.model import Tombstone

_log = logging.getLogger(__name__)

#: Seconds after which a step begins no other backup. Small ones are through within one step, of large ones each has its
#: own.
_TURN: Final = 5.0
#: So many times as long as going through all of them took, nobody's leaving has them gone through again: on a large
#: installation where many leave, the disk must not be busy all day.
_REST: Final = 10
#: Seconds until a backup is tried again that could not be written anew.
_LATER: Final = 3600.0


@final
class Cleansing:
    """Goes through the backups.

    Parameters
    ----------
    vault
        None where there are none.
    leaving
        Says who has left.
    keeper
        Keeps what only a database knew that was set aside, as long as that is there.
    """

    def __init__(self, *, vault: Vault | None, leaving: Leaving, keeper: Keeper, clock: Clock) -> None:
        self._vault = vault
        self._leaving = leaving
        self._keeper = keeper
        self._clock = clock
        self._is_stopped = False
        self._round = -1
        self._has_left: Callable[[int], Tombstone | None] | None = None
        #: When which backup is to be looked at again, as long as nobody else leaves.
        self._next: dict[str, float] = {}
        self._told: set[str] = set()
        self._spent = 0.0
        self._rests_until = -inf

    async def step(self) -> None:
        """Go on with the backups that were not gone through since the last leaving.

        Raises
        ------
        StorageError
            The database refused, or the folder.
        """
        began = self._clock.monotonic()
        if self._vault is None or began < self._rests_until:
            return
        due = await self._due(self._vault)
        if not due and self._round != self._leaving.finished:
            await self._begin(self._vault)
            due = await self._due(self._vault)
        for name in due:
            await self._cleanse(self._vault, name)
            if self._is_stopped or self._clock.monotonic() - began >= _TURN:
                break
        now = self._clock.monotonic()
        self._spent += now - began
        if self._next.keys() >= set(due):
            self._rests_until, self._spent = now + _REST * self._spent, 0.0

    def stop(self) -> None:
        """Give up the backup that is being written anew, and begin no other."""
        self._is_stopped = True
        if self._vault is not None:
            self._vault.stop()

    async def _begin(self, vault: Vault) -> None:
        """Begin anew, with all who have left by now: who leaves meanwhile has the next round."""
        finished = self._leaving.finished
        self._has_left = await self._leaving.recognizer()
        self._round = finished
        self._next.clear()
        await vault.tidy()

    async def _due(self, vault: Vault) -> list[str]:
        if self._has_left is None:
            return []
        names, now = await vault.copies(), self._clock.monotonic()
        self._next = {name: at for name, at in self._next.items() if name in names}
        return [name for name in names if self._next.get(name, now) <= now]

    async def _cleanse(self, vault: Vault, name: str) -> None:
        if self._has_left is None:
            return
        try:
            files = await vault.cleanse(name, self._has_left)
            if files is not None:
                _log.info("Wrote the backup %s anew, without those who have left since", name)
                await self._keeper.remove_strays(files)
            self._told.discard(name)
            self._next[name] = inf
        except StorageError as error:
            if self._is_stopped:
                return
            self._next[name] = inf if isinstance(error, DatabaseDamaged) else self._clock.monotonic() + _LATER
            if name not in self._told:
                self._told.add(name)
                _log.warning("The backup %s may still have people who have left: %s", name, error)
