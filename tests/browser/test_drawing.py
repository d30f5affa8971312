"""The drawing page in a real Chromium: what somebody draws over a picture is what the engine takes, to the pixel."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, Final

import pytest
import pytest_asyncio
from PIL import Image, ImageChops, ImageDraw
from playwright.async_api import expect

from bot.config import Listen
from bot.model import Action, Kind
from bot.web.server import WebServer
from tests.browser.ground import SHOTS
from tests.browser.test_accessible import AXE, JUDGE, describe
from tests.jobs.conftest import House

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser, Locator, Page

pytestmark = pytest.mark.asyncio(loop_scope="package")

SIZE: Final = (1456, 816)
BUTTON: Final = Action(
    index=0, action_id="MJ::Inpaint::1::u::SOLO", kind=Kind.REGION, label="Vary (Region)", needs_input=True
)
WIDE: Final = (1280, 800)
PHONE: Final = (360, 740)
LASSO: Final = ((0.5, 0.2), (0.8, 0.25), (0.75, 0.7), (0.45, 0.6))
BESIDE_PX: Final = 6
"""What the page's own pixels, larger than the picture's, leave open on each side of a line."""


@dataclass
class Easel:
    """A sheet in front of somebody, and the engine that waits for what they draw."""

    house: House
    page: Page
    link: str
    draft_id: str
    console: list[str]

    @property
    def said(self) -> Locator:
        return self.page.get_by_role("status")

    async def pull(self, *points: tuple[float, float]) -> None:
        """Draw with the mouse through these points, given in parts of the picture's sides."""
        sheet = await self.page.locator("#sheet").bounding_box()
        assert sheet is not None
        places = [(sheet["x"] + x * sheet["width"], sheet["y"] + y * sheet["height"]) for x, y in points]
        await self.page.mouse.move(*places[0])
        await self.page.mouse.down()
        for x, y in places[1:]:
            await self.page.mouse.move(x, y, steps=5)
        await self.page.mouse.up()

    async def pick(self, tool: str) -> None:
        await self.page.get_by_role("radio", name=tool).check()

    async def press(self, button: str) -> None:
        await self.page.get_by_role("button", name=button, exact=True).click()

    async def mask(self) -> Image.Image:
        """Return the mask that the API would get."""
        regions = self.house.engine.services.regions
        _, filled = await regions.fill(self.house.origin(), self.draft_id, "a red fox")
        assert filled.mask is not None
        path = self.house.engine.inputs.path(filled.mask)
        assert path is not None
        with Image.open(path) as image:
            image.load()
            return image


@pytest_asyncio.fixture(loop_scope="package")
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """The engine, with a finished picture that has a button for a region."""
    house = House(tmp_path)
    await house.start()
    picture = BytesIO()
    Image.new("RGB", SIZE, (70, 110, 140)).save(picture, "PNG")
    house.api.picture = picture.getvalue()
    yield house
    await house.end()


@asynccontextmanager
async def open_sheet(browser: Browser, house: House, *, is_phone: bool = False) -> AsyncGenerator[Easel]:
    _, task_id = await house.running()
    house.api.finish(task_id)
    house.api.tasks[task_id] = replace(house.api.tasks[task_id], actions=(BUTTON,))
    await house.pass_time(12)
    server = WebServer(listen=Listen("127.0.0.1", 0), public_url=None, key=bytes(32), clock=house.clock)
    regions = house.engine.services.regions
    await server.start(regions, house.engine.services.privacy.exports)
    (job,) = await house.memory.history.newest(1, "", 1)
    region = await regions.begin(house.origin(), job.id, BUTTON.index)
    width, height = PHONE if is_phone else WIDE
    # On the phone axe looks at the page; it is a script of others, which the page forbids.
    context = await browser.new_context(viewport={"width": width, "height": height}, bypass_csp=is_phone)
    try:
        easel = Easel(house, await context.new_page(), server.link(region.draft_id), region.draft_id, [])
        easel.page.on("console", lambda message: easel.console.append(message.text))
        easel.page.on("pageerror", lambda error: easel.console.append(str(error)))
        await easel.page.goto(easel.link)
        await expect(easel.said).to_contain_text("Draw over what Midjourney is to paint anew")
        yield easel
    finally:
        await context.close()
        await server.close()


def polygon(points: tuple[tuple[float, float], ...], *, rim: int) -> Image.Image:
    """Return the mask of a shape, given in parts of the picture's sides; its broad rim is white or black."""
    image = Image.new("L", SIZE)
    corners = [(x * SIZE[0], y * SIZE[1]) for x, y in points]
    ImageDraw.Draw(image).polygon(corners, fill=255)
    ImageDraw.Draw(image).line([*corners, *corners[:2]], fill=rim, width=2 * BESIDE_PX, joint="curve")
    return image


def covers(larger: Image.Image, smaller: Image.Image) -> bool:
    """Tell whether all that is white in the one is white in the other."""
    return ImageChops.subtract(smaller, larger).getbbox() is None


async def test_what_is_drawn_is_the_mask_to_the_pixel(browser: Browser, house: House) -> None:
    async with open_sheet(browser, house) as easel:
        await easel.press("Use this")
        await expect(easel.said).to_contain_text("Nothing is drawn yet")
        await easel.pull((0.1, 0.1), (0.3, 0.9))  # with the brush …
        await easel.press("Undo")  # … and not meant
        await expect(easel.page.get_by_role("button", name="Undo")).to_be_disabled()
        await easel.pick("Lasso")
        await easel.pull(*LASSO)
        await easel.press("Use this")
        await expect(easel.said).to_have_text("Done. Go back to Discord and press “Use my drawing”.")
        mask = await easel.mask()
        assert (mask.size, mask.mode) == (SIZE, "L")
        assert {value for _, value in mask.getcolors() or []} == {0, 255}
        assert covers(polygon(LASSO, rim=255), mask)
        assert covers(mask, polygon(LASSO, rim=0))
        assert easel.console == []
        await easel.page.goto(easel.link)
        await expect(easel.page.locator("body")).to_contain_text("This link was used already")


async def test_the_tools_do_what_their_names_say_on_a_phone(browser: Browser, house: House) -> None:
    async with open_sheet(browser, house, is_phone=True) as easel:
        await easel.pick("Rectangle")
        await easel.pull((0.25, 0.25), (0.75, 0.75))
        await easel.pick("Eraser")
        await easel.page.get_by_role("slider", name="Size").fill("30")
        await easel.pull((0.5, 0.5), (0.5, 0.5))
        await easel.press("Invert")
        await easel.page.keyboard.press("Control+z")
        await easel.page.keyboard.press("Control+Shift+z")
        SHOTS.mkdir(parents=True, exist_ok=True)
        await easel.page.screenshot(path=SHOTS / "drawing-phone.png")
        await easel.page.evaluate(AXE)
        assert [describe(violation) for violation in await easel.page.evaluate(JUDGE)] == []
        warnings: list[str] = []
        easel.page.once("dialog", lambda window: (warnings.append(window.type), window.dismiss())[1])
        await easel.page.evaluate("() => void setTimeout(() => location.assign('/healthz'))")
        await easel.press("Use this")
        await expect(easel.said).to_contain_text("Done.")
        assert warnings == ["beforeunload"]
        mask = await easel.mask()
        inside, hole, outside = (0.3, 0.3), (0.5, 0.5), (0.1, 0.5)
        seen = [mask.getpixel((round(x * SIZE[0]), round(y * SIZE[1]))) for x, y in (inside, hole, outside)]
        assert seen == [0, 255, 255]
