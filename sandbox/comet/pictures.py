"""What a task's picture shows, independent of how it is drawn.

Pure; `drawing` turns it into pixels.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Final

_QUARTER: Final = 0.25
"""Of the color wheel between two tiles: four tints stand as far apart as they can."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One scene: what it is made from, its tint (0-1 around the color wheel), and how far away it is."""

    seed: int
    hue: float
    distance: float = 1.0
    shift: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Picture:
    """Four tiles (a grid) or one.

    Attributes
    ----------
    number
        Zero-based: which of several videos.
    scale
        How many times the usual size.
    """

    caption: str
    tiles: tuple[Tile, ...]
    aspect: tuple[int, int]
    label: str = ""
    scale: int = 1
    number: int = 0

    def size(self, longer: int) -> tuple[int, int]:
        """Return width and height in pixels, given the usual longer side."""
        longer *= self.scale
        width, height = self.aspect
        if width >= height:
            return longer, max(16, round(longer * height / width))
        return max(16, round(longer * width / height)), longer


def _seed(*parts: object) -> int:
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:6], "big")


def first_grid(caption: str, aspect: tuple[int, int], salt: str) -> Picture:
    """Return a new grid: the salt (the task) makes two of one prompt differ."""
    start = _seed(caption, salt)
    hue = (start % 997) / 997
    tiles = tuple(Tile(_seed(start, n), (hue + n * _QUARTER) % 1.0) for n in range(4))
    return Picture(caption, tiles, aspect)


def tile_of(picture: Picture, index: int) -> Picture:
    """Return the picture of one quadrant, 1-4; a single one is its own."""
    tile = picture.tiles[min(index, len(picture.tiles)) - 1]
    label = f"U{index}" if len(picture.tiles) > 1 else picture.label
    return replace(picture, tiles=(tile,), label=label, scale=1)


def larger(picture: Picture) -> Picture:
    """Return the picture at twice the size."""
    return replace(tile_of(picture, 1), scale=2)


def like(picture: Picture, index: int, strength: float, salt: str) -> Picture:
    """Return a grid of four that resemble one picture; `strength` 0-1 says how little."""
    base = picture.tiles[min(index, len(picture.tiles)) - 1]
    tiles = tuple(
        replace(
            base, seed=_seed(base.seed, salt, n) if strength else base.seed, hue=(base.hue + strength * n / 12) % 1.0
        )
        for n in range(4)
    )
    return replace(picture, tiles=tiles, label="", scale=1)


def from_afar(picture: Picture, factor: float) -> Picture:
    """Return a grid that shows one picture from `factor` times as far."""
    base = picture.tiles[0]
    tiles = tuple(replace(base, distance=base.distance * factor, hue=(base.hue + n / 40) % 1.0) for n in range(4))
    return replace(picture, tiles=tiles, label="", scale=1)


def squared(picture: Picture) -> Picture:
    """Return the picture made square (contract 4.6 B)."""
    return replace(from_afar(picture, 1.2), aspect=(1, 1))


_WAYS: Final = {"left": (-0.25, 0.0), "right": (0.25, 0.0), "up": (0.0, -0.25), "down": (0.0, 0.25)}


def panned(picture: Picture, way: str) -> Picture:
    """Return a grid that looks further to one side; the aspect grows by half (contract 4.6)."""
    across, along = _WAYS[way]
    base = picture.tiles[0]
    tiles = tuple(replace(base, shift=(across, along), hue=(base.hue + n / 40) % 1.0) for n in range(4))
    width, height = picture.aspect
    aspect = (width * 3, height * 2) if across else (width * 2, height * 3)
    return replace(picture, tiles=tiles, aspect=reduced(*aspect), label="", scale=1)


def reduced(width: int, height: int) -> tuple[int, int]:
    """Return the shape of so many pixels in the smallest whole numbers."""
    first, second = width, height
    while second:
        first, second = second, first % second
    return width // first, height // first


def film(picture: Picture, index: int, number: int = 0) -> Picture:
    """Return the moving picture of one tile."""
    return replace(tile_of(picture, index), label="", number=number)
