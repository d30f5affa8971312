"""What happens when things break while somebody looks: the bot killed, a fault switched on, the sandbox gone."""

from __future__ import annotations

import re
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from sandbox.page import PageOptions, PageServer
from sandbox.page.panel import Panel
from tests.browser.ground import House, open_tab
from tests.browser.sampler_ground import clear

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.browser.ground import Visit

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_bot_that_is_killed_in_mid_job_comes_back_and_brings_the_picture(guest: Visit) -> None:
    guest.studio.comet.hold()
    await guest.imagine("a comet over the sea")
    task = await guest.task()
    starts = guest.studio.scenario.bot.starts
    guest.studio.comet.set_progress(task, 46)
    await expect(guest.newest).to_contain_text("46 %")
    await guest.open_panel("Bot")
    await guest.panel.get_by_role("button", name="Kill and restart the bot").click()
    await expect(guest.panel).to_contain_text(f"start number {starts + 1}")
    await guest.shoot("restarted")
    guest.studio.comet.finish(task)
    picture = await guest.picture()
    await expect(picture).to_contain_text("a comet over the sea")
    assert len(guest.charges) == 1


async def test_a_fault_that_is_switched_on_strikes_and_is_explained(guest: Visit) -> None:
    await guest.open_panel("Faults")
    await guest.panel.get_by_role("searchbox").fill("banned")
    await guest.panel.get_by_role("switch").first.click()
    await guest.imagine("a quiet valley")
    await expect(guest.newest).to_contain_text(re.compile("banned|refuse|word", re.IGNORECASE))
    await guest.shoot("fault")
    assert guest.charges == []


async def test_a_job_its_charge_and_its_message_are_seen_side_by_side(guest: Visit) -> None:
    await guest.imagine("a clock tower")
    await guest.picture()
    await guest.open_panel("Jobs")
    job = guest.panel.get_by_role("listitem").filter(has_text="a clock tower")
    await expect(job).to_contain_text("$0.056")
    await job.get_by_role("button", name=re.compile("^Show message")).click()
    await expect(await guest.picture()).to_be_in_viewport()
    await guest.shoot("side-by-side")


async def test_the_page_comes_back_by_itself_when_the_sandbox_does(browser: Browser, house: House) -> None:
    clear(house)
    scenario = house.studio.scenario
    async with AsyncExitStack() as stack:
        async with PageServer(scenario.discord, scenario.comet, Panel(scenario)) as first:
            visit = await stack.enter_async_context(open_tab(browser, House(house.studio, first.url)))
        port = int(first.url.rpartition(":")[2])
        await expect(visit.page.get_by_text("The sandbox is not running")).to_be_visible()
        await visit.shoot("gone")
        async with PageServer(scenario.discord, scenario.comet, Panel(scenario), PageOptions(port=port)):
            await expect(visit.page.get_by_text("The sandbox is not running")).to_be_hidden()
            await visit.imagine("back again")
            await expect(await visit.picture()).to_contain_text("back again")
        assert [line for line in visit.console if "ERR_CONNECTION_REFUSED" not in line] == []


async def test_an_interaction_that_nobody_answers_fails_as_at_discord(visit: Visit) -> None:
    await visit.imagine("a bell")
    picture = await visit.picture()
    await visit.studio.scenario.bot.kill()
    await picture.get_by_role("button", name="Details").click()
    await expect(picture).to_contain_text("This interaction failed")
    await visit.composer.click()
    await visit.page.keyboard.type("/history")
    await visit.page.keyboard.press("Enter")
    await visit.page.keyboard.press("Enter")
    await expect(visit.page.get_by_text("The application did not respond")).to_be_visible()
    await visit.shoot("failed")
    visit.studio.meant_to_fail(*(call for call in visit.studio.discord.calls if call.failed))
