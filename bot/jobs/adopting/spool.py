"""`Spool`: callbacks of the API, written down before they are answered and kept until the engine has dealt with them.

A folder with one small file per callback. The receiver writes, in the bot or as a process of its own; the bot reads and
removes. What is written down is a hint at best: which task to look at, and for which job. Imports only the errors.
"""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import os
import re
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final, cast, final

from bot.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

_log = logging.getLogger(__name__)

#: Below the data folder.
FOLDER: Final = "spool"

#: So many hints at most lie here (reliability C14); more is a flood, and polling finds out by itself.
_MOST: Final = 10_000
_NAME_LENGTH: Final = 32
_NAME: Final = re.compile(rf"[0-9a-f]{{{_NAME_LENGTH}}}\.json")
_PART: Final = ".part"
#: A file of ours has some 120 bytes.
_LONGEST: Final = 1024
#: What opening or reading something says that is no file: a link, a folder.
_NO_FILE: Final = frozenset({errno.ELOOP, errno.EISDIR, errno.ENOENT})


@final
@dataclass(frozen=True, slots=True)
class Hint:
    """Somebody says that something happened to a task.

    Attributes
    ----------
    task_id
        Of the task to look at.
    echo
        The mark that is said to be on it.
    word
        Tells hints about one task apart, so that each is kept once; nothing else is ever made of it.
    """

    task_id: str
    echo: str
    word: str = field(default="", compare=False)

    @property
    def name(self) -> str:
        """The name of its file: the same for the same hint."""
        content = f"{self.task_id}\0{self.echo}\0{self.word}"
        return f"{hashlib.sha256(content.encode()).hexdigest()[:_NAME_LENGTH]}.json"


@final
class Spool:
    """The folder. Every method waits for the disk: call it in a thread.

    Parameters
    ----------
    folder
        Made by `prepare`, or by the first hint.
    most
        So many hints at most.
    """

    def __init__(self, folder: Path, *, most: int = _MOST) -> None:
        self._folder = folder
        self._most = most
        self._is_troubled = False

    def prepare(self) -> None:
        """Make the folder, and clear away what a receiver that was killed left half written. For the receiver.

        Raises
        ------
        StorageError
            The folder cannot be made.
        """
        try:
            self._folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)  # the receiver may be there first
            self._folder.mkdir(exist_ok=True, mode=0o700)
            for part in self._folder.glob(f"*{_PART}"):
                part.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(
                f"The folder {self._folder} cannot be used: {error.strerror or error}",
                explanation="Make it writable for the user that runs Easel, or name another path in DATABASE_URL.",
            ) from error

    def put(self, hints: Collection[Hint]) -> frozenset[str]:
        """Write hints down; return the names of those that are safe on the disk now. The others found no room.

        Raises
        ------
        OSError
            The disk refused.
        """
        self._folder.mkdir(exist_ok=True, mode=0o700)
        there = {path.name for path in self._folder.glob("*.json")}
        new = {hint.name: hint for hint in hints if hint.name not in there}
        taken = dict(islice(new.items(), max(0, self._most - len(there))))
        for name, hint in taken.items():
            self._write(name, hint)
        if taken:
            self._sync()
        return frozenset(name for name in (hint.name for hint in hints) if name in there or name in taken)

    def read(self, known: Collection[str], most: int) -> dict[str, Hint]:
        """Return hints by their names, `most` at most, but for those that are known. What is no hint is removed.

        What only cannot be read now, as with too many files open, stays where it is: it may be all that is known of a
        paid task.
        """
        try:
            with os.scandir(self._folder) as entries:
                names = list(islice((entry.name for entry in entries if self._is_new(entry.name, known)), most))
        except FileNotFoundError:
            return {}
        contents = {name: self._content(name) for name in names}
        found = {name: _hint(content) for name, content in contents.items() if content is not None}
        self._note_trouble(len(contents) - len(found))
        self.drop(name for name, hint in found.items() if hint is None)
        return {name: hint for name, hint in found.items() if hint is not None}

    def drop(self, names: Iterable[str]) -> None:
        """Remove hints that were dealt with. One that comes back after a power cut is dealt with again."""
        for name in names:
            with suppress(OSError):
                (self._folder / name).unlink()

    @staticmethod
    def _is_new(name: str, known: Collection[str]) -> bool:
        return name not in known and _NAME.fullmatch(name) is not None

    def _write(self, name: str, hint: Hint) -> None:
        path = self._folder / name
        part = path.with_suffix(_PART)
        content = json.dumps({"task": hint.task_id, "state": hint.echo}).encode("ascii")
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW
        with os.fdopen(os.open(part, flags, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)

    def _sync(self) -> None:
        """Have the names themselves survive a power cut."""
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _content(self, name: str) -> bytes | None:
        """Return what is in a file; None if it cannot be read now, and nothing if it is none of ours."""
        try:
            descriptor = os.open(self._folder / name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                return os.read(descriptor, _LONGEST)
            finally:
                os.close(descriptor)
        except OSError as error:
            return b"" if error.errno in _NO_FILE else None

    def _note_trouble(self, unread: int) -> None:
        if (unread > 0) is not self._is_troubled:
            self._is_troubled = not self._is_troubled
            if self._is_troubled:
                _log.warning("%d files in the spool cannot be read now; they stay there", unread)


def _hint(content: bytes) -> Hint | None:
    try:
        value: object = json.loads(content)
    except (ValueError, RecursionError) as error:
        _log.warning("A file in the spool is no hint (%s); removed", error)
        return None
    fields = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    task_id, echo = fields.get("task"), fields.get("state")
    return Hint(task_id, echo) if isinstance(task_id, str) and isinstance(echo, str) else None
