"""Files of messages and pictures of people, out of the local Discord, as a browser may have them.

Whoever sent a file chose its bytes and its type, so only what can never run is shown in place; the rest is saved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final
from urllib.parse import quote

from aiohttp import web

if TYPE_CHECKING:
    from sandbox.discord import Attachment, DiscordSandbox

_SHOWN: Final = frozenset(
    {
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "image/avif",
        "video/mp4",
        "video/webm",
        "audio/mpeg",
        "audio/ogg",
        "audio/wav",
        "audio/webm",
        "audio/mp4",
        "audio/flac",
        "text/plain",
    }
)
_SAVED: Final = "application/octet-stream"


@final
class MessageFiles:
    """Serves attachments and avatars."""

    def __init__(self, discord: DiscordSandbox) -> None:
        self._discord = discord

    async def attachment(self, request: web.Request) -> web.Response:
        """Answer with a file, or the part of it that is asked for, so that a video can be wound."""
        found = self._discord.file(request.rel_url.raw_path, request.rel_url.raw_query_string)
        if found is None:
            return web.Response(status=404, text="This file is no longer there.")
        total = found.size
        headers = {**_headers(found), "Accept-Ranges": "bytes", "Cache-Control": "private, max-age=3600, immutable"}
        try:
            part = request.http_range
        except ValueError:
            return web.Response(status=416, headers={"Content-Range": f"bytes */{total}"})
        if part.start is None and part.stop is None:
            return web.Response(body=found.data, headers=headers)
        start, stop, _ = slice(part.start, part.stop).indices(total)
        if start >= stop:
            return web.Response(status=416, headers={"Content-Range": f"bytes */{total}"})
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{total}"
        return web.Response(status=206, body=found.data[start:stop], headers=headers)

    async def avatar(self, request: web.Request) -> web.Response:
        """Answer with somebody's picture: `/avatars/{user id}.png` or `/avatars/{user id}/{anything}.png`."""
        name = request.match_info["tail"].split("/")[0].removesuffix(".png")
        try:
            drawn = self._discord.avatar(int(name))
        except (ValueError, KeyError):
            return web.Response(status=404, text="There is nobody like this.")
        return web.Response(body=drawn, content_type="image/png", headers={"Cache-Control": "private, max-age=3600"})


def _headers(file: Attachment) -> dict[str, str]:
    kind = file.content_type.partition(";")[0].strip().lower()
    is_shown = kind in _SHOWN
    sent = _SAVED if not is_shown else "text/plain; charset=utf-8" if kind == "text/plain" else kind
    way = "inline" if is_shown else "attachment"
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "_" for sign in file.filename)
    return {
        "Content-Type": sent,
        "Content-Disposition": f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(file.filename, safe='')}",
    }
