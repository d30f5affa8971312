"""Masks of regions: black, and white where to repaint, of exactly a picture's size (contract 4.5).

Cells are numbered row by row from the top left. Slow for large pictures: for a worker thread. Imports only Pillow,
`bot.errors`, `bot.language` and its neighbors.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageChops

from bot.errors import PictureUnusable
from bot.imaging.normalizing import Normal
from bot.imaging.opening import look_at, resampled
from bot.imaging.pixels import mapped
from bot.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bot.imaging.opening import Source

#: Rows and columns; 25 cells are the most that a select of Discord holds.
SIDE: Final = 5
BLACK: Final = 0
WHITE: Final = 255

_BRIGHT: Final = 128
_OPAQUE: Final = 128
#: What is as dark or as bright as this was drawn in black or in white.
_INK: Final = 40
#: How much of what is drawn may be neither, such as soft edges, before it is called a picture.
_EDGES: Final = 0.1


def cell_box(cell: int, size: tuple[int, int], side: int = SIDE) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of a cell in pixels; the latter two are the first of the next one."""
    row, column = divmod(cell, side)
    return (
        _edge(column, size[0], side),
        _edge(row, size[1], side),
        _edge(column + 1, size[0], side),
        _edge(row + 1, size[1], side),
    )


def cell_name(cell: int, side: int = SIDE) -> str:
    """Return what a cell is called: columns by letters from the left, rows by numbers from the top; `A1` first."""
    row, column = divmod(cell, side)
    return f"{chr(ord('A') + column)}{row + 1}"


def cell_shape(size: tuple[int, int], cells: Iterable[int], side: int = SIDE) -> Image.Image:
    """Return the mask of these cells as an image."""
    shape = Image.new("L", size, BLACK)
    for cell in cells:
        shape.paste(WHITE, cell_box(cell, size, side))
    return shape


def mask_of_cells(size: tuple[int, int], cells: Iterable[int], side: int = SIDE) -> bytes:
    """Return the mask of these cells as a PNG."""
    return _png(cell_shape(size, cells, side))


def mask_of_upload(source: Source, size: tuple[int, int]) -> bytes:
    """Turn a picture of any size and type into a mask, as a PNG.

    What is bright is to be repainted. A picture with holes was edited by rubbing out what is to be repainted, so there
    the holes count; but white strokes on a transparent ground are the strokes of a drawing, and count themselves.

    Raises
    ------
    PictureUnusable
        It cannot be read, or nothing in it is to be repainted.
    """
    picture = resampled(source, size)
    drawn, opaque = _drawn(picture), _opaque(picture)
    is_picture = not _count(drawn) or not _is_drawing(picture, opaque)
    has_holes = 0 < _count(opaque) < size[0] * size[1]
    shape = ImageChops.invert(opaque) if has_holes and is_picture else drawn
    if not _count(shape):
        raise PictureUnusable(
            say("nothing in it is white, so nothing would be repainted"),
            say("Please paint white what is to be repainted, and the rest black."),
        )
    return _png(shape)


def write_mask_of_upload(source: Source, size: tuple[int, int], target: Path) -> Normal:
    """Write what `mask_of_upload` makes.

    Raises
    ------
    PictureUnusable
        As `mask_of_upload`.
    OSError
        The disk refused.
    """
    target.write_bytes(mask_of_upload(source, size))
    return Normal(media_type="image/png", width=size[0], height=size[1])


def check_mask(png: bytes, size: tuple[int, int]) -> bytes:
    """Return a drawn mask in pure black and white.

    Raises
    ------
    PictureUnusable
        It is no PNG of this size, or has nothing white.
    """
    look = look_at(png)
    if look.media_type != "image/png" or (look.width, look.height) != size:
        raise PictureUnusable(
            say("it is no PNG of {width} × {height} pixels", width=size[0], height=size[1]),
            say("Please open the page for drawing anew."),
        )
    shape = _drawn(resampled(png, size))
    if not _count(shape):
        raise PictureUnusable(say("nothing is drawn on it"), say("Please paint over what is to be repainted first."))
    return _png(shape)


def _opaque(picture: Image.Image) -> Image.Image:
    """Return white where there is something to see."""
    if picture.mode != "RGBA":
        return Image.new("L", picture.size, WHITE)
    return mapped(picture.getchannel("A"), lambda value: value >= _OPAQUE)


def _drawn(picture: Image.Image) -> Image.Image:
    """Return white where there is something bright to see."""
    return ImageChops.multiply(mapped(picture.convert("L"), lambda value: value >= _BRIGHT), _opaque(picture))


def _edge(number: int, length: int, side: int) -> int:
    """Where the numbered line between cells lies: rounded once, so that neighbors share it."""
    return round(number * length / side)


def _count(shape: Image.Image) -> int:
    return shape.histogram()[WHITE]


def _is_drawing(picture: Image.Image, opaque: Image.Image) -> bool:
    """Tell whether nearly all that is there is black or white, as in a mask and not in a picture."""
    color = picture.convert("RGB")
    darkest, brightest = _extremes(color)
    black = mapped(brightest, lambda value: value <= _INK)
    white = mapped(darkest, lambda value: value >= WHITE - _INK)
    ink = ImageChops.lighter(black, white)
    there = _count(opaque)
    return there - _count(ImageChops.multiply(ink, opaque)) <= _EDGES * there


def _extremes(color: Image.Image) -> tuple[Image.Image, Image.Image]:
    """Return the least and the greatest of red, green and blue for each pixel."""
    red, green, blue = color.split()
    return (
        ImageChops.darker(ImageChops.darker(red, green), blue),
        ImageChops.lighter(ImageChops.lighter(red, green), blue),
    )


def _png(shape: Image.Image) -> bytes:
    file = BytesIO()
    shape.save(file, "PNG")  # `optimize` would take seconds for what was made from a photo
    return file.getvalue()
