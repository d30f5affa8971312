"""`python -m bot restore FILE`: a backup in the place of the database. Imports the storage and the tombstones."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.config import ExitCode
from bot.jobs.privacy.tombstones import Tombstones
from bot.owner.verify import describe
from storage.backups.restoring import restore

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from bot.config import Settings
    from bot.model import Tombstone

_NOBODY_KNOWN: Final = (
    "There is neither a present database nor a tombstones.txt: whoever deleted their data after the backup was made is "
    "back in it, and has to be asked to delete it again."
)


def arguments(parser: ArgumentParser) -> None:
    """Take the file."""
    parser.add_argument("file", type=Path, help="a backup; the present database is set aside, not deleted")


def main(settings: Settings, arguments: Namespace) -> ExitCode:
    """Put a backup in the place of the database.

    Raises
    ------
    StorageError
        It was not; the present database is as it was.
    """
    tombstones = Tombstones(settings.database_path.resolve().parent)

    def carry_over(stones: Sequence[Tombstone] | None) -> None:
        for line in asyncio.run(_carry_over(tombstones, stones)):
            print(line)

    backup, aside = restore(arguments.file.absolute(), settings.database_path, carry_over)
    print(f"Put back {describe(backup)}; {backup.rows.get('jobs', 0):,} jobs.")
    if aside is not None:
        print(f"The former database is {aside}; it goes after 30 days.")
    print(
        "Start Easel now. What waited to be sent in the backup is shown as unknown, since it may have been sent after "
        "that; nothing is sent by itself. Jobs made after the backup are not in it: their buttons do not work, and "
        "pictures of theirs that were still being made do not arrive."
    )
    return ExitCode.OK


async def _carry_over(tombstones: Tombstones, stones: Sequence[Tombstone] | None) -> list[str]:
    """Have the file of those who have left complete before the database goes that knows them; return what to say."""
    filed = {stone.mark: stone.erased_at for stone in await tombstones.filed()}
    if stones is None and not filed:
        return [_NOBODY_KNOWN]
    if stones is None:
        return [f"Those who have left are known from tombstones.txt alone ({len(filed)}); they go at the next start."]
    missing = [stone for stone in stones if stone.mark not in filed or filed[stone.mark] < stone.erased_at]
    await tombstones.file(*missing)
    known = len(filed.keys() | {stone.mark for stone in stones})
    return [f"{known} people have left so far; what the backup has of them goes at the next start."] if known else []
