"""What people write: pictures and hostile texts; a window that one of them opens is noted as the console is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from sandbox.discord import Upload
from tests.browser.gestures import drop, paste_picture, pick, png_file
from tests.browser.sampler_views import HOSTILE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.ground import Visit

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_dropped_picture_is_shown_sent_and_opened_large(sampler: Visit, tmp_path: Path) -> None:
    await drop(sampler.page, sampler.page.get_by_role("log"), png_file(tmp_path))
    await expect(sampler.page.get_by_role("listitem").filter(has_text="cat.png")).to_be_visible()
    await sampler.shoot("drop")
    await sampler.say("look at this")
    await expect(sampler.page.get_by_role("button", name="Remove cat.png")).to_have_count(0)
    image = sampler.newest.get_by_role("img", name="cat.png")
    await expect(image).to_be_visible()
    await sampler.newest.get_by_role("button", name="cat.png").click()
    large = sampler.page.get_by_role("dialog", name="Picture")
    await expect(large.get_by_role("img", name="cat.png")).to_be_visible()
    await sampler.shoot("lightbox-dropped")
    await sampler.page.keyboard.press("Escape")
    await expect(large).to_have_count(0)
    (sent,) = sampler.studio.discord.messages(sampler.studio.world.general)
    assert (sent.content, [file.filename for file in sent.attachments]) == ("look at this", ["cat.png"])


async def test_files_are_pasted_picked_and_taken_out_again(sampler: Visit, tmp_path: Path) -> None:
    await paste_picture(sampler.page, sampler.composer)
    removing = sampler.page.get_by_role("button", name="Remove image.png")
    await expect(removing).to_be_visible()
    await sampler.page.get_by_role("button", name="Add").click()
    await pick(sampler.page, sampler.page.get_by_role("menuitem", name="Upload a file"), png_file(tmp_path, "dog.png"))
    await expect(sampler.page.get_by_role("button", name="Remove dog.png")).to_be_visible()
    await removing.click()
    await sampler.page.get_by_role("button", name="Send").click()
    await expect(sampler.newest.get_by_role("img", name="dog.png")).to_be_visible()
    await expect(sampler.newest.get_by_role("img")).to_have_count(1)


async def test_pointing_at_a_message_moves_nothing(sampler: Visit) -> None:
    await sampler.say("the first of the day, right below its date")
    await expect(sampler.messages).to_have_count(1)
    date = sampler.page.get_by_role("log").get_by_role("separator").last
    message = await sampler.newest.bounding_box()
    before = await date.bounding_box()
    assert message is not None
    for above in (2, 6, 10, 14):  # into the space between the two, which belongs to the message
        await sampler.page.mouse.move(message["x"] + 200, message["y"] - above)
        assert await date.bounding_box() == before
    await sampler.newest.hover()
    assert await date.bounding_box() == before
    await sampler.page.mouse.move(0, 0)


async def test_a_picture_has_its_description(sampler: Visit) -> None:
    await sampler.use("layout")
    await sampler.newest.get_by_role("button", name="Show description").first.click()
    await expect(sampler.page.get_by_role("note")).to_have_text("A boat")


async def test_hostile_texts_of_a_person_are_shown_and_run_nothing(sampler: Visit) -> None:
    await sampler.composer.fill(HOSTILE)
    await sampler.page.keyboard.press("Enter")
    await expect(sampler.newest).to_contain_text("<script>alert(2)</script>")
    discord = sampler.studio.discord
    named = Upload('"><img src=x onerror=alert(4)>.png', b"no picture at all", "image/png")
    await discord.person(discord.world.owner).say(discord.world.general, "[go](javascript:alert(5))", files=[named])
    await expect(sampler.newest).to_contain_text("[go](javascript:alert(5))")
    await sampler.shoot("hostile-person")
    assert await scripts(sampler) == []


async def test_hostile_texts_of_a_bot_are_shown_and_run_nothing(sampler: Visit) -> None:
    await sampler.use("hostile")
    message = sampler.newest
    await expect(message).to_contain_text("<script>alert(2)</script>")
    await message.get_by_role("combobox").first.click()
    await expect(sampler.page.get_by_role("listbox").get_by_role("option")).to_contain_text("<img src=x")
    await sampler.page.keyboard.press("Escape")
    await sampler.shoot("hostile-bot")
    await sampler.use("hostileform")
    form = sampler.page.get_by_role("dialog", name="<img src=x")
    await expect(form).to_contain_text("<script>alert(2)</script>")
    await expect(form.get_by_role("textbox")).to_have_value(HOSTILE)
    await sampler.shoot("hostile-form")
    await form.get_by_role("button", name="Submit").click()
    await expect(sampler.newest).to_contain_text("<script>alert(2)</script>")
    assert await scripts(sampler) == []


async def test_a_hostile_prompt_is_shown_and_runs_nothing(guest: Visit) -> None:
    await guest.begin("imagine")
    await guest.page.keyboard.insert_text("a fox <img src=x onerror=alert(1)>")
    await guest.page.keyboard.press("Enter")
    picture = await guest.picture()
    await expect(picture).to_contain_text("<img src=x onerror=alert(1)>")
    await guest.open_panel("Jobs")
    await expect(guest.panel).to_contain_text("<img src=x onerror=alert(1)>")
    assert await scripts(guest) == []


async def scripts(visit: Visit) -> list[str]:
    """Return what stands in the page and could run, apart from the page's own script."""
    return await visit.page.evaluate(
        "(selector) => [...document.querySelectorAll(selector)].map((node) => node.outerHTML)",
        "script:not([src^='/']), [onerror], [onload], [href^='javascript:'], img[src=x]",
    )
