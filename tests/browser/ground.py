"""Somebody in front of the chat page: a real Chromium, the page, the real bot behind it.

A `Visit` looks and acts as a person does, by what is written on things. Its console must stay empty.
"""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, final

from playwright.async_api import expect

from sandbox.page import PageOptions, PageServer
from sandbox.page.panel import Panel
from tests.process.studio import COMET, open_studio

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from playwright.async_api import Browser, ConsoleMessage, Dialog, Locator, Page

    from sandbox.comet import Charge, CometOptions
    from tests.process.studio import Studio

SHOTS: Final = Path(__file__).resolve().parents[2] / "build" / "screenshots"
"""Where every test leaves what it saw, for people to look at."""
WIDE: Final = (1440, 900)
PHONE: Final = (390, 844)

KEPT: Final = PageOptions(keep_seconds=3600)
"""Nobody edits the page's files while tests run; asking for all of them again takes most of the time of a load."""
_PATIENCE_MS: Final = 15_000
expect.set_options(timeout=_PATIENCE_MS)  # a busy machine may take its time; what is wrong stays wrong


@final
@dataclass
class Visit:
    """One tab with the page in it."""

    page: Page
    studio: Studio
    url: str
    console: list[str] = field(default_factory=list[str])
    """What the console would show in yellow or red, errors that nobody caught, windows that a script opened."""
    is_fresh: bool = True
    """Nobody has done anything since the page was loaded."""
    _charges_before: int = 0

    async def open(self, path: str = "/") -> None:
        """Go to the page, and wait until one can use it."""
        await self.page.goto(self.url + path)
        await expect(self.composer).to_be_enabled()

    async def begin_anew(self) -> None:
        """Load the page as if for the first time; what was charged before is somebody else's."""
        self._charges_before = len(self.studio.comet.ledger)
        await self.page.evaluate("() => [localStorage, sessionStorage].forEach((kept) => kept.clear())")
        await self.page.mouse.move(0, 0)
        await self.page.goto(self.url, wait_until="commit")
        self.console.clear()  # only now: the old page may have missed a picture that was cleared away under it
        await expect(self.composer).to_be_enabled()
        self.is_fresh = True

    def listen(self) -> None:
        """Note what the console says from now on."""

        def note(message: ConsoleMessage) -> None:
            if message.type in ("warning", "error"):
                self.console.append(f"{message.type}: {message.text}")

        async def refuse(window: Dialog) -> None:
            self.console.append(f"window: {window.message}")
            await window.dismiss()

        self.page.on("console", note)
        self.page.on("dialog", refuse)
        self.page.on("pageerror", lambda error: self.console.append(f"uncaught: {error}"))

    async def shoot(self, name: str) -> None:
        """Leave a screenshot."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=SHOTS / f"{name}.png")

    # What is on the page -------------------------------------------------------------------------------------------

    @property
    def composer(self) -> Locator:
        """The box that one types into."""
        return self.page.get_by_role("textbox", name="Message ", exact=False).first

    @property
    def messages(self) -> Locator:
        """The messages of the channel, oldest first."""
        return self.page.get_by_role("log", name=re.compile("^Messages in")).locator("article")

    @property
    def newest(self) -> Locator:
        """The newest message."""
        return self.messages.last

    @property
    def panel(self) -> Locator:
        """The side panel."""
        return self.page.get_by_role("complementary", name="Behind the scenes")

    @property
    def charges(self) -> list[Charge]:
        """What the API has charged since the page was opened."""
        return self.studio.comet.ledger[self._charges_before :]

    async def task(self) -> str:
        """Wait until the API has charged something, and return the id of its task."""
        await self.studio.comet.ledger.reaches(self._charges_before + 1, within=_PATIENCE_MS / 1000)
        return self.charges[0].task_id

    # What a person does --------------------------------------------------------------------------------------------

    async def imagine(self, prompt: str) -> None:
        """Type the command as people do, and send it."""
        await self.begin("imagine")
        await self.page.keyboard.type(prompt)
        await self.page.keyboard.press("Enter")

    async def picture(self) -> Locator:
        """Wait for the newest message to be a picture with its buttons, and return it."""
        message = self.messages.filter(has=self.page.get_by_role("button", name="U1")).last
        await expect(message).to_be_visible()
        return message

    async def begin(self, command: str) -> Locator:
        """Choose a command from the list by typing its name, and return its fields."""
        await self.composer.click()
        await self.page.keyboard.type(f"/{command}")
        row = self.page.get_by_role("group", name=f"Command /{command}", exact=True)
        option = self.page.get_by_role("listbox", name="Commands").get_by_role("option", name=f"/{command}")
        await expect(option.first.or_(row)).to_be_visible()
        await self.page.keyboard.press("Enter")
        await expect(row).to_be_visible()
        return row

    async def use(self, command: str) -> None:
        """Send a command that needs no options."""
        await self.begin(command)
        await self.page.keyboard.press("Enter")

    async def say(self, text: str) -> None:
        """Write a message and send it."""
        await self.composer.click()
        await self.page.keyboard.type(text)
        await self.page.keyboard.press("Enter")

    async def go(self, channel: str) -> None:
        """Go to a channel of this server."""
        await self.page.get_by_role("navigation", name="Channels").get_by_role("button", name=channel).click()
        await expect(self.page.get_by_role("log", name=re.compile(f"Messages in #?{channel}"))).to_be_visible()

    async def become(self, name: str) -> None:
        """Switch to another person."""
        await self.page.get_by_role("button", name=re.compile(r"^You are .*Switch person")).click()
        await self.page.get_by_role("menuitemradio", name=re.compile(f"^{name}")).click()
        await expect(self.page.get_by_role("button", name=re.compile(f"^You are {name}"))).to_be_visible()

    async def open_panel(self, tab: str = "Jobs") -> None:
        """Open the side panel at one of its tabs."""
        if not await self.panel.is_visible():
            await self.page.get_by_role("button", name=re.compile("^Behind the scenes")).click()
        await self.panel.get_by_role("tab", name=re.compile(f"^{tab}")).click()


@final
@dataclass(frozen=True)
class House:
    """Everything behind the page: the servers, a bot, and where the page is served."""

    studio: Studio
    url: str


@final
@dataclass(frozen=True, kw_only=True)
class TabOptions:
    """What a tab is like."""

    size: tuple[int, int] = WIDE
    scheme: Literal["dark", "light"] = "dark"
    locale: str = "en-US"
    bypass_csp: bool = False
    """Let the test put scripts into the page, which the page itself forbids."""


@asynccontextmanager
async def open_page(studio: Studio) -> AsyncGenerator[House]:
    """Serve the page for what runs already."""
    scenario = studio.scenario
    async with PageServer(scenario.discord, scenario.comet, Panel(scenario), KEPT) as server:
        yield House(studio, server.url)


@asynccontextmanager
async def open_house(folder: Path, *, comet: CometOptions = COMET) -> AsyncGenerator[House]:
    """Start the servers, Easel and the page."""
    async with open_studio(folder, comet=comet) as studio, open_page(studio) as house:
        yield house


@asynccontextmanager
async def open_tab(browser: Browser, house: House, options: TabOptions | None = None) -> AsyncGenerator[Visit]:
    """Open the page in a tab that shares nothing with others."""
    wanted = options or TabOptions()
    width, height = wanted.size
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=wanted.scheme,
        locale=wanted.locale,
        reduced_motion="reduce",
        bypass_csp=wanted.bypass_csp,
    )
    context.set_default_timeout(_PATIENCE_MS)
    try:
        visit = Visit(await context.new_page(), house.studio, house.url)
        visit.listen()
        await visit.open()
        yield visit
    finally:
        await context.close()


@asynccontextmanager
async def open_visit(browser: Browser, folder: Path) -> AsyncGenerator[Visit]:
    """Start everything, and open it in a tab."""
    async with open_house(folder) as house, open_tab(browser, house) as visit:
        yield visit
