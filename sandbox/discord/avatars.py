"""The pictures of people: an initial on a color of its own, and an easel for the bot. Knows no storage and no wire."""

from __future__ import annotations

import colorsys
import hashlib
import io
from functools import lru_cache
from typing import TYPE_CHECKING, Final, cast

from PIL import Image, ImageDraw, ImageFont, ImageOps

if TYPE_CHECKING:
    Color = tuple[int, int, int]

SIZE: Final = 128
_DRAWN: Final = SIZE * 4
"""Drawn larger and scaled down, which smooths the edges."""

_PAPER: Final = (250, 248, 244)


@lru_cache(maxsize=64)
def avatar(seed: int, name: str, *, bot: bool = False) -> bytes:
    """Draw somebody's avatar: a square PNG, the same for the same arguments.

    Parameters
    ----------
    seed
        Chooses the color; a user's id.
    name
        Gives the initial.
    """
    image = _ground(seed)
    if bot:
        _easel(image)
    else:
        _initial(image, name)
    out = io.BytesIO()
    image.reduce(_DRAWN // SIZE).save(out, "PNG")
    return out.getvalue()


def _ground(seed: int) -> Image.Image:
    digest = hashlib.sha256(str(seed).encode()).digest()
    hue = int.from_bytes(digest[:2], "big") / 65_536
    slope = Image.linear_gradient("L").rotate(45).crop((53, 53, 203, 203))
    ground = ImageOps.colorize(slope, _color(hue, 0.55, 0.80), _color(hue + 0.09, 0.75, 0.48))
    return ImageOps.fit(ground, (_DRAWN, _DRAWN))


def _color(hue: float, saturation: float, value: float) -> Color:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1.0, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)


def _initial(image: Image.Image, name: str) -> None:
    font = cast("ImageFont.FreeTypeFont", ImageFont.load_default(_DRAWN * 0.52))  # with a size, the scalable one
    letter = next((sign for sign in name if sign.isalnum()), "?").upper()
    ImageDraw.Draw(image).text((_DRAWN / 2, _DRAWN / 2), letter, font=font, fill=_PAPER, anchor="mm")


def _easel(image: Image.Image) -> None:
    pen = ImageDraw.Draw(image)
    wood, unit = (74, 48, 36), _DRAWN / 100

    def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(x * unit, y * unit) for x, y in points]

    for foot in (26, 50, 74):
        pen.line(at((50, 14), (foot, 88)), fill=wood, width=round(4.5 * unit))
    pen.rounded_rectangle(at((22, 26), (78, 66)), radius=3 * unit, fill=_PAPER)
    pen.rectangle(at((26, 30), (74, 62)), fill=(255, 196, 138))
    pen.ellipse(at((52, 34), (66, 48)), fill=(255, 240, 205))
    pen.polygon(at((26, 62), (26, 52), (40, 42), (54, 62)), fill=(120, 92, 150))
    pen.polygon(at((40, 62), (60, 48), (74, 57), (74, 62)), fill=(72, 58, 118))
    pen.rounded_rectangle(at((18, 66), (82, 71)), radius=2 * unit, fill=wood)
