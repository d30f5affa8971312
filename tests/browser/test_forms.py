"""Forms that a bot opens: filled in by keyboard and mouse, checked where they stand, never lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.browser.gestures import drop, png_file

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Locator

    from tests.browser.ground import Visit

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def open_form(visit: Visit, command: str, title: str) -> Locator:
    await visit.use(command)
    form = visit.page.get_by_role("dialog", name=title)
    await expect(form).to_be_visible()
    return form


async def choose(visit: Visit, form: Locator, label: str, *choices: str) -> None:
    """Open a select and click what is wanted; one that takes several is closed with "Done"."""
    await form.get_by_role("combobox", name=label).click()
    opened = form.get_by_role("listbox", name=label)
    for choice in choices:
        await opened.get_by_role("option", name=choice).first.click()
    done = form.get_by_role("button", name="Done")
    if await done.is_visible():
        await done.click()
    await expect(opened).to_be_hidden()
    await visit.page.mouse.move(0, 0)


async def test_a_form_is_filled_in_by_keyboard_and_takes_a_dropped_file(sampler: Visit, tmp_path: Path) -> None:
    form = await open_form(sampler, "form words", "About you")
    await expect(form).to_contain_text("Tell me something about you.")
    keyboard = sampler.page.keyboard
    await expect(form.get_by_label("Name")).to_be_focused()
    await keyboard.type("Mateo")
    await keyboard.press("Tab")
    await keyboard.type("Once upon\na time")
    await drop(
        sampler.page, form.get_by_role("button", name="Pictures"), png_file(tmp_path), png_file(tmp_path, "dog.png")
    )
    await expect(form.get_by_role("list", name="Files for Pictures").get_by_role("listitem")).to_have_count(2)
    await form.get_by_role("checkbox", name="I agree").focus()
    await keyboard.press("Space")
    await sampler.shoot("form")
    await keyboard.press("Control+Enter")
    await expect(form).to_be_hidden()
    await expect(sampler.newest).to_contain_text("Name: Mateo")
    await expect(sampler.newest).to_contain_text("Once upon")
    await expect(sampler.newest).to_contain_text("Pictures: cat.png, dog.png")
    await expect(sampler.newest).to_contain_text("Agrees: True")


async def test_wrong_entries_are_explained_and_nothing_is_lost(sampler: Visit) -> None:
    form = await open_form(sampler, "form words", "About you")
    await form.get_by_label("Story").fill("A long story about a lighthouse")
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_contain_text("This is required.")
    name = form.get_by_label("Name")
    await expect(name).to_be_focused()
    await expect(name).to_have_attribute("aria-invalid", "true")
    await name.fill("x")
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_contain_text("Write at least 2 characters; this is 1.")
    await sampler.shoot("form-wrong")
    await name.fill("x" * 21)
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_contain_text("Write at most 20 characters; this is 1 too many.")
    await sampler.page.keyboard.press("Escape")
    asked = sampler.page.get_by_role("alertdialog", name="Discard what you typed?")
    await asked.get_by_role("button", name="Go on typing").click()
    await expect(form.get_by_label("Story")).to_have_value("A long story about a lighthouse")
    await name.fill("Mateo")
    await form.get_by_role("button", name="Submit").click()
    await expect(sampler.newest).to_contain_text("Story: A long story about a lighthouse")


async def test_a_form_that_nobody_answers_stays_with_all_that_was_typed(sampler: Visit) -> None:
    form = await open_form(sampler, "form words", "About you")
    await form.get_by_label("Name").fill("nobody")
    discord = sampler.studio.discord
    before = len(discord.calls)
    await form.get_by_role("button", name="Submit").click()
    await discord.wait_until(lambda: len(discord.calls) > before)
    discord.advance(3.5)
    await expect(form.get_by_role("alert")).to_contain_text("Something went wrong. Try again.")
    sampler.studio.meant_to_fail(discord.calls[-1])
    await expect(form.get_by_label("Name")).to_have_value("nobody")
    await form.get_by_label("Name").fill("somebody")
    await form.get_by_role("button", name="Submit").click()
    await expect(sampler.newest).to_contain_text("Name: somebody")


async def test_choices_are_made_with_the_mouse(sampler: Visit) -> None:
    form = await open_form(sampler, "form choices", "Your order")
    await choose(sampler, form, "Fruit", "Apple", "Pear")
    await form.get_by_role("radio", name="Large").check()
    await form.get_by_role("checkbox", name="Nuts").check()
    await form.get_by_role("checkbox", name="Mint").check()
    await sampler.shoot("form-choices")
    await form.get_by_role("button", name="Submit").click()
    for answer in ("Fruit: apple, pear", "Size: l", "Toppings: nuts, mint"):
        await expect(sampler.newest).to_contain_text(answer)


async def test_choices_are_made_with_keys_alone(sampler: Visit) -> None:
    form = await open_form(sampler, "form choices", "Your order")
    keyboard = sampler.page.keyboard
    await expect(form.get_by_role("combobox", name="Fruit")).to_be_focused()
    for key in ("ArrowDown", "ArrowDown", "Enter", "Tab", "Enter"):  # opens, moves on, takes it, to "Done", done
        await keyboard.press(key)
    await expect(form.get_by_role("combobox", name="Fruit")).to_contain_text("Cherry")
    for key in ("Tab", "Space", "Tab", "Space"):  # the first radio button, the first checkbox
        await keyboard.press(key)
    await keyboard.press("Control+Enter")
    for answer in ("Fruit: cherry", "Size: s", "Toppings: nuts"):
        await expect(sampler.newest).to_contain_text(answer)


async def test_people_roles_and_channels_are_chosen(sampler: Visit) -> None:
    form = await open_form(sampler, "form people", "Who and where")
    await choose(sampler, form, "Person", "Hanna Lind")
    await choose(sampler, form, "Role", "Artists")
    await choose(sampler, form, "Place", "gallery")
    await choose(sampler, form, "Anyone", "Priya", "Team")
    await sampler.shoot("form-people")
    await form.get_by_role("button", name="Submit").click()
    for answer in ("Person: hanna.lind", "Role: Artists", "Place: gallery"):
        await expect(sampler.newest).to_contain_text(answer)
    await expect(sampler.newest).to_contain_text(re.compile("Anyone: (priya.writes, Team|Team, priya.writes)"))


async def test_a_form_waits_for_the_person_it_was_opened_for(sampler: Visit) -> None:
    form = await open_form(sampler, "form words", "About you")
    await form.get_by_role("button", name="Cancel").click()
    await expect(form).to_be_hidden()
    await expect(sampler.messages).to_have_count(0)
