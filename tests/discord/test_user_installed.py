"""Where the bot is only somebody's own: all that works in servers and with it alone works there as well.

Where it is not itself it can answer, for a quarter of an hour and with five messages more, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.model import Action, DeliveryStatus, Kind
from sandbox.discord import Message, Upload
from tests.discord.conftest import eventually
from tests.discord.given import png
from tests.discord.places import (
    ABSENT,
    arrived,
    ask,
    filled,
    finish,
    is_shown,
    member,
    place,
    posts,
    result,
    slash_commands,
    told,
    until_delivery,
)
from tests.fakes import GRID

if TYPE_CHECKING:
    from bot.model import Job
    from sandbox.discord import Call
    from tests.discord.conftest import Bot

MORE = (
    Action(index=8, action_id="MJ::CustomZoom::u", kind=Kind.ZOOM, label="Custom Zoom", needs_input=True),
    Action(index=9, action_id="MJ::Inpaint::1::u::SOLO", kind=Kind.REGION, label="Vary (Region)", needs_input=True),
    Action(index=10, action_id="MJ::JOB::low_variation::1", kind=Kind.VARIATION, label="Vary", remixable=True),
)
#: Commands that were there from the beginning; whatever came later is found by itself.
COMMANDS = {"imagine", "describe", "blend", "edit", "video", "shorten", "history", "show", "settings", "info", "help"}
MENU_OF_MESSAGE = 3
B2 = "6"  # a cell of the panel on which a region is chosen


@pytest.fixture(autouse=True)
def _pictures_are_pictures(hurried: None, bot: Bot) -> None:
    """Let the API paint what can be cut apart and painted anew."""
    del hurried
    bot.api.picture = png(size=(64, 64))


def refusals(bot: Bot) -> int:
    """Return how many requests Discord has counted that were not allowed: ten thousand of them end everything."""
    return bot.discord.counters.invalid_requests


async def test_every_command_is_answered(bot: Bot) -> None:
    for name in ("dm", "hushed", "group"):
        channel = place(bot, name)
        job = await bot.job_of(await result(bot, channel))
        commands = slash_commands(bot, channel)
        assert set(commands) >= COMMANDS
        for command, options in commands.items():
            values = filled(options, prompt="a red fox", job=job.id)
            await told(await member(bot).slash(command, values, channel=channel))
    assert refusals(bot) == 0


async def test_every_menu_is_answered(bot: Bot) -> None:
    for name in ("dm", "far_channel"):
        shown = await result(bot, place(bot, name))
        menus = [command for command in member(bot).commands(shown.channel) if command.get("type", 1) != 1]
        assert len(menus) >= 4
        for menu in menus:
            target = shown if menu["type"] == MENU_OF_MESSAGE else bot.discord.world.member
            await told(await member(bot).context_menu(menu["name"], target, channel=shown.channel))
    assert refusals(bot) == 0


async def test_a_picture_arrives_and_what_is_made_of_it(bot: Bot) -> None:
    for number, name in enumerate(("far_channel", "hushed", "group")):
        call = await ask(bot, place(bot, name))
        assert call.message is not None
        assert (call.message.ephemeral_to is not None) is (name == "hushed")
        bot.api.finish(await bot.submitted(2 * number + 1))
        grid = await arrived(bot, call)
        pressed = await member(bot).click(grid, label="U1")
        bot.api.finish(await bot.submitted(2 * number + 2))
        upscale = await arrived(bot, pressed)
        assert bot.api.charges[-1].what.endswith("upsample::1::u")
        assert upscale is not grid
        assert is_shown(grid)
    assert (posts(bot), refusals(bot)) == (0, 0)


async def test_every_control_of_a_result_is_answered(bot: Bot) -> None:
    for name in ("dm", "far_channel"):
        shown = await result(bot, place(bot, name), actions=(*GRID[:6], *MORE))
        calls = [await member(bot).click(shown, custom_id=button.custom_id) for button in shown.buttons()]
        for select in shown.selects():
            calls += [await member(bot).choose(shown, line.value, select.custom_id) for line in select.options]
        assert len(calls) > 15
        came = [await told(call) for call in calls]
        modals = [modal for modal in came if not isinstance(modal, Message)]
        assert len(modals) >= 3
        for modal in modals:
            await told(await member(bot).submit_modal(modal))
    assert refusals(bot) == 0


async def test_a_region_is_painted_anew(bot: Bot) -> None:
    shown = await result(bot, place(bot, "hushed"), actions=MORE)
    sent = await repaint(bot, await told(await member(bot).click(shown, label="Vary (Region)")))
    bot.api.finish(await bot.submitted(2))
    await arrived(bot, sent)
    assert refusals(bot) == 0


async def repaint(bot: Bot, panel: object) -> Call:
    """Have the member choose a cell of the panel and send its form."""
    assert isinstance(panel, Message)
    await bot.discord.wait_until(lambda: is_shown(panel))
    await (await member(bot).choose(panel, [B2])).answer()
    go = next(button for button in panel.buttons() if (button.custom_id or "").endswith(":go"))
    form = (await (await member(bot).click(panel, custom_id=go.custom_id)).answer()).modal
    assert form is not None
    mask = Upload("mask.png", png("white", (64, 64)))
    return await member(bot).submit_modal(form, {"mask": [mask]})


async def test_a_failure_is_told_in_the_answer(bot: Bot) -> None:
    for name in ("dm", "far_channel"):
        count = len(bot.api.charges)
        call = await ask(bot, place(bot, name))
        bot.api.fail(await bot.submitted(count + 1), "Invalid parameter")
        await bot.discord.wait_until(
            lambda call=call: call.message is not None and "Correct it" in call.message.content
        )
    assert (posts(bot), refusals(bot)) == (0, 0)


async def test_what_waits_can_be_cancelled(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never_due(*_: object) -> list[Job]:
        return []

    monkeypatch.setattr(bot.store, "due_submits", never_due)
    for name in ("dm", "far_channel"):
        call = await ask(bot, place(bot, name))
        assert call.message is not None
        await (await member(bot).click(call.message, label="Cancel")).answer()
        assert "Canceled" in call.message.content
    assert (refusals(bot), bot.api.charges) == (0, [])


async def test_a_deleted_result_goes_while_its_answer_can_be_reached(bot: Bot) -> None:
    for name in ("dm", "far_channel"):
        shown = await result(bot, place(bot, name))
        question = await told(await member(bot).choose(shown, "delete"))
        assert isinstance(question, Message)
        await (await member(bot).click(question, label="Delete for good")).answer()
        await bot.discord.wait_until(lambda shown=shown: shown.deleted)
    assert refusals(bot) == 0


async def test_a_prompt_that_is_refused_comes_back_whole(bot: Bot) -> None:
    for name in ("far_channel", "hushed"):
        call = await ask(bot, place(bot, name), "--ar banana " + "fox " * 1400)
        await bot.discord.wait_until(lambda call=call: len(call.followups) >= 3)
        assert len(call.followups) <= 5
        assert call.message is not None
        said = "".join(message.content for message in (call.message, *call.followups))
        assert said.count("fox") == 1400
    assert refusals(bot) == 0


async def test_the_answer_of_a_former_process_still_takes_the_result(bot: Bot) -> None:
    call = await ask(bot, place(bot, "far_channel"))
    task_id = await bot.submitted()
    await bot.restart()
    bot.api.finish(task_id)
    await arrived(bot, call)
    assert (posts(bot), refusals(bot)) == (0, 0)


async def test_what_comes_too_late_for_the_answer_is_sent_directly(bot: Bot) -> None:
    for name, fails in zip(ABSENT, (False, True, True, False), strict=True):
        count = len(bot.api.charges)
        call = await ask(bot, place(bot, name))
        assert call.message is not None
        job = await bot.job_of(call.message)
        task_id = await bot.submitted(count + 1)
        bot.discord.advance(901)
        if fails:
            bot.api.fail(task_id, "Invalid parameter")
        else:
            bot.api.finish(task_id)
        await until_delivery(bot, job.id, DeliveryStatus.DELIVERED)
        direct = bot.discord.messages(place(bot, "dm"))[-1]
        assert is_shown(direct) is not fails
        assert any(job.id in (button.custom_id or "") for button in direct.buttons())
    assert posts(bot) == len(ABSENT)  # each of them in the conversation with its person
    assert refusals(bot) <= 3 * len(ABSENT)  # the token, whose clock runs ahead of the bot's only here


async def test_what_nothing_can_carry_is_kept_and_in_the_history(bot: Bot) -> None:
    bot.discord.close_dms(bot.discord.world.member)
    channel = place(bot, "far_channel")
    call = await ask(bot, channel, "a fox of nowhere")
    assert call.message is not None
    job = await bot.job_of(call.message)
    task_id = await bot.submitted()
    bot.discord.advance(901)
    bot.api.finish(task_id)
    await until_delivery(bot, job.id, DeliveryStatus.KEPT)
    listed = await told(await member(bot).slash("history", channel=channel))
    assert isinstance(listed, Message)
    assert "a fox of nowhere" in listed.text()
    shown = await told(await member(bot).slash("show", {"job": job.id}, channel=channel))
    assert isinstance(shown, Message)
    assert is_shown(shown)
    assert posts(bot) == 1


async def test_a_batch_is_told_in_one_message_and_its_pictures_come_directly(bot: Bot) -> None:
    batch = await batch_of_three(bot, "group")
    await bot.discord.wait_until(lambda: is_shown(batch))  # the contact sheet
    assert "3 of 3 done" in batch.content
    direct = bot.discord.messages(place(bot, "dm"))
    assert sorted(word for word in ("red", "blue", "gray") for shown in direct if word in shown.content) == [
        "blue",
        "gray",
        "red",
    ]
    assert all(map(is_shown, direct))
    assert max(len(call.followups) for call in bot.discord.calls) == 1
    assert refusals(bot) == 0


async def test_the_pictures_of_a_batch_that_cannot_be_sent_directly_are_shown_by_its_message(bot: Bot) -> None:
    bot.discord.close_dms(bot.discord.world.member)
    batch = await batch_of_three(bot, "far_channel")
    await bot.discord.wait_until(lambda: is_shown(batch))
    (select,) = batch.selects()
    for line in select.options:
        shown = await told(await member(bot).choose(batch, line.value))
        assert isinstance(shown, Message)
        assert is_shown(shown)
    assert len(select.options) == 3


async def batch_of_three(bot: Bot, name: str) -> Message:
    """Have the member ask for three pictures in a place, and let Midjourney finish; return the batch's message."""
    call = await ask(bot, place(bot, name), "a {red, blue, gray} fox")
    assert call.message is not None
    confirm = next(button for button in call.message.buttons() if "Make 3" in (button.label or ""))
    await member(bot).click(call.message, custom_id=confirm.custom_id)
    await bot.submitted(3)
    batch = await bot.discord.wait_message(lambda message: "of 3 done" in message.content)
    for charge in list(bot.api.charges):
        finish(bot, charge.task_id)
    return batch


async def test_who_moderates_elsewhere_moderates_nothing_here(bot: Bot) -> None:
    """The guest owns the server without the bot: there they may manage messages, and the member's job is not there."""
    world = bot.discord.world
    bot.discord.install_for(world.guest)
    grid = await bot.grid()
    job = await bot.job_of(grid)
    guest = bot.discord.person(world.guest)
    call = await guest.slash("show", {"job": job.id}, channel=world.far_channel)
    said = await told(call)
    assert isinstance(said, Message)
    assert "no such job" in said.content
    await bot.memory.people.set_favorite(world.guest.id, job.id, job.created_at, on=True)  # seen anywhere from now on
    call = await guest.slash("show", {"job": job.id}, channel=world.far_channel)
    seen = await told(call)
    assert isinstance(seen, Message)
    refused = await told(await guest.choose(seen, "delete"))
    assert isinstance(refused, Message)
    assert "Only the person who asked" in refused.content
    assert (await bot.job(job.id)).deleted_at is None


async def test_who_moderates_there_moderates_what_was_made_there(bot: Bot) -> None:
    world = bot.discord.world
    bot.discord.install_for(world.guest)
    shown = await result(bot, world.far_channel)
    guest = bot.discord.person(world.guest)
    question = await told(await guest.choose(shown, "delete"))
    assert isinstance(question, Message)
    await (await guest.click(question, label="Delete for good")).answer()
    await bot.discord.wait_until(lambda: shown.deleted)


async def test_once_the_bot_is_there_results_are_posted(bot: Bot) -> None:
    world = bot.discord.world
    bot.discord.add_bot(world.far_guild)

    async def there() -> bool:
        return bot.client.get_guild(world.far_guild.id) is not None

    await eventually(there)
    shown = await result(bot, world.far_channel)
    assert shown.mentions == [world.member.id]
    assert posts(bot) == 1
