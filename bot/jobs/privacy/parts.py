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
    from collections.abc import Callable, Mapping, Sequence
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
    handed_in
        The pictures that it was made with, as far as they are still there.
    """

    job: Job
    record: str
    media: tuple[tuple[int, Media], ...] = ()
    handed_in: tuple[Media, ...] = ()


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
    alt_text
        Says what a file of a job shows: its only one, or that with a number, from 1.
    """

    def __init__(
        self,
        folder: Path,
        limit: int | None,
        texts: Mapping[str, str],
        alt_text: Callable[[Job, int | None], str],
    ) -> None:
        self._folder = folder
        self._limit = limit
        self._texts = tuple(texts)
        self._alt_text = alt_text
        self.count = 0
        self._open()
        for name, text in texts.items():
            self._zip.writestr(name, text, ZIP_DEFLATED)

    def add_inputs(self, inputs: Sequence[Media]) -> None:
        """Take in what was handed in for something that is no job yet."""
        for media in inputs:
            self._make_room(media.size + _ENTRY)
            self._put_input(media)

    def add(self, items: Sequence[Item]) -> None:
        """Take jobs in, newest first."""
        for item in items:
            for part in self._apart(item):
                self._add(part)

    def close(self) -> None:
        """End the last archive."""
        self._turn_page(is_last=True)
        self._records.close()
        self._zip.writestr("README.txt", draw_readme(self.count, self._jobs, self._texts), ZIP_DEFLATED)
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
        self._inputs: set[str] = set()

    def _make_room(self, needed: int) -> None:
        """Begin another archive if so much does not fit into this one, unless nothing but texts is in it."""
        if self._limit is not None and (self._jobs or self._inputs) and self._size() + needed > self._limit:
            self.close()
            self._open()

    def _add(self, item: Item) -> None:
        self._make_room(_needed(item))
        pieces = [self._put_file(item.job, number, media) for number, media in item.media]
        handed_in = [self._put_input(media) for media in item.handed_in]
        self._jobs += 1
        if item.record:
            self._records.write(f"{item.record}\n")
            self._text += len(item.record.encode())
        if item.job.deleted_at is None:
            if len(self._cards) == PAGE:
                self._turn_page(is_last=False)
            there = [piece for piece in pieces if piece is not None]
            given = [piece for piece in handed_in if piece is not None]
            self._cards.append(draw_card(item.job, there, given, is_rest=not item.record))
            self._text += len(self._cards[-1].encode())

    def _apart(self, item: Item) -> list[Item]:
        """Return a job as it is, or file by file where all of them together are too large for any archive."""
        if self._limit is None or _FRAME + _needed(item) <= self._limit:
            return [item]
        files = [
            *(replace(item, media=(one,), handed_in=()) for one in item.media),
            *(replace(item, media=(), handed_in=(one,)) for one in item.handed_in),
        ] or [item]
        return [files[0], *(replace(rest, record="") for rest in files[1:])]

    def _put_file(self, job: Job, number: int, media: Media) -> Piece | None:
        name = f"files/{job.created_at:%Y-%m-%d}-{job.id}{f'-{number}' if number else ''}{media.path.suffix}"
        piece = self._put(name, media)
        return piece and replace(piece, about=self._alt_text(job, number + 1 if job.more_urls else None))

    def _put_input(self, media: Media) -> Piece | None:
        """Copy what was handed in, once for all in this archive that were made with it."""
        name = f"inputs/{media.path.name}"
        if name in self._inputs:
            return Piece(name=name, media_type=media.media_type, size=media.size)
        piece = self._put(name, media)
        if piece is not None and piece.name:
            self._inputs.add(name)
        return piece

    def _put(self, name: str, media: Media) -> Piece | None:
        """Copy a file, unless it is too large for any archive; None if it has gone meanwhile."""
        if self._limit is not None and self._size() + media.size > self._limit:
            return Piece(name="", media_type=media.media_type, size=media.size)
        try:
            self._zip.write(media.path, name)
        except FileNotFoundError:
            return None
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
    files = (*(media for _, media in item.media), *item.handed_in)
    return texts + sum(media.size + 2 * _ENTRY for media in files)
