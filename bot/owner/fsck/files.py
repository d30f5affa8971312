"""Whether the picture folder holds what the database names, and nothing else. Imports the shelf and the storage."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Final

from bot.jobs.keeping.shelf import Shelf
from storage.fsck import Finding, named_now

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from storage.fsck import Kept

_REFETCH: Final = "It is fetched again when somebody looks at it, as long as its address lives; or copy it back."
_SWEPT: Final = "The upkeep removes it within hours, while Easel runs."
#: Younger ones may be on their way to become known, or to go (`bot.jobs.keeping.keeper`).
_STRAY_S: Final = 2 * 3600.0


def examine_files(
    folder: Path, database: Path, kept: Sequence[Kept], *, is_alone: bool, is_deep: bool
) -> Iterator[Finding]:
    """Compare the files with what the database names.

    Parameters
    ----------
    folder
        Of the pictures.
    is_deep
        Whether to read each of them: a file is named after its content.

    Raises
    ------
    StorageError
        The database cannot be read a second time.
    """
    shelf = Shelf(folder)
    wrong = [(file, why) for file in kept if (why := _why_wrong(shelf.path(file.name), file, is_deep=is_deep))]
    still = named_now(database, {file.name for file, _ in wrong}, is_alone=is_alone)
    for file, why in wrong:
        if file.name in still:
            yield Finding(file.job_id, f"{file.name} {why}", _REFETCH)
    strays = _strays(folder, {file.name.partition(".")[0] for file in kept})
    now_known = named_now(database, {path.name for path in strays}, is_alone=is_alone)
    for path in strays:
        if path.name not in now_known:
            yield Finding(str(path.relative_to(folder)), "no job has this file", _SWEPT)


def _why_wrong(path: Path, file: Kept, *, is_deep: bool) -> str:
    try:
        size = path.stat().st_size
        if size != file.size:
            return f"has {size} bytes instead of {file.size}"
        if is_deep and path.suffix and _digest(path) != path.name.partition(".")[0]:
            return "is not what it was: its name is the digest of other content"
    except FileNotFoundError:
        return "is not in the picture folder"
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"
    return ""


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _strays(folder: Path, digests: set[str]) -> list[Path]:
    """Return what lies in the folder and belongs to no file that is known."""
    before = time.time() - _STRAY_S
    files = folder.glob("[0-9a-f][0-9a-f]/*") if folder.is_dir() else ()
    return sorted(path for path in files if path.name.partition(".")[0] not in digests and _is_older(path, before))


def _is_older(path: Path, before: float) -> bool:
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:
        return False
