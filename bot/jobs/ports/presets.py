"""What people keep under names and share, as the engine needs it. Imports only the model.

As in `JobStore`, every method is one transaction, and those that write raise `StorageError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.model import KeptPreset, Preset, SharedPreset


class PresetStore(Protocol):
    """Words and parameters under names of a person's own."""

    async def put(self, preset: Preset, most: int) -> KeptPreset | None:
        """Write a preset down, in the place of its person's one of that name.

        Returns
        -------
        None if it has another name than theirs and they have `most` already; then nothing is written.
        """
        ...

    async def get(self, user_id: int, name: str) -> Preset | None:
        """Return a person's preset, or None."""
        ...

    async def of(self, user_id: int) -> list[Preset]:
        """Return a person's presets, by name."""
        ...

    async def delete(self, user_id: int, name: str) -> bool:
        """Forget a preset, wherever it is shared; tell whether there was one."""
        ...

    async def share(self, guild_id: int, user_id: int, name: str, owner_name: str) -> bool:
        """Let others use a preset in a server; tell whether there is such a preset."""
        ...

    async def unshare(self, guild_id: int, user_id: int, name: str) -> bool:
        """Let nobody else use a preset there any more; tell whether they could."""
        ...

    async def shared(self, guild_id: int, part: str, limit: int) -> list[SharedPreset]:
        """Return the presets that are shared in a server and have this in their names, by name."""
        ...

    async def shared_as(self, guild_id: int, name: str, limit: int) -> list[SharedPreset]:
        """Return the presets of exactly this name that are shared in a server."""
        ...
