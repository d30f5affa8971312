"""`PartWriter`: ZIP archives that each open by themselves, none larger than a message takes.

Files are copied from disk to disk and never whole in memory; a page of the gallery is written once it is full. All of
it is synchronous and slow. Imports the gallery and the standard library.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from bot.jobs.privacy.gallery import PAGE, Page, Piece, draw_card, draw_page, draw_readme

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bot.model import Job, Media

#: Room for an archive's list of contents: so much for each entry, which stands there twice, with its name.
_ENTRY: Final = 400
#: Room for what is always there: the frame of a page, the text that explains it all.
_FRAME: Final = 12_000


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A job with its files.

    Attributes
    ----------
    record
        Everything that is kept of it, as a line of JSON; empty where that stands in an earlier archive.
    media
        With the number of each.
    """

    job: Job
    record: str
    media: tuple[tuple[int, Media], ...] = ()


@final
class PartWriter:
    """Writes `part-1.zip`, `part-2.zip` and so on into a folder.

    Parameters
    ----------
    folder
        Empty.
    limit
        In bytes, for each archive; None for a single one of any size.
    texts
        What goes into the first one besides jobs, by name.
    """

    def __init__(self, folder: Path, limit: int | None, texts: Mapping[str, str]) -> None:
        self._folder = folder
        self._limit = limit
        self.count = 0
        self._open()
        for name, text in texts.items():
            self._zip.writestr(name, text, ZIP_DEFLATED)

    def add(self, items: Sequence[Item]) -> None:
        """Take jobs in, newest first."""
        for item in items:
            for part in self._apart(item):
                self._add(part)

    def close(self) -> None:
        """End the last archive."""
        self._turn_page(is_last=True)
        self._records.close()
        self._zip.writestr("README.txt", draw_readme(self.count, self._jobs), ZIP_DEFLATED)
        self._zip.write(self._records.name, "jobs.jsonl", ZIP_DEFLATED)
        self._zip.close()
        self._lines.unlink()

    def _open(self) -> None:
        self.count += 1
        self._zip = ZipFile(self._folder / f"part-{self.count}.zip", "w", ZIP_STORED)
        self._lines = self._folder / "jobs.jsonl"
        self._records = self._lines.open("w", encoding="utf-8")
        self._cards: list[str] = []
        self._text = self._page = self._jobs = 0

    def _add(self, item: Item) -> None:
        if self._limit is not None and self._jobs and self._size() + _needed(item) > self._limit:
            self.close()
            self._open()
        pieces = [self._put(item.job, number, media) for number, media in item.media]
        self._jobs += 1
        if item.record:
            self._records.write(f"{item.record}\n")
            self._text += len(item.record.encode())
        if item.job.deleted_at is None:
            if len(self._cards) == PAGE:
                self._turn_page(is_last=False)
            self._cards.append(draw_card(item.job, pieces))
            self._text += len(self._cards[-1].encode())

    def _apart(self, item: Item) -> list[Item]:
        """Return a job as it is, or file by file where all of them together are too large for any archive."""
        if self._limit is None or len(item.media) < 2 or _FRAME + _needed(item) <= self._limit:  # noqa: PLR2004 - one file cannot be taken apart
            return [item]
        first, *others = item.media
        return [replace(item, media=(first,)), *(replace(item, media=(other,), record="") for other in others)]

    def _put(self, job: Job, number: int, media: Media) -> Piece:
        """Copy a file, unless it is too large for any archive or has gone meanwhile."""
        name = f"files/{job.created_at:%Y-%m-%d}-{job.id}{f'-{number}' if number else ''}{media.path.suffix}"
        if self._limit is not None and self._size() + media.size > self._limit:
            return Piece(name="", media_type=media.media_type, size=media.size)
        try:
            self._zip.write(media.path, name)
        except FileNotFoundError:
            name = ""
        return Piece(name=name, media_type=media.media_type, size=media.size)

    def _size(self) -> int:
        """Return what the archive would have if it ended now, or a little more: its texts count as they are."""
        written = self._zip.fp.tell() if self._zip.fp is not None else 0
        return written + self._text + _FRAME + _ENTRY * (len(self._zip.namelist()) + 3)

    def _turn_page(self, *, is_last: bool) -> None:
        self._page += 1
        page = Page(part=self.count, number=self._page, is_last=is_last)
        self._zip.writestr(page.name, draw_page(page, self._cards), ZIP_DEFLATED)
        self._text -= sum(len(card.encode()) for card in self._cards)
        self._cards = []


def _needed(item: Item) -> int:
    """Return what a job takes in an archive, or a little more."""
    texts = 2 * len(item.record.encode()) + 8 * len(item.job.prompt.encode()) + 2 * _ENTRY
    return texts + sum(media.size + _ENTRY for _, media in item.media)
