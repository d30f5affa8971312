"""What happens when things break while somebody looks: the bot killed, a fault switched on, the sandbox gone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from sandbox.page import PageOptions, PageServer
from sandbox.page.panel import Panel

if TYPE_CHECKING:
    from tests.browser.ground import Visit

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_bot_that_is_killed_in_mid_job_comes_back_and_brings_the_picture(visit: Visit) -> None:
    visit.studio.comet.hold()
    await visit.imagine("a comet over the sea")
    await visit.studio.comet.ledger.reaches(1, within=15)
    (task,) = visit.studio.comet.tasks
    visit.studio.comet.set_progress(task, 46)
    await expect(visit.newest).to_contain_text("46 %")
    await visit.open_panel("Bot")
    await visit.panel.get_by_role("button", name="Kill and restart the bot").click()
    await expect(visit.panel).to_contain_text("start number 2")
    await visit.shoot("restarted")
    visit.studio.comet.finish(task)
    picture = await visit.picture()
    await expect(picture).to_contain_text("a comet over the sea")
    assert len(visit.studio.comet.ledger) == 1


async def test_a_fault_that_is_switched_on_strikes_and_is_explained(visit: Visit) -> None:
    await visit.open_panel("Faults")
    await visit.panel.get_by_role("searchbox").fill("banned")
    await visit.panel.get_by_role("switch").first.click()
    await visit.imagine("a quiet valley")
    await expect(visit.newest).to_contain_text(re.compile("banned|refuse|word", re.IGNORECASE))
    await visit.shoot("fault")
    assert len(visit.studio.comet.ledger) == 0


async def test_a_job_its_charge_and_its_message_are_seen_side_by_side(visit: Visit) -> None:
    await visit.imagine("a clock tower")
    await visit.picture()
    await visit.open_panel("Jobs")
    await expect(visit.panel).to_contain_text("a clock tower")
    await expect(visit.panel).to_contain_text("$0.056")
    await visit.panel.get_by_role("button", name=re.compile("^Show message")).click()
    await expect(await visit.picture()).to_be_in_viewport()
    await visit.shoot("side-by-side")


async def test_the_page_comes_back_by_itself_when_the_sandbox_does(visit: Visit) -> None:
    scenario = visit.studio.scenario
    async with PageServer(scenario.discord, scenario.comet, Panel(scenario)) as first:
        visit.url = first.url
        await visit.open()
    port = int(first.url.rpartition(":")[2])
    await expect(visit.page.get_by_text("The sandbox is not running")).to_be_visible()
    await visit.shoot("gone")
    async with PageServer(scenario.discord, scenario.comet, Panel(scenario), PageOptions(port=port)):
        await expect(visit.page.get_by_text("The sandbox is not running")).to_be_hidden()
        await visit.imagine("back again")
        await expect(await visit.picture()).to_contain_text("back again")
    visit.console[:] = [line for line in visit.console if "ERR_CONNECTION_REFUSED" not in line]


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
    for call in visit.studio.discord.calls:
        call.failed = False  # meant to fail here
