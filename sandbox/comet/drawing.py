"""Turning a `Picture` into real bytes: PNG or WebP, with Pillow.

Soft landscapes in the tile's tint, made from the tile's seed: the same tile looks the same in the grid, alone and
enlarged.
"""

from __future__ import annotations

import colorsys
import io
import math
import random
import unicodedata
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw, ImageFilter, ImageOps

from sandbox.comet.pixels import font_of, mapped, resized

if TYPE_CHECKING:
    from PIL import ImageFont

    from sandbox.comet.pictures import Picture, Tile

_SMOOTH_UP_TO: Final = 1100
"""Pixels; smaller tiles are drawn at twice the size and scaled down, which smooths their edges."""

_RIDGES: Final = 5
_GAP: Final = 0.006
_CAPTION_LINES: Final = 3
_QUALITY: Final = 90

_GLOW: Final = [max(0.0, (level - 76) / 179) ** 2 * 190 for level in range(256)]
"""How strong the glow is; the gradient is 74 in the middle of its sides, where the glow must have faded."""

_VEIL: Final = [level * 0.75 for level in range(256)]
"""How dark the ground of the caption is."""

Color = tuple[int, int, int]


def draw(picture: Picture, longer: int, form: str) -> bytes:
    """Return the finished picture as ``png`` or ``webp``."""
    return _encoded(paint(picture, longer, captioned=True), form, _QUALITY)


def preview(picture: Picture, longer: int, percent: int) -> bytes:
    """Return a small WebP of low quality; the further the job, the sharper it is."""
    image = paint(picture, max(96, longer // 2 // picture.scale))
    blur = max(image.size) * (100 - percent) / 2500
    return _encoded(image.filter(ImageFilter.GaussianBlur(blur)), "webp", 25)


def paint(picture: Picture, longer: int, *, captioned: bool = False) -> Image.Image:
    """Return the picture as pixels: four tiles with a thin gap, or one."""
    width, height = picture.size(longer)
    if len(picture.tiles) == 1:
        label = picture.label + (" ×2" if picture.scale > 1 else "")
        return _captioned(_tile(picture.tiles[0], (width, height)), picture.caption, label, shown=captioned)
    image = Image.new("RGB", (width, height), (14, 14, 18))
    gap = max(1, round(max(width, height) * _GAP / 2))
    for number, tile in enumerate(picture.tiles):
        left, top = (number % 2) * (width // 2), (number // 2) * (height // 2)
        box = (left + gap, top + gap, left + width // 2 - gap, top + height // 2 - gap)
        part = _tile(tile, (max(8, box[2] - box[0]), max(8, box[3] - box[1])))
        image.paste(_captioned(part, picture.caption, str(number + 1), shown=captioned), box[:2])
    return image


def _encoded(image: Image.Image, form: str, quality: int) -> bytes:
    out = io.BytesIO()
    if form == "png":
        image.save(out, "PNG", compress_level=1)
    else:
        image.save(out, "WEBP", quality=quality, method=1)
    return out.getvalue()


def _color(hue: float, saturation: float, value: float) -> Color:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1.0, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)


def _tile(tile: Tile, size: tuple[int, int]) -> Image.Image:
    """Return one scene: sky, stars, a sun with its glow, ridges that fade into the haze."""
    factor = 2 if max(size) <= _SMOOTH_UP_TO else 1
    canvas = (size[0] * factor, size[1] * factor)
    dice = random.Random(tile.seed)  # noqa: S311 - scenery, not secrets
    image = _sky(tile, canvas)
    _stars(image, dice, tile)
    _sun(image, dice, tile)
    _ridges(image, dice, tile)
    return image if factor == 1 else resized(image, size, averaged=True)


def _sky(tile: Tile, size: tuple[int, int]) -> Image.Image:
    gradient = resized(Image.linear_gradient("L"), size)
    top, middle = _color(tile.hue, 0.62, 0.34), _color(tile.hue + 0.04, 0.50, 0.72)
    return ImageOps.colorize(gradient, top, _color(tile.hue + 0.10, 0.30, 1.0), middle, midpoint=110)


def _stars(image: Image.Image, dice: random.Random, tile: Tile) -> None:
    pen = ImageDraw.Draw(image)
    width, height = image.size
    for _ in range(40):
        x, y = dice.random() * width, dice.random() * height * 0.4
        radius = max(1.0, height * 0.0018 * (1 + dice.random()))
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=_color(tile.hue, 0.12, 0.95))


def _sun(image: Image.Image, dice: random.Random, tile: Tile) -> None:
    width, height = image.size
    across = 0.5 + (dice.random() - 0.5) * 0.6 / tile.distance - tile.shift[0]
    along = 0.5 - (0.22 - dice.random() * 0.18) / tile.distance - tile.shift[1]
    radius = max(2, round(min(width, height) * (0.10 + dice.random() * 0.08) / tile.distance))
    x, y = round(across * width), round(along * height)
    glow = mapped(resized(ImageOps.invert(Image.radial_gradient("L")), (radius * 6, radius * 6)), _GLOW)
    image.paste(_color(tile.hue + 0.12, 0.25, 1.0), (x - radius * 3, y - radius * 3), glow)
    disc = (x - radius, y - radius, x + radius, y + radius)
    ImageDraw.Draw(image).ellipse(disc, fill=_color(tile.hue + 0.14, 0.14, 1.0))


def _ridges(image: Image.Image, dice: random.Random, tile: Tile) -> None:
    pen = ImageDraw.Draw(image)
    width, height = image.size
    step = max(2, width // 160)
    for number in range(_RIDGES):
        near = (number + 1) / _RIDGES
        waves = [
            (dice.uniform(0.6, 3.4) * tile.distance, dice.random() * math.tau, dice.uniform(0.3, 1)) for _ in range(4)
        ]
        base = 0.46 + 0.42 * near - tile.shift[1] * near * 0.5
        rough = (0.10 - 0.05 * near) / math.sqrt(tile.distance)
        line = [
            (x, height * (base + rough * _wave(x / width + tile.shift[0] * near, waves)))
            for x in range(0, width + step, step)
        ]
        fill = _color(tile.hue + 0.06 * (1 - near), 0.35 + 0.35 * near, 0.74 - 0.56 * near)
        pen.polygon([(0, height), *line, (width, height)], fill=fill)


def _wave(x: float, waves: list[tuple[float, float, float]]) -> float:
    return sum(strength * math.sin(math.tau * often * x + phase) for often, phase, strength in waves) / 2


def _captioned(image: Image.Image, caption: str, label: str, *, shown: bool) -> Image.Image:
    """Write the prompt along the bottom and the number into the corner."""
    if not shown:
        return image
    width, height = image.size
    font = font_of(max(10.0, min(width, height) / 17))
    margin = round(min(width, height) * 0.045)
    lines = wrapped(legible(caption), font, width - 2 * margin)
    line_height = round(font.size * 1.3)
    shade = min(height, line_height * len(lines) + 3 * margin)
    veil = mapped(resized(Image.linear_gradient("L"), (width, shade)), _VEIL)
    image.paste((8, 8, 12), (0, height - shade), veil)
    pen = ImageDraw.Draw(image)
    top = height - margin - line_height * len(lines)
    for number, line in enumerate(lines):
        pen.text((margin, top + number * line_height), line, font=font, fill=(250, 250, 250))
    if label:
        _badge(pen, label, font, margin)
    return image


def _badge(pen: ImageDraw.ImageDraw, label: str, font: ImageFont.FreeTypeFont, margin: int) -> None:
    left, top, right, bottom = pen.textbbox((margin * 1.6, margin * 1.4), label, font=font)
    pad = margin * 0.6
    pen.rounded_rectangle((left - pad, top - pad, right + pad, bottom + pad), radius=pad, fill=(8, 8, 12))
    pen.text((margin * 1.6, margin * 1.4), label, font=font, fill=(250, 250, 250))


def legible(caption: str) -> str:
    """Return what the font can write: accents are taken off, other scripts are left out, in place of boxes."""
    plain = (character for character in unicodedata.normalize("NFKD", caption) if character.isascii())
    return "".join(plain)


def wrapped(caption: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Break a text into at most three lines that fit; what is left out is marked by an ellipsis."""
    lines = [""]
    for word in caption.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    kept = [_fitting(line, font, width) for line in lines[:_CAPTION_LINES]]
    if len(lines) > _CAPTION_LINES:
        kept[-1] = _fitting(f"{kept[-1]} …", font, width)
    return [line for line in kept if line]


def _fitting(line: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    if font.getlength(line) <= width:
        return line
    while len(line) > 1 and font.getlength(f"{line}…") > width:
        line = line[:-1].rstrip(" …")
    return f"{line}…"
