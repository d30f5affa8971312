"""The page's server: the page itself, the line to it, and the files that it shows. Joins the parts; decides nothing."""

from __future__ import annotations

import secrets
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self, final

from aiohttp import web

from sandbox.discord.commands import LOCALES
from sandbox.hangups import bear_hang_ups
from sandbox.page.acts import Acts
from sandbox.page.doors import Doorkeeper, add_headers
from sandbox.page.files import MessageFiles
from sandbox.page.live import Lines
from sandbox.page.pictures import PictureProxy
from sandbox.page.places import world_json
from sandbox.page.posts import Posts
from sandbox.page.pushes import Pushes
from sandbox.page.static import StaticFiles
from sandbox.page.uploads import MIB, MOST_BYTES, PickedFiles

if TYPE_CHECKING:
    from types import TracebackType

    from sandbox.comet import CometSandbox
    from sandbox.discord import DiscordSandbox
    from sandbox.page.asks import Ask, Json
    from sandbox.page.side import SidePanel

WEB = Path(__file__).resolve().parent.parent / "web"
_MOST_NAME = 200
_SHUTDOWN_SECONDS = 0.5


@final
@dataclass(frozen=True, kw_only=True)
class PageOptions:
    """Where the page is served, and from what.

    Attributes
    ----------
    port
        0 takes a free one.
    web
        The folder of the page's own files.
    keep_seconds
        How long a browser may keep those files without asking whether they have changed.
    """

    host: str = "127.0.0.1"
    port: int = 0
    web: Path = WEB
    keep_seconds: int = 0


@final
class PageServer:
    """Serves the chat page: use as ``async with PageServer(discord, comet, panel, PageOptions()) as page``."""

    def __init__(
        self, discord: DiscordSandbox, comet: CometSandbox, panel: SidePanel, options: PageOptions | None = None
    ) -> None:
        self._discord = discord
        self._panel = panel
        self._options = options or PageOptions()
        self._run = secrets.token_hex(8)
        self._picked = PickedFiles()
        self._posts = Posts(discord, lambda: comet.url)
        self._verbs = Acts(discord, self._picked, self._posts).verbs() | {
            "hello": self._hello,
            "language": self._language,
        }
        self._lines = Lines(self._answer)
        self._pushes = Pushes(discord, self._posts, self._world, self._lines.push)
        self._pictures = PictureProxy(lambda: comet.url)
        self._doorkeeper = Doorkeeper()
        self._stack = AsyncExitStack()
        self.url = ""
        """Such as `http://127.0.0.1:8080`, without a slash at the end."""

    async def __aenter__(self) -> Self:
        """Begin to listen.

        Raises
        ------
        OSError
            The port is taken.
        """
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._pictures)
            runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            options = self._options
            await web.TCPSite(runner, options.host, options.port).start()
            port = int(runner.addresses[0][1])
            self._doorkeeper.listen_to(options.host, port)
            self.url = f"http://{options.host}:{port}"
            stack.push_async_callback(self._lines.close)
            stack.callback(self._pushes.start())
            stack.callback(self._panel.subscribe(self._lines.push))
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every line and stop listening."""
        await self._stack.aclose()

    def _app(self) -> web.Application:
        before = [bear_hang_ups, self._doorkeeper.middleware()]
        app = web.Application(client_max_size=MOST_BYTES, middlewares=before)
        app.on_response_prepare.append(add_headers)
        files, static = MessageFiles(self._discord), StaticFiles(self._options.web, self._options.keep_seconds)
        app.router.add_get("/live", self._lines.serve)
        app.router.add_post("/files", self._pick)
        app.router.add_get("/attachments/{tail:.*}", files.attachment)
        app.router.add_get("/ephemeral-attachments/{tail:.*}", files.attachment)
        app.router.add_get("/avatars/{tail:.*}", files.avatar)
        app.router.add_get("/embed/avatars/{tail:.*}", files.avatar)
        app.router.add_get("/media/{tail:.*}", self._pictures.serve)
        app.router.add_get("/{tail:.*}", static.serve)
        return app

    async def _pick(self, request: web.Request) -> web.Response:
        """Take a file that a person has picked."""
        name = request.query.get("name", "")[-_MOST_NAME:] or "file"
        kind = request.headers.get("Content-Type", "")
        try:
            data = await request.read()
        except web.HTTPRequestEntityTooLarge:
            refused = f"“{name}” is too large: at most {MOST_BYTES // MIB} MB fit."
            return web.json_response({"refused": refused}, status=413)
        return web.json_response({"file_id": self._picked.keep(name, data, kind)})

    async def _answer(self, ask: Ask) -> Json:
        verb = self._verbs.get(ask.verb)
        if verb is not None:
            return await verb(ask)
        if ask.verb not in self._panel.VERBS:
            raise ValueError("The page asked for something unknown. Reload it.")
        await self._panel.do(ask.verb, ask.fields)
        return {}

    async def _hello(self, ask: Ask) -> Json:
        """Greet a page, in its language."""
        await self._language(ask)
        return {
            "world": self._world(),
            "catalog": self._panel.catalog(),
            "panel": self._panel.state(),
            "bot": self._panel.bot_state(),
            "log": self._panel.log(),
        }

    async def _language(self, ask: Ask) -> Json:
        """Let everybody speak the page's language: they are one person in truth. What they see is theirs alone."""
        locale = ask.text("locale")
        self._discord.speak(locale if locale in LOCALES else "en-US")
        return {}

    def _world(self) -> Json:
        return world_json(self._discord, self._run)
