"""Three people and their places: each sees their own, keeps their own drafts, and may do what they may."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.browser.ground import open_tab

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator

    from tests.browser.ground import House, Visit

pytestmark = pytest.mark.asyncio(loop_scope="package")


def servers(visit: Visit) -> Locator:
    return visit.page.get_by_role("navigation", name="Servers").get_by_role("button")


def channels(visit: Visit) -> Locator:
    return visit.page.get_by_role("navigation", name="Channels").get_by_role("button")


async def test_each_person_sees_their_own_servers(guest: Visit) -> None:
    await expect(servers(guest)).to_have_count(4)  # direct messages, and three servers
    await guest.become("Priya")
    await expect(servers(guest)).to_have_count(3)
    await expect(servers(guest).filter(has_text="PL")).to_have_count(0)
    await guest.become("Hanna Lind")
    await expect(servers(guest)).to_have_count(4)
    await guest.shoot("owner")


async def test_a_guest_cannot_write_but_commands_work(guest: Visit) -> None:
    await guest.become("Priya")
    await expect(guest.page.get_by_text("but commands work")).to_be_visible()
    await guest.say("hello")
    assert guest.studio.discord.messages(guest.studio.world.general) == []
    await expect(guest.composer).to_have_value("hello")
    await guest.composer.fill("")
    await guest.shoot("guest")
    await guest.imagine("a quiet harbor")
    await expect(await guest.picture()).to_contain_text("a quiet harbor")


async def test_the_bot_can_be_used_in_direct_messages(guest: Visit) -> None:
    await servers(guest).first.click()
    await expect(guest.page.get_by_role("textbox", name="Message Easel")).to_be_visible()
    await guest.imagine("a secret garden")
    await expect(await guest.picture()).to_contain_text("a secret garden")
    await guest.shoot("direct")
    await guest.become("Hanna Lind")
    await servers(guest).first.click()
    await expect(guest.page.get_by_role("log", name="Messages in Easel")).to_be_visible()
    await expect(guest.messages).to_have_count(0)


async def test_another_server_has_channels_of_its_own(guest: Visit) -> None:
    await servers(guest).filter(has_text="PL").click()
    await expect(channels(guest)).to_have_text(["lobby"])
    await guest.imagine("a paper lantern")
    await expect(await guest.picture()).to_contain_text("a paper lantern")
    await servers(guest).filter(has_text="NS").click()
    await expect(guest.messages).to_have_count(0)


async def test_people_talk_and_meet_where_the_bot_is_not(guest: Visit) -> None:
    await servers(guest).first.click()
    await expect(channels(guest)).to_have_text(["Easel", "Hanna Lind", "Weekend trip"])
    await channels(guest).filter(has_text="Hanna Lind").click()
    await expect(guest.page.get_by_role("main")).to_contain_text("Easel is not in this conversation")
    await guest.say("between us")
    await expect(guest.newest).to_contain_text("between us")
    await guest.shoot("private")
    await guest.become("Hanna Lind")
    await servers(guest).first.click()
    await expect(channels(guest)).to_have_text(["Easel", re.compile("^Mateo"), "Weekend trip"])
    await servers(guest).filter(has_text="HB").click()
    await expect(channels(guest)).to_have_text(["book-talk", "reading-room"])
    await expect(guest.page.get_by_role("main")).to_contain_text("Easel is not in this server")


async def test_an_age_restricted_channel_says_so(guest: Visit) -> None:
    await expect(channels(guest).filter(has_text="after-dark")).to_contain_text("18+")
    await guest.go("after-dark")
    await expect(guest.page.get_by_role("main").get_by_text("18+")).to_be_visible()
    await guest.shoot("age-restricted")


async def test_where_the_bot_may_not_post_the_page_says_so_and_the_picture_is_an_answer(guest: Visit) -> None:
    await guest.go("announcements")
    await expect(guest.page.get_by_role("main")).to_contain_text("Easel may not post here")
    await guest.imagine("a big announcement")
    picture = await guest.picture()
    await expect(picture).to_contain_text("a big announcement")
    await expect(picture).to_contain_text("used /imagine")
    await guest.shoot("may-not-post")


async def test_drafts_wait_where_they_were_written(guest: Visit) -> None:
    await guest.composer.fill("half a thought")
    await guest.become("Hanna Lind")
    await expect(guest.composer).to_have_value("")
    await guest.composer.fill("another thought")
    await guest.become("Mateo")
    await expect(guest.composer).to_have_value("half a thought")
    await guest.go("gallery")
    await expect(guest.composer).to_have_value("")
    row = await guest.begin("imagine")
    await guest.page.keyboard.type("half a prompt")
    await guest.go("general")
    await expect(guest.composer).to_have_value("half a thought")
    await guest.go("gallery")
    await expect(row.get_by_label("prompt", exact=True)).to_have_value("half a prompt")
    await guest.become("Hanna Lind")
    await expect(guest.composer).to_have_value("another thought")


async def test_what_is_unread_is_marked_and_a_mention_is_counted(guest: Visit) -> None:
    discord, world = guest.studio.discord, guest.studio.world
    await discord.person(world.owner).say(world.gallery, f"{world.member.mention} look")
    entry = channels(guest).filter(has_text="gallery")
    await expect(entry).to_have_accessible_name(re.compile("1 mention"))
    await guest.shoot("unread")
    await guest.go("gallery")
    await expect(entry).not_to_have_accessible_name(re.compile("mention"))
    await expect(guest.newest).to_contain_text("@Mateo look")


async def test_a_private_answer_is_seen_in_one_of_two_tabs_alone(
    browser: Browser, sampler: Visit, sampler_house: House
) -> None:
    async with open_tab(browser, sampler_house) as other:
        await other.become("Hanna Lind")
        await sampler.use("private")
        await expect(sampler.newest).to_contain_text("Between you and me.")
        await sampler.say("done")
        await expect(other.newest).to_contain_text("done")
        await expect(other.messages).to_have_count(1)
        assert other.console == []


async def test_a_form_opens_in_the_tab_that_asked_for_it_alone(
    browser: Browser, sampler: Visit, sampler_house: House
) -> None:
    async with open_tab(browser, sampler_house) as other:
        await sampler.use("form words")
        form = sampler.page.get_by_role("dialog", name="About you")
        await expect(form).to_be_visible()
        await form.get_by_label("Name").fill("Mateo")
        await form.get_by_role("button", name="Submit").click()
        await expect(other.newest).to_contain_text("Name: Mateo")
        await expect(other.page.get_by_role("dialog")).to_have_count(0)
        assert other.console == []
