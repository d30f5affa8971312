"""The command itself: what it takes, and what it prints."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.config import ExitCode
from bot.errors import StorageError
from bot.owner.fsck.files import examine_files
from storage.fsck import RULES, examine
from storage.lockfile import holder_of

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable

    from bot.config import Settings
    from storage.fsck import Finding

#: Lines about the same thing; of more, the number is told.
_MOST: Final = 50


def arguments(parser: ArgumentParser) -> None:
    """Take how closely to look, and at what."""
    parser.add_argument("--deep", action="store_true", help="read every page and every picture too")
    parser.add_argument("--file", type=Path, help="another database, such as a backup, without pictures")


def main(settings: Settings, arguments: Namespace) -> ExitCode:
    """Look for what does not fit. Nothing is changed; the bot may be running.

    Raises
    ------
    StorageError
        The database cannot be looked at.
    """
    return look(settings, arguments, datetime.now(UTC))


def look(settings: Settings, arguments: Namespace, now: datetime) -> ExitCode:
    """Do that, at a time of day.

    Raises
    ------
    StorageError
        The database cannot be looked at.
    """
    began = time.monotonic()
    path: Path = (arguments.file or settings.database_path).absolute()
    if not path.is_file():
        raise StorageError(f"There is no database {path}.", explanation="Check DATABASE_URL, or --file.")
    path = path.resolve()
    is_alone, is_deep = not holder_of(path), bool(arguments.deep)
    findings, kept = examine(path, now, is_alone=is_alone, is_deep=is_deep)
    if is_alone and holder_of(path):  # somebody has begun to write to it meanwhile
        is_alone = False
        findings, kept = examine(path, now, is_alone=is_alone, is_deep=is_deep)
    if arguments.file is None:
        pictures = path.parent / "pictures"
        findings += examine_files(pictures, path, kept, is_alone=is_alone, is_deep=is_deep)
    _tell(findings)
    print(f"{len(findings)} findings, {len(RULES)} rules, {len(kept):,} files, {time.monotonic() - began:.1f} s.")
    return ExitCode.STORAGE if findings else ExitCode.OK


def _tell(findings: Iterable[Finding]) -> None:
    told: Counter[str] = Counter()
    for finding in findings:
        told[finding.fix] += 1
        if told[finding.fix] <= _MOST:
            print(f"{finding.about}: {finding.what}. {finding.fix}")
    for fix, count in told.items():
        if count > _MOST:
            print(f"… and {count - _MOST} more of these: {fix}")
