"""The buttons under a picture, on the wire: who presses what, how often, and after which restart."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.errors import CometUncertain
from bot.jobs.ports import Parcel, Posted
from bot.model import Action, Kind, Status
from cogs.custom_ids import job_button, job_select
from sandbox.discord.posting import message_payload

if TYPE_CHECKING:
    import pytest

    from sandbox.discord import Call, Message
    from sandbox.discord.refusals import Json
    from sandbox.discord.state import State
    from tests.discord.conftest import Bot

DEFERRED = 5  # Discord's callback "thinking …"


async def press(bot: Bot, message: Message, label: str, *, guest: bool = False) -> Call:
    """Have somebody press a button."""
    user = bot.discord.world.guest if guest else bot.discord.world.member
    return await bot.discord.person(user).click(message, label=label)


def offer(bot: Bot, actions: tuple[Action, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let these be the stored buttons of every job."""

    async def stored(_: str) -> tuple[Action, ...]:
        return actions

    monkeypatch.setattr(bot.store, "actions", stored)


async def test_a_press_makes_a_child_that_names_its_parent(bot: Bot) -> None:
    grid = await bot.grid()
    call = await press(bot, grid, "V2", guest=True)
    answer = await call.answer()
    assert answer.message is not None
    assert not answer.ephemeral
    assert "Waiting to start" in answer.message.content
    bot.api.finish(await bot.submitted(2))
    child = await bot.picture("Variation 2 of [this grid]")
    assert f"/{grid.channel.id}/{grid.id}" in child.content
    assert child.mentions == [bot.discord.world.guest.id]
    assert bot.api.charges[1].what.endswith("variation::2::u")


async def test_a_button_that_the_message_lost_in_the_same_moment_is_answered(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def redrawn(state: State, message: Message) -> Json:
        return {**message_payload(state, message), "components": []}

    grid = await bot.grid()
    monkeypatch.setattr("sandbox.discord.sending.message_payload", redrawn)
    answer = await (await press(bot, grid, "V1")).answer()
    assert answer.message is not None
    await bot.submitted(2)


async def test_an_upscale_is_made_once_and_then_shown_again_to_anybody(bot: Bot) -> None:
    grid = await bot.grid()
    await press(bot, grid, "U2")
    bot.api.finish(await bot.submitted(2))
    first = await bot.picture("Upscale of picture 2")
    again = await press(bot, grid, "U2", guest=True)
    await again.answer()
    await bot.discord.wait_until(lambda: again.message is not None and bool(again.message.attachments))
    assert again.message is not None
    assert "shown again for" in again.message.content
    assert not {bot.discord.world.member.id, bot.discord.world.guest.id} & set(again.message.mentions)
    assert [button.custom_id for button in again.message.buttons()] == [button.custom_id for button in first.buttons()]
    assert len(bot.api.charges) == 2


async def test_a_second_press_while_it_is_under_way_points_to_the_first(bot: Bot) -> None:
    grid = await bot.grid()
    await (await press(bot, grid, "U2")).answer()
    await bot.submitted(2)
    answer = await (await press(bot, grid, "U2", guest=True)).answer()
    assert answer.ephemeral
    assert answer.message is not None
    assert "on its way already" in answer.message.content
    assert answer.message.buttons()[0].url is not None
    assert len(bot.api.charges) == 2


async def test_two_presses_at_once_make_one_job(bot: Bot) -> None:
    grid = await bot.grid()
    calls = [await press(bot, grid, "V1") for _ in range(2)]
    answers = [await call.answer() for call in calls]
    assert sorted(answer.ephemeral for answer in answers) == [False, True]
    await bot.submitted(2)
    assert len(await bot.made()) == 2


async def test_an_unknown_outcome_is_told_and_only_a_person_submits_again(bot: Bot) -> None:
    bot.api.lost_answers.append(CometUncertain("timed out"))
    call, job = await bot.asked()
    await bot.until(job.id, Status.UNKNOWN)
    await bot.discord.wait_until(lambda: call.message is not None and "charged already" in call.message.content)
    assert call.message is not None
    label = "Submit again (may be charged twice)"
    stranger = await (await press(bot, call.message, label, guest=True)).answer()
    assert stranger.ephemeral
    assert len(bot.api.charges) == 1
    answer = await (await press(bot, call.message, label)).answer()
    assert answer.message is not None
    assert not answer.ephemeral
    bot.api.finish(await bot.submitted(2))
    await bot.picture("Submitted again")


async def test_pressing_an_upscale_of_unknown_outcome_offers_to_submit_again(bot: Bot) -> None:
    grid = await bot.grid()
    bot.api.lost_answers.append(CometUncertain("timed out"))
    first = await press(bot, grid, "U1")
    answer = await first.answer()
    assert answer.message is not None
    await bot.until((await bot.job_of(answer.message)).id, Status.UNKNOWN)
    second = await (await press(bot, grid, "U1", guest=True)).answer()
    assert second.ephemeral
    assert second.message is not None
    assert [button.label for button in second.message.buttons()] == ["Submit again (may be charged twice)"]
    assert len(bot.api.charges) == 2


async def test_details_are_private_and_hold_the_job_id(bot: Bot) -> None:
    await bot.imagine("a *fox*")
    bot.api.finish(await bot.submitted())
    grid = await bot.picture(r"a \*fox\*")
    answer = await (await press(bot, grid, "Details", guest=True)).answer()
    assert answer.ephemeral
    assert answer.message is not None
    assert (await bot.job_of(grid)).id in answer.message.content
    assert r"a \*fox\*" in answer.message.content


async def test_details_link_what_was_made_from_it(bot: Bot) -> None:
    grid = await bot.grid()
    await (await press(bot, grid, "V2")).answer()
    bot.api.finish(await bot.submitted(2))
    child = await bot.picture("Variation 2 of [this grid]")
    await bot.discord.wait_until(lambda: len(bot.discord.messages(bot.discord.world.general)) == 2)
    answer = await (await press(bot, grid, "Details")).answer()
    assert answer.message is not None
    assert f"[Variation 2](<https://discord.com/channels/{bot.discord.world.guild.id}" in answer.message.content
    assert f"/{child.channel.id}/{child.id}>)" in answer.message.content
    assert "**Parameters:**" not in answer.message.content
    assert "**Favorite:** no" in answer.message.content


async def test_buttons_from_before_a_restart_answer(bot: Bot) -> None:
    grid = await bot.grid()
    await bot.restart()
    await (await press(bot, grid, "V3")).answer()
    bot.api.finish(await bot.submitted(2))
    await bot.picture("Variation 3")


async def test_actions_beyond_the_rows_are_reached_through_the_select(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    grid = await bot.grid()
    job = await bot.job_of(grid)
    many = tuple(Action(index=n, action_id=f"MJ::{n}", kind=Kind.ZOOM, label=f"Zoom {n}") for n in range(30))
    posted = Posted(channel_id=grid.channel.id, message_id=grid.id)
    await bot.delivery.edit_post(posted, Parcel(job=job, actions=many))
    offer(bot, many, monkeypatch)
    select = grid.select(job_select(job.id, 0))
    assert [option.label for option in select.options][:2] == ["Zoom 19", "Zoom 20"]
    await (await bot.discord.person(bot.discord.world.member).choose(grid, "20")).answer()
    await bot.submitted(2)
    assert bot.api.charges[1].what.endswith("MJ::20")


async def test_four_presses_at_once_by_two_people_make_one_upscale(bot: Bot) -> None:
    grid = await bot.grid()
    calls = await asyncio.gather(*(press(bot, grid, "U3", guest=guest) for guest in (False, True, False, True)))
    answers = [await call.answer() for call in calls]
    assert sorted(answer.ephemeral for answer in answers) == [False, True, True, True]
    bot.api.finish(await bot.submitted(2))
    await bot.picture("Upscale of picture 3")
    assert len(bot.api.charges) == 2


async def test_a_wait_before_a_press_is_written_down_counts(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    grid = await bot.grid()
    look_up = bot.store.actions

    async def slowly(job_id: str) -> tuple[Action, ...]:
        await asyncio.sleep(0.05)
        return await look_up(job_id)

    monkeypatch.setattr(bot.store, "actions", slowly)
    monkeypatch.setattr("cogs.messages.replies.PATIENCE_S", 0.05)
    call = await press(bot, grid, "V1")
    assert (await call.answer()).type == DEFERRED
    await bot.submitted(2)
    await bot.discord.wait_until(lambda: call.message is not None and "a fox" in call.message.content)


async def test_a_button_that_nobody_knows_is_answered(bot: Bot) -> None:
    grid = await bot.grid()
    for custom_id in ("mj1:short:0", "mj0:old:form", "mj1:01KA0000000000000000000000:9999"):
        grid.components[0]["components"][0]["custom_id"] = custom_id
        answer = await (await bot.discord.person(bot.discord.world.member).click(grid, custom_id=custom_id)).answer()
        assert answer.ephemeral
        assert answer.message is not None
        assert "do not know this button" in answer.message.content


async def test_a_button_of_a_job_that_does_not_exist_is_answered(bot: Bot) -> None:
    grid = await bot.grid()
    custom_id = job_button("01KA0000000000000000000000", 0)
    grid.components[0]["components"][0]["custom_id"] = custom_id
    answer = await (await bot.discord.person(bot.discord.world.member).click(grid, custom_id=custom_id)).answer()
    assert answer.ephemeral
    assert answer.message is not None
    assert "no such job" in answer.message.content


async def test_no_view_is_kept_in_memory(bot: Bot) -> None:
    await bot.grid()
    store = bot.client._connection._view_store  # pyright: ignore[reportPrivateUsage] - there is no other way to look
    assert sum(map(len, store._views.values())) == 0  # pyright: ignore[reportPrivateUsage] - as above
