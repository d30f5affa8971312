"""*Vary (Region)*: a part of a picture is chosen by cells, by a mask or on the page, and the API gets exactly that."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from PIL import Image, ImageDraw

from bot.config import Listen
from bot.jobs.clock import SystemClock
from bot.model import Accepted, Action, Kind
from bot.web.server import WebServer
from sandbox.discord import Upload
from sandbox.discord.messages import EPHEMERAL

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sandbox.discord import Call, Message, Modal
    from tests.discord.conftest import Bot

REGION = Action(index=0, action_id="MJ::Inpaint::1::u::SOLO", kind=Kind.REGION, label="Vary (Region)", needs_input=True)
WIDE = (1456, 816)
SQUARE = (1024, 1024)
B2 = (291, 163, 582, 326)  # left, top, and the first pixels outside, of a wide picture


def png(size: tuple[int, int], *boxes: tuple[int, int, int, int], ground: int = 0) -> bytes:
    """Return a picture with white boxes, given like Pillow's: the last two numbers are outside."""
    image = Image.new("L", size, ground)
    for left, top, right, bottom in boxes:
        ImageDraw.Draw(image).rectangle((left, top, right - 1, bottom - 1), fill=255)
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


async def painted(bot: Bot, size: tuple[int, int] = WIDE) -> Message:
    """Have a single picture made, of this size, that has a button for a region."""
    bot.api.picture = png(size, ground=90)
    await bot.imagine("a fox --ar 16:9")
    task_id = await bot.submitted()
    bot.api.finish(task_id)
    bot.api.tasks[task_id] = replace(bot.api.tasks[task_id], actions=(REGION,))
    return await bot.picture("a fox")


async def opened(bot: Bot, *, size: tuple[int, int] = WIDE, guest: bool = False) -> Message:
    """Have somebody press the button, and return the panel with its picture."""
    picture = await painted(bot, size)
    user = bot.discord.world.guest if guest else bot.discord.world.member
    answer = await (await bot.discord.person(user).click(picture, label="Vary (Region)")).answer()
    assert answer.ephemeral
    panel = answer.message
    assert panel is not None
    await bot.discord.wait_until(lambda: bool(panel.attachments))
    return panel


async def chosen(bot: Bot, panel: Message, *cells: int) -> None:
    """Choose cells, and wait until the panel shows it."""
    before = panel.attachments[0].id
    await bot.discord.person(bot.discord.world.member).choose(panel, [str(cell) for cell in cells])
    await bot.discord.wait_until(lambda: panel.attachments[0].id != before)


async def pressed(bot: Bot, panel: Message, label: str) -> Call:
    """Press a button of the panel."""
    return await bot.discord.person(bot.discord.world.member).click(panel, label=label)


async def form(bot: Bot, panel: Message, label: str = "Repaint …") -> Modal:
    """Press a button of the panel, and return the form that it opens."""
    answer = await (await pressed(bot, panel, label)).answer()
    assert answer.modal is not None
    return answer.modal


async def sent(bot: Bot, modal: Modal, prompt: str = "a red fox", mask: bytes = b"") -> bytes:
    """Send the form, and return the mask that the API gets."""
    bot.api.accept_as.append(Accepted(task_id="", needs_input=True))
    call = await bot.discord.person(bot.discord.world.member).submit_modal(modal, fields(prompt, mask))
    answer = await call.answer()
    assert not answer.ephemeral, answer.message
    task_id = await bot.submitted(2)
    await bot.discord.wait_until(lambda: task_id in bot.api.masks and bot.api.modals == [(task_id, prompt)])
    return bot.api.masks[task_id]


def draft_of(panel: Message) -> str:
    return panel.select().custom_id.split(":")[1]


def fields(prompt: str, mask: bytes) -> dict[str, str | bool | list[str] | list[Upload] | None]:
    return {"prompt": prompt, **({"mask": [Upload("mask.png", mask, "image/png")]} if mask else {})}


async def refused(bot: Bot, modal: Modal, prompt: str = "a red fox", mask: bytes = b"") -> Message:
    """Send the form, and return the private answer."""
    call = await bot.discord.person(bot.discord.world.member).submit_modal(modal, fields(prompt, mask))
    answer = await call.answer()
    assert answer.ephemeral
    assert answer.message is not None
    assert len(bot.api.charges) == 1
    return answer.message


def same(mask: bytes, *boxes: tuple[int, int, int, int], size: tuple[int, int] = WIDE) -> bool:
    """Tell whether a mask has this size and is white in these boxes alone."""
    with Image.open(BytesIO(mask)) as image, Image.open(BytesIO(png(size, *boxes))) as wanted:
        assert (image.format, image.mode, image.size) == ("PNG", "L", size)
        return image.tobytes() == wanted.tobytes()


async def test_the_panel_shows_what_is_chosen_and_what_can_be_done(bot: Bot) -> None:
    panel = await opened(bot)
    empty = panel.attachments[0]
    assert "Nothing is chosen yet" in (empty.description or "")
    with Image.open(BytesIO(empty.data)) as image:
        assert image.width / image.height == pytest.approx(WIDE[0] / WIDE[1], rel=0.01)
    select = panel.select()
    assert len(select.options) == select.max_values == 25
    assert [option.label for option in select.options[6:8]] == ["B2 · upper left", "C2 · upper center"]
    assert [button.label for button in panel.buttons()] == ["Repaint …", "Upload a mask …", "Clear"]
    await chosen(bot, panel, 7, 6)
    (preview,) = panel.attachments
    assert preview.data != empty.data
    assert "Chosen: B2 and C2." in panel.content
    assert "B2 and C2" in (preview.description or "")
    assert [option.value for option in panel.select().options if option.default] == ["6", "7"]
    await pressed(bot, panel, "Clear")
    await bot.discord.wait_until(lambda: "Nothing is chosen yet" in panel.content)
    assert panel.attachments[0].data == empty.data
    assert len(bot.api.charges) == 1


@pytest.mark.parametrize(("size", "box"), [(WIDE, B2), (SQUARE, (205, 205, 410, 410))])
async def test_only_the_chosen_cells_are_white_in_the_mask(
    bot: Bot, size: tuple[int, int], box: tuple[int, int, int, int]
) -> None:
    panel = await opened(bot, size=size)
    await chosen(bot, panel, 6)
    modal = await form(bot, panel)
    assert modal.field("prompt").value == "a fox --ar 16:9"
    assert same(await sent(bot, modal), box, size=size)
    bot.api.finish(bot.api.charges[1].task_id)
    picture = await bot.picture("a red fox")
    assert bot.api.charges[1].what.endswith(REGION.action_id)
    assert (await bot.job_of(picture)).parent_id is not None


async def test_all_of_it_works_after_a_restart(bot: Bot) -> None:
    panel = await opened(bot)
    await bot.restart()
    await chosen(bot, panel, 6)
    await bot.restart()
    modal = await form(bot, panel)
    await bot.restart()
    assert same(await sent(bot, modal), B2)


async def test_without_a_region_nothing_is_sent_and_the_panel_stays_of_use(bot: Bot) -> None:
    panel = await opened(bot)
    message = await refused(bot, await form(bot, panel))
    assert "Nothing is chosen" in message.content
    assert "a red fox" in message.content
    await chosen(bot, panel, 6)
    message = await refused(bot, await form(bot, panel), mask=png(WIDE))
    assert "nothing in it is white" in message.content
    assert same(await sent(bot, await form(bot, panel)), B2)


async def test_a_mask_in_the_form_counts_in_the_place_of_the_cells(bot: Bot) -> None:
    panel = await opened(bot)
    await chosen(bot, panel, 0)
    smaller = png((728, 408), (10, 20, 300, 200))
    assert same(await sent(bot, await form(bot, panel), mask=smaller), (20, 40, 600, 400))


async def test_an_uploaded_mask_is_shown_before_anything_is_sent(bot: Bot) -> None:
    panel = await opened(bot)
    before = panel.attachments[0].data
    modal = await form(bot, panel, "Upload a mask …")
    mask = Upload("mask.png", png(WIDE, B2), "image/png")
    await bot.discord.person(bot.discord.world.member).submit_modal(modal, {"mask": [mask]})
    await bot.discord.wait_until(lambda: "Chosen: your mask." in panel.content)
    assert panel.attachments[0].data != before
    assert len(bot.api.charges) == 1
    assert same(await sent(bot, await form(bot, panel)), B2)


async def test_a_mask_goes_out_with_the_words_that_it_came_with(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = await opened(bot)
    regions, member = bot.client.services.regions, bot.discord.world.member.id
    fill = regions.fill

    async def late(*given: Any) -> object:  # noqa: ANN401 - passed through
        """Choose something else on another device in the meantime."""
        await bot.client.services.forms.change(member, draft_of(panel), {"cells": "24", "mask": ""})
        return await fill(*given)

    monkeypatch.setattr(regions, "fill", late)
    assert same(await sent(bot, await form(bot, panel), mask=png(WIDE, B2)), B2)


async def test_refused_words_come_back_and_the_mask_that_came_with_them_is_kept(bot: Bot) -> None:
    panel = await opened(bot)
    message = await refused(bot, await form(bot, panel), "a red fox --turbo", png(WIDE, B2))
    assert "--turbo" in message.content
    answer = await (await pressed(bot, message, "Edit it")).answer()
    assert answer.modal is not None
    assert answer.modal.field("prompt").value == "a red fox --turbo"
    assert same(await sent(bot, answer.modal), B2)


async def told(bot: Bot, call: Call) -> str:
    """Return what comes privately after the panel was left as it is."""
    await bot.discord.wait_until(lambda: bool(call.followups))
    (message,) = call.followups
    assert message.flags & EPHEMERAL
    return message.content


async def test_nobody_else_can_use_somebodys_panel(bot: Bot) -> None:
    panel = await opened(bot)
    await chosen(bot, panel, 6)
    (picture,) = [
        message
        for message in bot.discord.messages(panel.channel)
        if "Vary (Region)" in [button.label for button in message.buttons()]
    ]
    guest = bot.discord.person(bot.discord.world.guest)
    other = (await (await guest.click(picture, label="Vary (Region)")).answer()).message
    assert other is not None
    await bot.discord.wait_until(lambda: bool(other.attachments))
    theirs, own = draft_of(panel), draft_of(other)
    for node in [node for row in other.components for node in row["components"]]:  # as a forged client would
        node["custom_id"] = node["custom_id"].replace(own, theirs)
    assert "start again" in await told(bot, await guest.click(other, label="Clear"))
    assert "start again" in await told(bot, await guest.choose(other, ["0"]))
    answer = await (await guest.click(other, label="Repaint …")).answer()
    assert answer.message is not None
    assert "start again" in answer.message.content
    assert same(await sent(bot, await form(bot, panel)), B2)
    await bot.memory.drafts.take(theirs)  # after a day it is nobody's
    assert "start again" in await told(bot, await pressed(bot, panel, "Clear"))


@pytest.fixture
async def page(bot: Bot) -> AsyncIterator[WebServer]:
    """Let the bot have its drawing page."""
    server = WebServer(listen=Listen("127.0.0.1", 0), public_url=None, key=b"k" * 32, clock=SystemClock())
    await server.start(bot.engine.services.regions, bot.engine.services.privacy.exports)
    bot.engine.services.regions._draw_link = server.link  # pyright: ignore[reportPrivateUsage] - `bot.app` gives it
    yield server
    await server.close()


async def test_what_is_drawn_on_the_page_is_used_after_a_press(bot: Bot, page: WebServer) -> None:
    panel = await opened(bot)
    link = next(button.url for button in panel.buttons() if button.label == "Draw it")
    assert link is not None
    assert link.startswith(page.url)
    assert "No drawing has arrived" in await told(bot, await pressed(bot, panel, "Use my drawing"))
    async with aiohttp.ClientSession() as http:
        headers = {"Content-Type": "image/png"}
        for status in (204, 410):  # it works once
            async with http.post(link, data=png(WIDE, B2), headers=headers) as answer:
                assert answer.status == status
        async with http.get(link) as answer:
            assert answer.status == 410
    await pressed(bot, panel, "Use my drawing")
    await bot.discord.wait_until(lambda: "Chosen: your mask." in panel.content)
    assert [button.label for button in panel.buttons()] == ["Repaint …", "Upload a mask …", "Clear"]  # it was used
    assert same(await sent(bot, await form(bot, panel)), B2)
