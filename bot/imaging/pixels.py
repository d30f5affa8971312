"""The two calls of Pillow whose types name NumPy's arrays, which are not there: wrapped once. Imports only Pillow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable


def resized(
    image: Image.Image, size: tuple[int, int], resample: Image.Resampling = Image.Resampling.NEAREST
) -> Image.Image:
    """Return the image in another size."""
    return image.resize(size, resample)  # pyright: ignore[reportUnknownMemberType] - names NumPy's arrays


def mapped(band: Image.Image, of: Callable[[int], bool]) -> Image.Image:
    """Return a band with white where its value is such, and black elsewhere."""
    return band.point([255 if of(value) else 0 for value in range(256)])  # pyright: ignore[reportUnknownMemberType] - see above


def narrowed(band: Image.Image) -> Image.Image:
    """Return a band of 16 bits as one of 8."""
    eighth = band.point(lambda value: value * (1 / 256))  # pyright: ignore[reportUnknownMemberType] - see above
    return eighth.convert("L")
