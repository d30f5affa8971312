"""What goes to the darkroom and comes back, without a process in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import PictureUnusable, TooLarge
from bot.imaging.darkroom.messages import ANSWER, QUESTION, answer, promised, question, result
from bot.imaging.family import draw_family
from bot.imaging.masks import check_mask, write_mask_of_upload
from bot.imaging.normalizing import Normal, normalize, write_png
from bot.imaging.opening import Look, look_at
from bot.imaging.overlays import grid_overlay, mask_overlay
from bot.imaging.quarters import quarters
from bot.imaging.sheets import contact_sheet
from bot.imaging.shrinking import shrink
from bot.imaging.thumbnails import draw_film_card, draw_thumbnail
from bot.language import Language, Phrase, speaking
from bot.model import Media
from tests.drawings import plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def asked(do: Callable[..., object], *args: object) -> object:
    """Ask and answer, as the two processes do."""
    said = answer(question(do, *args)[QUESTION.size :])
    text, data = ANSWER.unpack_from(said)
    rest = said[ANSWER.size :]
    assert len(rest) == text + data
    return result((rest[:text], rest[text:]), promised(do))


def over_and_out(path: Path) -> None:
    path.write_bytes(bytes(1))
    raise LookupError("no such table")


@pytest.mark.parametrize(
    "do",
    [
        check_mask,
        contact_sheet,
        draw_family,
        draw_film_card,
        draw_thumbnail,
        grid_overlay,
        look_at,
        mask_overlay,
        normalize,
        quarters,
        shrink,
        write_mask_of_upload,
        write_png,
    ],
)
def test_the_results_of_whatever_is_asked_can_be_brought_back(do: Callable[..., object]) -> None:
    assert promised(do)
    assert question(do)


def test_every_kind_of_result_comes_back_as_it_was(tmp_path: Path) -> None:
    source = tmp_path / "grid.png"
    source.write_bytes(plain((90, 90)))
    parts = quarters(source, 10**6)

    assert asked(look_at, source) == Look(media_type="image/png", width=90, height=90, is_plain=True)
    assert asked(normalize, source, tmp_path / "out") == Normal(media_type="image/png", width=90, height=90)
    assert asked(draw_thumbnail, source, tmp_path / "thumbnail") is None
    assert asked(check_mask, plain((8, 8), "white"), (8, 8)) == check_mask(plain((8, 8), "white"), (8, 8))
    assert asked(quarters, source, 10**6) == parts
    assert asked(shrink, parts[0], 10**6) == shrink(parts[0], 10**6)


def test_every_kind_of_error_comes_back_as_it_was(tmp_path: Path) -> None:
    large = Media(path=tmp_path / "large.png", media_type="image/png", size=1)
    large.path.write_bytes(plain((90, 90)))

    with speaking(Language.JAPANESE), pytest.raises(PictureUnusable) as unusable:
        asked(look_at, b"no picture")
    with pytest.raises(TooLarge, match="no copy is small enough"):
        asked(shrink, large, 10)
    with pytest.raises(FileNotFoundError):
        asked(draw_film_card, tmp_path / "none", tmp_path / "card")
    with pytest.raises(RuntimeError, match="LookupError: no such table"):
        asked(over_and_out, tmp_path / "file")

    with speaking(Language.JAPANESE), pytest.raises(PictureUnusable) as here:
        look_at(b"no picture")
    assert (unusable.value.reason, unusable.value.advice) == (here.value.reason, here.value.advice)
    assert isinstance(unusable.value.advice, Phrase)
    assert str(unusable.value) == "it is not a PNG, JPEG, WEBP or GIF picture"


@pytest.mark.parametrize(
    ("text", "promise"),
    [
        (b"", "None"),
        (b"\xff", "None"),
        (b"[" * 60_000, "None"),
        (b"[]", "None"),
        (b"{}", "None"),
        (b'{"result": 1}', "None"),
        (b'{"unusable": ["a", "b", "c"]}', "None"),
        (b'{"result": null}', "Normal"),
        (b'{"result": {"media_type": "image/png", "width": 1}}', "Normal"),
        (b'{"result": {"media_type": "image/png", "width": 1, "height": "1"}}', "Normal"),
        (b'{"result": {"media_type": "image/png", "width": 1, "height": true}}', "Normal"),
        (b'{"result": {"media_type": "image/png", "width": 1, "height": 1, "more": 1}}', "Normal"),
        (b'{"result": {"media_type": "image/png", "width": 1, "height": 1}}', "Look"),
        (b'{"result": [{"path": 1, "media_type": "image/png", "size": 1}]}', "tuple[Media, ...]"),
        (b'{"result": {}}', "tuple[Media, ...]"),
    ],
)
def test_what_was_not_promised_is_nothing(text: bytes, promise: str) -> None:
    with pytest.raises((ValueError, RecursionError)):
        result((text, b""), promise)


def test_a_mask_is_nothing_but_bytes() -> None:
    assert result((b'{"result": {"path": "/etc/passwd"}}', b"data"), "bytes") == b"data"
