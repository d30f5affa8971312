"""The page's own files: what lies in one folder and below, and nothing else. Knows nothing of Discord or of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, final

from aiohttp import web

if TYPE_CHECKING:
    from pathlib import Path

_KINDS: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".webmanifest": "application/manifest+json",
}
"""Written down here, because what `mimetypes` says depends on the machine; other files are not served."""


@final
class StaticFiles:
    """Serves a folder. The browser asks each time whether a file has changed, so that an edit is seen at once.

    Parameters
    ----------
    keep_seconds
        How long it may keep a file without asking, where nobody edits them.
    """

    def __init__(self, folder: Path, keep_seconds: int = 0) -> None:
        self._folder = folder.resolve()
        self._keeping = f"max-age={keep_seconds}" if keep_seconds else "no-cache"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer with a file, with 304 if the browser has it, or with 404."""
        tail = request.match_info.get("tail") or "index.html"
        kind = _KINDS.get(tail[tail.rfind(".") :] if "." in tail else "")
        path = self._inside(tail)
        if kind is None or path is None:
            return web.Response(status=404, text="There is nothing here.")
        return web.FileResponse(path, headers={"Content-Type": kind, "Cache-Control": self._keeping})

    def _inside(self, tail: str) -> Path | None:
        """Return the file, if it is one and lies in the folder, also after following links."""
        if "\0" in tail or any(part.startswith(".") for part in tail.split("/")):
            return None
        path = (self._folder / tail.lstrip("/")).resolve()
        return path if path.is_relative_to(self._folder) and path.is_file() else None
