"""What bots put into messages: selects, layouts, buttons, menus, answers that come late or never."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import Locator

    from tests.browser.ground import Visit

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def choose(visit: Visit, label: str, *choices: str) -> None:
    message = visit.messages.filter(has_text="What would you like?").first
    await message.get_by_role("combobox", name=label).click()
    opened = visit.page.get_by_role("listbox", name=label)
    for choice in choices:
        await opened.get_by_role("option", name=choice).first.click()
    done = visit.page.get_by_role("button", name="Done")
    if await done.is_visible():
        await done.click()


async def menu(visit: Visit, name: str) -> Locator:
    opened = visit.page.get_by_role("menu", name=name)
    await expect(opened).to_be_visible()
    return opened


async def say_as_hanna(visit: Visit, text: str) -> Locator:
    discord = visit.studio.discord
    await discord.person(discord.world.owner).say(discord.world.general, text)
    message = visit.messages.filter(has_text=text).last
    await expect(message).to_be_visible()
    return message


async def test_selects_of_each_kind_tell_the_bot_what_was_chosen(sampler: Visit) -> None:
    await sampler.use("selects")
    await expect(sampler.newest).to_contain_text("What would you like?")
    await choose(sampler, "Fruit", "Apple", "Pear")
    await expect(sampler.newest).to_contain_text("Fruit: apple, pear")
    for label, choice, said in (
        ("Person", "Hanna Lind", "Person: hanna.lind"),
        ("Role", "Artists", "Role: Artists"),
        ("Place", "gallery", "Place: gallery"),
        ("Anyone", "Priya", "Anyone: priya.writes"),
    ):
        await choose(sampler, label, choice)
        await expect(sampler.newest).to_contain_text(said)
    await sampler.shoot("selects")


async def test_a_layout_shows_all_its_parts_and_its_buttons_work(sampler: Visit) -> None:
    await sampler.use("layout")
    message = sampler.newest
    await expect(message.get_by_role("heading", name="A layout")).to_be_visible()
    await expect(message.get_by_role("img", name="A moon")).to_be_visible()
    await expect(message.get_by_role("img", name="A boat")).to_be_visible()
    await expect(message.get_by_role("button", name="Spoiler picture. Press to reveal.")).to_be_visible()
    await expect(message.get_by_role("link", name="Download notes.txt")).to_be_visible()
    await expect(message.get_by_role("separator")).to_have_count(1)
    await expect(message.get_by_role("button", name="Off")).to_be_disabled()
    await expect(message.get_by_role("link", name="Site")).to_have_attribute("rel", "noopener noreferrer")
    await sampler.shoot("layout")
    for style in ("Primary", "Secondary", "Success", "Danger"):
        await expect(message.get_by_role("button", name=style)).to_be_enabled()
    await message.get_by_role("button", name="Success").click()
    await expect(sampler.newest).to_contain_text("Pressed.")


async def test_thinking_is_seen_until_the_answer_comes(sampler: Visit) -> None:
    await sampler.use("slow")
    answer = sampler.messages.filter(has_text=re.compile("thinking…")).first
    await expect(answer).to_be_visible()
    await sampler.shoot("thinking")
    await sampler.page.get_by_role("button", name="That is enough").click()
    await expect(sampler.messages.first).to_contain_text("I thought about it: yes.")
    await expect(answer).to_have_count(0)


async def test_what_nobody_answers_is_said_to_have_failed(sampler: Visit) -> None:
    discord = sampler.studio.discord
    before = len(discord.calls)
    await sampler.use("silent")
    await expect(sampler.page.get_by_text("sending…")).to_be_visible()
    await discord.wait_until(lambda: len(discord.calls) > before)
    discord.advance(3.5)  # as if three seconds had passed
    notice = sampler.page.get_by_text("The application did not respond")
    await expect(notice).to_be_visible()
    sampler.studio.meant_to_fail(discord.calls[-1])
    await sampler.shoot("silent")
    await sampler.page.get_by_role("button", name="Dismiss message").click()
    await expect(notice).to_be_hidden()


async def test_edits_and_deletions_are_seen_as_they_happen(sampler: Visit) -> None:
    await sampler.use("counter")
    for presses in (1, 2):
        await sampler.newest.get_by_role("button", name="One more").click()
        await expect(sampler.newest).to_contain_text(f"Pressed {presses} times.")
    await expect(sampler.newest).to_contain_text("(edited)")
    await sampler.newest.get_by_role("button", name="Take it away").click()
    await expect(sampler.messages).to_have_count(0)
    message = await say_as_hanna(sampler, "gone in a moment")
    found = await sampler.studio.discord.wait_message(lambda one: one.content == "gone in a moment")
    sampler.studio.discord.delete_message(found)
    await expect(message).to_have_count(0)


async def test_a_message_has_the_commands_of_the_bot_in_its_menu(sampler: Visit) -> None:
    message = await say_as_hanna(sampler, "Twelve words")
    await message.get_by_text("Twelve words").click(button="right")
    opened = await menu(sampler, "Message actions")
    await expect(opened.get_by_role("menuitem", name="Describe this")).to_be_in_viewport(ratio=1)
    await sampler.shoot("message-menu")
    await opened.get_by_role("menuitem", name="Describe this").click()
    await expect(sampler.newest).to_contain_text("12 characters by Hanna Lind, 0 files.")
    await message.hover()
    await message.get_by_role("button", name="More actions").click()
    await expect(await menu(sampler, "Message actions")).to_contain_text("Describe this")
    for key in ("End", "ArrowUp", "Escape"):
        await sampler.page.keyboard.press(key)
    await expect(sampler.page.get_by_role("menu")).to_have_count(0)


async def test_a_person_has_the_commands_of_the_bot_in_their_menu(sampler: Visit) -> None:
    message = await say_as_hanna(sampler, "Hello there")
    name = message.get_by_role("button", name="Hanna Lind")
    await name.click(button="right")
    opened = await menu(sampler, "Person actions")
    await expect(opened.get_by_role("menuitem", name="Wave at")).to_be_in_viewport(ratio=1)
    await sampler.shoot("person-menu")
    await opened.get_by_role("menuitem", name="Wave at").click()
    await expect(sampler.newest).to_contain_text("@Mateo waves at @Hanna Lind.")
    await name.focus()
    for key in ("Enter", "w", "Enter"):
        await sampler.page.keyboard.press(key)
    await expect(sampler.messages.filter(has_text="waves at @Hanna Lind")).to_have_count(2)


async def test_all_markdown_is_drawn_and_a_spoiler_is_revealed_by_key(sampler: Visit) -> None:
    await sampler.use("text")
    message = sampler.newest
    await expect(message.get_by_role("heading", name="Heading")).to_be_visible()
    for role in ("blockquote", "listitem", "code"):
        await expect(message.get_by_role(role).first).to_be_visible()
    await sampler.shoot("markdown")
    secret = message.get_by_role("button", name="Spoiler. Press to reveal.")
    await secret.focus()
    await sampler.page.keyboard.press("Enter")
    await expect(secret).to_have_count(0)
    covered = message.get_by_role("button", name="Spoiler picture. Press to reveal.")
    await covered.focus()
    await sampler.page.keyboard.press("Space")
    await expect(message.get_by_role("img")).to_be_visible()
    await sampler.shoot("revealed")
