"""Families drawn: what was made from what, as a tree of thumbnails with numbers; the current one is marked.

It is marked by a thick frame and by an arrowhead: nothing is told by color alone. Slow: for a worker thread. Imports
only Pillow, `bot.errors` and its neighbors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from PIL import Image, ImageDraw

from bot.imaging.family_layout import LABEL, RADIUS, lay_out
from bot.imaging.lettering import can_be_drawn, fitting_font, shortened
from bot.imaging.thumbnails import film_card, thumbnail_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.imaging.family_layout import Box, Plan, Point

#: The longest side of the picture, in pixels.
LONGEST: Final = 2000

_GROUND: Final = (30, 31, 34)
_FRAME: Final = (43, 45, 49)
_EMPTY: Final = (49, 51, 56)
_LINE: Final = (128, 132, 142)
_INK: Final = (242, 243, 245)
_MARK: Final = (255, 255, 255)
#: In pixels, before everything is made smaller as a whole.
_CORNER: Final = 14
_STROKE: Final = 5
_REACH: Final = 11
_LETTERS: Final = 25.0
#: By how much the letters of a long label may be smaller, before it is cut short.
_NARROW: Final = 0.75
_SHARPNESS: Final = 2  # shapes are drawn so many times as large, because Pillow's have no smooth edges
_QUICK: Final = 6


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One picture of a family.

    Attributes
    ----------
    label
        What it is, in Midjourney's words; what the font lacks is left out.
    parent
        Its number; None for the first of all, or where the parent is not shown.
    thumbnail
        None where there is no picture to show; then its place is crossed.
    is_gap
        It was deleted: only its number is shown.
    is_film
        It is a video: where there is no thumbnail, a card says so.
    """

    number: int
    label: str
    parent: int | None
    thumbnail: Path | None
    is_current: bool = False
    is_gap: bool = False
    is_film: bool = False


def draw_family(cards: Sequence[Card], target: Path, most: int = LONGEST) -> None:
    """Write a PNG of the tree.

    Parameters
    ----------
    cards
        In the order in which children are to stand, parents before their children.
    most
        For both sides, in pixels.

    Raises
    ------
    OSError
        The disk refused.
    """
    plan = lay_out({card.number: card.parent for card in cards}, most)
    picture = _with_shapes(plan, cards)
    pen = ImageDraw.Draw(picture)
    for card in cards:
        _put(picture, pen, plan, card)
    for middle, number in plan.circles:
        font = fitting_font(pen, str(number), RADIUS * plan.scale, RADIUS * 1.4 * plan.scale)
        pen.text(middle, str(number), fill=_INK, font=font, anchor="mm")
    picture.save(target, "PNG", compress_level=_QUICK)


def _with_shapes(plan: Plan, cards: Sequence[Card]) -> Image.Image:
    """Return the picture with everything but the thumbnails and the letters."""
    shapes = Image.new("RGB", (plan.width * _SHARPNESS, plan.height * _SHARPNESS), _GROUND)
    pen, scale = ImageDraw.Draw(shapes), plan.scale * _SHARPNESS
    corner, width = _CORNER * scale, max(2, round(_STROKE * scale))
    for frame in plan.frames:
        pen.rounded_rectangle(
            _enlarged(frame), radius=corner * 1.4, fill=_FRAME, outline=_LINE, width=max(1, width // 2)
        )
    for line in plan.lines:
        pen.line([_point(point) for point in line], fill=_LINE, width=width, joint="curve")
    for (x, y), _ in plan.circles:
        around = (x * _SHARPNESS, y * _SHARPNESS)
        pen.circle(around, RADIUS * scale, fill=_EMPTY, outline=_LINE, width=width)
    for card in cards:
        box = _enlarged(plan.tiles[card.number])
        if card.is_current:
            reach = _REACH * scale
            pen.rounded_rectangle(_wider(box, reach), radius=corner + reach, fill=_MARK)
        pen.rounded_rectangle(box, radius=corner, fill=_EMPTY)
        if card.thumbnail is None and not card.is_film:
            _cross(pen, box, width)
    return shapes.reduce(_SHARPNESS)


def _cross(pen: ImageDraw.ImageDraw, box: Box, width: int) -> None:
    left, top, right, bottom = box
    inset = (right - left) * 0.3
    for start, end in ((top + inset, bottom - inset), (bottom - inset, top + inset)):
        pen.line((left + inset, start, right - inset, end), fill=_LINE, width=width)


def _put(picture: Image.Image, pen: ImageDraw.ImageDraw, plan: Plan, card: Card) -> None:
    """Put a thumbnail, its number and its label where they belong."""
    left, top, right, bottom = plan.tiles[card.number]
    side = round(right - left)
    thumb = thumbnail_of(card.thumbnail, side)
    if thumb is None and card.is_film:
        thumb = film_card((side, side * 9 // 16))
    if thumb is not None:
        place = (round(left) + (side - thumb.width) // 2, round(top) + (side - thumb.height) // 2)
        picture.paste(thumb, place, _rounded(thumb.size, _CORNER * plan.scale))
    if card.is_current:
        _mark(picture, (left, top), plan.scale)
    _name(pen, card, (left, bottom + (_REACH + LABEL) / 2 * plan.scale), side, plan.scale)


def _name(pen: ImageDraw.ImageDraw, card: Card, middle: Point, width: int, scale: float) -> None:
    """Write the number, in a shape of its own, and what it is; `middle` is that of the left edge."""
    left, height = middle
    number, size, inset = str(card.number), max(13.0, _LETTERS * scale), 9 * scale
    font = fitting_font(pen, number, size, width)
    right, half = left + pen.textlength(number, font=font) + 2 * inset, 0.72 * size
    pen.rounded_rectangle((left, height - half, right, height + half), radius=half * 0.5, fill=_INK)
    pen.text(((left + right) / 2, height), number, fill=_GROUND, font=font, anchor="mm")
    room = left + width - right - inset
    label = shortened(pen, "" if card.is_gap else _legible(card.label), size * _NARROW, room)
    if label:
        font = fitting_font(pen, label, size, room)
        pen.text((right + inset, height), label, fill=_INK, font=font, anchor="lm")


def _mark(picture: Image.Image, corner: Point, scale: float) -> None:
    """Draw the arrowhead that says: this one."""
    side = max(18, round(54 * scale))
    badge = Image.new("RGB", (side * 4, side * 4), _MARK)
    reach = side * 4
    ImageDraw.Draw(badge).polygon(
        ((reach * 0.3, reach * 0.2), (reach * 0.3, reach * 0.8), (reach * 0.82, reach * 0.5)), fill=_GROUND
    )
    small = badge.reduce(4)
    picture.paste(small, (round(corner[0]), round(corner[1])), _rounded(small.size, 10 * scale))


def _rounded(size: tuple[int, int], radius: float) -> Image.Image:
    """Return a mask with round corners."""
    mask = Image.new("L", (size[0] * _SHARPNESS, size[1] * _SHARPNESS), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, *mask.size), radius=radius * _SHARPNESS, fill=255)
    return mask.reduce(_SHARPNESS)


def _legible(label: str) -> str:
    return " ".join("".join(filter(can_be_drawn, label)).split())


def _enlarged(box: Box) -> Box:
    left, top, right, bottom = box
    return left * _SHARPNESS, top * _SHARPNESS, right * _SHARPNESS, bottom * _SHARPNESS


def _wider(box: Box, reach: float) -> Box:
    left, top, right, bottom = box
    return left - reach, top - reach, right + reach, bottom + reach


def _point(point: Point) -> Point:
    return point[0] * _SHARPNESS, point[1] * _SHARPNESS
