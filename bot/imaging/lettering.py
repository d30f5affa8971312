"""Labels on pictures: only in letters that the font has, in a size that fits. Imports only Pillow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from PIL import ImageFont

if TYPE_CHECKING:
    from PIL import ImageDraw

#: Pillow's font, or what it has without FreeType.
Font: TypeAlias = "ImageFont.FreeTypeFont | ImageFont.ImageFont"

#: Beyond ASCII the font of Pillow has little more than this; what it lacks would be drawn as a box.
_DRAWN: Final = frozenset("·×–…")
_SMALLEST: Final = 10.0


def can_be_drawn(character: str) -> bool:
    """Tell whether the font has a character."""
    return character.isascii() or character in _DRAWN


def shortened(pen: ImageDraw.ImageDraw, label: str, size: float, width: float) -> str:
    """Return as much of a label as is no wider than `width` pixels in that size."""
    font = ImageFont.load_default(size)
    if pen.textlength(label, font=font) <= width:
        return label
    while label and pen.textlength(f"{label}…", font=font) > width:
        label = label[:-1].rstrip()
    return f"{label}…" if label else ""


def fitting_font(pen: ImageDraw.ImageDraw, label: str, size: float, width: float) -> Font:
    """Return the font in that size, or so much smaller that the label is no wider than `width` pixels."""
    length = pen.textlength(label, font=ImageFont.load_default(size))
    return ImageFont.load_default(size if length <= width else max(_SMALLEST, size * width / length))
