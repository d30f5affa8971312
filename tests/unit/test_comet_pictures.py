"""Types by magic bytes, and files whose end is missing: with pictures that Pillow really wrote."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.cometapi.pictures import HEAD, is_prose, is_whole, sniff

if TYPE_CHECKING:
    from pathlib import Path


def drawn(kind: str) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((64, 64), 90).convert("RGB").save(file, kind)
    return file.getvalue()


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


FTYP: Final = box(b"ftyp", b"isom\0\0\2\0isomiso2mp41")
MP4: Final = FTYP + box(b"moov", b"\1" * 100) + box(b"mdat", b"\2" * 300)
LARGE_MP4: Final = FTYP + struct.pack(">I4sQ", 1, b"mdat", 16 + 100) + b"\2" * 100 + box(b"moov", b"\1" * 20)
OPEN_MP4: Final = FTYP + box(b"moov", b"\1" * 20) + struct.pack(">I4s", 0, b"mdat") + b"\2" * 50

WHOLE: Final = {
    "png": (drawn("png"), "image/png"),
    "jpeg": (drawn("jpeg"), "image/jpeg"),
    "webp": (drawn("webp"), "image/webp"),
    "gif": (drawn("gif"), "image/gif"),
    "mp4": (MP4, "video/mp4"),
    "mp4 with a 64-bit box": (LARGE_MP4, "video/mp4"),
    "mp4 open at the end": (OPEN_MP4, "video/mp4"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_file_is_recognized_by_its_first_bytes(name: str, tmp_path: Path) -> None:
    data, media_type = WHOLE[name]
    path = tmp_path / "file"
    path.write_bytes(data)
    assert sniff(data[:HEAD]) == media_type
    assert is_whole(path, media_type)


@pytest.mark.parametrize("name", [name for name in WHOLE if name != "mp4 open at the end"])
@pytest.mark.parametrize("part", [0.5, 0.9, 0.99])
def test_a_file_that_breaks_off_is_recognized(name: str, part: float, tmp_path: Path) -> None:
    data, media_type = WHOLE[name]
    path = tmp_path / "file"
    path.write_bytes(data[: max(HEAD, int(len(data) * part))])
    assert not is_whole(path, media_type)


def test_a_picture_with_something_behind_its_end_is_whole(tmp_path: Path) -> None:
    for name in ("png", "jpeg", "webp"):
        data, media_type = WHOLE[name]
        path = tmp_path / "file"
        path.write_bytes(data + b"\0" * 100)
        assert is_whole(path, media_type)


def test_a_film_without_its_index_is_not_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(FTYP + box(b"mdat", b"\2" * 300))
    assert not is_whole(path, "video/mp4")


def test_a_film_of_a_million_crumbs_is_not_walked_to_the_end(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(FTYP + box(b"moov", b"") + box(b"free", b"") * 20_000)
    assert not is_whole(path, "video/mp4")


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"<!DOCTYPE html>",
        b"<svg xmlns=",
        b'{"error": "no"}',
        b"%PDF-1.7",
        b"RIFF\0\0\0\0WAVEfmt ",
        b"\0\0\0\x1cftypavif\0\0\0\0",
        b"\0\0\0\x18ftypheic\0\0\0\0",
        b"BM" + b"\0" * 20,
        b"\x1f\x8b\x08" + b"\0" * 20,
        b"SIMPLE  =    T",
    ],
)
def test_nothing_else_is_taken_for_a_picture(head: bytes) -> None:
    assert sniff(head[:HEAD]) is None


@pytest.mark.parametrize("head", [b"", b"<html>", b" \r\n<!DOCTYPE", b'\xef\xbb\xbf{"error"', b"[1]", b'"text"'])
def test_a_message_in_the_place_of_a_picture_is_recognized(head: bytes) -> None:
    assert is_prose(head)


@given(data=st.binary(max_size=200), media_type=st.sampled_from(["image/png", "image/jpeg", "image/gif", "video/mp4"]))
def test_any_bytes_are_whole_or_not(data: bytes, media_type: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes((FTYP if media_type == "video/mp4" else b"") + data)
    assert is_whole(path, media_type) in {True, False}
