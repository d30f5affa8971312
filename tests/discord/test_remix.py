"""Remix: for once under *More …*, or as a person's own setting; a prompt left as it is stays the ordinary button."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.model import Action, Kind
from cogs.custom_ids import job_button, remix_slot
from tests.discord.settings_ground import Panel

if TYPE_CHECKING:
    from sandbox.discord import Answer, Message, Modal
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


async def turn(bot: Bot, state: str) -> None:
    """Have the member turn remix mode on or off, and see that it is."""
    panel = await Panel(bot).open()
    await panel.press("remix", state, shows=f"**Remix mode:** {state}")


async def test_in_remix_mode_a_variation_asks_for_its_prompt(bot: Bot) -> None:
    picture = await offered(bot)
    await turn(bot, "on")
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
    await turn(bot, "on")
    await submit(bot, await opened(bot, picture, "V1"))
    bot.api.finish(await bot.submitted(2))
    await bot.picture("Variation 1")
    assert bot.api.remixed == set()
    assert bot.api.modals == []


async def test_remix_mode_is_off_at_first_and_ones_own_and_leaves_other_buttons_alone(bot: Bot) -> None:
    picture = await offered(bot)
    assert (await press(bot, picture, "V1")).modal is None
    await turn(bot, "on")
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
