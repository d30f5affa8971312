"""Everybody can use the page: axe-core judges each of its states, and the main job is done without a mouse."""

from __future__ import annotations

import importlib.resources
from typing import TYPE_CHECKING, Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.gestures import open_option
from tests.browser.ground import PHONE, TabOptions, open_tab
from tests.browser.sampler_ground import clear

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser

    from tests.browser.ground import House, Visit

pytestmark = pytest.mark.asyncio(loop_scope="package")

LOOKS: Final = {"dark": TabOptions(), "light-phone": TabOptions(size=PHONE, scheme="light")}
AXE: Final = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
JUDGE: Final = "async () => (await axe.run(document, { resultTypes: ['violations'] })).violations"
SERIOUS: Final = ("serious", "critical")


class Judge:
    """Runs axe-core in a tab, state after state, and collects what it finds."""

    def __init__(self, visit: Visit, look: str) -> None:
        self._visit = visit
        self._look = look
        self.serious: list[str] = []

    async def look(self, state: str) -> None:
        """Judge what is to be seen now."""
        page = self._visit.page
        if not await page.evaluate("() => 'axe' in window"):
            await page.evaluate(AXE)
        await self._visit.shoot(f"axe-{self._look}-{state}")
        for violation in await page.evaluate(JUDGE):
            said = f"{self._look}, {state}: {describe(violation)}"
            if violation["impact"] in SERIOUS:
                self.serious.append(said)
            else:
                print(said)  # noqa: T201 - not wrong, but worth a look


def describe(violation: dict[str, Any]) -> str:
    nodes = "; ".join(str(node["html"])[:120] for node in violation["nodes"][:3])
    return f"{violation['impact']} {violation['id']}: {violation['help']}: {nodes}"


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def open_to_axe(browser: Browser, house: House) -> AsyncIterator[Visit]:
    """A tab that lets scripts of others in, which the page forbids: axe-core is one."""
    async with open_tab(browser, house, TabOptions(bypass_csp=True)) as visit:
        yield visit


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def sampler_open_to_axe(browser: Browser, sampler_house: House) -> AsyncIterator[Visit]:
    """The same with the sampler in Easel's place."""
    async with open_tab(browser, sampler_house, TabOptions(bypass_csp=True)) as visit:
        yield visit


async def load(visit: Visit, look: str) -> Judge:
    """Load the page as it looks to somebody, and return who judges it."""
    width, height = LOOKS[look].size
    await visit.page.emulate_media(color_scheme=LOOKS[look].scheme)
    await visit.page.set_viewport_size({"width": width, "height": height})
    await visit.begin_anew()
    return Judge(visit, look)


@pytest.mark.parametrize("look", LOOKS)
async def test_axe_finds_nothing_serious_in_the_chat(open_to_axe: Visit, house: House, look: str) -> None:
    clear(house)
    visit, keyboard = open_to_axe, open_to_axe.page.keyboard
    judge = await load(visit, look)
    await expect(visit.page.get_by_role("heading", name="Welcome to #general")).to_be_visible()
    await judge.look("empty")
    await visit.imagine("a fox in deep snow")
    picture = await visit.picture()
    await expect(picture.get_by_role("img", name="Imagine: a fox in deep snow")).to_be_visible()
    await judge.look("picture")
    await picture.get_by_role("button", name="Imagine: a fox in deep snow").click()
    await expect(visit.page.get_by_role("dialog", name="Picture")).to_be_visible()
    await judge.look("lightbox")
    await keyboard.press("Escape")
    await visit.composer.click()
    await keyboard.type("/")
    await expect(visit.page.get_by_role("listbox", name="Commands")).to_be_visible()
    await judge.look("commands")
    await visit.composer.fill("")
    row = await visit.begin("imagine")
    await open_option(row, "aspect")
    await expect(visit.page.get_by_role("listbox", name="Suggestions")).to_be_visible()
    await judge.look("suggestions")
    await keyboard.press("Escape")
    assert judge.serious == []
    assert visit.console == []


@pytest.mark.parametrize("look", LOOKS)
async def test_axe_finds_nothing_serious_around_the_chat(open_to_axe: Visit, look: str) -> None:
    visit, page = open_to_axe, open_to_axe.page
    judge = await load(visit, look)
    if LOOKS[look].size == PHONE:
        await page.get_by_role("button", name="Servers and channels").click()
        await judge.look("places")
    await page.get_by_role("button", name="Switch person").click()
    await expect(page.get_by_role("menu", name="Switch person")).to_be_visible()
    await judge.look("people")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Keyboard shortcuts").click()
    await expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    await judge.look("help")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    for tab in ("Jobs", "Bot", "Faults"):  # the last has more in it than all others together, and keeps it
        await visit.open_panel(tab)
        await judge.look(f"panel-{tab.lower()}")
    assert judge.serious == []
    assert visit.console == []


@pytest.mark.parametrize("look", LOOKS)
async def test_axe_finds_nothing_serious_in_forms_and_layouts(
    sampler_open_to_axe: Visit, sampler_house: House, look: str
) -> None:
    clear(sampler_house)
    visit, page = sampler_open_to_axe, sampler_open_to_axe.page
    judge = await load(visit, look)
    for command in ("layout", "text", "selects"):
        await visit.use(command)
    select = visit.newest.get_by_role("combobox", name="Fruit")
    await expect(select).to_be_visible()
    await judge.look("messages")
    await select.click()
    await judge.look("select")
    await page.keyboard.press("Escape")
    for command, title in (("words", "About you"), ("choices", "Your order"), ("people", "Who and where")):
        await visit.use(f"form {command}")
        form = page.get_by_role("dialog", name=title)
        await form.get_by_role("button", name="Submit").click()
        await expect(form.get_by_text("This is required.").first).to_be_visible()
        await judge.look(f"form-{command}")
        await form.get_by_role("button", name="Cancel").click()
    await visit.newest.get_by_role("button", name="Easel").click(button="right")
    await expect(page.get_by_role("menu", name="Person actions")).to_be_visible()
    await judge.look("menu")
    assert judge.serious == []
    assert visit.console == []


async def test_from_the_start_to_a_pressed_button_without_a_mouse(guest: Visit) -> None:
    keyboard = guest.page.keyboard
    await keyboard.type("/imagine")
    await expect(
        guest.page.get_by_role("listbox", name="Commands").get_by_role("option", name="/imagine")
    ).to_be_visible()
    await keyboard.press("Enter")
    await keyboard.type("a fox in deep snow")
    await keyboard.press("Enter")
    wanted = (await guest.picture()).get_by_role("button", name="U1")
    for _ in range(30):
        if await wanted.evaluate("(button) => button === document.activeElement"):
            break
        await keyboard.press("Shift+Tab")
    await expect(wanted).to_be_focused()
    await guest.shoot("keyboard-only")
    await keyboard.press("Enter")
    await expect(guest.page.get_by_role("button", name="Zoom Out 2x")).to_be_visible()
