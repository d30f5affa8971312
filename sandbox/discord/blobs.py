"""The bytes of kept attachments: a file each, written once and named by what is in it. Knows no messages."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, final

from sandbox.keptfile import KeepingFailed, damaged, write_whole

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from .cdn import Attachment

_NAME = re.compile(r"[0-9a-f]{64}")


@final
class Blobs:
    """A folder of such files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[int, str] = {}
        self._stored: set[int] = set()

    def name_of(self, item: Attachment) -> str:
        """Return the name of an attachment's file, which may not be written yet."""
        name = self._names.get(item.id)
        if name is None:
            name = self._names[item.id] = hashlib.sha256(item.data).hexdigest()
        return name

    def not_stored(self, items: Collection[Attachment]) -> list[Attachment]:
        """Return those of the attachments whose bytes are not in the folder yet."""
        return [item for item in items if item.id not in self._stored]

    def store(self, items: Sequence[Attachment]) -> None:
        """Write the bytes of some attachments. Takes as long as the disk does: call it in a thread."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for item in items:
            path = self._folder / self.name_of(item)
            if not path.exists():
                write_whole(path, [item.data])
            self._stored.add(item.id)

    def load(self, item_id: int, name: str) -> bytes:
        """Return the bytes of an attachment.

        Raises
        ------
        KeepingFailed
            They are gone, or are not what they were.
        """
        path = self._folder / name
        try:
            data = path.read_bytes() if _NAME.fullmatch(name) else b""
        except OSError as error:
            raise KeepingFailed(
                f"{path} is missing: put it back, or move the whole folder away to begin anew."
            ) from error
        if hashlib.sha256(data).hexdigest() != name:
            raise damaged(path, "its bytes are not what they were")
        self._names[item_id] = name
        self._stored.add(item_id)
        return data

    def sweep(self) -> None:
        """Remove the files that belong to nothing that was loaded: of removed attachments, or of a write cut short."""
        used = set(self._names.values())
        for path in self._folder.iterdir() if self._folder.is_dir() else ():
            if path.name not in used and _NAME.fullmatch(path.name.removesuffix(".new")):
                path.unlink()
