"""Pictures for tests, made on the spot. Imports only Pillow and a piece of the sandbox's drawing."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, TypeAlias

from PIL import Image, ImageChops

from sandbox.comet.pixels import resized

if TYPE_CHECKING:
    from pathlib import Path

Size: TypeAlias = tuple[int, int]
Box: TypeAlias = tuple[int, int, int, int]
Ink: TypeAlias = str | float | tuple[int, ...]


def encoded(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    """Return an image as a file of that type."""
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def plain(size: Size, color: str = "orange", form: str = "PNG") -> bytes:
    return encoded(Image.new("RGB", size, color), form)


def noise(size: Size) -> Image.Image:
    """Return an image that does not compress."""
    return Image.effect_noise(size, 100).convert("RGB")


def gradient(size: Size) -> Image.Image:
    """Return an image of which no two parts are alike."""
    across, down = Image.linear_gradient("L").rotate(90), Image.linear_gradient("L")
    bands = [resized(across, size), resized(down, size), Image.new("L", size, 90)]
    return Image.merge("RGB", bands)


def with_box(size: Size, box: Box, *, ground: Ink, ink: Ink, mode: str = "RGB") -> Image.Image:
    image = Image.new(mode, size, ground)
    image.paste(ink, box)
    return image


def claimed(size: Size) -> bytes:
    """Return a few bytes whose header claims to be a PNG of that size."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", *size, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def opened(source: bytes | Path) -> Image.Image:
    """Return a decoded file."""
    with Image.open(BytesIO(source) if isinstance(source, bytes) else source) as image:
        image.load()
    return image


def difference(one: Image.Image, other: Image.Image) -> int:
    """Return by how much the two differ on average, over all pixels, 0 to 255."""
    values = ImageChops.difference(one.convert("L"), other.convert("L")).histogram()
    return round(sum(value * count for value, count in enumerate(values)) / sum(values))


def extremes(image: Image.Image) -> tuple[int, int]:
    """Return the darkest and the brightest value in a picture, 0 to 255."""
    found = [value for value, count in enumerate(image.convert("L").histogram()) if count]
    return found[0], found[-1]


def whites(mask: bytes | Path) -> Box | None:
    """Return the box around what is white in a mask, after a look at every pixel: it is only black and white."""
    image = opened(mask)
    assert image.format == "PNG"
    assert image.mode == "L"
    values = image.histogram()
    assert values[0] + values[255] == image.width * image.height
    return image.getbbox()
