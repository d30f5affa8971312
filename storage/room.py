"""How much room is left beside the database, and whether that is enough to take on something paid.

A job that cannot be written down to its end must not be begun (reliability B.4, 11). Imports only the standard library
and `bot.errors`.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from bot.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path

#: With less room than this, no new jobs are taken; those that were go on.
LEAST_FREE: Final = 200 * 1024 * 1024


def free_bytes(folder: Path) -> int:
    """Return how much room we may still use on a folder's disk."""
    return shutil.disk_usage(folder).free


def has_room(folder: Path) -> bool:
    """Tell whether there is room enough for new jobs."""
    return free_bytes(folder) >= LEAST_FREE


def require_room(folder: Path) -> None:
    """Refuse where there is not room enough for new jobs.

    Raises
    ------
    StorageError
        There is not.
    """
    if not has_room(folder):
        raise StorageError(
            f"Less than {LEAST_FREE // 1024**2} MiB are free in {folder}, so no new jobs are taken",
            explanation="Free some space; jobs that were taken before go on.",
        )
