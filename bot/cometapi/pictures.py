"""Pictures and videos told by their bytes: which type, and whether the end is missing.

Pure but for reading the file it is given. It decodes nothing, so that a hostile picture has no parser to meet.
"""

from __future__ import annotations

import os
import re
import struct
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from pathlib import Path

#: Enough of the start to tell every type.
HEAD: Final = 16

_TAIL: Final = 4096
_STILLS_IN_MP4: Final = frozenset({b"avif", b"avis", b"heic", b"heix", b"hevc", b"mif1", b"msf1"})
_PNG_END: Final = b"\0\0\0\0IEND\xaeB`\x82"
_JPEG_END: Final = b"\xff\xd9"
_RIFF_HEADER: Final = 8
_SIZE_FOLLOWS: Final = 1
_TO_THE_END: Final = 0
_MOST_BOXES: Final = 10_000
_PROSE: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*[<{\[\"]")


def sniff(head: bytes) -> str | None:
    """Return the media type by the first `HEAD` bytes, or None if it is none that Easel shows."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and head[8:12].lower() not in _STILLS_IN_MP4:
        return "video/mp4"
    return None


def is_prose(head: bytes) -> bool:
    """Tell whether these are the first bytes of a web page or of JSON: an error, in the place of a picture."""
    return not head or _PROSE.match(head) is not None


def is_whole(path: Path, media_type: str) -> bool:
    """Tell whether a file of that type has its end. Reads a few kilobytes.

    Raises
    ------
    OSError
        The file cannot be read.
    """
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        head = file.read(HEAD)
        if media_type == "image/webp":
            return int(struct.unpack_from("<I", head, 4)[0]) + _RIFF_HEADER <= size
        if media_type == "video/mp4":
            return _boxes_fit(file, size)
        file.seek(max(0, size - _TAIL))
        return _has_end(file.read(), media_type)


def _has_end(tail: bytes, media_type: str) -> bool:
    if media_type == "image/png":
        return _PNG_END in tail
    if media_type == "image/jpeg":
        return _JPEG_END in tail
    return tail.rstrip(b"\0").endswith(b";")


def _boxes_fit(file: BinaryIO, size: int) -> bool:
    """Walk the outer boxes of an MP4: none may reach beyond the end, and the index (`moov`) must be there."""
    position, has_index = 0, False
    for _ in range(_MOST_BOXES):
        if position == size:
            return has_index
        file.seek(position)
        header = file.read(16)
        if len(header) < _RIFF_HEADER:
            return False
        length = int(struct.unpack_from(">I", header)[0])
        if length == _SIZE_FOLLOWS:
            length = int(struct.unpack_from(">Q", header.ljust(16, b"\0"), 8)[0])
        elif length == _TO_THE_END:
            length = size - position
        has_index = has_index or header[4:8] == b"moov"
        if length < _RIFF_HEADER or position + length > size:
            return False
        position += length
    return False
