"""Videos: a short H.264 film in an MP4 file, without any encoder library.

Each frame is coded with uncompressed macroblocks (I_PCM, ITU-T H.264 7.3.5), which every player understands and which
needs no mathematics; the boxes around it are those of ISO/IEC 14496-12 and -15.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from sandbox.comet.drawing import paint
from sandbox.comet.pixels import mapped, resized

if TYPE_CHECKING:
    from PIL import Image

    from sandbox.comet.pictures import Picture

_BLOCK: Final = 16
_LONGEST: Final = 160
_ROOM: Final = (4 * _BLOCK, 2 * _BLOCK)
"""By how much the picture is larger than what one sees of it."""

_FRAMES: Final = 30
_PER_SECOND: Final = 6
_MATRIX: Final = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_PCM_BLOCK: Final = b"\x0d\x00"
"""mb_type 25 (I_PCM) as Exp-Golomb code, then zeros up to the next byte."""

_LUMA: Final = [16 + value * 219 // 255 for value in range(256)]
_CHROMA: Final = [16 + value * 224 // 255 for value in range(256)]


def film_bytes(picture: Picture, longer: int, *, loops: bool = False) -> bytes:
    """Return a playable MP4 of 5 s that pans over a picture's tile, each of a batch from another corner.

    Parameters
    ----------
    longer
        The usual longer side of pictures in pixels; a film has no more than 160, as nothing in it is compressed.
    loops
        Whether it comes back to where it began.
    """
    longer = min(longer, _LONGEST)
    size = _frame_size(picture, longer)
    wide = resized(paint(picture, longer * 2), (size[0] + _ROOM[0], size[1] + _ROOM[1]))
    corner = (picture.number % 2, picture.number // 2 % 2)
    frames = [_frame(wide, size, _place(number, corner, loops=loops), number) for number in range(_FRAMES)]
    return _file(frames, size)


def _place(number: int, corner: tuple[int, int], *, loops: bool) -> tuple[int, int]:
    """Return the left upper corner of a frame's view: on the way to the opposite corner, or there and back."""
    way = number / _FRAMES
    if loops:
        way = 1 - abs(1 - 2 * number / (_FRAMES - 1))
    left, top = (int(room * (1 - way if far else way)) for room, far in zip(_ROOM, corner, strict=True))
    return left, top


def _frame_size(picture: Picture, longer: int) -> tuple[int, int]:
    width, height = (max(_BLOCK * 2, round(side / _BLOCK) * _BLOCK) for side in picture.size(longer // picture.scale))
    return width, height


def _frame(wide: Image.Image, size: tuple[int, int], place: tuple[int, int], number: int) -> bytes:
    """Return one frame as a sample: the length of its unit, then the unit."""
    left, top = place
    unit = _slice(wide.crop((left, top, left + size[0], top + size[1])), number)
    return struct.pack(">I", len(unit)) + unit


class _Bits:
    """A writer of single bits and Exp-Golomb codes."""

    def __init__(self) -> None:
        self._bits = ""

    def fixed(self, value: int, width: int) -> None:
        """Write `width` bits."""
        self._bits += f"{value:0{width}b}"

    def golomb(self, *values: int) -> None:
        """Write ue(v) codes (H.264 9.1)."""
        for value in values:
            code = f"{value + 1:b}"
            self._bits += "0" * (len(code) - 1) + code

    def padded(self) -> bytes:
        """Return the bits, filled up with zeros."""
        bits = self._bits + "0" * (-len(self._bits) % 8)
        return int(bits, 2).to_bytes(len(bits) // 8, "big")

    def trailed(self) -> bytes:
        """Return the bits with the stop bit that ends a parameter set."""
        self._bits += "1"
        return self.padded()


def _sequence_set(size: tuple[int, int]) -> bytes:
    """Return the SPS: baseline profile, level 3, frames only, output in decoding order."""
    bits = _Bits()
    for byte in (0x67, 66, 0xC0, 30):
        bits.fixed(byte, 8)
    bits.golomb(0, 0, 2, 1)
    bits.fixed(0, 1)
    bits.golomb(size[0] // _BLOCK - 1, size[1] // _BLOCK - 1)
    bits.fixed(0b1100, 4)
    return bits.trailed()


def _picture_set() -> bytes:
    """Return the PPS: CAVLC, one slice group, deblocking switched by the slice."""
    bits = _Bits()
    bits.fixed(0x68, 8)
    bits.golomb(0, 0)
    bits.fixed(0, 2)
    bits.golomb(0, 0, 0)
    bits.fixed(0, 3)
    bits.golomb(0, 0, 0)
    bits.fixed(0b100, 3)
    return bits.trailed()


def _slice(frame: Image.Image, number: int) -> bytes:
    """Return an IDR slice of uncompressed macroblocks."""
    head = _Bits()
    head.fixed(0x65, 8)
    head.golomb(0, 7, 0)
    head.fixed(0, 4)
    head.golomb(number % 2)
    head.fixed(0, 2)
    head.golomb(0, 1)
    head.golomb(25)
    blocks = _macroblocks(frame)
    return head.padded() + _PCM_BLOCK.join(blocks) + b"\x80"


def _macroblocks(frame: Image.Image) -> list[bytes]:
    """Return the samples of each macroblock: 16x16 luma, 8x8 of each chroma, all in 16-240.

    That range is the standard one for video, and without zeros no emulation prevention (H.264 7.4.1) is needed.
    """
    width, height = frame.size
    luma, blue, red = frame.convert("YCbCr").split()
    half = (width // 2, height // 2)
    planes = [
        (mapped(luma, _LUMA).tobytes(), width, _BLOCK),
        (mapped(resized(blue, half), _CHROMA).tobytes(), half[0], _BLOCK // 2),
        (mapped(resized(red, half), _CHROMA).tobytes(), half[0], _BLOCK // 2),
    ]
    return [
        b"".join(_part(plane, column, row) for plane in planes)
        for row in range(height // _BLOCK)
        for column in range(width // _BLOCK)
    ]


def _part(plane: tuple[bytes, int, int], column: int, row: int) -> bytes:
    """Return the samples of one plane that belong to a macroblock."""
    samples, stride, side = plane
    start = row * side * stride + column * side
    return b"".join(samples[start + line * stride : start + line * stride + side] for line in range(side))


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind + body


def _full(kind: bytes, flags: int, *parts: bytes) -> bytes:
    """Return a box with version 0 and flags."""
    return _box(kind, struct.pack(">I", flags), *parts)


def _file(frames: list[bytes], size: tuple[int, int]) -> bytes:
    head = _box(b"ftyp", b"isom", struct.pack(">I", 512), b"isomiso2avc1mp41")
    offset = len(head) + len(_movie(frames, size, 0)) + 8
    return head + _movie(frames, size, offset) + _box(b"mdat", *frames)


def _movie(frames: list[bytes], size: tuple[int, int], offset: int) -> bytes:
    """Return the moov box of a film whose first frame stands at `offset`."""
    duration = len(frames) * 1000 // _PER_SECOND
    general = struct.pack(">IIIIIH10x", 0, 0, 1000, duration, 0x10000, 0x100) + _MATRIX + bytes(24)
    movie = _full(b"mvhd", 0, general, struct.pack(">I", 2))
    place = struct.pack(">IIIII8xHHHH", 0, 0, 1, 0, duration, 0, 0, 0, 0) + _MATRIX
    track = _full(b"tkhd", 3, place, struct.pack(">II", size[0] << 16, size[1] << 16))
    media = _box(
        b"mdia",
        _full(b"mdhd", 0, struct.pack(">IIIIHH", 0, 0, 1000, duration, 0x55C4, 0)),
        _full(b"hdlr", 0, struct.pack(">I4s12x", 0, b"vide"), b"Easel sandbox\0"),
        _box(b"minf", _full(b"vmhd", 1, bytes(8)), _references(), _samples(frames, size, offset)),
    )
    return _box(b"moov", movie, _box(b"trak", track, media))


def _references() -> bytes:
    """Return the box that says: the data are in this file."""
    return _box(b"dinf", _full(b"dref", 0, struct.pack(">I", 1), _full(b"url ", 1)))


def _samples(frames: list[bytes], size: tuple[int, int], offset: int) -> bytes:
    count = len(frames)
    return _box(
        b"stbl",
        _full(b"stsd", 0, struct.pack(">I", 1), _codec(size)),
        _full(b"stts", 0, struct.pack(">III", 1, count, 1000 // _PER_SECOND)),
        _full(b"stsc", 0, struct.pack(">IIII", 1, 1, count, 1)),
        _full(b"stsz", 0, struct.pack(">II", 0, count), *(struct.pack(">I", len(frame)) for frame in frames)),
        _full(b"stco", 0, struct.pack(">II", 1, offset)),
    )


def _codec(size: tuple[int, int]) -> bytes:
    """Return the avc1 sample entry with the parameter sets."""
    first, second = _sequence_set(size), _picture_set()
    config = struct.pack(">BBBBBB", 1, first[1], first[2], first[3], 0xFF, 0xE1)
    sets = struct.pack(">H", len(first)) + first + struct.pack(">BH", 1, len(second)) + second
    entry = struct.pack(">6xH16xHHIIIH32xHh", 1, *size, 0x480000, 0x480000, 0, 1, 0x18, -1)
    return _box(b"avc1", entry, _box(b"avcC", config, sets))
