"""Pictures of strangers, made fit to be sent or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.errors import PictureUnusable
from bot.imaging.normalizing import Normal, normalize
from bot.imaging.opening import decoded, look_at, resampled
from tests.drawings import claimed, difference, encoded, gradient, noise, opened, plain

if TYPE_CHECKING:
    from pathlib import Path

MEBIBYTE = 1024 * 1024


def turned(orientation: int) -> bytes:
    """Return a photo whose camera lay on its side: red where the left half is stored."""
    image = Image.new("RGB", (200, 100), "blue")
    image.paste("red", (0, 0, 100, 100))
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(image, "JPEG", exif=exif)


def is_red(image: Image.Image, at: tuple[int, int]) -> bool:
    color = image.convert("RGB").getpixel(at)
    assert isinstance(color, tuple)
    return color[0] > 200 and color[2] < 50


@pytest.mark.parametrize(("form", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")])
def test_what_can_be_sent_is_kept_as_it_came(tmp_path: Path, form: str, media_type: str) -> None:
    source, target = plain((300, 200), form=form), tmp_path / "out"

    assert normalize(source, target) == Normal(media_type=media_type, width=300, height=200)
    assert target.read_bytes() == source


def test_a_file_is_copied_and_stays_where_it_is(tmp_path: Path) -> None:
    source = tmp_path / "in.png"
    source.write_bytes(plain((100, 100)))

    normalize(source, tmp_path / "out")

    assert (tmp_path / "out").read_bytes() == source.read_bytes()


def test_a_large_picture_becomes_a_jpeg_of_the_same_shape(tmp_path: Path) -> None:
    normal = normalize(encoded(gradient((3000, 1500)), "JPEG"), tmp_path / "out")

    assert normal == Normal(media_type="image/jpeg", width=2048, height=1024)
    assert opened(tmp_path / "out").size == (2048, 1024)


def test_even_noise_becomes_small_enough_for_a_body(tmp_path: Path) -> None:
    source = encoded(noise((1200, 1200)), compress_level=0)
    assert len(source) > 4 * MEBIBYTE

    normalize(source, tmp_path / "out")

    assert (tmp_path / "out").stat().st_size <= 4 * MEBIBYTE


def test_transparency_is_kept_where_it_stays_small(tmp_path: Path) -> None:
    image = Image.new("RGBA", (2100, 300), (200, 40, 40, 255))
    image.paste((0, 0, 0, 0), (0, 0, 1050, 300))

    assert normalize(encoded(image), tmp_path / "out").media_type == "image/png"

    copy = opened(tmp_path / "out")
    assert (copy.getpixel((10, 10)), copy.getpixel((2000, 200))) == ((0, 0, 0, 0), (200, 40, 40, 255))


def test_transparency_that_costs_too_much_is_laid_on_white(tmp_path: Path) -> None:
    image = noise((1400, 1400))
    image.putalpha(Image.effect_noise((1400, 1400), 100))
    image.paste((0, 0, 0, 0), (0, 0, 500, 500))

    assert normalize(encoded(image, compress_level=1), tmp_path / "out").media_type == "image/jpeg"

    assert opened(tmp_path / "out").convert("L").crop((50, 50, 400, 400)).getextrema() == (255, 255)


@pytest.mark.parametrize("is_moving", [True, False])
def test_a_gif_becomes_its_first_picture(tmp_path: Path, is_moving: bool) -> None:  # noqa: FBT001 - a parameter of pytest
    first, second = Image.new("P", (100, 80)), Image.new("P", (100, 80))
    for frame, color in ((first, [250, 10, 10]), (second, [10, 10, 250])):
        frame.putpalette(color)
    source = encoded(first, "GIF", save_all=is_moving, append_images=[second])

    assert normalize(source, tmp_path / "out") == Normal(media_type="image/png", width=100, height=80)
    assert opened(tmp_path / "out").convert("RGB").getpixel((5, 5)) == (250, 10, 10)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_a_picture_that_moves_becomes_its_first_one(tmp_path: Path, form: str) -> None:
    frames = [Image.new("RGB", (100, 80), color) for color in ("red", "blue")]
    source = encoded(frames[0], form, save_all=True, append_images=frames[1:])

    normalize(source, tmp_path / "out")

    assert not getattr(opened(tmp_path / "out"), "is_animated", False)
    assert is_red(opened(tmp_path / "out"), (5, 5))


def test_a_phones_picture_with_a_second_one_behind_it_is_a_jpeg(tmp_path: Path) -> None:
    source = encoded(gradient((200, 100)), "MPO", save_all=True, append_images=[gradient((100, 50))])

    assert normalize(source, tmp_path / "out") == Normal(media_type="image/jpeg", width=200, height=100)
    assert opened(tmp_path / "out").format == "JPEG"


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [(3, (200, 100), (150, 50)), (6, (100, 200), (50, 50)), (8, (100, 200), (50, 150))],
)
def test_a_picture_is_turned_as_its_camera_was_held(
    tmp_path: Path, orientation: int, size: tuple[int, int], red_at: tuple[int, int]
) -> None:
    source = turned(orientation)

    normal = normalize(source, tmp_path / "out")

    assert (normal.width, normal.height) == size
    assert (look_at(source).width, look_at(source).height) == size
    for image in (opened(tmp_path / "out"), decoded(source), resampled(source, size)):
        assert image.size == size
        assert is_red(image, red_at)


def test_where_a_picture_was_taken_is_told_to_nobody(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    source = encoded(gradient((200, 100)), "JPEG", exif=exif)
    assert opened(source).getexif().get_ifd(0x8825)

    normalize(source, tmp_path / "out")

    assert not opened(tmp_path / "out").getexif().get_ifd(0x8825)


def test_a_palette_with_transparency_survives_being_made_much_smaller() -> None:
    image = Image.new("P", (900, 1300), 0)
    image.putpalette([250, 10, 10, 0, 0, 0])
    image.paste(1, (0, 650, 900, 1300))

    small = decoded(encoded(image, "PNG", transparency=1), within=130)

    assert small.size == (90, 130)
    assert (small.getpixel((40, 30)), small.getpixel((40, 100))) == ((250, 10, 10, 255), (0, 0, 0, 0))


@pytest.mark.parametrize("size", [(1300, 1040), (300, 240)])
def test_what_colors_mean_is_kept_with_a_smaller_picture(size: tuple[int, int]) -> None:
    profile = b"what a camera says of its colors"

    small = decoded(encoded(gradient(size), "PNG", icc_profile=profile), within=200)

    assert small.info["icc_profile"] == profile
    assert difference(small, gradient((200, 160))) <= 2


def test_sixteen_bits_are_scaled_and_not_cut_off() -> None:
    source = encoded(Image.new("I;16", (100, 100), 0x4000))

    assert decoded(source).getpixel((5, 5)) == (0x40, 0x40, 0x40)


def test_inks_become_colors(tmp_path: Path) -> None:
    source = encoded(Image.new("CMYK", (100, 100), (0, 255, 255, 0)), "JPEG")

    assert normalize(source, tmp_path / "out").media_type == "image/jpeg"
    assert opened(tmp_path / "out").mode == "RGB"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"", "it is not a PNG, JPEG, WEBP or GIF picture"),
        (b"<svg/>", "it is not a PNG, JPEG, WEBP or GIF picture"),
        (plain((100, 100), form="BMP"), "it is not a PNG, JPEG, WEBP or GIF picture"),
        (plain((100, 100), form="TIFF"), "it is not a PNG, JPEG, WEBP or GIF picture"),
        (encoded(noise((100, 100)))[:5000], "it is damaged or cut short"),
        (encoded(noise((100, 100)), "JPEG")[:2000], "it is damaged or cut short"),
        (encoded(noise((100, 100)), "WEBP")[:2000], "it is damaged or cut short"),
        (encoded(noise((100, 100)), "GIF")[:3000], "it is damaged or cut short"),
        (plain((63, 900)), "it has only 63 × 900 pixels"),
        (plain((64, 2200)), "it is too narrow with its 64 × 2200 pixels"),
        (claimed((6400, 6400)), "it has 6400 × 6400 pixels, and 40 million is the most that I take"),
        (claimed((12000, 12000)), "it has far too many pixels, and 40 million is the most that I take"),
        (claimed((60000, 60000)), "it has far too many pixels, and 40 million is the most that I take"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_reason(tmp_path: Path, source: bytes, reason: str) -> None:
    with pytest.raises(PictureUnusable) as refused:
        normalize(source, tmp_path / "out")

    assert refused.value.reason == reason
    assert refused.value.advice.endswith(".")
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_gone_is_called_gone(tmp_path: Path) -> None:
    with pytest.raises(PictureUnusable, match="not there any more"):
        look_at(tmp_path / "gone.png")


SOUND = {form: encoded(gradient((90, 70)), form) for form in ("PNG", "JPEG", "WEBP", "GIF")}


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow also talks about what it finds damaged
@given(form=st.sampled_from(sorted(SOUND)), place=st.integers(0, 10_000), junk=st.binary(min_size=1, max_size=40))
def test_a_damaged_file_is_read_or_refused_and_nothing_else(form: str, place: int, junk: bytes) -> None:
    sound = SOUND[form]
    place %= len(sound)
    try:
        image = decoded(sound[:place] + junk + sound[place + len(junk) :])
    except PictureUnusable as error:
        assert error.reason  # noqa: PT017 - either is right
    else:
        assert image.mode in ("RGB", "RGBA")
