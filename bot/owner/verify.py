"""`python -m bot verify FILE`: whether a backup could be put back. Imports the storage."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import ExitCode
from storage.backups.restoring import verify
from storage.backups.writing import megabytes

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from bot.config import Settings
    from bot.model import Backup


def arguments(parser: ArgumentParser) -> None:
    """Take the file."""
    parser.add_argument("file", type=Path, help="a backup; it is not changed")


def main(_: Settings, arguments: Namespace) -> ExitCode:
    """Look through a backup.

    Raises
    ------
    StorageError
        It cannot be put back.
    """
    began = time.monotonic()
    backup = verify(arguments.file.absolute())
    print(describe(backup))
    for table, rows in backup.rows.items():
        print(f"  {table:<14} {rows:>12,}")
    print(f"Whole, and this program can go on with it. {time.monotonic() - began:.1f} s")
    return ExitCode.OK


def describe(backup: Backup) -> str:
    """Return a backup in words."""
    made = f"made {backup.made_at:%Y-%m-%d %H:%M:%S} UTC" if backup.made_at else "a copy not made by Easel"
    return f"{backup.path}: {made}, {megabytes(backup.size)}, version {backup.version}"
