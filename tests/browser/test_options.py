"""Options of commands as fields: every type, checked where it is typed, suggested by the bot, files from everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.browser.gestures import drop, open_option, paste_picture, pick, png_file
from tests.browser.ground import TabOptions, open_tab
from tests.browser.sampler_ground import clear

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Browser, Locator

    from tests.browser.ground import House, Visit

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def pick_choice(visit: Visit, row: Locator, name: str, choice: str) -> None:
    await open_option(row, name)
    choices = visit.page.get_by_role("listbox", name=f"Choices for {name}")
    await choices.get_by_role("option", name=choice).first.click()


async def test_every_type_of_option_reaches_the_bot(sampler: Visit) -> None:
    row = await sampler.begin("options")
    await row.get_by_label("text", exact=True).fill("hello")
    await (await open_option(row, "whole")).fill("7")
    await (await open_option(row, "number")).fill("0.25")
    await pick_choice(sampler, row, "truth", "True")
    await pick_choice(sampler, row, "person", "Priya")
    await pick_choice(sampler, row, "place", "gallery")
    await pick_choice(sampler, row, "role", "Artists")
    await pick_choice(sampler, row, "anyone", "Hanna Lind")
    await pick_choice(sampler, row, "color", "Blue")
    await sampler.shoot("options-all")
    await row.get_by_label("text", exact=True).press("Enter")
    answer = sampler.newest
    await expect(answer).to_contain_text("You chose")
    for said in ("hello", "7", "0.25", "True", "@Priya", "gallery", "@Artists", "@Hanna Lind", "#00f"):
        await expect(answer).to_contain_text(said)
    await sampler.shoot("options-answer")


async def test_suggestions_are_taken_with_keys_alone(sampler: Visit) -> None:
    row = await sampler.begin("options")
    keyboard = sampler.page.keyboard
    await keyboard.type("text:hello city:")
    field = row.get_by_label("city", exact=True)
    await expect(field).to_be_focused()
    suggestions = sampler.page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    await expect(suggestions).to_have_count(5)
    await keyboard.type("l")
    await expect(suggestions).to_have_text(["Lisbon", "Ljubljana", "London", "Lyon"])
    await keyboard.press("ArrowDown")
    await keyboard.press("ArrowDown")
    await expect(suggestions.nth(2)).to_have_attribute("aria-selected", "true")
    await keyboard.press("Enter")
    await expect(field).to_have_value("London")
    await keyboard.press("Enter")
    await expect(sampler.newest).to_contain_text("city-london")


async def test_what_does_not_fit_is_explained_and_not_sent(sampler: Visit) -> None:
    row = await sampler.begin("options")
    keyboard = sampler.page.keyboard
    before = len(sampler.studio.discord.calls)
    await keyboard.press("Enter")
    await expect(sampler.page.get_by_role("alert").filter(has_text="This is required.")).to_be_visible()
    await keyboard.type("ab")
    await keyboard.press("Enter")
    await expect(sampler.page.get_by_text("Write at least 3 characters; this is 2.").first).to_be_visible()
    await keyboard.type("c")
    whole = await open_option(row, "whole")
    for typed, complaint in (("11", "Enter a number from 1 to 10."), ("x", "Enter a whole number, such as 7.")):
        await whole.fill(typed)
        await keyboard.press("Enter")
        await expect(sampler.page.get_by_text(complaint).first).to_be_visible()
    await sampler.shoot("option-wrong")
    assert len(sampler.studio.discord.calls) == before
    await whole.fill("10")
    await keyboard.press("Enter")
    await expect(sampler.newest).to_contain_text("10")


@pytest.mark.parametrize("way", ["picked", "pasted", "dropped"])
async def test_a_file_is_attached(sampler: Visit, tmp_path: Path, way: str) -> None:
    row = await sampler.begin("options")
    await sampler.page.keyboard.type("see this")
    field = await open_option(row, "file")
    if way == "picked":
        await pick(sampler.page, field, png_file(tmp_path))
    elif way == "pasted":
        await paste_picture(sampler.page, field)
    else:
        await drop(sampler.page, field, png_file(tmp_path))
    name = "image.png" if way == "pasted" else "cat.png"
    await expect(row.get_by_role("list", name="File for file")).to_contain_text(name)
    await sampler.shoot(f"option-file-{way}")
    await row.get_by_label("text", exact=True).press("Enter")
    await expect(sampler.newest).to_contain_text(f"{name}, ")
    await expect(sampler.newest).to_contain_text("image/png")


async def speak_english_and_german(visit: Visit) -> None:
    language, discord = visit.page.get_by_label("Discord’s language"), visit.studio.discord
    row = await visit.begin("auswahl")
    await visit.page.keyboard.type("gut")
    await pick_choice(visit, row, "farbe", "Rot")
    await language.select_option("English")
    row = visit.page.get_by_role("group", name="Command /options", exact=True)
    await expect(row.get_by_label("text", exact=True)).to_have_value("gut")
    await expect(row.get_by_label("color", exact=True)).to_have_value("Red")
    await expect(visit.messages.first).to_contain_text("used /options")
    await row.get_by_label("text", exact=True).press("Enter")
    await expect(visit.messages).to_have_count(2)
    assert [discord.calls[-1].payload[key] for key in ("locale", "guild_locale")] == ["en-US", "en-US"]
    await visit.page.reload()
    await expect(language).to_have_value("en-US")
    await visit.page.goto(f"{visit.url}/?lang=de")
    await expect(language).to_have_value("de")
    await expect(visit.messages.first).to_contain_text("used /auswahl")


async def test_a_command_speaks_the_language_of_the_page(browser: Browser, sampler_house: House) -> None:
    clear(sampler_house)
    async with open_tab(browser, sampler_house, TabOptions(locale="de")) as visit:
        row = await visit.begin("auswahl")
        await expect(row.get_by_label("wort", exact=True)).to_be_focused()
        await visit.page.keyboard.type("hallo")
        await pick_choice(visit, row, "farbe", "Rot")
        await visit.shoot("german")
        await row.get_by_label("wort", exact=True).press("Enter")
        await expect(visit.newest).to_contain_text("#f00")
        assert visit.studio.discord.calls[-1].payload["locale"] == "de"
        await speak_english_and_german(visit)
        assert visit.console == []
