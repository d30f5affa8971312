"""The link to an export: hands the archive to whoever has it, for a day.

Knows aiohttp, and what it needs of the engine.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Protocol, final

from aiohttp import web

from bot.errors import ActionUnavailable, StorageError
from bot.language import mark, say
from bot.web.answers import sentence
from bot.web.links import TOKEN, Dead

if TYPE_CHECKING:
    from pathlib import Path

    from bot.web.links import LinkSigner

_DEAD: Final = {
    Dead.FORGED: (HTTPStatus.NOT_FOUND, mark("This is no link of mine. Open the one that I sent you in Discord.")),
    Dead.EXPIRED: (
        HTTPStatus.GONE,
        mark("This link has expired: each one works for a day. Use `/privacy export` again."),
    ),
}
_NOT_NOW: Final = mark("This cannot be had just now. Try again in a minute.")
#: What the browser is to do with it: keep it, and never show it.
_HEADERS: Final = {"Content-Type": "application/zip", "Content-Disposition": 'attachment; filename="easel-export.zip"'}


class Archives(Protocol):
    """What the link needs of the engine: `bot.jobs.privacy.exports`."""

    async def file(self, export_id: str) -> Path:
        """Return an archive.

        Raises
        ------
        ActionUnavailable
            It is not there, or no more; with the sentence to show.
        """
        ...


@final
class ExportLink:
    """What the links to exports lead to."""

    def __init__(self, archives: Archives, signer: LinkSigner) -> None:
        self._archives = archives
        self._signer = signer

    def routes(self) -> list[web.RouteDef]:
        """Return the address."""
        return [web.get(f"/export/{{token:{TOKEN}}}", self._file)]

    async def _file(self, request: web.Request) -> web.StreamResponse:
        export_id = self._signer.read(request.match_info["token"])
        if isinstance(export_id, Dead):
            status, words = _DEAD[export_id]
            return sentence(request, status, say(words))
        try:
            path = await self._archives.file(export_id)
        except ActionUnavailable as error:
            return sentence(request, HTTPStatus.GONE, error.reply)
        except StorageError:
            return sentence(request, HTTPStatus.SERVICE_UNAVAILABLE, say(_NOT_NOW))
        return web.FileResponse(path, headers=_HEADERS)  # piece by piece, and from where a download broke off
