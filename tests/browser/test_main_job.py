"""The main job as a person sees it: from typing `/` to pressing the buttons of the second picture."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pytest
from playwright.async_api import expect

from tests.browser.gestures import open_option

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tests.browser.ground import Visit

SLASH: Final = 1
SUBCOMMAND: Final = 1
"""The kinds of a command and of an option (Discord, application commands)."""

pytestmark = pytest.mark.asyncio(loop_scope="package")


def slash_commands(registered: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """What everybody can type, with its description: of a group its subcommands."""
    for command in registered:
        if command.get("default_member_permissions"):
            continue
        within = [option for option in command.get("options") or () if option["type"] == SUBCOMMAND]
        if command["type"] == SLASH:
            yield from ((f"{command['name']} {sub['name']}", sub["description"]) for sub in within)
            if not within:
                yield command["name"], command["description"]


async def test_a_slash_lists_the_commands_that_the_bot_registered(guest: Visit) -> None:
    await guest.composer.click()
    await guest.page.keyboard.type("/")
    commands = guest.page.get_by_role("listbox", name="Commands")
    for name, description in slash_commands(guest.studio.discord.commands):
        entry = commands.get_by_role("option", name=f"/{name}")
        await expect(entry.first).to_contain_text(description)
    await guest.shoot("commands")
    await guest.page.keyboard.type("hist")
    await expect(commands.get_by_role("option")).to_have_count(1)


async def test_a_picture_comes_with_options_suggested_and_its_progress_is_watched(guest: Visit) -> None:
    guest.studio.comet.hold()
    await guest.composer.click()
    await guest.page.keyboard.type("/imagine")
    await guest.page.keyboard.press("Enter")
    await guest.page.keyboard.type("a lighthouse in a storm, oil painting")
    row = guest.page.get_by_role("group", name="Command /imagine", exact=True)
    await (await open_option(row, "aspect")).fill("16")
    suggestions = guest.page.get_by_role("listbox", name="Suggestions")
    await suggestions.get_by_role("option", name=re.compile("16:9")).first.click()
    await guest.shoot("options")
    await guest.page.get_by_label("prompt", exact=True).press("Enter")

    progress = guest.newest
    await expect(progress).to_contain_text("a lighthouse in a storm, oil painting")
    task = await guest.task()
    for percent in (15, 62):
        guest.studio.comet.set_progress(task, percent)
        await expect(progress).to_contain_text(f"{percent} %")
    await guest.shoot("progress")

    guest.studio.comet.finish(task)
    picture = await guest.picture()
    image = picture.get_by_role("img", name=re.compile("^Imagine: a lighthouse in a storm"))
    await expect(image).to_be_visible()
    assert await image.evaluate("(image) => image.naturalWidth > image.naturalHeight")
    await expect(progress).not_to_contain_text("62 %")
    (charge,) = guest.charges
    assert charge.prompt == "a lighthouse in a storm, oil painting --ar 16:9"


async def test_a_button_makes_a_picture_whose_own_buttons_work(guest: Visit) -> None:
    await guest.imagine("a fox in deep snow")
    grid = await guest.picture()
    await grid.get_by_role("button", name="U3").click()
    single = guest.messages.filter(has=guest.page.get_by_role("button", name=re.compile("Zoom Out 2x"))).last
    await expect(single).to_be_visible()
    await guest.shoot("single")
    await single.get_by_role("button", name=re.compile("Zoom Out 2x")).click()
    zoomed = guest.messages.filter(has=guest.page.get_by_role("button", name="U1")).last
    await expect(zoomed).to_contain_text("Zoom Out")
    assert [charge.action for charge in guest.charges][:2] == ["IMAGINE", "UPSCALE"]
    assert len(guest.charges) == 3


async def test_a_mistake_is_explained_to_the_one_who_made_it_alone(guest: Visit) -> None:
    await guest.imagine("a fox --ar 16x9")
    await expect(guest.newest).to_contain_text("16:9")
    await expect(guest.newest).to_contain_text("Only you can see this")
    await guest.shoot("ephemeral")
    await guest.become("Hanna")
    await expect(guest.messages).to_have_count(0)
    await guest.become("Mateo")
    await expect(guest.messages).to_have_count(1)
    await guest.newest.get_by_role("button", name="Dismiss message").click()
    await expect(guest.messages).to_have_count(0)
    assert guest.charges == []


async def test_ephemeral_messages_are_gone_after_a_reload(guest: Visit) -> None:
    await guest.imagine("a fox --ar 16x9")
    await expect(guest.newest).to_contain_text("Only you can see this")
    await guest.open()
    await expect(guest.page.get_by_role("log")).to_be_visible()
    await expect(guest.messages).to_have_count(0)


async def test_a_picture_opens_large_and_says_what_it_shows(guest: Visit) -> None:
    await guest.imagine("a paper boat")
    picture = await guest.picture()
    await picture.get_by_role("button", name=re.compile("Imagine: a paper boat")).click()
    large = guest.page.get_by_role("dialog", name="Picture")
    await expect(large.get_by_role("img", name=re.compile("^Imagine: a paper boat"))).to_be_visible()
    await guest.shoot("lightbox")
    await guest.page.keyboard.press("Escape")
    await expect(large).to_be_hidden()
