"""Previews of a region: a small copy of the picture with what is chosen tinted, hatched and outlined.

Nothing is told by color alone. Slow: for a worker thread. Imports only Pillow and its neighbors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PIL import Image, ImageChops, ImageDraw, ImageFont

from bot.imaging.masks import SIDE, cell_box, cell_name, cell_shape
from bot.imaging.normalizing import on_white
from bot.imaging.opening import decoded
from bot.imaging.pixels import resized

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_LONGER: Final = 1024
_QUALITY: Final = 85
_TINT: Final = (235, 69, 158)
_STRENGTH: Final = 0.42
_STEP: Final = 18  # pixels between two hatches
_DARK: Final = (0, 0, 0)
_LIGHT: Final = (255, 255, 255)
_LINE: Final = 3  # pixels of a line of the grid: light between dark, seen on everything
_RIM: Final = 3  # pixels


def grid_overlay(picture: Path, cells: Collection[int], target: Path) -> None:
    """Write a JPEG of the picture under a grid of named cells, the chosen ones marked.

    Raises
    ------
    PictureUnusable
        The picture cannot be read.
    OSError
        The disk refused.
    """
    image = _copy_of(picture)
    if cells:
        image = _marked(image, cell_shape(image.size, cells))
    _draw_grid(ImageDraw.Draw(image), image.size)
    image.save(target, "JPEG", quality=_QUALITY)


def mask_overlay(picture: Path, mask: Path, target: Path) -> None:
    """Write a JPEG of the picture with the white parts of a mask marked.

    Raises
    ------
    PictureUnusable
        One of them cannot be read.
    OSError
        The disk refused.
    """
    image = _copy_of(picture)
    shape = resized(decoded(mask).convert("L"), image.size)
    _marked(image, shape).save(target, "JPEG", quality=_QUALITY)


def _copy_of(picture: Path) -> Image.Image:
    """Return the picture in a size in which names are legible, whatever its own."""
    image = decoded(picture, within=_LONGER)
    image = on_white(image) if image.mode == "RGBA" else image
    scale = _LONGER / max(image.size)
    if scale > 1:
        image = resized(image, (round(image.width * scale), round(image.height * scale)), Image.Resampling.BICUBIC)
    return image


def _marked(image: Image.Image, shape: Image.Image) -> Image.Image:
    tinted = Image.blend(image, Image.new("RGB", image.size, _TINT), _STRENGTH)
    pen = ImageDraw.Draw(tinted)
    for start in range(-image.height, image.width, _STEP):
        for offset, color in ((0, _DARK), (2, _LIGHT)):
            pen.line((start + offset, image.height, start + offset + image.height, 0), fill=color, width=2)
    marked = Image.composite(tinted, image, shape)
    for width, color in ((_RIM, _DARK), (_RIM // 2, _LIGHT)):
        marked.paste(color, mask=_rim(shape, width))
    return marked


def _rim(shape: Image.Image, width: int) -> Image.Image:
    """Return what of a shape is so near to its edge, by moving it to all sides: a filter takes ten times as long."""
    inside = shape
    for across in (-width, width):
        for down in (-width, width):
            inside = ImageChops.darker(inside, ImageChops.offset(shape, across, down))
    return ImageChops.difference(shape, inside)


def _draw_grid(pen: ImageDraw.ImageDraw, size: tuple[int, int]) -> None:
    lines: list[tuple[int, int, int, int]] = []
    for number in range(1, SIDE):
        left, top, _, _ = cell_box(number * (SIDE + 1), size)
        lines += [(left, 0, left, size[1]), (0, top, size[0], top)]
    for color, width in ((_DARK, _LINE), (_LIGHT, 1)):
        for line in lines:
            pen.line(line, fill=color, width=width)
    _draw_names(pen, size)


def _draw_names(pen: ImageDraw.ImageDraw, size: tuple[int, int]) -> None:
    height = max(12, min(44, round(0.3 * min(size) / SIDE)))
    font = ImageFont.load_default(height)
    for cell in range(SIDE * SIDE):
        left, top, right, bottom = cell_box(cell, size)
        pen.text(
            ((left + right) / 2, (top + bottom) / 2),
            cell_name(cell),
            fill=_LIGHT,
            font=font,
            anchor="mm",
            stroke_width=max(2, height // 8),
            stroke_fill=_DARK,
        )
