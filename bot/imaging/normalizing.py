"""Pictures made fit to be sent to the API: of a type that it reads, upright, and small enough for a JSON body.

Slow: for a worker thread. Imports only Pillow, `bot.errors`, `bot.language` and its neighbors.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from PIL import Image

from bot.errors import PictureUnusable
from bot.imaging.opening import decoded, look_at
from bot.language import say

if TYPE_CHECKING:
    from pathlib import Path

    from bot.imaging.opening import Source

#: The least that Midjourney can make something of, in pixels on each side.
SMALLEST_SIDE: Final = 64
#: What is not more than this goes out as it came; a body grows by a third over it.
_MOST_BYTES: Final = 4 * 1024 * 1024
#: What every back end reads; a GIF becomes its first picture.
_SENT: Final = frozenset({"image/png", "image/jpeg", "image/webp"})
#: The longer side in pixels: as large as a grid.
_LONGEST: Final = 2048
_QUICK: Final = 1  # PNG: a higher level takes seconds for what is large (performance 4)
#: JPEG qualities to try; the last one is small enough for whatever there is.
_QUALITIES: Final = (92, 85, 75, 60)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Normal:
    """What was written. Sides in pixels."""

    media_type: str
    width: int
    height: int


def normalize(source: Source, target: Path) -> Normal:
    """Write a picture that can be sent: the source itself where it can, else a copy.

    Raises
    ------
    PictureUnusable
        It is no picture of a known type, broken, too small, or has too many pixels.
    OSError
        The disk refused.
    """
    look = look_at(source)
    check_sides(look.width, look.height)
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    is_sent = look.media_type in _SENT
    if is_sent and look.is_plain and size <= _MOST_BYTES and max(look.width, look.height) <= _LONGEST:
        decoded(source)  # or it may be cut short, which nobody but the API would find out
        _copy(source, target)
        return Normal(media_type=look.media_type, width=look.width, height=look.height)
    picture = decoded(source, within=_LONGEST)
    return Normal(
        media_type=_write(picture, target, has_few_colors=not is_sent), width=picture.width, height=picture.height
    )


def write_png(png: bytes, target: Path) -> Normal:
    """Write a PNG as it is, once it has been decoded to its end.

    Raises
    ------
    PictureUnusable
        It is no PNG, or broken.
    OSError
        The disk refused.
    """
    look = look_at(png)
    if look.media_type != "image/png":
        raise PictureUnusable(say("it is no PNG"), say("Please give me one."))
    decoded(png)
    target.write_bytes(png)
    return Normal(media_type=look.media_type, width=look.width, height=look.height)


def check_sides(width: int, height: int) -> None:
    """Refuse what is too small, or would be once it is small enough.

    Raises
    ------
    PictureUnusable
        With the reason.
    """
    shorter, longer = sorted((width, height))
    if shorter < SMALLEST_SIDE:
        raise PictureUnusable(
            say("it has only {width} × {height} pixels", width=width, height=height),
            say("Please give me one with at least {least} on each side.", least=SMALLEST_SIDE),
        )
    if shorter * _LONGEST < SMALLEST_SIDE * longer:
        raise PictureUnusable(
            say("it is too narrow with its {width} × {height} pixels", width=width, height=height),
            say("Please cut it closer to a square first."),
        )


def _copy(source: Source, target: Path) -> None:
    if isinstance(source, bytes):
        target.write_bytes(source)
    else:
        shutil.copyfile(source, target)


def _write(picture: Image.Image, target: Path, *, has_few_colors: bool) -> str:
    """Write the picture and return its type: a PNG where a JPEG would lose something and it stays small."""
    is_opaque = picture.mode != "RGBA" or picture.getchannel("A").getextrema() == (255, 255)
    if has_few_colors or not is_opaque:
        picture.save(target, "PNG", compress_level=_QUICK)
        if target.stat().st_size <= _MOST_BYTES:
            return "image/png"
    if picture.mode == "RGBA":
        picture = on_white(picture)
    for quality in _QUALITIES:
        picture.save(target, "JPEG", quality=quality, optimize=True, icc_profile=picture.info.get("icc_profile"))
        if target.stat().st_size <= _MOST_BYTES:
            break
    return "image/jpeg"


def on_white(picture: Image.Image) -> Image.Image:
    """Return a picture with transparency as it looks on paper."""
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    paper.info = picture.info
    return paper
