"""Buttons that the API refuses for good: explained once, then marked, and drawn so where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import (
    ActionUnavailable,
    ChannelGone,
    CometActionRefused,
    CometNotReady,
    CometTaskMissing,
    DiscordUnavailable,
)
from bot.jobs.ports import Posted
from bot.model import Action, Failure, Kind, Status
from tests.fakes import GRID

if TYPE_CHECKING:
    from bot.errors import CometError, DeliveryError
    from tests.jobs.conftest import House

HEART = Action(index=8, action_id="MJ::BOOKMARK::u", kind=Kind.BOOKMARK, label="", emoji="❤️")
EVERY = Action(index=9, action_id="MJ::Job::PicReader::all", kind=Kind.IMAGINE, label="Imagine all", needs_input=True)


async def dead(house: House, job_id: str) -> list[int]:
    return [action.index for action in await house.store.actions(job_id) if action.is_dead]


async def refused(house: House, grid: str, *errors: CometError) -> str:
    """Press V2 of a grid, have it refused, and return the job."""
    house.api.refusals.extend(errors)
    job_id = (await house.press(grid, 5)).job.id
    await house.pass_time(15)
    assert (await house.job(job_id)).status is Status.FAILED
    return job_id


async def test_a_button_that_the_api_does_not_take_is_dead_and_drawn_so(house: House) -> None:
    grid = await house.finished()
    job_id = await refused(house, grid, CometActionRefused("unknown action"))
    assert (await house.job(job_id)).failure is Failure.ACTION_REFUSED
    assert await dead(house, grid) == [5]
    ((posted, drawn, actions),) = house.discord.redrawn
    assert (posted, drawn.id) == (Posted(channel_id=500, message_id=9000), grid)
    assert [action.index for action in actions if action.is_dead] == [5]


async def test_a_dead_button_costs_and_asks_the_api_nothing_whoever_presses_it(house: House) -> None:
    grid = await house.finished()
    await refused(house, grid, CometActionRefused("unknown action"))
    paid = len(house.api.charges)
    with pytest.raises(ActionUnavailable, match="no longer takes this button"):
        await house.press(grid, 5, user_id=2)
    assert (await house.press(grid, 6)).entry == "new"
    await house.pass_time(3)
    assert len(house.api.charges) == paid + 1


async def test_two_who_pressed_before_it_was_known_ask_the_api_once(house: House) -> None:
    grid = await house.finished()
    paid = len(house.api.charges)
    house.api.refusals.append(CometActionRefused("unknown action"))
    first = (await house.engine.services.jobs.act(house.origin(1), grid, 5)).job.id
    second = (await house.engine.services.jobs.act(house.origin(2), grid, 5)).job.id
    for job_id in (first, second):
        await house.engine.services.jobs.answered(job_id, 8001)
        await house.settle()
    assert [(await house.job(job_id)).failure for job_id in (first, second)] == [Failure.ACTION_REFUSED] * 2
    assert len(house.api.charges) == paid
    assert len(house.discord.redrawn) == 1


async def test_with_its_account_a_picture_loses_all_buttons_but_those_that_are_ours(house: House) -> None:
    grid = await house.finished(actions=(*GRID, HEART, EVERY))
    job_id = await refused(house, grid, CometTaskMissing("the account is disabled"))
    assert (await house.job(job_id)).failure is Failure.PARENT_GONE
    assert await dead(house, grid) == list(range(8))


async def test_a_task_that_the_api_does_not_know_any_more_has_no_live_button(house: House) -> None:
    grid = await house.finished()
    house.clock.advance(600)
    house.api.hidden.add(house.api.charges[0].task_id)
    job_id = await refused(house, grid, *[CometNotReady("3")] * 3)
    assert (await house.job(job_id)).failure is Failure.PARENT_GONE
    assert await dead(house, grid) == list(range(8))


async def test_a_button_that_is_not_ready_long_after_the_end_is_dead(house: House) -> None:
    grid = await house.finished()
    house.clock.advance(600)
    await refused(house, grid, *[CometNotReady("4")] * 3)
    assert await dead(house, grid) == [5]
    assert len(house.discord.redrawn) == 1


@pytest.mark.parametrize("is_told", [True, False])
async def test_a_button_pressed_too_early_for_the_api_lives_on(house: House, *, is_told: bool) -> None:
    grid = await house.finished()
    if not is_told:
        house.api.hidden.add(house.api.charges[0].task_id)
    await refused(house, grid, *[CometNotReady("4")] * 3)
    assert await dead(house, grid) == []
    assert house.discord.redrawn == []
    await house.press(grid, 5)
    await house.pass_time(3)
    assert house.api.charges[-1].what.endswith(GRID[5].action_id)


@pytest.mark.parametrize("error", [ChannelGone("10003"), DiscordUnavailable("503")])
async def test_where_the_message_cannot_be_drawn_anew_the_press_is_still_answered(
    house: House, error: DeliveryError
) -> None:
    house.discord.closed["redraw"] = error
    grid = await house.finished()
    await refused(house, grid, CometActionRefused("unknown action"))
    assert await dead(house, grid) == [5]
    with pytest.raises(ActionUnavailable):
        await house.press(grid, 5)


async def test_a_picture_that_was_deleted_meanwhile_is_not_drawn_anew(house: House) -> None:
    grid = await house.finished()
    house.api.refusals.append(CometActionRefused("unknown action"))
    await house.press(grid, 5)
    await house.store.delete(grid, house.clock.now())
    await house.pass_time(3)
    assert await dead(house, grid) == [5]
    assert house.discord.redrawn == []


async def test_a_failed_prompt_kills_no_button(house: House) -> None:
    grid = await house.finished()
    house.api.refusals.append(CometTaskMissing("no account"))
    await house.imagine("another")
    await house.pass_time(3)
    assert await dead(house, grid) == []
