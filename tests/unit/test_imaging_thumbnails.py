from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image

from bot.errors import PictureUnusable
from bot.imaging.thumbnails import LONGEST, draw_film_card, draw_thumbnail
from tests.drawings import encoded, gradient, opened

if TYPE_CHECKING:
    from pathlib import Path

_MOST_BYTES = 40_000


def thumbnail(folder: Path, picture: Image.Image) -> Path:
    """Write a picture and return its thumbnail."""
    source, target = folder / "a.png", folder / "a.thumb.jpg"
    source.write_bytes(encoded(picture))
    draw_thumbnail(source, target)
    assert {path.name for path in folder.iterdir()} == {"a.png", "a.thumb.jpg"}
    return target


@pytest.mark.parametrize(
    ("size", "small"), [((2048, 1024), (320, 160)), ((640, 1280), (160, 320)), ((100, 60), (100, 60))]
)
def test_a_thumbnail_is_a_jpeg_in_proportion_and_never_larger_than_its_picture(
    tmp_path: Path, size: tuple[int, int], small: tuple[int, int]
) -> None:
    with Image.open(thumbnail(tmp_path, gradient(size))) as drawn:
        assert (drawn.format, drawn.size) == ("JPEG", small)


def test_even_noise_becomes_small(tmp_path: Path) -> None:
    noise = Image.merge("RGB", [Image.effect_noise((640, 640), 120 + band) for band in range(3)])
    assert thumbnail(tmp_path, noise).stat().st_size < _MOST_BYTES


def test_what_is_transparent_becomes_white(tmp_path: Path) -> None:
    picture = Image.new("RGBA", (64, 64), (255, 0, 0, 255))
    picture.paste((0, 0, 0, 0), (0, 0, 32, 64))
    green = opened(thumbnail(tmp_path, picture)).getchannel("G")
    assert sum(green.crop((0, 0, 24, 64)).histogram()[245:]) == 24 * 64
    assert sum(green.crop((40, 0, 64, 64)).histogram()[:40]) == 24 * 64


def test_what_is_no_picture_leaves_nothing_behind(tmp_path: Path) -> None:
    source = tmp_path / "a.png"
    source.write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    with pytest.raises(PictureUnusable):
        draw_thumbnail(source, tmp_path / "a.thumb.jpg")
    assert list(tmp_path.iterdir()) == [source]


def test_a_video_is_shown_by_a_triangle_that_points_to_the_right(tmp_path: Path) -> None:
    source, target = tmp_path / "a.mp4", tmp_path / "a.thumb.jpg"
    source.write_bytes(b"film")
    draw_film_card(source, target)
    drawn = opened(target).convert("L")
    bright = drawn.point([255 if value > 128 else 0 for value in range(256)])  # pyright: ignore[reportUnknownMemberType] - NumPy's arrays
    left, _, right, _ = bright.getbbox() or (0, 0, 0, 0)
    heights = [bright.crop((x, 0, x + 1, drawn.height)).histogram()[255] for x in (left + 4, right - 4)]
    assert drawn.width == LONGEST
    assert heights[0] > 5 * heights[1]


def test_a_video_that_is_gone_has_no_card(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        draw_film_card(tmp_path / "a.mp4", tmp_path / "a.thumb.jpg")
    assert list(tmp_path.iterdir()) == []
