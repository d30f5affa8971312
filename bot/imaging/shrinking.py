"""Smaller copies of pictures, for places that take no large files.

Slow: for a worker thread. Imports only Pillow, the model, `bot.errors` and its neighbors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.errors import PictureUnusable, TooLarge
from bot.imaging.normalizing import on_white
from bot.imaging.opening import decoded
from bot.model import Media

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

#: Smaller copies to try, in order: JPEG quality, and by how much both sides are divided (performance 4).
_COPIES: Final = ((92, 1), (80, 1), (80, 2), (70, 4))


def shrink(media: Media, limit: int) -> Media:
    """Write the first JPEG copy of at most `limit` bytes beside the original.

    Raises
    ------
    TooLarge
        No copy is small enough, or it is no picture that can be read.
    """
    try:
        return save_smaller(decoded(media.path), media.path.with_suffix(""), limit)
    except PictureUnusable as error:
        raise TooLarge(f"cannot be made smaller: {error}") from error


def save_smaller(picture: Image.Image, name: Path, limit: int) -> Media:
    """Write the first JPEG of at most `limit` bytes, under a name that begins with this one.

    Each copy has a file of its own, whole from the moment it is there: another may be on its way to Discord meanwhile.

    Raises
    ------
    TooLarge
        No copy is small enough.
    """
    picture = on_white(picture) if picture.mode == "RGBA" else picture
    draft = name.with_name(f"{name.name}.small.part")
    try:
        for quality, divisor in _COPIES:
            smaller = picture.reduce(divisor) if divisor > 1 else picture  # by 1 it would be copied
            smaller.save(draft, "JPEG", quality=quality, optimize=True)
            size = draft.stat().st_size
            if size <= limit:
                target = draft.replace(name.with_name(f"{name.name}.{quality}-{divisor}.jpg"))
                return Media(path=target, media_type="image/jpeg", size=size)
    finally:
        draft.unlink(missing_ok=True)
    raise TooLarge("no copy is small enough")
