"""A database as it is when it was just made: copied, for to make it takes longer than most of what is then done to it.

How one is made, step by step, is shown where that is the matter: `tests/storage/test_opening.py`, `test_migrate.py`,
and whatever starts a process.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.group import Group
from storage.opening import open_writer


def lay_out(path: Path) -> None:
    """Put a new database where there is none yet."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_bytes(_new())


@cache
def _new() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "easel.db"
        open_writer(path, Group()).close()  # the last one out empties the log: all of it is in the file
        return path.read_bytes()
