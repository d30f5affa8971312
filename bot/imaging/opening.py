"""Pictures of strangers, opened with care: few types, few pixels, and one error for everything that is wrong with them.

Nothing is decoded before its header has been found acceptable (reliability C7). Slow: for a worker thread. Imports only
Pillow, `bot.errors` and `bot.language`.
"""

from __future__ import annotations

import contextlib
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final, TypeAlias, final

from PIL import ExifTags, Image

from bot.errors import PictureUnusable
from bot.imaging.pixels import narrowed, resized
from bot.language import mark, say

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

#: A file, or what is in one.
Source: TypeAlias = "bytes | Path"

#: A small file may decode to gigabytes; 40 million take 160 MB (performance 4).
_MOST_PIXELS: Final = 40_000_000
#: Pillow reads a WEBP with room for a film: four times as much. Midjourney's largest, 4096 × 4096, still pass.
_MOST_WEBP_PIXELS: Final = 17_000_000
_MILLION: Final = 1_000_000

_SMALLER: Final = mark("Please make it smaller first.")

_FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF")
#: By Pillow's name. An MPO is a JPEG of a phone with a second picture behind it; Pillow takes it for a type of its own.
_TYPES: Final = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "WEBP": "image/webp",
    "GIF": "image/gif",
}
#: File name endings by media type.
ENDINGS: Final = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif"}

#: What Pillow's readers raise for hostile and for damaged files. Not only its own errors: a reader may run off a table.
_BROKEN: Final = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    ArithmeticError,
    LookupError,
    TypeError,
    struct.error,
    zlib.error,
    MemoryError,
)
_BOMBS: Final = (Image.DecompressionBombError, Image.DecompressionBombWarning)
#: How to turn a picture upright, by what its camera noted (EXIF orientation).
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_UPRIGHT: Final = 1
_SIDEWAYS: Final = frozenset({5, 6, 7, 8})
_PLAIN: Final = ("1", "L", "LA", "P", "RGB", "RGBA")
_SIXTEEN_BIT: Final = ("I;16", "I;16B", "I;16L", "I;16N", "I")
_STRIP: Final = 512


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the header of a picture says.

    Attributes
    ----------
    width, height
        In pixels, as it is meant to be seen: turned upright.
    is_plain
        One picture, upright, in ordinary colors, without a note of where it was taken.
    """

    media_type: str
    width: int
    height: int
    is_plain: bool


def check_pixels(width: int, height: int, most: int = _MOST_PIXELS) -> None:
    """Refuse what would take too much memory.

    Raises
    ------
    PictureUnusable
        With the reason.
    """
    if width * height > most:
        reason = say(
            "it has {width} × {height} pixels, and {most} million is the most that I take",
            width=width,
            height=height,
            most=most // _MILLION,
        )
        raise PictureUnusable(reason, say(_SMALLER))


def not_of_a_known_type() -> PictureUnusable:
    """Return the refusal of a file that is something else."""
    return PictureUnusable(
        say("it is not a PNG, JPEG, WEBP or GIF picture"), say("Please give me a picture of one of these types.")
    )


def damaged() -> PictureUnusable:
    """Return the refusal of a file that cannot be read to its end."""
    return PictureUnusable(say("it is damaged or cut short"), say("Please save it anew, or give me another."))


def look_at(source: Source) -> Look:
    """Read the header of a picture, and nothing else.

    Raises
    ------
    PictureUnusable
        It is none of the types that Easel reads, is broken, or has too many pixels.
    """
    with _opened(source) as image:
        turn = _turn_of(image)
        width, height = image.size[::-1] if turn in _SIDEWAYS else image.size
        is_moving = getattr(image, "is_animated", False)
        return Look(
            media_type=_TYPES[image.format or ""],
            width=width,
            height=height,
            is_plain=turn == _UPRIGHT and not is_moving and not _tells_where(image) and image.mode in _PLAIN,
        )


def decoded(source: Source, *, within: int | None = None) -> Image.Image:
    """Return a picture as RGB, or as RGBA where it has transparency, upright; of several the first.

    Parameters
    ----------
    within
        Both sides become at most so long; None leaves the size.

    Raises
    ------
    PictureUnusable
        As `look_at`, or it is cut short.
    """
    with _opened(source) as image:
        if within is not None:
            image.draft(None, (within, within))  # a JPEG is decoded smaller at once
        image.load()
        turn, picture = _turn_of(image), image
    picture = in_color(picture) if within is None else _within(picture, within)
    return picture.transpose(_TURNS[turn]) if turn in _TURNS else picture


def resampled(source: Source, size: tuple[int, int]) -> Image.Image:
    """Return a picture as RGB or RGBA, upright, in exactly this size: every pixel is one of the original's.

    Raises
    ------
    PictureUnusable
        As `decoded`.
    """
    with _opened(source) as image:
        image.load()
        turn = _turn_of(image)
        lying = (size[1], size[0]) if turn in _SIDEWAYS else size
        picture = in_color(resized(image, lying))
    return picture.transpose(_TURNS[turn]) if turn in _TURNS else picture


def in_color(picture: Image.Image) -> Image.Image:
    """Return the picture as RGB, or as RGBA where it has transparency."""
    if picture.mode in _SIXTEEN_BIT:  # Pillow would cut these values off instead of scaling them
        picture = narrowed(picture)
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    if picture.mode == mode:
        return picture
    colored = picture.convert(mode)
    if picture.mode not in ("RGB", "RGBA", "P"):
        colored.info.pop("icc_profile", None)  # it speaks of inks or of grays
    return colored


@contextlib.contextmanager
def _opened(source: Source) -> Generator[Image.Image]:
    """Open a picture; within, everything that Pillow may raise is one error. Whoever writes files does so outside."""
    file = BytesIO(source) if isinstance(source, bytes) else source
    try:
        with Image.open(file, formats=_FORMATS) as image:
            check_pixels(*image.size, _MOST_WEBP_PIXELS if image.format == "WEBP" else _MOST_PIXELS)
            yield image
    except Image.UnidentifiedImageError as error:
        raise not_of_a_known_type() from error
    except _BOMBS as error:
        reason = say(
            "it has far too many pixels, and {most} million is the most that I take", most=_MOST_PIXELS // _MILLION
        )
        raise PictureUnusable(reason, say(_SMALLER)) from error
    except FileNotFoundError as error:
        raise PictureUnusable(say("it is not there any more"), say("Please give it to me again.")) from error
    except _BROKEN as error:
        raise damaged() from error


def _turn_of(image: Image.Image) -> int:
    try:
        turn = image.getexif().get(ExifTags.Base.Orientation, _UPRIGHT)
    except _BROKEN:  # notes that nobody can read are no reason to refuse the picture
        return _UPRIGHT
    return turn if turn in _TURNS else _UPRIGHT


def _tells_where(image: Image.Image) -> bool:
    """Tell whether the place where it was taken may stand in the file: that is nothing to send to anybody."""
    try:
        return bool(image.getexif().get_ifd(ExifTags.IFD.GPSInfo))
    except _BROKEN:
        return True


def _within(picture: Image.Image, longest: int) -> Image.Image:
    """Return the picture in color, smaller in two steps: by a whole number, strip by strip, and then to the point."""
    factor = max(picture.size) // longest
    picture = _reduced(picture, factor) if factor > 1 else in_color(picture)
    picture.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return picture


def _reduced(picture: Image.Image, factor: int) -> Image.Image:
    """Return the picture in color with both sides divided. As a whole it would be copied for that once or twice."""
    width, height = picture.size
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    smaller = Image.new(mode, (-(-width // factor), -(-height // factor)))
    step = max(1, _STRIP // factor) * factor  # whole blocks; of the original's rows, or a strip would be all of it
    for top in range(0, height, step):
        strip = in_color(picture.crop((0, top, width, min(height, top + step))))
        smaller.paste(strip.reduce(factor), (0, top // factor))
        smaller.info = strip.info
    return smaller
