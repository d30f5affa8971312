"""Fixtures of the browser tests: Chromium, started once for the folder, and the page in a tab of its own.

Where no Chromium can be had, these tests are skipped and say so (`make browser` tells why).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.browser.chromium import find_chromium, open_chromium
from tests.browser.ground import open_house, open_tab, open_visit
from tests.browser.sampler_ground import clear, open_sampler

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser, Page

    from tests.browser.ground import House, Visit


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    if find_chromium() is None:
        pytest.skip("no Chromium on this machine; `make browser` installs it, or says why it cannot")
    async with open_chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="package")
async def visit(browser: Browser, tmp_path: Path) -> AsyncIterator[Visit]:
    """The page, with everything behind it; in the end nothing was promised in vain and the console is empty."""
    async with open_visit(browser, tmp_path) as visit:
        yield visit
        visit.studio.check_promises()
        assert visit.console == []


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Easel and all around it, once for all tests that do not disturb each other."""
    async with open_house(tmp_path_factory.mktemp("house")) as house:
        yield house
        house.studio.check_promises()


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def sampler_house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """The same with the sampler in Easel's place."""
    async with open_sampler(tmp_path_factory.mktemp("sampler")) as house:
        yield house
        house.studio.check_promises()


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def guest_tab(browser: Browser, house: House) -> AsyncIterator[Visit]:
    async with open_tab(browser, house) as visit:
        yield visit


@pytest_asyncio.fixture(loop_scope="package")
async def guest(guest_tab: Visit, house: House) -> AsyncIterator[Visit]:
    """A tab of the shared house with Easel, in which nothing has been written yet; leaves the house in order."""
    clear(house)
    await guest_tab.begin_anew()
    guest_tab.is_fresh = False
    yield guest_tab
    house.studio.discord.faults.clear()
    house.studio.comet.faults.clear()
    house.studio.comet.release()
    house.studio.check_promises()
    assert guest_tab.console == []


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def sampler_tab(browser: Browser, sampler_house: House) -> AsyncIterator[Visit]:
    async with open_tab(browser, sampler_house) as visit:
        yield visit


@pytest_asyncio.fixture(loop_scope="package")
async def sampler(sampler_tab: Visit, sampler_house: House) -> AsyncIterator[Visit]:
    """A tab of the shared house with the sampler, in which nothing has been written yet."""
    clear(sampler_house)
    await sampler_tab.begin_anew()
    yield sampler_tab
    sampler_house.studio.check_promises()
    assert sampler_tab.console == []


@pytest_asyncio.fixture(loop_scope="package")
async def page(guest_tab: Visit) -> AsyncIterator[Page]:
    """The tab alone, for tests of what runs inside the page: loaded anew only if somebody has used it."""
    if not guest_tab.is_fresh:
        await guest_tab.begin_anew()
    yield guest_tab.page
    assert guest_tab.console == []
