"""Where copies of the database are kept, as the engine needs it. Imports only the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from bot.model import Backup, Tombstone


class Vault(Protocol):
    """The backups. Those made before a change of schema, or set aside by a restore, are no regular ones."""

    async def write(self, at: datetime) -> Backup:
        """Make a regular backup, look through it, and return it.

        Raises
        ------
        StorageError
            There is none: no room, a disk that refuses, or damage.
        """
        ...

    async def made(self) -> list[datetime]:
        """Return when the regular backups were made that are there, oldest first."""
        ...

    async def keep(self, wanted: Callable[[Collection[datetime]], Collection[datetime]], since: datetime) -> int:
        """Remove backups; return how many.

        Parameters
        ----------
        wanted
            Says which of the regular ones stay.
        since
            Whatever is older goes, regular or not.

        Raises
        ------
        StorageError
            The disk refused.
        """
        ...

    async def redate(self, now: datetime) -> int:
        """Give this time, or one just before it, to backups that bear one over an hour later; return how many.

        Regular or not: none of them can have been made after that.

        Raises
        ------
        StorageError
            The disk refused.
        """
        ...

    async def copies(self) -> list[str]:
        """Return the names of all that are there, regular or not, newest first."""
        ...

    async def cleanse(self, name: str, has_left: Callable[[int], Tombstone | None]) -> set[str] | None:
        """Write one anew without those who have left since it was made, if there are any in it.

        Returns the names of the files that no job in it has any more; None where nothing had to be written.

        Parameters
        ----------
        has_left
            Returns the tombstone of a person of whom nothing from before it is left in the database. Called in another
            thread.

        Raises
        ------
        DatabaseDamaged
            It was not, and never will be. It is as it was, as with every error.
        StorageError
            It was not: no room, a disk that refuses, or `stop`.
        """
        ...

    async def tidy(self) -> None:
        """Remove what others have left half written who were killed."""
        ...

    async def has_set_aside(self) -> bool:
        """Tell whether a database that another was put in the place of is still there."""
        ...

    def stop(self) -> None:
        """Have what is being made fail soon."""
        ...
