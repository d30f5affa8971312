"""A grid cut into its four pictures: no call of the API is needed for that, and no money.

Slow: for a worker thread. Imports only Pillow, the model, `bot.errors` and its neighbors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.imaging.opening import decoded, look_at
from bot.imaging.shrinking import save_smaller
from bot.model import Media

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

_QUICK: Final = 1  # PNG: four times as fast as the default, for a tenth more (performance 4)


def quarters(path: Path, limit: int) -> tuple[Media, ...]:
    """Write the four pictures of a grid beside it: top left, top right, bottom left, bottom right.

    Each takes at most `limit` bytes. A PNG is cut into PNGs as far as they fit, everything else into JPEGs. Of an odd
    number of pixels the right and the lower ones have one more: nothing is lost.

    Raises
    ------
    PictureUnusable
        It cannot be read.
    TooLarge
        No copy of one of them is small enough.
    """
    is_png = look_at(path).media_type == "image/png"
    grid = decoded(path)
    middle, center = grid.width // 2, grid.height // 2
    boxes = (
        (0, 0, middle, center),
        (middle, 0, grid.width, center),
        (0, center, middle, grid.height),
        (middle, center, grid.width, grid.height),
    )
    return tuple(
        _write(grid.crop(box), path.with_name(f"{path.stem}.q{number}"), limit, is_png=is_png)
        for number, box in enumerate(boxes, start=1)
    )


def _write(picture: Image.Image, name: Path, limit: int, *, is_png: bool) -> Media:
    """Write the first form that fits, under its name only once it is whole: the one before may be on its way still."""
    if not is_png:
        return save_smaller(picture, name, limit)
    draft = name.with_name(f"{name.name}.png.part")
    try:
        picture.save(draft, "PNG", compress_level=_QUICK)
        size = draft.stat().st_size
        if size <= limit:
            target = draft.replace(name.with_name(f"{name.name}.png"))
            return Media(path=target, media_type="image/png", size=size)
    finally:
        draft.unlink(missing_ok=True)
    return save_smaller(picture, name, limit)
