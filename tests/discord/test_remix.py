"""Remix: for once under *More …*, or as a person's own setting; a prompt left as it is stays the ordinary button."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.errors import StorageError
from bot.model import Action, Kind
from cogs.custom_ids import job_button, remix_slot, setting

if TYPE_CHECKING:
    import pytest

    from sandbox.discord import Answer, Call, Message, Modal
    from tests.discord.conftest import Bot

UPSCALE = Action(index=0, action_id="MJ::JOB::upsample::1::u", kind=Kind.UPSCALE, label="U1", quadrant=1, once=True)
VARY = Action(
    index=1, action_id="MJ::JOB::variation::1::u", kind=Kind.VARIATION, label="V1", quadrant=1, remixable=True
)
STRONG = Action(
    index=2, action_id="MJ::JOB::high_variation::1::u", kind=Kind.VARIATION, label="Vary (Strong)", remixable=True
)


async def offered(bot: Bot) -> Message:
    """Have somebody's picture made, with these buttons under it."""
    await bot.imagine("a fox")
    task_id = await bot.submitted()
    bot.api.finish(task_id)
    bot.api.tasks[task_id] = replace(bot.api.tasks[task_id], actions=(UPSCALE, VARY, STRONG))
    return await bot.picture("a fox")


async def press(bot: Bot, message: Message, label: str, *, guest: bool = False) -> Answer:
    """Have somebody press a button, and return the answer."""
    user = bot.discord.world.guest if guest else bot.discord.world.member
    return await (await bot.discord.person(user).click(message, label=label)).answer()


async def opened(bot: Bot, message: Message, label: str) -> Modal:
    """Have the member press a button and return the form that it opens."""
    modal = (await press(bot, message, label)).modal
    assert modal is not None
    return modal


async def submit(bot: Bot, modal: Modal, prompt: str | None = None) -> None:
    """Have the member send a form, changed or as it is, and see the public answer."""
    person = bot.discord.person(bot.discord.world.member)
    call = await person.submit_modal(modal, {} if prompt is None else {"prompt": prompt})
    assert not (await call.answer()).ephemeral


async def settings(bot: Bot) -> Call:
    """Have the member open their settings."""
    person = bot.discord.person(bot.discord.world.member)
    call = await person.slash("settings", channel=bot.discord.world.general)
    assert (await call.answer()).ephemeral
    return call


async def turn(bot: Bot, panel: Call, label: str) -> None:
    """Have the member press the panel's button, and see the panel as it is then."""
    assert panel.message is not None
    before = panel.message.text()
    await press(bot, panel.message, label)
    await bot.discord.wait_until(lambda: panel.message is not None and panel.message.text() != before)


async def test_the_panel_shows_what_was_set_and_keeps_it(bot: Bot) -> None:
    panel = await settings(bot)
    assert panel.message is not None
    assert "Remix mode is off" in panel.message.text()
    await turn(bot, panel, "Turn on")
    assert "Remix mode is on" in panel.message.text()
    await bot.restart()
    again = await settings(bot)
    assert again.message is not None
    assert "Remix mode is on" in again.message.text()
    await turn(bot, again, "Turn off")
    assert "Remix mode is off" in again.message.text()


async def test_in_remix_mode_a_variation_asks_for_its_prompt(bot: Bot) -> None:
    picture = await offered(bot)
    await turn(bot, await settings(bot), "Turn on")
    modal = await opened(bot, picture, "V1")
    assert modal.title == "Remix: V1"
    assert modal.field("prompt").value == "a fox"
    assert len(bot.api.charges) == 1
    await submit(bot, modal, "a wolf")
    task_id = await bot.submitted(2)
    await bot.discord.wait_until(lambda: bot.api.modals == [(task_id, "a wolf")])
    assert bot.api.remixed == {bot.api.charges[1].echo}
    bot.api.finish(task_id)
    await bot.picture("a wolf")


async def test_a_prompt_left_as_it_is_is_the_ordinary_button(bot: Bot) -> None:
    picture = await offered(bot)
    await turn(bot, await settings(bot), "Turn on")
    await submit(bot, await opened(bot, picture, "V1"))
    bot.api.finish(await bot.submitted(2))
    await bot.picture("Variation 1")
    assert bot.api.remixed == set()
    assert bot.api.modals == []


async def test_remix_mode_is_off_at_first_and_ones_own_and_leaves_other_buttons_alone(bot: Bot) -> None:
    picture = await offered(bot)
    assert (await press(bot, picture, "V1")).modal is None
    await turn(bot, await settings(bot), "Turn on")
    assert (await press(bot, picture, "V1")).modal is not None
    assert (await press(bot, picture, "V1", guest=True)).modal is None
    assert (await press(bot, picture, "U1")).modal is None
    await bot.submitted(4)
    assert bot.api.remixed == set()


async def remix(bot: Bot, picture: Message, action: Action) -> Answer:
    """Have the member ask for a button with another prompt."""
    custom_id = job_button((await bot.job_of(picture)).id, remix_slot(action.index))
    picture.components[0]["components"][0]["custom_id"] = custom_id
    return await (await bot.discord.person(bot.discord.world.member).click(picture, custom_id=custom_id)).answer()


async def test_for_once_a_button_is_remixed_whatever_is_set_if_it_can_be(bot: Bot) -> None:
    picture = await offered(bot)
    refused = await remix(bot, picture, UPSCALE)
    assert refused.message is not None
    assert "takes no prompt" in refused.message.content
    modal = (await remix(bot, picture, STRONG)).modal
    assert modal is not None
    assert modal.title == "Remix: Vary (Strong)"
    await bot.restart()
    await submit(bot, modal, "a wolf")
    task_id = await bot.submitted(2)
    await bot.discord.wait_until(lambda: bot.api.modals == [(task_id, "a wolf")])
    assert bot.api.charges[1].what.endswith("high_variation::1::u")


async def test_a_setting_that_nobody_knows_or_that_cannot_be_saved_is_told(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = await settings(bot)
    person = bot.discord.person(bot.discord.world.member)
    assert panel.message is not None
    monkeypatch.setattr(bot.memory.people, "put", fail)
    failed = await person.click(panel.message, label="Turn on")
    await bot.discord.wait_until(lambda: bool(failed.followups))
    assert "could not be saved" in failed.followups[0].content
    assert "Remix mode is off" in panel.message.text()
    custom_id = setting("remix", "maybe")
    panel.message.components[0]["components"][1]["accessory"]["custom_id"] = custom_id
    answer = await (await person.click(panel.message, custom_id=custom_id)).answer()
    assert answer.message is not None
    assert "do not know this setting" in answer.message.content


async def fail(*_: object) -> None:
    """Be a database whose disk is full."""
    raise StorageError("disk full")
