"""Where everything stands in the picture of a family: pure geometry, from the left to the right.

A generation is a column. Children that have none of their own stand together in a frame; the line that leads on goes
straight. A family of many generations is folded: what goes on further down is named by its number in a circle, at both
ends. Imports only the standard library.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias, final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Point: TypeAlias = tuple[float, float]
#: Left, top, right, bottom.
Box: TypeAlias = tuple[float, float, float, float]

#: Everything in pixels, before it is made smaller as a whole.
SIDE: Final = 256
LABEL: Final = 58
GAP: Final = 22
COLUMN_GAP: Final = 76
RADIUS: Final = 26
MARGIN: Final = 36
_PADDING: Final = 18
_BAND_GAP: Final = 48
_MOST_COLUMNS: Final = 5
#: Of a frame of so many: the quarters of a grid go by four.
_BY_FOUR: Final = 4
_UP_TO: Final = 16
_BY_SIX: Final = 6


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A family laid out, in pixels as it will be drawn.

    Attributes
    ----------
    scale
        By which everything was made smaller; 1 at most.
    tiles
        The square of each picture by its number; its label stands below, `LABEL` high before it was made smaller.
    frames
        Around children that stand together.
    lines
        From parents to children.
    circles
        The middle of each circle, with the number of the one that is meant: it stands in another row.
    """

    width: int
    height: int
    scale: float
    tiles: Mapping[int, Box]
    frames: Sequence[Box]
    lines: Sequence[Sequence[Point]]
    circles: Sequence[tuple[Point, int]]


@final
@dataclass(slots=True, kw_only=True)
class _Block:
    """A part of the picture, from its own upper left corner. `anchor` is the height at which a line leads to it."""

    width: float
    height: float
    anchor: float
    tiles: dict[int, Point] = field(default_factory=dict[int, Point])
    frames: list[Box] = field(default_factory=list[Box])
    lines: list[list[Point]] = field(default_factory=list[list[Point]])
    circles: list[tuple[Point, int]] = field(default_factory=list[tuple[Point, int]])

    def take_in(self, other: _Block, left: float, top: float) -> None:
        """Put another part into this one, at that place."""
        self.tiles |= {number: (x + left, y + top) for number, (x, y) in other.tiles.items()}
        self.frames += [(a + left, b + top, c + left, d + top) for a, b, c, d in other.frames]
        self.lines += [[(x + left, y + top) for x, y in line] for line in other.lines]
        self.circles += [((x + left, y + top), number) for (x, y), number in other.circles]


def lay_out(parents: Mapping[int, int | None], most: int) -> Plan:
    """Lay a family out.

    Parameters
    ----------
    parents
        The number of each one's parent, in the order in which children are to stand; parents come before children.
    most
        For both sides of the picture, in pixels.
    """
    return _planned(_Tree(parents).bands(), most)


@final
class _Tree:
    def __init__(self, parents: Mapping[int, int | None]) -> None:
        self._parents = parents
        self._children: dict[int, list[int]] = {number: [] for number in parents}
        depths: dict[int, int] = {}
        for number, parent in parents.items():
            depths[number] = 0 if parent is None else depths[parent] + 1
            if parent is not None:
                self._children[parent].append(number)
        generations = max(depths.values(), default=0) + 1
        columns = math.ceil(generations / math.ceil(generations / _MOST_COLUMNS))
        self._folded = {number for number, depth in depths.items() if depth and not depth % columns}
        self._folded = {number for number in self._folded if self._children[number]}

    def bands(self) -> list[_Block]:
        """Return the rows of the picture: each begins with somebody without a parent, or with one that was folded."""
        bands: list[_Block] = []
        for number, parent in self._parents.items():
            if parent is None:
                bands.append(self._block(number))
            elif number in self._folded:
                bands.append(_joined(_circle(parent), [self._block(number)], COLUMN_GAP / 2))
        return bands

    def _block(self, number: int) -> _Block:
        children = self._children[number]
        leaves = [child for child in children if not self._children[child]]
        parts = [
            _circle(child) if child in self._folded else self._block(child)
            for child in children
            if self._children[child]
        ]
        if leaves:
            parts.append(_frame(leaves))
        return _joined(_tile(number), parts, COLUMN_GAP)


def _tile(number: int) -> _Block:
    return _Block(width=SIDE, height=SIDE + LABEL, anchor=SIDE / 2, tiles={number: (0, 0)})


def _circle(number: int) -> _Block:
    return _Block(width=2 * RADIUS, height=2 * RADIUS, anchor=RADIUS, circles=[((RADIUS, RADIUS), number)])


def _frame(numbers: Sequence[int]) -> _Block:
    """Return children that stand together; a single one needs no frame."""
    if len(numbers) == 1:
        return _tile(numbers[0])
    columns = min(len(numbers), _BY_FOUR if len(numbers) <= _UP_TO else _BY_SIX)
    rows = math.ceil(len(numbers) / columns)
    width = columns * (SIDE + GAP) - GAP + 2 * _PADDING
    height = rows * (SIDE + LABEL + GAP) - GAP + 2 * _PADDING
    block = _Block(width=width, height=height, anchor=height / 2 if rows > 1 else _PADDING + SIDE / 2)
    block.frames.append((0, 0, width, height))
    for at, number in enumerate(numbers):
        row, column = divmod(at, columns)
        block.take_in(_tile(number), _PADDING + column * (SIDE + GAP), _PADDING + row * (SIDE + LABEL + GAP))
    return block


def _joined(first: _Block, parts: Sequence[_Block], gap: float) -> _Block:
    """Return a part with what follows from it at its right, one below the other; a line leads to each."""
    if not parts:
        return first
    anchor = max(first.anchor, parts[0].anchor)
    left, top = first.width + gap, anchor - parts[0].anchor
    block = _Block(width=left + max(part.width for part in parts), height=0, anchor=anchor)
    block.take_in(first, 0, anchor - first.anchor)
    bottom = anchor - first.anchor + first.height
    for part in parts:
        block.take_in(part, left, top)
        turn, end = first.width + gap / 2, top + part.anchor
        line = [(first.width, anchor), (turn, anchor), (turn, end), (left, end)]
        block.lines.append(line if end != anchor else [line[0], line[-1]])
        bottom = max(bottom, top + part.height)
        top += part.height + GAP
    block.height = bottom
    return block


def _planned(bands: Sequence[_Block], most: int) -> Plan:
    whole = _Block(width=max((band.width for band in bands), default=0), height=0, anchor=0)
    for band in bands:
        whole.take_in(band, 0, whole.height)
        whole.height += band.height + _BAND_GAP
    width, height = whole.width + 2 * MARGIN, whole.height - _BAND_GAP + 2 * MARGIN
    scale = min(1.0, most / width, most / height)

    def at(x: float, y: float) -> Point:
        return (x + MARGIN) * scale, (y + MARGIN) * scale

    return Plan(
        width=math.floor(width * scale),
        height=math.floor(height * scale),
        scale=scale,
        tiles={number: (*at(x, y), *at(x + SIDE, y + SIDE)) for number, (x, y) in whole.tiles.items()},
        frames=[(*at(left, top), *at(right, bottom)) for left, top, right, bottom in whole.frames],
        lines=[[at(*point) for point in line] for line in whole.lines],
        circles=[(at(*middle), number) for middle, number in whole.circles],
    )
