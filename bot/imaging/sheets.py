"""Contact sheets: several pictures small on one, each with its number.

Slow: for a worker thread. Imports only Pillow, `bot.errors` and its neighbors.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from PIL import Image, ImageDraw

from bot.imaging.lettering import can_be_drawn, fitting_font
from bot.imaging.thumbnails import thumbnail_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.imaging.lettering import Font

#: The most pictures of one sheet: more would be too small to tell apart.
MOST: Final = 40

_WIDEST: Final = 2048
_LARGEST_TILE: Final = 512
_GAP: Final = 12
_GROUND: Final = (30, 31, 34)
_EMPTY: Final = (49, 51, 56)
_INK: Final = (242, 243, 245)
_SHADE: Final = (0, 0, 0)
_MOST_BYTES: Final = 4 * 1024 * 1024
_QUALITIES: Final = (88, 75, 55)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """Sides in pixels."""

    columns: int
    width: int
    height: int

    def place(self, index: int) -> tuple[int, int]:
        row, column = divmod(index, self.columns)
        return _GAP + column * (self.width + _GAP), _GAP + row * (self.height + _GAP)

    def size(self, count: int) -> tuple[int, int]:
        return (
            _GAP + self.columns * (self.width + _GAP),
            _GAP + math.ceil(count / self.columns) * (self.height + _GAP),
        )


def contact_sheet(entries: Sequence[tuple[Path | None, str]], target: Path) -> None:
    """Write a sheet as a JPEG of less than 4 MiB, at most 2048 pixels wide.

    Parameters
    ----------
    entries
        Up to `MOST`, the rest is left out. Each is a picture, or None where there is none, with its label: a number,
        and a word where there is none (`3 · failed`). A file that cannot be read is shown by its label alone. A word in
        letters that the font lacks is left out: the place is crossed anyway.

    Raises
    ------
    OSError
        The disk refused.
    """
    shown = entries[:MOST]
    columns = max(1, math.ceil(math.sqrt(len(shown))))
    width = min(_LARGEST_TILE, (_WIDEST - _GAP) // columns - _GAP)
    thumbs = [thumbnail_of(path, width) for path, _ in shown]
    height = max((thumb.height for thumb in thumbs if thumb is not None), default=width // 2)
    layout = _Layout(columns=columns, width=width, height=height)
    sheet = Image.new("RGB", layout.size(len(shown)), _GROUND)
    pen = ImageDraw.Draw(sheet)
    for index, (thumb, (_, label)) in enumerate(zip(thumbs, shown, strict=True)):
        left, top = layout.place(index)
        if thumb is None:
            _draw_empty(pen, (left, top, left + width, top + height), _legible(label))
        else:
            sheet.paste(thumb, (left + (width - thumb.width) // 2, top + (height - thumb.height) // 2))
            _draw_badge(pen, (left, top), _legible(label), width)
    for quality in _QUALITIES:
        sheet.save(target, "JPEG", quality=quality, optimize=True)
        if target.stat().st_size < _MOST_BYTES:
            break


def _legible(label: str) -> str:
    if not all(map(can_be_drawn, label)):
        label = label.partition(" · ")[0]
    return "".join(filter(can_be_drawn, label)).strip()


def _draw_empty(pen: ImageDraw.ImageDraw, box: tuple[int, int, int, int], label: str) -> None:
    """Draw the place of a picture that is not there: crossed, with its label in the middle."""
    left, top, right, bottom = box
    pen.rectangle(box, fill=_EMPTY)
    pen.line((left, top, right, bottom), fill=_GROUND, width=3)
    pen.line((left, bottom, right, top), fill=_GROUND, width=3)
    font = _font(pen, label, right - left)
    pen.text(
        ((left + right) / 2, (top + bottom) / 2),
        label,
        fill=_INK,
        font=font,
        anchor="mm",
        stroke_width=3,
        stroke_fill=_EMPTY,
    )


def _draw_badge(pen: ImageDraw.ImageDraw, corner: tuple[int, int], label: str, width: int) -> None:
    if not label:
        return
    font = _font(pen, label, width)
    left, top = corner
    margin = max(4, width // 50)
    box = pen.textbbox((left + 2 * margin, top + margin), label, font=font)
    pen.rounded_rectangle((left, top, box[2] + 2 * margin, box[3] + margin), radius=margin, fill=_SHADE)
    pen.text((left + 2 * margin, top + margin), label, fill=_INK, font=font)


def _font(pen: ImageDraw.ImageDraw, label: str, width: int) -> Font:
    """Return the font in a size that suits a tile of that width and lets the label fit into it."""
    return fitting_font(pen, label, max(14, min(30, width // 12)), width * 0.8)
