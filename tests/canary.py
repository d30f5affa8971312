"""The secrets that all tests use, and a look whether any of them lies in what the tests wrote (reliability C13).

Logs of processes, databases with their logs, pictures, exports, backups, spools: every file below a folder.
"""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING, Final

from sandbox.comet import CometOptions
from sandbox.discord import DiscordSandbox

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

#: Where secrets belong: what an owner writes, and what the sandbox keeps of its own (it is the one that knows them).
_THEIR_PLACES: Final = frozenset(
    {".env", "discord.json", "comet.json", "addresses.json", "discord_token", "cometapi_key"}
)


def secrets() -> tuple[bytes, ...]:
    """Return the bot's token and the API key that every sandbox starts with."""
    return DiscordSandbox().token.encode(), CometOptions().key.encode()


def leaks(folder: Path, canaries: Collection[bytes]) -> Iterator[Path]:
    """Go through the files below a folder and name those in which one of the canaries stands."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file() or path.name in _THEIR_PLACES or not path.stat().st_size:
            continue
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            if any(content.find(canary) >= 0 for canary in canaries):
                yield path
