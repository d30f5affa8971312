"""Where files live: attachments with signed, expiring addresses. Knows nothing of messages."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, final
from urllib.parse import parse_qs, quote, urlsplit

if TYPE_CHECKING:
    from .clock import Clock

_SIZES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
_BY_NAME = {
    "txt": "text/plain; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "zip": "application/zip",
    "pdf": "application/pdf",
}
_UNSAFE = re.compile(r"[^\w.\-]")


@final
@dataclass(eq=False, repr=False)
class Attachment:
    """A file of a message, or one that a person gave to a command."""

    id: int
    channel_id: int
    filename: str
    data: bytes
    content_type: str
    description: str | None
    cdn: Cdn
    title: str | None = None
    spoiler: bool = False
    ephemeral: bool = False

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.data)

    @property
    def path(self) -> str:
        """Its address on the CDN, unsigned."""
        folder = "ephemeral-attachments" if self.ephemeral else "attachments"
        return f"/{folder}/{self.channel_id}/{self.id}/{quote(self.filename)}"

    @property
    def url(self) -> str:
        """An address that works for a while from now."""
        return self.cdn.sign(self.path)


@final
class Cdn:
    """Keeps the bytes and signs the addresses."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self.base = ""
        self._clock = clock
        self._seconds = seconds
        self.secret = secrets.token_bytes(16)
        """What signatures are made with; kept, so that old addresses go on working."""
        self._files: dict[str, Attachment] = {}

    def keep(self, attachment: Attachment) -> Attachment:
        """Make a file available."""
        self._files[attachment.path] = attachment
        return attachment

    def drop(self, attachment: Attachment) -> None:
        """Take a file away: its message is gone."""
        self._files.pop(attachment.path, None)

    def files(self) -> list[Attachment]:
        """Return all files that are available."""
        return list(self._files.values())

    def sign(self, path: str) -> str:
        """Return an address that expires."""
        made_at = int(self._clock.now())
        expires, issued = f"{int(made_at + self._seconds):x}", f"{made_at:x}"
        return f"{self.base}{path}?ex={expires}&is={issued}&hm={self._mac(path, expires, issued)}&"

    def find(self, path: str, query: str) -> Attachment | None:
        """Return the file, if the signature is right and has not expired."""
        fields = {key: values[0] for key, values in parse_qs(query).items()}
        expires, issued = fields.get("ex", ""), fields.get("is", "")
        if not hmac.compare_digest(fields.get("hm", "").encode(), self._mac(path, expires, issued).encode()):
            return None
        return self._files.get(path) if int(expires, 16) >= self._clock.now() else None

    def refresh(self, url: str) -> str | None:
        """Return a fresh address for one that may have expired; None if the file is gone."""
        path = urlsplit(url).path
        return self.sign(path) if path in self._files else None

    def _mac(self, path: str, expires: str, issued: str) -> str:
        return hmac.new(self.secret, f"{path}{expires}{issued}".encode(), hashlib.sha256).hexdigest()


def safe_name(filename: str) -> str:
    """Return a file name as Discord rewrites it: no blanks or signs, never empty, nor a step in a path."""
    name = _UNSAFE.sub("_", filename.replace(" ", "_")).strip("_")
    return name if name.strip(".") else "unknown"


def kind_of(data: bytes, filename: str, claimed: str) -> str:
    """Tell the media type: by content first, for clients often claim none."""
    for magic, kind in _SIZES.items():
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return "video/mp4"
    if claimed and claimed != "application/octet-stream":
        return claimed
    return _BY_NAME.get(filename.rpartition(".")[2].lower(), "application/octet-stream")


def dimensions(data: bytes) -> tuple[int, int] | None:
    """Return width and height where the header of a PNG, GIF or JPEG tells them."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:  # noqa: PLR2004 - the fixed header of a PNG
        return struct.unpack(">II", data[16:24])
    if data.startswith(b"GIF8") and len(data) >= 10:  # noqa: PLR2004 - the fixed header of a GIF
        return struct.unpack("<HH", data[6:10])
    return _jpeg_dimensions(data) if data.startswith(b"\xff\xd8\xff") else None


def _jpeg_dimensions(data: bytes) -> tuple[int, int] | None:
    position = 2
    while position + 9 <= len(data) and data[position] == 0xFF:  # noqa: PLR2004 - marker of a JPEG segment
        marker, length = data[position + 1], int.from_bytes(data[position + 2 : position + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # noqa: PLR2004 - start of frame
            height, width = struct.unpack(">HH", data[position + 5 : position + 9])
            return width, height
        position += 2 + length
    return None
