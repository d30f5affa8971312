"""The picture folder's order: `<first two hex digits>/<sha256>.<ending>`, and beside each file what was made from it.

What was made from a file (its thumbnail, smaller copies, quarters) begins with the same digits, and goes with it. All
of it is synchronous and slow, so callers take the one worker thread: what happens there happens in an order. Imports
only the standard library, `bot.imaging` and the model.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from typing import TYPE_CHECKING, Final, final

from bot.imaging.opening import ENDINGS
from bot.model import Media

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_ENDINGS: Final = {**ENDINGS, "video/mp4": "mp4"}
_TYPES: Final = {ending: media_type for media_type, ending in _ENDINGS.items()}
_NAME: Final = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{3,4}")
_FOLDER: Final = re.compile(r"[0-9a-f]{2}")
_THUMBNAIL: Final = "thumb.jpg"
#: Files of former versions, directly in the folder: a job's first, and its further ones by their number.
_FORMER: Final = re.compile(
    r"(?P<job>[0-9A-HJKMNP-TV-Z]{26})(?:\.(?P<part>[1-9][0-9]?))?\.(?P<ending>png|jpg|webp|gif|mp4)"
)


def media_type_of(name: str) -> str:
    """Return the media type that a file of ours has by its name.

    Raises
    ------
    KeyError
        It is none of ours.
    """
    return _TYPES[name.rpartition(".")[2]]


@final
class Shelf:
    """The picture folder.

    Parameters
    ----------
    folder
        Created when needed; nothing else may live there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path:
        """Return where a file of that name lies, or would lie."""
        return self._folder / name[:2] / name if _NAME.fullmatch(name) else self._folder / name

    def thumbnail(self, name: str) -> Path:
        """Return where the thumbnail of that file lies, or would lie."""
        return self.path(name).with_suffix(f".{_THUMBNAIL}")

    def draft(self, job_id: str, part: int) -> Path:
        """Return where a file that is being fetched may be put meanwhile; its folder is there then."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self._folder / f"{job_id}.{part}.part"

    def put(self, draft: Path, media_type: str, now: float) -> str:
        """Give a file that is whole and on disk the name of its content, for good; return that name."""
        name = _name_of(draft, media_type)
        os.utime(draft, (now, now))  # what is fetched anew is young again
        path = self.path(name)
        is_first = not path.parent.exists()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft.replace(path)
        _sync(path.parent)
        if is_first:
            _sync(self._folder)
        return name

    def copy_former(self, path: Path) -> tuple[str, int, float]:
        """Give a file of a former version a second name, that of its content; return that, its size and its age.

        The first one stays until the second is written down: a picture is never without a name that leads to it.
        """
        copy = path.with_name(f"{path.name}.part")
        copy.unlink(missing_ok=True)
        try:
            os.link(path, copy)
        except OSError:  # not every file system has links
            shutil.copy2(path, copy)
            _sync(copy)
        status = path.stat()
        return self.put(copy, media_type_of(path.name), status.st_mtime), status.st_size, status.st_mtime

    def former(self) -> list[tuple[Path, str, int]]:
        """Return the files of former versions, each with its job's id and its part."""
        found: list[tuple[Path, str, int]] = []
        for path in self._loose():
            match = _FORMER.fullmatch(path.name)
            if match is not None:
                found.append((path, match["job"], int(match["part"] or 0)))
        return found

    def find(self, name: str | None, job_id: str, part: int) -> Media | None:
        """Return a job's file by its name; a further one that has none, as a former version kept it."""
        if name is not None:
            paths = [self.path(name)]
        elif part:
            paths = [self._folder / f"{job_id}.{part}.{ending}" for ending in _TYPES]
        else:
            return None
        for path in paths:
            try:
                return Media(path=path, media_type=media_type_of(path.name), size=path.stat().st_size)
            except FileNotFoundError:
                continue
        return None

    def is_former(self, path: Path) -> bool:
        """Tell whether that file lies as a former version kept it."""
        return path.parent == self._folder

    def remove(self, names: Collection[str]) -> None:
        """Remove files with all that was made from them. What is not there is no error."""
        for name in names:
            folder = self.path(name).parent
            for path in _within(folder):
                if path.name.startswith(f"{name[:64]}."):
                    path.unlink(missing_ok=True)
            _remove_if_empty(folder)

    def remove_former(self, job_id: str) -> None:
        """Remove what former versions kept for a job."""
        for path in self._loose():
            if path.name.startswith(f"{job_id}."):
                path.unlink(missing_ok=True)

    def folders(self) -> list[str]:
        """Return the beginnings of the names of all files in the new order."""
        return sorted(path.name for path in _within(self._folder) if _FOLDER.fullmatch(path.name))

    def sweep(self, beginning: str, held: Collection[str], before: float) -> int:
        """Remove what nobody has of the names that begin like this, if it is older; return how many files that were."""
        folder = self._folder / beginning
        digests = {name.partition(".")[0] for name in held}
        strays = [
            path
            for path in _within(folder)
            if path.name not in held
            and not (path.name.endswith(f".{_THUMBNAIL}") and path.name.partition(".")[0] in digests)
            and _is_older(path, before)
        ]
        for path in strays:
            path.unlink(missing_ok=True)
        _remove_if_empty(folder)
        return len(strays)

    def sweep_loose(self, before: float) -> int:
        """Remove old drafts of a former process, and what former versions made from pictures; return how many."""
        strays = [path for path in self._loose() if not _FORMER.fullmatch(path.name) and _is_older(path, before)]
        for path in strays:
            path.unlink(missing_ok=True)
        return len(strays)

    def _loose(self) -> Iterator[Path]:
        """Yield the files that lie directly in the folder."""
        return (path for path in _within(self._folder) if not _FOLDER.fullmatch(path.name))


def _name_of(path: Path, media_type: str) -> str:
    with path.open("rb") as file:
        return f"{hashlib.file_digest(file, 'sha256').hexdigest()}.{_ENDINGS[media_type]}"


def _within(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _is_older(path: Path, before: float) -> bool:
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:
        return False


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
