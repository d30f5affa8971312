"""Thumbnails: small JPEGs for panels and trees, and a card in the place of what does not stand still.

Slow: for a worker thread. Imports only Pillow, `bot.errors` and its neighbors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw

from bot.errors import PictureUnusable
from bot.imaging.normalizing import on_white
from bot.imaging.opening import decoded
from bot.imaging.pixels import resized

if TYPE_CHECKING:
    from pathlib import Path

#: The longest side, in pixels.
LONGEST: Final = 320

_MOST_BYTES: Final = 40_000
#: To try in order: JPEG quality, and the longest side.
_COPIES: Final = ((80, LONGEST), (65, LONGEST), (45, LONGEST), (45, LONGEST // 2))
_FILM: Final = (LONGEST, LONGEST * 9 // 16)
_GROUND: Final = (49, 51, 56)
_INK: Final = (242, 243, 245)


def draw_thumbnail(source: Path, target: Path) -> None:
    """Write a JPEG of less than 40 kB, at most 320 pixels on its longer side; what is transparent becomes white.

    Raises
    ------
    PictureUnusable
        The picture cannot be read.
    OSError
        The disk refused.
    """
    picture = _small(source, LONGEST)
    draft = target.with_name(f"{target.name}.part")
    for quality, longest in _COPIES:
        picture.thumbnail((longest, longest))
        picture.save(draft, "JPEG", quality=quality, optimize=True)
        if draft.stat().st_size < _MOST_BYTES:
            break
    draft.replace(target)


def thumbnail_of(path: Path | None, side: int) -> Image.Image | None:
    """Return a picture for a place on a larger one, both sides at most so long; None where it cannot be had."""
    if path is None:
        return None
    try:
        return _small(path, side)
    except PictureUnusable:
        return None


def draw_film_card(source: Path, target: Path) -> None:
    """Write the card that stands for a video: a triangle that points to the right, as on every player.

    Raises
    ------
    OSError
        The disk refused, or the video is not there.
    """
    source.stat()
    draft = target.with_name(f"{target.name}.part")
    film_card(_FILM).save(draft, "JPEG", quality=_COPIES[0][0])
    draft.replace(target)


def film_card(size: tuple[int, int]) -> Image.Image:
    """Return the card that stands for a video, in that size."""
    # Drawn twice as large: Pillow's polygons have no smooth edges.
    width, height = size[0] * 2, size[1] * 2
    card = Image.new("RGB", (width, height), _GROUND)
    pen, reach = ImageDraw.Draw(card), min(width, height) * 0.26
    middle, center = width / 2, height / 2
    pen.polygon(
        ((middle - reach * 0.7, center - reach), (middle - reach * 0.7, center + reach), (middle + reach, center)),
        fill=_INK,
    )
    return resized(card, size, Image.Resampling.LANCZOS)


def _small(source: Path, side: int) -> Image.Image:
    picture = decoded(source, within=side)
    return on_white(picture) if picture.mode == "RGBA" else picture
