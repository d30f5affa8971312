"""What is cut and drawn: quarters of a grid, previews of a region, contact sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image

from bot.errors import PictureUnusable, TooLarge
from bot.imaging.masks import cell_box, mask_of_cells
from bot.imaging.overlays import grid_overlay, mask_overlay
from bot.imaging.quarters import quarters
from bot.imaging.sheets import contact_sheet
from tests.drawings import difference, encoded, extremes, gradient, noise, opened, plain

if TYPE_CHECKING:
    from pathlib import Path

PLENTY = 10 * 1024 * 1024


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("size", [(200, 120), (201, 121)])
def test_a_png_is_cut_into_four_pngs_and_nothing_is_lost(tmp_path: Path, size: tuple[int, int]) -> None:
    grid = gradient(size)

    parts = quarters(written(tmp_path / "job.png", encoded(grid)), PLENTY)

    assert [part.path.name for part in parts] == ["job.q1.png", "job.q2.png", "job.q3.png", "job.q4.png"]
    assert {part.media_type for part in parts} == {"image/png"}
    images = [opened(part.path) for part in parts]
    assert images[0].size == (100, 60)
    whole = Image.new("RGB", size)
    for image, corner in zip(images, [(0, 0), (100, 0), (0, 60), (100, 60)], strict=True):
        whole.paste(image, corner)
    assert whole.tobytes() == grid.tobytes()
    assert [part.size for part in parts] == [part.path.stat().st_size for part in parts]


@pytest.mark.parametrize("form", ["JPEG", "WEBP"])
def test_other_types_are_cut_into_jpegs(tmp_path: Path, form: str) -> None:
    grid = gradient((300, 200))

    parts = quarters(written(tmp_path / "job.x", encoded(grid, form)), PLENTY)

    assert {part.media_type for part in parts} == {"image/jpeg"}
    assert difference(opened(parts[3].path), grid.crop((150, 100, 300, 200))) < 5


def test_quarters_that_are_too_large_become_jpegs_that_fit(tmp_path: Path) -> None:
    source = written(tmp_path / "job.png", encoded(noise((400, 400))))

    parts = quarters(source, 40_000)

    assert {part.media_type for part in parts} == {"image/jpeg"}
    assert all(part.path.stat().st_size <= 40_000 for part in parts)
    assert names(tmp_path) == {"job.png"} | {part.path.name for part in parts}


def test_quarters_that_cannot_be_small_enough_leave_nothing_behind(tmp_path: Path) -> None:
    source = written(tmp_path / "job.png", encoded(noise((400, 400))))

    with pytest.raises(TooLarge):
        quarters(source, 100)

    assert names(tmp_path) == {"job.png"}


def test_a_preview_marks_the_chosen_cells_and_no_others(tmp_path: Path) -> None:
    picture = written(tmp_path / "in.png", plain((1456, 816), "gray"))
    grid_overlay(picture, {7}, tmp_path / "chosen.jpg")
    grid_overlay(picture, (), tmp_path / "empty.jpg")

    chosen, empty = opened(tmp_path / "chosen.jpg"), opened(tmp_path / "empty.jpg")

    assert (chosen.format, chosen.size) == ("JPEG", (1024, 574))
    changes = [difference(chosen.crop(box), empty.crop(box)) for box in (cell_box(n, chosen.size) for n in range(25))]
    assert changes[7] > 20
    assert max(changes[:7] + changes[8:]) <= 3  # a rim of a pixel or two beside it


@pytest.mark.parametrize("color", ["black", "white", "gray"])
def test_what_is_chosen_is_seen_without_colors_on_any_ground(tmp_path: Path, color: str) -> None:
    picture = written(tmp_path / "in.png", plain((500, 500), color))
    grid_overlay(picture, {12}, tmp_path / "out.jpg")
    overlay = opened(tmp_path / "out.jpg").convert("L")

    def contrast(cell: int) -> int:
        left, top, right, _ = cell_box(cell, overlay.size)
        darkest, brightest = extremes(overlay.crop((left + 10, top + 10, right - 10, top + 50)))
        return brightest - darkest

    assert contrast(12) > 150  # hatched, dark beside light
    assert contrast(6) < 20


def test_every_cell_has_its_name(tmp_path: Path) -> None:
    picture = written(tmp_path / "in.png", plain((2000, 500), "gray"))
    grid_overlay(picture, (), tmp_path / "out.jpg")
    overlay = opened(tmp_path / "out.jpg").convert("L")

    boxes = [cell_box(cell, overlay.size) for cell in range(25)]
    inks = [
        overlay.crop(((box[0] + box[2]) // 2 - 20, box[1] + 10, (box[0] + box[2]) // 2 + 20, box[1] + 40))
        for box in boxes
    ]
    assert all(extremes(ink)[0] < 30 and extremes(ink)[1] > 220 for ink in inks)
    alike = [n for n, ink in enumerate(inks) for other in inks[:n] if difference(ink, other) == 0]
    assert alike == []


def test_a_preview_shows_where_a_mask_is_white(tmp_path: Path) -> None:
    picture = written(tmp_path / "in.png", plain((800, 400), "gray"))
    mask = written(tmp_path / "mask.png", mask_of_cells((800, 400), {0, 1, 2, 3, 4}))

    mask_overlay(picture, mask, tmp_path / "out.jpg")

    overlay, gray = opened(tmp_path / "out.jpg"), Image.new("L", (1024, 512), "gray")
    assert overlay.size == gray.size
    assert difference(overlay.crop((0, 0, 1024, 100)), gray.crop((0, 0, 1024, 100))) > 20
    assert difference(overlay.crop((0, 110, 1024, 512)), gray.crop((0, 110, 1024, 512))) <= 1


def test_a_preview_of_a_broken_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PictureUnusable):
        grid_overlay(written(tmp_path / "in.png", b"broken"), {1}, tmp_path / "out.jpg")

    assert names(tmp_path) == {"in.png"}


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (4, 2), (10, 4), (40, 7), (60, 7)])
def test_a_sheet_has_room_for_all_and_is_small_enough(tmp_path: Path, count: int, columns: int) -> None:
    picture = written(tmp_path / "in.jpg", encoded(noise((600, 600)), "JPEG"))

    contact_sheet([(picture, str(number)) for number in range(1, count + 1)], tmp_path / "sheet.jpg")

    sheet = opened(tmp_path / "sheet.jpg")
    assert (sheet.format, sheet.width <= 2048) == ("JPEG", True)
    assert sheet.width // columns > 200
    assert (tmp_path / "sheet.jpg").stat().st_size < 4 * 1024 * 1024


def test_a_sheet_shows_each_picture_in_its_place_and_a_word_where_there_is_none(tmp_path: Path) -> None:
    red = written(tmp_path / "red.png", plain((300, 300), "red"))
    broken = written(tmp_path / "broken.png", b"broken")

    contact_sheet([(red, "1"), (None, "2 · failed"), (broken, "3"), (red, "4")], tmp_path / "sheet.jpg")

    sheet = opened(tmp_path / "sheet.jpg")
    middles = [
        sheet.getpixel((round(sheet.width * x), round(sheet.height * y)))
        for x, y in ((0.25, 0.35), (0.75, 0.45), (0.25, 0.85), (0.75, 0.85))
    ]
    reds = [color[0] > 200 and color[1] < 60 for color in middles if isinstance(color, tuple)]
    assert reds == [True, False, False, True]
    word = sheet.convert("L").crop((sheet.width // 2 + 20, 20, sheet.width - 20, sheet.height // 2 - 20))
    assert extremes(word)[1] > 220


def test_wide_pictures_leave_no_empty_bands(tmp_path: Path) -> None:
    wide = written(tmp_path / "wide.png", plain((1600, 400), "red"))

    contact_sheet([(wide, str(number)) for number in range(4)], tmp_path / "sheet.jpg")

    sheet = opened(tmp_path / "sheet.jpg")
    assert sheet.height < sheet.width / 3


def test_a_label_that_the_font_cannot_draw_is_left_out_and_no_fault(tmp_path: Path) -> None:
    contact_sheet([(None, "雪の狐"), (None, "3 · " + "x" * 300)], tmp_path / "sheet.jpg")

    assert opened(tmp_path / "sheet.jpg").format == "JPEG"


def test_a_word_that_the_font_cannot_draw_leaves_its_number(tmp_path: Path) -> None:
    sheets: list[bytes] = []
    for label in ("3", "3 · 失敗", "3 · échoué", "3 · failed"):
        contact_sheet([(None, label)], tmp_path / "sheet.jpg")
        sheets.append((tmp_path / "sheet.jpg").read_bytes())

    assert [sheet == sheets[0] for sheet in sheets] == [True, True, True, False]
