"""`Desk`: the endpoint on a loopback port, with drafts that remember and a clock driven by hand."""

from __future__ import annotations

from contextlib import asynccontextmanager
from io import BytesIO
from typing import TYPE_CHECKING

import aiohttp
import pytest
from PIL import Image

from bot.config import Listen
from bot.errors import ActionUnavailable, PictureInvalid
from bot.metrics import Metrics
from bot.web.health import HealthPages
from bot.web.metrics import MetricsPage
from bot.web.server import WebServer
from tests.fakes import FakeClock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator
    from pathlib import Path

DRAFT = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
OTHER = "01BX5ZZKBKACTAV9WEVGEMMVRZ"
SIZE = (96, 54)
KEY = bytes(range(32))
NAVIGATION = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
LOOPBACK = Listen("127.0.0.1", 0)


def png(size: tuple[int, int] = SIZE, color: int = 255) -> bytes:
    file = BytesIO()
    Image.new("L", size, color).save(file, "PNG")
    return file.getvalue()


class FakeDrawings:
    """Drafts with a picture each. A drawing is taken once, and only in the picture's size."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.taken: dict[str, bytes] = {}
        self.gone: set[str] = set()
        self.failures: list[Exception] = []

    async def picture(self, draft_id: str) -> Path:
        self._enter(draft_id)
        path = self.folder / f"{draft_id}.png"
        path.write_bytes(png(color=120))
        return path

    async def drawn(self, draft_id: str, png: bytes) -> None:
        self._enter(draft_id)
        if draft_id in self.taken:
            raise ActionUnavailable("That link has been used. Press *Use my drawing* in Discord.")
        with Image.open(BytesIO(png)) as image:
            if image.size != SIZE:
                raise PictureInvalid("That drawing does not fit the picture.")
        self.taken[draft_id] = png

    def _enter(self, draft_id: str) -> None:
        if self.failures:
            raise self.failures.pop(0)
        if draft_id in self.gone:
            raise ActionUnavailable("That choice is more than a day old. Press `Vary (Region)` again.")


class FakeArchives:
    """Exports, each a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def file(self, export_id: str) -> Path:
        path = self.folder / f"{export_id}.zip"
        if not path.exists():
            raise ActionUnavailable("This export is not here any more.")
        return path


class FakeHealth:
    """A process that ails as a test says."""

    def __init__(self) -> None:
        self.dying: dict[str, str] = {}
        self.ailing: dict[str, str] = {}

    def faults(self) -> dict[str, str]:
        return self.dying

    def hindrances(self) -> dict[str, str]:
        return self.dying | self.ailing


class Desk:
    """The endpoint and somebody in front of it."""

    def __init__(
        self, drawings: FakeDrawings, clock: FakeClock, server: WebServer, http: aiohttp.ClientSession
    ) -> None:
        self.drawings = drawings
        self.clock = clock
        self.server = server
        self.http = http
        self.health = FakeHealth()
        self.metrics = Metrics()

    @property
    def link(self) -> str:
        return self.server.link(DRAFT)

    async def get(self, url: str, **headers: str) -> tuple[int, str]:
        """Ask as a script does, or with more headers as a browser does."""
        async with self.http.get(url, headers=headers) as answer:
            return answer.status, await answer.text(errors="replace")

    async def post(self, url: str, drawing: bytes, media_type: str = "image/png") -> tuple[int, str]:
        """Send a drawing."""
        headers = {"Content-Type": media_type}
        async with self.http.post(url, data=BytesIO(drawing), headers=headers) as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def open_desk(folder: Path, *, listen: Listen = LOOPBACK, public_url: str | None = None) -> AsyncGenerator[Desk]:
    clock = FakeClock()
    server = WebServer(listen=listen, public_url=public_url, key=KEY, clock=clock)
    drawings = FakeDrawings(folder)
    async with aiohttp.ClientSession() as http:
        desk = Desk(drawings, clock, server, http)
        await server.start(drawings, FakeArchives(folder), HealthPages(desk.health), MetricsPage(desk.metrics))
        try:
            yield desk
        finally:
            await server.close()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(tmp_path) as desk:
        yield desk
