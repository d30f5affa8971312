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


async def test_a_slash_lists_the_commands_that_the_bot_registered(visit: Visit) -> None:
    await visit.composer.click()
    await visit.page.keyboard.type("/")
    commands = visit.page.get_by_role("listbox", name="Commands")
    for name, description in slash_commands(visit.studio.discord.commands):
        entry = commands.get_by_role("option", name=f"/{name}")
        await expect(entry.first).to_contain_text(description)
    await visit.shoot("commands")
    await visit.page.keyboard.type("hist")
    await expect(commands.get_by_role("option")).to_have_count(1)


async def test_a_picture_comes_with_options_suggested_and_its_progress_is_watched(visit: Visit) -> None:
    visit.studio.comet.hold()
    await visit.composer.click()
    await visit.page.keyboard.type("/imagine")
    await visit.page.keyboard.press("Enter")
    await visit.page.keyboard.type("a lighthouse in a storm, oil painting")
    row = visit.page.get_by_role("group", name="Command /imagine", exact=True)
    await (await open_option(row, "aspect")).fill("16")
    suggestions = visit.page.get_by_role("listbox", name="Suggestions")
    await suggestions.get_by_role("option", name=re.compile("16:9")).first.click()
    await visit.shoot("options")
    await visit.page.get_by_label("prompt", exact=True).press("Enter")

    progress = visit.newest
    await expect(progress).to_contain_text("a lighthouse in a storm, oil painting")
    (task,) = await tasks(visit)
    for percent in (15, 62):
        visit.studio.comet.set_progress(task, percent)
        await expect(progress).to_contain_text(f"{percent} %")
    await visit.shoot("progress")

    visit.studio.comet.finish(task)
    picture = await visit.picture()
    image = picture.get_by_role("img", name=re.compile("^Imagine: a lighthouse in a storm"))
    await expect(image).to_be_visible()
    assert await image.evaluate("(image) => image.naturalWidth > image.naturalHeight")
    await expect(progress).not_to_contain_text("62 %")
    (charge,) = visit.studio.comet.ledger
    assert charge.prompt == "a lighthouse in a storm, oil painting --ar 16:9"


async def test_a_button_makes_a_picture_whose_own_buttons_work(visit: Visit) -> None:
    await visit.imagine("a fox in deep snow")
    grid = await visit.picture()
    await grid.get_by_role("button", name="U3").click()
    single = visit.messages.filter(has=visit.page.get_by_role("button", name=re.compile("Zoom Out 2x"))).last
    await expect(single).to_be_visible()
    await visit.shoot("single")
    await single.get_by_role("button", name=re.compile("Zoom Out 2x")).click()
    zoomed = visit.messages.filter(has=visit.page.get_by_role("button", name="U1")).last
    await expect(zoomed).to_contain_text("Zoom Out")
    assert [charge.action for charge in visit.studio.comet.ledger][:2] == ["IMAGINE", "UPSCALE"]
    assert len(visit.studio.comet.ledger) == 3


async def test_a_mistake_is_explained_to_the_one_who_made_it_alone(visit: Visit) -> None:
    await visit.imagine("a fox --ar 16x9")
    await expect(visit.newest).to_contain_text("16:9")
    await expect(visit.newest).to_contain_text("Only you can see this")
    await visit.shoot("ephemeral")
    await visit.become("Hanna")
    await expect(visit.messages).to_have_count(0)
    await visit.become("Mateo")
    await expect(visit.messages).to_have_count(1)
    await visit.newest.get_by_role("button", name="Dismiss message").click()
    await expect(visit.messages).to_have_count(0)
    assert len(visit.studio.comet.ledger) == 0


async def test_ephemeral_messages_are_gone_after_a_reload(visit: Visit) -> None:
    await visit.imagine("a fox --ar 16x9")
    await expect(visit.newest).to_contain_text("Only you can see this")
    await visit.open()
    await expect(visit.page.get_by_role("log")).to_be_visible()
    await expect(visit.messages).to_have_count(0)


async def test_a_picture_opens_large_and_says_what_it_shows(visit: Visit) -> None:
    await visit.imagine("a paper boat")
    picture = await visit.picture()
    await picture.get_by_role("button", name=re.compile("Imagine: a paper boat")).click()
    large = visit.page.get_by_role("dialog", name="Picture")
    await expect(large.get_by_role("img", name=re.compile("^Imagine: a paper boat"))).to_be_visible()
    await visit.shoot("lightbox")
    await visit.page.keyboard.press("Escape")
    await expect(large).to_be_hidden()


async def tasks(visit: Visit) -> list[str]:
    """Return the ids of the API's tasks, once there is one."""
    await visit.studio.comet.ledger.reaches(1, within=15)
    return list(visit.studio.comet.tasks)
