"""The two operations of Pillow whose types mention NumPy, which is not installed here; and the one font.

Imports nothing of this package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PIL import Image, ImageFont

if TYPE_CHECKING:
    from collections.abc import Sequence


def resized(image: Image.Image, size: tuple[int, int], *, averaged: bool = False) -> Image.Image:
    """Return an image of another size; `averaged` is for exact fractions of the old one."""
    resample = Image.Resampling.BOX if averaged else Image.Resampling.BICUBIC
    return image.resize(size, resample)  # pyright: ignore[reportUnknownMemberType] - names NumPy's arrays


def mapped(band: Image.Image, table: Sequence[float]) -> Image.Image:
    """Return a band of 8 bits with each value replaced by that of the table."""
    return band.point([round(value) for value in table])  # pyright: ignore[reportUnknownMemberType] - see above


def font_of(size: float) -> ImageFont.FreeTypeFont:
    """Return Pillow's own font; with a size it is always the scalable one."""
    return cast("ImageFont.FreeTypeFont", ImageFont.load_default(size))
