"""`python -m bot backup`: the database in one plain SQLite file, also while the bot runs. Imports the storage."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import ExitCode
from storage.backups.writing import BackupWriter, backup_folder, backup_name, megabytes

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from bot.config import Settings


def arguments(parser: ArgumentParser) -> None:
    """Take where to write it."""
    parser.add_argument(
        "path",
        nargs="?",
        type=Path,
        help="a folder, or the name of a file that does not exist yet; without one, the folder `backups` beside the "
        "database, where it goes when its time has come (30 days at most)",
    )


def main(settings: Settings, arguments: Namespace) -> ExitCode:
    """Write a backup.

    Raises
    ------
    StorageError
        There is none.
    """
    now, began = datetime.now(UTC), time.monotonic()
    target: Path = arguments.path or backup_folder(settings.database_path)
    if arguments.path is None or target.is_dir():
        target /= backup_name(now)
    backup = BackupWriter(settings.database_path).write(target.absolute(), now)
    rows = sum(backup.rows.values())
    print(
        f"{backup.path}: {megabytes(backup.size)}, {rows:,} rows, {backup.rows.get('jobs', 0):,} jobs, "
        f"{time.monotonic() - began:.1f} s, looked through and whole."
    )
    if arguments.path is not None:
        print("Pictures are not in it. Whoever deletes their data stays in this file until you delete it.")
    return ExitCode.OK
