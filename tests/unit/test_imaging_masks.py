"""Masks: exactly a picture's size, black, and white where to repaint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw

from bot.errors import PictureUnusable
from bot.imaging.masks import SIDE, cell_box, cell_name, check_mask, mask_of_cells, mask_of_upload
from tests.drawings import claimed, encoded, gradient, noise, opened, plain, whites, with_box

if TYPE_CHECKING:
    from tests.drawings import Ink

SQUARE, WIDE = (1024, 1024), (1456, 816)
#: The upper left quarter of an upload, and of a mask that came of it.
QUARTER = (0, 0, 50, 40)
SMALL = (100, 80)


@pytest.mark.parametrize(
    ("size", "cells"),
    [
        (SQUARE, {0, 7, 24}),
        (WIDE, {0, 7, 24}),
        ((103, 97), {0}),
        ((103, 97), {6, 7, 8, 11, 12, 13}),
        ((103, 97), set(range(25))),
        ((97, 6), {23}),
    ],
)
def test_only_the_chosen_cells_are_white(size: tuple[int, int], cells: set[int]) -> None:
    mask = opened(mask_of_cells(size, cells))

    assert (mask.format, mask.mode, mask.size) == ("PNG", "L", size)
    # A pixel that a line between cells cuts belongs to the cell that holds its middle.
    columns = [(2 * x + 1) * SIDE // (2 * size[0]) for x in range(size[0])]
    rows = [(2 * y + 1) * SIDE // (2 * size[1]) for y in range(size[1])]
    expected = [255 if row * SIDE + column in cells else 0 for row in rows for column in columns]
    assert mask.tobytes() == bytes(expected)


@pytest.mark.parametrize("size", [SQUARE, WIDE, (1023, 997), (7, 6)])
def test_cells_leave_no_gap_and_do_not_overlap(size: tuple[int, int]) -> None:
    boxes = [cell_box(cell, size) for cell in range(SIDE * SIDE)]

    assert sum((right - left) * (bottom - top) for left, top, right, bottom in boxes) == size[0] * size[1]
    for cell, (left, top, right, bottom) in enumerate(boxes):
        assert left == 0 if cell % SIDE == 0 else left == boxes[cell - 1][2]
        assert top == 0 if cell < SIDE else top == boxes[cell - SIDE][3]
        assert (right > left, bottom > top) == (True, True)
    assert boxes[-1][2:] == size


def test_cells_are_named_by_column_and_row() -> None:
    assert [cell_name(cell) for cell in (0, 4, 7, 20, 24)] == ["A1", "E1", "C2", "A5", "E5"]


def test_a_mask_is_small() -> None:
    assert len(mask_of_cells((2048, 2048), {0, 12, 24})) < 10_000


def drawn_on(mode: str, *, ground: Ink, ink: Ink) -> Image.Image:
    return with_box(SMALL, QUARTER, ground=ground, ink=ink, mode=mode)


def photo_with_hole() -> Image.Image:
    image = gradient(SMALL).convert("RGBA")
    image.paste((0, 0, 0, 0), QUARTER)
    return image


def palette_with_transparency() -> bytes:
    image = Image.new("P", SMALL, 0)
    image.putpalette([0, 0, 0, 255, 255, 255, 9, 9, 9])
    image.paste(1, QUARTER)
    image.paste(2, (60, 60, 70, 70))
    return encoded(image, "GIF", transparency=2)


UPLOADS = {
    "a photo of a mask": encoded(drawn_on("RGB", ground="black", ink="white"), "JPEG"),
    "gray, bright enough": encoded(drawn_on("L", ground=127, ink=128)),
    "one bit for each pixel": encoded(drawn_on("1", ground=0, ink=1)),
    "colors of a palette": encoded(drawn_on("RGB", ground="black", ink="yellow").quantize(4), "GIF"),
    "white beside something transparent": palette_with_transparency(),
    "lossless": encoded(drawn_on("RGB", ground="black", ink="white"), "WEBP", lossless=True),
    "a photo with a hole": encoded(photo_with_hole()),
    "black with a hole": encoded(drawn_on("RGBA", ground=(0, 0, 0, 255), ink=(0, 0, 0, 0))),
    "white strokes on nothing": encoded(drawn_on("RGBA", ground=(0, 0, 0, 0), ink=(255, 255, 255, 255))),
    "white that nobody sees": encoded(drawn_on("RGBA", ground=(255, 255, 255, 0), ink=(255, 255, 255, 255))),
    "gray with transparency": encoded(drawn_on("LA", ground=(0, 0), ink=(255, 255))),
    "16 bits": encoded(with_box(SMALL, QUARTER, ground=0, ink=0xFFFF, mode="I;16")),
}


@pytest.mark.parametrize("name", UPLOADS)
@pytest.mark.parametrize("size", [(512, 512), (728, 408)])
def test_an_upload_becomes_a_mask_of_the_pictures_size(name: str, size: tuple[int, int]) -> None:
    mask = mask_of_upload(UPLOADS[name], size)

    assert opened(mask).size == size
    box = whites(mask)
    assert box is not None
    # A JPEG's edges are soft: an eighth of its pixels may be on either side.
    for found, wanted in zip(box, (0, 0, size[0] // 2, size[1] // 2), strict=True):
        assert abs(found - wanted) <= (size[0] // SMALL[0] if "photo of" in name else 0)
    middle = opened(mask).crop((20, 20, size[0] // 2 - 20, size[1] // 2 - 20))
    assert middle.getextrema() == (255, 255)


def test_soft_edges_do_not_make_a_drawing_a_picture() -> None:
    image = Image.new("RGBA", (400, 400), (255, 255, 255, 0))
    big = Image.new("L", (1600, 1600), 0)
    ImageDraw.Draw(big).ellipse((200, 200, 1000, 1000), fill=255)
    image.putalpha(big.reduce(4))

    box = whites(mask_of_upload(encoded(image), (400, 400)))

    assert box is not None
    assert box[2] <= 252


@pytest.mark.parametrize(("size", "ink"), [((1, 1), "white"), ((3000, 20), "white"), ((2000, 2000), "white")])
def test_a_mask_that_is_all_white_is_taken_whatever_its_size(size: tuple[int, int], ink: str) -> None:
    assert whites(mask_of_upload(plain(size, ink), WIDE)) == (0, 0, *WIDE)


def test_a_mask_is_turned_as_its_camera_was_held() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    source = encoded(drawn_on("L", ground=0, ink=255), "PNG", exif=exif)

    assert whites(mask_of_upload(source, (400, 500))) == (200, 0, 400, 250)


@pytest.mark.parametrize(
    "source",
    [
        plain(SMALL, "black"),
        encoded(Image.new("L", SMALL, 127)),
        encoded(Image.new("RGBA", SMALL, (255, 255, 255, 0))),
        encoded(Image.new("RGBA", SMALL, (0, 0, 0, 255))),
    ],
    ids=["black", "dark", "nothing at all", "black, with room for transparency"],
)
def test_a_mask_without_anything_white_is_refused(source: bytes) -> None:
    with pytest.raises(PictureUnusable, match="nothing in it is white"):
        mask_of_upload(source, SQUARE)


@pytest.mark.parametrize("source", [b"", b"no picture", encoded(noise(SMALL))[:2000], claimed((9000, 9000))])
def test_an_upload_that_is_no_picture_is_no_mask(source: bytes) -> None:
    with pytest.raises(PictureUnusable):
        mask_of_upload(source, SQUARE)


def test_a_drawing_becomes_black_and_white() -> None:
    drawing = with_box(SMALL, QUARTER, ground=(0, 0, 0, 255), ink=(250, 250, 250, 255), mode="RGBA")

    assert whites(check_mask(encoded(drawing), SMALL)) == QUARTER


def test_a_drawing_on_nothing_is_taken_by_its_strokes() -> None:
    drawing = with_box(SMALL, QUARTER, ground=(0, 0, 0, 0), ink=(255, 255, 255, 255), mode="RGBA")

    assert whites(check_mask(encoded(drawing), SMALL)) == QUARTER


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (plain((99, 80), "white"), "it is no PNG of 100 × 80 pixels"),
        (plain(SMALL, "white", "JPEG"), "it is no PNG of 100 × 80 pixels"),
        (plain(SMALL, "black"), "nothing is drawn on it"),
        (encoded(Image.new("RGBA", SMALL, (0, 0, 0, 0))), "nothing is drawn on it"),
        (plain(SMALL, "white")[:60], "it is damaged or cut short"),
    ],
)
def test_a_drawing_that_is_no_mask_of_this_picture_is_refused(source: bytes, reason: str) -> None:
    with pytest.raises(PictureUnusable) as refused:
        check_mask(source, SMALL)

    assert refused.value.reason == reason
